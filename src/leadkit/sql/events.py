"""Events, in SQL: the log of one organisation."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import bindparam, select, update

from leadkit.errors import AlreadyExists, NotFound
from leadkit.leads import Event
from leadkit.sql.outbox import wait_to_be_published
from leadkit.sql.schema import events, leads
from leadkit.sql.statements import InsertNew, WordList, among

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from leadkit.sql.transactions import Transaction

__all__ = ["EVENT_COLUMNS", "SqlEvents"]

_FIELDS: Final = ("lead_id", "sequence", "type", "time", "actor", "data")
_values_of: Final = attrgetter(*_FIELDS)

EVENT_COLUMNS: Final = tuple(events.c[name] for name in _FIELDS)
"""The columns of an event, by the names of its fields."""

_OF_ORG: Final = events.c.org == bindparam("org")
_WORDS: Final = bindparam("words", type_=WordList())
_OF_LEADS: Final = (
    select(*EVENT_COLUMNS).where(_OF_ORG, among(events.c.lead_id, _WORDS)).order_by(events.c.lead_id, events.c.sequence)
)
_PLACES: Final = select(events.c.lead_id, events.c.sequence).where(_OF_ORG, among(events.c.lead_id, _WORDS))
_NEXT_LEADS: Final = (
    select(leads.c.id)
    .where(leads.c.org == bindparam("org"), leads.c.id > bindparam("after"))
    .order_by(leads.c.id)
    .limit(bindparam("limit"))
)
_INSERT: Final = InsertNew(events)
_UPDATE: Final = (
    update(events)
    .where(_OF_ORG, events.c.lead_id == bindparam("of_lead"), events.c.sequence == bindparam("place"))
    .values({name: bindparam(name) for name in ("type", "time", "actor", "data")})
)


def _row(event: Event) -> dict[str, Any]:
    return dict(zip(_FIELDS, _values_of(event), strict=True))


@attrs.frozen
class SqlEvents:
    """The events of one organisation."""

    _work: Transaction

    def append(self, events: Sequence[Event]) -> None:
        """Keep events, for the history and for publishing."""
        if len(events) == 1:
            kept = self._work.change(_INSERT, _row(events[0])) == 1
        else:
            kept = self._work.all_rows_changed([(_INSERT, _FIELDS, [*map(_values_of, events)])])
        if not kept:
            raise AlreadyExists(kind="event", id=self._first_taken(events).id)
        wait_to_be_published(self._work, events)

    def _first_taken(self, events: Sequence[Event]) -> Event:
        taken = set(self._work.rows(_PLACES, words=sorted({event.lead_id for event in events})))
        for event in events:
            place = (event.lead_id, event.sequence)
            if place in taken:
                return event
            taken.add(place)
        raise AssertionError  # pragma: no cover - one of them was taken, or it would have been kept

    def of_leads(self, lead_ids: Collection[str]) -> Mapping[str, Sequence[Event]]:
        """Answer the events of each of these leads in order."""
        found: dict[str, list[Event]] = {lead_id: [] for lead_id in lead_ids}
        for record in self._work.records(_OF_LEADS, words=list(lead_ids)):
            found[record["lead_id"]].append(Event(**record))
        return found

    def scan(self, *, after: str | None, limit: int) -> Mapping[str, Sequence[Event]]:
        """Answer the whole histories of the next leads in the order of their ids."""
        return self.of_leads([row[0] for row in self._work.rows(_NEXT_LEADS, after=after or "", limit=limit)])

    def replace(self, events: Sequence[Event]) -> None:
        """Keep events anew under their lead and sequence."""
        for event in events:
            row = {**_row(event), "of_lead": event.lead_id, "place": event.sequence}
            if not self._work.change(_UPDATE, row):
                raise NotFound(kind="event", id=event.id)
