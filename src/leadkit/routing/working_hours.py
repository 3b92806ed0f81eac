"""Working hours: on which days, and from when to when by the clock on the wall, somebody takes leads."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from leadkit.values import Document

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Weekday", "WorkingHours", "day_and_clock"]


class Weekday(StrEnum):
    """The days of the week, in the order in which `datetime.weekday` counts them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


_WEEK: Final = tuple(Weekday)

_CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_MIDNIGHT: Final = "24:00"


def _is_clock(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        message = "expected a time of day such as 09:00"
        raise ValueError(message)
    return text


def _is_end(text: str) -> str:
    return text if text == _MIDNIGHT else _is_clock(text)


# Kept as text of one fixed width, which is ordered like the times that it names.
_Start = Annotated[str, Field(strict=True, examples=["09:00"]), AfterValidator(_is_clock)]
_End = Annotated[str, Field(strict=True, examples=["17:30", _MIDNIGHT]), AfterValidator(_is_end)]


class WorkingHours(Document):
    """One stretch of work, the same on each of its days.

    Attributes:
        days: The days on which it begins.
        start: Its first minute, `09:00`.
        end: The first minute after it, `17:30`; `24:00` is midnight at the end of the day. At or before the start, it
            lies on the following day.

    Example:
        >>> from datetime import datetime
        >>> office = WorkingHours(days=["mon", "tue", "wed", "thu", "fri"], start="09:00", end="17:30")
        >>> [office.cover(datetime(2026, 11, 24, 17, minute)) for minute in (29, 30)]
        [True, False]
        >>> night = WorkingHours(days=["fri"], start="22:00", end="06:00")
        >>> night.cover(datetime(2026, 11, 28, 5, 59))
        True
    """

    days: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=len(_WEEK))]
    start: _Start
    end: _End

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.start == self.end:
            message = "start and end are the same; for a whole day write 00:00 to 24:00"
            raise ValueError(message)
        return self

    def cover(self, local: datetime) -> bool:
        """Tell whether a time lies in the stretch; the start does, the end does not.

        Args:
            local: What calendar and clock show where the work is done. Where the clock is put back, the hour that comes
                twice counts twice; where it is put forward, the hour that is left out is simply not worked.
        """
        clock = _clock(local)
        today, yesterday = _WEEK[local.weekday()], _WEEK[local.weekday() - 1]
        if self.start < self.end:
            return today in self.days and self.start <= clock < self.end
        return (today in self.days and self.start <= clock) or (yesterday in self.days and clock < self.end)


def _clock(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"


def day_and_clock(local: datetime) -> str:
    """Write the day of the week and the time of day, in English whatever the locale.

    Example:
        >>> from datetime import datetime
        >>> day_and_clock(datetime(2026, 11, 24, 22, 15))
        'Tue 22:15'
    """
    return f"{_WEEK[local.weekday()].capitalize()} {_clock(local)}"
