"""What a field is compared with: literals, another field, a time relative to now, a duration.

Operands are frozen and hashable, and are resolved when a condition is read: nothing is parsed while it is
evaluated.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from leadkit.conditions.kinds import Kind, Scalar, kind_of

if TYPE_CHECKING:
    from datetime import datetime

    from leadkit.conditions.paths import Path
    from leadkit.values.times import Duration

__all__ = [
    "Basic",
    "FieldOperand",
    "Literal",
    "Literals",
    "NowOperand",
    "Operand",
    "Pair",
    "Pattern",
    "Span",
    "literals_in",
    "operand_fields",
    "window",
]


def _told_apart(value: Scalar) -> tuple[Kind | None, Scalar]:
    # Python holds True equal to 1; as literals they are different conditions.
    return kind_of(value), value


def _each_told_apart(values: tuple[Scalar, ...]) -> tuple[tuple[Kind | None, Scalar], ...]:
    return tuple(map(_told_apart, values))


@functools.lru_cache(maxsize=1024)
def window(duration: Duration, as_of: datetime) -> tuple[datetime, datetime]:
    """Answer the window that a duration opens before now: its start and its end.

    Calendar arithmetic is slow and a ruleset asks for few windows, at one `as_of`, for many leads.

    Args:
        duration: How far back it reaches.
        as_of: Now.
    """
    return duration.before(as_of), as_of


@attrs.frozen
class Literal:
    """One scalar; an instant when it was declared one, or stands under an operator of time.

    Example:
        >>> Literal(1) == Literal(True)
        False
    """

    value: Scalar = attrs.field(eq=_told_apart)

    def resolve(self, _record: Any, _as_of: datetime) -> Any:
        """Answer the value."""
        return self.value


@attrs.frozen
class Literals:
    """A list of scalars, for `in` and `not_in`."""

    values: tuple[Scalar, ...] = attrs.field(eq=_each_told_apart)


@attrs.frozen
class Pattern:
    """A regular expression, for `matches`."""

    text: str


@attrs.frozen
class Span:
    """A duration, for `within` and `older_than`."""

    duration: Duration

    def resolve(self, _record: Any, as_of: datetime) -> Any:
        """Answer the window that the duration opens before now."""
        return window(self.duration, as_of)


@attrs.frozen
class FieldOperand:
    """Another field of the same record."""

    path: Path

    def resolve(self, record: Any, _as_of: datetime) -> Any:
        """Answer what the field holds, None when it is missing."""
        return self.path.find(record)


@attrs.frozen
class NowOperand:
    """A time relative to now.

    Attributes:
        offset: How far from now.
        ahead: Whether it lies in the future.
    """

    offset: Duration
    ahead: bool = False

    def resolve(self, _record: Any, as_of: datetime) -> Any:
        """Answer the instant."""
        return self.offset.after(as_of) if self.ahead else window(self.offset, as_of)[0]


Basic: TypeAlias = Literal | FieldOperand | NowOperand
"""What stands for a single value."""


@attrs.frozen
class Pair:
    """The two ends of `between`."""

    low: Basic
    high: Basic

    def resolve(self, record: Any, as_of: datetime) -> Any:
        """Answer both ends, None when one of them is missing."""
        low, high = self.low.resolve(record, as_of), self.high.resolve(record, as_of)
        return None if low is None or high is None else (low, high)


Operand: TypeAlias = Basic | Literals | Pattern | Span | Pair
"""What stands under `value`."""


def operand_fields(operand: Operand | None) -> tuple[Path, ...]:
    """Answer the fields that an operand names.

    Args:
        operand: Any operand.
    """
    match operand:
        case FieldOperand(path):
            return (path,)
        case Pair(low, high):
            return operand_fields(low) + operand_fields(high)
        case _:
            return ()


def literals_in(operand: Operand | None) -> tuple[Scalar, ...]:
    """Answer the values that are written in an operand.

    Args:
        operand: Any operand.
    """
    match operand:
        case Literal(value):
            return (value,)
        case Literals(values):
            return values
        case Pair(low, high):
            return literals_in(low) + literals_in(high)
        case _:
            return ()
