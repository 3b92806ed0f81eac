"""THE table of what each operator asks in SQL.

One row for each operator that is not the opposite of another: those are its negation. A row is given what a path
leads to, and answers an expression that is true or false, never NULL.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import BigInteger, Boolean, Text, and_, case, exists, false, func, literal, not_, or_, select, true

from leadkit.conditions import Kind
from leadkit.conditions.kinds import instant_of, kind_of, lowered
from leadkit.conditions.operands import FieldOperand, Literal, Literals, NowOperand, Pair, Pattern, Span, window
from leadkit.sql.statements import WordList, among
from leadkit.sql.types import microseconds
from leadkit.sql.values import Refusal, any_of, compared
from leadkit.values.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from leadkit.conditions import Path
    from leadkit.conditions.criteria import Criterion
    from leadkit.conditions.operands import Operand
    from leadkit.sql.dialects import Dialect
    from leadkit.sql.values import Bool, Sql, Value

__all__ = ["ASKED", "Asking", "Reading"]

_NO_INSTANTS: Final = "text is not read as an instant and in lower case at once"


@attrs.frozen(eq=False)
class Reading:
    """A value as a criterion reads it: text that writes an instant is one, and other text is in lower case.

    Attributes:
        value: The value.
        dialect: What the database can do.
        instants: Whether text is read as an instant.
        folds: Whether text is read in lower case.
    """

    value: Value
    dialect: Dialect
    instants: bool = False
    folds: bool = False

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds that it can be of."""
        kinds = self.value.kinds
        return kinds | {Kind.INSTANT} if self.instants and Kind.TEXT in kinds else kinds

    def guarded(self, kind: Kind, answer: Bool) -> Bool:
        """Answer what is only asked of a value of one kind, and false for every other."""
        if not self.instants or kind not in (Kind.TEXT, Kind.INSTANT) or Kind.TEXT not in self.value.kinds:
            return self.value.guarded(kind, answer)
        written = self.dialect.micros_of_text(self.value.text())
        is_instant = written.is_not(None) if kind is Kind.INSTANT else written.is_(None)
        return self.value.guarded(Kind.TEXT, case((is_instant, answer), else_=false()))

    def text(self) -> Sql:
        """Answer the text."""
        return self.dialect.lowered(self.value.text()) if self.folds else self.value.text()

    def micros(self) -> Sql:
        """Answer the instant as microseconds since 1970."""
        written = Kind.TEXT in self.value.kinds
        return self.dialect.micros_of_text(self.value.text()) if written else self.value.micros()

    def moment(self, operator: str, wanted: datetime) -> Bool:
        """Compare it with an instant; false where it is none."""
        if Kind.TEXT not in self.value.kinds:
            return self.value.moment(operator, wanted)
        answer = compared(self.micros(), operator, literal(microseconds(wanted), BigInteger))
        return self.value.guarded(Kind.TEXT, func.coalesce(answer, false(), type_=Boolean))


