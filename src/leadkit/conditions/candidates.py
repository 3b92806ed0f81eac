"""The values worth trying in a field: those at which a clause that asks of it can turn, the smallest change first.

Nothing about operators is said twice: what is compared with, and what lies just beside it, is tried, and the
interpreter answers whether a clause turns there.
"""

from __future__ import annotations

import itertools
import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from leadkit.conditions.ast import Comparison, Items
from leadkit.conditions.evaluating import NO_RELATED, holds
from leadkit.conditions.kinds import SCALARS, Kind, instant_of, kind_of, same
from leadkit.conditions.operands import (
    FieldOperand,
    Literal,
    Literals,
    NowOperand,
    Operand,
    Pair,
    Span,
    operand_fields,
)
from leadkit.conditions.paths import ITEM, Path
from leadkit.conditions.records import is_list
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from leadkit.conditions.catalogue import Field

__all__ = ["Asked", "Rank", "ValueToTry", "candidates"]

Asked: TypeAlias = Comparison | Items
"""A clause that asks of a field."""

Rank: TypeAlias = "tuple[int, bool, Fraction]"

_MOST_CONSTANTS: Final = 100
# Below this, ints, floats and Decimals stand in one order; beside larger ones nothing is tried.
_MOST_EXACT: Final = 2**53
_CENT: Final = Decimal("0.01")
_DATE: Final = len("2026-11-24")
_SAMPLES: Final = (("mail", "someone@example.com"), ("phone", "+1 555 0100"))


@attrs.frozen
class ValueToTry:
    """A value to try.

    Attributes:
        value: The value; None to clear the field.
        rank: How small a change it is: what sort of change, whether to a finer number, then how far it goes.
        example: Whether it stands for any value.
    """

    value: Any
    rank: Rank
    example: bool = False


# What sort of change, the smallest first.
_ALIKE: Final = 0
_OTHER_KIND: Final = 1
_EXAMPLE: Final = 2
_CLEARED: Final = 3
_NO_DISTANCE: Final = Fraction()


def candidates(
    path: Path, asked: Sequence[Asked], record: Any, as_of: datetime, field: Field | None = None
) -> list[ValueToTry]:
    """Answer the values worth trying in a field, the smallest change first.

    Args:
        path: The field.
        asked: The clauses that ask of it, or compare another field with it.
        record: The record as it is.
        as_of: Now, in UTC.
        field: What is known of the field; values that it cannot have are left out.

    Example:
        >>> from leadkit.conditions import parse_path, read_condition
        >>> clause = read_condition({"field": "team", "op": ">=", "value": 10})
        >>> found = candidates(parse_path("team"), [clause], {"team": 7}, datetime(2026, 11, 24, tzinfo=UTC))
        >>> [candidate.value for candidate in found]
        [6, 8, 9, 10, 11, None]
    """
    seen = path.find(record)
    if seen is not None and kind_of(seen) is Kind.OBJECT:
        return []
    found: dict[Any, ValueToTry] = {}
    for candidate in _tried(path, asked, record, as_of, field):
        value = candidate.value
        known = field is None or field.kind is None or _fits(value, field)
        if known and not (kind_of(value) in SCALARS and same(value, seen)):
            found.setdefault(_key(value), candidate)
    if seen is not None and (field is None or not field.required):
        found[None] = ValueToTry(None, (_CLEARED, False, _NO_DISTANCE))
    return sorted(found.values(), key=lambda candidate: candidate.rank)


def _key(value: Any) -> tuple[Any, Any]:
    # A list is told apart by itself: each is made for a reason of its own.
    return (kind_of(value), value) if kind_of(value) in SCALARS else (None, id(value))


def _fits(value: Any, field: Field) -> bool:
    if field.choices:
        return any(same(value, choice) for choice in field.choices)
    # What is declared an instant is ISO text in free JSON.
    return (Kind.INSTANT if field.kind is Kind.INSTANT and instant_of(value) else kind_of(value)) is field.kind


