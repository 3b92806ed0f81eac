"""Reading a rule of JSON Logic into native form, where it means the same on every lead; the rest stays a rule.

JSON Logic coerces, and native conditions do not: `{"==": [{"var": "status"}, "new"]}` also holds for a list of the
one text. What means the same all the same is taken over; what would only mean it nearly is left alone.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Not, Or, Quantifier
from leadkit.conditions.bounds import within_bounds
from leadkit.conditions.jsonlogic.building import arguments_of
from leadkit.conditions.jsonlogic.exporting import to_jsonlogic
from leadkit.conditions.jsonlogic.looking import calls_in, path_of
from leadkit.conditions.jsonlogic.operations import JSONLOGIC_OPERATIONS, NAMES
from leadkit.conditions.jsonlogic.reading import read_rule
from leadkit.conditions.jsonlogic.values import truthy
from leadkit.conditions.kinds import Kind, kind_of
from leadkit.conditions.operands import Literal, Literals
from leadkit.conditions.paths import ITEM, camel, snake
from leadkit.conditions.records import is_list, is_mapping
from leadkit.conditions.vocabulary import DEFAULT, Vocabulary
from leadkit.errors import Fault, NotExpressible, RuleErrors
from leadkit.values.json import canonical_json
from leadkit.values.times import parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from leadkit.conditions.catalogue import FieldCatalogue
    from leadkit.conditions.operands import Operand
    from leadkit.conditions.paths import Path

__all__ = ["from_jsonlogic"]

_STEP: Final = re.compile(r"\d+|length", re.ASCII)
_FLIPPED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=", "===": "===", "!==": "!=="}
_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_QUANTIFIERS: Final[Mapping[str, Quantifier]] = {"some": "any", "none": "none", "all": "all"}
_TWO: Final = 2


def from_jsonlogic(
    rule: Any, *, vocabulary: Vocabulary = DEFAULT, catalogue: FieldCatalogue | None = None, at: str = "$"
) -> Condition:
    """Read a rule of JSON Logic as a condition, as much of it native as means the same.

    Args:
        rule: Plain JSON values.
        vocabulary: The words and limits to go by.
        catalogue: What is known of the fields; more means the same where a field is known to be text, or a number.
        at: The JSON path that faults begin with.

    Raises:
        RuleErrors: With every fault and its place.

    Example:
        >>> from leadkit.conditions import dump_condition
        >>> rule = {"and": [{"===": [{"var": "status"}, "new"]}, {"<=": [{"var": "days"}, 14]}]}
        >>> dump_condition(from_jsonlogic(rule))["and"][0]
        {'field': 'status', 'op': '==', 'value': 'new'}
        >>> dump_condition(from_jsonlogic(rule))["and"][1]
        {'jsonlogic': {'<=': [{'var': 'days'}, 14]}}
    """
    faults: list[Fault] = []
    whole = None
    if within_bounds(rule, at, faults, vocabulary.limits):
        whole, _ = read_rule(rule, at, faults, vocabulary)
    if whole is None:
        raise RuleErrors(faults=tuple(faults))
    return _Reader(whole, catalogue).read(whole.rule)


@attrs.frozen
class _Reader:
    whole: JsonLogic
    catalogue: FieldCatalogue | None

    def read(self, rule: Any) -> Condition:
        """Read a rule that stands alone, or under nothing but `and`: where a part of it fails, it does not hold."""
        native = self.native(rule, root=True)
        if native is not None:
            return native
        key, arguments = _called(rule)
        if key == "and":
            return And(items=tuple(self.read(argument) for argument in arguments))
        mixed = self._mixed(rule) if self._is_sure(rule) else None
        return self._leaf(rule) if mixed is None else mixed

    def _leaf(self, rule: Any) -> JsonLogic:
        called = {call.key for call in calls_in(rule)}
        own = tuple(operation for operation in self.whole.operations if operation.name in called)
        return JsonLogic(text=canonical_json(rule), operations=own)

    def _mixed(self, rule: Any) -> Condition | None:
        """Read a rule of which nothing can fail: native parts among rules; None when no part of it is native."""
        key, arguments = _called(rule)
        if key not in ("and", "or", "!", "!!"):
            return None
        parts: list[Condition] = []
        for argument in arguments if key in ("and", "or") else arguments[:1]:
            part = self.native(argument, root=True)
            parts.append(part or self._mixed(argument) or self._leaf(argument))
        if all(isinstance(part, JsonLogic) for part in parts):
            return None
        if key in ("and", "or"):
            return (And if key == "and" else Or)(items=tuple(parts))
        return parts[0] if key == "!!" else Not(item=parts[0])

    def _is_sure(self, rule: Any) -> bool:
        return all(call.key in NAMES and not JSONLOGIC_OPERATIONS[NAMES[call.key]].fails for call in calls_in(rule))

    def native(self, rule: Any, *, root: bool) -> Condition | None:
        """Read a rule that means the same natively, None when it does not."""
        key, arguments = _called(rule)
        if not key:
            return None if is_list(rule) and rule else And(items=()) if truthy(rule) else Or(items=())
        exported = self._exported(rule) if root else None
        if exported is not None:
            return exported
        read = _READ.get(key)
        return None if read is None else read(self, key, arguments, root=root)

    # --- connectives ----------------------------------------------------------------------------------------------

    def joined(self, key: str, arguments: Sequence[Any], *, root: bool) -> Condition | None:
        parts = [self.native(argument, root=root) for argument in arguments]
        items = tuple(part for part in parts if part is not None)
        if len(items) < len(parts):
            return None
        # Of nothing, both are false.
        return And(items=items) if key == "and" and items else Or(items=items)

    def opposite(self, _key: str, arguments: Sequence[Any], *, root: bool) -> Condition | None:
        item = self.native(arguments[0], root=root) if arguments else Or(items=())
        return None if item is None else Not(item=item)

    def truth(self, _key: str, arguments: Sequence[Any], *, root: bool) -> Condition | None:
        return self.native(arguments[0], root=root) if arguments else Or(items=())

    # --- comparisons ----------------------------------------------------------------------------------------------

    def compared(self, key: str, arguments: Sequence[Any], *, root: bool) -> Condition | None:
        if len(arguments) != _TWO:
            return None
        path, value = self._path(arguments[0], root=root), arguments[1]
        if path is None:
            key, path, value = _FLIPPED[key], self._path(arguments[1], root=root), arguments[0]
        if path is None:
            return None
        negative = key.startswith("!")
        if value is None and key not in _ORDER:
            return Comparison(path=path, operator="exists" if negative else "missing")
        kind = self._kind(path) if root else None
        if key in _ORDER:
            return _ordered(path, key, value) if kind is Kind.NUMBER and kind_of(value) is Kind.NUMBER else None
        strict = key in ("===", "!==")
        if not _is_plain(value) or (not strict and (kind is None or kind is not kind_of(value))):
            return None
        literal: Any = value
        return Comparison(path=path, operator="!=" if negative else "==", operand=Literal(literal))

    def _kind(self, path: Path) -> Kind | None:
        field = None if self.catalogue is None else self.catalogue.find(path)
        return None if field is None else field.kind

    def among(self, _key: str, arguments: Sequence[Any], *, root: bool) -> Condition | None:
        if len(arguments) != _TWO:
            return None
        wanted, where = arguments
        path = self._path(wanted, root=root)
        if path is not None and is_list(where):
            plain = all(map(_is_plain, where))
            return Comparison(path=path, operator="in", operand=Literals(tuple(where))) if plain else None
        path = self._path(where, root=root)
        if path is None or not isinstance(wanted, str) or not wanted or not _is_plain(wanted):
            return None
        return Comparison(path=path, operator="contains", operand=Literal(wanted))

    def missing(self, _key: str, arguments: Sequence[Any], *, root: bool) -> Condition | None:
        keys = arguments[0] if arguments and is_list(arguments[0]) else arguments
        paths = [self._path({"var": key}, root=root) if isinstance(key, str) and key else None for key in keys]
        found = [path for path in paths if path is not None]
        if len(found) < len(paths):
            return None
        lacking = [
            clause
            for path in found
            for clause in (
                Comparison(path=path, operator="missing"),
                Comparison(path=path, operator="==", operand=Literal("")),
            )
        ]
        return Or(items=tuple(lacking))

    # --- lists ----------------------------------------------------------------------------------------------------

    def quantified(self, key: str, arguments: Sequence[Any], *, root: bool) -> Condition | None:
        if len(arguments) != _TWO:
            return None
        path = self._path(arguments[0], root=root)
        condition = self.native(arguments[1], root=False)
        if path is None or condition is None:
            return None
        asked = Items(path=path, quantifier=_QUANTIFIERS[key], condition=condition)
        if key != "all":
            return asked
        # `all` of an empty list is false.
        return And(items=(Items(path=path, quantifier="any", condition=And(items=())), asked))

    # --- fields ---------------------------------------------------------------------------------------------------

    def _path(self, rule: Any, *, root: bool) -> Path | None:
        key, arguments = _called(rule)
        if key not in ("var", "val") or not arguments or not all(isinstance(each, str) for each in arguments):
            return None
        if key == "var" and len(arguments) > 1:
            return None
        keys: tuple[str, ...] = tuple(arguments[0].split(".") if key == "var" else arguments)
        if key == "var" and keys == ("",):
            return None if root else ITEM
        # JSON Logic takes numbers for indexes, and the length of a list or a text for a member; paths do neither.
        if any(_STEP.fullmatch(each) for each in (keys[1:] if root else keys)):
            return None
        return path_of(keys) if root or not _has_two_spellings(keys[0]) else None

    # --- what was written from native conditions ------------------------------------------------------------------

    def _exported(self, rule: Any) -> Condition | None:
        for path, operand in self._ends(rule):
            for name in _GUARDED:
                candidate = _built(path, name, operand)
                if candidate is not None and _written(candidate) == rule:
                    return candidate
        return None

    def _ends(self, rule: Any) -> Iterator[tuple[Path, Operand]]:
        """Answer what the clauses of a guarded comparison, or of two of them, compare."""
        key, arguments = _called(rule)
        if key not in ("and", "or"):
            return
        for argument in arguments:
            inner, pair = _called(argument)
            if inner in ("and", "or"):
                yield from self._ends(argument)
            elif len(pair) == _TWO:
                for one, other in (pair, pair[::-1]):
                    inside, parts = _called(one)
                    path = self._path(parts[0] if inside == "substr" and parts else one, root=True)
                    if path is not None and kind_of(other) in (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN):
                        yield path, Literal(other)


_GUARDED: Final = (">", ">=", "<", "<=", "==", "contains", "starts_with", "ends_with")


def _built(path: Path, name: str, operand: Any) -> Comparison | None:
    texts = name in ("starts_with", "ends_with")
    if (texts and not isinstance(operand.value, str)) or (name in _ORDER and isinstance(operand.value, bool)):
        return None
    return Comparison(path=path, operator=name, operand=operand)


def _written(condition: Condition) -> Any:
    try:
        return to_jsonlogic(condition)
    except NotExpressible:
        return None


def _called(rule: Any) -> tuple[str, Sequence[Any]]:
    """Answer the operation that a rule calls, and its arguments; no name for what calls none."""
    if not is_mapping(rule) or len(rule) != 1:
        return "", ()
    ((key, given),) = rule.items()
    return NAMES.get(key, key), arguments_of(given)


def _is_plain(value: Any) -> bool:
    """Tell whether a literal is compared alike: a scalar, and no text that is an instant."""
    if isinstance(value, str):
        return parse_instant(value) is None
    return kind_of(value) in (Kind.NUMBER, Kind.BOOLEAN)


def _ordered(path: Path, key: str, value: Any) -> Condition:
    asked = Comparison(path=path, operator=key, operand=Literal(value))
    # Null counts as 0.
    return Or(items=(Comparison(path=path, operator="missing"), asked)) if _ORDER[key](0, value) else asked


def _has_two_spellings(key: str) -> bool:
    one = snake(key)
    return one is not None and camel(one) != one


_READ: Final[Mapping[str, Callable[..., Condition | None]]] = {
    **dict.fromkeys(("and", "or"), _Reader.joined),
    **dict.fromkeys(_FLIPPED, _Reader.compared),
    **dict.fromkeys(_QUANTIFIERS, _Reader.quantified),
    "!": _Reader.opposite,
    "!!": _Reader.truth,
    "in": _Reader.among,
    "missing": _Reader.missing,
}
