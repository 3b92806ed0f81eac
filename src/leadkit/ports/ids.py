"""Where new ids come from."""

from __future__ import annotations

from typing import Protocol

__all__ = ["IdGenerator"]


class IdGenerator(Protocol):
    """Makes ids that nothing else has."""

    def new(self, kind: str) -> str:
        """Answer a new id.

        Args:
            kind: What it is for, such as `lead`; a generator may write it into the id.
        """
        ...
