"""Records that belong to a lead: the kinds of them that are known, and what can be computed of them.

A host declares its own kinds through the `Vocabulary`. An aggregate is one row of `AGGREGATES`.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.kinds import Kind, instant_of, kind_of
from leadkit.conditions.paths import Path, parse_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

__all__ = ["AGGREGATES", "RELATED_KINDS", "Aggregate", "Needs", "RelatedKind", "mean", "total"]


def _path(value: str | Path | None) -> Path | None:
    return parse_path(value) if isinstance(value, str) else value


@attrs.frozen(kw_only=True)
class RelatedKind:
    """A kind of related record.

    Attributes:
        name: The word under `related`.
        time: The field by which `within`, `latest` and `earliest` go; None when such records have no time.
        single: Whether a lead has at most one.
        description: What such records are.

    Example:
        >>> RelatedKind(name="invoices", time="paid_at").time.text
        'paid_at'
    """

    name: str
    time: Path | None = attrs.field(default=None, converter=_path)
    single: bool = False
    description: str = ""


RELATED_KINDS: Final = (
    RelatedKind(name="activities", time="at", description="The dated entries of the lead's timeline."),
    RelatedKind(name="tasks", time="due_at", description="The lead's follow-ups."),
    RelatedKind(name="opportunities", time="created_at", description="What the lead was converted into."),
    RelatedKind(name="company", single=True, description="The company that the lead works for."),
    RelatedKind(name="campaign", single=True, description="The campaign that brought the lead."),
)
"""The kinds that leadkit knows of itself."""


class Needs(StrEnum):
    """Whether an aggregate is told the field that it is computed of."""

    NO_FIELD = "no field"
    FIELD = "a field"
    TIME = "the kind's time, or a field"


@attrs.frozen(kw_only=True)
class Aggregate:
    """One row of the table of aggregates.

    Attributes:
        name: The word under `aggregate`.
        label: What people read before the kind.
        needs: Whether `of` is wanted.
        compute: Answers the aggregate of the values of the records that count, None when there is none.
        gives: The kinds of value that it can be.
        sure: Whether it is there even when no record counts.
    """

    name: str
    label: str
    needs: Needs
    compute: Callable[[Sequence[Any]], Any]
    gives: frozenset[Kind]
    sure: bool = False


# Wide enough that money never rounds, and silent: an overflow is an infinity, which is of no kind.
_EXACT: Final = Context(prec=100, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def _numbers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if kind_of(value) is Kind.NUMBER]


def _decimal(number: Any) -> Decimal:
    return Decimal(float.__repr__(number)) if isinstance(number, float) else Decimal(number)


def _added(numbers: Sequence[Any]) -> Fraction | Decimal:
    if not any(isinstance(number, Decimal) for number in numbers):
        return sum(map(Fraction, numbers), Fraction())
    result = Decimal()
    # In one order, so that what is rounded never depends on the order in which records came.
    for number in sorted(map(_decimal, numbers)):
        result = _EXACT.add(result, number)
    return result


def _plain(exact: Fraction | Decimal) -> int | float | Decimal:
    """Answer an exact fraction as an int where it is whole, else as the nearest float."""
    if isinstance(exact, Decimal):
        return exact
    if exact.denominator == 1:
        return exact.numerator
    try:
        return float(exact)
    except OverflowError:
        return round(exact)


def total(values: Sequence[Any]) -> int | float | Decimal:
    """Add up the numbers among values, exactly, so that the sum does not depend on their order.

    Args:
        values: Any values; those that are no numbers are passed over.

    Example:
        >>> total([1e16, 1.0, -1e16, "7"]), total([])
        (1, 0)
    """
    return _plain(_added(_numbers(values)))


def mean(values: Sequence[Any]) -> int | float | Decimal | None:
    """Answer the mean of the numbers among values, None when there are none.

    Args:
        values: Any values; those that are no numbers are passed over.

    Example:
        >>> mean([1, 2]), mean(["7"])
        (1.5, None)
    """
    numbers = _numbers(values)
    if not numbers:
        return None
    added = _added(numbers)
    if isinstance(added, Decimal):
        return _EXACT.divide(added, Decimal(len(numbers)))
    return _plain(added / len(numbers))


def _least(values: Sequence[Any]) -> Any:
    numbers = _numbers(values)
    return min(numbers, key=_decimal) if numbers else _earliest(_declared_instants(values))


def _greatest(values: Sequence[Any]) -> Any:
    numbers = _numbers(values)
    return max(numbers, key=_decimal) if numbers else _latest(_declared_instants(values))


def _declared_instants(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if kind_of(value) is Kind.INSTANT]


def _earliest(values: Sequence[Any]) -> datetime | None:
    return min((moment for moment in map(instant_of, values) if moment is not None), default=None)


def _latest(values: Sequence[Any]) -> datetime | None:
    return max((moment for moment in map(instant_of, values) if moment is not None), default=None)


_NUMBER: Final = frozenset({Kind.NUMBER})
_INSTANT: Final = frozenset({Kind.INSTANT})

_TABLE: Final = (
    Aggregate(name="count", label="number of", needs=Needs.NO_FIELD, compute=len, gives=_NUMBER, sure=True),
    Aggregate(name="sum", label="sum of", needs=Needs.FIELD, compute=total, gives=_NUMBER, sure=True),
    Aggregate(name="min", label="lowest", needs=Needs.FIELD, compute=_least, gives=_NUMBER | _INSTANT),
    Aggregate(name="max", label="highest", needs=Needs.FIELD, compute=_greatest, gives=_NUMBER | _INSTANT),
    Aggregate(name="avg", label="average of", needs=Needs.FIELD, compute=mean, gives=_NUMBER),
    Aggregate(name="latest", label="latest", needs=Needs.TIME, compute=_latest, gives=_INSTANT),
    Aggregate(name="earliest", label="earliest", needs=Needs.TIME, compute=_earliest, gives=_INSTANT),
)

AGGREGATES: Final = MappingProxyType({row.name: row for row in _TABLE})
"""Every aggregate by its name."""
