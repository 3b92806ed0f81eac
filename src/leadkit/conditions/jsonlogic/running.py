"""One run of a rule: how much it may still do, and how it fails."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["MOST_STEPS", "Run", "Thrown"]

MOST_STEPS: Final = 20_000
"""So many operations, items and pieces of text a run may go through before it fails, in some 50 ms."""


class Thrown(Exception):
    """What `throw` threw, or what made an operation fail.

    Args:
        error: An object, or whatever was thrown; `{"type": "NaN"}` for a number that is none.
    """

    def __init__(self, error: Any) -> None:
        super().__init__(error)
        self.error: Any = error


class Run:
    """What changes while a rule runs.

    Attributes:
        trying: Whether a `try` is under way, in which a number that is none counts as a failure.
    """

    __slots__ = ("_left", "trying")

    def __init__(self) -> None:
        self._left = MOST_STEPS
        self.trying = False

    def spend(self, steps: int = 1) -> None:
        """Take note of work, and fail once it is too much.

        Args:
            steps: How much work: an operation or an item is one.

        Raises:
            Thrown: The rule takes too long.
        """
        self._left -= steps
        if self._left < 0:
            raise Thrown({"type": "Too Long"})
