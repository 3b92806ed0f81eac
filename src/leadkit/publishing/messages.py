"""An event as it leaves: its CloudEvents envelope as JSON, under an id that never changes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from leadkit.leads import Event

__all__ = ["Message", "message_of"]


@attrs.frozen(kw_only=True)
class Message:
    """What is sent.

    Attributes:
        id: The same whenever the event is sent again, and another for every other event.
        body: The CloudEvents 1.0 envelope as JSON, without line breaks.
    """

    id: str
    body: bytes = attrs.field(repr=False)


def message_of(org: str, event: Event, *, source: str = "/leadkit") -> Message:
    """Write an event for sending.

    Args:
        org: The organisation that the lead belongs to.
        event: The event.
        source: A URI reference that names the emitting service.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Event
        >>> noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
        >>> event = Event(type="lead.nurtured", lead_id="lead-1", sequence=2, time=noon, actor="user-7", data={})
        >>> message_of("acme", event).id
        'evt_937524372f73835304e14a3272fb8de4'
        >>> message_of("bolt", event).id == message_of("acme", event).id
        False
    """
    # Ids of organisations and leads are any printable text: a digest goes into a header whatever they are.
    place = json.dumps([org, event.lead_id, event.sequence], ensure_ascii=False, separators=(",", ":"))
    envelope = event.cloudevent(org=org, source=source)
    return Message(
        id=f"evt_{hashlib.sha256(place.encode()).hexdigest()[:32]}",
        body=json.dumps(envelope, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(),
    )
