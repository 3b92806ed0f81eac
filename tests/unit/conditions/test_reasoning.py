# ruff: noqa: FBT001, FBT003 - true and false are values and answers here, no switches
from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from leadkit.conditions import (
    Comparison,
    Field,
    FieldCatalogue,
    Kind,
    Literal,
    Not,
    Or,
    always_holds,
    implies,
    never_holds,
    parse_path,
    read_condition,
)
from leadkit.conditions.cells import AS_OF, Cell, Domain, State, cells_of
from leadkit.conditions.criteria import Criterion
from leadkit.conditions.reasoning import Reasoner


def asked(op: str, *value: Any, field: str = "a", **more: Any) -> dict[str, Any]:
    return {"field": field, "op": op, **({"value": value[0]} if value else {}), **more}


def both(*clauses: Any) -> dict[str, Any]:
    return {"and": list(clauses)}


def either(*clauses: Any) -> dict[str, Any]:
    return {"or": list(clauses)}


DAY = {"datetime": "2026-01-01"}
NEXT = {"datetime": "2026-01-02"}


@pytest.mark.parametrize(
    "data",
    [
        both(asked("==", 1), asked("==", 2)),
        both(asked("==", 1), asked("==", "1")),
        both(asked("==", 1), asked("==", True)),
        both(asked(">", 1), asked("<", 1)),
        both(asked(">=", 1), asked("<", 1)),
        both(asked(">", 1), asked("<=", 1.0)),
        both(asked(">", 1), asked("missing")),
        both(asked(">", "b"), asked("<", "a")),
        both(asked(">", "a"), asked("<", 5)),
        both(asked("in", [1, 2]), asked("in", [3, 4])),
        both(asked("in", [1, 2]), asked("not_in", [1, 2, 3])),
        both(asked("in", ["a", "b"]), asked("!=", "a"), asked("!=", "b")),
        both(asked("between", [1, 2]), asked("between", [3, 4])),
        both(asked("==", 1), asked("contains", "x")),
        both(asked("==", "abc"), asked("contains", "x")),
        both(asked("==", "abc"), asked("starts_with", "b")),
        both(asked("==", "ABC", ignoreCase=True), asked("==", "abd")),
        both(asked("contains", "x"), asked("not_contains", "x")),
        both(asked("starts_with", "x"), asked(">", 5)),
        both(asked("starts_with", "x"), asked("missing")),
        both(asked("exists"), asked("missing")),
        both(asked("==", True), asked("==", False)),
        both(asked("==", True), asked("!=", True)),
        both(asked("==", {"field": "b"}), asked("!=", {"field": "b"})),
        both(asked("==", {"field": "b"}), asked("missing")),
        both(asked(">", {"field": "b"}), asked("==", True)),
        both(asked("before", "2026-01-01"), asked("after", "2026-01-02")),
        both(asked("before", "2026-01-01"), asked(">", NEXT)),
        both(asked("==", DAY), asked("==", NEXT)),
        both(asked("in", [DAY]), asked("after", "2026-01-02")),
        both(asked("within", "7d"), asked("older_than", "30d")),
        both(asked("within", "1mo"), asked("older_than", "3mo")),
        both(asked("within", "1mo"), asked("older_than", "1y")),
        both(asked("within", "1d"), asked(">", {"now": "0d"})),
        both(asked("within", "1mo"), asked(">", {"now": "+1mo"})),
        both(asked("<", {"now": "-2d"}), asked(">", {"now": "-1d"})),
        asked("between", [{"now": "-1d"}, {"now": "-2d"}]),
        asked("between", [{"now": "+1mo"}, {"now": "-1mo"}]),
        both(asked("within", "P1M1D"), asked("older_than", "P1M1D")),
        both(asked("within", "0d"), asked("older_than", "1mo")),
        both(asked("exists", field="a.b"), asked("==", "x")),
        both(asked("==", 1, field="a.b"), asked("missing")),
        both(asked("==", 1, field="a.b.c"), asked("missing", field="a.b")),
        both(asked("missing"), asked("==", 1, field="a.b")),
        both({"field": "a", "any": asked("==", 1, field="@")}, asked("==", "x")),
        both({"field": "a", "all": asked("==", 1, field="@")}, asked("missing")),
        both({"field": "a", "any": asked("exists", field="@")}, {"field": "a", "none": asked("exists", field="@")}),
        {"field": "a", "any": both(asked("==", 1, field="@"), asked("==", 2, field="@"))},
        {"field": "a", "any": both(asked("==", 1, field="@"), asked("exists", field="x"))},
        both({"related": "tasks", "op": ">", "value": 2}, {"related": "tasks", "op": "<", "value": 3}),
        {"related": "tasks", "op": "<", "value": 0},
        {"related": "tasks", "op": "==", "value": 2.5},
        {"related": "tasks", "op": "missing"},
        {"related": "tasks", "aggregate": "sum", "of": "n", "op": "missing"},
        both(
            {"related": "tasks", "aggregate": "avg", "of": "n", "op": ">", "value": 2},
            {"related": "tasks", "aggregate": "avg", "of": "n", "op": "<=", "value": 2},
        ),
        both(either(asked("==", 1), asked("==", 2)), either(asked("==", 3), asked("==", 4))),
        {"not": either(asked("==", 1), asked("!=", 1))},
        {"none": [asked("exists"), asked("missing")]},
        asked("<", ""),
        both(asked(">", "a"), asked("<", "a\x01"), asked("!=", "b")) | {"and": [asked("<", ""), asked("exists")]},
    ],
)
def test_what_contradicts_itself_never_holds(data: Any) -> None:
    condition = read_condition(data)
    assert never_holds(condition)
    assert always_holds(Not(item=condition))
    assert not always_holds(condition)


