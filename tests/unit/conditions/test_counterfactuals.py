# ruff: noqa: E501 - one fact a line, however long
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from leadkit.conditions import Comparison, FieldCatalogue, Related, evaluate, parse_path, read_condition
from leadkit.conditions.changing import Replacement
from leadkit.conditions.counterfactuals import changes_that_turn, more_records, replacements, subjects_of
from leadkit.conditions.paths import ITEM
from leadkit.errors import InvalidInput

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CALLS = {"field": "type", "op": "==", "value": "call"}
TEAM = {"field": "team", "op": ">=", "value": 10}
PRO = {"field": "plan", "op": "==", "value": "pro"}


def told(written: Any, record: Any, related: Any = None, catalogue: FieldCatalogue | None = None) -> list[str]:
    condition, theirs = read_condition(written), related or {}
    held = evaluate(condition, record, related=theirs, as_of=NOW)
    changes = changes_that_turn(condition, record, related=theirs, as_of=NOW, catalogue=catalogue)
    for change in changes:
        changed, then = change.applied(record, theirs)
        assert evaluate(condition, changed, related=then, as_of=NOW) is not held
    return [str(change) for change in changes]


@pytest.mark.parametrize(
    ("written", "record", "changes"),
    [
        (TEAM, {"team": 7}, ["team from 7 to 10"]),
        (TEAM, {"team": 12}, ["team from 12 to 9"]),
        (TEAM, {"team": 9.5}, ["team from 9.5 to 10"]),
        (TEAM, {"team": "12"}, ['team from "12" to 10']),
        (TEAM, {}, ["team set to 10"]),
        ({**TEAM, "op": ">"}, {}, ["team set to 11"]),
        ({**TEAM, "op": ">", "value": 0.5}, {"team": 0}, ["team from 0 to 1"]),
        ({**TEAM, "op": ">", "value": 0.5}, {"team": 0.2}, ["team from 0.2 to 0.51"]),
        ({**TEAM, "op": "between", "value": [0.2, 0.7]}, {"team": 3}, ["team from 3 to 0.7"]),
        ({"field": "team", "op": "missing"}, {"team": 7}, ["team from 7 to nothing"]),
        ({"field": "team", "op": "exists"}, {}, ['team known, such as "something"']),
        (PRO, {"plan": "free"}, ['plan from "free" to "pro"']),
        (PRO, {"plan": "pro"}, ['plan from "pro" to another value, such as "something"']),
        (
            {"field": "mail", "op": "ends_with", "value": "@b.com"},
            {"mail": "a@a.com"},
            ['mail from "a@a.com" to "a@b.com"'],
        ),
        ({"and": [TEAM, PRO]}, {"team": 7, "plan": "pro"}, ["team from 7 to 10"]),
        ({"and": [TEAM, PRO]}, {"team": 7}, []),
        ({"or": [TEAM, PRO]}, {}, ["team set to 10", 'plan set to "pro"']),
        ({"not": {"and": [TEAM, PRO]}}, {"team": 7, "plan": "pro"}, ["team from 7 to 10"]),
        ({"field": "tags", "any": {"field": "@", "op": "==", "value": "x"}}, {"tags": ["a"]}, ['tags with "x"']),
        (
            {"field": "tags", "none": {"field": "@", "op": "==", "value": "x"}},
            {"tags": ["x", "a"]},
            ['tags without "x"'],
        ),
        (
            {"field": "day", "op": "within", "value": "30d"},
            {"day": "2026-01-01"},
            ['day from "2026-01-01" to "2026-10-26"'],
        ),
        (
            {"field": "day", "op": "older_than", "value": "30d"},
            {"day": "2026-11-01"},
            ['day from "2026-11-01" to "2026-10-25"'],
        ),
        ({"field": "a", "op": ">", "value": {"field": "b"}}, {"a": 1, "b": 5}, ["a from 1 to 6", "b from 5 to 0"]),
        ({"field": "a", "op": ">", "value": {"field": "a"}}, {"a": 1}, []),
        ({"and": []}, {}, []),
        ({"field": "deep.down", "op": "==", "value": 1}, {"deep": 5}, []),
        ({"field": "a", "op": "exists"}, {"a": {"b": 1}}, []),
        (TEAM, 5, []),
    ],
)
def test_the_smallest_change_of_each_field_is_found(written: Any, record: Any, changes: list[str]) -> None:
    assert told(written, record) == changes