@attrs.frozen
class Asking:
    """A criterion under way to SQL.

    Attributes:
        dialect: What the database can do.
        criterion: The operator, its operand and whether case counts.
        find: Answers what a path of the operand leads to.
        as_of: Now.
    """

    dialect: Dialect
    criterion: Criterion
    find: Callable[[Path], Value | None]
    as_of: datetime

    def read(self, value: Value) -> Reading:
        """Answer a value as the criterion reads it."""
        if self.criterion.reads_instants and self.criterion.folds:
            raise Refusal(_NO_INSTANTS)
        return Reading(value, self.dialect, self.criterion.reads_instants, self.criterion.folds)

    def compare(self, seen: Value, operator: str, part: Operand | None) -> Bool:
        """Compare a value with one part of the operand."""
        match part:
            case FieldOperand(path):
                other = self.find(path)
                return false() if other is None else self.between_values(seen, operator, other)
            case Literal(value):
                return self.with_constant(seen, operator, value)
            case NowOperand():
                return self.with_constant(seen, operator, part.resolve(None, self.as_of))
            case _:
                message = f"`{self.criterion.operator}` has an operand that SQL cannot take"
                raise Refusal(message)

    def with_constant(self, seen: Value, operator: str, value: Any) -> Bool:
        """Compare a value with a constant of its kind."""
        kind = kind_of(value)
        if _is_number(value):
            return seen.number(operator, value)
        if kind is Kind.BOOLEAN:
            if operator != "==" or kind not in seen.kinds:
                return false()
            return seen.guarded(kind, seen.truth() if value else not_(seen.truth()))
        if kind is Kind.TEXT:
            return self._with_text(seen, operator, word(value))
        if kind is Kind.INSTANT:
            moment = instant_of(value)
            return false() if moment is None else self.read(seen).moment(operator, moment)
        message = f"SQL does not compare with {type(value).__name__}"
        raise Refusal(message)

    def _with_text(self, seen: Value, operator: str, value: str) -> Bool:
        reading = self.read(seen)
        if Kind.TEXT not in reading.kinds:
            return false()
        if self.criterion.folds:
            return seen.guarded(Kind.TEXT, self.dialect.folded(seen.text(), [value.lower()], starts=True, ends=True))
        text = seen.text() if operator == "==" else self.dialect.ordered(seen.text())
        return reading.guarded(Kind.TEXT, compared(text, operator, literal(value, Text)))

    def between_values(self, seen: Value, operator: str, other: Value) -> Bool:
        """Compare two values of a record, of whatever kind they turn out to be."""
        left, right = self.read(seen), self.read(other)
        ways = [
            left.guarded(kind, right.guarded(kind, _COMPARING[kind](self.dialect, left, operator, right)))
            for kind in sorted(left.kinds & right.kinds)
            if kind in _COMPARING and (operator == "==" or kind is not Kind.BOOLEAN)
        ]
        return or_(false(), *ways)

    def items_that(self, listed: Value, test: Callable[[Value], Bool]) -> Bool:
        """Tell whether an item of a list passes a test; false for what is no list."""
        rows = listed.items() if Kind.LIST in listed.kinds else None
        if rows is None:
            return false()
        source, item = rows
        some = exists(select(literal(1)).select_from(source).where(test(item)).correlate_except(source))
        return and_(listed.guarded(Kind.LIST, true()), some)

    def timely(self, part: Operand | None) -> datetime | Reading | None:
        """Answer what an operator of time compares with: an instant, a field that may be one, or nothing."""
        match part:
            case FieldOperand(path):
                other = self.find(path)
                return None if other is None else Reading(other, self.dialect, instants=True)
            case Literal(value):
                return instant_of(value)
            case NowOperand():
                moment: datetime = part.resolve(None, self.as_of)
                return moment
            case _:
                return None


def word(text: str) -> str:
    """Answer text that can be sent to a database.

    Raises:
        Refusal: No database holds such text.
    """
    try:
        return clean_text(text)
    except ValueError as error:
        raise Refusal(str(error)) from None


_COMPARING: Final[Mapping[Kind, Callable[[Dialect, Reading, str, Reading], Bool]]] = {
    Kind.TEXT: lambda dialect, left, operator, right: compared(
        dialect.ordered(left.text()), operator, dialect.ordered(right.text())
    ),
    Kind.NUMBER: lambda dialect, left, operator, right: dialect.numbers(left.value, operator, right.value),
    Kind.BOOLEAN: lambda dialect, left, operator, right: compared(left.value.truth(), operator, right.value.truth()),
    Kind.INSTANT: lambda dialect, left, operator, right: compared(left.micros(), operator, right.micros()),
}
"""How two values of one kind compare; lists and objects are equal to nothing."""


def _exists(asking: Asking, seen: Value) -> Bool:
    return seen.exists()


def _compares(asking: Asking, seen: Value) -> Bool:
    return asking.compare(seen, asking.criterion.operator, asking.criterion.operand)


def _equals(asking: Asking, seen: Value) -> Bool:
    return asking.compare(seen, "==", asking.criterion.operand)


def _between(asking: Asking, seen: Value) -> Bool:
    ends = asking.criterion.operand
    if not isinstance(ends, Pair):
        message = "`between` takes two ends"
        raise Refusal(message)
    return and_(asking.compare(seen, ">=", ends.low), asking.compare(seen, "<=", ends.high))


def _among(asking: Asking, seen: Value) -> Bool:
    operand = asking.criterion.operand
    if isinstance(operand, FieldOperand):
        listed = asking.find(operand.path)
        return (
            false()
            if listed is None
            else asking.items_that(listed, lambda item: asking.between_values(item, "==", seen))
        )
    return _one_of(asking, seen, operand.values if isinstance(operand, Literals) else ())


