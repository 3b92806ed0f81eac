"""The clock: where the present comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Clock"]


class Clock(Protocol):
    """Answers the present instant."""

    def now(self) -> datetime:
        """Answer the present as an aware datetime in UTC; it never runs backwards within one process."""
        ...
