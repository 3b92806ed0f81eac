"""When an event that was refused is tried again: a pure decision over times and chance."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn

import attrs

from leadkit.errors import Fault, InvalidInput

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["RetrySchedule"]

_STANDARD: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)


def _refuse_negative(name: str) -> NoReturn:
    fault = Fault(path=f"$.{name}", message="expected nothing negative", code="schedule")
    raise InvalidInput(faults=(fault,))


@attrs.frozen(kw_only=True)
class RetrySchedule:
    """How long an event waits after each attempt that failed.

    The standard is that of Standard Webhooks: ten attempts within a good three days.

    Attributes:
        delays: The wait after the first attempt, after the second …; after one more than there are delays, an event is
            a dead letter.
        jitter: The greatest share by which chance prolongs a wait, so that what failed together does not come back
            together.

    Example:
        >>> from datetime import UTC, datetime
        >>> noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
        >>> RetrySchedule().next_attempt(tried=1, now=noon, chance=0.5).isoformat()
        '2026-11-24T12:00:05.500000+00:00'
        >>> RetrySchedule().next_attempt(tried=10, now=noon, chance=0.5) is None
        True
    """

    delays: tuple[timedelta, ...] = attrs.field(default=_STANDARD, converter=tuple)
    jitter: float = 0.2

    def __attrs_post_init__(self) -> None:
        """Refuse what runs backwards."""
        if any(delay < timedelta(0) for delay in self.delays):
            _refuse_negative("delays")
        if self.jitter < 0:
            _refuse_negative("jitter")

    @property
    def attempts(self) -> int:
        """How many attempts an event has, the first one among them."""
        return len(self.delays) + 1

    def next_attempt(self, *, tried: int, now: datetime, chance: float, asked: float | None = None) -> datetime | None:
        """Answer when an event is tried again, or None when it is not.

        Args:
            tried: How many attempts have failed, the latest one among them.
            now: The present.
            chance: A number from 0 to 1.
            asked: For how many seconds the destination asked to be left alone, at the least.
        """
        if tried >= self.attempts:
            return None
        wait = self.delays[tried - 1] * (1 + self.jitter * chance)
        return now + max(wait, timedelta(seconds=asked or 0))
