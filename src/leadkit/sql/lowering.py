"""Conditions in SQL: a condition of the rule language as one expression that holds exactly where `evaluate` says so.

What SQL cannot express exactly is refused with the place of the clause and the reason; it is never answered
differently. Which operator asks what is the table in `leadkit.sql.operators`; what a database can do is declared in
its dialect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

import attrs
from sqlalchemy import BigInteger, and_, case, exists, false, func, literal, not_, or_, select, true

from leadkit.conditions import Kind
from leadkit.conditions.ast import And, Comparison, Items, JsonLogic, Not, Or, Related
from leadkit.conditions.operands import window
from leadkit.conditions.places import at_index, at_key
from leadkit.errors import Fault
from leadkit.sql.operators import ASKED, Asking, Reading
from leadkit.sql.records import ItemRecord, related_row
from leadkit.sql.schema import leads
from leadkit.sql.values import Counted, Refusal, Timed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from leadkit.conditions import Condition, Path
    from leadkit.sql.dialects import Dialect
    from leadkit.sql.values import Bool, Sql, Value
    from leadkit.values.times import Duration

__all__ = ["Lowered", "Lowering", "Record"]


class Record(Protocol):
    """What a condition speaks of."""

    def find(self, path: Path) -> Value | None:
        """Answer what a path leads to, None where it leads nowhere in any record."""
        ...


# As SQLite's parser counts them; a comparison has its own in a CASE or two.
_OF_A_COMPARISON: Final = 16
_OF_A_SELECT: Final = 14
_OF_A_NOT: Final = 2


@attrs.frozen
class Lowered:
    """A condition in SQL.

    Attributes:
        clause: The expression.
        depth: How many brackets are open at once where it is read, at the most.
    """

    clause: Bool
    depth: int = _OF_A_COMPARISON


@attrs.define
class Lowering:
    """Writes conditions in SQL.

    Attributes:
        dialect: What the database can do.
        as_of: Now, in UTC.
        faults: What was refused.
    """

    dialect: Dialect
    as_of: datetime
    faults: list[Fault] = attrs.field(factory=list)

    def lower(self, condition: Condition, record: Record, at: str) -> Lowered:
        """Answer a condition in SQL; where a clause is refused, `faults` has it and the answer is of no use.

        Args:
            condition: The condition.
            record: What it speaks of.
            at: Its JSON path.
        """
        try:
            lowered: Lowered = _FORMS[type(condition)](self, condition, record, at)
        except Refusal as refusal:
            return self._refused(str(refusal), at)
        deepest = self.dialect.deepest
        too_deep = deepest is not None and lowered.depth > deepest
        return self._refused(self.dialect.cannot["depth"], at) if too_deep else lowered

    def _refused(self, reason: str, at: str) -> Lowered:
        self.faults.append(Fault(path=at, message=reason, code="not-in-sql"))
        return Lowered(false())

    def joined(self, node: And | Or, record: Record, at: str) -> Lowered:
        """Answer an `and` or an `or`."""
        place = at_key(at, node.spelling)
        parts = [self.lower(item, record, at_index(place, index)) for index, item in enumerate(node.items)]
        # The deepest goes first: a parser then holds one open bracket for each level, and SQLite's holds a hundred.
        parts.sort(key=lambda part: -part.depth)
        join, empty = (and_, true()) if isinstance(node, And) else (or_, false())
        return Lowered(
            join(empty, *(part.clause for part in parts)), 1 + max((part.depth for part in parts), default=0)
        )

    def negated(self, node: Not, record: Record, at: str) -> Lowered:
        """Answer a `not`."""
        lowered = self.lower(node.item, record, at if node.spelling == "none" else at_key(at, "not"))
        return Lowered(not_(lowered.clause), lowered.depth + _OF_A_NOT)

    def comparison(self, node: Comparison, record: Record, _at: str) -> Lowered:
        """Answer a comparison."""
        return Lowered(self._asked(node, record.find(node.path), record))

    def _asked(self, node: Comparison | Related, seen: Value | None, record: Record) -> Bool:
        row = node.criterion.row
        asking = Asking(self.dialect, node.criterion, record.find, self.as_of)
        # A path that leads nowhere in any record is missing in all of them.
        held = false() if seen is None else ASKED[row.negates or row.name](asking, seen)
        return held if row.negates is None else not_(held)

    def items(self, node: Items, record: Record, at: str) -> Lowered:
        """Answer a condition over the items of a list."""
        found = record.find(node.path)
        rows = None if found is None or Kind.LIST not in found.kinds else found.items()
        if found is None or rows is None:
            return Lowered(true() if node.quantifier == "none" else false())
        source, item = rows
        inner = self.lower(node.condition, ItemRecord(item), at_key(at, node.quantifier))
        wanted = not_(inner.clause) if node.quantifier == "all" else inner.clause
        some = exists(select(literal(1)).select_from(source).where(wanted).correlate_except(source))
        listed = found.guarded(Kind.LIST, true())
        clause = {
            "any": lambda: and_(listed, some),
            "all": lambda: and_(listed, not_(some)),
            "none": lambda: or_(not_(listed), not_(some)),
        }[node.quantifier]()
        return Lowered(clause, inner.depth + _OF_A_SELECT)

    def related(self, node: Related, record: Record, at: str) -> Lowered:
        """Answer a condition over related records."""
        row = related_row(node.kind, self.dialect)
        table: Any = row.table
        clauses: list[Bool] = [table.c.org == leads.c.org, table.c.lead_id == leads.c.id]
        if node.within is not None:
            moment = None if node.time is None else row.find(node.time)
            clauses.append(false() if moment is None else self._in_window(moment, node.within))
        depth = _OF_A_COMPARISON
        if node.where is not None:
            where = self.lower(node.where, row, at_key(at, "where"))
            clauses.append(where.clause)
            depth = where.depth
        aggregate = self._aggregate(node, row)
        found = select(aggregate.expression).select_from(table).where(*clauses).correlate(leads).scalar_subquery()
        value = attrs.evolve(aggregate, expression=found)
        return Lowered(self._asked(node, value, record), depth + _OF_A_SELECT)

    def json_logic(self, _node: JsonLogic, _record: Record, _at: str) -> Lowered:
        """Refuse a rule of JSON Logic."""
        message = "JSON Logic converts values from kind to kind in its own way, and SQL in another"
        raise Refusal(message)

    def _in_window(self, moment: Value, within: Duration) -> Bool:
        start, end = window(within, self.as_of)
        reading = Reading(moment, self.dialect, instants=True)
        return and_(reading.moment(">=", start), reading.moment("<=", end))

    def _aggregate(self, node: Related, row: Record) -> Counted | Timed:
        if node.aggregate == "count":
            return Counted(func.count(type_=BigInteger), self.dialect.division)
        if node.aggregate not in _OF_TIME:
            message = (
                f"`{node.aggregate}` is exact in Python and rounded in SQL; `count`, `latest` and `earliest` are exact"
            )
            raise Refusal(message)
        path = node.of or node.time
        moment = None if path is None else row.find(path)
        known: Sql = literal(None, BigInteger)
        if moment is not None:
            reading = Reading(moment, self.dialect, instants=True)
            known = case((reading.guarded(Kind.INSTANT, true()), reading.micros()))
        return Timed(_OF_TIME[node.aggregate](known, type_=BigInteger))


_OF_TIME: Final[Mapping[str, Any]] = {"latest": func.max, "earliest": func.min}


_FORMS: Final[Mapping[type[Any], Callable[..., Lowered]]] = {
    And: Lowering.joined,
    Or: Lowering.joined,
    Not: Lowering.negated,
    Comparison: Lowering.comparison,
    JsonLogic: Lowering.json_logic,
    Items: Lowering.items,
    Related: Lowering.related,
}
