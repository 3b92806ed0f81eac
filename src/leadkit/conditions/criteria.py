"""A criterion: an operator with its operand, made ready once and then asked of many values."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.kinds import Kind, Members, as_instant, kind_of, lowered
from leadkit.conditions.operands import (
    FieldOperand,
    Literal,
    Literals,
    NowOperand,
    Operand,
    Pair,
    Pattern,
    Span,
    operand_fields,
)
from leadkit.conditions.operators import OPERATORS, Operator, Shape, hint_for
from leadkit.conditions.patterns import compiled
from leadkit.errors import Fault, RuleErrors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["FITS", "Criterion"]

_BASIC: Final = (Literal, FieldOperand, NowOperand)

FITS: Final[Mapping[Shape, tuple[type[Any], ...]]] = MappingProxyType(
    {
        Shape.NOTHING: (type(None),),
        Shape.SCALAR: _BASIC,
        Shape.ORDERED: _BASIC,
        Shape.PAIR: (Pair,),
        Shape.SCALARS: (Literals, FieldOperand),
        Shape.TEXT: (Literal, FieldOperand),
        Shape.PATTERN: (Pattern,),
        Shape.INSTANT: _BASIC,
        Shape.DURATION: (Span,),
    }
)
"""Which operands stand under each shape."""

# Stands for the operand of an operator that takes none.
_NOTHING: Final = ()


@attrs.frozen(eq=False)
class Criterion:
    """An operator, its operand and whether case counts, with all that can be computed before a value is seen.

    Attributes:
        operator: The canonical name of the operator.
        operand: What the field is compared with, None for an operator that takes nothing.
        ignore_case: Whether text is compared in lower case.

    Raises:
        RuleErrors: The operator is unknown, or does not take such an operand.

    Example:
        >>> from datetime import UTC, datetime
        >>> Criterion(">=", Literal(10)).asked(12, {}, datetime(2026, 11, 24, tzinfo=UTC))
        True
    """

    operator: str
    operand: Operand | None = None
    ignore_case: bool = False
    row: Operator = attrs.field(
        init=False, repr=False, default=attrs.Factory(lambda self: _row(self.operator, self.operand), takes_self=True)
    )
    folds: bool = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: self.ignore_case and self.row.shape is not Shape.PATTERN, takes_self=True),
    )
    # The operand, where it is the same for every record; None where it has to be resolved.
    constant: Any = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(
            lambda self: _constant(self.operand, folds=self.folds, ignore_case=self.ignore_case), takes_self=True
        ),
    )
    # Answers the operand that is not constant.
    resolve: Any = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: getattr(self.operand, "resolve", None), takes_self=True),
    )
    # Whether text that is seen is taken for an instant; the operators of time do so themselves.
    reads_instants: bool = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(
            lambda self: not self.row.reads_instants and any(map(_declares_instant, _parts(self.operand))),
            takes_self=True,
        ),
    )
    # Whether the operand comes from the record and is to be read and folded like what is seen.
    loose: bool = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: bool(operand_fields(self.operand)), takes_self=True),
    )

    def expected(self, record: Any, as_of: datetime) -> Any:
        """Answer what the field is compared with, None when that is missing itself.

        Args:
            record: The record whose fields operands name.
            as_of: Now.
        """
        if self.constant is not None:
            return self.constant
        found = self.resolve(record, as_of)
        return self.read(found) if self.loose else found

    def read(self, value: Any) -> Any:
        """Answer a value as this criterion reads it: text as an instant, or in lower case, where that is asked for.

        Args:
            value: A value of a record.
        """
        if self.reads_instants:
            value = as_instant(value)
        return lowered(value) if self.folds else value

    def asked(self, seen: Any, record: Any, as_of: datetime) -> bool:
        """Tell whether a value satisfies the criterion.

        Args:
            seen: The value, None when it is missing.
            record: The record whose fields operands name.
            as_of: Now.
        """
        row = self.row
        if seen is None:
            return row.when_missing
        expected = self.constant
        if expected is None:
            expected = self.expected(record, as_of)
            if expected is None:
                return row.when_missing
        if self.reads_instants or self.folds:
            seen = self.read(seen)
        return row.holds(seen, expected)


def _row(operator: str, operand: Operand | None) -> Operator:
    row = OPERATORS.get(operator)
    if row is None:
        message = f"unknown operator `{operator}`{hint_for(operator)}"
        raise RuleErrors(faults=(Fault(path="$", message=message, code="unknown-operator"),))
    if not isinstance(operand, FITS[row.shape]):
        message = f"`{row.name}` takes {row.shape}, not {type(operand).__name__}"
        raise RuleErrors(faults=(Fault(path="$", message=message, code="wrong-operand"),))
    return row


def _parts(operand: Operand | None) -> tuple[Operand | None, ...]:
    return (operand.low, operand.high) if isinstance(operand, Pair) else (operand,)


def _declares_instant(part: Operand | None) -> bool:
    return isinstance(part, NowOperand) or (isinstance(part, Literal) and kind_of(part.value) is Kind.INSTANT)


def _constant(operand: Operand | None, *, folds: bool, ignore_case: bool) -> Any:
    match operand:
        case None:
            return _NOTHING
        case Literal(value):
            return lowered(value) if folds else value
        case Literals(values):
            return Members(lowered(values) if folds else values)
        case Pattern(text):
            return compiled(text, ignore_case=ignore_case)
        case Pair(Literal(low), Literal(high)):
            return low, high
        case _:
            return None