def _tried(
    path: Path, asked: Sequence[Asked], record: Any, as_of: datetime, field: Field | None
) -> Iterator[ValueToTry]:
    seen = path.find(record)
    for node in asked:
        if node.path != path:
            continue
        if isinstance(node, Items):
            yield from _items(node, seen, as_of)
        elif node.operator in ("contains", "not_contains"):
            yield from _members(node, seen, record, as_of)
        elif node.operator == "ends_with":
            # Before the bare ending, which is no address.
            yield from _addresses(node, seen, record, as_of)
    for constant in _constants(path, asked, record, as_of):
        yield from _beside(constant, seen)
    for choice in () if field is None else field.choices[:_MOST_CONSTANTS]:
        yield _ranked(choice, seen, choice)
    if seen is None or isinstance(seen, str):
        yield ValueToTry(_sample(path, seen, field, as_of), (_EXAMPLE, False, _NO_DISTANCE), example=True)


def _constants(path: Path, asked: Iterable[Asked], record: Any, as_of: datetime) -> list[Any]:
    """Answer what the field is compared with, and its own value, each once."""
    found = [path.find(record)]
    for node in asked:
        if isinstance(node, Comparison):
            if node.path == path:
                found += itertools.islice(_values(node.operand, record, as_of), _MOST_CONSTANTS)
            if path in operand_fields(node.operand):
                found.append(node.path.find(record))
    return list({_key(each): each for each in found if kind_of(each) in SCALARS}.values())


def _values(operand: Operand | None, record: Any, as_of: datetime) -> Iterator[Any]:
    match operand:
        case Literal(value):
            yield value
        case Literals(values):
            yield from values
        case Span():
            yield from operand.resolve(record, as_of)
        case Pair(low, high):
            yield from _values(low, record, as_of)
            yield from _values(high, record, as_of)
        case FieldOperand() | NowOperand():
            found = operand.resolve(record, as_of)
            yield from found if is_list(found) else (found,)
        case _:
            return


def _beside(constant: Any, seen: Any) -> Iterator[ValueToTry]:
    """Answer a constant and what lies just beside it."""
    kind = kind_of(constant)
    if kind is Kind.NUMBER:
        values = _numbers(constant, seen)
    elif kind is Kind.BOOLEAN:
        values = [True, False]
    else:
        moment = instant_of(constant)
        values = [constant] if isinstance(constant, str) else []
        values += [] if moment is None else _instants(moment, seen)
    for value in values:
        yield _ranked(value, seen, constant)


def _numbers(constant: Any, seen: Any) -> list[Any]:
    """Answer a number and the whole ones beside it; where finer ones are meant, also those a hundredth apart."""
    if abs(constant) >= _MOST_EXACT:
        return [constant]
    floor, ceiling = math.floor(constant), math.ceil(constant)
    around = [constant, floor - (floor == constant), floor, ceiling, ceiling + (ceiling == constant)]
    if _is_whole(constant) and (kind_of(seen) is not Kind.NUMBER or _is_whole(seen)):
        return around
    exact = Decimal(str(constant))
    return [*around, float(exact - _CENT), float(exact + _CENT)]


def _instants(moment: datetime, seen: Any) -> list[Any]:
    """Answer the days around an instant, or the seconds, in the form in which the field holds its own."""
    by_day = seen is None or (isinstance(seen, str) and len(seen) == _DATE)
    start = moment.replace(hour=0, minute=0, second=0, microsecond=0) if by_day else moment.replace(microsecond=0)
    step = timedelta(days=1) if by_day else timedelta(seconds=1)
    around = [start]
    if start - datetime.min.replace(tzinfo=UTC) >= step:
        around.append(start - step)
    if datetime.max.replace(tzinfo=UTC) - start >= step:
        around.append(start + step)
    if kind_of(seen) is Kind.INSTANT:
        return [moment, *around]
    return [each.date().isoformat() if by_day else isoformat(each) for each in around]


