"""A publisher that calls a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadkit.leads import Event

__all__ = ["CallingPublisher"]


@attrs.frozen
class CallingPublisher:
    """Hands each event to a function of the host.

    Attributes:
        call: Takes the organisation and the event; whatever it raises, the event waits and comes again.

    Example:
        >>> import leadkit as lk
        >>> seen = []
        >>> publisher = lk.CallingPublisher(lambda org, event: seen.append((org, event.type)))
        >>> ws = lk.LeadKit.open("memory:", publisher=publisher).workspace(org="acme", actor="user-7")
        >>> lead = ws.leads.create(email="alice@example.com")
        >>> seen
        [('acme', 'lead.created')]
    """

    call: Callable[[str, Event], object]

    def publish(self, org: str, event: Event) -> None:
        """Hand an event on."""
        self.call(org, event)
