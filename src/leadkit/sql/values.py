"""What a field is in SQL: a column, or a place in a JSON document, asked by kind as the rule language asks it.

Every answer here is two-valued: it is true or false in SQL, never NULL, so that it can be negated.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, TypeAlias

import attrs
from sqlalchemy import BigInteger, Boolean, and_, case, false, func, literal, or_, true, type_coerce

from leadkit.conditions import Kind
from leadkit.sql.types import microseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, FromClause

__all__ = [
    "COMPARED",
    "EXACT",
    "Bool",
    "Counted",
    "Instants",
    "Numbers",
    "OfNoKind",
    "Refusal",
    "Sql",
    "Texts",
    "Timed",
    "Value",
    "any_of",
    "compared",
    "exact",
]

Sql: TypeAlias = "ColumnElement[Any]"
Bool: TypeAlias = "ColumnElement[bool]"

EXACT: Final = 2**53
"""Below this, a float and the shortest decimal that means it order alike against every integer."""

COMPARED: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": lambda left, right: left == right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}
"""What the operators of comparison are between two expressions."""


def any_of(ways: Sequence[Bool]) -> Bool:
    """Join any number of clauses by `or`, in a tree that is not too deep for SQLite, which allows a thousand levels."""
    joined: list[Bool] = list(ways)
    while len(joined) > _MOST_JOINED:
        groups = range(0, len(joined), _MOST_JOINED)
        joined = [case((or_(*joined[at : at + _MOST_JOINED]), true()), else_=false()) for at in groups]
    return or_(false(), *joined)


_MOST_JOINED: Final = 200


def compared(left: Any, operator: str, right: Any) -> Bool:
    """Compare two expressions that are there."""
    answer: Bool = COMPARED[operator](left, right)
    return answer


class Refusal(Exception):
    """A clause that SQL cannot express exactly, and why."""


class Value(Protocol):
    """What a path leads to."""

    kinds: ClassVar[frozenset[Kind]]
    """The kinds that it can be of."""

    def exists(self) -> Bool:
        """Tell whether it is there."""
        ...

    def guarded(self, kind: Kind, answer: Bool) -> Bool:
        """Answer what is only asked of a value of one kind, and false for every other; asked in that order."""
        ...

    def text(self) -> Sql:
        """Answer the text, where it is one."""
        ...

    def truth(self) -> Bool:
        """Answer the truth value, where it is one."""
        ...

    def number(self, operator: str, wanted: float, /) -> Bool:
        """Compare it with a number; false where it is none."""
        ...

    def one_of(self, wanted: Sequence[float], /) -> Bool:
        """Tell whether it is one of some numbers; false where it is none."""
        ...

    def key(self) -> Sql:
        """Answer the number in a form that compares exactly with every other key, where it is one."""
        ...

    def verbatim(self) -> Sql | None:
        """Answer the number as JSON writes it, where its key alone would not be exact."""
        ...

    def moment(self, operator: str, wanted: datetime, /) -> Bool:
        """Compare it with an instant; false where it is none."""
        ...

    def micros(self) -> Sql:
        """Answer the instant as microseconds since 1970, where it is one."""
        ...

    def items(self) -> tuple[FromClause, Value] | None:
        """Answer the items of the list as rows, with what an item is; None where it can be no list."""
        ...

    def member(self, key: str, /) -> Value | None:
        """Answer what stands under a key; None where there are no members."""
        ...

    def instead(self, other: Any, /) -> Value:
        """Answer this, or where it is missing, another of the same form."""
        ...


@attrs.frozen(eq=False)
class OfNoKind:
    """What a value answers that is not of the kind it is asked for; nobody asks for the text of what can be none."""

    kinds: ClassVar[frozenset[Kind]] = frozenset()

    def text(self) -> Sql:
        """Answer the text; it has none."""
        # Meant: asked for only of what may be text, which this never is; an answer would hide that.
        raise NotImplementedError

    def truth(self) -> Bool:
        """Answer the truth value; it has none."""
        # Meant: asked for only of what may be a truth value, which this never is; an answer would hide that.
        raise NotImplementedError

    def number(self, _operator: str, _wanted: float, /) -> Bool:
        """Compare it with a number."""
        return false()

    def one_of(self, wanted: Sequence[float], /) -> Bool:
        """Tell whether it is one of some numbers."""
        return any_of([self.number("==", number) for number in wanted])

    def key(self) -> Sql:
        """Answer the number; it has none."""
        # Meant: asked for only of what may be a number, which this never is; an answer would hide that.
        raise NotImplementedError

    def verbatim(self) -> Sql | None:
        """Answer None: the key is exact."""
        return None

    def moment(self, _operator: str, _wanted: datetime, /) -> Bool:
        """Compare it with an instant."""
        return false()

    def micros(self) -> Sql:
        """Answer the instant; it has none."""
        # Meant: asked for only of what may be an instant, which this never is; an answer would hide that.
        raise NotImplementedError

    def items(self) -> tuple[FromClause, Value] | None:
        """Answer None: it has no items."""
        return None

    def member(self, _key: str, /) -> Value | None:
        """Answer None: it has no members."""
        return None


@attrs.frozen(eq=False)
class _Scalar(OfNoKind):
    """An expression of one kind, which may be NULL.

    Attributes:
        expression: The expression; a column in a row.
    """

    expression: Any

    def exists(self) -> Bool:
        """Tell whether it is there."""
        return self.expression.is_not(None) if self.expression.nullable else true()

    def guarded(self, kind: Kind, answer: Bool) -> Bool:
        """Answer what is only asked of a value of one kind."""
        return and_(self.exists(), answer) if kind in self.kinds else false()

    def instead(self, _other: Any, /) -> Value:
        """Answer itself: it has one spelling."""
        return self


@attrs.frozen(eq=False)
class Texts(_Scalar):
    """A column of text."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.TEXT})

    def text(self) -> Sql:
        """Answer the text."""
        text: Sql = self.expression
        return text


