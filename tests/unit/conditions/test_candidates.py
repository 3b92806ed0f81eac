# ruff: noqa: FBT003 - one fact a line, however long; true and false are values here
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.conditions import Field, FieldCatalogue, Kind, parse_path, read_condition
from leadkit.conditions.candidates import candidates

NOW = datetime(2026, 11, 24, 12, 30, 15, 500, tzinfo=UTC)
HUGE = 2**53


def asked(*written: dict[str, Any]) -> list[Any]:
    return [read_condition(each) for each in written]


def values(record: Any, *written: dict[str, Any], path: str = "f", field: Field | None = None) -> list[Any]:
    return [found.value for found in candidates(parse_path(path), asked(*written), record, NOW, field)]


def clause(op: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"field": "f", "op": op, **({} if value is None else {"value": value}), **more}


ANY = "something"


@pytest.mark.parametrize(
    ("written", "seen", "found"),
    [
        # Numbers: the constant, the whole numbers around it, and a hundredth to either side; the nearest first.
        (clause(">=", 10), 7, [6, 8, 9, 10, 11, None]),
        (clause(">=", 10), None, [10, 9, 11, ANY]),
        (clause(">=", 10), 9.5, [9.49, 9.51, 9.99, 9, 10, 10.01, 11, None]),
        (clause(">=", 0.5), None, [0.5, 0.49, 0.51, 0, 1, ANY]),
        (clause(">=", 0.5), 0, [-1, 1, 0.49, 0.5, 0.51, None]),
        (clause("between", [2, 4]), 3, [2, 4, 1, 5, None]),
        (clause(">", HUGE), None, [HUGE, ANY]),
        (clause(">", HUGE - 1), None, [HUGE - 1, HUGE - 2, HUGE, ANY]),
        (clause(">", -HUGE), 1, [0, 2, -HUGE, None]),
        (clause(">", 1), "7", [1, 0, 2, ANY, None]),
        (clause(">=", 10), 9.75, [9.74, 9.76, 9.99, 10, 10.01, 9, 11, None]),
        (clause(">=", 2.5), 2, [1, 3, 2.49, 2.5, 2.51, None]),
        # Text, and true or false.
        (clause("==", "pro"), None, ["pro", ANY]),
        (clause("==", "pro"), "free", ["pro", ANY, None]),
        (clause("==", "pro"), "pro", [ANY, None]),
        (clause("in", ["a", "b", "a"]), "x", ["a", "b", ANY, None]),
        (clause("==", "Pro", ignoreCase=True), "x", ["Pro", ANY, None]),
        (clause("==", True), None, [True, False, ANY]),
        (clause("==", True), False, [True, None]),
        (clause("==", True), 1, [0, 2, True, False, None]),
        (clause("in", ["a", 1]), "x", ["a", 1, 0, 2, ANY, None]),
        (clause("exists"), None, [ANY]),
        (clause("missing"), 7, [6, 8, None]),
        (clause("missing"), "x", [ANY, None]),
        (clause("starts_with", "+49"), "x", ["+49", ANY, None]),
        (clause("ends_with", "GmbH"), "x", ["GmbH", ANY, None]),
        (clause("ends_with", "@b.com"), "al@a.com", ["al@b.com", "@b.com", "al@example.com", None]),
        (clause("ends_with", "@b.com"), None, ["someone@b.com", "@b.com", ANY]),
        (clause("ends_with", "@b.com"), "x", ["someone@b.com", "@b.com", ANY, None]),
        # Times: days where the field holds a day or nothing, seconds otherwise.
        (clause("after", "2026-01-10"), None, ["2026-01-10", "2026-01-09", "2026-01-11", ANY]),
        (
            clause("after", "2026-01-10"),
            "2026-01-08",
            ["2026-01-07", "2026-01-09", "2026-01-10", "2026-01-11", ANY, None],
        ),
        (
            clause("after", "2026-01-10T08:00:00Z"),
            "2026-01-10T07:59:59Z",
            [
                "2026-01-10T07:59:58Z",
                "2026-01-10T08:00:00Z",
                "2026-01-10T08:00:01Z",
                ANY,
                None,
            ],
        ),
        (
            clause("within", "1d"),
            datetime(2026, 11, 20, tzinfo=UTC),
            [
                datetime(2026, 11, 19, 23, 59, 59, tzinfo=UTC),
                datetime(2026, 11, 20, 0, 0, 1, tzinfo=UTC),
                datetime(2026, 11, 23, 12, 30, 14, tzinfo=UTC),
                datetime(2026, 11, 23, 12, 30, 15, tzinfo=UTC),
                datetime(2026, 11, 23, 12, 30, 15, 500, tzinfo=UTC),
                datetime(2026, 11, 23, 12, 30, 16, tzinfo=UTC),
                datetime(2026, 11, 24, 12, 30, 14, tzinfo=UTC),
                datetime(2026, 11, 24, 12, 30, 15, tzinfo=UTC),
                NOW,
                datetime(2026, 11, 24, 12, 30, 16, tzinfo=UTC),
                None,
            ],
        ),
        (clause("within", "1d"), None, ["2026-11-24", "2026-11-25", "2026-11-23", "2026-11-22", ANY]),
        (clause("before", {"now": "-1d"}), None, ["2026-11-24", "2026-11-23", "2026-11-22", ANY]),
        (clause("after", "0001-01-01"), None, ["0001-01-01", "0001-01-02", ANY]),
        (clause("before", "9999-12-31"), None, ["9999-12-31", "9999-12-30", ANY]),
        (clause("after", "0001-01-01"), "x", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:01Z", ANY, None]),
        # Lists: what decides comes out, or one more comes in.
        (clause("contains", "a"), ["b"], [["b", "a"], "a", None]),
        (clause("contains", "a"), ["a", "b", "a"], [["a", "b", "a", "a"], ["b"], "a", None]),
        (clause("not_contains", "a"), ["a"], [[], ["a", "a"], "a", None]),
        (clause("contains", "A", ignoreCase=True), ["a"], [[], ["a", "A"], "A", None]),
        (clause("contains", "a"), None, ["a", ["a"], ANY]),
        (clause("contains", "a"), "x", ["a", ["a"], ANY, None]),
        ({"field": "f", "any": {"field": "@", "op": "==", "value": "x"}}, None, [["x"], ["something"], ANY]),
        (
            {"field": "f", "any": {"field": "@", "op": "==", "value": "x"}},
            ["a", "x"],
            [["x"], ["a"], ["a", "x", "x"], ["a", "x", "something"], None],
        ),
        ({"field": "f", "all": {"field": "a", "op": "exists"}}, [{"a": 1}, {}, {}], [[{}, {}], [{"a": 1}], None]),
        ({"field": "f", "all": {"field": "a", "op": "exists"}}, [{}], [[], None]),
        # An object is neither taken apart nor taken away.
        (clause("exists"), {"a": 1}, []),
    ],
)
def test_what_is_tried_lies_just_beside_what_is_compared_with(
    written: dict[str, Any], seen: Any, found: list[Any]
) -> None:
    answered = values({"f": seen}, written)
    assert answered == found
    assert [type(value) for value in answered if value is not None] == [
        type(value) for value in found if value is not None
    ]


def test_the_other_field_of_a_comparison_is_changed_as_well() -> None:
    written = clause(">", {"field": "g"})
    assert values({"f": 1, "g": 5}, written)[:4] == [0, 2, 4, 5]
    assert values({"f": 1, "g": 5}, written, path="g")[:5] == [4, 6, 2, 1, 0]
    assert values({"f": 1, "g": [1, 2]}, clause("in", {"field": "g"}))[:2] == [0, 2]
    assert values({"f": "x", "g": {"a": 1}}, clause("==", {"field": "g"})) == [ANY, None]
    assert values({"f": ["b"], "g": "a"}, clause("contains", {"field": "g"})) == [["b", "a"], "a", None]
    assert values({"f": ["b"], "g": {}}, clause("contains", {"field": "g"})) == [None]


def test_all_clauses_on_a_field_are_looked_at_together() -> None:
    assert values({}, clause("exists"), clause("==", "pro"), clause("in", ["pro", "max"])) == ["pro", "max", ANY]


def test_of_a_long_list_the_first_hundred_are_tried() -> None:
    texts = [f"t{number}" for number in range(150)]
    assert values({}, clause("in", texts)) == [*texts[:100], ANY]
    field = Field(path="f", kind=None, choices=tuple(texts))
    assert len(values({}, clause("exists"), field=field)) == 101


@pytest.mark.parametrize(
    ("what", "seen", "found"),
    [
        (["new", "old"], None, ["new", "old"]),
        (["new", "old"], "new", ["old", None]),
        (int, None, [1]),
        (int, 5, [4, 6, None]),
        (bool, None, [True]),
        (str, None, [ANY]),
        (datetime, None, ["2026-11-24"]),
        (list[str], None, [["something"]]),
        (dict, None, []),
        (str, 5, [None]),
    ],
)
def test_a_catalogue_leaves_values_out_that_a_field_cannot_have(what: Any, seen: Any, found: list[Any]) -> None:
    field = FieldCatalogue.of({"f": what}).find(parse_path("f"))
    assert values({"f": seen}, clause("exists"), field=field) == found


def test_a_field_that_is_always_there_is_not_cleared() -> None:
    assert values({"f": 1}, clause("missing"), field=Field(path="f", required=True)) == [0, 2]


def test_a_declared_instant_may_be_text() -> None:
    field = Field(path="f", kind=Kind.INSTANT)
    assert values({"f": "2026-01-01"}, clause("exists"), field=field) == [
        "2025-12-31",
        "2026-01-02",
        "2026-11-24",
        None,
    ]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("email", "someone@example.com"),
        ("properties.workMail", "someone@example.com"),
        ("phone", "+1 555 0100"),
        ('properties["Phone 2"]', "+1 555 0100"),
        ("company", ANY),
    ],
)
def test_an_example_looks_like_what_its_field_is_called(path: str, found: str) -> None:
    (candidate,) = candidates(parse_path(path), [], {}, NOW)
    assert (candidate.value, candidate.example) == (found, True)


def test_only_an_example_is_called_one() -> None:
    found = candidates(parse_path("f"), asked(clause("==", "pro")), {"f": "free"}, NOW)
    assert [(each.value, each.example) for each in found] == [("pro", False), (ANY, True), (None, False)]


def test_the_item_of_a_list_is_a_field_like_others() -> None:
    item = read_condition({"field": "f", "any": {"field": "@", "op": ">", "value": 1}}).condition
    found = [each.value for each in candidates(parse_path("@"), [item], None, NOW)]
    assert found == [1, 0, 2, ANY]
