"""A dated entry of the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from leadkit.values import Document, Identifier, Instant, JsonObject, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from leadkit.leads import Decision, Lead

__all__ = ["COMMON_TYPES", "Activity", "ActivityType", "NewActivity", "enter_activity", "linked", "noted"]

COMMON_TYPES: Final = ("call", "email", "meeting", "note", "form", "visit", "download", "webinar")
"""The types of activity that most hosts know; any other identifier is as welcome."""

ActivityType = Annotated[Identifier, Field(examples=list(COMMON_TYPES))]
"""What was done, in one word."""


class NewActivity(Document):
    """What is sent to enter an activity.

    Attributes:
        type: What was done, such as `call`; one of `COMMON_TYPES` or the host's own.
        notes: What is to be remembered of it.
        at: When it was done; left out, now.
        properties: Free JSON of the host.
    """

    type: ActivityType
    notes: Text | None = None
    at: Instant | None = None
    properties: JsonObject = {}

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # Notes are personal and stay out of logs and tracebacks.
        yield "type", self.type


class Activity(Document):
    """A dated entry of a lead's timeline.

    Attributes:
        id: Its id.
        lead_id: The lead.
        type: What was done.
        notes: What is to be remembered of it.
        at: When it was done.
        actor: Who did it.
        contact_id: The contact that the lead became.
        opportunity_id: The opportunity that was made with it.
        properties: Free JSON of the host.

    Example:
        >>> from datetime import UTC, datetime
        >>> at = datetime(2026, 11, 24, 9, tzinfo=UTC)
        >>> Activity(id="a-1", lead_id="lead-1", type="call", notes="wants a demo", at=at, actor="user-7")
        Activity(id='a-1', lead_id='lead-1', type='call')
    """

    id: Identifier
    lead_id: Identifier
    type: ActivityType
    notes: Text | None = None
    at: Instant
    actor: Identifier
    contact_id: Identifier | None = None
    opportunity_id: Identifier | None = None
    properties: JsonObject = {}

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # Notes are personal and stay out of logs and tracebacks.
        yield from (("id", self.id), ("lead_id", self.lead_id), ("type", self.type))


def enter_activity(lead: Lead, sent: NewActivity, *, id: str, actor: str, now: datetime) -> Activity:
    """Decide what is entered; that of a converted lead belongs to what it became, too.

    Args:
        lead: The lead.
        sent: What was sent.
        id: The id that the activity gets.
        actor: Who enters it.
        now: The present.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Lead
        >>> now = datetime(2026, 11, 24, 9, tzinfo=UTC)
        >>> lead = Lead(id="lead-1", email="alice@example.com", created_at=now, updated_at=now)
        >>> visit = NewActivity.model_validate({"type": "visit", "at": "2026-11-23T18:00:00Z"})
        >>> enter_activity(lead, visit, id="a-1", actor="website", now=now).at.day
        23
    """
    return Activity(
        id=id,
        lead_id=lead.id,
        type=sent.type,
        notes=sent.notes,
        at=now if sent.at is None else sent.at,
        actor=actor,
        contact_id=lead.converted_to_contact_id,
        opportunity_id=lead.converted_to_opportunity_id,
        properties=sent.properties,
    )


def noted(decision: Decision, *, id: str) -> Activity | None:
    """Answer the note that a command leaves in the timeline, or None where it said nothing or changed nothing.

    Args:
        decision: What was decided.
        id: The id that the note gets.
    """
    if decision.notes is None or not decision.changed:
        return None
    told = decision.events[-1]
    return Activity(id=id, lead_id=told.lead_id, type="note", notes=decision.notes, at=told.time, actor=told.actor)


def linked(activities: Iterable[Activity], *, contact_id: str, opportunity_id: str | None) -> tuple[Activity, ...]:
    """Link activities to what their lead became.

    Args:
        activities: The activities of a lead.
        contact_id: The contact.
        opportunity_id: The opportunity, where one was made.

    Returns:
        Those that change, as they are from now on.
    """
    links = {"contact_id": contact_id, "opportunity_id": opportunity_id}
    return tuple(
        activity.model_copy(update=links)
        for activity in activities
        if (activity.contact_id, activity.opportunity_id) != (contact_id, opportunity_id)
    )