@pytest.mark.parametrize(
    ("written", "present", "changes"),
    [
        ({"related": "tasks"}, [], ["tasks: 1 more, now"]),
        ({"related": "activities", "where": CALLS, "op": ">=", "value": 3}, [{"type": "call"}], ['activities: 2 more with type "call", now']),
        ({"related": "activities", "op": ">=", "value": 10}, [], ["activities: 10 more, now"]),
        ({"related": "activities", "op": ">=", "value": 11}, [], []),
        ({"related": "activities", "op": "<", "value": 1}, [{}], []),
        ({"related": "activities", "op": "<", "value": 1}, [], ["activities: 1 more, now"]),
        ({"related": "activities", "aggregate": "latest", "op": "within", "value": "7d"}, [{"at": "2026-01-01"}], ["activities: 1 more, now"]),
        ({"related": "activities", "aggregate": "sum", "of": "pages", "op": ">", "value": 1}, [], []),
        ({"related": "activities", "where": {"and": [CALLS, {"field": "length", "op": ">", "value": 60}]}}, [], ['activities: 1 more with type "call" and length 61, now']),
        ({"related": "activities", "where": {"field": "at", "op": "within", "value": "1d"}}, [], ["activities: 1 more, now"]),
        ({"related": "activities", "where": {"field": "at", "op": "older_than", "value": "1d"}, "within": "7d"}, [], []),
        ({"related": "activities", "where": {"not": CALLS}}, [], ["activities: 1 more, now"]),
        ({"related": "activities", "where": {"or": [CALLS]}}, [], []),
        ({"related": "tasks", "where": {"and": [CALLS, {"field": "type", "op": "exists"}]}}, [], ['tasks: 1 more with type "call", now']),
        ({"related": "tasks", "where": {"field": "type", "op": "==", "value": {"field": "other"}}}, [], []),
        ({"related": "company", "where": {"field": "size", "op": ">", "value": 10}}, None, ["company: 1 more with size 11"]),
        ({"or": [{"related": "tasks"}, {"and": [{"related": "tasks"}]}]}, [], ["tasks: 1 more, now"]),
    ],
)  # fmt: skip
def test_a_few_more_related_records_may_turn_a_condition(written: Any, present: Any, changes: list[str]) -> None:
    kind = written.get("related", "tasks")
    assert told(written, {}, {kind: present}) == changes


def test_records_are_added_at_the_very_instant() -> None:
    node = read_condition({"related": "tasks"})
    assert isinstance(node, Related)
    now = NOW.replace(microsecond=7)
    trials = list(more_records(node, now))
    assert [trial.change.record for trial in trials] == [{"due_at": "2026-11-24T12:00:00.000007Z"}] * 10
    assert [trial.change.count for trial in trials] == list(range(1, 11))
    assert [trial.rank for trial in trials] == [(0, False, count) for count in range(1, 11)]
    latest = read_condition({"related": "tasks", "aggregate": "latest", "op": "exists"})
    assert isinstance(latest, Related)
    assert len(list(more_records(latest, now))) == 1
    by_field = read_condition({"related": "tasks", "aggregate": "latest", "of": "at", "op": "exists"})
    assert isinstance(by_field, Related)
    assert list(more_records(by_field, now)) == []


def test_a_condition_built_by_hand_over_a_whole_record_leads_nowhere() -> None:
    whole = Comparison(path=ITEM, operator="missing")
    assert changes_that_turn(whole, {}, as_of=NOW) == ()
    node = read_condition({"related": "tasks"})
    assert isinstance(node, Related)
    assert list(more_records(attrs.evolve(node, where=whole), NOW)) == []


def test_a_catalogue_keeps_to_the_fields_that_there_are() -> None:
    catalogue = FieldCatalogue.of({"team": int, "plan": ["free", "pro"]})
    written = {"or": [TEAM, {"field": "plan", "op": "!=", "value": "free"}, {"field": "other", "op": "exists"}]}
    assert told(written, {"plan": "free"}, catalogue=catalogue) == ["team set to 10", 'plan from "free" to "pro"']


def test_what_a_record_refuses_is_passed_over() -> None:
    @attrs.frozen
    class Person:
        team: int = attrs.field(validator=attrs.validators.in_([7, 12]))

    assert told({"or": [TEAM, {**TEAM, "op": "==", "value": 12}]}, Person(7)) == ["team from 7 to 12"]
    assert told(TEAM, Person(7)) == []


def test_fields_are_listed_with_the_clauses_that_ask_of_them() -> None:
    first = {"field": "firstName", "op": "==", "value": {"field": "properties.a"}}
    second = {"field": "first_name", "op": "==", "value": {"field": "first_name"}}
    items = {"field": "tags", "any": {"field": "x", "op": "exists"}}
    written = ({"and": [first, {"not": second}]}, items, {"related": "tasks"})
    whole = Comparison(path=ITEM, operator="exists")
    subjects = subjects_of([*map(read_condition, written), whole])
    assert {path.canonical: len(asked) for path, asked in subjects.items()} == {
        "first_name": 2,
        "properties.a": 1,
        "tags": 1,
    }
    assert list(subjects) == [parse_path("first_name"), parse_path("properties.a"), parse_path("tags")]


def test_replacements_carry_what_was_there_and_whether_they_are_examples() -> None:
    trials = list(replacements(parse_path("plan"), [read_condition(PRO)], {"plan": "free"}, NOW))
    assert [trial.change for trial in trials] == [
        Replacement(path=parse_path("plan"), before="free", after="pro"),
        Replacement(path=parse_path("plan"), before="free", after="something", example=True),
        Replacement(path=parse_path("plan"), before="free", after=None),
    ]
    assert [trial.rank[0] for trial in trials] == [0, 2, 3]


def test_at_most_two_hundred_values_are_tried_in_a_field() -> None:
    texts = [[f"t{part}-{number}" for number in range(100)] for part in range(3)]
    none = [{"field": "f", "op": "in", "value": part} for part in texts]

    def looking_for(text: str) -> dict[str, Any]:
        return {"and": [{"or": none}, {"field": "f", "op": "==", "value": text}]}

    assert told(looking_for("t1-99"), {}) == ['f set to "t1-99"']
    assert told(looking_for("t2-0"), {}) == []


def test_now_needs_a_time_zone() -> None:
    with pytest.raises(InvalidInput):
        changes_that_turn(read_condition(TEAM), {}, as_of=NOW.replace(tzinfo=None))
