from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from leadkit.conditions import Limits, RelatedKind, Vocabulary, evaluate, read_condition
from leadkit.conditions import evaluating as reference
from leadkit.conditions.ast import And, Condition
from leadkit.conditions.compiling.compiled import compile_condition
from leadkit.conditions.compiling.source import Program
from leadkit.conditions.compiling.writing import Scope, cost

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
YES: dict[str, Any] = {"and": []}
NO: dict[str, Any] = {"or": []}
DEEP = Vocabulary(limits=Limits(depth=100))


def has(field: str) -> dict[str, Any]:
    return {"field": field, "op": "exists"}


def written(*conditions: dict[str, Any]) -> list[str]:
    """The statements and expressions of conditions in one function, without its reads."""
    read = [read_condition(condition, vocabulary=DEEP) for condition in conditions]
    scope = Scope(program=Program(), conditions=read)
    lines: list[str] = []
    for condition in read:
        text = scope.condition(condition)
        lines += [*scope.before(), text]
    return lines


@pytest.mark.parametrize(
    ("condition", "lines"),
    [
        (YES, ["True"]),
        (NO, ["False"]),
        ({"and": [has("a"), has("b")]}, ["((v0 is not None) and (v1 is not None))"]),
        ({"or": [has("a"), has("b")]}, ["((v0 is not None) or (v1 is not None))"]),
        ({"not": has("a")}, ["(not (v0 is not None))"]),
        ({"none": [has("a"), has("b")]}, ["(not ((v0 is not None) or (v1 is not None)))"]),
        (
            {"and": [{"field": "a", "op": "==", "value": "x"}, has("b")]},
            ["((v0 is not None) and (v1 == k2 and isinstance(v1, str)))"],
        ),
    ],
    ids=repr,
)
def test_a_condition_is_an_expression_with_its_cheapest_clauses_first(
    condition: dict[str, Any], lines: list[str]
) -> None:
    assert written(condition) == lines


def test_clauses_over_one_value_are_joined() -> None:
    chief, vp = ({"field": "a", "op": "starts_with", "value": text} for text in ("Chief", "VP"))
    assert written({"or": [chief, vp]}) == [
        (
            "((v0.startswith(k1) or v0.startswith(k3)) if type(v0) is str"
            " else v0 is not None and (k2(v0, now) or k4(v0, now)))"
        )
    ]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (has("a"), 1),
        ({"field": "a", "op": "missing"}, 1),
        ({"field": "a", "op": "==", "value": 1}, 2),
        ({"field": "a", "op": "within", "value": "1d"}, 5),
        ({"field": "a", "op": "before", "value": "2026-01-01"}, 5),
        ({"field": "a", "op": "==", "value": {"field": "b"}}, 10),
        ({"field": "a", "any": YES}, 60),
        ({"related": "activities"}, 120),
        ({"and": [has("a"), {"not": has("b")}, {"or": [has("c")]}]}, 3),
        (YES, 0),
    ],
    ids=repr,
)
def test_what_a_condition_costs_decides_when_it_is_asked(condition: dict[str, Any], expected: int) -> None:
    assert cost(read_condition(condition)) == expected


def test_what_stands_twice_is_answered_once() -> None:
    both = {"and": [{"field": "a", "op": "==", "value": "x"}, {"field": "b", "op": "==", "value": "y"}]}
    assert written(both, {"not": both}, {"or": [both, has("c")]}) == [
        "b4 = ((v0 == k1 and isinstance(v0, str)) and (v2 == k3 and isinstance(v2, str)))",
        "b4",
        "(not b4)",
        "((v5 is not None) or b4)",
    ]


def test_what_is_cheap_or_asks_many_records_is_answered_where_it_stands() -> None:
    cheap, heavy = has("a"), {"field": "b", "any": YES}
    assert written(cheap, cheap) == ["(v0 is not None)"] * 2
    assert written(heavy, heavy) == ["(isinstance(v0, LISTS) and f1(v0, related))"] * 2
    either = {"or": [*(has(f"f{number}") for number in range(70)), heavy]}
    assert written(either, either)[0] == written(either, either)[1]
    light = {"or": [has(f"f{number}") for number in range(70)]}
    assert written(light, light)[1:] == ["b70", "b70"]


