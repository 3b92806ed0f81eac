"""Assignees: who owns leads, and whether somebody can take one more right now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, StrictBool, StrictInt

from leadkit.leads import TimeZone, zone_named
from leadkit.routing.working_hours import WorkingHours, day_and_clock
from leadkit.values import Document, Identifier, Label

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

__all__ = ["MOST_WEIGHT", "Assignee", "Exclusion", "exclusions"]

MOST_WEIGHT: Final = 1_000
_MOST_STRETCHES: Final = 100


class Assignee(Document):
    """A user who owns leads.

    Attributes:
        id: The user's id.
        name: What people call the user.
        active: Whether the user takes leads at all.
        weight: The share of a weighted pool; twice the weight, twice the leads.
        capacity: How many open leads the user may have; None for any number, 0 for none.
        working_hours: When the user takes leads, by the clock of the time zone; None for always.
        time_zone: Where the user works.

    Example:
        >>> Assignee(id="user-7", capacity=40, time_zone="Europe/Berlin").weight
        1
    """

    id: Identifier
    name: Label | None = None
    active: StrictBool = True
    weight: Annotated[StrictInt, Field(ge=1, le=MOST_WEIGHT)] = 1
    capacity: Annotated[StrictInt, Field(ge=0)] | None = None
    working_hours: Annotated[tuple[WorkingHours, ...], Field(min_length=1, max_length=_MOST_STRETCHES)] | None = None
    time_zone: TimeZone = "UTC"


class Exclusion(Document):
    """Why somebody did not get a lead.

    Attributes:
        assignee: The user's id.
        code: A stable word for the reason: `inactive`, `at-capacity`, `off-hours`, or `unknown-user`.
        reason: The reason, with the figures behind it.
    """

    assignee: Identifier
    code: str
    reason: str

    def __str__(self) -> str:
        return f"{self.assignee} ({self.reason})"


def _inactive(assignee: Assignee, open_leads: int, as_of: datetime) -> str | None:
    return None if assignee.active else "inactive"


def _at_capacity(assignee: Assignee, open_leads: int, as_of: datetime) -> str | None:
    if assignee.capacity is None or open_leads < assignee.capacity:
        return None
    return f"at capacity: {open_leads} of {assignee.capacity} open leads"


def _off_hours(assignee: Assignee, open_leads: int, as_of: datetime) -> str | None:
    if assignee.working_hours is None:
        return None
    local = as_of.astimezone(zone_named(assignee.time_zone))
    if any(hours.cover(local) for hours in assignee.working_hours):
        return None
    return f"outside working hours: {day_and_clock(local)} in {assignee.time_zone}"


# Each line answers the reason for which somebody cannot take a lead, or None.
_CHECKS: Final[tuple[tuple[str, Callable[[Assignee, int, datetime], str | None]], ...]] = (
    ("inactive", _inactive),
    ("at-capacity", _at_capacity),
    ("off-hours", _off_hours),
)


def exclusions(assignee: Assignee, *, open_leads: int, as_of: datetime) -> tuple[Exclusion, ...]:
    """Answer every reason for which somebody cannot take one more lead; none means that the user is eligible.

    Args:
        assignee: Who.
        open_leads: How many open leads the user has.
        as_of: The instant of the assignment.

    Example:
        >>> from datetime import UTC, datetime
        >>> now = datetime(2026, 11, 24, 9, tzinfo=UTC)
        >>> print(*exclusions(Assignee(id="user-7", capacity=12), open_leads=12, as_of=now))
        user-7 (at capacity: 12 of 12 open leads)
    """
    return tuple(
        Exclusion(assignee=assignee.id, code=code, reason=reason)
        for code, check in _CHECKS
        if (reason := check(assignee, open_leads, as_of)) is not None
    )