@pytest.mark.parametrize(
    "data",
    [
        asked("==", 1),
        both(asked(">", 1), asked("<", 2)),
        both(asked(">=", 1), asked("<=", 1)),
        both(asked(">", "a"), asked("<", "b")),
        both(asked(">=", "a"), asked("<=", "a")),
        both(asked(">", DAY), asked("<", NEXT)),
        both(asked("==", 1, field="a"), asked("==", 2, field="b")),
        both(asked("!=", 1), asked("!=", 2)),
        both(asked("!=", 1), asked("missing")),
        both(asked("in", [1, 2]), asked("in", [2, 3])),
        both(asked("contains", "x"), asked("contains", "y")),
        both(asked("contains", "x"), asked("==", "xy")),
        both(asked("contains", "x"), asked(">", "z")),
        both(asked("contains", 5), asked("not_contains", 6)),
        both(asked("starts_with", "x"), asked("ends_with", "y")),
        both(asked("==", "A", ignoreCase=True), asked("!=", "A")),
        both(asked("==", {"field": "b"}), asked("==", 5)),
        both(asked("==", {"field": "b"}), asked("!=", {"field": "c"})),
        both(asked("within", "30d"), asked("older_than", "7d")),
        both(asked("within", "1mo"), asked("older_than", "30d")),
        both(asked("within", "30d"), asked("older_than", "1mo")),
        both(asked("within", "1d"), asked("before", "2026-01-01")),
        both(asked("within", "1d"), asked("==", "2026-01-01")),
        both(asked("before", "2026-01-01"), asked("starts_with", "2025")),
        both(asked("in", [DAY]), asked("==", "2026-01-01")),
        both(asked("==", DAY), asked("starts_with", "2026")),
        both(asked(">", 2**53), asked("<", 2**53)),
        both(asked(">", 1e300), asked("<", 1e299)),
        both(asked("exists", field="a.b"), asked("exists")),
        both(asked("exists", field="a.b"), asked("!=", "x")),
        both(asked("missing", field="a.b"), asked("==", "x")),
        both({"field": "a", "any": asked("==", 1, field="@")}, asked("contains", 1)),
        both({"field": "a", "all": asked("==", 1, field="@")}, {"field": "a", "none": asked("==", 1, field="@")}),
        {"field": "a", "all": both(asked("==", 1, field="@"), asked("==", 2, field="@"))},
        {"field": "a", "any": asked("exists", field="@.x".replace("@.", ""))},
        both({"related": "tasks", "op": ">", "value": 2}, {"related": "tasks", "op": "<", "value": 4}),
        both({"related": "tasks", "op": ">", "value": 2}, {"related": "tasks", "within": "1d", "op": "<", "value": 3}),
        both(
            {"related": "tasks", "op": ">", "value": 2},
            {"related": "tasks", "where": asked("exists"), "op": "<", "value": 3},
        ),
        {"related": "tasks", "op": "==", "value": 0},
        {"related": "tasks", "aggregate": "sum", "of": "n", "op": "<", "value": 0},
        both(
            {"related": "tasks", "aggregate": "avg", "of": "n", "op": ">", "value": 2},
            {"related": "tasks", "aggregate": "avg", "of": "n", "op": "<", "value": 3},
        ),
        {"related": "tasks", "aggregate": "min", "of": "n", "op": "missing"},
        {"related": "tasks", "aggregate": "max", "of": "n", "op": ">", "value": DAY},
        either(both(asked("==", 1), asked("==", 2)), asked("==", 3)),
    ],
)
def test_what_can_hold_and_can_fail_is_not_said_to_be_sure(data: Any) -> None:
    condition = read_condition(data)
    assert not never_holds(condition)
    assert not always_holds(condition)


