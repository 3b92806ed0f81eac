"""A dated entry of the timeline."""

from __future__ import annotations

from typing import Final

from leadkit.values import Document, Identifier, Instant, JsonObject, Text

__all__ = ["COMMON_TYPES", "Activity", "NewActivity"]

COMMON_TYPES: Final = ("call", "email", "meeting", "note", "form", "visit", "download", "webinar")
"""The types of activity that most hosts know; any other identifier is as welcome."""


class NewActivity(Document):
    """What is sent to enter an activity.

    Attributes:
        type: What was done, such as `call`; one of `COMMON_TYPES` or the host's own.
        notes: What is to be remembered of it.
        at: When it was done; left out, now.
        properties: Free JSON of the host.
    """

    type: Identifier
    notes: Text | None = None
    at: Instant | None = None
    properties: JsonObject = {}


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
    """

    id: Identifier
    lead_id: Identifier
    type: Identifier
    notes: Text | None = None
    at: Instant
    actor: Identifier
    contact_id: Identifier | None = None
    opportunity_id: Identifier | None = None
    properties: JsonObject = {}

    def __repr__(self) -> str:
        # Notes are personal and stay out of logs and tracebacks.
        return f"Activity(id={self.id!r}, lead_id={self.lead_id!r}, type={self.type!r})"
