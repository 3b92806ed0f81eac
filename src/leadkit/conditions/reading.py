"""Reading: from JSON to the tree, with every fault found, placed, and told with what is possible instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadkit.conditions.bounds import too_deep, within_bounds
from leadkit.conditions.json_text import load_json
from leadkit.conditions.jsonlogic.expressions import TooDeep, is_expression, rule_of
from leadkit.conditions.reading_forms import Reader
from leadkit.conditions.vocabulary import DEFAULT, Vocabulary
from leadkit.errors import Fault, RuleErrors

if TYPE_CHECKING:
    from leadkit.conditions.ast import Condition

__all__ = ["collect", "read_condition", "read_condition_json"]


def collect(data: Any, at: str, faults: list[Fault], vocabulary: Vocabulary = DEFAULT) -> Condition | None:
    """Read a condition that is part of a larger document; answer None, with its faults added, when it has any.

    Args:
        data: Plain JSON values.
        at: The JSON path of the condition in the document.
        faults: Where faults are added.
        vocabulary: The words and limits to go by.

    Raises:
        MissingExtra: It uses `matches`, and google-re2 is not installed.

    Example:
        >>> faults = []
        >>> collect({"field": "score", "op": "=>", "value": 50}, "$.rules[3].if", faults) is None
        True
        >>> print(faults[0])
        $.rules[3].if.op: unknown operator `=>`; did you mean `>=`?
    """
    if is_expression(data):
        try:
            data = {"jsonlogic": rule_of(data, vocabulary.limits.depth + 1)}
        except TooDeep:
            faults.append(too_deep(vocabulary.limits, at))
            return None
    if not within_bounds(data, at, faults, vocabulary.limits):
        return None
    return Reader(vocabulary, faults).read(data, at)


def read_condition(data: Any, *, vocabulary: Vocabulary = DEFAULT, at: str = "$") -> Condition:
    """Read a condition.

    Args:
        data: Plain JSON values; in Python also dates and aware date-times, or an expression of `jsonlogic-py`.
        vocabulary: The words and limits to go by.
        at: The JSON path that faults begin with.

    Raises:
        RuleErrors: With every fault and its place.
        MissingExtra: It uses `matches`, and google-re2 is not installed.

    Example:
        >>> read_condition({"field": "score", "op": "gte", "value": 50}).operator
        '>='
        >>> read_condition({"and": [{"field": "score", "op": ">=", "value": "50"}, {"fild": "status"}]})
        Traceback (most recent call last):
        leadkit.errors.RuleErrors: $.and[1].fild: unknown key; did you mean `field`?
    """
    faults: list[Fault] = []
    return _accepted(collect(data, at, faults, vocabulary), faults)


def read_condition_json(text: str | bytes, *, vocabulary: Vocabulary = DEFAULT, at: str = "$") -> Condition:
    """Read a condition from JSON text, however hostile.

    Args:
        text: The JSON, as text or as UTF-8.
        vocabulary: The words and limits to go by.
        at: The JSON path that faults begin with.

    Raises:
        RuleErrors: With every fault and its place.
        MissingExtra: It uses `matches`, and google-re2 is not installed.

    Example:
        >>> read_condition_json('{"not": ' * 10_000)
        Traceback (most recent call last):
        leadkit.errors.RuleErrors: $: conditions may stand 32 deep inside each other
    """
    faults: list[Fault] = []
    data = load_json(text, at, faults, vocabulary.limits)
    return _accepted(None if faults else collect(data, at, faults, vocabulary), faults)


def _accepted(condition: Condition | None, faults: list[Fault]) -> Condition:
    if condition is None:
        raise RuleErrors(faults=tuple(faults))
    return condition
