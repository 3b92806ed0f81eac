"""What the operations of JSON Logic compute of arguments that are known: pure, and total but for `throw`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions.jsonlogic.members import ABSENT, found
from leadkit.conditions.jsonlogic.running import Thrown
from leadkit.conditions.jsonlogic.values import (
    UNDEFINED,
    aligned,
    loosely_equal,
    number_of,
    parsed,
    plain,
    strictly_equal,
    text_of,
    truthy,
)
from leadkit.conditions.records import is_list, is_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leadkit.conditions.jsonlogic.running import Run

__all__ = [
    "add",
    "at_least",
    "at_most",
    "concatenate",
    "contains",
    "differ",
    "differ_strictly",
    "divide",
    "greatest",
    "least",
    "less",
    "merge",
    "missing",
    "missing_some",
    "more",
    "multiply",
    "negation",
    "remainder",
    "substring",
    "subtract",
    "throw",
    "truth",
    "unchanged",
]

_MOST_EXACT: Final = 2**53
# So much of a text, and so many items of a list, are as much work as an operation.
_PIECE: Final = 32
_ITEMS: Final = 2


def argument(arguments: Sequence[Any], index: int) -> Any:
    """Answer an argument, or what stands for one that was not written."""
    return arguments[index] if index < len(arguments) else UNDEFINED


# --- order ------------------------------------------------------------------------------------------------------------


def less(one: Any, other: Any, run: Run) -> bool:
    """Tell whether a value comes before another."""
    pair = aligned(one, other, run)
    return pair is not None and bool(pair[0] < pair[1])


def at_most(one: Any, other: Any, run: Run) -> bool:
    """Tell whether a value comes before another, or equals it."""
    pair = aligned(one, other, run)
    return pair is not None and bool(pair[0] <= pair[1])


def more(one: Any, other: Any, run: Run) -> bool:
    """Tell whether a value comes after another."""
    return less(other, one, run)


def at_least(one: Any, other: Any, run: Run) -> bool:
    """Tell whether a value comes after another, or equals it."""
    return at_most(other, one, run)


# --- difference -------------------------------------------------------------------------------------------------------


def differ(one: Any, other: Any, run: Run) -> bool:
    """Tell whether two values are not equal, even when coerced."""
    return not loosely_equal(one, other, run)


def differ_strictly(one: Any, other: Any, run: Run) -> bool:
    """Tell whether two values are not equal, or of different kinds."""
    return not strictly_equal(one, other, run)


# --- truth ------------------------------------------------------------------------------------------------------------


def truth(arguments: Sequence[Any], _run: Run) -> bool:
    """Tell whether a value counts as true."""
    return truthy(argument(arguments, 0))


def negation(arguments: Sequence[Any], _run: Run) -> bool:
    """Tell whether a value counts as false."""
    return not truthy(argument(arguments, 0))


def unchanged(arguments: Sequence[Any], _run: Run) -> Any:
    """Answer the value; nothing is written to any log."""
    return argument(arguments, 0)


# --- numbers ----------------------------------------------------------------------------------------------------------


def _counted(number: float, run: Run) -> int | float:
    """Answer a result as a number of JSON has it; where a `try` is under way, one that is no number fails."""
    if not math.isfinite(number):
        if run.trying:
            raise Thrown({"type": "NaN"})
        return number
    whole = abs(number) <= _MOST_EXACT and number == int(number)
    # The zero below zero stays what it is: something divided by it is less than anything.
    return int(number) if whole and (number or math.copysign(1, number) > 0) else float(number)


def _chained(
    arguments: Sequence[Any],
    run: Run,
    step: Callable[[float, float], float],
    read: Callable[[Any, Run], float] = number_of,
) -> int | float:
    result = read(arguments[0], run)
    for value in arguments[1:]:
        result = step(result, read(value, run))
    return _counted(result, run)


def add(arguments: Sequence[Any], run: Run) -> int | float:
    """Add up numbers; one argument is turned into a number."""
    return _chained([0, *arguments], run, lambda one, other: one + other, parsed)


def multiply(arguments: Sequence[Any], run: Run) -> Any:
    """Multiply numbers; one argument is answered as it is."""
    if len(arguments) == 1:
        return arguments[0]
    return _chained(arguments or [1], run, lambda one, other: float(one) * other, parsed)


def subtract(arguments: Sequence[Any], run: Run) -> int | float:
    """Subtract one number after the other; one argument is negated."""
    operands = arguments if len(arguments) > 1 else [0, argument(arguments, 0)]
    return _chained(operands, run, lambda one, other: one - other)


def divide(arguments: Sequence[Any], run: Run) -> int | float:
    """Divide by one number after the other; one argument is inverted."""
    operands = arguments if len(arguments) > 1 else [1, argument(arguments, 0)]
    return _chained(operands, run, _quotient)


def _quotient(one: float, other: float) -> float:
    if other != 0:
        return one / other
    if math.isnan(one) or one == 0:
        return math.nan
    return math.copysign(math.inf, one) * math.copysign(1, other)


def remainder(arguments: Sequence[Any], run: Run) -> int | float:
    """Answer what division leaves, with the sign of the dividend; by one number after the other."""
    operands = arguments if len(arguments) > 1 else [argument(arguments, 0), UNDEFINED]
    return _chained(
        operands, run, lambda one, other: math.nan if other == 0 or math.isinf(one) else math.fmod(one, other)
    )


def greatest(arguments: Sequence[Any], run: Run) -> int | float:
    """Answer the greatest number."""
    numbers = [number_of(value, run) for value in arguments]
    return _counted(math.nan if any(map(math.isnan, numbers)) else max(numbers, default=-math.inf), run)


def least(arguments: Sequence[Any], run: Run) -> int | float:
    """Answer the least number."""
    numbers = [number_of(value, run) for value in arguments]
    return _counted(math.nan if any(map(math.isnan, numbers)) else min(numbers, default=math.inf), run)


# --- text and lists ---------------------------------------------------------------------------------------------------


def concatenate(arguments: Sequence[Any], run: Run) -> str:
    """Join texts."""
    text = "".join("" if value is None or value is UNDEFINED else text_of(value, run) for value in arguments)
    run.spend(len(text) // _PIECE)
    return text


def substring(arguments: Sequence[Any], run: Run) -> str:
    """Answer a part of a text: from a position, counted from the end when negative, of a length, less when negative."""
    text = text_of(argument(arguments, 0), run)
    run.spend(len(text) // _PIECE)
    start = _position(argument(arguments, 1), len(text), run)
    part = text[max(len(text) + start, 0) if start < 0 else start :]
    length = argument(arguments, 2)
    if length is UNDEFINED:
        return part
    wanted = _position(length, len(text), run)
    return part[: max(len(part) + wanted, 0) if wanted < 0 else wanted]


def _position(value: Any, most: int, run: Run) -> int:
    number = number_of(value, run)
    return 0 if math.isnan(number) else int(max(min(number, most), -most))


def contains(arguments: Sequence[Any], run: Run) -> bool:
    """Tell whether a text holds another, or a list holds a value."""
    wanted, where = argument(arguments, 0), argument(arguments, 1)
    if isinstance(where, str):
        run.spend(len(where) // _PIECE)
        return bool(where) and text_of(wanted, run) in where
    if not is_list(where):
        return False
    run.spend(len(where) // _ITEMS)
    if isinstance(wanted, str):
        # Text among texts is what is asked nearly always; the loop below answers the same.
        texts = [item for item in where if type(item) is str]
        if len(texts) == len(where):
            return wanted in texts
    return any(strictly_equal(plain(item), wanted, run) for item in where)


def merge(arguments: Sequence[Any], run: Run) -> list[Any]:
    """Put lists, and values that are none, into one list."""
    merged: list[Any] = []
    for value in arguments:
        merged.extend(value if is_list(value) else (value,))
        run.spend(len(merged) // _ITEMS)
    return merged


# --- data -------------------------------------------------------------------------------------------------------------


def missing(keys: Sequence[Any], data: Any, run: Run, *, root: bool) -> list[Any]:
    """Answer the keys whose values are null, or empty text, or not there."""
    # To look a key up is as much work as two operations.
    run.spend(2 * len(keys))
    return [key for key in keys if _is_missing(found(data, segments_of(key, run), root=root))]


def _is_missing(value: Any) -> bool:
    return value is None or value is ABSENT or (isinstance(value, str) and not value)


def segments_of(key: Any, run: Run) -> tuple[str, ...]:
    """Answer the segments of a path with dots; none for the data itself."""
    if key is None or key is UNDEFINED or (isinstance(key, str) and not key):
        return ()
    text = text_of(key, run)
    run.spend(len(text) // _PIECE)
    return tuple(text.split("."))


def missing_some(arguments: Sequence[Any], data: Any, run: Run, *, root: bool) -> list[Any]:
    """Answer the keys that are missing, unless as many as are needed are there."""
    options = argument(arguments, 1)
    keys = options if is_list(options) else () if options is UNDEFINED else (options,)
    lacking = missing(keys, data, run, root=root)
    return [] if len(keys) - len(lacking) >= number_of(argument(arguments, 0), run) else lacking


def throw(arguments: Sequence[Any], _run: Run) -> Any:
    """Fail with an error: an object as it is, anything else as the type of one."""
    value = argument(arguments, 0)
    raise Thrown(value if is_mapping(value) else {"type": None if value is UNDEFINED else value})
