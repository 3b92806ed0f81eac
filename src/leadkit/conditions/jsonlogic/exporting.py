"""Writing a condition as a rule of JSON Logic that every engine answers alike, or saying why it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Not, Or
from leadkit.conditions.jsonlogic.guards import (
    both,
    either,
    is_boolean,
    is_list,
    is_number,
    is_text,
    may_be_time,
    negated,
    one_text,
)
from leadkit.conditions.jsonlogic.locating import ITEM_DATA, LEAD, Place, Unreachable
from leadkit.conditions.jsonlogic.looking import calls_in
from leadkit.conditions.jsonlogic.operations import JSONLOGIC_OPERATIONS, NAMES
from leadkit.conditions.kinds import Kind, Scalar, kind_of
from leadkit.conditions.operands import FieldOperand, Literal, Literals, Pair
from leadkit.conditions.places import at_index, at_key
from leadkit.conditions.records import is_list as is_list_value
from leadkit.conditions.records import is_mapping
from leadkit.errors import Fault, NotExpressible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadkit.conditions.catalogue import FieldCatalogue
    from leadkit.conditions.paths import Path

__all__ = ["to_jsonlogic"]

_OP, _VALUE, _CASE, _RELATED, _LEAF = "op", "value", "ignoreCase", "related", "jsonlogic"
# From here on, engines whose numbers are doubles no longer tell whole numbers apart.
_MOST_EXACT: Final = 2**53
# From here on, JavaScript does not order text by code point, nor count it so.
_FIRST_SURROGATE: Final = "\ud800"
_FIRST_ASTRAL: Final = "\U00010000"


def to_jsonlogic(condition: Condition, *, catalogue: FieldCatalogue | None = None, at: str = "$") -> Any:
    """Write a condition as a rule of JSON Logic, to be asked of the lead as JSON with its fields in camelCase.

    Native conditions never coerce, and JSON Logic always does; so comparisons come with guards. A rule of JSON Logic
    inside the condition is written as it is.

    Args:
        condition: Any condition.
        catalogue: What is known of the fields, so that two that are compared are known to be numbers.
        at: The JSON path that faults begin with.

    Raises:
        NotExpressible: Something in it cannot be said so that all engines answer alike; every such thing is named.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> to_jsonlogic(read_condition({"field": "status", "op": "==", "value": "new"}))
        {'===': [{'var': 'status'}, 'new']}
        >>> to_jsonlogic(read_condition({"field": "created_at", "op": "within", "value": "30d"}))
        Traceback (most recent call last):
        leadkit.errors.NotExpressible: JSON Logic cannot say it: $.op: JSON Logic knows no times
    """
    writer = _Writer(catalogue)
    rule = writer.condition(condition, at, LEAD)
    if writer.faults:
        raise NotExpressible(target="JSON Logic", faults=tuple(writer.faults))
    return rule


class _Refused(Exception):
    """Something that cannot be said, and under which key it stands."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key, self.reason = key, reason


