"""The reference interpreter: the definition of what a condition means.

Every other engine (compiled, columnar, exported) answers as this one does. It is total: a condition that was
accepted answers true or false for every record, raises nothing, changes nothing and reads no clock.
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Not, Or, Related
from leadkit.conditions.kinds import instant_of
from leadkit.conditions.operands import window
from leadkit.conditions.records import is_list, records_in
from leadkit.conditions.related import AGGREGATES
from leadkit.errors import Fault, InvalidInput
from leadkit.values.times import read_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["NO_RELATED", "aggregate_of", "evaluate", "holds", "moment_of", "records_that_count"]

NO_RELATED: Final[Mapping[str, Any]] = MappingProxyType({})


def evaluate(condition: Condition, record: Any, *, related: Mapping[str, Any] = NO_RELATED, as_of: datetime) -> bool:
    """Tell whether a condition holds for a record.

    Args:
        condition: What `read_condition` answered.
        record: A mapping in camelCase or snake_case, or an object with declared fields.
        related: The records that belong to it, by kind: a list of them, or a single one.
        as_of: Now; an aware datetime. The same record and `as_of` always give the same answer.

    Raises:
        InvalidInput: `as_of` has no time zone.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> condition = read_condition({"field": "properties.team_size", "op": ">=", "value": 10})
        >>> evaluate(condition, {"properties": {"team_size": 12}}, as_of=datetime(2026, 11, 24, tzinfo=UTC))
        True
    """
    return _HOLDS[type(condition)](condition, record, related, as_of if as_of.tzinfo is UTC else moment_of(as_of))


def moment_of(as_of: datetime) -> datetime:
    """Answer now in UTC.

    Args:
        as_of: An aware datetime.

    Raises:
        InvalidInput: It has no time zone, or lies at the edge of the calendar.
    """
    try:
        return read_instant(as_of)
    except ValueError as error:
        raise InvalidInput(faults=(Fault(path="as_of", message=str(error), code="wrong-time"),)) from None


def holds(condition: Condition, record: Any, related: Mapping[str, Any], as_of: datetime) -> bool:
    """Tell whether a condition holds, as `evaluate` does, for callers that have looked at `as_of` already.

    Args:
        condition: The condition.
        record: The record.
        related: The records that belong to it, by kind.
        as_of: Now, in UTC.
    """
    return _HOLDS[type(condition)](condition, record, related, as_of)


def _and(node: And, record: Any, related: Mapping[str, Any], as_of: datetime) -> bool:
    for item in node.items:  # noqa: SIM110 - a generator costs half again as much
        if not _HOLDS[type(item)](item, record, related, as_of):
            return False
    return True


def _or(node: Or, record: Any, related: Mapping[str, Any], as_of: datetime) -> bool:
    for item in node.items:  # noqa: SIM110 - a generator costs half again as much
        if _HOLDS[type(item)](item, record, related, as_of):
            return True
    return False


def _not(node: Not, record: Any, related: Mapping[str, Any], as_of: datetime) -> bool:
    return not _HOLDS[type(node.item)](node.item, record, related, as_of)


def _comparison(node: Comparison, record: Any, _related: Mapping[str, Any], as_of: datetime) -> bool:
    return node.criterion.asked(node.path.find(record), record, as_of)


def _items(node: Items, record: Any, related: Mapping[str, Any], as_of: datetime) -> bool:
    found: Any = node.path.find(record)
    # What is no list has no items: none of them satisfies anything, and `all` asks for a list to speak of.
    if not is_list(found):
        return node.quantifier == "none"
    answers = (holds(node.condition, item, related, as_of) for item in found)
    if node.quantifier == "all":
        return all(answers)
    return any(answers) is (node.quantifier == "any")


def _jsonlogic(node: JsonLogic, record: Any, _related: Mapping[str, Any], _as_of: datetime) -> bool:
    return node.program.holds(record)


def _related(node: Related, record: Any, related: Mapping[str, Any], as_of: datetime) -> bool:
    return node.criterion.asked(aggregate_of(node, related, as_of), record, as_of)


def records_that_count(node: Related, related: Mapping[str, Any], as_of: datetime) -> list[Any]:
    """Answer the related records that lie in the window and satisfy `where`, in the order given.

    Args:
        node: The condition over related records.
        related: The records by kind.
        as_of: Now, in UTC.
    """
    records: list[Any] = list(records_in(related.get(node.kind)))
    if node.within is not None:
        start, end = window(node.within, as_of)
        records = [record for record in records if (at := _time(node, record)) is not None and start <= at <= end]
    where = node.where
    return records if where is None else [record for record in records if holds(where, record, related, as_of)]


def _time(node: Related, record: Any) -> datetime | None:
    return None if node.time is None else instant_of(node.time.find(record))


def aggregate_of(node: Related, related: Mapping[str, Any], as_of: datetime) -> Any:
    """Answer the aggregate that a condition over related records asks for, None when it is missing.

    Args:
        node: The condition over related records.
        related: The records by kind.
        as_of: Now, in UTC.
    """
    records = records_that_count(node, related, as_of)
    path = node.of or (None if node.aggregate == "count" else node.time)
    return AGGREGATES[node.aggregate].compute(records if path is None else [path.find(record) for record in records])


_HOLDS: Final[Mapping[type[Any], Callable[..., bool]]] = {
    And: _and,
    Or: _or,
    Not: _not,
    Comparison: _comparison,
    Items: _items,
    JsonLogic: _jsonlogic,
    Related: _related,
}
