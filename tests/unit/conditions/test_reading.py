"""What is refused, where the fault lies, and what is possible instead: tests/cases/condition_faults.jsonl."""

from __future__ import annotations

import importlib.util
import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from leadkit.conditions import (
    And,
    Comparison,
    FieldOperand,
    Items,
    Limits,
    Literal,
    Literals,
    Not,
    NowOperand,
    Or,
    Pair,
    Related,
    RelatedKind,
    Span,
    Vocabulary,
    collect,
    parse_path,
    read_condition,
    read_condition_json,
)
from leadkit.errors import Fault, RuleErrors
from leadkit.values.times import parse_duration

CASES = Path(__file__).parents[2] / "cases" / "condition_faults.jsonl"
FACTS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
HAS_RE2 = importlib.util.find_spec("re2") is not None


def faults_of(data: Any, **options: Any) -> list[str]:
    with pytest.raises(RuleErrors) as caught:
        read_condition(data, **options)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("fact", FACTS, ids=[fact["says"] for fact in FACTS])
def test_what_is_wrong_is_said_where_it_is(fact: dict[str, Any]) -> None:
    if fact["condition"] and not HAS_RE2 and '"matches"' in json.dumps(fact["condition"]):
        pytest.skip("needs the extra `regex`")
    with pytest.raises(RuleErrors) as caught:
        read_condition(fact["condition"])
    assert [[fault.path, fault.message, fault.code] for fault in caught.value.faults] == fact["faults"]


def test_faults_begin_where_the_condition_stands() -> None:
    assert faults_of({"field": "a"}, at="$.rules[3].if") == [
        "$.rules[3].if: `op` is missing: the operator, such as `==`"
    ]


def test_a_condition_inside_a_document_adds_its_faults_to_the_others() -> None:
    faults = [Fault(path="$.name", message="earlier")]
    assert collect({"field": "a"}, "$.if", faults) is None
    assert collect({"and": []}, "$.else", faults) == And(items=())
    assert [fault.path for fault in faults] == ["$.name", "$.if"]


def comparison(operator: str, operand: Any = None, *, path: str = "a", ignore_case: bool = False) -> Comparison:
    return Comparison(path=parse_path(path), operator=operator, operand=operand, ignore_case=ignore_case)


MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
MONTH = parse_duration("30d")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"field": "a", "op": "eq", "value": "x"}, comparison("==", Literal("x"))),
        ({"field": "a", "op": "==", "value": True}, comparison("==", Literal(value=True))),
        (
            {"field": "a", "op": "==", "value": "x", "ignoreCase": True},
            comparison("==", Literal("x"), ignore_case=True),
        ),
        ({"field": "a", "op": ">", "value": 1, "ignoreCase": False}, comparison(">", Literal(1))),
        ({"field": "a", "op": "in", "value": ["x", 1]}, comparison("in", Literals(("x", 1)))),
        ({"field": "a", "op": "in", "value": ("x",)}, comparison("in", Literals(("x",)))),
        ({"field": "a", "op": "in", "value": {"field": "b"}}, comparison("in", FieldOperand(parse_path("b")))),
        ({"field": "a", "op": "in", "value": [{"datetime": "2026-01-01"}]}, comparison("in", Literals((MIDNIGHT,)))),
        ({"field": "a", "op": "between", "value": [1, 2.5]}, comparison("between", Pair(Literal(1), Literal(2.5)))),
        (
            {"field": "a", "op": "between", "value": [{"field": "b"}, "x"]},
            comparison("between", Pair(FieldOperand(parse_path("b")), Literal("x"))),
        ),
        (
            {"field": "a", "op": "between", "value": [{"now": "-30d"}, {"datetime": "2026-01-01"}]},
            comparison("between", Pair(NowOperand(MONTH), Literal(MIDNIGHT))),
        ),
        ({"field": "a", "op": "exists"}, comparison("exists")),
        ({"field": "a", "op": "exists", "value": True}, comparison("exists")),
        ({"field": "a", "op": "within", "value": "30d"}, comparison("within", Span(MONTH))),
        ({"field": "a", "op": "before", "value": "2026-01-01"}, comparison("before", Literal(MIDNIGHT))),
        ({"field": "a", "op": "before", "value": {"datetime": "2026-01-01"}}, comparison("before", Literal(MIDNIGHT))),
        ({"field": "a", "op": "before", "value": {"now": "30d"}}, comparison("before", NowOperand(MONTH, ahead=True))),
        ({"field": "a", "op": "before", "value": {"now": "+30d"}}, comparison("before", NowOperand(MONTH, ahead=True))),
        ({"field": "a", "op": "before", "value": {"now": "-30d"}}, comparison("before", NowOperand(MONTH))),
        ({"field": "a", "op": "==", "value": "2026-01-01"}, comparison("==", Literal("2026-01-01"))),
        ({"field": "a", "op": "==", "value": date(2026, 1, 1)}, comparison("==", Literal(MIDNIGHT))),
        (
            {"field": "a", "op": "==", "value": datetime(2026, 1, 1, 9, tzinfo=timezone(timedelta(hours=9)))},
            comparison("==", Literal(MIDNIGHT)),
        ),
        ({"field": "a", "op": "before", "value": date(2026, 1, 1)}, comparison("before", Literal(MIDNIGHT))),
        ({"field": "a", "op": "==", "value": Decimal("2.50")}, comparison("==", Literal(2.5))),
        ({"field": "a", "op": "==", "value": Decimal(10) ** 300}, comparison("==", Literal(10**300))),
        ({"all": []}, And(items=())),
        ({"any": []}, Or(items=())),
        ({"none": []}, Not(item=Or(items=()))),
        ({"not": {"and": []}}, Not(item=And(items=()))),
        (
            {"field": "a", "any": {"field": "@", "op": "exists"}},
            Items(path=parse_path("a"), quantifier="any", condition=comparison("exists", path="@")),
        ),
        (
            {"related": "activities"},
            Related(kind="activities", operator=">=", operand=Literal(1), time=parse_path("at")),
        ),
        (
            {"related": "company", "aggregate": "latest", "of": "x", "op": "exists"},
            Related(kind="company", aggregate="latest", of=parse_path("x"), operator="exists"),
        ),
        (
            {
                "related": "tasks",
                "where": {"and": []},
                "within": "30d",
                "aggregate": "avg",
                "of": "x",
                "op": "<",
                "value": 2,
            },
            Related(
                kind="tasks",
                where=And(items=()),
                within=MONTH,
                aggregate="avg",
                of=parse_path("x"),
                operator="<",
                operand=Literal(2),
                time=parse_path("due_at"),
            ),
        ),
        (MappingProxyType({"and": ()}), And(items=())),
    ],
)
def test_every_form_is_read_into_its_node(data: Any, expected: Any) -> None:
    condition = read_condition(data)
    assert condition == expected
    assert type(condition) is type(expected)


