"""What is left of an event once its lead is erased: that it happened, when, and by whom; nothing of the person."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.leads.lead import wire_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadkit.leads.events import Event
    from leadkit.leads.lead import Lead

__all__ = ["PERSONAL", "is_erased", "redacted"]

PERSONAL: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "email": None,
        "first_name": None,
        "last_name": None,
        "phone": None,
        "company": None,
        "external_id": None,
        "referrer": None,
        "utm_params": {},
        "qualification_reason": None,
        "properties": {},
        "enrichment": {},
    }
)
"""The personal fields of a lead and what erasure leaves in them.

What stays (status, stage, score, times, source) tells nothing of the person.
"""

_WIRE: Final = {wire_name(name): empty for name, empty in PERSONAL.items()}


def is_erased(lead: Lead) -> bool:
    """Answer whether a lead holds no personal value any more.

    Args:
        lead: The lead.
    """
    return lead.deleted_at is not None and all(getattr(lead, name) == empty for name, empty in PERSONAL.items())


def redacted(event: Event) -> Event:
    """Take the personal values out of an event.

    Args:
        event: An event of an erased lead.

    Returns:
        The event with its id, type, time and actor, and every other value in its place.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads.events import Event
        >>> told = Event(
        ...     type="lead.updated", lead_id="lead-1", sequence=2, time=datetime(2026, 11, 24, tzinfo=UTC),
        ...     actor="user-7", data={"changes": {"email": "alice@example.com", "source": "web"}},
        ... )
        >>> redacted(told).data
        {'changes': {'email': None, 'source': 'web'}}
    """
    data = {
        key: {name: _WIRE.get(name, kept) for name, kept in value.items()} if key in ("lead", "changes") else value
        for key, value in event.data.items()
    }
    if "reason" in data:
        data["reason"] = None
    return attrs.evolve(event, data=data)
