"""Writing a condition back as JSON: operators by their canonical names, paths and durations as they were typed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Not, Or, Related
from leadkit.conditions.operands import FieldOperand, Literal, Literals, Operand, Pair, Pattern, Span
from leadkit.conditions.operators import OPERATORS, Shape
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from leadkit.conditions.kinds import Scalar

__all__ = ["dump_condition", "dump_operand"]


def dump_condition(condition: Condition) -> dict[str, Any]:
    """Write a condition as plain JSON values, from which `read_condition` reads an equal one.

    Args:
        condition: Any condition.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> dump_condition(read_condition({"all": [{"field": "teamSize", "op": "gte", "value": 10}]}))
        {'and': [{'field': 'teamSize', 'op': '>=', 'value': 10}]}
    """
    match condition:
        case And(items=items):
            return {"and": [dump_condition(item) for item in items]}
        case Or(items=items):
            return {"or": [dump_condition(item) for item in items]}
        case Not(item=item):
            return {"not": dump_condition(item)}
        case Comparison():
            return {"field": condition.path.text, **_criterion(condition)}
        case Items():
            return {"field": condition.path.text, condition.quantifier: dump_condition(condition.condition)}
        case JsonLogic():
            return {"jsonlogic": condition.rule}
        case _:
            return _related(condition)


def _related(node: Related) -> dict[str, Any]:
    written: dict[str, Any] = {"related": node.kind}
    if node.where is not None:
        written["where"] = dump_condition(node.where)
    if node.within is not None:
        written["within"] = node.within.text
    written["aggregate"] = node.aggregate
    if node.of is not None:
        written["of"] = node.of.text
    return {**written, **_criterion(node)}


def _criterion(node: Comparison | Related) -> dict[str, Any]:
    written: dict[str, Any] = {"op": node.operator}
    if node.operand is not None:
        written["value"] = dump_operand(node.operand, OPERATORS[node.operator].shape)
    if node.ignore_case:
        written["ignoreCase"] = True
    return written


def dump_operand(operand: Operand, shape: Shape) -> Any:
    """Write what stands under `value`.

    Args:
        operand: Any operand.
        shape: The shape that the operator asks for.
    """
    match operand:
        case Literal(value):
            return _scalar(value, shape)
        case Literals(values):
            return [_scalar(value, shape) for value in values]
        case Pair(low, high):
            return [dump_operand(low, shape), dump_operand(high, shape)]
        case Pattern(text):
            return text
        case Span(duration):
            return duration.text
        case FieldOperand(path):
            return {"field": path.text}
        case _:
            offset, ahead = operand.offset, operand.ahead
            return {"now": f"{'+' if ahead else '-'}{offset.text}"}


def _scalar(value: Scalar, shape: Shape) -> Any:
    if not isinstance(value, datetime):
        return value
    # Under an operator of time, text is an instant already.
    return isoformat(value) if shape is Shape.INSTANT else {"datetime": isoformat(value)}
