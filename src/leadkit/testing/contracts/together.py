"""Doing the same several times at once, as hosts do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from leadkit.errors import ConcurrencyConflict, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["together"]

T = TypeVar("T")
_PATIENCE = 120


def together(work: Callable[[], T], *, times: int = 4) -> list[T]:
    """Answer what comes of some work that several threads begin at the same moment, in no order.

    Who is told that others came first, or that the store cannot be had right now, tries again.

    Args:
        work: A unit of work, and what came of it.
        times: How many threads.
    """
    all_at_once = threading.Barrier(times)

    def begin() -> T:
        all_at_once.wait(_PATIENCE)
        while True:
            try:
                return work()
            except (ConcurrencyConflict, StoreUnavailable):
                continue

    with ThreadPoolExecutor(times) as pool:
        return [future.result(_PATIENCE) for future in [pool.submit(begin) for _ in range(times)]]
