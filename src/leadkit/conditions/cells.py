"""All that one field can be, as a handful of cells: for each cell, whether a clause holds there is known or open.

A clause that goes by order alone (`>=`, `in`, `between` …) cannot tell two values apart that lie between the same
of its constants. So the constants of all the clauses on a field cut what it can be into points and gaps, and one
value of each stands for all of them. What a clause answers there is what the interpreter answers: nothing about
operators is said twice.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.kinds import Kind, instant_of, kind_of, same
from leadkit.conditions.operands import NowOperand, Operand, Pair, Span, literals_in, operand_fields, window
from leadkit.conditions.operators import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from leadkit.conditions.criteria import Criterion
    from leadkit.conditions.kinds import Scalar
    from leadkit.values.times import Duration

__all__ = ["Cells", "Domain", "cells_of"]

# Whether clauses relative to now contradict each other does not depend on now. Any will do that no duration carries
# beyond the calendar, on the first of a month, so that months are not cut short.
AS_OF: Final = datetime(5000, 1, 1, tzinfo=UTC)

# Below this, ints, floats and Decimals stand in one order, whichever of them meet.
_MOST_EXACT: Final = 2**53
_EXACT: Final = Context(prec=40)
_MICROSECOND: Final = timedelta(microseconds=1)
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


class _Neither:
    """A value of no kind."""


class State(Enum):
    """What a cell stands for."""

    POINT = "its value alone"
    GAP = "all the values between two constants"
    OPEN = "values of which nothing is known"


@attrs.frozen
class Cell:
    """One thing that a field can be.

    Attributes:
        kind: Its kind; None for a missing field, and for a value of no kind.
        value: A value that stands for the cell; None for a missing field.
        state: What it stands for.
    """

    kind: Kind | None
    value: Any
    state: State = State.POINT


@attrs.frozen(kw_only=True)
class Domain:
    """What can be said beforehand of what a field can be.

    Attributes:
        kinds: The kinds that its values can have; None when nothing is said.
        required: Whether it is always there.
        choices: All the values that there are; empty when they are not listed.
        whole: Whether its numbers are counts: whole, and never below zero.
    """

    kinds: frozenset[Kind] | None = None
    required: bool = False
    choices: tuple[Scalar, ...] = ()
    whole: bool = False


@attrs.frozen(kw_only=True)
class Cells:
    """All that a field can be.

    Attributes:
        cells: The cells, of which a value lies in exactly one.
        times_known: Whether the order of times relative to now, among each other and with the fixed ones, is known.
    """

    cells: tuple[Cell, ...]
    times_known: bool

    def answers(self, criterion: Criterion) -> tuple[int, int]:
        """Answer in which cells a criterion can hold, and in which it can fail, each as a set of bits.

        Args:
            criterion: A criterion that was among those that the cells were made for.
        """
        holds = fails = 0
        for place, cell in enumerate(self.cells):
            known = self._is_known(criterion, cell)
            held = criterion.asked(cell.value, _NO_FIELDS, AS_OF)
            holds |= (held or not known) << place
            fails |= (not held or not known) << place
        return holds, fails

    @property
    def everything(self) -> int:
        """All the cells as a set of bits."""
        return (1 << len(self.cells)) - 1

    def where(self, kinds: Iterable[Kind | None], *, missing: bool) -> int:
        """Answer the cells of some kinds as a set of bits.

        Args:
            kinds: The kinds; None for values of no kind.
            missing: Whether the missing field is among them.
        """
        wanted = frozenset(kinds)
        found = 0
        for place, cell in enumerate(self.cells):
            found |= (missing if cell.value is None else cell.kind in wanted) << place
        return found

    def _is_known(self, criterion: Criterion, cell: Cell) -> bool:
        row = criterion.row
        # Text that a clause may take for an instant.
        timely = cell.kind is Kind.TEXT and _reads_instants(criterion)
        if cell.value is None or not (timely or cell.kind in row.accepts):
            return True
        if operand_fields(criterion.operand) or cell.state is State.OPEN:
            return False
        if timely:
            return cell.state is State.POINT and instant_of(cell.value) is None
        if cell.kind is Kind.INSTANT and _distances(criterion.operand) and not self.times_known:
            return False
        folded = cell.kind is Kind.TEXT and criterion.ignore_case
        return cell.state is State.POINT or (row.by_order and not folded)


def _reads_instants(criterion: Criterion) -> bool:
    declared = any(kind_of(value) is Kind.INSTANT for value in literals_in(criterion.operand))
    return criterion.row.reads_instants or criterion.reads_instants or declared


def _only_times(criteria: Sequence[Criterion], domain: Domain) -> bool:
    """Tell whether text that is an instant can do no more and no less than the instant itself."""
    if domain.choices or (domain.kinds is not None and Kind.INSTANT not in domain.kinds):
        return False
    return all(
        criterion.row.shape is Shape.NOTHING
        or (_reads_instants(criterion) and not any(isinstance(value, str) for value in literals_in(criterion.operand)))
        for criterion in criteria
    )


# No clause whose answer is known looks at a field of the record.
_NO_FIELDS: Final[dict[str, Any]] = {}


def cells_of(criteria: Sequence[Criterion], domain: Domain) -> Cells:
    """Answer the cells of a field.

    Args:
        criteria: All that is asked of the field anywhere.
        domain: What can be said of it beforehand.
    """
    constants = [*domain.choices, *(value for criterion in criteria for value in literals_in(criterion.operand))]
    distances = [distance for criterion in criteria for distance in _distances(criterion.operand)]
    numbers = [value for value in constants if kind_of(value) is Kind.NUMBER]
    texts = [value for value in constants if isinstance(value, str)]
    fixed = [moment for moment in (instant_of(value) for value in constants if not isinstance(value, str)) if moment]
    cells = (
        Cell(None, None),
        Cell(None, _Neither()),
        Cell(Kind.BOOLEAN, value=False),
        Cell(Kind.BOOLEAN, value=True),
        Cell(Kind.LIST, [], State.GAP),
        Cell(Kind.OBJECT, {}),
        *(_counts(numbers) if domain.whole else _numbers(numbers)),
        *([Cell(Kind.TEXT, "")] if _only_times(criteria, domain) else _texts(texts)),
        *_instants([*fixed, *(moment for distance in distances for moment in distance.moments)]),
    )
    families = {distance.family for distance in distances if distance.family is not None}
    return Cells(
        cells=tuple(cell for cell in cells if _lies_in(cell, domain)),
        times_known=len(families) <= 1 and not (distances and fixed),
    )


def _lies_in(cell: Cell, domain: Domain) -> bool:
    if cell.value is None:
        return not domain.required
    if domain.choices:
        return cell.state is State.POINT and any(same(cell.value, choice) for choice in domain.choices)
    return domain.kinds is None or cell.kind in domain.kinds


@attrs.frozen
class _Distance:
    """A time relative to now: the constants that it makes, and in what it is measured."""

    moments: tuple[datetime, ...]
    family: str | None


def _distances(operand: Operand | None) -> tuple[_Distance, ...]:
    match operand:
        case Span(duration):
            return (_Distance(window(duration, AS_OF), _family(duration)),)
        case NowOperand(offset):
            return (_Distance((operand.resolve(None, AS_OF),), _family(offset)),)
        case Pair(low, high):
            return _distances(low) + _distances(high)
        case _:
            return ()


def _family(duration: Duration) -> str | None:
    """Answer in what a duration is measured; durations of one family stand in one order, whatever now is."""
    if duration.months and duration.seconds:
        return duration.canonical
    if duration.months:
        return "months"
    return "seconds" if duration.seconds else None


def _counts(constants: Iterable[Any]) -> list[Cell]:
    below = {math.floor(constant) for constant in constants}
    return [Cell(Kind.NUMBER, count) for count in sorted({0, *below, *(count + 1 for count in below)}) if count >= 0]


def _numbers(constants: Iterable[Any]) -> list[Cell]:
    exact = sorted({_EXACT.create_decimal(str(constant)) for constant in constants})
    if any(abs(constant) >= _MOST_EXACT for constant in exact):
        return [Cell(Kind.NUMBER, 0, State.OPEN)]
    if not exact:
        return [Cell(Kind.NUMBER, 0, State.GAP)]
    between = [_EXACT.divide(_EXACT.add(low, high), Decimal(2)) for low, high in pairwise(exact)]
    return _cells(Kind.NUMBER, exact, [exact[0] - 1, *between, exact[-1] + 1])


def _texts(constants: Iterable[str]) -> list[Cell]:
    texts = sorted(set(constants))
    # The text that follows on another is the same with the least of all characters behind it.
    following = [f"{text}\x00" for text in texts]
    return _cells(Kind.TEXT, texts, sorted({"", *following} - set(texts)))


def _instants(constants: Iterable[datetime]) -> list[Cell]:
    moments = sorted(set(constants))
    following = [moment + _MICROSECOND for moment in moments if moment < _LAST]
    return _cells(Kind.INSTANT, moments, sorted({_FIRST, *following} - set(moments)))


def _cells(kind: Kind, points: Iterable[Any], gaps: Iterable[Any]) -> list[Cell]:
    return [*(Cell(kind, point) for point in points), *(Cell(kind, gap, State.GAP) for gap in gaps)]
