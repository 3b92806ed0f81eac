"""The documents of jQuery QueryBuilder: groups of rules, each of which says its type."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions.ast import And, Comparison, Condition, Not, Or
from leadkit.conditions.editors.dialects import JQUERY_QUERYBUILDER, Word
from leadkit.conditions.editors.reading import DocumentReader, accepted
from leadkit.conditions.editors.writing import DocumentWriter, Refused, literals_of
from leadkit.conditions.kinds import Kind, kind_of
from leadkit.conditions.operands import operand_fields
from leadkit.conditions.places import at_index, at_key
from leadkit.conditions.records import is_list, is_mapping
from leadkit.conditions.vocabulary import DEFAULT, Vocabulary
from leadkit.conditions.wording import shown
from leadkit.errors import did_you_mean
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["from_jquery_querybuilder", "to_jquery_querybuilder"]

_INTEGER: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_DOUBLE: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_VALUE: Final = "value"


def from_jquery_querybuilder(document: Any, *, vocabulary: Vocabulary = DEFAULT, at: str = "$") -> Condition:
    """Read the rules of jQuery QueryBuilder as a condition.

    A value is what the `type` of its rule says, also when it came as text: `"10"` of type `integer` is a number.

    Args:
        document: What `getRules` answered.
        vocabulary: The words and limits to go by.
        at: The JSON path that faults begin with.

    Raises:
        RuleErrors: With every fault and its place.

    Example:
        >>> from leadkit.conditions import dump_condition
        >>> rule = {"id": "score", "field": "score", "type": "integer", "operator": "greater", "value": "80"}
        >>> dump_condition(from_jquery_querybuilder({"condition": "AND", "rules": [rule]}))
        {'and': [{'field': 'score', 'op': '>', 'value': 80}]}
    """
    reader = _Reader(JQUERY_QUERYBUILDER, vocabulary)
    return accepted(reader, document, at, lambda data, place: reader.group(data, place, 1))


def to_jquery_querybuilder(condition: Condition, *, at: str = "$") -> dict[str, Any]:
    """Write a condition as the rules of jQuery QueryBuilder; a negated group wants its plug-in `not-group`.

    Args:
        condition: Any condition.
        at: The JSON path that faults begin with.

    Raises:
        NotExpressible: Something in it cannot be said there; every such thing is named.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> written = to_jquery_querybuilder(read_condition({"field": "score", "op": ">", "value": 80}))
        >>> written["rules"][0]["operator"], written["rules"][0]["type"]
        ('greater', 'integer')
    """
    return _Writer(JQUERY_QUERYBUILDER).document(condition, at)


class _Reader(DocumentReader):
    def group(self, data: Any, at: str, depth: int) -> Condition | None:
        if not self.is_object(data, at, depth):
            return None
        rules, inside = self.rules_of(data, at), at_key(at, "rules")
        read = [self._node(rule, at_index(inside, index), depth + 1) for index, rule in enumerate(rules)]
        items = tuple(condition for condition in read if condition is not None)
        name = data.get("condition", "AND" if not rules else None)
        text = name.upper() if isinstance(name, str) else ""
        negated = self.negation(data, at)
        if text not in ("AND", "OR"):
            hint = did_you_mean(text, ("AND", "OR")) if text else ""
            self.fault(at_key(at, "condition"), f"a condition is `AND` or `OR`, not {shown(name)}{hint}", "wrong-value")
            return None
        condition = (And if text == "AND" else Or)(items=items)
        return Not(item=condition) if negated else condition

    def _node(self, data: Any, at: str, depth: int) -> Condition | None:
        if is_mapping(data) and "rules" in data:
            return self.group(data, at, depth)
        if not self.is_object(data, at, depth):
            return None
        rule = data if data.get("field") is not None else {**data, "field": data.get("id")}
        kind = rule.get("type", "string")
        write = _VALUES.get(kind) if isinstance(kind, str) else None
        if write is None:
            hint = did_you_mean(kind, _VALUES) if isinstance(kind, str) else ""
            self.fault(at_key(at, "type"), f"unknown type {shown(kind)}{hint}", "unknown-type")
            return None
        if rule.get("operator") == "is_not_empty":
            # What is empty is there.
            there = self.comparison({**rule, "operator": "is_not_null"}, at, write)
            full = self.comparison(rule, at, write)
            return None if there is None or full is None else And(items=(there, full))
        return self.comparison(rule, at, write)


def _text(value: Any, _word: Word) -> Any:
    return value


def _number(pattern: re.Pattern[str]) -> Callable[[Any, Word], Any]:
    def write(value: Any, _word: Word) -> Any:
        if isinstance(value, str) and pattern.fullmatch(value.strip()):
            return float(value) if "." in value else int(value)
        return value

    return write


def _boolean(value: Any, _word: Word) -> Any:
    return _BOOLEANS.get(str(value).lower(), value) if isinstance(value, str | int) else value


def _instant(value: Any, _word: Word) -> Any:
    return {"datetime": value} if isinstance(value, str) else value


_VALUES: Final[Mapping[str, Callable[[Any, Word], Any]]] = {
    "string": _text,
    "integer": _number(_INTEGER),
    "double": _number(_DOUBLE),
    "boolean": _boolean,
    "date": _instant,
    "datetime": _instant,
}


class _Writer(DocumentWriter):
    def group(self, combinator: str, rules: list[dict[str, Any]], *, negated: bool) -> dict[str, Any]:
        written: dict[str, Any] = {"condition": combinator.upper(), "rules": rules, "valid": True}
        return {**written, "not": True} if negated else written

    def rule(self, node: Comparison, word: Word) -> dict[str, Any]:
        if operand_fields(node.operand):
            raise Refused(_VALUE, "jQuery QueryBuilder compares with values, not with fields")
        value = None if word.fixed is not None else literals_of(node)
        types = {_type_of(each) for each in (value if is_list(value) else (value,))}
        if types == {"integer", "double"}:
            types = {"double"}
        if len(types) > 1:
            raise Refused(_VALUE, "the values of a rule of jQuery QueryBuilder are of one type")
        field = node.path.text
        kind = types.pop() if types else "string"
        written = [_written(each) for each in value] if is_list(value) else _written(value)
        return {
            "id": field,
            "field": field,
            "type": kind,
            "input": "text",
            "operator": word.name,
            "value": written,
        }


def _type_of(value: Any) -> str:
    kind = kind_of(value)
    if kind is Kind.NUMBER:
        return "integer" if isinstance(value, int) else "double"
    return {Kind.BOOLEAN: "boolean", Kind.INSTANT: "datetime"}.get(kind or Kind.TEXT, "string")


def _written(value: Any) -> Any:
    return isoformat(value) if isinstance(value, datetime) else value
