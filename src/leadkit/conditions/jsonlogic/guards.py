"""What is asked of a value before it is compared, in rules of JSON Logic on which every engine agrees.

Engines differ in what they coerce, and some raise where others answer. Every rule here uses only what all of them
answer alike for every value: `===`, `cat`, `in`, `merge` and `reduce`. Known by trial, in json-logic-js, datalogic-py,
panzi-json-logic and json-logic-qubit:

- `===` holds between true and 1, false and 0 in one of them, and between `"1d"` and `"24h"`, or two spellings of one
  instant, in another;
- `cat` writes true as `true` or as `True`, and a list of one number as that number;
- `in` does not find empty text in empty text in all of them.
"""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["both", "either", "is_boolean", "is_list", "is_number", "is_text", "negated", "one_text"]

_DIGITS: Final = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "-"]
_BOOLEANS: Final = {True: ["true", "True"], False: ["false", "False"]}
_TIMELY: Final = re.compile(r"\d", re.ASCII)


def both(*rules: Any) -> Any:
    """Join rules that must all hold; they are asked in this order, and the first that fails is the last."""
    wanted = [rule for rule in rules if rule is not True]
    if False in wanted:
        return False
    return (wanted[0] if len(wanted) == 1 else {"and": wanted}) if wanted else True


def either(*rules: Any) -> Any:
    """Join rules of which one must hold."""
    wanted = [rule for rule in rules if rule is not False]
    if True in wanted:
        return True
    return (wanted[0] if len(wanted) == 1 else {"or": wanted}) if wanted else False


def negated(rule: Any) -> Any:
    """Answer the opposite of a rule."""
    return not rule if isinstance(rule, bool) else {"!": [rule]}


def is_text(value: Any) -> Any:
    """Ask whether a value is text: then, and only then, it is its own text."""
    return {"===": [{"cat": [value]}, value]}


def is_list(value: Any) -> Any:
    """Ask whether a value is a list: everything else is the last of the values that it merges into."""
    return {"!==": [value, {"reduce": [{"merge": [value]}, {"var": "current"}, None]}]}


def is_number(value: Any) -> Any:
    """Ask whether a value is a number: neither a list nor text, and written with a digit first, or a minus."""
    first = {"substr": [{"cat": [value]}, 0, 1]}
    return both(negated(is_list(value)), negated(is_text(value)), {"in": [first, _DIGITS]})


def is_boolean(value: Any, *which: bool) -> Any:
    """Ask whether a value is true or false: neither a list nor text, and written so.

    Args:
        value: The value.
        which: Which of the two are meant.
    """
    words = [word for each in which for word in _BOOLEANS[each]]
    return both(negated(is_list(value)), negated(is_text(value)), {"in": [{"cat": [value]}, words]})


def one_text(value: Any, text: str) -> Any:
    """Ask whether a value is a certain text.

    Args:
        value: The value.
        text: The text. One that holds a digit may be a time or a duration to an engine, which then holds it equal to
            others; two texts that are part of each other are equal to every engine.
    """
    if not _TIMELY.search(text):
        return {"===": [value, text]}
    return both(is_text(value), {"in": [value, text]}, {"in": [text, value]})


def may_be_time(text: str) -> bool:
    """Tell whether an engine may take a text for a time or a duration."""
    return _TIMELY.search(text) is not None
