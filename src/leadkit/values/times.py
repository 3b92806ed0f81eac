"""Instants and durations: aware, in UTC, and total, so that no arithmetic on them ever raises.

Wire times are read by one strict grammar, because every engine that evaluates a rule must agree on what is a time:
``YYYY-MM-DD`` (midnight UTC) or ``YYYY-MM-DDThh:mm[:ss[.f]]`` with ``Z`` or ``±hh:mm``; hours up to 23, minutes and
seconds up to 59, also in the offset.
"""

from __future__ import annotations

import functools
import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final

import attrs
from dateutil.relativedelta import relativedelta
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

__all__ = ["Duration", "Instant", "isoformat", "midnight", "parse_duration", "parse_instant", "read_instant"]

_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    # The ranges stand here, since what Python takes beyond them (24:00, an offset of +05:75) changes with its version.
    r"(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?",
    re.ASCII,
)
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)

_LENGTH_OF_OFFSET: Final = len("+00:00")

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_WEEK: Final = 7 * _DAY
_MOST_MONTHS: Final = 12_000
_MOST_SECONDS: Final = 366_000 * _DAY


def parse_instant(text: str) -> datetime | None:
    """Read ISO 8601 text as an instant in UTC, or answer None when it is none.

    A date alone is midnight UTC. A date-time without a zone is ambiguous and therefore no instant.

    Args:
        text: What may be a time.

    Example:
        >>> parse_instant("2026-11-24T10:00:00+01:00")
        datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone.utc)
        >>> parse_instant("2026-11-24T10:00:00") is None
        True
    """
    if _INSTANT.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is UTC:
            return moment
        # A date alone, the only form without a zone, is midnight UTC; an offset may carry year 1 or 9999 over the edge.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_instant(value: object) -> datetime:
    """Read an aware datetime or ISO text as an instant in UTC.

    Args:
        value: A `datetime` with a zone, or text as `parse_instant` takes it.

    Raises:
        ValueError: It has no zone, is a number, or is no time at all.
    """
    if isinstance(value, datetime):
        if value.tzinfo is UTC:
            return value
        if value.utcoffset() is None:
            message = "a date-time needs a time zone, such as 2026-11-24T09:00:00Z"
            raise ValueError(message)
        try:
            return value.astimezone(UTC)
        except OverflowError:
            message = "a date-time must lie between the years 1 and 9999"
            raise ValueError(message) from None
    moment = parse_instant(value) if isinstance(value, str) else None
    if moment is None:
        message = "expected a date-time with a time zone, such as 2026-11-24T09:00:00Z"
        raise ValueError(message)
    return moment


def isoformat(moment: datetime) -> str:
    """Write an instant as it goes over the wire.

    Example:
        >>> isoformat(datetime(2026, 11, 24, 9, tzinfo=UTC))
        '2026-11-24T09:00:00Z'
    """
    return _written(moment)


# One command, and one batch, tells one moment many times.
@functools.lru_cache(maxsize=1_000)
def _written(moment: datetime) -> str:
    inside = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{inside.isoformat()[:-_LENGTH_OF_OFFSET]}Z"


Instant = Annotated[
    datetime,
    PlainValidator(read_instant),
    PlainSerializer(isoformat, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An aware datetime, always in UTC; a naive one is refused."""


@attrs.frozen(kw_only=True)
class Duration:
    """A length of time: calendar months and seconds apart, since a month has no fixed length.

    Attributes:
        months: Calendar months; a year is twelve.
        seconds: Seconds; a day is 86,400 in UTC.
        text: The duration as it was written; it takes no part in equality.
    """

    months: int
    seconds: int
    text: str = attrs.field(eq=False)

    @property
    def canonical(self) -> str:
        """The one ISO 8601 text of this duration, whatever way it was written.

        Example:
            >>> parse_duration("2w").canonical
            'P0MT1209600S'
        """
        return f"P{self.months}MT{self.seconds}S"

    def before(self, moment: datetime) -> datetime:
        """Answer the instant that lies this long before another; at the edge of the calendar, the edge.

        Args:
            moment: An aware datetime.
        """
        try:
            return moment - relativedelta(months=self.months) - timedelta(seconds=self.seconds)
        except (ValueError, OverflowError):
            return _FIRST

    def after(self, moment: datetime) -> datetime:
        """Answer the instant that lies this long after another; at the edge of the calendar, the edge.

        Args:
            moment: An aware datetime.
        """
        try:
            return moment + relativedelta(months=self.months) + timedelta(seconds=self.seconds)
        except (ValueError, OverflowError):
            return _LAST


_SHORT: Final = re.compile(r"(\d{1,9})(m|h|d|w|mo|y)", re.ASCII)
_ISO: Final = re.compile(
    r"P(?=.)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?",
    re.ASCII,
)
# For each unit, its months and its seconds.
_UNITS: Final = {
    "m": (0, _MINUTE),
    "h": (0, _HOUR),
    "d": (0, _DAY),
    "w": (0, _WEEK),
    "mo": (1, 0),
    "y": (12, 0),
}
_ISO_UNITS: Final = ((12, 0), (1, 0), (0, _WEEK), (0, _DAY), (0, _HOUR), (0, _MINUTE), (0, 1))


def parse_duration(text: str) -> Duration:
    """Read a duration such as `45m`, `12h`, `30d`, `2w`, `3mo`, `1y`, or ISO 8601 such as `P1M10D`.

    Args:
        text: The duration.

    Raises:
        ValueError: It is none, or longer than a thousand years.

    Example:
        >>> parse_duration("3mo").before(datetime(2026, 5, 31, tzinfo=UTC)).date()
        datetime.date(2026, 2, 28)
    """
    parts: list[tuple[int, tuple[int, int]]] = []
    if short := _SHORT.fullmatch(text):
        parts.append((int(short[1]), _UNITS[short[2]]))
    elif iso := _ISO.fullmatch(text):
        parts.extend((int(count), unit) for count, unit in zip(iso.groups(), _ISO_UNITS, strict=True) if count)
    else:
        message = "expected a duration such as 45m, 12h, 30d, 2w, 3mo, 1y or P1M10D"
        raise ValueError(message)
    months = sum(count * unit[0] for count, unit in parts)
    seconds = sum(count * unit[1] for count, unit in parts)
    if months > _MOST_MONTHS or seconds > _MOST_SECONDS:
        message = "a duration is at most a thousand years"
        raise ValueError(message)
    return Duration(months=months, seconds=seconds, text=text)


def midnight(day: date) -> datetime:
    """Answer the instant at which a day begins in UTC.

    Example:
        >>> midnight(date(2026, 11, 24))
        datetime.datetime(2026, 11, 24, 0, 0, tzinfo=datetime.timezone.utc)
    """
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
