"""Which leads, in what order, and which page of them: the filters of the list, as data and as a pure predicate.

Every store answers a `LeadQuery` alike: the in-memory one by the functions here, an SQL one by pushing them down.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, TypeVar

import attrs
from pydantic import BeforeValidator, Field, StrictBool, StrictInt

from leadkit.conditions import compiled
from leadkit.conditions.evaluating import NO_RELATED
from leadkit.conditions.predicates import among
from leadkit.errors import Fault, InvalidInput, did_you_mean
from leadkit.leads.lead import Lead, LeadStatus, Priority, wire_name
from leadkit.leads.wanted import LeadCondition, WantedProperties
from leadkit.values import Document, Identifier, Instant, Points, Text
from leadkit.values.numbers import read_points
from leadkit.values.text import clean_text
from leadkit.values.times import isoformat, read_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = [
    "MOST_PAGE_SIZE",
    "ROUTING_ORDER",
    "SORT_FIELDS",
    "Direction",
    "LeadFilter",
    "LeadQuery",
    "Page",
    "page_of",
    "selects",
    "sort_key",
    "wire_sort_fields",
]

MOST_PAGE_SIZE: Final = 200
# Holds the longest text that leads are sorted by, and an id.
_MOST_CURSOR: Final = 60_000


class Direction(StrEnum):
    """Which end of an order comes first."""

    ASCENDING = "asc"
    DESCENDING = "desc"


def _several(value: object) -> object:
    """Let one value stand for a list of one."""
    return (value,) if isinstance(value, str) else value


_Statuses = Annotated[tuple[LeadStatus, ...], BeforeValidator(_several)]
_Priorities = Annotated[tuple[Priority, ...], BeforeValidator(_several)]
_Texts = Annotated[tuple[Text, ...], BeforeValidator(_several), Field(max_length=1_000)]
_Ids = Annotated[tuple[Identifier, ...], BeforeValidator(_several), Field(max_length=10_000)]


class LeadFilter(Document):
    """Which leads are meant; everything that is given must hold.

    Attributes:
        ids: One of these ids.
        status: One of these outcomes.
        priority: One of these priorities.
        source: One of these sources.
        campaign_id: One of these campaigns.
        assigned_to: Owned by one of these users.
        unassigned: Owned by nobody, or (false) by somebody.
        pipeline_id: In one of these pipelines.
        stage: In one of these stages.
        open: Still worked, or (false) closed.
        search: Contained in e-mail, names, company or phone, whatever the case; no character has a special meaning.
        created_from: Created then or later.
        created_before: Created earlier.
        updated_from: Changed last then or later.
        updated_before: Changed last earlier.
        score_from: At least this score.
        score_to: At most this score.
        properties: For each property that is named, its value, or several of which it is one; values of different
            kinds are never equal. A name is a single key, also when it holds a dot.
        condition: A native condition on the lead, and on its activities and tasks.

    Example:
        >>> LeadFilter(status="new", search="acme", properties={"plan": ["pro", "team"]}).status
        (<LeadStatus.NEW: 'new'>,)
    """

    ids: _Ids | None = None
    status: _Statuses | None = None
    priority: _Priorities | None = None
    source: _Texts | None = None
    campaign_id: _Texts | None = None
    assigned_to: _Ids | None = None
    unassigned: StrictBool | None = None
    pipeline_id: _Ids | None = None
    stage: _Ids | None = None
    open: StrictBool | None = None
    search: Text | None = None
    created_from: Instant | None = None
    created_before: Instant | None = None
    updated_from: Instant | None = None
    updated_before: Instant | None = None
    score_from: Points | None = None
    score_to: Points | None = None
    properties: WantedProperties | None = None
    condition: LeadCondition | None = None


_CHOICES: Final = ("status", "priority", "source", "campaign_id", "assigned_to", "pipeline_id", "stage")
_SEARCHED: Final = ("email", "first_name", "last_name", "company", "phone")


def selects(lead_filter: LeadFilter, lead: Lead, *, as_of: datetime, related: Mapping[str, Any] = NO_RELATED) -> bool:
    """Answer whether a filter means a lead. A deleted lead is never meant.

    Args:
        lead_filter: The filter.
        lead: The lead.
        as_of: The instant by which a condition is read.
        related: The lead's activities and tasks, by kind.
    """
    if lead.deleted_at is not None or (lead_filter.ids is not None and lead.id not in lead_filter.ids):
        return False
    if any(
        (chosen := getattr(lead_filter, name)) is not None and getattr(lead, name) not in chosen for name in _CHOICES
    ):
        return False
    return all(
        (
            lead_filter.unassigned is None or lead_filter.unassigned == (lead.assigned_to is None),
            lead_filter.open is None or lead_filter.open == lead.is_open,
            _within(lead.created_at, lead_filter.created_from, lead_filter.created_before),
            _within(lead.updated_at, lead_filter.updated_from, lead_filter.updated_before),
            lead_filter.score_from is None or (lead.score is not None and lead.score >= lead_filter.score_from),
            lead_filter.score_to is None or (lead.score is not None and lead.score <= lead_filter.score_to),
            lead_filter.search is None or _found(lead_filter.search, lead),
            all(among(lead.properties.get(name), values) for name, values in (lead_filter.properties or {}).items()),
            lead_filter.condition is None
            or compiled(lead_filter.condition, Lead).holds(lead, related=related, as_of=as_of),
        )
    )


def _within(moment: datetime, start: datetime | None, end: datetime | None) -> bool:
    return (start is None or moment >= start) and (end is None or moment < end)


def _found(search: str, lead: Lead) -> bool:
    wanted = search.lower()
    return any(wanted in text.lower() for name in _SEARCHED if (text := getattr(lead, name)) is not None)


SORT_FIELDS: Final = (
    "created_at",
    "updated_at",
    "score",
    "priority",
    "status",
    "stage",
    "email",
    "first_name",
    "last_name",
    "company",
    "source",
    "assigned_to",
    "assigned_at",
    "id",
)
"""The fields by which leads can be listed, by their Python names."""

_RANK: Final = {"priority": {name: rank for rank, name in enumerate(Priority)}}


def wire_sort_fields() -> tuple[str, ...]:
    """Answer the fields by which leads can be listed, as they go over the wire."""
    return tuple(wire_name(name) for name in SORT_FIELDS)


def _sort_field(value: object) -> object:
    """Read a sort field in either spelling."""
    spellings = {spelling: name for name in SORT_FIELDS for spelling in (name, wire_name(name))}
    if not isinstance(value, str) or value not in spellings:
        message = f"leads cannot be sorted by `{value}`{did_you_mean(str(value), wire_sort_fields())}"
        raise ValueError(message)
    return spellings[value]


class LeadQuery(Document):
    """A page of leads: which, in what order, and where the page begins.

    Attributes:
        filter: Which leads.
        sort_field: What they are ordered by; ties are broken by id. A lead without a value comes last.
        sort_direction: Which end comes first.
        page: The number of the page, from 1; not used with a cursor.
        page_size: How many leads, at most 200.
        cursor: Where a former page ended; pages by cursor neither skip nor repeat when leads come in.
        total: Whether all leads are counted, which can take longer than the page itself.
    """

    filter: LeadFilter = LeadFilter()
    sort_field: Annotated[str, BeforeValidator(_sort_field)] = "created_at"
    sort_direction: Direction = Direction.DESCENDING
    page: Annotated[StrictInt, Field(ge=1)] = 1
    page_size: Annotated[StrictInt, Field(ge=1, le=MOST_PAGE_SIZE)] = 50
    cursor: Annotated[str, Field(max_length=_MOST_CURSOR)] | None = None
    total: StrictBool = True


ROUTING_ORDER: Final = ("score", Direction.DESCENDING)
"""Leads are routed by score, the highest first."""

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """A part of a list.

    Attributes:
        items: What is on the page.
        total: How many there are on all pages; None where the query did not ask.
        page: The number of the page.
        page_size: How many a page holds.
        next_cursor: Where the next page begins; None at the end.
    """

    items: tuple[T, ...]
    total: int | None
    page: int
    page_size: int
    next_cursor: str | None


def sort_key(lead: Lead, field: str) -> Any:
    """Answer what a lead is ordered by: its value, or its rank where the field has one; None where it has no value."""
    value = getattr(lead, field)
    return _RANK[field][value] if field in _RANK else value


def _ordered(leads: Iterable[Lead], query: LeadQuery) -> list[Lead]:
    descending = query.sort_direction is Direction.DESCENDING
    field = query.sort_field
    found = sorted(leads, key=lambda lead: lead.id)
    present = [lead for lead in found if sort_key(lead, field) is not None]
    # A stable sort keeps ids ascending among equals, in reverse order too.
    present.sort(key=lambda lead: sort_key(lead, field), reverse=descending)
    return [*present, *(lead for lead in found if sort_key(lead, field) is None)]


def write_cursor(lead: Lead, field: str) -> str:
    """Write where a page ended: the last lead's place in the order."""
    key = sort_key(lead, field)
    place = [field, isoformat(key) if isinstance(key, datetime) else key, lead.id]
    return base64.urlsafe_b64encode(json.dumps(place, ensure_ascii=False).encode()).decode()


