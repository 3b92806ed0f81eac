"""The documents of react-querybuilder: groups of rules with combinators between or around them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.ast import And, Comparison, Condition, Items, Not, Or, Quantifier
from leadkit.conditions.editors.dialects import REACT_QUERYBUILDER, Word
from leadkit.conditions.editors.reading import DocumentReader, accepted
from leadkit.conditions.editors.writing import DocumentWriter, Refused, literals_of
from leadkit.conditions.kinds import Kind
from leadkit.conditions.operands import FieldOperand, Pair, operand_fields
from leadkit.conditions.operators import Shape
from leadkit.conditions.paths import ITEM, Path, parse_path
from leadkit.conditions.places import at_index, at_key
from leadkit.conditions.records import is_list, is_mapping
from leadkit.conditions.vocabulary import DEFAULT, Vocabulary
from leadkit.conditions.wording import described, shown
from leadkit.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadkit.conditions.catalogue import FieldCatalogue

__all__ = ["from_react_querybuilder", "to_react_querybuilder"]

_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
# What stands for a field, an operator or a value that nobody has chosen yet.
_NOT_CHOSEN: Final = "~"
_COMBINATORS: Final = ("and", "or")
_MODES: Final[Mapping[str, Quantifier]] = {"all": "all", "some": "any", "none": "none"}
_MODE_OF: Final = {"all": "all", "any": "some", "none": "none"}
_VALUE: Final = "value"


def from_react_querybuilder(
    document: Any, *, vocabulary: Vocabulary = DEFAULT, catalogue: FieldCatalogue | None = None, at: str = "$"
) -> Condition:
    """Read a query of react-querybuilder as a condition.

    Its inputs hold text, and native conditions never take text for a number. So a value of a field that the catalogue
    knows to be a number, a boolean or an instant is read as one; other values are taken as they are. Rules and groups
    that are muted are left out. Between combinators, `and` binds before `or`.

    Args:
        document: The query, with combinators of its groups or between its rules.
        vocabulary: The words and limits to go by.
        catalogue: What is known of the fields.
        at: The JSON path that faults begin with.

    Raises:
        RuleErrors: With every fault and its place.

    Example:
        >>> from leadkit.conditions import dump_condition
        >>> query = {"combinator": "and", "rules": [{"field": "status", "operator": "=", "value": "new"}]}
        >>> dump_condition(from_react_querybuilder(query))
        {'and': [{'field': 'status', 'op': '==', 'value': 'new'}]}
    """
    reader = _Reader(REACT_QUERYBUILDER, vocabulary, catalogue=catalogue)
    return accepted(reader, document, at, lambda data, place: reader.group(data, place, 1))


def to_react_querybuilder(condition: Condition, *, at: str = "$") -> dict[str, Any]:
    """Write a condition as a query of react-querybuilder.

    Args:
        condition: Any condition.
        at: The JSON path that faults begin with.

    Raises:
        NotExpressible: Something in it cannot be said there; every such thing is named.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> to_react_querybuilder(read_condition({"field": "score", "op": ">=", "value": 80}))
        {'combinator': 'and', 'rules': [{'field': 'score', 'operator': '>=', 'value': 80}]}
    """
    return _Writer(REACT_QUERYBUILDER).document(condition, at)


@attrs.define(kw_only=True)
class _Reader(DocumentReader):
    catalogue: FieldCatalogue | None = None

    def group(self, data: Any, at: str, depth: int) -> Condition | None:
        if not self.is_object(data, at, depth):
            return None
        rules, inside = self.rules_of(data, at), at_key(at, "rules")
        if "combinator" in data:
            name = data["combinator"]
            items = self._items(rules, inside, depth, range(len(rules)))
            condition = self._joined(name, items, at_key(at, "combinator"))
        else:
            condition = self._between(rules, inside, depth)
        negated = self.negation(data, at)
        return Not(item=condition) if negated and condition is not None else condition

    def _items(self, rules: Sequence[Any], at: str, depth: int, places: Sequence[int]) -> list[Condition]:
        read = [
            self._node(rules[index], at_index(at, index), depth + 1) for index in places if not _is_muted(rules[index])
        ]
        return [condition for condition in read if condition is not None]

    def _joined(self, name: Any, items: list[Condition], at: str) -> Condition | None:
        text = name.lower() if isinstance(name, str) else ""
        if text in _COMBINATORS:
            return (And if text == "and" else Or)(items=tuple(items))
        if text == "xor":
            self.fault(at, "`xor` has no meaning here; write it with `and`, `or` and `not`", "unsupported")
        else:
            hint = did_you_mean(text, _COMBINATORS) if text else ""
            self.fault(at, f"a combinator is `and` or `or`, not {shown(name)}{hint}", "wrong-value")
        return None

    def _between(self, rules: list[Any], at: str, depth: int) -> Condition | None:
        """Read rules with combinators between them."""
        faults = len(self.faults)
        for index, item in enumerate(rules):
            if isinstance(item, str) is not bool(index % 2):
                wanted = "a combinator" if index % 2 else "a rule or a group"
                self.fault(at_index(at, index), f"here stands {wanted}, not {described(item)}", "wrong-type")
            elif isinstance(item, str):
                self._joined(item, [], at_index(at, index))
        if rules and len(rules) % 2 == 0:
            self.fault(at, "the last combinator joins nothing", "wrong-value")
        if len(self.faults) > faults:
            return None
        # `and` binds before `or`.
        parts: list[list[int]] = [[]]
        for index in range(0, len(rules), 2):
            if index and rules[index - 1].lower() == "or":
                parts.append([])
            parts[-1].append(index)
        joined = [And(items=tuple(self._items(rules, at, depth, places))) for places in parts]
        return joined[0] if len(joined) == 1 else Or(items=tuple(joined))

    def _node(self, data: Any, at: str, depth: int) -> Condition | None:
        if is_mapping(data) and "rules" in data:
            return self.group(data, at, depth)
        if not self.is_object(data, at, depth):
            return None
        for key in ("field", "operator"):
            if data.get(key) == _NOT_CHOSEN:
                self.fault(at_key(at, key), f"no {key} is chosen yet", "missing-key")
                return None
        if self.in_items and data.get("field") == "":
            # What the editor writes for items that are no objects.
            data = {**data, "field": ITEM.text}
        if "match" in data:
            return self._matching(data, at, depth)
        source = data.get("valueSource", "value")
        if source not in ("value", "field"):
            message = f"a value comes from `value` or `field`, not {shown(source)}"
            self.fault(at_key(at, "valueSource"), message, "wrong-value")
            return None
        if source == "field":
            return self.comparison(data, at, lambda value, _word: {"field": value})
        kind = self._kind(data.get("field"))
        return self.comparison(data, at, lambda value, word: _typed(value, word, kind))

    def _matching(self, data: Mapping[str, Any], at: str, depth: int) -> Condition | None:
        match = data["match"]
        mode = match.get("mode") if is_mapping(match) else None
        quantifier = _MODES.get(mode) if isinstance(mode, str) else None
        if quantifier is None:
            message = f"items are matched by `all`, `some` or `none`, not {shown(mode)}"
            self.fault(at_key(at_key(at, "match"), "mode"), message, "unsupported")
            return None
        # Inside, fields are the items' own, of which the catalogue of the lead knows nothing.
        before = self.catalogue, self.in_items
        self.catalogue, self.in_items = None, True
        condition = self.group(data.get("value"), at_key(at, "value"), depth + 1)
        self.catalogue, self.in_items = before
        try:
            path = parse_path(data["field"]) if isinstance(data.get("field"), str) else None
        except ValueError:
            path = None
        if path is None:
            self.fault(at_key(at, "field"), f"{shown(data.get('field'))} is no path", "wrong-path")
        return (
            None if path is None or condition is None else Items(path=path, quantifier=quantifier, condition=condition)
        )

    def _kind(self, field: Any) -> Kind | None:
        try:
            found = self.catalogue.find(parse_path(field)) if self.catalogue and isinstance(field, str) else None
        except ValueError:
            return None
        return None if found is None else found.kind


def _is_muted(rule: Any) -> bool:
    return is_mapping(rule) and rule.get("muted") is True


def _typed(value: Any, word: Word, kind: Kind | None) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if kind is Kind.NUMBER and _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if kind is Kind.BOOLEAN and text in ("true", "false"):
        return text == "true"
    return {"datetime": value} if kind is Kind.INSTANT and word.operator not in ("starts_with", "ends_with") else value


class _Writer(DocumentWriter):
    def group(self, combinator: str, rules: list[dict[str, Any]], *, negated: bool) -> dict[str, Any]:
        written: dict[str, Any] = {"combinator": combinator, "rules": rules}
        return {**written, "not": True} if negated else written

    def rule(self, node: Comparison, word: Word) -> dict[str, Any]:
        written = {"field": _field(node.path), "operator": word.name}
        fields = operand_fields(node.operand)
        if fields:
            if node.criterion.row.shape is Shape.SCALARS:
                raise Refused(_VALUE, "react-querybuilder does not look into a field that holds a list")
            if isinstance(node.operand, Pair) and len(fields) == 1:
                raise Refused(_VALUE, "react-querybuilder compares with two values or with two fields")
            names = [path.text for path in fields]
            value: Any = names[0] if isinstance(node.operand, FieldOperand) else names
            return {**written, "valueSource": "field", "value": value}
        value = literals_of(node)
        if any(isinstance(each, datetime) for each in (value if is_list(value) else (value,))):
            raise Refused(_VALUE, "the rules of react-querybuilder do not say that a text is an instant")
        return {**written, "value": value}

    def items(self, node: Items, at: str) -> dict[str, Any]:
        inner = self.node(node.condition, at_key(at, node.quantifier))
        group = inner if "rules" in inner else self.group("and", [inner], negated=False)
        return {
            "field": _field(node.path),
            "operator": "=",
            "match": {"mode": _MODE_OF[node.quantifier]},
            "value": group,
        }


def _field(path: Path) -> str:
    return "" if path == ITEM else path.text
