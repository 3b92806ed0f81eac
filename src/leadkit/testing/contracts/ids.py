"""What an id generator must hold to."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from leadkit.testing.contracts.overriding import must_override
from leadkit.values import Identifier, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadkit.ports import IdGenerator

__all__ = ["IdGeneratorContract"]

_KINDS = ("lead", "pipeline", "activity", "task", "contact", "opportunity", "job")


class IdGeneratorContract:
    """An id is an identifier that nothing else has."""

    @pytest.fixture
    def ids(self) -> Iterator[IdGenerator]:
        """Answer a generator; override it."""
        raise must_override(self, "ids")

    @pytest.mark.parametrize("kind", _KINDS)
    def test_an_id_is_an_identifier(self, ids: IdGenerator, kind: str) -> None:
        made = ids.new(kind)

        assert read(Identifier, made) == made

    def test_no_id_comes_twice(self, ids: IdGenerator) -> None:
        made: list[str] = []

        def make() -> None:
            made.extend([ids.new(kind) for _ in range(500) for kind in ("lead", "contact")])

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(set(made)) == len(made) == 4_000
