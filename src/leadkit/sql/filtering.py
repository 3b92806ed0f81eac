"""The filters of the list in SQL: what `leadkit.leads.filtering.selects` means, clause by clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import attrs
from sqlalchemy import Text, bindparam, false, not_, or_, text
from sqlalchemy.sql.elements import False_

from leadkit.conditions.ast import And, Comparison
from leadkit.conditions.evaluating import moment_of
from leadkit.conditions.operands import Literals
from leadkit.conditions.paths import Path
from leadkit.conditions.places import at_index, at_key
from leadkit.errors import QueryRefused
from leadkit.leads import Priority
from leadkit.sql.lead_rows import BETWEEN, SEARCHED
from leadkit.sql.lowering import Lowering
from leadkit.sql.records import lead_row
from leadkit.sql.schema import leads, still_open
from leadkit.sql.statements import WordList, among

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from leadkit.conditions import Condition
    from leadkit.leads.filtering import LeadFilter
    from leadkit.sql.dialects import Dialect
    from leadkit.sql.values import Bool

__all__ = ["Filtered", "filtered"]

_CHOICES: Final = {
    "ids": leads.c.id,
    "status": leads.c.status,
    "source": leads.c.source,
    "campaign_id": leads.c.campaign_id,
    "assigned_to": leads.c.assigned_to,
    "pipeline_id": leads.c.pipeline_id,
    "stage": leads.c.stage,
}
_BOUNDS: Final[Mapping[str, Callable[[Any], Bool]]] = {
    "created_from": lambda bound: leads.c.created_at >= bound,
    "created_before": lambda bound: leads.c.created_at < bound,
    "updated_from": lambda bound: leads.c.updated_at >= bound,
    "updated_before": lambda bound: leads.c.updated_at < bound,
    "score_from": lambda bound: leads.c.score >= bound,
    "score_to": lambda bound: leads.c.score <= bound,
}
_BOUND_TYPES: Final = {
    "created": leads.c.created_at.type,
    "updated": leads.c.updated_at.type,
    "score": leads.c.score.type,
}
_NEVER: Final[Any] = text("1 = 0")
_EITHER_WAY: Final[Mapping[str, Bool]] = {"unassigned": leads.c.assigned_to.is_(None), "open": still_open}
_RANKS: Final = {priority: rank for rank, priority in enumerate(Priority)}


@attrs.frozen(kw_only=True)
class Filtered:
    """A filter on its way to SQL.

    Attributes:
        shape: Which fields are given and how, by which statements are kept; None when one is made for this call alone.
        names: The fields that are given and how, for the first of the clauses.
        makers: Answer the clauses.
        values: The values of their parameters.
        residual: What SQL cannot express, where that was allowed; Python asks it of what the clauses let through.
    """

    shape: tuple[str, ...] | None
    names: tuple[str, ...]
    makers: Sequence[Callable[[], Bool]]
    values: Mapping[str, Any]
    residual: Condition | None = None

    def within(self, field: str) -> Self:
        """Answer this without the range of a field, for leads of which it is known that they lie in it.

        Args:
            field: The field, such as `score`.
        """
        start = f"{field.removesuffix('_at')}_"
        kept = [at for at in range(len(self.makers)) if at >= len(self.names) or not self.names[at].startswith(start)]
        names = tuple(self.names[at] for at in kept if at < len(self.names))
        shape = None if self.shape is None else names
        return attrs.evolve(self, shape=shape, names=names, makers=[self.makers[at] for at in kept])

    def clauses(self) -> list[Bool]:
        """Answer the clauses, all of which must hold."""
        # Joined with a bare false, SQLAlchemy would leave out all others, the organisation too.
        return [_NEVER if isinstance(clause, False_) else clause for clause in (make() for make in self.makers)]


def filtered(lead_filter: LeadFilter, dialect: Dialect, *, as_of: datetime, partly: bool = False) -> Filtered:
    """Write a filter in SQL.

    Args:
        lead_filter: The filter.
        dialect: What the database can do.
        as_of: The instant by which a condition is read.
        partly: Whether clauses that SQL cannot express may be left to Python.

    Raises:
        QueryRefused: There are some, and they may not.
    """
    fields = list(_fields(lead_filter, dialect))
    made: list[Callable[[], Bool]] = [make for _, make, _ in fields]
    values = {name: value for _, _, given in fields for name, value in given.items()}
    names = tuple(name for name, _, _ in fields)
    asked = _conditions(lead_filter)
    if not asked:
        return Filtered(shape=names, names=names, makers=made, values=values)
    lowering = Lowering(dialect, moment_of(as_of))
    residual: list[Condition] = []
    for condition, at in asked:
        before = len(lowering.faults)
        lowered = lowering.lower(condition, lead_row(dialect), at)
        if len(lowering.faults) > before:
            residual.append(condition)
        else:
            made.append(_always(lowered.clause))
    if residual and not partly:
        raise QueryRefused(store=dialect.name, faults=tuple(lowering.faults))
    left = And(items=tuple(residual)) if residual else None
    return Filtered(shape=None, names=names, makers=made, values=values, residual=left)


def _conditions(lead_filter: LeadFilter) -> list[tuple[Condition, str]]:
    """Answer the conditions that must all hold, each with its JSON path."""
    asked: list[tuple[Condition, str]] = [
        (
            Comparison(path=Path(segments=("properties", name), text=name), operator="in", operand=Literals(values)),
            at_key("$.properties", name),
        )
        for name, values in (lead_filter.properties or {}).items()
    ]
    open_ = [] if lead_filter.condition is None else [(lead_filter.condition, "$.condition")]
    while open_:
        condition, at = open_.pop()
        if isinstance(condition, And):
            place = at_key(at, condition.spelling)
            open_.extend((item, at_index(place, index)) for index, item in reversed(list(enumerate(condition.items))))
        else:
            asked.append((condition, at))
    return asked


def _always(clause: Bool) -> Callable[[], Bool]:
    return lambda: clause


_Field = tuple[str, "Callable[[], Bool]", "Mapping[str, Any]"]


def _fields(lead_filter: LeadFilter, dialect: Dialect) -> Iterator[_Field]:
    """Answer the fields that are given: how, their clause, and the values of its parameters."""
    yield "alive", lambda: leads.c.deleted_at.is_(None), {}
    for name in _CHOICES:
        chosen = getattr(lead_filter, name)
        if chosen is not None:
            yield _choice(name, [str(each) for each in chosen])
    if lead_filter.priority is not None:
        ranks = sorted({_RANKS[each] for each in lead_filter.priority})
        yield f"priority {ranks}", lambda: or_(false(), *(leads.c.priority_rank == rank for rank in ranks)), {}
    for name, clause in _EITHER_WAY.items():
        wanted = getattr(lead_filter, name)
        if wanted is not None:
            yield f"{name} {wanted}", _always(clause if wanted else not_(clause)), {}
    for name, made in _BOUNDS.items():
        bound = getattr(lead_filter, name)
        if bound is not None:
            yield name, _bounded(name, made), {name: bound}
    if lead_filter.search is not None:
        yield _search(lead_filter.search.lower(), dialect)


def _bounded(name: str, made: Callable[[Any], Bool]) -> Callable[[], Bool]:
    return lambda: made(bindparam(name, type_=_BOUND_TYPES[name.split("_", maxsplit=1)[0]]))


def _choice(name: str, chosen: list[str]) -> _Field:
    column = _CHOICES[name]
    if len(chosen) == 1:
        return f"{name} one", lambda: column == bindparam(name, type_=Text()), {name: chosen[0]}
    return f"{name} several", lambda: among(column, bindparam(name, type_=WordList())), {name: chosen}


def _search(wanted: str, dialect: Dialect) -> _Field:
    columns = [leads.c[name] for name in SEARCHED]
    if not wanted:
        # Contained in every text; there has to be one.
        return "search nothing", lambda: or_(*(column.is_not(None) for column in columns)), {}
    if BETWEEN not in wanted:
        return (
            "search",
            lambda: dialect.holds(leads.c.search_text, bindparam("search", type_=Text())),
            {"search": wanted},
        )
    # It could lie across two texts of the column that joins them, so each is searched by itself.
    return f"search {wanted}", lambda: _in_one_of(columns, wanted, dialect), {}


def _in_one_of(columns: Sequence[Any], wanted: str, dialect: Dialect) -> Bool:
    return or_(
        *((column.is_not(None)) & dialect.folded(column, [wanted], starts=False, ends=False) for column in columns)
    )