def nested(depth: int) -> dict[str, Any]:
    condition = has("a")
    for number in range(depth):
        condition = {"not": condition} if number % 2 else {"and": [condition, has(f"f{number}")]}
    return condition


def test_what_lies_deep_gets_a_statement_of_its_own() -> None:
    lines = written(nested(90))
    assert len(lines) > 2
    assert [line.split(" = ")[0][0] for line in lines[:-1]] == ["b"] * (len(lines) - 1)
    assert max(line.count("(") - line.count(")") for line in lines) == 0


@pytest.mark.parametrize("depth", [1, 31, 90])
def test_deep_conditions_are_answered_as_the_reference_does(depth: int) -> None:
    condition = read_condition(nested(depth), vocabulary=DEEP)
    compiled = compile_condition(condition)
    for record in ({}, {"a": 1}, {f"f{number}": 1 for number in range(100)}):
        assert compiled.holds(record, as_of=NOW) is evaluate(condition, record, as_of=NOW)


@attrs.frozen(kw_only=True)
class Even:
    """A node that was added later, of which the compiler knows nothing."""

    field: str


def test_a_node_that_the_compiler_does_not_know_is_answered_by_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {**vars(reference)["_HOLDS"], Even: lambda node, record, *_: record.get(node.field, 1) % 2 == 0}
    monkeypatch.setattr(reference, "_HOLDS", table)
    even: Any = Even(field="n")
    condition: Condition = And(items=(even, read_condition(has("n"))))
    compiled = compile_condition(condition)
    assert [compiled.holds({"n": number}, as_of=NOW) for number in (1, 2, 3, 4)] == [False, True, False, True]
    assert "holds(" in compiled.form.source


# --- items ------------------------------------------------------------------------------------------------------------

ITEM = {"field": "@", "op": ">", "value": 1}


@pytest.mark.parametrize(
    ("quantifier", "seen", "held"),
    [
        ("any", [1, 2], True),
        ("any", [1], False),
        ("any", [], False),
        ("any", None, False),
        ("any", 2, False),
        ("any", (2,), True),
        ("all", [2, 3], True),
        ("all", [1, 2], False),
        ("all", [], True),
        ("all", None, False),
        ("all", "text", False),
        ("none", [1], True),
        ("none", [2], False),
        ("none", [], True),
        ("none", None, True),
        ("none", ["2", None], True),
    ],
)
def test_items_are_asked_one_by_one(quantifier: str, seen: Any, held: Any) -> None:
    condition = read_condition({"field": "x", quantifier: ITEM})
    assert compile_condition(condition).holds({"x": seen}, as_of=NOW) is held
    assert evaluate(condition, {"x": seen}, as_of=NOW) is held


def test_items_have_fields_and_lists_of_their_own() -> None:
    inner = {"and": [{"field": "name", "op": "==", "value": "a"}, {"field": "tags", "any": ITEM}]}
    compiled = compile_condition(read_condition({"field": "x", "any": inner}))
    assert compiled.holds({"x": [{"name": "a", "tags": [1]}, {"name": "a", "tags": [2]}]}, as_of=NOW) is True
    assert compiled.holds({"x": [{"name": "b", "tags": [2]}, "a", None]}, as_of=NOW) is False


def test_the_same_question_of_items_is_written_once() -> None:
    lines = [read_condition({"field": name, "any": ITEM}) for name in ("x", "y")]
    program = Program()
    scope = Scope(program=program, conditions=lines)
    assert [scope.condition(line) for line in lines] == [
        "(isinstance(v0, LISTS) and f1(v0, related))",
        "(isinstance(v4, LISTS) and f1(v4, related))",
    ]


# --- related records --------------------------------------------------------------------------------------------------


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


