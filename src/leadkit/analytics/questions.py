"""What is asked: a half-open range in a named zone, the basis on which leads are counted, and what to look at."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Self

import attrs
from pydantic import AfterValidator, BeforeValidator, PlainValidator, WithJsonSchema, model_validator

from leadkit.conditions.paths import Path, parse_path
from leadkit.errors import did_you_mean
from leadkit.leads import Lead, TimeZone, wire_name, zone_named
from leadkit.values import Currency, Document, Instant, Text
from leadkit.values.times import read_instant

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Basis", "Bound", "Dimension", "Question", "Window", "first_instant", "read_bound"]


class Basis(StrEnum):
    """Which leads, and which of their transitions, a report counts.

    `cohort` takes the leads that were created in the range and follows each of them up to the report's instant;
    `event` takes the transitions that happened in the range, whenever their leads were created.
    """

    COHORT = "cohort"
    EVENT = "event"


class Dimension(StrEnum):
    """By what the outcomes can be broken down."""

    SOURCE = "source"
    CAMPAIGN = "campaign"
    ASSIGNEE = "assignee"


_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_bound(value: object) -> date | datetime:
    """Read one end of a range: a day, which begins at midnight in the report's zone, or an instant.

    Args:
        value: A date, an aware datetime, or either as ISO text.

    Raises:
        ValueError: It is neither, or a date-time without a zone.

    Example:
        >>> read_bound("2026-10-01"), read_bound("2026-10-01T00:00:00+02:00")
        (datetime.date(2026, 10, 1), datetime.datetime(2026, 9, 30, 22, 0, tzinfo=datetime.timezone.utc))
    """
    if isinstance(value, datetime):
        return read_instant(value)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else read_instant(value)
    except ValueError:
        message = "expected a day such as 2026-10-01, or a date-time with a time zone such as 2026-10-01T09:00:00Z"
        raise ValueError(message) from None


Bound = Annotated[
    date | datetime,
    PlainValidator(read_bound),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]
"""One end of a range: a day in the report's zone, or an instant."""


def first_instant(bound: date | datetime, timezone: str) -> datetime:
    """Answer the instant, in UTC, at which a range begins or ends.

    Args:
        bound: An instant, which stands for itself, or a day, which begins at midnight on the clocks of the zone: the
            first midnight where they show two, and the moment of the change where they skip it.
        timezone: An IANA name.

    Raises:
        ValueError: It lies outside of the calendar.

    Example:
        >>> first_instant(date(2026, 10, 26), "Europe/Berlin") - first_instant(date(2026, 10, 25), "Europe/Berlin")
        datetime.timedelta(days=1, seconds=3600)
    """
    if isinstance(bound, datetime):
        return bound
    return read_instant(datetime(bound.year, bound.month, bound.day, tzinfo=zone_named(timezone)))


_FIELDS: Final = tuple(field.name for field in dataclasses.fields(Lead))


def _readable(text: str) -> str:
    path = parse_path(text)
    first = path.segments[0] if path.segments else path.text
    if first not in _FIELDS:
        message = f"a lead has no field `{first}`{did_you_mean(first, map(wire_name, _FIELDS))}"
        raise ValueError(message)
    return text


def _several(value: object) -> object:
    """Let one value stand for a list of one."""
    return (value,) if isinstance(value, str) else value


_Field = Annotated[Text, AfterValidator(_readable)]


@attrs.frozen(kw_only=True)
class Window:
    """Which leads, and which of their transitions, are counted.

    Attributes:
        start: The first instant of the range, in UTC.
        end: The first instant after it.
        basis: Whether a lead's creation decides, or each transition's own time.
    """

    start: datetime
    end: datetime
    basis: Basis

    def of(self, created_at: datetime) -> Callable[[datetime], bool]:
        """Answer what tells whether something that happened to a lead is counted, by the instant at which it did.

        Args:
            created_at: When the lead was created.
        """
        if self.basis is Basis.EVENT:
            return lambda at: self.start <= at < self.end
        created = self.start <= created_at < self.end
        return lambda at: created


class Question(Document):
    """What a report is asked for.

    Attributes:
        start: Where the range begins.
        end: Where it ends: the first day, or the first instant, that is no longer in it.
        as_of: The instant as of which it is answered; nothing that happened later is seen.
        timezone: The zone in which days begin.
        basis: Which leads and transitions are counted.
        group_by: The breakdowns that are wanted.
        outcome: A boolean field that scores are judged by, such as `properties.converted`; left out, whether the lead
            was converted.
        value_field: A field with what an open lead may be worth, such as `properties.deal_size`; left out, nothing.
        currency: The currency of that field.

    Example:
        >>> quarter = Question(start="2026-07-01", end="2026-10-01", as_of="2026-11-24", timezone="Europe/Berlin")
        >>> quarter.window.start.isoformat(), quarter.basis.value
        ('2026-06-30T22:00:00+00:00', 'cohort')
    """

    start: Bound
    end: Bound
    as_of: Instant
    timezone: TimeZone = "UTC"
    basis: Basis = Basis.COHORT
    group_by: Annotated[tuple[Dimension, ...], BeforeValidator(_several)] = tuple(Dimension)
    outcome: _Field | None = None
    value_field: _Field | None = None
    currency: Currency | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        window = self.window
        if window.start >= window.end:
            message = "the end, which is not in the range, must lie after the start; for one day, give the next as end"
            raise ValueError(message)
        if (self.value_field is None) != (self.currency is None):
            message = "valueField and currency go together"
            raise ValueError(message)
        return self

    @property
    def window(self) -> Window:
        """Which leads, and which of their transitions, are counted."""
        return Window(
            start=first_instant(self.start, self.timezone),
            end=first_instant(self.end, self.timezone),
            basis=self.basis,
        )

    @property
    def outcome_path(self) -> Path | None:
        """The way to the field that scores are judged by, or None for the status."""
        return None if self.outcome is None else parse_path(self.outcome)

    @property
    def value_path(self) -> Path | None:
        """The way to what an open lead may be worth, or None for nowhere."""
        return None if self.value_field is None else parse_path(self.value_field)
