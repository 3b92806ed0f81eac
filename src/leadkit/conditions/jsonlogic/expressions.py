"""Conditions written in Python, with the expressions of the package `jsonlogic-py`: `Variable("score") >= 80`.

The package only writes JSON Logic. It is known here by its shape, and never imported. What it writes is taken from the
expression itself and not from its text, in which null is the text "None".
"""

from __future__ import annotations

import json
from typing import Any, Final

from leadkit.conditions.records import is_list

__all__ = ["TooDeep", "is_expression", "rule_of"]

_PACKAGE: Final = "jsonlogic"


class TooDeep(Exception):
    """An expression holds others deeper than conditions may."""


def is_expression(value: object) -> bool:
    """Tell whether a value is an expression of `jsonlogic-py`.

    Args:
        value: Any value.
    """
    cls = type(value)
    return cls.__module__.partition(".")[0] == _PACKAGE and hasattr(cls, "_prepare")


def rule_of(expression: Any, levels: int) -> Any:
    """Answer the rule of JSON Logic that an expression means.

    Args:
        expression: An expression, a variable, a literal, or a plain value that stands among them.
        levels: How deep expressions may stand inside each other.

    Raises:
        TooDeep: They stand deeper.
    """
    if not is_expression(expression):
        return [rule_of(item, levels) for item in expression] if is_list(expression) and levels else expression
    if levels < 1:
        raise TooDeep
    if hasattr(expression, "_rawval"):
        return rule_of(expression._rawval, levels - 1)  # noqa: SLF001 - nothing else tells None from "None"
    if not hasattr(expression, "on"):
        return json.loads(str(expression))
    first = rule_of(expression.o1, levels - 1)
    others = [rule_of(operand, levels - 1) for operand in expression.on]
    name = str(expression.op)
    # `tags.contains("a")` is written as "a" in tags.
    return {"in": [*others, first]} if name == "contains" else {name: [first, *others]}
