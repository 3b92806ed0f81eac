"""Doing work again from its beginning, where that can help."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, TypeVar

from leadkit.errors import LeadkitError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["retrying"]

T = TypeVar("T")


def retrying(
    work: Callable[[], T],
    *,
    attempts: int = 5,
    wait: float = 0.05,
    longest: float = 5.0,
    sleep: Callable[[float], object] = time.sleep,
    chance: Callable[[], float] = random.random,
) -> T:
    """Carry work out; where it fails with an error that is retryable, do it again from its beginning.

    The work must read what it decides on by itself: done again, it decides anew, on what is there by then. What was
    read before, outside of it, is what somebody else has changed since. Work that creates something is done under an
    idempotency key, so that it is not done twice where the outcome of the first attempt is unknown.

    Args:
        work: What to do, such as a command, or a function that opens a unit of work.
        attempts: How often it is tried at the most.
        wait: For how many seconds to wait after the first attempt; twice as long after each further one.
        longest: For how many seconds to wait at the most.
        sleep: How to wait.
        chance: A number from 0 to 1 by which each wait is drawn out, so that those who collided do not meet again.

    Returns:
        What the work answers.

    Raises:
        LeadkitError: The last attempt failed, or one failed with an error that trying again cannot help.

    Example:
        >>> import leadkit as lk
        >>> ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
        >>> lead = ws.leads.create(email="alice@example.com")
        >>> retrying(lambda: ws.leads.qualify(lead.id, reason="good-fit")).status.value
        'qualified'
    """
    for tried in range(1, attempts):
        try:
            return work()
        except LeadkitError as error:
            if not error.retryable:
                raise
        sleep(min(longest, wait * 2 ** (tried - 1)) * (0.5 + chance()))
    return work()
