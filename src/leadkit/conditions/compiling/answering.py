"""What generated source calls where an operator of Python is not enough."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions import predicates
from leadkit.conditions.kinds import lowered
from leadkit.conditions.operators import OPERATORS
from leadkit.conditions.records import opener_of
from leadkit.conditions.related import AGGREGATES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from leadkit.conditions.ast import Related
    from leadkit.conditions.criteria import Criterion

__all__ = ["aggregator", "answerer", "between_fields", "finder", "member"]

_NUMBERS: Final = (int, float)
_SEQUENCES: Final = (list, tuple)


def member(record: object, name: str) -> Any:
    """Answer the member of any record but a plain dict, None when there is none.

    Args:
        record: Any value.
        name: The member.
    """
    opener = opener_of(type(record))
    return None if opener is None else opener(record, name)


def answerer(criterion: Criterion) -> Callable[[Any, datetime], bool]:
    """Answer the function that asks a criterion whose operand no record has a part in.

    Args:
        criterion: The criterion.
    """
    asked = criterion.asked
    return lambda seen, now: asked(seen, None, now)


def finder(criterion: Criterion, value: Any) -> Callable[[Any, datetime], bool]:
    """Answer the function that looks for a scalar in what was seen, at the speed of Python's own `in` for a list.

    Args:
        criterion: A criterion of `contains`.
        value: Its operand, as it is compared: text, an int or a float.
    """
    asked, folds = criterion.asked, criterion.folds

    def found(seen: Any, now: datetime) -> bool:
        known = _in_list(lowered(seen) if folds and type(seen) in _SEQUENCES else seen, value)
        return asked(seen, None, now) if known is None else known

    return found


def _in_list(items: Any, value: Any) -> bool | None:
    """Tell whether a list holds a value, None where only a look at each item tells."""
    if type(items) not in _SEQUENCES:
        return None
    # An item that equals the value in Python and is of its kind is the same value; one that is of another kind, such as
    # True beside 1, hides those behind it.
    if type(value) is str:
        return isinstance(items[items.index(value)], str) or None if value in items else False
    # So does a Decimal, where the number is not the one that its text writes.
    if type(value) is int or (type(value) is float and Decimal(repr(value)) == Decimal(value)):
        return type(items[items.index(value)]) in _NUMBERS or None if value in items else False
    return None


def _contains(seen: Any, expected: Any) -> bool:
    known = None if isinstance(seen, str) else _in_list(seen, expected)
    return predicates.contains(seen, expected) if known is None else known


def _among(seen: Any, expected: Any) -> bool:
    known = _in_list(expected, seen)
    return predicates.among(seen, expected) if known is None else known


_QUICKER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"contains": _contains, "in": _among}


def between_fields(operator: str) -> Callable[[Any, Any], bool]:
    """Answer what tells whether an operator holds between two values that are there.

    Args:
        operator: Its name.
    """
    return _QUICKER.get(operator, OPERATORS[operator].holds)


def aggregator(node: Related) -> Callable[[Sequence[Any]], Any]:
    """Answer what computes the aggregate of a condition over related records, given the records that count.

    Args:
        node: The condition.
    """
    compute = AGGREGATES[node.aggregate].compute
    path = node.of or (None if node.aggregate == "count" else node.time)
    if path is None:
        return compute
    find = path.find
    return lambda records: compute([find(record) for record in records])
