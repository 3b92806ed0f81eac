"""Explaining: the answer of a condition with the answer of every clause in it, what each saw, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions import rendering
from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Not, Or, Related
from leadkit.conditions.evaluating import NO_RELATED, aggregate_of, holds, moment_of, records_that_count
from leadkit.conditions.jsonlogic.looking import paths_in
from leadkit.conditions.kinds import SCALARS, instant_of, kind_of
from leadkit.conditions.operands import Literals, Pattern, operand_fields
from leadkit.conditions.phrasing import phrase, phrase_path
from leadkit.conditions.records import is_list, is_mapping, records_in
from leadkit.conditions.wording import as_json, described, printable, shortened, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from rich.tree import Tree

__all__ = ["Trace", "explain_condition"]

# A list of a million items is asked in full and shown in part.
_MOST_CHILDREN: Final = 5


@attrs.frozen(kw_only=True)
class Trace:
    """What a condition answered for one record, and how that came about.

    Attributes:
        clause: The condition in words.
        operator: The operator, or `and`, `or`, `not`, `any`, `all`, `none`.
        expected: What the field was compared with, once it was known: times are instants, fields are their values.
        seen: The value that the clause saw, None when it was missing.
        held: Whether the clause held.
        why: The reason, in words.
        children: The clauses inside, every one of them evaluated; of items of a long list only the first few.

    Printed, it is a text of one line a clause; a terminal shows it as a tree through rich, a notebook as HTML.
    """

    clause: str
    operator: str
    expected: Any = None
    seen: Any = None
    held: bool
    why: str
    children: tuple[Trace, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Answer the trace as plain JSON values; what JSON cannot hold is written as people would read it."""
        return {
            "clause": self.clause,
            "operator": self.operator,
            "expected": as_json(self.expected),
            "seen": as_json(self.seen),
            "held": self.held,
            "why": self.why,
            "children": [child.as_dict() for child in self.children],
        }

    def __str__(self) -> str:
        return rendering.as_text(self)

    def __rich__(self) -> Tree:
        return rendering.as_tree(self)

    def _repr_html_(self) -> str:
        return rendering.as_html(self)


def explain_condition(
    condition: Condition, record: Any, *, related: Mapping[str, Any] = NO_RELATED, as_of: datetime
) -> Trace:
    """Explain the answer of a condition for a record: every clause is evaluated, whether it decided or not.

    Args:
        condition: What `read_condition` answered.
        record: A mapping in camelCase or snake_case, or an object with declared fields.
        related: The records that belong to it, by kind.
        as_of: Now; an aware datetime.

    Raises:
        InvalidInput: `as_of` has no time zone.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.conditions import read_condition
        >>> condition = read_condition({"and": [
        ...     {"field": "status", "op": "==", "value": "new"},
        ...     {"field": "properties.team_size", "op": ">=", "value": 10},
        ... ]})
        >>> record = {"status": "new", "properties": {"team_size": 7}}
        >>> print(explain_condition(condition, record, as_of=datetime(2026, 11, 24, tzinfo=UTC)))
        ✗ all of                                  1 of 2 hold
          ✓ status is "new"                       saw "new"
          ✗ properties.team_size is at least 10   saw 7
    """
    return _trace(condition, record, related, moment_of(as_of))


def _trace(condition: Condition, record: Any, related: Mapping[str, Any], as_of: datetime) -> Trace:
    match condition:
        case And():
            return _joined(condition, "and", condition.items, record, related, as_of)
        case Or():
            return _joined(condition, "or", condition.items, record, related, as_of)
        case Not(item=Or(items=items)):
            return _joined(condition, "none", items, record, related, as_of)
        case Not(item=item):
            return _not(condition, _trace(item, record, related, as_of))
        case Comparison():
            return _comparison(condition, record, as_of)
        case Items():
            return _items(condition, record, related, as_of)
        case JsonLogic():
            return _jsonlogic(condition, record)
        case _:
            return _related(condition, record, related, as_of)


def _joined(
    node: Condition,
    operator: str,
    items: Iterable[Condition],
    record: Any,
    related: Mapping[str, Any],
    as_of: datetime,
) -> Trace:
    children = tuple(_trace(item, record, related, as_of) for item in items)
    held = sum(child.held for child in children)
    return Trace(
        clause=phrase(node),
        operator=operator,
        held={"and": held == len(children), "or": held > 0, "none": held == 0}[operator],
        why=f"{held} of {len(children)} hold" if children else "there is nothing in it",
        children=children,
    )