@attrs.define
class _Writer:
    catalogue: FieldCatalogue | None
    faults: list[Fault] = attrs.field(factory=list)

    def condition(self, node: Condition, at: str, place: Place) -> Any:
        try:
            return self._node(node, at, place)
        except _Refused as refused:
            self.faults.append(Fault(path=at_key(at, refused.key), message=refused.reason, code="not-expressible"))
            return None

    def _node(self, node: Condition, at: str, place: Place) -> Any:
        match node:
            case And(items=items, spelling=key) | Or(items=items, spelling=key):
                inside = at_key(at, key)
                rules = [self.condition(item, at_index(inside, index), place) for index, item in enumerate(items)]
                return (both if isinstance(node, And) else either)(*rules)
            case Not(item=item, spelling="none"):
                return negated(self.condition(item, at, place))
            case Not(item=item):
                return negated(self.condition(item, at_key(at, "not"), place))
            case Comparison():
                return self._comparison(node, place)
            case Items():
                return self._items(node, at, place)
            case JsonLogic():
                return _leaf(node, place)
            case _:
                raise _Refused(_RELATED, "JSON Logic sees the lead, and nothing that belongs to it")

    def _items(self, node: Items, at: str, place: Place) -> Any:
        listed = _found(node.path, place, "field")
        asked = self.condition(node.condition, at_key(at, node.quantifier), ITEM_DATA)
        before = {"var": "accumulator"}
        if node.quantifier == "all":
            return both(is_list(listed), {"reduce": [listed, both(before, asked), True]})
        some = both(is_list(listed), {"reduce": [listed, either(before, asked), False]})
        return some if node.quantifier == "any" else negated(some)

    def _comparison(self, node: Comparison, place: Place) -> Any:
        if node.ignore_case:
            raise _Refused(_CASE, "JSON Logic cannot disregard case")
        row = node.criterion.row
        twin = row.negates
        name = row.name if twin is None else twin
        write = _WRITTEN.get(name)
        if write is None:
            reason = "JSON Logic knows no times" if row.reads_instants else "JSON Logic knows no regular expressions"
            raise _Refused(_OP, reason)
        rule = write(self, node, _found(node.path, place, "field"), place)
        return rule if twin is None else _opposite(rule)

    # --- what the operators ask -----------------------------------------------------------------------------------

    def equal(self, node: Comparison, value: Any, place: Place) -> Any:
        operand = node.operand
        if isinstance(operand, FieldOperand):
            return _equal_fields(value, _found(operand.path, place, "value"))
        return _equals(value, _literal(operand))

    def among(self, node: Comparison, value: Any, _place: Place) -> Any:
        if not isinstance(node.operand, Literals):
            raise _Refused(_VALUE, "from inside a list, JSON Logic does not see the lead")
        values = node.operand.values
        texts = [each for each in values if isinstance(each, str) and not may_be_time(each)]
        others = [_equals(value, each) for each in values if each not in texts]
        return either({"in": [value, texts]} if texts else False, *others)

    def ordered(self, node: Comparison, value: Any, place: Place) -> Any:
        return self._in_order(node, node.operator, value, node.operand, place)

    def between(self, node: Comparison, value: Any, place: Place) -> Any:
        pair: Any = node.operand
        ends: Pair = pair
        return both(
            self._in_order(node, ">=", value, ends.low, place), self._in_order(node, "<=", value, ends.high, place)
        )

    def _in_order(self, node: Comparison, operator: str, value: Any, operand: Any, place: Place) -> Any:
        if isinstance(operand, FieldOperand):
            if not any(self._is_number(path) for path in (node.path, operand.path)):
                raise _Refused(_VALUE, "two texts have no order in which engines agree; a catalogue may say: numbers")
            other = _found(operand.path, place, "value")
            return both(is_number(value), is_number(other), {operator: [value, other]})
        literal = _literal(operand)
        if isinstance(literal, str):
            if may_be_time(literal):
                raise _Refused(_VALUE, "text with a digit may be a time or a duration, which engines order otherwise")
            if any(character >= _FIRST_SURROGATE for character in literal):
                raise _Refused(_VALUE, "not every engine orders such text by code point")
            return both(is_text(value), {operator: [value, literal]})
        return both(is_number(value), {operator: [value, _exact(literal)]})

    def _is_number(self, path: Path) -> bool:
        field = None if self.catalogue is None else self.catalogue.find(path)
        return field is not None and field.kind is Kind.NUMBER

    def containing(self, node: Comparison, value: Any, _place: Place) -> Any:
        literal = _literal(node.operand)
        item = _equals({"var": "current"}, literal)
        listed = both(is_list(value), {"reduce": [value, either({"var": "accumulator"}, item), False]})
        if not isinstance(literal, str):
            return listed
        # Not every engine finds empty text in empty text.
        return either(both(is_text(value), {"in": [literal, value]} if literal else True), listed)

    def starting(self, node: Comparison, value: Any, _place: Place) -> Any:
        return self._affix(node, value, lambda length: [0, length])

    def ending(self, node: Comparison, value: Any, _place: Place) -> Any:
        return self._affix(node, value, lambda length: [-length])

    def _affix(self, node: Comparison, value: Any, part: Callable[[int], list[int]]) -> Any:
        text: Any = _literal(node.operand)
        if any(character >= _FIRST_ASTRAL for character in text):
            raise _Refused(_VALUE, "not every engine counts such characters as one")
        # A part that is as long as the text, and holds it, is the text.
        held = {"in": [text, {"substr": [value, *part(len(text))]}]}
        return both(is_text(value), held if text else True)


