"""The kinds of value, and how two values compare: strictly, never by conversion, and without ever raising.

Text, numbers, booleans and instants are scalars; values of different kinds are never equal and have no order. What
is of no kind (NaN, infinity, a naive date-time, a set) equals nothing, itself included, but is not missing.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from leadkit.conditions.records import LISTS, is_list, is_record
from leadkit.values.times import midnight, parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "SCALARS",
    "Kind",
    "Members",
    "Scalar",
    "aligned",
    "as_instant",
    "instant_of",
    "kind_of",
    "lowered",
    "ordered",
    "same",
]

Scalar: TypeAlias = str | int | float | bool | datetime
"""A value that a condition can be written with."""


class Kind(StrEnum):
    """What sort of value a field holds."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    LIST = "list"
    OBJECT = "object"


SCALARS: Final = frozenset({Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.INSTANT})

# Values of one and the same class in this set compare as they are.
_DIRECT: Final = frozenset({str, int, bool})
# Values of these classes compare with each other as they are, when they are finite.
_BINARY: Final = frozenset({int, float})


def kind_of(value: object) -> Kind | None:
    """Answer the kind of a value, or None when it is of no kind.

    Args:
        value: Any value.

    Example:
        >>> kind_of(True), kind_of(float("nan"))
        (<Kind.BOOLEAN: 'boolean'>, None)
    """
    known = _plain(value)
    if known is not None:
        return known[0]
    if isinstance(value, LISTS):
        return Kind.LIST
    return Kind.OBJECT if is_record(value) else None


def _plain(value: object) -> tuple[Kind, Any] | None:
    """Answer the kind of a scalar and the form in which it compares; None for whatever is no scalar."""
    if isinstance(value, str):
        return Kind.TEXT, value
    if isinstance(value, bool):
        return Kind.BOOLEAN, value
    if isinstance(value, int):
        return Kind.NUMBER, value
    if isinstance(value, float):
        return (Kind.NUMBER, value) if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return (Kind.NUMBER, value) if value.is_finite() else None
    if isinstance(value, date):
        moment = _in_utc(value)
        return None if moment is None else (Kind.INSTANT, moment)
    return None


def _in_utc(value: date) -> datetime | None:
    if not isinstance(value, datetime):
        return midnight(value)
    if value.tzinfo is UTC:
        return value
    try:
        # Converted rather than compared across zones: Python holds a repeated hour unequal to every time elsewhere.
        return None if value.utcoffset() is None else value.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def aligned(seen: object, expected: object) -> tuple[Any, Any] | None:
    """Answer two scalars of one kind in forms that Python compares exactly, or None when they do not compare.

    Args:
        seen: One value.
        expected: The other.

    Example:
        >>> aligned(Decimal("0.1"), 0.1)
        (Decimal('0.1'), Decimal('0.1'))
        >>> aligned("10", 9) is None
        True
    """
    cls, other = type(seen), type(expected)
    # The two ways that nearly all comparisons go; the third one answers for them just the same.
    if cls is other and cls in _DIRECT:
        return seen, expected
    if cls in _BINARY and other in _BINARY:
        return (seen, expected) if _finite(seen) and _finite(expected) else None
    left, right = _plain(seen), _plain(expected)
    if left is None or right is None or left[0] is not right[0]:
        return None
    return _number(left[1], right[1]), _number(right[1], left[1])


def _finite(value: Any) -> bool:
    # `math.isfinite` raises for an int that no float can hold.
    return bool(-math.inf < value < math.inf)


def _number(value: Any, other: Any) -> Any:
    # A float meets a Decimal as the shortest text that means it: 0.1 is one tenth, as whoever wrote it meant.
    if isinstance(value, float) and isinstance(other, Decimal):
        return Decimal(float.__repr__(value))
    return value


def same(seen: object, expected: object) -> bool:
    """Tell whether two scalars are equal; lists and objects are equal to nothing.

    Args:
        seen: One value.
        expected: The other.

    Example:
        >>> same(1, 1.0), same(True, 1), same("1", 1)
        (True, False, False)
    """
    pair = aligned(seen, expected)
    return pair is not None and bool(pair[0] == pair[1])


def ordered(seen: object, expected: object) -> tuple[Any, Any] | None:
    """Answer two values of one kind that has an order, or None; booleans have none.

    Args:
        seen: One value.
        expected: The other.
    """
    pair = aligned(seen, expected)
    return None if pair is None or isinstance(pair[0], bool) else pair


def instant_of(value: object) -> datetime | None:
    """Answer an instant, given as one or as ISO text, in UTC; None for anything else.

    Args:
        value: Any value.

    Example:
        >>> instant_of("2026-11-24"), instant_of(datetime(2026, 11, 24))
        (datetime.datetime(2026, 11, 24, 0, 0, tzinfo=datetime.timezone.utc), None)
    """
    if isinstance(value, str):
        return parse_instant(value)
    return _in_utc(value) if isinstance(value, date) else None


def as_instant(value: Any) -> Any:
    """Answer ISO text as the instant that it writes, a list with its items read so, anything else as it is.

    Args:
        value: Any value.

    Example:
        >>> as_instant("2026-11-24").day, as_instant("soon")
        (24, 'soon')
    """
    if isinstance(value, str):
        moment = parse_instant(value)
        return value if moment is None else moment
    if is_list(value):
        return [as_instant(item) if isinstance(item, str) else item for item in value]
    return value


def lowered(value: Any) -> Any:
    """Answer text in lower case, a list with its texts so, anything else as it is.

    Args:
        value: Any value.

    Example:
        >>> lowered("Berlin"), lowered(["A", 1])
        ('berlin', ['a', 1])
    """
    if isinstance(value, str):
        return value.lower()
    if is_list(value):
        return [item.lower() if isinstance(item, str) else item for item in value]
    return value


class Members:
    """A fixed set of scalars that is asked for membership in constant time, by the same equality as `same`.

    Args:
        values: The scalars.

    Example:
        >>> Members(["new", 1]).has(Decimal(1)), Members([1]).has(True)
        (True, False)
    """

    __slots__ = ("_decimals", "_has_instants", "_sets")

    def __init__(self, values: Iterable[Scalar]) -> None:
        sets: dict[Kind, set[Any]] = {kind: set() for kind in SCALARS}
        for value in values:
            known = _plain(value)
            if known is not None:
                sets[known[0]].add(known[1])
        self._sets = {kind: frozenset(found) for kind, found in sets.items()}
        self._has_instants = bool(sets[Kind.INSTANT])
        self._decimals = frozenset(_number(value, Decimal()) for value in sets[Kind.NUMBER])

    def has(self, value: object) -> bool:
        """Tell whether a value equals one of the members.

        ISO text also equals a declared instant, as it does under `==`.

        Args:
            value: Any value.
        """
        known = _plain(value)
        if known is None:
            return False
        kind, plain = known
        if kind is Kind.NUMBER and isinstance(plain, Decimal):
            return plain in self._decimals
        if plain in self._sets[kind]:
            return True
        return kind is Kind.TEXT and self._has_instants and parse_instant(plain) in self._sets[Kind.INSTANT]
