"""Whether a comparison is possible at all, given what the catalogue says of the field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from leadkit.conditions.kinds import Kind, instant_of, kind_of, lowered, same
from leadkit.conditions.operands import FieldOperand, Literal, Literals, NowOperand, Operand, Pair
from leadkit.conditions.operators import Shape
from leadkit.conditions.paths import ITEM
from leadkit.conditions.phrasing import subject
from leadkit.conditions.places import at_index, at_key
from leadkit.conditions.wording import named, shortened, shown
from leadkit.errors import Fault, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leadkit.conditions.ast import Comparison, Related
    from leadkit.conditions.catalogue import Field, FieldCatalogue
    from leadkit.conditions.kinds import Scalar
    from leadkit.conditions.paths import Path

__all__ = ["Comparing", "unknown_field"]


def unknown_field(path: Path, fields: FieldCatalogue, at: str) -> Fault | None:
    """Answer the fault of a path that leads to no field, or None.

    Args:
        path: The path.
        fields: The fields that there are.
        at: The JSON path of the path in the condition.
    """
    if fields.find(path) is not None:
        return None
    near = fields.nearest(path)
    hint = f"; did you mean `{near}`?" if near is not None else ""
    return Fault(path=at, message=f"unknown field `{shortened(path.text)}`{hint}", code="unknown-field")


_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_NOT_KNOWN: Final[frozenset[Kind]] = frozenset()
_LIST: Final = frozenset({Kind.LIST})
_TIMELY: Final = frozenset({Kind.INSTANT, Kind.TEXT})
# Text may be the ISO text of an instant.
_COMPARES: Final[Mapping[Kind, frozenset[Kind]]] = {
    Kind.TEXT: _TIMELY,
    Kind.NUMBER: frozenset({Kind.NUMBER}),
    Kind.BOOLEAN: frozenset({Kind.BOOLEAN}),
    Kind.INSTANT: frozenset({Kind.INSTANT}),
    Kind.LIST: _NOT_KNOWN,
    Kind.OBJECT: _NOT_KNOWN,
}
"""The kinds of value with which a field of a kind compares; none where that is not known."""


@attrs.frozen
class Comparing:
    """A comparison, or what is asked of an aggregate, under check.

    Attributes:
        node: The condition.
        fields: The fields that its operand may name.
        at: Its JSON path.
    """

    node: Comparison | Related
    fields: FieldCatalogue
    at: str

    def errors(self, field: Field | None) -> Iterator[Fault]:
        """Find what is impossible.

        Args:
            field: What is compared; None when nothing is known of it.
        """
        parts = list(_parts(self.node.operand, at_key(self.at, "value")))
        for part, place in parts:
            if isinstance(part, FieldOperand):
                fault = unknown_field(part.path, self.fields, at_key(place, "field"))
                if fault is not None:
                    yield fault
        if field is None or field.kind is None:
            return
        row = self.node.criterion.row
        # The operators of time read ISO text.
        accepted = row.accepts | {Kind.TEXT} if row.reads_instants else row.accepts
        if field.kind not in accepted:
            kinds = " or ".join(named(kind) for kind in sorted(row.accepts))
            yield self._fault("op", f"{self._is(field.kind)}; `{row.name}` is for {kinds}", "wrong-kind")
            return
        for part, place in parts:
            yield from self._impossible(field, field.kind, part, place)

    def _fault(self, key: str, message: str, code: str) -> Fault:
        return Fault(path=at_key(self.at, key), message=message, code=code)

    def _is(self, kind: Kind) -> str:
        return f"`{shortened(subject(self.node))}` is {named(kind)}"

    def _impossible(self, field: Field, kind: Kind, part: Operand, place: str) -> Iterator[Fault]:
        wanted = self._wanted(field, kind, part)
        found = self._kind_of(part)
        if wanted and found is not None and found not in wanted:
            message = f"{self._is(kind)}, and `{self.node.operator}` never compares it with {named(found)}"
            yield Fault(path=place, message=f"{message}{_hint(kind, part)}", code="wrong-kind")
        elif isinstance(part, Literal) and field.choices and self.node.criterion.row.by_order:
            yield from self._not_chosen(field, part.value, place)

    def _wanted(self, field: Field, kind: Kind, part: Operand) -> frozenset[Kind]:
        """Answer the kinds with which the field compares; none when that is not known."""
        if self.node.criterion.row.shape is Shape.SCALARS and isinstance(part, FieldOperand):
            return _LIST
        if kind is Kind.LIST:
            item = None if field.items is None else field.items.find(ITEM)
            return _NOT_KNOWN if item is None or item.kind is None else _COMPARES[item.kind]
        if kind is Kind.INSTANT and self.node.criterion.row.reads_instants:
            return _TIMELY
        return _COMPARES[kind]

    def _kind_of(self, part: Operand) -> Kind | None:
        match part:
            case Literal(value):
                return kind_of(value)
            case NowOperand():
                return Kind.INSTANT
            case FieldOperand(path):
                other = self.fields.find(path)
                return None if other is None else other.kind
            case _:
                return None

    def _not_chosen(self, field: Field, value: Scalar, place: str) -> Iterator[Fault]:
        if self.node.criterion.row.shape not in (Shape.SCALAR, Shape.SCALARS):
            return
        fold = self.node.ignore_case
        if not any(same(_folded(value, fold=fold), _folded(choice, fold=fold)) for choice in field.choices):
            hint = did_you_mean(str(value), [str(choice) for choice in field.choices])
            message = f"`{shortened(subject(self.node))}` is never {shown(value)}{hint}"
            yield Fault(path=place, message=message, code="unknown-choice")


def _parts(operand: Operand | None, at: str) -> Iterator[tuple[Operand, str]]:
    """Answer the single values of an operand, each with its place."""
    match operand:
        case None:
            return
        case Literals(values):
            for index, value in enumerate(values):
                yield Literal(value), at_index(at, index)
        case Pair(low, high):
            yield low, at_index(at, 0)
            yield high, at_index(at, 1)
        case _:
            yield operand, at


def _folded(value: Scalar, *, fold: bool) -> Scalar:
    folded: Scalar = lowered(value) if fold else value
    return folded


def _hint(kind: Kind, part: Operand) -> str:
    """Say how a value is written that was meant to be of the field's kind, where that can be seen."""
    value = part.value if isinstance(part, Literal) else None
    if not isinstance(value, str):
        return ""
    if kind is Kind.INSTANT and instant_of(value) is not None:
        return f'; an instant is written {{"datetime": "{value}"}}'
    if (kind is Kind.NUMBER and _NUMBER.fullmatch(value)) or (kind is Kind.BOOLEAN and value in ("true", "false")):
        return f"; it is written {value}, without quotes"
    return ""
