"""Whatever a check says of a condition is true: judged by trying it on all records of a small world."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from leadkit.conditions import (
    And,
    Condition,
    Field,
    FieldCatalogue,
    Kind,
    Not,
    Or,
    always_holds,
    check_condition,
    evaluate,
    implies,
    never_holds,
    read_condition,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = datetime(2031, 3, 31, tzinfo=UTC)

NUMBERS = (0, 1, 2, 2.5)
TEXTS = ("", "a", "b", "A", "2026-11-20")
INSTANTS = ("2026-11-20", "2026-11-24")
DISTANCES = ("0d", "1d", "5d", "1mo", "2mo")

# One value of every kind, every constant, one between each two of them, one beyond them on either side.
VALUES = (
    None,
    *(-1, 0, 0.5, 1, Decimal("1.5"), 2, 2.25, 2.5, 3),
    *("", "0", "A", "AA", "a", "aa", "b", "ba"),
    *("2026-11-19", "2026-11-20", "2026-11-20T00:00:00Z", "2026-11-22", "2026-11-24", "2030-01-01", "2026-10-30"),
    *(
        datetime(2026, 11, day, hour, tzinfo=UTC)
        for day, hour in ((19, 0), (20, 0), (22, 0), (23, 18), (24, 0), (25, 0))
    ),
    *(datetime(2026, 9, 1, tzinfo=UTC), date(2026, 10, 1), datetime(2031, 3, 30, 12, tzinfo=UTC)),
    *(NOW - timedelta(days=days) for days in (0, 1, 5, 31, 61)),
    *(True, False, float("nan"), datetime(2026, 11, 20)),
    *([], ["a"], ["b", 1], [None], [0, 1, 2, 2.5, True, False, "", "a", "b", "A", "2026-11-20", "2026-11-24"], [NOW]),
    *("ab", "b2026-11-20a", "xAbay"),
    *({}, {"c": 1}, {"c": "a"}),
)


def records() -> Iterator[dict[str, Any]]:
    """Every pair of values, where the second is one of a few."""
    for value, other in itertools.product(VALUES, (None, 1, "a", "2026-11-20", {"c": 2})):
        yield {"a": value, "b": other}


RECORDS = tuple(records())


def comparisons(fields: tuple[str, ...]) -> st.SearchStrategy[Any]:
    number, text = st.sampled_from(NUMBERS), st.sampled_from(TEXTS)
    declared = st.sampled_from(INSTANTS).map(lambda day: {"datetime": day})
    now = st.sampled_from(DISTANCES).map(lambda distance: {"now": f"-{distance}"})
    other = st.just({"field": "b"})
    scalar = number | text | declared | st.booleans()
    shapes: dict[str, st.SearchStrategy[Any]] = {
        "==": scalar | other | now,
        "!=": scalar | other | now,
        ">": number | text | declared | now,
        ">=": number | text | declared | now | other,
        "<": number | text | declared | now,
        "<=": number | text | declared | now,
        "between": st.one_of(*(st.lists(ends, min_size=2, max_size=2) for ends in (number, text, declared | now))),
        "in": st.lists(scalar, max_size=3),
        "not_in": st.lists(scalar, max_size=3),
        "contains": scalar,
        "not_contains": scalar,
        "starts_with": text,
        "ends_with": text,
        "before": st.sampled_from(INSTANTS) | now,
        "after": st.sampled_from(INSTANTS) | now,
        "within": st.sampled_from(DISTANCES),
        "older_than": st.sampled_from(DISTANCES),
    }
    plain = st.sampled_from(sorted(shapes)).flatmap(
        lambda op: st.builds(
            lambda field, value: {"field": field, "op": op, "value": value}, st.sampled_from(fields), shapes[op]
        )
    )
    bare = st.builds(
        lambda field, op: {"field": field, "op": op}, st.sampled_from(fields), st.sampled_from(["exists", "missing"])
    )
    folded = st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value, "ignoreCase": True},
        st.sampled_from(fields),
        st.sampled_from(["==", "!=", "contains", "starts_with"]),
        text,
    )
    return plain | bare | folded


def related() -> st.SearchStrategy[Any]:
    return st.builds(
        lambda aggregate, op, value: {"related": "tasks", "op": op, "value": value, **aggregate},
        st.sampled_from([{}, {"aggregate": "sum", "of": "n"}, {"aggregate": "min", "of": "n"}]),
        st.sampled_from(["==", "!=", ">", ">=", "<", "<="]),
        st.sampled_from(NUMBERS),
    )


TASKS: tuple[list[dict[str, Any]], ...] = (
    [],
    [{"n": 1}],
    [{"n": 2}, {"n": 0.5}],
    [{"n": -1}],
    [{}, {}, {}],
    [{"n": "x"}],
)


def leaves() -> st.SearchStrategy[Any]:
    fields = comparisons(("a", "a", "a.c", "b"))
    items = st.builds(
        lambda key, inner: {"field": "a", key: inner}, st.sampled_from(["any", "all", "none"]), comparisons(("@",))
    )
    return fields | fields | items | related()


def joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    listed = st.builds(
        lambda key, items: {key: items},
        st.sampled_from(["and", "and", "or", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    )
    return listed | inner.map(lambda item: {"not": item})


some = st.recursive(leaves(), joined, max_leaves=5).map(read_condition)


def answers(condition: Condition, worlds: tuple[Any, ...] = RECORDS) -> set[bool]:
    """Answer all that a condition answers in a small world."""
    return {
        evaluate(condition, record, related={"tasks": tasks}, as_of=as_of)
        for as_of in (NOW, LATER)
        for tasks in (TASKS if "Related" in repr(condition) else TASKS[:1])
        for record in worlds
    }


@given(some)
def test_what_is_said_never_to_hold_never_does(condition: Condition) -> None:
    if never_holds(condition):
        assert answers(condition) == {False}


@given(some)
def test_what_is_said_always_to_hold_always_does(condition: Condition) -> None:
    if always_holds(condition):
        assert answers(condition) == {True}


@given(some, some)
def test_what_is_said_to_follow_does(one: Condition, other: Condition) -> None:
    if implies(one, other):
        for record, tasks in itertools.product(RECORDS, TASKS):
            held = evaluate(one, record, related={"tasks": tasks}, as_of=NOW)
            assert not held or evaluate(other, record, related={"tasks": tasks}, as_of=NOW)


TYPED = FieldCatalogue.of(
    {
        "a": Field(path="a", kind=Kind.NUMBER, required=True),
        "b": Field(path="b", kind=Kind.TEXT, choices=("a", "b"), required=True),
        "c": Field(path="c", kind=Kind.BOOLEAN),
        "d": Field(path="d", kind=Kind.INSTANT),
    }
)
TYPED_RECORDS = tuple(
    {"a": a, "b": b, "c": c, "d": d}
    for a, b, c, d in itertools.product(
        (-1, 0, 1, 2, 2.25, 2.5, 3), ("a", "b"), (None, True, False), (None, "2026-11-20", NOW, "2026-11-23T12:00:00Z")
    )
)
typed = st.recursive(comparisons(("a", "b", "c", "d")), joined, max_leaves=5).map(read_condition)


@given(typed)
def test_what_is_said_of_declared_fields_is_true_of_them(condition: Condition) -> None:
    if never_holds(condition, TYPED):
        assert answers(condition, TYPED_RECORDS) == {False}
    if always_holds(condition, TYPED):
        assert answers(condition, TYPED_RECORDS) == {True}


@given(some)
def test_a_warning_agrees_with_what_is_said(condition: Condition) -> None:
    codes = {fault.code for fault in check_condition(condition).warnings}
    assert ("never-matches" in codes) is never_holds(condition)
    assert "always-matches" not in codes or always_holds(condition)


@given(some)
def test_a_condition_either_holds_or_its_opposite_does(condition: Condition) -> None:
    assert never_holds(And(items=(condition, Not(item=condition))))
    assert always_holds(Or(items=(condition, Not(item=condition))))
    assert implies(condition, condition)


alone = st.recursive(comparisons(("a",)), joined, max_leaves=5)


def share_found() -> tuple[int, int]:
    """Count the conditions on one field that never hold in the small world, and those of them that are found."""
    found = there = 0

    @given(alone.filter(lambda data: '"b"' not in json.dumps(data)).map(read_condition))
    def count(condition: Condition) -> None:
        nonlocal found, there
        if answers(condition, tuple({"a": value} for value in VALUES)) == {False}:
            there += 1
            found += never_holds(condition)

    count()
    return found, there


def test_most_of_what_never_holds_is_found() -> None:
    found, there = share_found()
    assert found > there / 2