def _one_of(asking: Asking, seen: Value, values: Iterable[Any]) -> Bool:
    members = list(values)
    texts = [word(value) for value in members if kind_of(value) is Kind.TEXT]
    numbers = [value for value in members if _is_number(value)]
    others = [value for value in members if kind_of(value) is not Kind.TEXT and not _is_number(value)]
    if asking.criterion.folds and any(kind_of(value) is Kind.INSTANT for value in others):
        raise Refusal(_NO_INSTANTS)
    # A declared instant is also found in ISO text, and other text beside it stays text.
    ways = [
        Reading(seen, asking.dialect, instants=True).moment("==", value)
        if kind_of(value) is Kind.INSTANT
        else asking.with_constant(seen, "==", value)
        for value in others
    ]
    if numbers:
        ways.append(seen.one_of(numbers))
    if texts and Kind.TEXT in seen.kinds:
        if asking.criterion.folds:
            held = asking.dialect.folded(seen.text(), lowered(texts), starts=True, ends=True)
        elif len(texts) == 1:
            held = seen.text() == literal(texts[0], Text)
        else:
            held = among(seen.text(), literal(texts, WordList()))
        ways.append(seen.guarded(Kind.TEXT, held))
    return any_of(ways)


def _is_number(value: Any) -> bool:
    return kind_of(value) is Kind.NUMBER and isinstance(value, int | float)


def _contains(asking: Asking, seen: Value) -> Bool:
    in_list = asking.items_that(seen, lambda item: asking.compare(item, "==", asking.criterion.operand))
    return or_(_with_part(asking, seen, starts=False, ends=False), in_list)


def _starts(asking: Asking, seen: Value) -> Bool:
    return _with_part(asking, seen, starts=True, ends=False)


def _ends(asking: Asking, seen: Value) -> Bool:
    return _with_part(asking, seen, starts=False, ends=True)


def _with_part(asking: Asking, seen: Value, *, starts: bool, ends: bool) -> Bool:
    """Ask for a part of a text: at its beginning, at its end, or anywhere."""
    dialect, folds = asking.dialect, asking.criterion.folds
    if Kind.TEXT not in seen.kinds:
        return false()
    test = dialect.starts if starts else dialect.ends if ends else dialect.holds
    match asking.criterion.operand:
        case Literal(str(value)):
            if folds:
                held = dialect.folded(seen.text(), [word(value).lower()], starts=starts, ends=ends)
            else:
                held = test(seen.text(), literal(word(value), Text)) if value else true()
            return seen.guarded(Kind.TEXT, held)
        case FieldOperand(path) if (other := asking.find(path)) is not None and Kind.TEXT in other.kinds:
            held = test(asking.read(seen).text(), asking.read(other).text())
            return seen.guarded(Kind.TEXT, other.guarded(Kind.TEXT, held))
        case _:
            return false()


def _matches(asking: Asking, seen: Value) -> Bool:
    operand = asking.criterion.operand
    if not isinstance(operand, Pattern) or Kind.TEXT not in seen.kinds:
        return false()
    held = asking.dialect.matches(seen.text(), word(operand.text), asking.criterion.ignore_case)
    return seen.guarded(Kind.TEXT, held)


def _ordered_in_time(operator: str) -> Callable[[Asking, Value], Bool]:
    def asked(asking: Asking, seen: Value) -> Bool:
        moment = Reading(seen, asking.dialect, instants=True)
        other = asking.timely(asking.criterion.operand)
        if other is None:
            return false()
        if not isinstance(other, Reading):
            return moment.moment(operator, other)
        if Kind.INSTANT not in moment.kinds & other.kinds:
            return false()
        answer = compared(moment.micros(), operator, other.micros())
        return moment.guarded(Kind.INSTANT, other.guarded(Kind.INSTANT, answer))

    return asked


def _within(asking: Asking, seen: Value) -> Bool:
    start, end = _window(asking)
    moment = Reading(seen, asking.dialect, instants=True)
    return and_(moment.moment(">=", start), moment.moment("<=", end))


def _older(asking: Asking, seen: Value) -> Bool:
    return Reading(seen, asking.dialect, instants=True).moment("<", _window(asking)[0])


def _window(asking: Asking) -> tuple[datetime, datetime]:
    operand = asking.criterion.operand
    if not isinstance(operand, Span):
        message = "a window is written as a duration"
        raise Refusal(message)
    return window(operand.duration, asking.as_of)


ASKED: Final[Mapping[str, Callable[[Asking, Value], Bool]]] = MappingProxyType(
    {
        "==": _equals,
        ">": _compares,
        ">=": _compares,
        "<": _compares,
        "<=": _compares,
        "between": _between,
        "in": _among,
        "contains": _contains,
        "starts_with": _starts,
        "ends_with": _ends,
        "matches": _matches,
        "exists": _exists,
        "before": _ordered_in_time("<"),
        "after": _ordered_in_time(">"),
        "within": _within,
        "older_than": _older,
    }
)
"""What each operator asks, by its canonical name; the opposites are the negation of their twins."""
