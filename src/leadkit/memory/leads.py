"""Leads, in memory."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from leadkit.errors import AlreadyExists, ConcurrencyConflict
from leadkit.leads.filtering import page_of, selects
from leadkit.routing import routing_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from leadkit.leads import IdentityKey, Lead
    from leadkit.leads.filtering import LeadFilter, LeadQuery, Page
    from leadkit.memory.organisation import Organisation, Writer

__all__ = ["MemoryLeads"]


def _oldest_first(leads: Iterable[Lead]) -> tuple[Lead, ...]:
    return tuple(sorted(leads, key=lambda lead: (lead.created_at, lead.id)))


@attrs.frozen
class _Related(Mapping[str, Any]):
    """What belongs to a lead, looked up when a condition asks for it."""

    _rows: Organisation
    _lead_id: str

    def __getitem__(self, kind: str) -> Any:
        return list(self._tables[kind].find("lead", self._lead_id))

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    @property
    def _tables(self) -> Mapping[str, Any]:
        return {"activities": self._rows.activities, "tasks": self._rows.tasks}


@attrs.frozen
class MemoryLeads:
    """The leads of one organisation."""

    _rows: Organisation
    _writer: Writer

    def get(self, lead_id: str) -> Lead | None:
        """Answer a lead, a deleted one too, or None."""
        return self._rows.leads.rows.get(lead_id)

    def get_many(self, lead_ids: Collection[str]) -> Mapping[str, Lead]:
        """Answer those of the leads that exist, by id."""
        rows = self._rows.leads.rows
        return {lead_id: rows[lead_id] for lead_id in lead_ids if lead_id in rows}

    def add(self, lead: Lead) -> None:
        """Keep a new lead."""
        if lead.id in self._rows.leads.rows:
            raise AlreadyExists(kind="lead", id=lead.id)
        self._writer.set(self._rows.leads, lead.id, lead)

    def save(self, lead: Lead, *, expected: int) -> None:
        """Keep a changed lead."""
        present = self._rows.leads.rows.get(lead.id)
        found = None if present is None else present.version
        if found != expected:
            raise ConcurrencyConflict(kind="lead", id=lead.id, expected=expected, found=found)
        self._writer.set(self._rows.leads, lead.id, lead)

    def add_many(self, leads: Sequence[Lead]) -> None:
        """Keep new leads."""
        for lead in leads:
            self.add(lead)

    def save_many(self, changes: Sequence[tuple[Lead, int]]) -> None:
        """Keep changed leads."""
        for lead, expected in changes:
            self.save(lead, expected=expected)

    def find(self, keys: Collection[IdentityKey]) -> Mapping[IdentityKey, Sequence[Lead]]:
        """Answer the leads that are recognised by each key, the oldest first."""
        found = {key: _oldest_first(self._rows.leads.find("identity", key)) for key in keys}
        return {key: leads for key, leads in found.items() if leads}

    def from_contact(self, contact_id: str) -> Sequence[Lead]:
        """Answer the leads that were made from a contact or converted into it, the oldest first."""
        return _oldest_first(self._rows.leads.find("contact", contact_id))

    def page(self, query: LeadQuery, *, as_of: datetime) -> Page[Lead]:
        """Answer a page of leads."""
        return page_of(self._rows.leads.rows.values(), query, as_of=as_of, related=self._related)

    def scan(self, lead_filter: LeadFilter, *, after: str | None, limit: int, as_of: datetime) -> Sequence[Lead]:
        """Answer the next leads in the order of their ids."""
        meant = (
            lead
            for lead in self._rows.leads.rows.values()
            if (after is None or lead.id > after) and self._selects(lead_filter, lead, as_of)
        )
        return heapq.nsmallest(limit, meant, key=lambda lead: lead.id)

    def claim_unassigned(self, pipeline_id: str, *, after: Lead | None, limit: int) -> Sequence[Lead]:
        """Claim the next open leads of a pipeline that nobody owns, in the order in which they are routed."""
        place = None if after is None else routing_order(after)
        waiting = ((routing_order(lead), lead) for lead in self._rows.leads.find("waiting", pipeline_id))
        later = (each for each in waiting if place is None or each[0] > place)
        # No two places are equal, since each ends in an id: leads themselves are never compared.
        return [lead for _, lead in heapq.nsmallest(limit, later)]

    def count(self, lead_filter: LeadFilter, *, as_of: datetime) -> int:
        """Count the leads that a filter means."""
        return sum(self._selects(lead_filter, lead, as_of) for lead in self._rows.leads.rows.values())

    def _selects(self, lead_filter: LeadFilter, lead: Lead, as_of: datetime) -> bool:
        return selects(lead_filter, lead, as_of=as_of, related=self._related(lead))

    def _related(self, lead: Lead) -> Mapping[str, Any]:
        return _Related(self._rows, lead.id)

    def open_counts(self, assignees: Collection[str]) -> Mapping[str, int]:
        """Count the open leads of each of these users."""
        return {user_id: sum(1 for _ in self._rows.leads.find("owner", user_id)) for user_id in assignees}
