"""Reading the forms of a condition: comparisons, connectives, quantifiers over items, related records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import attrs

from leadkit.conditions.ast import And, Comparison, Condition, Items, Not, Or, Quantifier, Related
from leadkit.conditions.bounds import MOST_FAULTS
from leadkit.conditions.jsonlogic.operations import NAMES
from leadkit.conditions.jsonlogic.reading import read_rule
from leadkit.conditions.kinds import kind_of
from leadkit.conditions.operands import Literal, Operand, literals_in
from leadkit.conditions.operators import OPERATORS, Operator, Shape, hint_for, operator_named
from leadkit.conditions.paths import ITEM, Path, parse_path
from leadkit.conditions.places import at_index, at_key
from leadkit.conditions.reading_operands import OperandReader
from leadkit.conditions.records import is_list, is_mapping
from leadkit.conditions.related import AGGREGATES, Aggregate, Needs, RelatedKind
from leadkit.conditions.wording import described, named, shown
from leadkit.errors import Fault, closest, did_you_mean
from leadkit.values.times import Duration, parse_duration

if TYPE_CHECKING:
    from leadkit.conditions.vocabulary import Vocabulary

__all__ = ["Reader"]

_Data: TypeAlias = Mapping[str, Any]

_EXAMPLE: Final = '{"field": "status", "op": "==", "value": "new"}'
_CONNECTIVES: Final = ("and", "or", "not", "all", "any", "none")
_QUANTIFIERS: Final[tuple[Quantifier, ...]] = ("any", "all", "none")
_COMPARISON: Final = ("field", "op", "value", "ignoreCase")
_RELATED: Final = ("related", "where", "within", "aggregate", "of", "op", "value", "ignoreCase")
_KNOWN: Final = ("field", "related", "jsonlogic", *_CONNECTIVES)
_MOST_SHOWN: Final = 80
# Words of other rule languages, too far from ours for their likeness to be seen.
_SYNONYMS: Final = {
    "operator": "op",
    "operation": "op",
    "path": "field",
    "fact": "field",
    "rules": "and",
    "conditions": "and",
}

_Row = TypeVar("_Row", RelatedKind, Aggregate)


class Scope(StrEnum):
    """Whose fields a condition names."""

    RECORD = "record"
    ITEM = "item"
    RELATED = "related"


@attrs.define
class Reader:
    """Reads one condition, adding a fault for all that cannot be understood.

    Attributes:
        vocabulary: The words and limits to go by.
        faults: Where faults are added.
    """

    vocabulary: Vocabulary
    faults: list[Fault]
    _nodes: int = attrs.field(default=0, init=False)
    _patterns: int = attrs.field(default=0, init=False)
    _most_faults: int = attrs.field(default=MOST_FAULTS, init=False)

    def read(self, data: Any, at: str) -> Condition | None:
        """Read a condition that has passed `within_bounds`; answer None when a fault was added.

        Args:
            data: Plain JSON values.
            at: Its JSON path.
        """
        before = len(self.faults)
        self._most_faults = before + MOST_FAULTS
        condition = self._node(data, at, 1, Scope.RECORD)
        return condition if len(self.faults) == before else None

    def _fault(self, at: str, message: str, code: str) -> None:
        self.faults.append(Fault(path=at, message=message, code=code))

    def _node(self, data: Any, at: str, depth: int, scope: Scope) -> Condition | None:
        limits = self.vocabulary.limits
        self._nodes += 1
        if depth > limits.depth:
            self._fault(at, f"conditions may stand {limits.depth} deep inside each other", "too-deep")
            return None
        if self._nodes > limits.nodes or len(self.faults) >= self._most_faults:
            if self._nodes == limits.nodes + 1:
                self._fault(at, f"more than {limits.nodes} conditions", "too-many")
            return None
        if not is_mapping(data):
            hint = "; a list of them stands under `and` or `or`" if is_list(data) else ""
            self._fault(at, f"a condition is an object such as {_EXAMPLE}, not {described(data)}{hint}", "wrong-type")
            return None
        return self._form(data, at, depth, scope)

    def _form(self, data: _Data, at: str, depth: int, scope: Scope) -> Condition | None:
        if "jsonlogic" in data:
            return self._jsonlogic(data, at, depth)
        if "related" in data:
            return self._related(data, at, depth, scope)
        connectives = [key for key in data if key in _CONNECTIVES]
        if "field" in data and connectives:
            return self._items(data, at, depth, scope, connectives)
        if connectives:
            return self._connective(data, at, depth, scope, connectives)
        if "field" in data or "op" in data or "value" in data:
            return self._comparison(data, at, scope)
        if not data:
            self._fault(at, 'an empty object is no condition; {"and": []} always holds', "wrong-type")
        if len(data) == 1 and next(iter(data)) in NAMES:
            key = next(iter(data))
            self._fault(at, f'JSON Logic stands under its own key: {{"jsonlogic": {{"{key}": …}}}}', "wrong-keys")
            return None
        self._keys(data, at, (), (*_KNOWN, "op"))
        return None

    def _jsonlogic(self, data: _Data, at: str, depth: int) -> Condition | None:
        for other in data:
            if other != "jsonlogic":
                self._fault(at_key(at, other), "no other key stands beside `jsonlogic`", "wrong-keys")
        at = at_key(at, "jsonlogic")
        node, count = read_rule(data["jsonlogic"], at, self.faults, self.vocabulary, depth=depth)
        self._nodes += max(count - 1, 0)
        if node is not None and self._nodes > self.vocabulary.limits.nodes:
            self._fault(at, f"more than {self.vocabulary.limits.nodes} conditions", "too-many")
            return None
        return node

    def _keys(self, data: _Data, at: str, allowed: Iterable[str], known: Sequence[str]) -> _Data:
        """Add a fault for each key that is not allowed, and answer the data as if what was meant had been written."""
        meant = dict(data)
        for key in data:
            if key not in allowed:
                word = _SYNONYMS.get(key)
                if word not in known:
                    word = closest(key[:_MOST_SHOWN], sorted(known))
                hint = did_you_mean(key[:_MOST_SHOWN], known) if word is None else f"; did you mean `{word}`?"
                self._fault(at_key(at, key), f"unknown key{hint}", "unknown-key")
                if word is not None:
                    meant.setdefault(word, data[key])
        return meant

    # --- connectives --------------------------------------------------------------------------------------------------

    def _connective(self, data: _Data, at: str, depth: int, scope: Scope, connectives: list[str]) -> Condition | None:
        if len(connectives) > 1:
            names = ", ".join(f"`{key}`" for key in connectives)
            self._fault(at, f"one of {names} at a time; put each into an object of its own", "wrong-keys")
            return None
        (key,) = connectives
        for other in data:
            if other != key:
                self._fault(at_key(at, other), f"no other key stands beside `{key}`", "wrong-keys")
        value, at = data[key], at_key(at, key)
        if key == "not":
            if is_list(value):
                self._fault(at, "`not` takes one condition; `none` takes a list of them", "wrong-type")
                return None
            item = self._node(value, at, depth + 1, scope)
            return None if item is None else Not(item=item)
        if not is_list(value):
            hint = "; over the items of a list it stands beside `field`" if key in _QUANTIFIERS else ""
            self._fault(at, f"`{key}` takes a list of conditions, not {described(value)}{hint}", "wrong-type")
            return None
        found = [self._node(item, at_index(at, index), depth + 1, scope) for index, item in enumerate(value)]
        items = tuple(item for item in found if item is not None)
        if key in ("and", "all"):
            return And(items=items, spelling=key)
        either = Or(items=items, spelling=key)
        return Not(item=either, spelling=key) if key == "none" else either

    # --- comparisons --------------------------------------------------------------------------------------------------

    def _comparison(self, data: _Data, at: str, scope: Scope) -> Condition | None:
        before = len(self.faults)
        data = self._keys(data, at, (*_COMPARISON, "ignore_case"), _COMPARISON)
        path = self._path_under("field", data, at, scope)
        criterion = self._criterion(data, at, scope)
        if path is None or criterion is None or len(self.faults) > before:
            return None
        row, operand, ignore_case = criterion
        return self._built(
            lambda: Comparison(path=path, operator=row.name, operand=operand, ignore_case=ignore_case), at
        )

    def _built(self, build: Callable[[], Condition], at: str) -> Condition | None:
        try:
            return build()
        except ValueError as error:
            # Only the pattern of `matches` is made ready in a way that can fail.
            self._fault(at_key(at, "value"), f"no regular expression of RE2: {error}", "wrong-pattern")
            return None

    def _criterion(self, data: _Data, at: str, scope: Scope) -> tuple[Operator, Operand | None, bool] | None:
        row = self._operator(data, at)
        if row is None:
            return None
        operand = self._operand(row, data, at, scope)
        return row, operand, self._ignore_case(row, operand, data, at)

    def _operator(self, data: _Data, at: str) -> Operator | None:
        if "op" not in data:
            self._fault(at, "`op` is missing: the operator, such as `==`", "missing-key")
            return None
        value, at = data["op"], at_key(at, "op")
        if not isinstance(value, str):
            self._fault(at, f"an operator is text such as `==`, not {described(value)}", "wrong-type")
            return None
        row = operator_named(value)
        if row is None:
            text = value[:_MOST_SHOWN]
            self._fault(at, f"unknown operator `{text}`{hint_for(text)}", "unknown-operator")
        return row

    def _operand(self, row: Operator, data: _Data, at: str, scope: Scope) -> Operand | None:
        if row.shape is Shape.PATTERN:
            self._patterns += 1
            if self._patterns > self.vocabulary.limits.patterns:
                message = f"more than {self.vocabulary.limits.patterns} regular expressions"
                self._fault(at, message, "too-many")
                return None
        reader = OperandReader(
            self.faults, self.vocabulary.limits.list_items, lambda value, place: self._path(value, place, scope)
        )
        return reader.read(row, data, at)

    def _ignore_case(self, row: Operator, operand: Operand | None, data: _Data, at: str) -> bool:
        value = data.get("ignoreCase", data.get("ignore_case", False))
        at = at_key(at, "ignoreCase")
        if not isinstance(value, bool):
            self._fault(at, f"`ignoreCase` is true or false, not {described(value)}", "wrong-type")
        elif value and not row.folds_case:
            folding = ", ".join(f"`{other.name}`" for other in OPERATORS.values() if other.folds_case)
            self._fault(at, f"`{row.name}` takes no `ignoreCase`; {folding} do", "wrong-key")
        elif value and not all(isinstance(literal, str) for literal in literals_in(operand)):
            self._fault(at, "`ignoreCase` is for text, and the value is none", "wrong-key")
        return value is True

    # --- paths --------------------------------------------------------------------------------------------------------

    def _path_under(self, key: str, data: _Data, at: str, scope: Scope) -> Path | None:
        if key not in data:
            self._fault(at, f"`{key}` is missing", "missing-key")
            return None
        return self._path(data[key], at_key(at, key), scope)

    def _path(self, value: Any, at: str, scope: Scope) -> Path | None:
        if not isinstance(value, str):
            self._fault(at, f"a path is text such as `properties.team_size`, not {described(value)}", "wrong-type")
            return None
        try:
            path = parse_path(str.__str__(value))
        except ValueError as error:
            self._fault(at, f"{shown(value)} is no path: {error}", "wrong-path")
            return None
        if path == ITEM and scope is not Scope.ITEM:
            self._fault(at, "`@` is the item inside `any`, `all` and `none` over a list", "wrong-path")
            return None
        return path

    # --- items --------------------------------------------------------------------------------------------------------

    def _items(self, data: _Data, at: str, depth: int, scope: Scope, connectives: list[str]) -> Condition | None:
        quantifiers: list[Quantifier] = [key for key in _QUANTIFIERS if key in connectives]
        if len(quantifiers) != 1:
            self._fault(at, "beside `field` stands one of `any`, `all`, `none`, or `op`", "wrong-keys")
            return None
        key = quantifiers[0]
        self._keys(data, at, ("field", key), ("field", key))
        path = self._path_under("field", data, at, scope)
        condition = self._node(data[key], at_key(at, key), depth + 1, Scope.ITEM)
        return None if path is None or condition is None else Items(path=path, quantifier=key, condition=condition)

    # --- related records ----------------------------------------------------------------------------------------------

    def _related(self, data: _Data, at: str, depth: int, scope: Scope) -> Condition | None:
        before = len(self.faults)
        data = self._keys(data, at, (*_RELATED, "ignore_case"), _RELATED)
        if scope is not Scope.RECORD:
            self._fault(
                at_key(at, "related"),
                "related records belong to the lead, not to an item or to each other",
                "wrong-scope",
            )
        kind = self._named(data["related"], at_key(at, "related"), self.vocabulary.related, "related kind")
        aggregate = self._named(data.get("aggregate", "count"), at_key(at, "aggregate"), AGGREGATES, "aggregate")
        where = self._node(data["where"], at_key(at, "where"), depth + 1, Scope.RELATED) if "where" in data else None
        within = self._within(data, at, kind)
        of = self._of(data, at, kind, aggregate)
        criterion = self._asked_of(data, at, aggregate)
        if kind is None or aggregate is None or criterion is None or len(self.faults) > before:
            return None
        row, operand, ignore_case = criterion
        return Related(
            kind=kind.name,
            where=where,
            within=within,
            aggregate=aggregate.name,
            of=of,
            operator=row.name,
            operand=operand,
            ignore_case=ignore_case,
            time=kind.time,
        )

    def _named(self, value: Any, at: str, known: Mapping[str, _Row], what: str) -> _Row | None:
        if isinstance(value, str) and value in known:
            return known[value]
        if isinstance(value, str):
            self._fault(
                at,
                f"unknown {what} `{value[:_MOST_SHOWN]}`{did_you_mean(value[:_MOST_SHOWN], known)}",
                f"unknown-{what.replace(' ', '-')}",
            )
        else:
            self._fault(at, f"the {what} is named by text, not {described(value)}", "wrong-type")
        return None

    def _within(self, data: _Data, at: str, kind: RelatedKind | None) -> Duration | None:
        if "within" not in data:
            return None
        value, at = data["within"], at_key(at, "within")
        if kind is not None and kind.time is None:
            self._fault(at, f"`{kind.name}` has no time by which to go", "wrong-key")
        try:
            return parse_duration(value if isinstance(value, str) else "")
        except ValueError as error:
            self._fault(at, f"{error}, not {shown(value)}", "wrong-value")
            return None

    def _of(self, data: _Data, at: str, kind: RelatedKind | None, aggregate: Aggregate | None) -> Path | None:
        if aggregate is None:
            return None
        if "of" in data:
            if aggregate.needs is Needs.NO_FIELD:
                self._fault(at_key(at, "of"), f"`{aggregate.name}` takes no `of`", "wrong-key")
                return None
            return self._path(data["of"], at_key(at, "of"), Scope.RELATED)
        timeless = kind is not None and kind.time is None
        if aggregate.needs is Needs.FIELD or (aggregate.needs is Needs.TIME and timeless):
            self._fault(at, f"`of` is missing: `{aggregate.name}` is computed of a field", "missing-key")
        return None

    def _asked_of(
        self, data: _Data, at: str, aggregate: Aggregate | None
    ) -> tuple[Operator, Operand | None, bool] | None:
        if "op" not in data and "value" not in data and (aggregate is None or aggregate.name == "count"):
            return OPERATORS[">="], Literal(1), False
        criterion = self._criterion(data, at, Scope.RECORD)
        if criterion is None or aggregate is None:
            return None
        row, operand, _ = criterion
        gives = f"`{aggregate.name}` answers {' or '.join(named(kind) for kind in sorted(aggregate.gives))}"
        wrong = [literal for literal in literals_in(operand) if kind_of(literal) not in aggregate.gives]
        if not row.accepts & aggregate.gives:
            self._fault(at_key(at, "op"), f"{gives}, for which `{row.name}` never holds", "wrong-operator")
        elif wrong:
            message = f"{gives}, which never compares with {described(wrong[0])}"
            self._fault(at_key(at, "value"), message, "wrong-value")
        return criterion