@pytest.mark.parametrize(
    "data",
    [
        {"and": []},
        either(asked("exists"), asked("missing")),
        either(asked("==", 1), asked("!=", 1)),
        either(asked("!=", 1), asked("!=", 2)),
        asked("not_in", []),
        either(asked("not_contains", "x"), asked("contains", "x")),
        {"field": "a", "none": asked("in", [], field="@")},
        {"related": "tasks", "op": ">=", "value": 0},
        {"related": "tasks", "aggregate": "sum", "of": "n", "op": "exists"},
        either(asked("missing", field="a.b"), asked("exists")),
        {"not": both(asked("==", 1), asked("==", 2))},
    ],
)
def test_what_cannot_fail_always_holds(data: Any) -> None:
    condition = read_condition(data)
    assert always_holds(condition)
    assert not never_holds(condition)


def test_all_items_of_a_list_satisfy_what_always_holds_but_there_may_be_no_list() -> None:
    every = read_condition({"field": "a", "all": either(asked("exists", field="@"), asked("missing", field="@"))})
    assert not always_holds(every)
    lists = FieldCatalogue.of({"a": Field(path="a", kind=Kind.LIST, required=True)})
    assert always_holds(every, lists)


@pytest.mark.parametrize(
    ("one", "other", "follows"),
    [
        (asked(">=", 80), asked(">=", 50), True),
        (asked(">=", 50), asked(">=", 80), False),
        (asked("==", "x"), asked("exists"), True),
        (asked("in", [1, 2]), asked("between", [0, 5]), True),
        (asked("within", "7d"), asked("within", "30d"), True),
        (asked("within", "30d"), asked("within", "1mo"), False),
        (both(asked("==", 1), asked("==", 2, field="b")), asked("==", 1), True),
        (asked("==", 1), either(asked("==", 1), asked("==", 2, field="b")), True),
        (asked("==", 1), both(asked("==", 1), asked("==", 2, field="b")), False),
        (asked("in", []), asked("==", 1), True),
        (asked("==", 1), {"and": []}, True),
        ({"related": "tasks", "op": ">=", "value": 3}, {"related": "tasks"}, True),
    ],
)
def test_one_condition_follows_from_another(one: Any, other: Any, follows: bool) -> None:
    assert implies(read_condition(one), read_condition(other)) is follows


TYPED = FieldCatalogue.of(
    {
        "number": int,
        "flag": Field(path="flag", kind=Kind.BOOLEAN, required=True),
        "status": Field(path="status", kind=Kind.TEXT, choices=("new", "won"), required=True),
        "maybe": ["new", "won"],
        "level": Field(path="level", kind=Kind.NUMBER, choices=(1, 2.5), required=True),
        "text": str,
        "when": datetime,
        "unknown": Field(path="unknown", required=True),
    }
)