def _ranked(value: Any, seen: Any, constant: Any) -> ValueToTry:
    """Rank a value by how far it lies from the one that is there, or else from what it is compared with."""
    alike = seen is None or kind_of(value) is kind_of(seen)
    nearest = seen if seen is not None and alike else constant
    finer = kind_of(value) is kind_of(nearest) is Kind.NUMBER and _is_whole(nearest) and not _is_whole(value)
    return ValueToTry(value, (_ALIKE if alike else _OTHER_KIND, finer, _apart(value, nearest)))


def _is_whole(number: Any) -> bool:
    return bool(abs(number) < _MOST_EXACT and number == math.floor(number))


def _apart(value: Any, other: Any) -> Fraction:
    if kind_of(value) is Kind.NUMBER and kind_of(other) is Kind.NUMBER:
        # Beyond it a distance takes long to write out, and says nothing.
        small = abs(value) < _MOST_EXACT and abs(other) < _MOST_EXACT
        return abs(Fraction(value) - Fraction(other)) if small else Fraction(_MOST_EXACT)
    one, another = instant_of(value), instant_of(other)
    return _NO_DISTANCE if one is None or another is None else Fraction(abs((one - another).total_seconds()))


def _items(node: Items, seen: Any, as_of: datetime) -> Iterator[ValueToTry]:
    """Take the items that decide out of a list, or put one more in."""
    items: list[Any] = list(seen) if is_list(seen) else []
    answers = [holds(node.condition, item, NO_RELATED, as_of) for item in items]
    for wanted in (True, False):
        kept = [item for item, answer in zip(items, answers, strict=True) if answer is wanted]
        if len(kept) < len(items):
            yield ValueToTry(kept, (_ALIKE, False, Fraction(len(items) - len(kept))))
    inner = node.condition
    if isinstance(inner, Comparison) and inner.path == ITEM:
        for candidate in candidates(ITEM, [inner], None, as_of):
            yield _with_item(candidate.value, items, seen)


def _with_item(item: Any, items: Sequence[Any], seen: Any) -> ValueToTry:
    sort = _ALIKE if seen is None or is_list(seen) else _OTHER_KIND
    return ValueToTry([*items, item], (sort, False, Fraction(1)))


def _members(node: Comparison, seen: Any, record: Any, as_of: datetime) -> Iterator[ValueToTry]:
    """Take what a list is asked for out of it, or put it in."""
    criterion = node.criterion
    items: list[Any] = list(seen) if is_list(seen) else []
    others = [item for item in items if criterion.asked([item], record, as_of) is criterion.row.when_missing]
    if len(others) < len(items):
        yield ValueToTry(others, (_ALIKE, False, Fraction(len(items) - len(others))))
    for item in _values(node.operand, record, as_of):
        if kind_of(item) in SCALARS:
            yield _with_item(item, items, seen)


def _addresses(node: Comparison, seen: Any, record: Any, as_of: datetime) -> Iterator[ValueToTry]:
    """Move an e-mail address to the domain that is asked for."""
    name = seen.partition("@")[0] if isinstance(seen, str) and "@" in seen else "someone"
    for ending in _values(node.operand, record, as_of):
        if isinstance(ending, str) and ending.startswith("@"):
            yield _ranked(name + ending, seen, ending)


def _sample(path: Path, seen: Any, field: Field | None, as_of: datetime) -> Any:
    """Answer some value for a field of which any will do, or any other than the text that is there."""
    kind = None if field is None else field.kind
    if kind is Kind.NUMBER:
        return 1
    if kind is Kind.BOOLEAN:
        return True
    if kind is Kind.INSTANT:
        return as_of.date().isoformat()
    if kind is Kind.LIST:
        return ["something"]
    if isinstance(seen, str) and "@" in seen:
        return f"{seen.partition('@')[0]}@example.com"
    name = path.segments[-1].lower() if path.segments else ""
    return next((sample for part, sample in _SAMPLES if part in name), "something")
