# ruff: noqa: FBT001 - true and false are values and answers here, no switches
"""Writing conditions back, their normal form, and what can be found by walking over them."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.conditions import (
    And,
    Literal,
    Literals,
    NowOperand,
    Or,
    RelatedNeed,
    canonical,
    dump_condition,
    duplicates,
    equivalent,
    fields_of,
    fingerprint_of,
    parse_path,
    read_condition,
    related_needs,
)
from leadkit.conditions.canonical import canonical_atom
from leadkit.conditions.walking import children_of, placed_children
from leadkit.values.times import parse_duration


def dumped(data: Any) -> Any:
    return dump_condition(read_condition(data))


def normal(data: Any) -> Any:
    return dump_condition(canonical(read_condition(data)))


ONE = {"field": "a", "op": "==", "value": 1}
TWO = {"field": "b", "op": "==", "value": 2}


@pytest.mark.parametrize(
    ("data", "written"),
    [
        ({"field": "firstName", "op": "eq", "value": "Al"}, {"field": "firstName", "op": "==", "value": "Al"}),
        ({"field": 'a["b"]', "op": "exists", "value": True}, {"field": 'a["b"]', "op": "exists"}),
        ({"field": "a", "op": "oneOf", "value": ["x", 1]}, {"field": "a", "op": "in", "value": ["x", 1]}),
        (
            {"field": "a", "op": "==", "value": "X", "ignore_case": True},
            {"field": "a", "op": "==", "value": "X", "ignoreCase": True},
        ),
        ({"field": "a", "op": ">", "value": 1, "ignoreCase": False}, {"field": "a", "op": ">", "value": 1}),
        ({"field": "a", "op": ">", "value": 1.0}, {"field": "a", "op": ">", "value": 1.0}),
        (
            {"field": "a", "op": "before", "value": {"datetime": "2026-01-01T01:00:00+01:00"}},
            {"field": "a", "op": "before", "value": "2026-01-01T00:00:00Z"},
        ),
        (
            {"field": "a", "op": "==", "value": {"datetime": "2026-01-01"}},
            {"field": "a", "op": "==", "value": {"datetime": "2026-01-01T00:00:00Z"}},
        ),
        (
            {"field": "a", "op": "in", "value": [{"datetime": "2026-01-01"}]},
            {"field": "a", "op": "in", "value": [{"datetime": "2026-01-01T00:00:00Z"}]},
        ),
        (
            {"field": "a", "op": "between", "value": [{"now": "30d"}, {"field": "bC"}]},
            {"field": "a", "op": "between", "value": [{"now": "+30d"}, {"field": "bC"}]},
        ),
        ({"field": "a", "op": ">", "value": {"now": "-P1M"}}, {"field": "a", "op": ">", "value": {"now": "-P1M"}}),
        ({"field": "a", "op": "within", "value": "2w"}, {"field": "a", "op": "within", "value": "2w"}),
        ({"all": [ONE]}, {"and": [ONE]}),
        ({"any": [ONE]}, {"or": [ONE]}),
        ({"none": [ONE]}, {"not": {"or": [ONE]}}),
        ({"field": "a", "none": ONE}, {"field": "a", "none": ONE}),
        ({"related": "tasks"}, {"related": "tasks", "aggregate": "count", "op": ">=", "value": 1}),
        (
            {"related": "tasks", "where": ONE, "within": "1mo", "aggregate": "latest", "of": "dueAt", "op": "missing"},
            {"related": "tasks", "where": ONE, "within": "1mo", "aggregate": "latest", "of": "dueAt", "op": "missing"},
        ),
    ],
)
def test_a_condition_is_written_back(data: Any, written: Any) -> None:
    assert dumped(data) == written
    assert dumped(written) == written


def test_a_pattern_is_written_back() -> None:
    pytest.importorskip("re2", reason="needs the extra `regex`")
    data = {"field": "a", "op": "matches", "value": "^A", "ignoreCase": True}
    assert dumped(data) == data
    assert normal(data) == data


@pytest.mark.parametrize(
    ("data", "written"),
    [
        ({"and": [ONE]}, ONE),
        ({"or": [ONE]}, ONE),
        ({"and": [TWO, ONE]}, {"and": [ONE, TWO]}),
        ({"and": [ONE, {"and": [TWO, ONE]}]}, {"and": [ONE, TWO]}),
        ({"or": [ONE, {"or": [TWO]}, ONE]}, {"or": [ONE, TWO]}),
        ({"and": [ONE, {"or": [TWO, ONE]}]}, {"and": [ONE, {"or": [ONE, TWO]}]}),
        ({"and": []}, {"and": []}),
        ({"and": [{"and": []}, ONE]}, ONE),
        ({"not": {"not": ONE}}, ONE),
        ({"not": ONE}, {"field": "a", "op": "!=", "value": 1}),
        ({"not": {"and": [ONE, TWO]}}, {"or": [{**ONE, "op": "!="}, {**TWO, "op": "!="}]}),
        ({"none": [ONE, TWO]}, {"and": [{**ONE, "op": "!="}, {**TWO, "op": "!="}]}),
        ({"not": {"field": "a", "op": ">", "value": 1}}, {"not": {"field": "a", "op": ">", "value": 1}}),
        ({"not": {"field": "a", "op": "missing"}}, {"field": "a", "op": "exists"}),
        ({"not": {"field": "aB", "any": ONE}}, {"field": "a_b", "none": ONE}),
        ({"not": {"field": "a", "none": ONE}}, {"field": "a", "any": ONE}),
        ({"not": {"field": "a", "all": {"and": [ONE]}}}, {"not": {"field": "a", "all": ONE}}),
        (
            {"not": {"related": "tasks", "op": "==", "value": 1.0}},
            {"related": "tasks", "aggregate": "count", "op": "!=", "value": 1},
        ),
        (
            {
                "related": "tasks",
                "where": {"and": [ONE]},
                "within": "2w",
                "aggregate": "max",
                "of": "aB",
                "op": ">",
                "value": 1,
            },
            {
                "related": "tasks",
                "where": ONE,
                "within": "P0MT1209600S",
                "aggregate": "max",
                "of": "a_b",
                "op": ">",
                "value": 1,
            },
        ),
        ({"field": "a", "op": "in", "value": [2.0, 1, 2]}, {"field": "a", "op": "in", "value": [1, 2]}),
        ({"field": "a", "op": "in", "value": ["x"]}, {"field": "a", "op": "==", "value": "x"}),
        ({"field": "a", "op": "not_in", "value": [1]}, {"field": "a", "op": "!=", "value": 1}),
        ({"field": "a", "op": "in", "value": []}, {"field": "a", "op": "in", "value": []}),
        ({"field": "a", "op": "in", "value": [True, 1]}, {"field": "a", "op": "in", "value": [1, True]}),
        ({"field": "a", "op": "==", "value": -0.0}, {"field": "a", "op": "==", "value": 0}),
        ({"field": "a", "op": "==", "value": 2.5}, {"field": "a", "op": "==", "value": 2.5}),
        (
            {"field": "a", "op": "==", "value": "Ab", "ignoreCase": True},
            {"field": "a", "op": "==", "value": "ab", "ignoreCase": True},
        ),
        (
            {"field": "a", "op": "in", "value": ["B", "b", "A"], "ignoreCase": True},
            {"field": "a", "op": "in", "value": ["a", "b"], "ignoreCase": True},
        ),
        ({"field": "a", "op": "==", "value": "Ab"}, {"field": "a", "op": "==", "value": "Ab"}),
        (
            {"field": "a", "op": "between", "value": [1.0, {"field": 'b["c"]'}]},
            {"field": "a", "op": "between", "value": [1, {"field": "b.c"}]},
        ),
        ({"field": "a", "op": "within", "value": "1d"}, {"field": "a", "op": "within", "value": "P0MT86400S"}),
        ({"field": "a", "op": ">", "value": {"now": "+0d"}}, {"field": "a", "op": ">", "value": {"now": "-P0MT0S"}}),
        ({"field": "a", "op": ">", "value": {"now": "1y"}}, {"field": "a", "op": ">", "value": {"now": "+P12MT0S"}}),
    ],
)
def test_the_normal_form_of_a_condition(data: Any, written: Any) -> None:
    assert normal(data) == written
    assert normal(written) == written


def test_the_normal_form_of_a_node_is_that_of_the_condition() -> None:
    atom = read_condition({"field": "firstName", "op": "in", "value": ["Al"]})
    assert canonical_atom(atom) == canonical(atom)  # type: ignore[arg-type] # a comparison


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"and": [ONE, TWO]}, {"all": [TWO, ONE, ONE]}, True),
        ({"not": {"or": [ONE]}}, {"field": "a", "op": "neq", "value": 1.0}, True),
        (
            {"field": "firstName", "op": "within", "value": "1w"},
            {"field": "first_name", "op": "within", "value": "7d"},
            True,
        ),
        (ONE, {**ONE, "value": True}, False),
        (ONE, {**ONE, "value": "1"}, False),
        ({"and": [ONE, TWO]}, {"or": [ONE, TWO]}, False),
        ({**ONE, "value": "x"}, {**ONE, "value": "x", "ignoreCase": True}, False),
    ],
)
def test_equivalence_goes_by_the_normal_form(one: Any, other: Any, same: bool) -> None:
    first, second = read_condition(one), read_condition(other)
    assert equivalent(first, second) is same
    assert (fingerprint_of(first) == fingerprint_of(second)) is same
    assert len(fingerprint_of(first)) == 64


def test_duplicates_are_told_in_groups() -> None:
    conditions = [read_condition(data) for data in (ONE, TWO, {"and": [ONE]}, {"and": []}, {"or": [TWO]}, ONE)]
    assert duplicates(conditions) == ((0, 2, 5), (1, 4))
    assert duplicates([]) == ()


def test_a_node_is_copied_and_pickled_with_how_it_was_written() -> None:
    condition = read_condition(
        {"all": [{"none": [ONE]}, {"related": "tasks", "within": "1d"}, {"field": "a", "any": TWO}]}
    )
    for twin in (copy.deepcopy(condition), pickle.loads(pickle.dumps(condition))):  # noqa: S301 - our own
        assert twin == condition
        assert placed_children(twin, "$") == placed_children(condition, "$")
        assert dump_condition(twin) == dump_condition(condition)


def test_places_are_those_that_were_written() -> None:
    condition = read_condition({"all": [{"any": [ONE, {"not": TWO}]}, {"none": [ONE, TWO]}]})
    places: list[str] = []
    open_ = [(condition, "$")]
    while open_:
        node, at = open_.pop()
        places.append(f"{at} {type(node).__name__}")
        open_.extend(placed_children(node, at))
    assert sorted(places) == [
        "$ And",
        "$.all[0] Or",
        "$.all[0].any[0] Comparison",
        "$.all[0].any[1] Not",
        "$.all[0].any[1].not Comparison",
        "$.all[1] Not",
        "$.all[1] Or",
        "$.all[1].none[0] Comparison",
        "$.all[1].none[1] Comparison",
    ]
    assert [node for node, _ in placed_children(condition, "$")] == list(children_of(condition))
    assert children_of(read_condition({"field": "a", "any": ONE})) == ()


def test_fields_are_named_once_in_their_order() -> None:
    condition = read_condition(
        {
            "and": [
                {"field": "score", "op": ">", "value": {"field": "bar"}},
                {"not": {"field": "tags", "any": {"field": "inner", "op": "exists"}}},
                {"or": [{"field": "firstName", "op": "exists"}, {"field": "first_name", "op": "missing"}]},
                {"field": "score", "op": "between", "value": [{"field": "lo"}, {"field": "hi"}]},
                {
                    "related": "tasks",
                    "where": {"field": "theirs", "op": "exists"},
                    "op": ">",
                    "value": {"field": "ours"},
                },
            ]
        }
    )
    assert [path.text for path in fields_of(condition)] == ["score", "bar", "tags", "firstName", "lo", "hi", "ours"]


def needs(*data: Any) -> list[tuple[str, list[str], list[str]]]:
    return [
        (need.kind, [path.text for path in need.fields], [window.text for window in need.windows])
        for need in related_needs(*map(read_condition, data))
    ]


def test_what_is_needed_of_related_records_is_told_by_kind() -> None:
    call = {"field": "type", "op": "==", "value": "call"}
    assert needs(ONE) == []
    assert needs({"related": "tasks"}) == [("tasks", [], [])]
    assert needs({"related": "activities", "within": "30d", "where": call}) == [("activities", ["type", "at"], ["30d"])]
    assert needs({"related": "activities", "aggregate": "latest", "op": "exists"}) == [("activities", ["at"], [])]
    assert needs({"related": "activities", "aggregate": "latest", "of": "x", "op": "exists"}) == [
        ("activities", ["x"], [])
    ]
    assert needs({"related": "activities", "aggregate": "sum", "of": "minutes", "op": ">", "value": 1}) == [
        ("activities", ["minutes"], [])
    ]
    assert needs(
        {"and": [{"not": {"related": "tasks"}}, {"related": "company"}]}, {"related": "tasks", "where": call}
    ) == [
        ("tasks", ["type"], []),
        ("company", [], []),
    ]


def test_windows_are_kept_when_all_of_a_kind_have_one() -> None:
    month, week = {"related": "activities", "within": "30d"}, {"related": "activities", "within": "1w"}
    assert needs(month, week, month) == [("activities", ["at"], ["30d", "1w"])]
    assert needs(month, {"related": "activities"}) == [("activities", ["at"], [])]


def test_a_need_reaches_back_as_far_as_its_longest_window() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    need = RelatedNeed(kind="tasks", fields=(), windows=(parse_duration("1w"), parse_duration("1mo")))
    assert need.since(now) == datetime(2026, 10, 24, tzinfo=UTC)
    assert RelatedNeed(kind="tasks", fields=(), windows=()).since(now) is None


def test_literals_of_different_kinds_are_different() -> None:
    assert Literal(1) == Literal(1.0)
    assert Literal(1) != Literal(value=True)
    assert Literals((0, 1)) != Literals((False, True))
    assert Literals((0, 1)) == Literals((0.0, 1.0))
    assert NowOperand(parse_duration("1d")) != NowOperand(parse_duration("1d"), ahead=True)


def test_how_a_connective_was_written_makes_no_difference() -> None:
    assert And(items=(), spelling="all") == And(items=())
    assert hash(Or(items=(), spelling="any")) == hash(Or(items=()))
    assert And(items=()) != Or(items=())
    assert read_condition(ONE) == read_condition({**ONE, "field": "a"})
    assert parse_path("a").text in repr(read_condition(ONE))