@pytest.mark.parametrize(
    ("data", "never", "always"),
    [
        (
            both(
                asked("exists", field="number"),
                {"not": asked("<", 5, field="number")},
                {"not": asked(">=", 5, field="number")},
            ),
            True,
            False,
        ),
        (either(asked("==", True, field="flag"), asked("==", False, field="flag")), False, True),
        (asked("in", ["won", "new"], field="status"), False, True),
        (asked("==", "lost", field="status"), True, False),
        (asked("starts_with", "x", field="status"), True, False),
        (asked("contains", "w", field="status"), False, True),
        (asked("==", "NEW", field="status", ignoreCase=True), False, False),
        (asked("in", ["won", "new"], field="maybe"), False, False),
        (either(asked("in", ["won", "new"], field="maybe"), asked("missing", field="maybe")), False, True),
        (asked(">", 0, field="level"), False, True),
        (asked("==", 2, field="level"), True, False),
        (asked("==", 5, field="text"), True, False),
        (asked("before", "2026-01-01", field="text"), False, False),
        (both(asked("before", "2026-01-01", field="text"), asked("after", "2026-01-01", field="text")), False, False),
        (both(asked("before", "2026-01-01", field="when"), asked("after", "2026-01-01", field="when")), True, False),
        (asked("==", "x", field="when"), False, False),
        (asked("==", 5, field="when"), True, False),
        (asked("exists", field="unknown"), False, True),
        (asked("exists", field="undeclared"), False, False),
    ],
)
def test_what_is_declared_is_taken_into_account(data: Any, never: bool, always: bool) -> None:
    condition = read_condition(data)
    assert never_holds(condition, TYPED) is never
    assert always_holds(condition, TYPED) is always


def test_items_go_by_what_is_declared_of_them() -> None:
    catalogue = FieldCatalogue.of({"tags": list[str], "bare": list})
    numbers = read_condition({"field": "tags", "any": asked("==", 5, field="@")})
    assert never_holds(numbers, catalogue)
    assert not never_holds(numbers)
    assert not never_holds(read_condition({"field": "bare", "any": asked("==", 5, field="@")}), catalogue)


def test_a_question_that_would_take_too_long_is_left_open() -> None:
    # Each of many fields is one of two values that are excluded elsewhere: 2^40 worlds to look at.
    hard = both(
        *(either(asked("==", 1, field=f"f{n}"), asked("==", 2, field=f"f{n}")) for n in range(40)),
        *(either(asked("==", 1, field=f"f{n}"), asked("contains", "x", field=f"g{n}")) for n in range(20)),
        either(asked("==", 3, field="f0"), asked("==", 4, field="f1")),
    )
    reasoner_answers = never_holds(read_condition(hard))
    assert reasoner_answers in (True, False)
    assert not always_holds(read_condition(hard))


def test_more_than_sixty_four_choices_are_left_open() -> None:
    def choices(count: int) -> Any:
        return both(
            *(either(asked("==", 1, field=f"f{n}"), asked("==", 2, field=f"f{n}")) for n in range(count)),
            either(asked("in", [], field="x"), asked("in", [], field="y")),
        )

    assert never_holds(read_condition(choices(63)))
    assert not never_holds(read_condition(choices(64)))


def test_steps_are_counted_over_all_questions() -> None:
    clause = read_condition(asked("in", []))
    reasoner = Reasoner([clause])
    asked_times = 0
    while reasoner.never(clause):
        asked_times += 1
    assert asked_times == 20_000


def test_the_clauses_that_clash_are_those_of_the_field_that_is_left_nothing_to_be() -> None:
    condition = read_condition(
        both(asked("==", 1), asked("==", 5, field="b"), both(asked("==", 2), either(asked("==", 2))))
    )
    reasoner = Reasoner([condition])
    assert reasoner.never(condition)
    assert [clause.operand for clause in reasoner.clashing(condition)] == [Literal(1), Literal(2)]  # type: ignore[union-attr]
    assert reasoner.clashing(Or(items=())) == ()


def test_a_decimal_that_was_written_in_python_is_weighed_too() -> None:
    clauses = [
        Comparison(path=parse_path("a"), operator=operator, operand=Literal(Decimal("0.1")))  # type: ignore[arg-type]
        for operator in (">", "<=")
    ]
    assert Reasoner(clauses).contradictory((clauses[0], True), (clauses[1], True))


def cells(*criteria: Criterion, **domain: Any) -> list[tuple[Kind | None, Any, State]]:
    return [(cell.kind, cell.value, cell.state) for cell in cells_of(criteria, Domain(**domain)).cells]


NUMBER = frozenset({Kind.NUMBER})


def test_constants_cut_numbers_into_points_and_gaps() -> None:
    found = cells(Criterion(">", Literal(2)), Criterion("<", Literal(0.5)), kinds=NUMBER, required=True)
    assert found == [
        (Kind.NUMBER, Decimal("0.5"), State.POINT),
        (Kind.NUMBER, Decimal(2), State.POINT),
        (Kind.NUMBER, Decimal("-0.5"), State.GAP),
        (Kind.NUMBER, Decimal("1.25"), State.GAP),
        (Kind.NUMBER, Decimal(3), State.GAP),
    ]
    assert cells(kinds=NUMBER) == [(None, None, State.POINT), (Kind.NUMBER, 0, State.GAP)]


