"""What a directory must hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadkit.routing import Assignee
from leadkit.testing.contracts.overriding import must_override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadkit.ports import Directory

__all__ = ["DirectoryContract"]


class DirectoryContract:
    """Pools name users, and every one of them is known.

    A host names a pool of its own that has members, active and inactive ones.
    """

    pool = "senior-ae"

    @pytest.fixture
    def directory(self) -> Iterator[Directory]:
        """Answer a directory that has the pool; override it."""
        raise must_override(self, "directory")

    def test_a_pool_has_members(self, directory: Directory) -> None:
        members = directory.pool(self.pool)

        assert members
        assert all(isinstance(member, Assignee) for member in members)

    def test_a_member_stands_in_a_pool_once(self, directory: Directory) -> None:
        members = directory.pool(self.pool) or ()

        assert len({member.id for member in members}) == len(members)

    def test_every_member_is_a_user(self, directory: Directory) -> None:
        for member in directory.pool(self.pool) or ():
            assert directory.assignee(member.id) == member

    def test_what_is_not_there_is_none(self, directory: Directory) -> None:
        assert directory.pool("no such pool") is None
        assert directory.assignee("no such user") is None