_MOST: Final = 2**62


@attrs.frozen(eq=False)
class Numbers(_Scalar):
    """A column of numbers, kept as whole multiples of one.

    Attributes:
        scale: How many of them make one: 100 for hundredths.
        division: Answers the number itself from the column, in the dialect's exact form.
    """

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.NUMBER})

    scale: int
    division: Callable[[Sql, int], Sql]

    def number(self, operator: str, wanted: float, /) -> Bool:
        """Compare it with a number: with the whole multiple that the number comes to, so that an index serves."""
        return _whole(self, self._multiples(), self.scale, operator, wanted)

    def key(self) -> Sql:
        """Answer the number."""
        return self.division(self._multiples(), self.scale)

    def _multiples(self) -> Sql:
        return type_coerce(self.expression, BigInteger)


@attrs.frozen(eq=False)
class Instants(_Scalar):
    """A column of instants.

    Attributes:
        in_micros: Answers the column as microseconds since 1970.
    """

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.INSTANT})

    in_micros: Callable[[Sql], Sql]

    def moment(self, operator: str, wanted: datetime, /) -> Bool:
        """Compare it with an instant, in the column's own type, so that an index serves."""
        return self.guarded(Kind.INSTANT, compared(self.expression, operator, literal(wanted, self.expression.type)))

    def micros(self) -> Sql:
        """Answer the instant as microseconds since 1970."""
        return self.in_micros(self.expression)


@attrs.frozen(eq=False)
class Counted(_Scalar):
    """A count of related records, which is always there.

    Attributes:
        expression: The count.
        division: Answers a whole number in the dialect's exact form.
    """

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.NUMBER})

    division: Callable[[Sql, int], Sql]

    def exists(self) -> Bool:
        """Answer that it is there: none is a count too."""
        return true()

    def number(self, operator: str, wanted: float, /) -> Bool:
        """Compare it with a number."""
        return _whole(self, self.expression, 1, operator, wanted)

    def key(self) -> Sql:
        """Answer the number."""
        return self.division(self.expression, 1)


@attrs.frozen(eq=False)
class Timed(_Scalar):
    """The time of a related record as microseconds since 1970, NULL where there is none.

    Attributes:
        expression: The time.
    """

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.INSTANT})

    def exists(self) -> Bool:
        """Tell whether there is one."""
        there: Bool = self.expression.is_not(None)
        return there

    def moment(self, operator: str, wanted: datetime, /) -> Bool:
        """Compare it with an instant."""
        answer = compared(self.expression, operator, literal(microseconds(wanted), BigInteger))
        known: Bool = func.coalesce(answer, false(), type_=Boolean)
        return known

    def micros(self) -> Sql:
        """Answer the instant as microseconds since 1970."""
        micros: Sql = self.expression
        return micros


def _whole(value: Value, column: Sql, scale: int, operator: str, wanted: float) -> Bool:
    """Compare whole multiples of one with the multiple that a number comes to."""
    target = exact(wanted) * scale
    if operator == "==" and target.denominator != 1:
        return false()
    bound = math.ceil(target) if operator in (">=", "<") else math.floor(target)
    if abs(bound) > _MOST:
        # Beyond what a column can hold: all numbers lie on one side.
        return value.guarded(Kind.NUMBER, true() if COMPARED[operator](0, bound) else false())
    return value.guarded(Kind.NUMBER, compared(column, operator, literal(bound, BigInteger)))


def exact(number: float) -> Fraction:
    """Answer a number as the fraction that orders against all numbers as the number itself does.

    A float below 2^53 is its shortest decimal, which lies between the same integers and the same other decimals.

    Args:
        number: An int, or a finite float.

    Example:
        >>> exact(0.1), exact(1e23) == 10**23
        (Fraction(1, 10), False)
    """
    # To a type checker, a float may be an int.
    shortest = type(number) is float and abs(number) < EXACT
    return Fraction(float.__repr__(number)) if shortest else Fraction(number)