def test_what_was_written_in_several_ways_is_one_condition() -> None:
    one = read_condition({"all": [{"field": "firstName", "op": "startsWith", "value": "A"}]})
    other = read_condition({"and": [{"field": "first_name", "op": "begins with", "value": "A"}]})
    assert one == other
    assert hash(one) == hash(other)


def test_a_number_is_another_condition_than_the_boolean_that_python_holds_equal_to_it() -> None:
    one = read_condition({"field": "a", "op": "==", "value": 1})
    assert one == read_condition({"field": "a", "op": "==", "value": 1.0})
    assert one != read_condition({"field": "a", "op": "==", "value": True})
    assert read_condition({"field": "a", "op": "in", "value": [0]}) != read_condition(
        {"field": "a", "op": "in", "value": [False]}
    )


def test_values_of_subclasses_are_kept_plain() -> None:
    class Status(StrEnum):
        NEW = "new"

    class Level(IntEnum):
        ONE = 1

    class Ratio(float):
        pass

    condition = read_condition({"field": "a", "op": "in", "value": [Status.NEW, Level.ONE, Ratio(0.5)]})
    assert isinstance(condition, Comparison)
    assert isinstance(condition.operand, Literals)
    assert [type(value) for value in condition.operand.values] == [str, int, float]
    within = read_condition({"field": Status.NEW, "op": Status("new").__class__("new").replace("new", "exists")})
    assert isinstance(within, Comparison)
    assert type(within.path.text) is str


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            datetime(2026, 1, 1),
            'expected an instant with a time zone such as "2026-01-01T00:00:00Z", not 2026-01-01T00:00:00',
        ),
        (Decimal("0.1000000000000000055"), "a number with more digits than JSON readers agree on"),
        (Decimal("NaN"), "a number is finite; JSON has no NaN and no infinity"),
        (math.nan, "a number is finite; JSON has no NaN and no infinity"),
        (-math.inf, "a number is finite; JSON has no NaN and no infinity"),
        (Decimal("1E+309"), "too large a number"),
        (2**1024, "too large a number"),
        (-(2**1024), "too large a number"),
        (b"x", "not JSON: a bytes"),
        ("a\x00", "text cannot hold a NUL character"),
        ("a\ud800", "text cannot hold a lone surrogate"),
    ],
)
def test_a_value_that_json_cannot_hold_is_refused(value: Any, message: str) -> None:
    assert faults_of({"field": "a", "op": "==", "value": value}) == [f"$.value: {message}"]


def test_the_largest_numbers_are_accepted() -> None:
    for value in (2**1024 - 1, -(2**1024) + 1, 1.7e308, Decimal("1E+308")):
        condition = read_condition({"field": "a", "op": ">", "value": value})
        assert condition == comparison(">", Literal(value))  # type: ignore[arg-type] # a Decimal is kept as an int


def test_a_date_under_an_operator_of_text_is_refused() -> None:
    assert faults_of({"field": "a", "op": "starts_with", "value": date(2026, 1, 1)}) == [
        "$.value: `starts_with` takes text, not an instant"
    ]