def test_numbers_that_floats_cannot_tell_apart_stay_open() -> None:
    assert cells(Criterion(">", Literal(2**53)), kinds=NUMBER, required=True) == [(Kind.NUMBER, 0, State.OPEN)]
    assert cells(Criterion(">", Literal(-(2**53))), kinds=NUMBER, required=True) == [(Kind.NUMBER, 0, State.OPEN)]
    assert len(cells(Criterion(">", Literal(2**53 - 1)), kinds=NUMBER, required=True)) == 3


def test_counts_are_whole_and_never_below_zero() -> None:
    found = cells(
        Criterion(">", Literal(2.5)),
        Criterion(">", Literal(-3)),
        Criterion("<", Literal(9)),
        kinds=NUMBER,
        required=True,
        whole=True,
    )
    assert [value for _, value, _ in found] == [0, 2, 3, 9, 10]


def test_texts_follow_each_other_without_a_gap_where_there_is_none() -> None:
    text = frozenset({Kind.TEXT})
    found = cells(Criterion("==", Literal("a")), Criterion("==", Literal("a\x00")), kinds=text, required=True)
    assert found == [
        (Kind.TEXT, "a", State.POINT),
        (Kind.TEXT, "a\x00", State.POINT),
        (Kind.TEXT, "", State.GAP),
        (Kind.TEXT, "a\x00\x00", State.GAP),
    ]
    assert cells(Criterion("==", Literal("")), kinds=text, required=True) == [
        (Kind.TEXT, "", State.POINT),
        (Kind.TEXT, "\x00", State.GAP),
    ]


def test_instants_end_where_the_calendar_does() -> None:
    instant = frozenset({Kind.INSTANT})
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    found = cells(Criterion("==", Literal(first)), Criterion("==", Literal(last)), kinds=instant, required=True)
    assert found == [
        (Kind.INSTANT, first, State.POINT),
        (Kind.INSTANT, last, State.POINT),
        (Kind.INSTANT, first.replace(microsecond=1), State.GAP),
    ]


def test_times_relative_to_now_are_known_by_their_families() -> None:
    def known(*criteria: dict[str, Any]) -> bool:
        nodes = [read_condition({"field": "a", **criterion}) for criterion in criteria]
        return cells_of([node.criterion for node in nodes], Domain()).times_known  # type: ignore[union-attr]

    days, months = {"op": "within", "value": "7d"}, {"op": "within", "value": "1mo"}
    assert known()
    assert known(days, {"op": ">", "value": {"now": "-12h"}})
    assert known(months, {"op": ">", "value": {"now": "+1y"}}, {"op": "within", "value": "0d"})
    assert not known(days, months)
    assert not known(days, {"op": "within", "value": "P1M1D"})
    assert not known({"op": "within", "value": "P1M1D"}, {"op": "within", "value": "P1M2D"})
    assert known({"op": "within", "value": "P1M1D"}, {"op": "older_than", "value": "P1M1D"})
    assert not known(days, {"op": "before", "value": "2026-01-01"})
    assert not known({"op": "between", "value": [{"now": "-1d"}, {"now": "-1mo"}]})
    assert known({"op": "before", "value": "2026-01-01"}, {"op": "==", "value": "2026-01-01"})


def test_cells_are_answered_as_sets_of_bits() -> None:
    found = cells_of([Criterion("==", Literal(value=True))], Domain(kinds=frozenset({Kind.BOOLEAN})))
    assert found.cells == (Cell(None, None), Cell(Kind.BOOLEAN, value=False), Cell(Kind.BOOLEAN, value=True))
    assert found.everything == 0b111
    assert found.answers(Criterion("==", Literal(value=True))) == (0b100, 0b011)
    assert found.answers(Criterion("exists")) == (0b110, 0b001)
    assert found.where([Kind.BOOLEAN], missing=False) == 0b110
    assert found.where((), missing=True) == 0b001
    assert datetime(5000, 1, 1, tzinfo=UTC) == AS_OF