def _opposite(rule: Any) -> Any:
    for one, other in (("===", "!=="), ("!==", "===")):
        if is_mapping(rule) and one in rule:
            return {other: rule[one]}
    return negated(rule)


def _found(path: Path, place: Place, key: str) -> Any:
    try:
        return place.of(path)
    except Unreachable as unreachable:
        raise _Refused(key, str(unreachable)) from None


def _literal(operand: Any) -> Scalar:
    if isinstance(operand, FieldOperand):
        raise _Refused(_VALUE, "JSON Logic cannot ask that of two fields so that engines agree")
    if not isinstance(operand, Literal) or kind_of(operand.value) is Kind.INSTANT:
        raise _Refused(_VALUE, "JSON Logic knows no times")
    return operand.value


def _exact(number: Any) -> Any:
    if abs(number) >= _MOST_EXACT:
        raise _Refused(_VALUE, "not every engine tells such large numbers apart")
    return number


def _equals(value: Any, literal: Scalar) -> Any:
    if isinstance(literal, bool):
        return both({"===": [value, literal]}, is_boolean(value, literal))
    if isinstance(literal, str):
        return one_text(value, literal)
    if kind_of(literal) is Kind.INSTANT:
        raise _Refused(_VALUE, "JSON Logic knows no times")
    same = {"===": [value, _exact(literal)]}
    # One engine holds true equal to 1, and false to 0.
    return both(same, is_number(value)) if literal in (0, 1) else same


def _equal_fields(one: Any, other: Any) -> Any:
    same = {"===": [one, other]}
    empty = both({"===": [one, ""]}, {"===": [other, ""]})
    within = both({"in": [one, other]}, {"in": [other, one]})
    return either(
        both(is_text(one), is_text(other), either(empty, within)),
        both(is_number(one), is_number(other), same),
        both(is_boolean(one, True, False), is_boolean(other, True, False), same),  # noqa: FBT003 - both of the two
    )


def _leaf(node: JsonLogic, place: Place) -> Any:
    if place is not LEAD:
        raise _Refused(_LEAF, "in a list, it would have to be rewritten")
    later = sorted({call.key for call in calls_in(node.rule) if not _of_reference(call.key)})
    if later:
        raise _Refused(_LEAF, f"not every engine has {', '.join(f'`{key}`' for key in later)}")
    return {"!!": [_canonical(node.rule)]}


def _of_reference(key: str) -> bool:
    return key in NAMES and JSONLOGIC_OPERATIONS[NAMES[key]].reference


def _canonical(rule: Any) -> Any:
    if is_list_value(rule):
        return [_canonical(item) for item in rule]
    if is_mapping(rule) and len(rule) == 1:
        ((key, given),) = rule.items()
        # `?:` is in the reference as well.
        return {"!" if key == "not" else key: _canonical(given)}
    return rule


_WRITTEN: Final[Mapping[str, Callable[[_Writer, Comparison, Any, Place], Any]]] = {
    "==": _Writer.equal,
    ">": _Writer.ordered,
    ">=": _Writer.ordered,
    "<": _Writer.ordered,
    "<=": _Writer.ordered,
    "between": _Writer.between,
    "in": _Writer.among,
    "contains": _Writer.containing,
    "starts_with": _Writer.starting,
    "ends_with": _Writer.ending,
    "exists": lambda _writer, _node, value, _place: {"!==": [value, None]},
}
