"""Dates as people write them, each by a declared format: which of day and month comes first is never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

from leadkit.errors import did_you_mean
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["FORMATS", "Moment", "date_text", "instant_text", "moment_by", "names_a_zone"]

Moment = Callable[[str], datetime]
"""Reads a cell; the answer is aware where the cell names a zone."""

_ISO: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
_SERIAL: Final = re.compile(r"\d{1,7}(?:\.\d{1,20})?", re.ASCII)
_PARTS: Final = re.compile(
    r"(\d{1,4})(?P<sign>[-./])(\d{1,2})(?P=sign)(\d{1,4})"
    r"(?:(?:,? |T)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?)?",
    re.ASCII,
)
_WIDTHS: Final = {"d": (1, 2), "m": (1, 2), "y": (4,)}

# Excel takes 1900 for a leap year, so its serial numbers can be trusted from March 1900 on.
_SERIALS: Final = (61, 2_958_466)
_SERIAL_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number has no zone; the mapping names one
_DAY: Final = 86_400
_NOON: Final = 12


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)


def _iso(text: str) -> datetime:
    if not _ISO.fullmatch(text):
        _refuse("expected a date such as 2026-11-24 or 2026-11-24T10:30:00Z")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        _refuse("there is no such day or time")


def _excel(text: str) -> datetime:
    if not _SERIAL.fullmatch(text) or not _SERIALS[0] <= float(text) < _SERIALS[1]:
        _refuse("expected the serial number of a day, such as 46350")
    # A minute is no finite fraction of a day; whole seconds are what was meant.
    return _SERIAL_ZERO + timedelta(seconds=round(float(text) * _DAY))


def _by_parts(order: str, example: str, text: str) -> datetime:
    match = _PARTS.fullmatch(text)
    parts = {} if match is None else dict(zip(order, match.group(1, 3, 4), strict=True))
    if match is None or any(len(part) not in _WIDTHS[name] for name, part in parts.items()):
        _refuse(f"expected a date such as {example}, or {example} 10:30")
    hour = int(match["hour"] or 0)
    if match["half"]:
        if not 1 <= hour <= _NOON:
            _refuse("there is no such day or time")
        hour = hour % _NOON + (_NOON if match["half"] in "Pp" else 0)
    year, month, day = (int(parts[name]) for name in "ymd")
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the mapping names the zone
    except ValueError:
        _refuse("there is no such day or time")


FORMATS: Final[dict[str, Moment]] = {
    "iso": _iso,
    "dmy": partial(_by_parts, "dmy", "24.11.2026"),
    "mdy": partial(_by_parts, "mdy", "11/24/2026"),
    "ymd": partial(_by_parts, "ymd", "2026/11/24"),
    "excel": _excel,
}
"""The formats that have a name; years have four digits in all of them."""


def moment_by(form: str) -> Moment:
    """Answer what reads dates of a format.

    Args:
        form: A name of `FORMATS`, or a pattern as `datetime.strptime` takes it.

    Raises:
        ValueError: It is neither, or does not tell year, month and day.

    Example:
        >>> moment_by("dmy")("3.4.2026").isoformat()
        '2026-04-03T00:00:00'
        >>> moment_by("%d %b %y")("03 Apr 26").isoformat()
        '2026-04-03T00:00:00'
    """
    if "%" not in form:
        named = FORMATS.get(form)
        if named is None:
            _refuse(f"unknown date format `{form}`{did_you_mean(form, FORMATS)}; or a pattern such as %d.%m.%y")
        return named
    probe = datetime(2026, 11, 24, 13, 45, 30, tzinfo=UTC)
    try:
        read = datetime.strptime(probe.strftime(form), form)  # noqa: DTZ007 - only the day counts
    except (ValueError, re.error):
        read = datetime.min.replace(tzinfo=UTC)
    if read.date() != probe.date():
        _refuse(f"the date format `{form}` does not tell year, month and day")

    def moment(text: str) -> datetime:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the mapping names the zone
        except ValueError:
            _refuse(f"expected a date as {form} reads it, such as {probe.strftime(form)}")

    return moment


def names_a_zone(form: str) -> bool:
    """Whether cells of a format may carry a zone of their own, so that none has to be declared."""
    return form == "iso" or "%z" in form


def date_text(moment: datetime) -> str:
    """Write a date without a time.

    Raises:
        ValueError: It has a time, which would be lost.

    Example:
        >>> date_text(datetime(2026, 11, 24))
        '2026-11-24'
    """
    if moment.tzinfo is not None or moment.time() != datetime.min.time():
        _refuse("there is a time of day as well; read the column as datetime")
    return moment.date().isoformat()


def instant_text(moment: datetime, zone: ZoneInfo | None) -> str:
    """Write an instant in UTC.

    Args:
        moment: What was read.
        zone: Where the clock hung, for a moment that does not say. Of an hour that it showed twice the first is meant.

    Raises:
        ValueError: Neither says the zone, or it lies before the year 1 or after 9999.

    Example:
        >>> from zoneinfo import ZoneInfo
        >>> instant_text(datetime(2026, 11, 24, 10), ZoneInfo("Europe/Berlin"))
        '2026-11-24T09:00:00Z'
    """
    if moment.tzinfo is None:
        if zone is None:
            _refuse("the time carries no zone; declare one as `timezone`")
        moment = moment.replace(tzinfo=zone)
    try:
        return isoformat(moment)
    except OverflowError:
        _refuse("the time lies beyond the years 1 to 9999")
