"""Comparisons with instants, written so that ISO text in its usual form is compared as text.

A time that is twenty characters long is written `YYYY-MM-DDThh:mm:ssZ`, or it is none: no other form of the grammar has
that length. Such texts stand in the order of the times that they write, so that one which lies outside of the bounds
needs no reading, and one which lies inside is read only to see that it is a time at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions.operands import Literal, NowOperand, Operand, Pair, Span
from leadkit.values.times import isoformat, read_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadkit.conditions.compiling.source import Program

__all__ = ["instant_test"]

# For each operator, the comparisons that an instant has to pass, each with one of the moments of the operand.
_COMPARISONS: Final[Mapping[str, tuple[str, ...]]] = {
    "==": ("==",),
    ">": (">",),
    ">=": (">=",),
    "<": ("<",),
    "<=": ("<=",),
    "between": (">=", "<="),
    "before": ("<",),
    "after": (">",),
    "within": (">=", "<="),
    "older_than": ("<",),
}
# Whether the text of a bound is that of the second that ends in it or after it, rather than of the one before.
_UPWARD: Final = frozenset({">=", "<"})

# Greater than every time as text, and equal to none.
_BEYOND: Final = "~"
_SECOND: Final = timedelta(seconds=1)


def _fixed(moment: datetime) -> Callable[[datetime], datetime]:
    return lambda _: moment


def _moments(operand: Operand | None) -> tuple[Callable[[datetime], Any], ...] | None:
    """Answer what computes the moments of an operand, None where it has others than instants."""
    match operand:
        case Literal(datetime() as moment):
            return (_fixed(read_instant(moment)),)
        case NowOperand():
            return (lambda now: operand.resolve(None, now),)
        case Span():
            return (lambda now: operand.resolve(None, now)[0], lambda now: now)
        case Pair(low, high):
            ends = (_moments(low), _moments(high))
            return None if ends[0] is None or ends[1] is None else ends[0] + ends[1]
        case _:
            return None


def _text(moment: datetime, symbol: str) -> str:
    """Answer the text with which a time of whole seconds compares as it does with a moment."""
    whole = moment.replace(microsecond=0)
    if moment.microsecond and symbol == "==":
        return _BEYOND
    if moment.microsecond and symbol in _UPWARD:
        try:
            whole += _SECOND
        except OverflowError:
            return _BEYOND
    return isoformat(whole)


def _text_of(compute: Callable[[datetime], Any], symbol: str) -> Callable[[datetime], str]:
    return lambda now: _text(compute(now), symbol)


def instant_test(seen: str, operator: str, operand: Operand | None, slow: str, program: Program) -> str | None:
    """Write the test of a value against an operand of instants, None where this operand has others.

    Args:
        seen: The name of the value.
        operator: The operator.
        operand: Its operand.
        slow: What answers for any other value than a datetime in UTC and a text of the usual form.
        program: Gives out the names.
    """
    moments = _moments(operand)
    if moments is None or operator not in _COMPARISONS:
        return None
    as_text: list[str] = []
    as_time: list[str] = []
    for index, (symbol, compute) in enumerate(zip(_COMPARISONS[operator], moments, strict=False)):
        text = program.moment((operand, index, symbol), _text_of(compute, symbol))
        as_text.append(f"{seen} {symbol} {text}")
        as_time.append(f"{seen} {symbol} {program.moment((operand, index), compute)}")
    # What is no time after all, such as the 30th of February, is refused by `read`, which raises.
    is_time = f"{seen}[4::3] == WIRE and read({seen}) is not None" if program.hopeful else slow
    of_text = f"{' and '.join(as_text)} and {is_time}"
    in_utc = f"type({seen}) is datetime and {seen}.tzinfo is UTC"
    of_time = f"{' and '.join(as_time)} if {in_utc} else {seen} is not None and {slow}"
    if program.hopeful and "==" not in _COMPARISONS[operator]:
        # Times of other zones stand in the same order; Python only holds equal ones unequal in a repeated hour.
        of_time = f"{seen} is not None and {' and '.join(as_time)} and ({in_utc} or {slow})"
    return f"(({of_text} if len({seen}) == 20 else {slow}) if type({seen}) is str else {of_time})"