CALLS = [
    {"type": "call", "at": ago(1), "amount": 5},
    {"type": "call", "at": "2026-10-01T12:00:00Z", "amount": 7},
    {"type": "mail", "at": ago(2)},
    {"type": "call"},
    {"type": "call", "at": ago(-1)},
]
CALL = {"field": "type", "op": "==", "value": "call"}


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ({"op": ">=", "value": 5}, True),
        ({"op": ">", "value": 5}, False),
        ({"where": CALL, "op": "==", "value": 4}, True),
        ({"within": "30d", "op": "==", "value": 2}, True),
        ({"within": "30d", "where": CALL, "op": "==", "value": 1}, True),
        ({"within": "30d", "where": CALL, "op": "<", "value": 1}, False),
        ({"where": CALL, "aggregate": "sum", "of": "amount", "op": "==", "value": 12}, True),
        ({"where": CALL, "aggregate": "max", "of": "amount", "op": "<=", "value": 6}, False),
        ({"aggregate": "latest", "op": "after", "value": {"now": "0d"}}, True),
        ({"aggregate": "earliest", "op": "older_than", "value": "1mo"}, True),
        ({"aggregate": "avg", "of": "missing", "op": "missing"}, True),
        ({"op": "==", "value": {"field": "number"}}, True),
        ({"op": "!=", "value": 5}, False),
        ({"op": ">=", "value": 4.5}, True),
    ],
    ids=repr,
)
def test_related_records_are_counted_and_aggregated(asked: dict[str, Any], held: Any) -> None:
    condition = read_condition({"related": "activities", **asked})
    related = {"activities": CALLS}
    assert compile_condition(condition).holds({"number": 5}, related=related, as_of=NOW) is held
    assert evaluate(condition, {"number": 5}, related=related, as_of=NOW) is held


def test_a_window_over_records_without_a_time_holds_nothing() -> None:
    node: Any = read_condition({"related": "company"})
    windowed = attrs.evolve(node, within=read_condition({"related": "activities", "within": "1d"}).within)  # type: ignore[union-attr]
    for record in ({"name": "Acme"}, [{"name": "Acme"}]):
        related = {"company": record}
        assert compile_condition(windowed).holds({}, related=related, as_of=NOW) is False
        assert evaluate(windowed, {}, related=related, as_of=NOW) is False
        assert compile_condition(node).holds({}, related=related, as_of=NOW) is True


def test_a_kind_of_the_host_is_like_any_other() -> None:
    vocabulary = Vocabulary().with_related(RelatedKind(name="invoices", time="paid_at"))
    condition = read_condition({"related": "invoices", "within": "7d", "op": ">=", "value": 1}, vocabulary=vocabulary)
    compiled = compile_condition(condition)
    assert compiled.holds({}, related={"invoices": [{"paidAt": ago(3)}]}, as_of=NOW) is True
    assert compiled.holds({}, related={"invoices": [{"paidAt": ago(8)}]}, as_of=NOW) is False
    assert compiled.holds({}, as_of=NOW) is False


class Noted(dict[str, Any]):
    """Related records that note how often they are asked for."""

    def __init__(self, **kinds: Any) -> None:
        super().__init__(**kinds)
        self.asked: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.append(key)
        return super().get(key, default)


def test_records_are_gone_through_once_for_all_that_is_asked_of_them_and_only_if_it_matters() -> None:
    few = {"related": "activities", "where": CALL, "op": ">=", "value": 2}
    many = {"related": "activities", "where": CALL, "op": ">=", "value": 4}
    total = {"related": "activities", "where": CALL, "aggregate": "sum", "of": "amount", "op": ">", "value": 1}
    compiled = compile_condition(read_condition({"and": [few, many, total, has("x")]}))
    related = Noted(activities=CALLS)
    assert compiled.holds({"x": 1}, related=related, as_of=NOW) is True
    assert related.asked == ["activities"]
    related = Noted(activities=CALLS)
    assert compiled.holds({}, related=related, as_of=NOW) is False
    assert related.asked == []
