"""How JSON Logic sees values: by the coercions of JavaScript, in which its reference is written.

Instants are their ISO text; what JSON cannot hold (a set, an object without fields) is an object without members.
Nothing here raises, whatever it is given, unless the run has done too much already: the longer a text or a list is,
the more it costs.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions.kinds import instant_of, same
from leadkit.conditions.records import is_list
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from leadkit.conditions.jsonlogic.running import Run

__all__ = [
    "UNDEFINED",
    "aligned",
    "loosely_equal",
    "number_of",
    "parsed",
    "plain",
    "strictly_equal",
    "text_of",
    "truthy",
]


class _Undefined:
    """What an argument is that was not written."""

    __slots__ = ()


UNDEFINED: Final = _Undefined()
"""Stands for an argument that was not written; unlike null, it is no number at all."""

_DECIMAL: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_INFINITE: Final = re.compile(r"([+-]?)Infinity")
_OTHER_BASE: Final = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)", re.ASCII)
# What JavaScript strips from the ends of text before it looks for a number.
_SPACE: Final = " \t\n\v\f\r\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
# Above this, a number is a double and no longer exact.
_MOST_EXACT: Final = 2**53
_MOST_PLAIN: Final = 1e21
_LEAST_PLAIN: Final = 1e-6
_MOST_LEVELS: Final = 32
# So much of a text costs as much as an operation: to read it, and to compare it.
_READ: Final = 64
_COMPARED: Final = 512


def plain(value: Any) -> Any:
    """Answer a value as JSON Logic sees it: an instant as text, anything else as it is.

    Args:
        value: A value of a record.

    Example:
        >>> from datetime import UTC
        >>> plain(datetime(2026, 11, 24, 12, tzinfo=UTC)), plain([1])
        ('2026-11-24T12:00:00Z', [1])
    """
    if isinstance(value, datetime):
        moment = instant_of(value)
        return value.isoformat() if moment is None else isoformat(moment)
    return value.isoformat() if isinstance(value, date) else value


def truthy(value: Any) -> bool:
    """Tell whether a value counts as true: all but null, false, zero, NaN, empty text and an empty list do.

    Args:
        value: Any value.

    Example:
        >>> truthy("0"), truthy([]), truthy({})
        (True, False, True)
    """
    if _is_absent(value) or isinstance(value, bool):
        return value is True
    if isinstance(value, str) or is_list(value):
        return len(value) > 0
    if _is_number(value):
        number = _double(value)
        return not math.isnan(number) and number != 0
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | Decimal)


def _double(value: float | Decimal) -> int | float:
    if isinstance(value, int) and -_MOST_EXACT <= value <= _MOST_EXACT:
        return int(value)
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except ValueError:
        # A Decimal that signals.
        return math.nan


def number_of(value: Any, run: Run) -> int | float:
    """Answer the number that a value stands for, NaN when it stands for none: `Number(value)` of JavaScript.

    Args:
        value: Any value.
        run: What the work counts towards.

    Example:
        >>> from leadkit.conditions.jsonlogic.running import Run
        >>> [number_of(value, Run()) for value in (" 12 ", None, True, [], "1x")]
        [12, 0, 1, 0, nan]
    """
    if value is None:
        return 0
    if _is_scalar(value) and not isinstance(value, str):
        return _double(value)
    if not isinstance(value, str):
        return number_of(text_of(value, run), run) if is_list(value) else math.nan
    run.spend(len(value) // _READ)
    text = value.strip(_SPACE)
    if not text:
        return 0
    if _DECIMAL.fullmatch(text):
        return _whole(float(text))
    if _OTHER_BASE.fullmatch(text):
        return _double(int(text, 0))
    infinite = _INFINITE.fullmatch(text)
    return math.nan if infinite is None else float(f"{infinite[1]}inf")


def parsed(value: Any, run: Run) -> int | float:
    """Answer the number with which the text of a value begins, NaN when there is none: `parseFloat` of JavaScript.

    Args:
        value: Any value.
        run: What the work counts towards.

    Example:
        >>> from leadkit.conditions.jsonlogic.running import Run
        >>> [parsed(value, Run()) for value in ("12 pieces", None, True)]
        [12, nan, nan]
    """
    if _is_number(value):
        return _double(value)
    text = text_of(value, run).lstrip(_SPACE)
    run.spend(len(text) // _READ)
    match = _DECIMAL.match(text)
    if match is not None:
        return _whole(float(match[0]))
    infinite = _INFINITE.match(text)
    return math.nan if infinite is None else float(f"{infinite[1]}inf")


def _whole(number: float) -> int | float:
    return int(number) if abs(number) <= _MOST_EXACT and number.is_integer() else number


def text_of(value: Any, run: Run) -> str:
    """Write a value as text: `String(value)` of JavaScript.

    Args:
        value: Any value.
        run: What the work counts towards.

    Example:
        >>> from leadkit.conditions.jsonlogic.running import Run
        >>> [text_of(value, Run()) for value in (1.0, [1, None, "a"], {}, None)]
        ['1', '1,,a', '[object Object]', 'null']
    """
    return _written(value, _MOST_LEVELS, run)


def _written(value: Any, levels: int, run: Run) -> str:
    value = plain(value)
    if isinstance(value, str):
        return str.__str__(value)
    if _is_absent(value):
        return "null" if value is None else "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if _is_number(value):
        return _number_text(value)
    if not is_list(value):
        return "[object Object]"
    run.spend(len(value))
    # What is deeper than anybody writes is left out: a list may hold itself.
    return ",".join("" if item is None else _written(item, levels - 1, run) for item in (value if levels else ()))


def _number_text(value: Any) -> str:
    number = _double(value)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    if _LEAST_PLAIN <= abs(number) < _MOST_PLAIN:
        return format(Decimal(repr(number)), "f").removesuffix(".0")
    mantissa, _, exponent = repr(number).partition("e")
    return f"{mantissa}e{'-' if exponent[0] == '-' else '+'}{exponent.lstrip('+-').lstrip('0')}"


def strictly_equal(one: Any, other: Any, run: Run) -> bool:
    """Tell whether two values are equal and of one kind: `===` of JavaScript.

    Args:
        one: A value.
        other: Another; a list or an object equals nothing but itself.
        run: What the work counts towards.

    Example:
        >>> from leadkit.conditions.jsonlogic.running import Run
        >>> strictly_equal(1, 1.0, Run()), strictly_equal(1, "1", Run()), strictly_equal([], [], Run())
        (True, False, False)
    """
    if not (_is_scalar(one) and _is_scalar(other)):
        return one is other
    if isinstance(one, str):
        run.spend(len(one) // _COMPARED)
    return same(one, other)


def loosely_equal(one: Any, other: Any, run: Run) -> bool:
    """Tell whether two values are equal once coerced: `==` of JavaScript.

    Args:
        one: A value.
        other: Another.
        run: What the work counts towards.

    Example:
        >>> from leadkit.conditions.jsonlogic.running import Run
        >>> [loosely_equal(*pair, Run()) for pair in ((1, "1"), (0, False), (None, 0), (["new"], "new"))]
        [True, True, False, True]
    """
    if _is_absent(one) or _is_absent(other):
        return _is_absent(one) and _is_absent(other)
    if not _is_scalar(one) and not _is_scalar(other):
        return one is other
    left, right = _primitive(one, run), _primitive(other, run)
    if isinstance(left, str) and isinstance(right, str):
        run.spend(len(left) // _COMPARED)
        return left == right
    return number_of(left, run) == number_of(right, run)


def _is_absent(value: Any) -> bool:
    return value is None or value is UNDEFINED


def _primitive(value: Any, run: Run) -> Any:
    return value if _is_absent(value) or _is_scalar(value) else text_of(value, run)


def aligned(one: Any, other: Any, run: Run) -> tuple[Any, Any] | None:
    """Answer two values as JavaScript puts them in order: both as text, or both as numbers; None where one is NaN.

    Args:
        one: A value.
        other: Another.
        run: What the work counts towards.

    Example:
        >>> from leadkit.conditions.jsonlogic.running import Run
        >>> [aligned(*pair, Run()) for pair in (("10", 9), ("10", "9"), (None, 14), ("ten", 9))]
        [(10, 9), ('10', '9'), (0, 14), None]
    """
    left, right = _primitive(one, run), _primitive(other, run)
    if isinstance(left, str) and isinstance(right, str):
        run.spend(len(left) // _COMPARED)
        return left, right
    numbers = number_of(left, run), number_of(right, run)
    return None if math.isnan(numbers[0]) or math.isnan(numbers[1]) else numbers
