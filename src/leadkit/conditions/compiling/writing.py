"""Conditions written as expressions of Python: a table by the class of the node.

A node of another class, such as one that a later version adds, is answered by the reference interpreter.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.ast import And, Comparison, Condition, Items, Not, Or, Related
from leadkit.conditions.compiling.answering import aggregator
from leadkit.conditions.compiling.expressions import Expression, joined
from leadkit.conditions.compiling.questions import question
from leadkit.conditions.compiling.reads import Reads
from leadkit.conditions.compiling.source import indented
from leadkit.conditions.criteria import Criterion
from leadkit.conditions.operands import FieldOperand, Literal, Span
from leadkit.conditions.walking import children_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from leadkit.conditions.compiling.source import Program

__all__ = ["Scope", "cost", "records_of", "write"]

# Python reads at most 200 brackets within each other; what lies deeper gets a statement of its own.
_MOST_NESTED: Final = 40
# What costs at least this much is answered once where it stands twice, unless it asks many records.
_WORTH_SHARING: Final = 4
_HEAVY: Final = 60

_COSTS: Final[Mapping[str, int]] = {
    "exists": 1,
    "missing": 1,
    "matches": 20,
    "before": 5,
    "after": 5,
    "within": 5,
    "older_than": 5,
}
_COST: Final = 2
_COST_OF_FIELDS: Final = 10


def cost(condition: Condition) -> int:
    """Answer roughly what a condition takes, as a multiple of looking whether a field is there.

    Args:
        condition: Any condition.
    """
    match condition:
        case And() | Or() | Not():
            return sum(map(cost, children_of(condition)))
        case Comparison(operand=FieldOperand()):
            return _COST_OF_FIELDS
        case Comparison(operator=operator):
            return _COSTS.get(operator, _COST)
        case Items():
            return _HEAVY
        case _:
            return 2 * _HEAVY


@attrs.define(eq=False, kw_only=True)
class Scope:
    """A function under construction that speaks of one record.

    Attributes:
        program: The program that the function belongs to.
        conditions: What is asked of the record.
        record: The name of the record.
        classes: Classes of record that are read by attribute.
    """

    program: Program
    conditions: Iterable[Condition]
    record: str = "record"
    classes: tuple[type[Any], ...] = ()
    reads: Reads = attrs.field(init=False)
    _often: frozenset[Condition] = attrs.field(init=False)
    _shared: dict[Condition, str] = attrs.field(factory=dict, init=False)
    _late: dict[str, str] = attrs.field(factory=dict, init=False)
    _before: list[str] = attrs.field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self.reads = Reads(program=self.program, record=self.record, classes=self.classes)
        self._often = _standing_often(self.conditions)

    def condition(self, condition: Condition) -> str:
        """Write a condition as an expression.

        Args:
            condition: One of the conditions.
        """
        return str(write(condition, self))

    def shared(self, condition: Condition, expression: Expression) -> Expression:
        """Answer the name of what stands several times, or the expression where it does not, or is shallow and cheap.

        Args:
            condition: What is written.
            expression: How.
        """
        text = str(expression)
        if condition in self._often:
            name = self._shared[condition] = self.program.fresh("b")
        elif _nested(text) > _MOST_NESTED:
            name = self.program.fresh("b")
        else:
            return expression
        self._before.append(f"{name} = {text}")
        return name

    def known(self, condition: Condition) -> str | None:
        """Answer the name of a condition that was answered already.

        Args:
            condition: Any condition.
        """
        return self._shared.get(condition)

    def late(self, key: str, expression: str) -> str:
        """Answer an expression that is computed when it is first wanted, and kept.

        Args:
            key: What tells it from others.
            expression: What computes it.
        """
        name = self._late.get(key)
        if name is None:
            name = self._late[key] = self.program.fresh("a")
        return f"({name} if {name} is not UNSET else ({name} := {expression}))"

    def begin(self) -> list[str]:
        """Answer the statements with which the function begins."""
        return [*self.reads.lines(), *(f"{name} = UNSET" for name in self._late.values())]

    def before(self) -> list[str]:
        """Answer the statements that come before the one that was written last, each once."""
        lines, self._before = self._before, []
        return lines


_PARENTHESIS: Final = re.compile("[()]")


def _nested(text: str) -> int:
    """Answer how deep the parentheses of an expression go; no texts with parentheses of their own stand in it."""
    steps = [1 if found == "(" else -1 for found in _PARENTHESIS.findall(text)]
    return max(itertools.accumulate(steps), default=0)


def _standing_often(conditions: Iterable[Condition]) -> frozenset[Condition]:
    counts: Counter[Condition] = Counter()
    waiting = list(conditions)
    while waiting:
        condition = waiting.pop()
        counts[condition] += 1
        # What is within a condition that stands elsewhere too is answered with it.
        if counts[condition] == 1:
            waiting.extend(children_of(condition))
    return frozenset(
        found
        for found, count in counts.items()
        if count > 1 and cost(found) >= _WORTH_SHARING and not _asks_many(found)
    )


def _asks_many(condition: Condition) -> bool:
    inner = children_of(condition)
    return any(map(_asks_many, inner)) if inner else cost(condition) >= _HEAVY


def write(condition: Condition, scope: Scope) -> Expression:
    """Write a condition as an expression.

    Args:
        condition: The condition.
        scope: The function in which it stands.
    """
    known = scope.known(condition)
    if known is not None:
        return known
    return scope.shared(condition, _WRITERS.get(type(condition), _other)(condition, scope))


def _and(node: And, scope: Scope) -> Expression:
    return joined([write(item, scope) for item in sorted(node.items, key=cost)], "and")


def _or(node: Or, scope: Scope) -> Expression:
    return joined([write(item, scope) for item in sorted(node.items, key=cost)], "or")


def _not(node: Not, scope: Scope) -> Expression:
    return f"(not {write(node.item, scope)})"


def _comparison(node: Comparison, scope: Scope) -> Expression:
    return question(scope.reads.variable(node.path), node.criterion, scope.reads)


def _items(node: Items, scope: Scope) -> Expression:
    program = scope.program
    found = scope.reads.variable(node.path)
    # `none` is the opposite of `any`, of what is no list as well.
    quantifier = "all" if node.quantifier == "all" else "any"
    name = program.function(
        (node.condition, quantifier), "f", lambda name: _loop(name, node.condition, quantifier, program)
    )
    text = f"(isinstance({found}, LISTS) and {name}({found}, related))"
    return f"(not {text})" if node.quantifier == "none" else text


def _loop(name: str, condition: Condition, quantifier: str, program: Program) -> list[str]:
    inner = Scope(program=program, conditions=(condition,), record="item")
    text = inner.condition(condition)
    test = [f"if {text}: return True"] if quantifier == "any" else [f"if not {text}: return False"]
    return [
        f"def {name}(items, related):",
        "    for item in items:",
        *indented(indented([*inner.begin(), *inner.before(), *test])),
        f"    return {quantifier == 'all'}",
    ]


def _related(node: Related, scope: Scope) -> Expression:
    records = records_of(node, scope)
    aggregate = scope.program.constant(aggregator(node))
    key = f"{node.aggregate} {node.of and node.of.segments} {records}"
    value = scope.late(key, f"{aggregate}({records})")
    match node:
        # A count is an int, and is there.
        case Related(aggregate="count", operator=">" | ">=" | "<" | "<=" | "==", operand=Literal(int() as number)) if (
            type(number) is int
        ):
            return f"({value} {node.operator} {scope.program.literal(number)})"
        case _:
            return f"{scope.program.constant(node.criterion.asked)}({value}, {scope.record}, now)"


def records_of(node: Related, scope: Scope) -> str:
    """Write what answers the related records that count for a condition.

    Args:
        node: The condition.
        scope: The function in which it stands.
    """
    program = scope.program
    key = (node.kind, node.where, node.within, node.time)
    name = program.function(key, "f", lambda name: _collecting(name, node, program))
    return scope.late(name, f"{name}(related)")


def _collecting(name: str, node: Related, program: Program) -> list[str]:
    kind = program.literal(node.kind)
    if node.where is None and node.within is None:
        return [f"def {name}(related):", f"    return records(related.get({kind}))"]
    inner = Scope(program=program, conditions=() if node.where is None else (node.where,), record="item")
    tests: list[Expression] = []
    if node.within is not None:
        # Records without a time never lie in a window.
        window = Criterion("within", Span(node.within))
        tests.append("False" if node.time is None else question(inner.reads.variable(node.time), window, inner.reads))
    if node.where is not None:
        tests.append(inner.condition(node.where))
    test = joined(tests, "and")
    return [
        f"def {name}(related):",
        "    found = []",
        f"    for item in records(related.get({kind})):",
        *indented(indented([*inner.begin(), *inner.before(), f"if {test}: found.append(item)"])),
        "    return found",
    ]


def _other(node: Condition, scope: Scope) -> Expression:
    return f"holds({scope.program.constant(node)}, {scope.record}, related, now)"


_WRITERS: Final[Mapping[type[Any], Callable[..., Expression]]] = {
    And: _and,
    Or: _or,
    Not: _not,
    Comparison: _comparison,
    Items: _items,
    Related: _related,
}
