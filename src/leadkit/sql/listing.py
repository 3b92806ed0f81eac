"""Pages, scans and counts of leads: what `leadkit.leads.filtering.page_of` answers, by the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import BigInteger, Select, bindparam, func, select

from leadkit.conditions import compiled, related_needs
from leadkit.leads import Lead
from leadkit.leads.filtering import Page, read_cursor, write_cursor
from leadkit.sql.activities import SqlActivities
from leadkit.sql.filtering import filtered
from leadkit.sql.lead_rows import FIELDS, lead_of
from leadkit.sql.ordering import Part, parts_after, place_of, whole
from leadkit.sql.postgres import Postgres
from leadkit.sql.schema import leads
from leadkit.sql.sqlite import Sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from leadkit.conditions import Condition
    from leadkit.leads.filtering import LeadFilter, LeadQuery
    from leadkit.sql.dialects import Dialect
    from leadkit.sql.filtering import Filtered
    from leadkit.sql.transactions import Transaction
    from leadkit.sql.values import Bool

__all__ = ["Listing"]

_COLUMNS: Final = tuple(leads.c[name] for name in FIELDS)
_OF_ORG: Final = leads.c.org == bindparam("org")
_LIMIT: Final = bindparam("limit", type_=BigInteger)
# No database has as many rows; beyond it, an offset is no number to them.
_FURTHEST: Final = 2**62
_READ_AT_ONCE: Final = 1_000

_DIALECTS: Final[Mapping[bool, Dialect]] = {True: Sqlite(), False: Postgres()}


@attrs.frozen
class Listing:
    """The lists of one organisation's leads."""

    _work: Transaction

    @property
    def _dialect(self) -> Dialect:
        return _DIALECTS[self._work.database.is_sqlite]

    def page(self, query: LeadQuery, *, as_of: datetime) -> Page[Lead]:
        """Answer a page of leads."""
        wanted = filtered(query.filter, self._dialect, as_of=as_of)
        order = query.sort_field, query.sort_direction
        most = query.page_size + 1
        offset = 0
        found: list[Lead] = []
        if query.cursor is None:
            offset = min((query.page - 1) * query.page_size, _FURTHEST)
            found = self._part(wanted, order, whole(*order), {"limit": most, "offset": offset})
        else:
            key, lead_id = read_cursor(query.cursor, query.sort_field)
            place = place_of(query.sort_field, key, lead_id)
            for part in parts_after(*order, valued=key is not None):
                chosen: Filtered | None = wanted
                if part.name == "same":
                    # Beside the value itself, its range would only mislead the choice of an index.
                    chosen = wanted.within(query.sort_field) if _in_range(query, key) else None
                if chosen is not None and len(found) < most:
                    found += self._part(chosen, order, part, {**place, "limit": most - len(found)})
        items = tuple(found[: query.page_size])
        more = len(found) > query.page_size
        total = None
        if query.total:
            # The page that ends the list says how long it is, unless it is empty because it lies beyond.
            known = query.cursor is None and not more and (offset == 0 or bool(items))
            total = offset + len(items) if known else self._count(wanted)
        return Page(
            items=items,
            total=total,
            page=query.page,
            page_size=query.page_size,
            next_cursor=write_cursor(items[-1], query.sort_field) if more else None,
        )

    def count(self, lead_filter: LeadFilter, *, as_of: datetime) -> int:
        """Count the leads that a filter means."""
        return self._count(filtered(lead_filter, self._dialect, as_of=as_of))

    def scan(self, lead_filter: LeadFilter, *, after: str | None, limit: int, as_of: datetime) -> list[Lead]:
        """Answer the next leads in the order of their ids; what SQL cannot express is asked by Python."""
        wanted = filtered(lead_filter, self._dialect, as_of=as_of, partly=True)
        residual = wanted.residual
        size = limit if residual is None else max(limit, _READ_AT_ONCE)
        found: list[Lead] = []
        place = after or ""
        while len(found) < limit:
            rows = self._rows("scan", wanted, lambda: _after(wanted), {"after": place, "limit": size})
            chunk = [lead_of(row) for row in rows]
            found += chunk if residual is None else self._meant(chunk, residual, as_of)
            if len(chunk) < size:
                break
            place = chunk[-1].id
        return found[:limit]

    def _meant(self, chunk: Sequence[Lead], residual: Condition, as_of: datetime) -> list[Lead]:
        ids = [lead.id for lead in chunk]
        kept = SqlActivities(self._work)
        sources: Mapping[str, Any] = {"activities": kept.of_leads, "tasks": kept.tasks_of}
        loaded = {need.kind: sources[need.kind](ids) for need in related_needs(residual)}
        asked = compiled(residual, Lead)
        return [
            lead
            for lead in chunk
            if asked.holds(lead, related={kind: records[lead.id] for kind, records in loaded.items()}, as_of=as_of)
        ]

    def _count(self, wanted: Filtered) -> int:
        rows = self._rows("count", wanted, lambda: _selected(wanted, func.count()), {})
        count: int = rows[0][0]
        return count

    def _part(self, wanted: Filtered, order: tuple[Any, ...], part: Part, values: Mapping[str, Any]) -> list[Lead]:
        def made() -> Select[Any]:
            # The place comes first: of two bounds on one column, SQLite begins at the one that it reads first.
            statement = _selected(wanted, *_COLUMNS, first=part.clauses).order_by(*part.order).limit(_LIMIT)
            return statement.offset(bindparam("offset", type_=BigInteger)) if part.name == "whole" else statement

        return [lead_of(row) for row in self._rows((*order, part.name), wanted, made, values)]

    def _rows(
        self, name: Any, wanted: Filtered, make: Callable[[], Select[Any]], values: Mapping[str, Any]
    ) -> list[tuple[Any, ...]]:
        database = self._work.database
        shape = wanted.shape
        prepared = database.compiled(make()) if shape is None else database.kept((name, shape), make)
        return self._work.found(prepared, {**wanted.values, **values})


def _in_range(query: LeadQuery, key: Any) -> bool:
    """Tell whether a sort key lies in the range that the filter asks for, where it asks for one."""
    asked = query.filter
    start, end = {
        "score": (asked.score_from, asked.score_to),
        "created_at": (asked.created_from, asked.created_before),
        "updated_at": (asked.updated_from, asked.updated_before),
    }.get(query.sort_field, (None, None))
    if start is not None and key < start:
        return False
    return end is None or bool(key <= end if query.sort_field == "score" else key < end)


def _selected(wanted: Filtered, *columns: Any, first: Sequence[Bool] = ()) -> Select[Any]:
    statement: Any = select(*columns)
    selected: Select[Any] = statement.select_from(leads).where(_OF_ORG, *first, *wanted.clauses())
    return selected


def _after(wanted: Filtered) -> Select[Any]:
    later = leads.c.id > bindparam("after")
    return _selected(wanted, *_COLUMNS, first=(later,)).order_by(leads.c.id).limit(_LIMIT)
