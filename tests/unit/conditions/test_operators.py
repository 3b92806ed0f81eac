from __future__ import annotations

from typing import Any

import pytest

from leadkit.conditions import OPERATORS, Kind, read_condition
from leadkit.conditions.criteria import FITS
from leadkit.conditions.operators import ALIASES, MISTAKEN, OPPOSITES, Operator, Shape, hint_for, operator_named

ROWS = pytest.mark.parametrize("row", OPERATORS.values(), ids=list(OPERATORS))


def test_the_table_lists_the_operators_of_the_language() -> None:
    assert list(OPERATORS) == [
        *("==", "!=", ">", ">=", "<", "<=", "between", "in", "not_in", "contains", "not_contains"),
        *("starts_with", "ends_with", "matches", "exists", "missing", "before", "after", "within", "older_than"),
    ]


@ROWS
def test_every_row_is_read_by_its_own_example(row: Operator) -> None:
    assert row.example["op"] == row.name
    assert ("value" in row.example) is (row.shape is not Shape.NOTHING)
    if row.shape is not Shape.PATTERN:
        assert read_condition(row.example).operator == row.name  # type: ignore[union-attr] # a comparison


@ROWS
def test_every_row_says_what_people_read(row: Operator) -> None:
    assert row.label
    assert row.description.endswith(".")
    assert row.accepts <= set(Kind)
    assert row.shape in FITS


@ROWS
def test_only_opposites_hold_for_a_missing_field(row: Operator) -> None:
    assert row.when_missing is (row.name in {"!=", "not_in", "not_contains", "missing"})


def test_opposites_are_opposites_both_ways() -> None:
    assert OPPOSITES == {
        "==": "!=",
        "!=": "==",
        "in": "not_in",
        "not_in": "in",
        "contains": "not_contains",
        "not_contains": "contains",
        "exists": "missing",
        "missing": "exists",
    }


def test_an_alias_means_one_operator_and_is_none_itself() -> None:
    written = [alias for row in OPERATORS.values() for alias in row.aliases]
    assert len(written) == len(set(written)) == len(ALIASES)
    assert not set(written) & set(OPERATORS)
    assert not set(MISTAKEN) & (set(written) | set(OPERATORS))
    assert set(MISTAKEN.values()) <= set(OPERATORS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("==", "=="),
        ("gte", ">="),
        ("GTE", ">="),
        (" gte ", ">="),
        ("startsWith", "starts_with"),
        ("StartsWith", "starts_with"),
        ("starts with", "starts_with"),
        ("starts-with", "starts_with"),
        ("STARTS WITH", "starts_with"),
        ("starts  -  with", "starts_with"),
        ("olderThan", "older_than"),
        ("≠", "!="),
        ("=>", None),
        ("", None),
        ("start", None),
    ],
)
def test_an_operator_is_known_in_every_style(text: str, name: str | None) -> None:
    row = operator_named(text)
    assert (None if row is None else row.name) == name


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("=>", "; did you mean `>=`?"),
        ("LIKE", "; did you mean `contains`?"),
        ("gte", "; did you mean `>=`?"),
        ("beween", "; did you mean `between`?"),
        ("notequal", "; did you mean `!=`?"),
    ],
)
def test_a_mistyped_operator_is_told_by_its_canonical_name(text: str, hint: str) -> None:
    assert hint_for(text) == hint


def test_of_a_strange_operator_all_that_are_possible_are_told() -> None:
    assert hint_for("qqq") == f"; possible are {', '.join(f'`{name}`' for name in sorted(OPERATORS))}"


@ROWS
@pytest.mark.parametrize("seen", [0, "", False, [], {}, object(), float("nan"), 10**400])
@pytest.mark.parametrize("other", [0, "", [], object(), float("inf"), None])
def test_no_predicate_raises_whatever_it_is_given(row: Operator, seen: Any, other: Any) -> None:
    expected = (other, other) if row.shape in (Shape.PAIR, Shape.DURATION) else other
    if row.shape not in (Shape.PATTERN, Shape.DURATION):
        assert row.holds(seen, expected) in (True, False)
