"""Reading what stands under `value`: by the shape that the operator's row asks for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.kinds import Kind, Scalar, instant_of, kind_of
from leadkit.conditions.operands import Basic, FieldOperand, Literal, Literals, NowOperand, Operand, Pair, Pattern, Span
from leadkit.conditions.operators import OPPOSITES, Operator, Shape
from leadkit.conditions.places import at_index, at_key
from leadkit.conditions.records import is_list, is_mapping
from leadkit.conditions.wording import described, shown
from leadkit.errors import Fault, did_you_mean
from leadkit.values.times import parse_duration, parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadkit.conditions.paths import Path

__all__ = ["OperandReader"]

_REFERENCES: Final = ("field", "now", "datetime")
_PAIR: Final = 2
# What a literal may be under each shape, where not every scalar may stand there.
_KINDS: Final[Mapping[Shape, frozenset[Kind]]] = {
    Shape.SCALAR: frozenset({Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.INSTANT}),
    Shape.SCALARS: frozenset({Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.INSTANT}),
    Shape.ORDERED: frozenset({Kind.TEXT, Kind.NUMBER, Kind.INSTANT}),
    Shape.PAIR: frozenset({Kind.TEXT, Kind.NUMBER, Kind.INSTANT}),
    Shape.TEXT: frozenset({Kind.TEXT}),
    Shape.INSTANT: frozenset({Kind.INSTANT}),
}
# What each of the values is, under the shapes that take several.
_PARTS: Final = {Shape.PAIR: Shape.ORDERED, Shape.SCALARS: Shape.SCALAR}
_INSTANT_EXAMPLE: Final = '"2026-01-01T00:00:00Z"'


@attrs.define
class OperandReader:
    """Reads operands, adding a fault for each that cannot be understood.

    Attributes:
        faults: Where faults are added.
        most_items: How many values a list may hold.
        read_path: Reads the path of a field operand; answers None when it added a fault.
    """

    faults: list[Fault]
    most_items: int
    read_path: Callable[[Any, str], Path | None]

    def read(self, row: Operator, data: Mapping[str, Any], at: str) -> Operand | None:
        """Read the operand of a comparison; None when it takes none, or when a fault was added.

        Args:
            row: The operator.
            data: The whole comparison.
            at: Its JSON path.
        """
        if row.shape is Shape.NOTHING:
            self._nothing(row, data, at)
            return None
        if "value" not in data:
            self._fault(at, f"`value` is missing: `{row.name}` takes {row.shape}", "missing-key")
            return None
        value, at = data["value"], at_key(at, "value")
        match row.shape:
            case Shape.PAIR:
                return self._pair(row, value, at)
            case Shape.SCALARS:
                return self._list(row, value, at)
            case Shape.PATTERN:
                return Pattern(str.__str__(value)) if self._is_text(row, value, at) else None
            case Shape.DURATION:
                return self._span(row, value, at)
            case _:
                return self._basic(row, value, at)

    def _fault(self, at: str, message: str, code: str) -> None:
        self.faults.append(Fault(path=at, message=message, code=code))

    def _nothing(self, row: Operator, data: Mapping[str, Any], at: str) -> None:
        value = data.get("value", True)
        if value is True:
            return
        opposite = f"; its opposite is `{OPPOSITES[row.name]}`" if value is False else ""
        self._fault(at_key(at, "value"), f"`{row.name}` takes no value{opposite}", "wrong-value")

    def _is_text(self, row: Operator, value: Any, at: str) -> bool:
        if isinstance(value, str):
            return True
        self._wrong(row, value, at)
        return False

    def _wrong(self, row: Operator, value: Any, at: str) -> None:
        self._fault(at, f"`{row.name}` takes {row.shape}, not {described(value)}", "wrong-value")

    def _span(self, row: Operator, value: Any, at: str) -> Span | None:
        if not self._is_text(row, value, at):
            return None
        try:
            return Span(parse_duration(str.__str__(value)))
        except ValueError as error:
            hint = f"; `{_BY_INSTANT[row.name]}` takes an instant" if parse_instant(value) is not None else ""
            self._fault(at, f"{error}, not {shown(value)}{hint}", "wrong-value")
            return None

    def _pair(self, row: Operator, value: Any, at: str) -> Pair | None:
        if not is_list(value) or len(value) != _PAIR:
            what = f"a list of {len(value)}" if is_list(value) else described(value)
            self._fault(at, f"`{row.name}` takes {row.shape}, not {what}", "wrong-value")
            return None
        low, high = (self._basic(row, end, at_index(at, index)) for index, end in enumerate(value))
        if low is None or high is None:
            return None
        kinds = {kind for kind in (_kind_of_end(low), _kind_of_end(high)) if kind is not None}
        if len(kinds) == _PAIR:
            self._fault(at, f"both ends are of one kind, not {' and '.join(sorted(kinds))}", "wrong-value")
            return None
        return Pair(low, high)

    def _list(self, row: Operator, value: Any, at: str) -> Literals | FieldOperand | None:
        if is_mapping(value) and "field" in value and len(value) == 1:
            return self._field(value["field"], at_key(at, "field"))
        if not is_list(value):
            hint = "; `contains` looks inside text" if isinstance(value, str) else ""
            self._fault(at, f"`{row.name}` takes {row.shape}, or a field that holds one{hint}", "wrong-value")
            return None
        if len(value) > self.most_items:
            self._fault(at, f"holds {len(value):,} values, more than {self.most_items:,}", "too-long")
            return None
        found = [self._item(row, item, at_index(at, index)) for index, item in enumerate(value)]
        values = tuple(item.value for item in found if item is not None)
        return Literals(values) if len(values) == len(found) else None

    def _item(self, row: Operator, value: Any, at: str) -> Literal | None:
        if is_mapping(value) and "datetime" not in value:
            self._fault(at, f"each value of `{row.name}` is {Shape.SCALAR}, not an object", "wrong-value")
            return None
        operand = self._basic(row, value, at)
        return operand if isinstance(operand, Literal) else None

    def _basic(self, row: Operator, value: Any, at: str) -> Basic | None:
        if is_mapping(value):
            return self._reference(row, value, at)
        return self._literal(row, value, at)

    def _reference(self, row: Operator, value: Mapping[str, Any], at: str) -> Basic | None:
        if len(value) != 1 or next(iter(value)) not in _REFERENCES:
            unknown = next((key for key in value if key not in _REFERENCES), "")
            hint = did_you_mean(unknown, _REFERENCES) if unknown else ""
            self._fault(
                at, f'an object under `value` is {{"field": …}}, {{"now": …}} or {{"datetime": …}}{hint}', "wrong-value"
            )
            return None
        ((key, inner),) = value.items()
        at = at_key(at, key)
        if key == "field":
            return self._field(inner, at)
        if row.shape is Shape.TEXT:
            self._fault(at, f"`{row.name}` takes {row.shape}, not an instant", "wrong-value")
            return None
        return self._now(inner, at) if key == "now" else self._instant(inner, at)

    def _field(self, value: Any, at: str) -> FieldOperand | None:
        path = self.read_path(value, at)
        return None if path is None else FieldOperand(path)

    def _now(self, value: Any, at: str) -> NowOperand | None:
        text = value if isinstance(value, str) else ""
        try:
            offset = parse_duration(text.removeprefix("-") if text.startswith("-") else text.removeprefix("+"))
        except ValueError:
            self._fault(
                at, f'expected a distance from now such as "-30d", "+2w" or "0d", not {shown(value)}', "wrong-value"
            )
            return None
        return NowOperand(offset, ahead=not text.startswith("-"))

    def _instant(self, value: Any, at: str) -> Literal | None:
        moment = instant_of(value)
        if moment is None:
            hint = ""
            if isinstance(value, str) and _is_duration(value):
                hint = '; a distance from now is {"now": "-30d"}'
            self._fault(
                at,
                f"expected an instant with a time zone such as {_INSTANT_EXAMPLE}, not {shown(value)}{hint}",
                "wrong-value",
            )
            return None
        return Literal(moment)

    def _literal(self, row: Operator, value: Any, at: str) -> Literal | None:
        if value is None:
            opposite = "exists" if row.negates else "missing"
            self._fault(at, f"nothing compares with null; ask with the operator `{opposite}`", "null-value")
            return None
        if row.shape is Shape.INSTANT or isinstance(value, date):
            return self._instant_literal(row, value, at)
        kind = kind_of(value)
        if kind not in _KINDS[row.shape]:
            hint = "; `in` compares with several values" if row.name in ("==", "!=") and kind is Kind.LIST else ""
            wanted = f"`{row.name}` takes {row.shape}"
            if row.shape in _PARTS:
                wanted = f"each value of `{row.name}` is {_PARTS[row.shape]}"
            self._fault(at, f"{wanted}, not {described(value)}{hint}", "wrong-value")
            return None
        plain = _plain(value)
        if plain is None:
            self._fault(at, "a number with more digits than JSON readers agree on", "wrong-number")
            return None
        return Literal(plain)

    def _instant_literal(self, row: Operator, value: Any, at: str) -> Literal | None:
        if Kind.INSTANT not in _KINDS[row.shape]:
            self._wrong(row, value, at)
            return None
        if isinstance(value, str) and row.shape is Shape.INSTANT and _is_duration(value):
            other = _BY_DURATION[row.name]
            self._fault(at, f"`{row.name}` takes an instant; `{other}` takes a duration", "wrong-value")
            return None
        return self._instant(value, at)


_BY_INSTANT: Final = {"within": "after", "older_than": "before"}
_BY_DURATION: Final = {"after": "within", "before": "older_than"}


def _is_duration(text: str) -> bool:
    try:
        parse_duration(text)
    except ValueError:
        return False
    return True


def _kind_of_end(end: Basic) -> Kind | None:
    if isinstance(end, NowOperand):
        return Kind.INSTANT
    return kind_of(end.value) if isinstance(end, Literal) else None


def _plain(value: Any) -> Scalar | None:
    """Answer a scalar as JSON has it, without the subclass that it may have come in."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    number: Decimal = value
    if number == number.to_integral_value():
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else None
