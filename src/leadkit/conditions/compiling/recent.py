"""What was made lately, kept for whoever wants it again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["Recent"]

T = TypeVar("T")


class Recent(Generic[T]):
    """Things by their keys, of which those that are not asked for are forgotten; threads can share it.

    There are two generations. What is asked for is in the younger one; once that is full, it becomes the older one, and
    what was in the older one and never asked for since is forgotten. So a thing that is found costs one look-up, and no
    lock.

    Args:
        most: How many things a generation holds.

    Example:
        >>> squares = Recent(most=100)
        >>> squares.get(3), squares.keep(3, 9), squares.get(3)
        (None, 9, 9)
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._young: dict[Hashable, T] = {}
        self._old: dict[Hashable, T] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        """Answer the thing of a key, None where there is none.

        Args:
            key: The key.
        """
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            return self.keep(key, found)
        return found

    def keep(self, key: Hashable, thing: T) -> T:
        """Keep a thing, and answer it; where another thread came first, answer what that one kept.

        Args:
            key: The key.
            thing: The thing.
        """
        with self._lock:
            if len(self._young) >= self._most and key not in self._young:
                self._old, self._young = self._young, {}
            return self._young.setdefault(key, thing)

    def __len__(self) -> int:
        return len(self._young) + len(self._old)
