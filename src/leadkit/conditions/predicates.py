"""What the operators mean: each a pure, total function of a value that is there and the operand.

None of them raises, whatever it is given; a value of the wrong kind satisfies nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadkit.conditions.kinds import Members, instant_of, ordered, same
from leadkit.conditions.patterns import searches
from leadkit.conditions.records import is_list

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "after",
    "among",
    "at_least",
    "at_most",
    "before",
    "between",
    "contains",
    "differs",
    "ends",
    "is_missing",
    "is_there",
    "less",
    "matches",
    "more",
    "not_among",
    "not_contains",
    "older",
    "starts",
    "within",
]


def more(seen: Any, expected: Any) -> bool:
    """Tell whether a value is greater than another of its kind."""
    pair = ordered(seen, expected)
    return pair is not None and bool(pair[0] > pair[1])


def at_least(seen: Any, expected: Any) -> bool:
    """Tell whether a value is greater than another of its kind, or equal to it."""
    pair = ordered(seen, expected)
    return pair is not None and bool(pair[0] >= pair[1])


def less(seen: Any, expected: Any) -> bool:
    """Tell whether a value is less than another of its kind."""
    pair = ordered(seen, expected)
    return pair is not None and bool(pair[0] < pair[1])


def at_most(seen: Any, expected: Any) -> bool:
    """Tell whether a value is less than another of its kind, or equal to it."""
    pair = ordered(seen, expected)
    return pair is not None and bool(pair[0] <= pair[1])


def between(seen: Any, expected: Any) -> bool:
    """Tell whether a value lies between two others, or equals one of them."""
    low, high = expected
    return at_least(seen, low) and at_most(seen, high)


def among(seen: Any, expected: Any) -> bool:
    """Tell whether a value is one of several."""
    if isinstance(expected, Members):
        return expected.has(seen)
    return is_list(expected) and _holds_item(expected, seen)


def contains(seen: Any, expected: Any) -> bool:
    """Tell whether a text holds another, or a list holds a value."""
    if isinstance(seen, str):
        return isinstance(expected, str) and expected in seen
    return is_list(seen) and _holds_item(seen, expected)


def _holds_item(items: Iterable[Any], value: Any) -> bool:
    for item in items:  # noqa: SIM110 - a generator costs half again as much
        if same(item, value):
            return True
    return False


def starts(seen: Any, expected: Any) -> bool:
    """Tell whether a text begins with another."""
    return isinstance(seen, str) and isinstance(expected, str) and seen.startswith(expected)


def ends(seen: Any, expected: Any) -> bool:
    """Tell whether a text ends with another."""
    return isinstance(seen, str) and isinstance(expected, str) and seen.endswith(expected)


def matches(seen: Any, expected: Any) -> bool:
    """Tell whether a pattern matches anywhere in a text."""
    return isinstance(seen, str) and searches(expected, seen)


def is_there(_seen: Any, _expected: Any) -> bool:
    """Tell that there is a value, which is all that is asked."""
    return True


def before(seen: Any, expected: Any) -> bool:
    """Tell whether an instant, or ISO text, lies before another."""
    moment, other = instant_of(seen), instant_of(expected)
    return moment is not None and other is not None and moment < other


def after(seen: Any, expected: Any) -> bool:
    """Tell whether an instant, or ISO text, lies after another."""
    moment, other = instant_of(seen), instant_of(expected)
    return moment is not None and other is not None and moment > other


def within(seen: Any, expected: Any) -> bool:
    """Tell whether an instant, or ISO text, lies in the window before now: its start and its end."""
    moment = instant_of(seen)
    return moment is not None and bool(expected[0] <= moment <= expected[1])


def older(seen: Any, expected: Any) -> bool:
    """Tell whether an instant, or ISO text, lies before the window."""
    moment = instant_of(seen)
    return moment is not None and bool(moment < expected[0])


def differs(seen: Any, expected: Any) -> bool:
    """Tell whether a value is not the same as another."""
    return not same(seen, expected)


def not_among(seen: Any, expected: Any) -> bool:
    """Tell whether a value is none of several."""
    return not among(seen, expected)


def not_contains(seen: Any, expected: Any) -> bool:
    """Tell whether a text does not hold another, or a list does not hold a value."""
    return not contains(seen, expected)


def is_missing(_seen: Any, _expected: Any) -> bool:
    """Tell that there is no value, which is never so of a value that is there."""
    return False
