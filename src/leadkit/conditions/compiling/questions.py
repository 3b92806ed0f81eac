"""What a criterion asks of a value, written as an expression of Python.

Where Python compares two values as `kinds` does, the expression compares; anything else is asked of the criterion
itself, so that there is one definition of what an operator means. `expressions` says why that is the same answer.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.compiling.answering import answerer, between_fields, finder
from leadkit.conditions.compiling.expressions import Expression, Hopeful, OfText
from leadkit.conditions.compiling.instants import instant_test
from leadkit.conditions.criteria import Criterion
from leadkit.conditions.kinds import lowered
from leadkit.conditions.operands import FieldOperand, Literal, Literals, Operand, Pair, operand_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadkit.conditions.compiling.reads import Reads

__all__ = ["question"]


@attrs.frozen(kw_only=True)
class _Asked:
    """A criterion that is asked of a value: never a negation, and at least its operand is there."""

    seen: str
    criterion: Criterion
    reads: Reads

    def name(self, value: Any) -> str:
        return self.reads.program.constant(value)

    def literal(self, value: Any) -> str:
        return self.reads.program.literal(value)

    @property
    def slow(self) -> str:
        """What asks the criterion itself."""
        return f"{self.name(answerer(self.criterion))}({self.seen}, now)"

    @property
    def known(self) -> str:
        return f"{self.seen} is not None"

    @property
    def text(self) -> str:
        """The value, in the case in which it is compared."""
        return f"{self.seen}.lower()" if self.criterion.folds else self.seen


def question(seen: str, criterion: Criterion, reads: Reads) -> Expression:
    """Write what a criterion asks of a value.

    Args:
        seen: The name of the value.
        criterion: What is asked.
        reads: The reads of the record whose fields operands name.
    """
    negated = criterion.row.negates
    if negated is not None:
        return f"(not {question(seen, Criterion(negated, criterion.operand, criterion.ignore_case), reads)})"
    asked = _Asked(seen=seen, criterion=criterion, reads=reads)
    if criterion.row.name == "exists":
        return f"({asked.known})"
    if operand_fields(criterion.operand):
        return _of_fields(asked, criterion.operand)
    if criterion.folds and not criterion.row.folds_case:
        return f"({asked.known} and {asked.slow})"
    write = _WRITERS.get(criterion.operator)
    written = None if write is None else write(asked, criterion.operand)
    # Whatever has no form of its own is asked of the criterion.
    return f"({asked.known} and {asked.slow})" if written is None else written


def _of_fields(asked: _Asked, operand: Operand | None) -> Expression:
    criterion = asked.criterion
    if isinstance(operand, FieldOperand) and not criterion.folds:
        other = asked.reads.variable(operand.path)
        holds = asked.name(between_fields(criterion.operator))
        return f"({asked.known} and {other} is not None and {holds}({asked.seen}, {other}))"
    return f"({asked.name(criterion.asked)}({asked.seen}, {asked.reads.record}, now))"


# --- by the kind of the operand ---------------------------------------------------------------------------------------


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _is_exact(value: Any) -> bool:
    """Tell whether a Decimal compares with a number as it does with the text of it."""
    return type(value) is int or Decimal(repr(value)) == Decimal(value)


def _number_test(asked: _Asked, test: str, *, exact: bool) -> Expression:
    seen = asked.seen
    finite = f"type({seen}) is float and -INFINITY < {seen} < INFINITY"
    if exact and asked.reads.program.hopeful:
        sure = f"(type({seen}) is int or {finite})"
        return Hopeful(guard=asked.known, test=test, sure=sure, slow=asked.slow)
    # Here a Decimal that does not compare in Python may compare by its text.
    return f"({asked.known} and ({test} if type({seen}) is int or {finite} else {asked.slow}))"


def _equal(asked: _Asked, operand: Operand | None) -> Expression | None:
    match operand:
        case Literal(bool() as value):
            return f"({asked.seen} is {value})"
        case Literal(str() as value) if type(value) is str:
            return _sure_of_text(asked, f"== {asked.literal(lowered(value) if asked.criterion.folds else value)}")
        case _:
            return _ordered(asked, operand)


def _sure_of_text(asked: _Asked, test: str) -> Expression:
    """Write a test that no value but a text can pass, as far as values are honest."""
    if asked.criterion.folds or not asked.reads.program.hopeful:
        return _text_test(asked, f"{asked.text} {test}")
    return Hopeful(test=f"{asked.seen} {test}", sure=f"isinstance({asked.seen}, str)")


def _text_test(asked: _Asked, test: str) -> Expression:
    return OfText(seen=asked.seen, test=test, slow=asked.slow)


def _ordered(asked: _Asked, operand: Operand | None) -> Expression | None:
    symbol = asked.criterion.operator
    match operand:
        case Literal(value) if _is_number(value):
            return _number_test(asked, f"{asked.seen} {symbol} {asked.literal(value)}", exact=_is_exact(value))
        case Literal(str() as value) if type(value) is str:
            return _text_test(asked, f"{asked.seen} {symbol} {asked.literal(value)}")
        case _:
            return _timed(asked, operand)


def _timed(asked: _Asked, operand: Operand | None) -> str | None:
    return instant_test(asked.seen, asked.criterion.operator, operand, asked.slow, asked.reads.program)


def _between(asked: _Asked, operand: Operand | None) -> Expression | None:
    match operand:
        case Pair(Literal(low), Literal(high)) if _is_number(low) and _is_number(high):
            test = f"{asked.literal(low)} <= {asked.seen} <= {asked.literal(high)}"
            return _number_test(asked, test, exact=_is_exact(low) and _is_exact(high))
        case _:
            return _timed(asked, operand)


def _among(asked: _Asked, operand: Operand | None) -> Expression | None:
    values = operand.values if isinstance(operand, Literals) else ()
    if not values:
        return "False"
    if all(type(value) is str for value in values):
        members = map(lowered, values) if asked.criterion.folds else values
        return _sure_of_text(asked, f"in {asked.literal(frozenset(members))}")
    if all(map(_is_number, values)):
        test = f"{asked.seen} in {asked.literal(frozenset(values))}"
        return _number_test(asked, test, exact=all(map(_is_exact, values)))
    return None


def _contains(asked: _Asked, operand: Operand | None) -> Expression | None:
    match operand:
        case Literal(str() as value) if type(value) is str:
            text: str = lowered(value) if asked.criterion.folds else value
            expected = asked.literal(text)
            test = f"{expected} in {asked.text}"
            slow = f"{asked.name(finder(asked.criterion, text))}({asked.seen}, now)"
            # The item of a list that equals a text is one itself, if it is honest.
            item = f"{asked.seen}[{asked.seen}.index({expected})]"
            listed = "" if asked.criterion.folds else f"{test} and (type({item}) is str or {slow})"
            return OfText(seen=asked.seen, test=test, slow=slow, listed=listed)
        case Literal(value) if _is_number(value):
            return f"({asked.known} and {asked.name(finder(asked.criterion, value))}({asked.seen}, now))"
        case _:
            return None


def _starts(asked: _Asked, operand: Operand | None) -> Expression | None:
    match operand:
        case Literal(str() as value) if type(value) is str:
            method = "startswith" if asked.criterion.operator == "starts_with" else "endswith"
            expected = value.lower() if asked.criterion.folds else value
            return _text_test(asked, f"{asked.text}.{method}({asked.literal(expected)})")
        case _:
            return None


def _matches(asked: _Asked, operand: Operand | None) -> Expression | None:
    search = asked.name(asked.criterion.constant.search)
    return _text_test(asked, f"{search}({asked.seen}) is not None")


_WRITERS: Final[Mapping[str, Callable[[_Asked, Operand | None], Expression | None]]] = {
    "==": _equal,
    ">": _ordered,
    ">=": _ordered,
    "<": _ordered,
    "<=": _ordered,
    "between": _between,
    "in": _among,
    "contains": _contains,
    "starts_with": _starts,
    "ends_with": _starts,
    "matches": _matches,
    "before": _timed,
    "after": _timed,
    "within": _timed,
    "older_than": _timed,
}
"""For each operator that has a form of its own, what writes it; it answers None for an operand that has none."""
