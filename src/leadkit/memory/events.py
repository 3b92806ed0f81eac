"""Events, in memory: the log of one organisation."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import attrs

from leadkit.errors import AlreadyExists, NotFound
from leadkit.memory.organisation import Waiting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from leadkit.leads import Event
    from leadkit.memory.organisation import Organisation, Writer

__all__ = ["MemoryEvents"]


@attrs.frozen
class MemoryEvents:
    """The events of one organisation."""

    _rows: Organisation
    _writer: Writer

    def append(self, events: Sequence[Event]) -> None:
        """Keep events, for the history and for publishing."""
        for event in events:
            place = (event.lead_id, event.sequence)
            if place in self._rows.events.rows:
                raise AlreadyExists(kind="event", id=event.id)
            self._writer.set(self._rows.events, place, event)
            # The number only grows, also when the unit of work is undone: an order needs no contiguous numbers.
            self._rows.written += 1
            self._writer.set(self._rows.outbox, place, Waiting(number=self._rows.written))

    def of_leads(self, lead_ids: Collection[str]) -> Mapping[str, Sequence[Event]]:
        """Answer the events of each of these leads in order."""
        return {
            lead_id: sorted(self._rows.events.find("lead", lead_id), key=lambda event: event.sequence)
            for lead_id in lead_ids
        }

    def scan(self, *, after: str | None, limit: int) -> Mapping[str, Sequence[Event]]:
        """Answer the whole histories of the next leads in the order of their ids."""
        later = (lead_id for lead_id in self._rows.leads.rows if after is None or lead_id > after)
        return self.of_leads(heapq.nsmallest(limit, later))

    def replace(self, events: Sequence[Event]) -> None:
        """Keep events anew under their lead and sequence."""
        for event in events:
            place = (event.lead_id, event.sequence)
            if place not in self._rows.events.rows:
                raise NotFound(kind="event", id=event.id)
            self._writer.set(self._rows.events, place, event)