def test_a_host_has_kinds_of_its_own() -> None:
    vocabulary = Vocabulary().with_related(RelatedKind(name="invoices", time="paidAt"))
    condition = read_condition({"related": "invoices", "within": "30d"}, vocabulary=vocabulary)
    assert isinstance(condition, Related)
    assert condition.time == parse_path("paid_at")
    assert faults_of({"related": "invoices"}) == [
        "$.related: unknown related kind `invoices`; possible are "
        + ", ".join(f"`{name}`" for name in ("activities", "campaign", "company", "opportunities", "tasks"))
    ]


def nested(levels: int) -> Any:
    data: Any = {"and": []}
    for _ in range(levels - 1):
        data = {"and": [data]}
    return data


def test_conditions_stand_only_so_deep_in_each_other() -> None:
    vocabulary = Vocabulary(limits=Limits(depth=3))
    read_condition(nested(3), vocabulary=vocabulary)
    assert faults_of(nested(4), vocabulary=vocabulary) == [
        "$.and[0].and[0].and[0]: conditions may stand 3 deep inside each other"
    ]
    read_condition(nested(32))
    assert faults_of(nested(33))[0].endswith("conditions may stand 32 deep inside each other")


@pytest.mark.parametrize(
    "form",
    [
        lambda inner: {"not": inner},
        lambda inner: {"field": "x", "any": inner},
        lambda inner: {"related": "activities", "where": inner},
    ],
    ids=["not", "any", "where"],
)
def test_every_form_counts_as_one_level(form: Any) -> None:
    vocabulary = Vocabulary(limits=Limits(depth=1))
    assert "conditions may stand 1 deep inside each other" in faults_of(form({"and": []}), vocabulary=vocabulary)[0]
    read_condition(form({"and": []}), vocabulary=Vocabulary(limits=Limits(depth=2)))


def test_there_are_only_so_many_conditions() -> None:
    vocabulary = Vocabulary(limits=Limits(nodes=3))
    one = {"field": "a", "op": "exists"}
    read_condition({"and": [one, one]}, vocabulary=vocabulary)
    assert faults_of({"and": [one, one, one, one]}, vocabulary=vocabulary) == ["$.and[2]: more than 3 conditions"]


def test_there_are_only_so_many_values_in_a_list() -> None:
    vocabulary = Vocabulary(limits=Limits(list_items=2))
    condition = {"field": "a", "op": "in", "value": [1, 2]}
    read_condition(condition, vocabulary=vocabulary)
    assert faults_of({**condition, "value": [1, 2, 3]}, vocabulary=vocabulary) == [
        "$.value: holds 3 values, more than 2"
    ]
    read_condition({**condition, "value": [1] * 1_000})
    assert faults_of({**condition, "value": [1] * 1_001}) == ["$.value: holds 1,001 values, more than 1,000"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (nested(33), "too-deep"),
        ({"and": [{"field": "a", "op": "exists"}] * 1_000}, "too-many"),
        ({"field": "a", "op": "in", "value": [1] * 1_001}, "too-long"),
        ({"field": "a", "op": "==", "value": Decimal("0.1000000000000000055")}, "wrong-number"),
    ],
    ids=["too deep", "too many", "too long", "too many digits"],
)
def test_what_is_beyond_a_limit_has_a_code_of_its_own(data: Any, code: str) -> None:
    with pytest.raises(RuleErrors) as caught:
        read_condition(data)
    assert {fault.code for fault in caught.value.faults} == {code}


def test_after_a_hundred_faults_a_reader_looks_no_further() -> None:
    faults = faults_of({"and": [{"field": "a", "op": "?"}] * 200})
    assert len(faults) == 100
    assert faults[-1].startswith("$.and[99].op: unknown operator `?`")


def test_faults_from_elsewhere_do_not_count() -> None:
    faults = [Fault(path="$", message="earlier")] * 150
    assert collect({"and": []}, "$.if", faults) == And(items=())
    assert collect({"and": [{"field": "a", "op": "?"}] * 200}, "$.if", faults) is None
    assert len(faults) == 250


def test_faults_of_the_document_come_before_those_of_the_condition() -> None:
    assert faults_of({"field": "a", "op": "?", "value": math.nan}) == [
        "$.value: a number is finite; JSON has no NaN and no infinity"
    ]


def test_a_condition_is_read_from_text_and_from_bytes() -> None:
    text = '{"field": "a", "op": "==", "value": "ä"}'
    expected = comparison("==", Literal("ä"))
    assert read_condition_json(text) == expected
    assert read_condition_json(text.encode()) == expected
    assert read_condition_json("\ufeff" + text) == expected
    assert read_condition_json(text.encode("utf-8-sig")) == expected


def test_text_that_is_no_condition_is_refused_where_it_stands() -> None:
    with pytest.raises(RuleErrors) as caught:
        read_condition_json('{"and": [', at="$.if")
    assert [str(fault) for fault in caught.value.faults] == ["$.if: not JSON: Expecting value at line 1, column 10"]
    with pytest.raises(RuleErrors) as caught:
        read_condition_json('{"related": "invoices"}', vocabulary=Vocabulary(related={}))
    assert [str(fault) for fault in caught.value.faults] == ["$.related: unknown related kind `invoices`"]
