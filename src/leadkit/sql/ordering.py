"""The order of a list in SQL, and where a page goes on: each part of the order a range of an index of its own.

After a cursor come, in this order: what has the same value and a greater id, what has a value further on, and what has
no value. Each of the three begins where an index says, however deep the page lies; asked together, with `or`, they
would be found by reading all that lies before.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import bindparam

from leadkit.leads.filtering import SORT_FIELDS, Direction
from leadkit.sql.schema import leads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadkit.sql.values import Bool, Sql

__all__ = ["Part", "parts_after", "place_of", "whole"]

_RANKS: Final = {"priority": leads.c.priority_rank}
_SORTED: Final[Mapping[str, Any]] = {name: _RANKS.get(name, leads.c[name]) for name in SORT_FIELDS}


@attrs.frozen
class Part:
    """A part of a list.

    Attributes:
        name: What it is called among the parts of a list with this order.
        clauses: Which leads it has.
        order: Their order.
    """

    name: str
    clauses: tuple[Bool, ...]
    order: tuple[Sql, ...]


def _by(field: str, direction: Direction) -> Sql:
    column = _SORTED[field]
    ordered: Sql = column.desc() if direction is Direction.DESCENDING else column.asc()
    return ordered.nulls_last() if column.nullable else ordered


# Clauses take longer to make than the statement that they are in takes to run.
@functools.cache
def whole(field: str, direction: Direction) -> Part:
    """Answer the whole of a list.

    Args:
        field: What it is ordered by.
        direction: Which end comes first.
    """
    tie = () if field == "id" else (leads.c.id.asc(),)
    return Part("whole", (), (_by(field, direction), *tie))


@functools.cache
def parts_after(field: str, direction: Direction, *, valued: bool) -> tuple[Part, ...]:
    """Answer the parts of a list that come after a lead; `place_of` has the values of their parameters.

    Args:
        field: What it is ordered by.
        direction: Which end comes first.
        valued: Whether the lead has a value there.
    """
    column = _SORTED[field]
    own = bindparam("key", type_=column.type)
    further = column < own if direction is Direction.DESCENDING else column > own
    if field == "id":
        return (Part("further", (further,), (_by(field, direction),)),)
    later = leads.c.id > bindparam("after")
    missing = column.is_(None)
    if not valued:
        return (Part("missing after", (missing, later), (leads.c.id.asc(),)),)
    parts = (
        Part("same", (column == own, later), (leads.c.id.asc(),)),
        Part("further", (further,), (_by(field, direction), leads.c.id.asc())),
    )
    return (*parts, Part("missing", (missing,), (leads.c.id.asc(),))) if column.nullable else parts


def place_of(field: str, key: Any, lead_id: str) -> Mapping[str, Any]:
    """Answer the values of the parameters of `parts_after`.

    Args:
        field: What the list is ordered by.
        key: What the lead is ordered by, None where it has no value.
        lead_id: The lead.
    """
    return {"key": lead_id if field == "id" else key, "after": lead_id}
