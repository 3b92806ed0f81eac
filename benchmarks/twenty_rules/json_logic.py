"""The twenty rules for engines of JSON Logic: datalogic-py and python-jsonlogic."""

from __future__ import annotations

import operator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from twenty_rules import AS_OF, RULES, Contender, condition_of, points_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["datalogic", "python_jsonlogic", "to_json_logic"]

# What null cannot satisfy unless it should.
_SAFE: Final[dict[str, Callable[[Any, Any], dict[str, Any]]]] = {
    "exists": lambda field, _: {"!==": [field, None]},
    "missing": lambda field, _: {"===": [field, None]},
    "==": lambda field, value: {"===": [field, value]},
    "in": lambda field, value: {"in": [field, value]},
    "not_in": lambda field, value: {"!": [{"in": [field, value]}]},
    "contains": lambda field, value: {"in": [value, field]},
}
_ORDER: Final = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def to_json_logic(condition: dict[str, Any], *, null_is_zero: bool = True) -> dict[str, Any]:
    """Write a condition as JSON Logic that answers alike on leads with gaps.

    A comparison has a guard against null wherever null would otherwise satisfy it. Times are compared as text, which is
    right as long as all of them are written alike, as those of `made_leads` are, and is the quickest form there is.

    Args:
        condition: A condition in leadkit's language, of the operators that the twenty rules use.
        null_is_zero: Whether the engine takes null for 0, so that only comparisons that hold for 0 need their guard;
            one that raises at null needs it everywhere.
    """
    for word in ("and", "or"):
        if word in condition:
            return {word: [to_json_logic(item, null_is_zero=null_is_zero) for item in condition[word]]}
    if "not" in condition:
        return {"!": [to_json_logic(condition["not"], null_is_zero=null_is_zero)]}
    field, value, op = {"var": condition["field"]}, condition.get("value"), condition["op"]
    if op in _SAFE:
        return _SAFE[op](field, value)
    compared, holds_for_zero = _compared(field, op, value)
    if null_is_zero and not holds_for_zero:
        return compared
    return {"and": [{"!==": [field, None]}, compared]}


def _compared(field: dict[str, Any], op: str, value: Any) -> tuple[dict[str, Any], bool]:
    """Write a comparison in order, and tell whether it would hold for 0."""
    match op:
        case "between":
            low, high = value
            return {"<=": [low, field, high]}, low <= 0 <= high
        case "within":
            return {"<=": [_text_before(value), field, _text_before("0d")]}, False
        case _:
            return {op: [field, value]}, _ORDER[op](0, value)


def _text_before(duration: str) -> str:
    moment = AS_OF - timedelta(days=int(duration.removesuffix("d")))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _points(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    pairs = zip(RULES, conditions, strict=True)
    return {"+": [{"if": [condition, points_of(rule), 0]} for rule, condition in pairs]}


def datalogic() -> Contender:
    """Prepare datalogic-py: all rules compiled into one, a session whose memory is reused, the dict as it is."""
    from datalogic_py import Engine  # noqa: PLC0415 - only here when it is installed

    engine = Engine()
    session = engine.session()
    conditions = [to_json_logic(condition_of(rule)) for rule in RULES]
    each = [engine.compile(condition) for condition in conditions]
    total, ask = engine.compile(_points(conditions)), session.evaluate
    return Contender(
        name="datalogic-py",
        form="one compiled rule, in a session",
        answers=lambda lead: [bool(ask(rule, lead)) for rule in each],
        score=lambda lead: ask(total, lead),
    )


def python_jsonlogic() -> Contender:
    """Prepare python-jsonlogic: one tree of operators, the dict as it is.

    It ships without `and`, `or`, `!` and `in`; they are added here as its documentation adds operators.
    """
    from jsonlogic import JSONLogicExpression  # noqa: PLC0415 - only here when it is installed
    from jsonlogic.evaluation import evaluate  # noqa: PLC0415 - likewise

    from twenty_rules.jsonlogic_operators import registry  # noqa: PLC0415 - imports jsonlogic

    def tree(rule: dict[str, Any]) -> Any:
        return JSONLogicExpression.from_json(_with_pointers(rule)).as_operator_tree(registry())

    conditions = [to_json_logic(condition_of(rule), null_is_zero=False) for rule in RULES]
    each, total = [tree(condition) for condition in conditions], tree(_points(conditions))
    return Contender(
        name="python-jsonlogic",
        form="one tree of operators",
        answers=lambda lead: [bool(evaluate(rule, lead, None)) for rule in each],
        score=lambda lead: evaluate(total, lead, None),
    )


def _with_pointers(rule: Any) -> Any:
    """Write standard JSON Logic as python-jsonlogic reads it: pointers with defaults, two operands a comparison."""
    if isinstance(rule, list):
        return [_with_pointers(item) for item in rule]
    if not isinstance(rule, dict):
        return rule
    ((word, operands),) = rule.items()
    if word == "var":
        return {"var": [f"/{operands.replace('.', '/')}", None]}
    if word == "<=" and len(operands) == 3:  # noqa: PLR2004 - low, field, high
        low, field, high = _with_pointers(operands)
        return {"and": [{"<=": [low, field]}, {"<=": [field, high]}]}
    return {{"===": "==", "!==": "!="}.get(word, word): _with_pointers(operands)}
