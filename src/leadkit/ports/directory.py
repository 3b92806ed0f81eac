"""Who can own leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.routing import Assignee

__all__ = ["Directory"]


class Directory(Protocol):
    """The users of one organisation and the pools that they form."""

    def assignee(self, user_id: str) -> Assignee | None:
        """Answer a user, or None when there is none of that id."""
        ...

    def pool(self, name: str) -> Sequence[Assignee] | None:
        """Answer the members of a pool, inactive ones too, or None when there is none of that name."""
        ...