def _not(node: Not, child: Trace) -> Trace:
    why = "what stands in it holds" if child.held else "what stands in it does not hold"
    return Trace(clause=phrase(node), operator="not", held=not child.held, why=why, children=(child,))


def _comparison(node: Comparison, record: Any, as_of: datetime) -> Trace:
    return _asked(node, node.path.find(record), record, as_of)


def _related(node: Related, record: Any, related: Mapping[str, Any], as_of: datetime) -> Trace:
    asked = _asked(node, aggregate_of(node, related, as_of), record, as_of)
    counted = len(records_that_count(node, related, as_of))
    given = len(records_in(related.get(node.kind)))
    return attrs.evolve(asked, why=f"{asked.why}; {counted} of {given} {node.kind} count")


def _items(node: Items, record: Any, related: Mapping[str, Any], as_of: datetime) -> Trace:
    found = node.path.find(record)
    held = holds(node, record, related, as_of)
    if not is_list(found):
        why = "it is missing" if found is None else f"saw {shown(found)}, which is no list"
        return Trace(clause=phrase(node), operator=node.quantifier, seen=found, held=held, why=why)
    answers = [holds(node.condition, item, related, as_of) for item in found]
    # Those that decide are shown: for `all` the ones that fail, otherwise the ones that satisfy.
    deciding = [item for item, answer in zip(found, answers, strict=True) if answer is (node.quantifier != "all")]
    return Trace(
        clause=phrase(node),
        operator=node.quantifier,
        seen=found,
        held=held,
        why=f"{sum(answers)} of {len(answers)} items satisfy it",
        children=tuple(_trace(node.condition, item, related, as_of) for item in (deciding or found)[:_MOST_CHILDREN]),
    )


def _jsonlogic(node: JsonLogic, record: Any) -> Trace:
    seen = {path.text: path.find(record) for path in paths_in(node.rule)}
    failure = node.program.failure(record)
    values = ", ".join(f"{printable(shortened(name))} {shown(value)}" for name, value in seen.items())
    return Trace(
        clause=phrase(node),
        operator="jsonlogic",
        seen=[[name, value] for name, value in seen.items()],
        held=node.program.holds(record),
        why=f"saw {values or 'nothing'}" if failure is None else f"it failed: {_told(failure)}",
    )


def _told(failure: Any) -> str:
    return shown(failure.get("type")) if is_mapping(failure) else shown(failure)


def _asked(node: Comparison | Related, seen: Any, record: Any, as_of: datetime) -> Trace:
    expected = _expected(node, record, as_of)
    return Trace(
        clause=phrase(node),
        operator=node.operator,
        expected=expected,
        seen=seen,
        held=node.criterion.asked(seen, record, as_of),
        why=_why(node, seen, expected),
    )


def _expected(node: Comparison | Related, record: Any, as_of: datetime) -> Any:
    match node.operand:
        case None:
            return None
        case Literals(values):
            return values
        case Pattern(text):
            return text
        case _:
            return node.criterion.expected(record, as_of)


def _why(node: Comparison | Related, seen: Any, expected: Any) -> str:
    if seen is None:
        return "it is missing"
    reasons = [f"saw {shown(seen)}{_mismatch(node, seen, expected)}"]
    known = "missing" if expected is None else shown(expected)
    return "; ".join([*reasons, *(f"{phrase_path(path)} is {known}" for path in operand_fields(node.operand))])


def _mismatch(node: Comparison | Related, seen: Any, expected: Any) -> str:
    """Say that a value is of a kind for which the operator cannot hold; nothing when it is not so."""
    row = node.criterion.row
    if row.reads_instants:
        return ", which is no instant" if instant_of(seen) is None else ""
    kind = kind_of(node.criterion.read(seen))
    if kind not in row.accepts:
        return f", which is {described(seen)}"
    wanted = [value for value in (expected if is_list(expected) else (expected,)) if value is not None]
    if wanted and kind in SCALARS and kind not in map(kind_of, wanted):
        return f", which is {described(seen)} and never compares with {described(wanted[0])}"
    return ""
