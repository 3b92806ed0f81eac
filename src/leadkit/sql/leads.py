"""Leads, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import Integer, bindparam, func, select, tuple_

from leadkit.errors import AlreadyExists, ConcurrencyConflict
from leadkit.leads import identity_keys
from leadkit.sql.lead_changes import KnownLeads, order_of, update_of
from leadkit.sql.lead_rows import COLUMNS, FIELDS, lead_of, rank_for_routing, row_of
from leadkit.sql.listing import Listing
from leadkit.sql.locking import lock_words
from leadkit.sql.schema import leads, route_rank, still_open
from leadkit.sql.statements import InsertNew, WordList, among
from leadkit.sql.types import Moment, Words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from leadkit.leads import IdentityKey, Lead
    from leadkit.leads.filtering import LeadFilter, LeadQuery, Page
    from leadkit.sql.transactions import Transaction

__all__ = ["SqlLeads"]

_OF_ORG: Final = leads.c.org == bindparam("org")
_ALIVE: Final = leads.c.deleted_at.is_(None)
_COLUMNS: Final = tuple(leads.c[name] for name in FIELDS)
_WORDS: Final = bindparam("words", type_=WordList())

_ONE: Final = select(*_COLUMNS).where(_OF_ORG, leads.c.id == bindparam("id"))
_MANY: Final = select(*_COLUMNS).where(_OF_ORG, among(leads.c.id, _WORDS)).order_by(leads.c.id)
_ONE_LOCKED: Final = _ONE.with_for_update()
_MANY_LOCKED: Final = _MANY.with_for_update()
_VERSION: Final = select(leads.c.version).where(_OF_ORG, leads.c.id == bindparam("id"))
_IDS: Final = select(leads.c.id).where(_OF_ORG, among(leads.c.id, _WORDS))
_VERSIONS: Final = select(leads.c.id, leads.c.version).where(_OF_ORG, among(leads.c.id, _WORDS))
_INSERT: Final = InsertNew(leads)
# Not ordered here: asked for the oldest first, SQLite would read all leads by age rather than these few by their key.
_BY_KEY: Final = {
    kind: select(*_COLUMNS).where(_OF_ORG, _ALIVE, among(column, _WORDS))
    for kind, column in (("externalId", leads.c.external_id), ("email", leads.c.email_key))
}
# Two statements, since SQLite finds no index for either of two columns.
_OF_CONTACT: Final = tuple(
    select(*_COLUMNS).where(_OF_ORG, _ALIVE, column == bindparam("contact_id"))
    for column in (leads.c.origin_contact_id, leads.c.converted_to_contact_id)
)
_OPEN_COUNTS: Final = (
    select(leads.c.assigned_to, func.count())
    .where(_OF_ORG, still_open, among(leads.c.assigned_to, _WORDS))
    .group_by(leads.c.assigned_to)
)
# Whoever else is routing has locked theirs; these are passed over, and nobody waits.
_WAITING: Final = (
    select(*_COLUMNS)
    .where(_OF_ORG, still_open, leads.c.assigned_to.is_(None), leads.c.pipeline_id == bindparam("pipeline_id"))
    .order_by(route_rank, leads.c.created_at, leads.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_WAITING_AFTER: Final = _WAITING.where(
    tuple_(route_rank, leads.c.created_at, leads.c.id)
    > tuple_(bindparam("rank", type_=Integer()), bindparam("created_at", type_=Moment()), bindparam("id", type_=Words))
)


def _oldest_first(leads: Iterable[Lead]) -> list[Lead]:
    return sorted(leads, key=lambda lead: (lead.created_at, lead.id))


@attrs.frozen
class SqlLeads:
    """The leads of one organisation."""

    _work: Transaction
    _known: KnownLeads = attrs.field(factory=KnownLeads, init=False)

    def get(self, lead_id: str) -> Lead | None:
        """Answer a lead, a deleted one too, or None; locked, since a decision follows."""
        row = self._work.row(_ONE_LOCKED if self._work.locks_rows else _ONE, id=lead_id)
        if row is None:
            return None
        lead = lead_of(row)
        self._known.note((lead,))
        return lead

    def get_many(self, lead_ids: Collection[str]) -> Mapping[str, Lead]:
        """Answer those of the leads that exist, by id; locked, in the order of their ids."""
        rows = self._work.rows(_MANY_LOCKED if self._work.locks_rows else _MANY, words=list(lead_ids))
        return {lead.id: lead for lead in self._leads(rows)}

    def add(self, lead: Lead) -> None:
        """Keep a new lead."""
        if not self._work.change_rows(_INSERT, COLUMNS, [tuple(row_of(lead))]):
            raise AlreadyExists(kind="lead", id=lead.id)

    def save(self, lead: Lead, *, expected: int) -> None:
        """Keep a changed lead."""
        columns, row = self._known.change(lead, expected)
        if not self._work.change_rows(update_of(columns), order_of(columns), [row]):
            found = self._work.value(_VERSION, id=lead.id)
            raise ConcurrencyConflict(kind="lead", id=lead.id, expected=expected, found=found)
        self._known.note([lead])

    def add_many(self, leads: Sequence[Lead]) -> None:
        """Keep new leads."""
        if self._work.all_rows_changed([(_INSERT, COLUMNS, [tuple(row_of(lead)) for lead in leads])]):
            return
        taken = {row[0] for row in self._work.rows(_IDS, words=[lead.id for lead in leads])}
        for lead in leads:
            if lead.id in taken:
                raise AlreadyExists(kind="lead", id=lead.id)
            taken.add(lead.id)

    def save_many(self, changes: Sequence[tuple[Lead, int]]) -> None:
        """Keep changed leads."""
        # By the columns that change: most of a batch changes the same ones.
        work: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for lead, expected in changes:
            columns, row = self._known.change(lead, expected)
            work.setdefault(columns, []).append(row)
        if self._work.all_rows_changed([(update_of(each), order_of(each), rows) for each, rows in work.items()]):
            self._known.note([lead for lead, _ in changes])
            return
        versions: dict[str, int] = dict(self._work.rows(_VERSIONS, words=[lead.id for lead, _ in changes]))
        for lead, expected in changes:
            found = versions.get(lead.id)
            if found != expected:
                raise ConcurrencyConflict(kind="lead", id=lead.id, expected=expected, found=found)

    def find(self, keys: Collection[IdentityKey]) -> Mapping[IdentityKey, Sequence[Lead]]:
        """Answer the leads that are recognised by each key, the oldest first; whoever looks for one next waits."""
        lock_words(self._work, "lead", (f"{key.kind} {key.value}" for key in keys))
        found: dict[IdentityKey, list[Lead]] = {}
        for kind, statement in _BY_KEY.items():
            words = sorted({key.value for key in keys if key.kind == kind})
            if words:
                for lead in _oldest_first(self._leads(self._work.rows(statement, words=words))):
                    found.setdefault(next(key for key in identity_keys(lead) if key.kind == kind), []).append(lead)
        return {key: found[key] for key in keys if key in found}

    def from_contact(self, contact_id: str) -> Sequence[Lead]:
        """Answer the leads that were made from a contact or converted into it, the oldest first."""
        rows = [row for statement in _OF_CONTACT for row in self._work.rows(statement, contact_id=contact_id)]
        return _oldest_first({lead.id: lead for lead in self._leads(rows)}.values())

    def page(self, query: LeadQuery, *, as_of: datetime) -> Page[Lead]:
        """Answer a page of leads."""
        return Listing(self._work).page(query, as_of=as_of)

    def scan(self, lead_filter: LeadFilter, *, after: str | None, limit: int, as_of: datetime) -> Sequence[Lead]:
        """Answer the next leads in the order of their ids."""
        found = Listing(self._work).scan(lead_filter, after=after, limit=limit, as_of=as_of)
        self._known.note(found)
        return found

    def claim_unassigned(self, pipeline_id: str, *, after: Lead | None, limit: int) -> Sequence[Lead]:
        """Claim the next open leads of a pipeline that nobody owns, in the order in which they are routed."""
        if after is None:
            return self._leads(self._work.rows(_WAITING, pipeline_id=pipeline_id, limit=limit))
        place = {"rank": rank_for_routing(after), "created_at": after.created_at, "id": after.id}
        return self._leads(self._work.rows(_WAITING_AFTER, pipeline_id=pipeline_id, limit=limit, **place))

    def count(self, lead_filter: LeadFilter, *, as_of: datetime) -> int:
        """Count the leads that a filter means."""
        return Listing(self._work).count(lead_filter, as_of=as_of)

    def open_counts(self, assignees: Collection[str]) -> Mapping[str, int]:
        """Count the open leads of each of these users."""
        counts: dict[str, int] = dict(self._work.rows(_OPEN_COUNTS, words=list(assignees)))
        return {user_id: counts.get(user_id, 0) for user_id in assignees}

    def _leads(self, rows: Iterable[Sequence[Any]]) -> list[Lead]:
        found = [lead_of(row) for row in rows]
        self._known.note(found)
        return found