def read_cursor(cursor: str, field: str) -> tuple[Any, str]:
    """Read where a page ended.

    Args:
        cursor: What `write_cursor` wrote.
        field: The sort field of the query, which must be the cursor's own.

    Returns:
        The sort key and the id of the last lead.

    Raises:
        InvalidInput: It is no cursor, or one of another order.
    """
    try:
        place = json.loads(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
        match place:
            case [str(named), key, str(lead_id)] if named == field:
                return _read_key(field, key), clean_text(lead_id)
            case _:
                raise _no_cursor()
    except (ValueError, binascii.Error, UnicodeError, RecursionError):
        raise _no_cursor() from None


_ALWAYS_THERE: Final = frozenset({"created_at", "updated_at", "priority", "status", "id"})


def _read_key(field: str, key: Any) -> Any:
    if key is None and field not in _ALWAYS_THERE:
        return None
    if field.endswith("_at"):
        return read_instant(key)
    if field == "score":
        return read_points(key)
    if field in _RANK and type(key) is int and 0 <= key < len(_RANK[field]):
        return key
    if field not in _RANK and isinstance(key, str):
        return clean_text(key)
    raise _no_cursor()


def _no_cursor() -> InvalidInput:
    message = "this is no cursor of this list; begin again without one"
    return InvalidInput(faults=(Fault(path="$.cursor", message=message, code="cursor"),))


def _after(leads: Sequence[Lead], query: LeadQuery, cursor: str) -> int:
    key, lead_id = read_cursor(cursor, query.sort_field)
    descending = query.sort_direction is Direction.DESCENDING

    def passed(lead: Lead) -> bool:
        own = sort_key(lead, query.sort_field)
        if own is None:
            return key is None and lead.id <= lead_id
        if key is None or own == key:
            return key is None or lead.id <= lead_id
        return bool(own > key if descending else own < key)

    return sum(1 for lead in leads if passed(lead))


def _alone(_lead: Lead) -> Mapping[str, Any]:
    return NO_RELATED


def page_of(
    leads: Iterable[Lead],
    query: LeadQuery,
    *,
    as_of: datetime,
    related: Callable[[Lead], Mapping[str, Any]] = _alone,
) -> Page[Lead]:
    """Answer a page of leads, the reference for every store.

    Args:
        leads: All leads there are.
        query: What is asked for.
        as_of: The instant by which a condition is read.
        related: Answers a lead's activities and tasks, by kind.
    """
    meant = (lead for lead in leads if selects(query.filter, lead, as_of=as_of, related=related(lead)))
    found = _ordered(meant, query)
    start = (query.page - 1) * query.page_size if query.cursor is None else _after(found, query, query.cursor)
    items = tuple(found[start : start + query.page_size])
    more = start + query.page_size < len(found)
    return Page(
        items=items,
        total=len(found) if query.total else None,
        page=query.page,
        page_size=query.page_size,
        next_cursor=write_cursor(items[-1], query.sort_field) if more and items else None,
    )
