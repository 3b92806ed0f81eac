"""What one lead has been through: its statuses and stages over time, told from its events and from nothing else."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import attrs

from leadkit.errors import Fault, InvalidInput
from leadkit.leads import CLOSED, LeadStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from leadkit.leads import Event

__all__ = ["Entry", "History", "Place", "Stay", "Step", "histories_of"]


class Place(NamedTuple):
    """Where a lead stands: a stage of a pipeline."""

    pipeline_id: str
    stage: str


@attrs.frozen(kw_only=True)
class Step:
    """A status and a place, and since when a lead had both.

    Attributes:
        at: Since when.
        status: The status.
        place: The place; None outside of every pipeline.
    """

    at: datetime
    status: LeadStatus
    place: Place | None


class Entry(NamedTuple):
    """A status or a place that a lead came into, and when."""

    into: Any
    at: datetime


@attrs.frozen(kw_only=True)
class Stay:
    """A time of work in one place that has ended: the lead went elsewhere, or was closed.

    Attributes:
        place: Where.
        since: When it came, or when work on it began anew there.
        until: When it went, or was closed.
    """

    place: Place
    since: datetime
    until: datetime


# What a step is made of; most events change none of it.
_STATE: Final = frozenset({"status", "stage", "pipelineId"})


def _order(events: Iterable[Event]) -> list[Event]:
    ordered = sorted(events, key=lambda event: event.sequence)
    for expected, event in enumerate(ordered, start=1):
        if event.sequence != expected or event.lead_id != ordered[0].lead_id:
            message = f"expected event {expected} of one lead, found {event.id}"
            raise InvalidInput(faults=(Fault(path=f"$[{expected - 1}]", message=message, code="sequence"),))
    if not ordered or ordered[0].type != "lead.created":
        message = "the history of a lead begins with lead.created"
        raise InvalidInput(faults=(Fault(path="$", message=message, code="sequence"),))
    return ordered


def _step(record: Mapping[str, Any], at: datetime) -> Step:
    stage = record.get("stage")
    return Step(
        at=at,
        status=LeadStatus(record.get("status", LeadStatus.NEW)),
        place=None if stage is None else Place(record["pipelineId"], stage),
    )


@attrs.frozen(kw_only=True)
class History:
    """One lead's way up to an instant.

    A clock may run behind another: an event is taken to have happened no earlier than the one before it, so that no
    length of time is ever negative.

    Attributes:
        lead_id: The lead.
        steps: Its statuses and places, the first since it was created; each differs from the one before.
        record: The lead's fields as of that instant, in camelCase, as the events tell them.
    """

    lead_id: str
    steps: tuple[Step, ...]
    # Personal values stay out of logs and tracebacks.
    record: Mapping[str, Any] = attrs.field(repr=False)

    @classmethod
    def of(cls, events: Iterable[Event], *, as_of: datetime) -> Self | None:
        """Tell the history of a lead.

        Args:
            events: All the events of one lead, in any order.
            as_of: The instant up to which it is told.

        Returns:
            The history, or None when the lead was created later.

        Raises:
            InvalidInput: They do not begin with `lead.created`, are of several leads, or one is missing.
        """
        ordered = _order(events)
        record: dict[str, Any] = {}
        steps: list[Step] = []
        at = ordered[0].time
        for event in ordered:
            at = max(at, event.time)
            if at > as_of:
                break
            changes = event.data["lead"] if event.type == "lead.created" else event.data["changes"]
            record.update(changes)
            if steps and _STATE.isdisjoint(changes):
                continue
            step = _step(record, at)
            if not steps or (step.status, step.place) != (steps[-1].status, steps[-1].place):
                steps.append(step)
        return cls(lead_id=ordered[0].lead_id, steps=tuple(steps), record=record) if steps else None

    @property
    def created_at(self) -> datetime:
        """When the lead was created."""
        return self.steps[0].at

    @property
    def status(self) -> LeadStatus:
        """The status in the end."""
        return self.steps[-1].status

    @property
    def place(self) -> Place | None:
        """The place in the end; None outside of every pipeline."""
        return self.steps[-1].place

    @property
    def is_deleted(self) -> bool:
        """Whether the lead was deleted or erased."""
        return self.record.get("deletedAt") is not None

    @property
    def is_open(self) -> bool:
        """Whether the lead is still worked: neither disqualified, converted nor deleted."""
        return self.status not in CLOSED and not self.is_deleted

    @property
    def contact_id(self) -> str | None:
        """The contact that the lead became."""
        return self.record.get("convertedToContactId")

    @property
    def opportunity_id(self) -> str | None:
        """The opportunity that was made with it."""
        return self.record.get("convertedToOpportunityId")

    @functools.cached_property
    def statuses(self) -> tuple[Entry, ...]:
        """Every status that the lead came into, in order, each time that it did."""
        return _entries((step.status, step.at) for step in self.steps)

    @functools.cached_property
    def places(self) -> tuple[Entry, ...]:
        """Every place that the lead came into, in order, each time that it did."""
        return _entries((step.place, step.at) for step in self.steps)

    @property
    def stays(self) -> tuple[Stay, ...]:
        """The times of work in one place that have ended, in order.

        The clock stops when the lead is disqualified or converted, and goes on when it is reopened or nurtured.
        """
        ended: list[Stay] = []
        place, since = None, self.created_at
        for step in self.steps:
            here = None if step.status in CLOSED else step.place
            if here != place:
                if place is not None:
                    ended.append(Stay(place=place, since=since, until=step.at))
                place, since = here, step.at
        return tuple(ended)


def _entries(states: Iterable[tuple[Any, datetime]]) -> tuple[Entry, ...]:
    entered: list[Entry] = []
    before = None
    for state, at in states:
        if state != before and state is not None:
            entered.append(Entry(state, at))
        before = state
    return tuple(entered)


def histories_of(events: Iterable[Event], *, as_of: datetime) -> dict[str, History | None]:
    """Tell the histories of many leads from their events, in whatever order they come.

    Args:
        events: All the events of each lead; one that came twice counts once.
        as_of: The instant up to which they are told.

    Returns:
        The history of each lead, None for one that was created later.

    Raises:
        InvalidInput: A lead's events are not complete.
    """
    by_lead: dict[str, dict[int, Event]] = {}
    for event in events:
        by_lead.setdefault(event.lead_id, {})[event.sequence] = event
    return {lead_id: History.of(told.values(), as_of=as_of) for lead_id, told in by_lead.items()}
