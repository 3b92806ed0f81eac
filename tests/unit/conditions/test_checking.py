# ruff: noqa: E501, FBT003, ISC004 - a message stands on one line; true and false are values and answers here, no switches
from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from leadkit.conditions import Field, FieldCatalogue, Findings, Kind, check_condition, read_condition
from leadkit.errors import Fault

CATALOGUE = FieldCatalogue.of(
    {
        "score": int,
        "status": ["new", "qualified"],
        "firstName": str,
        "won": bool,
        "createdAt": datetime,
        "updatedAt": datetime,
        "tags": list[str],
        "flags": list[bool],
        "contacts": Field(path="contacts", kind=Kind.LIST, items=FieldCatalogue.of({"name": str, "age": int})),
        "mixed": list,
        "level": [1, 2],
        "grade": ["A", "B"],
        "properties": Kind.OBJECT,
        "properties.team_size": int,
        "boss.name": str,
        "anything": Field(path="anything"),
    },
    related={"activities": FieldCatalogue.of({"type": ["call", "mail"], "minutes": int, "at": datetime})},
)


def errors(data: Any) -> list[str]:
    return [f"{fault} ({fault.code})" for fault in check_condition(read_condition(data), CATALOGUE).errors]


def warnings(data: Any, catalogue: FieldCatalogue | None = None) -> list[str]:
    return [f"{fault} ({fault.code})" for fault in check_condition(read_condition(data), catalogue).warnings]


def asked(field: str, op: str, *value: Any, **more: Any) -> dict[str, Any]:
    return {"field": field, "op": op, **({"value": value[0]} if value else {}), **more}


@pytest.mark.parametrize(
    "data",
    [
        {"and": []},
        asked("score", ">=", 50),
        asked("score", "in", [1, 2.5]),
        asked("score", ">", {"field": "properties.team_size"}),
        asked("score", "between", [{"field": "score"}, 5]),
        asked("score", "exists"),
        asked("boss", "exists"),
        asked("status", "==", "new"),
        asked("status", "==", "NEW", ignoreCase=True),
        asked("status", "in", ["new", "qualified"]),
        asked("status", "starts_with", "q"),
        asked("status", "contains", "ali"),
        asked("status", ">", "a"),
        asked("level", "==", 1.0),
        asked("grade", "==", "a", ignoreCase=True),
        asked("grade", "in", ["a", "B"], ignoreCase=True),
        asked("first_name", "!=", "Al"),
        asked("first_name", "before", "2026-01-01"),
        asked("first_name", "==", {"datetime": "2026-01-01"}),
        asked("first_name", ">", {"now": "-1d"}),
        asked("won", "==", True),
        asked("won", "==", {"field": "won"}),
        asked("createdAt", "within", "30d"),
        asked("createdAt", "before", {"field": "updated_at"}),
        asked("createdAt", "before", {"field": "firstName"}),
        asked("createdAt", ">", {"datetime": "2026-01-01"}),
        asked("createdAt", "between", [{"now": "-1d"}, {"now": "0d"}]),
        asked("tags", "contains", "a"),
        asked("tags", "contains", {"datetime": "2026-01-01"}),
        asked("flags", "contains", True),
        asked("mixed", "contains", 5),
        asked("tags", "contains", {"field": "firstName"}),
        asked("first_name", "in", {"field": "tags"}),
        asked("properties.other", "==", 5),
        asked("anything", "starts_with", "x"),
        asked("score", "==", {"field": "anything"}),
        {"field": "tags", "any": asked("@", "==", "a")},
        {"field": "contacts", "all": asked("age", ">", 18)},
        {"field": "mixed", "any": asked("whatever", "==", 1)},
        {"field": "anything", "any": asked("whatever", "==", 1)},
        {"field": "properties.list", "any": asked("whatever", "==", 1)},
        {"related": "activities", "where": asked("type", "==", "call"), "op": ">", "value": {"field": "score"}},
        {"related": "activities", "aggregate": "max", "of": "minutes", "op": ">", "value": {"field": "score"}},
        {"related": "activities", "aggregate": "latest", "op": "after", "value": {"field": "createdAt"}},
        {"related": "tasks", "where": asked("whatever", "==", "call")},
    ],
)
def test_what_is_possible_is_no_error(data: Any) -> None:
    assert errors(data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (asked("scor", ">", 5), ["$.field: unknown field `scor`; did you mean `score`? (unknown-field)"]),
        (asked("zzz", "exists"), ["$.field: unknown field `zzz` (unknown-field)"]),
        (
            asked("team_size", ">", 5),
            ["$.field: unknown field `team_size`; did you mean `properties.team_size`? (unknown-field)"],
        ),
        (asked("boss.age", ">", 5), ["$.field: unknown field `boss.age`; did you mean `boss.name`? (unknown-field)"]),
        (
            asked("x" * 80, "exists"),
            [f"$.field: unknown field `{'x' * 60}…` (unknown-field)"],
        ),
        (
            asked("score", "==", {"field": "scor"}),
            ["$.value.field: unknown field `scor`; did you mean `score`? (unknown-field)"],
        ),
        (
            asked("zzz", "==", {"field": "scor"}),
            [
                "$.field: unknown field `zzz` (unknown-field)",
                "$.value.field: unknown field `scor`; did you mean `score`? (unknown-field)",
            ],
        ),
        (
            asked("score", "between", [1, {"field": "scor"}]),
            ["$.value[1].field: unknown field `scor`; did you mean `score`? (unknown-field)"],
        ),
        (asked("score", "starts_with", "a"), ["$.op: `score` is a number; `starts_with` is for text (wrong-kind)"]),
        (
            asked("won", ">", 1),
            ["$.op: `won` is true or false; `>` is for an instant or a number or text (wrong-kind)"],
        ),
        (asked("score", "within", "1d"), ["$.op: `score` is a number; `within` is for an instant (wrong-kind)"]),
        (
            asked("tags", "==", "a"),
            ["$.op: `tags` is a list; `==` is for true or false or an instant or a number or text (wrong-kind)"],
        ),
        (
            asked("properties", "contains", "a"),
            ["$.op: `properties` is an object; `contains` is for a list or text (wrong-kind)"],
        ),
        (
            asked("score", ">=", "10"),
            [
                "$.value: `score` is a number, and `>=` never compares it with text; it is written 10, without quotes (wrong-kind)"
            ],
        ),
        (
            asked("score", ">=", "-2.5"),
            [
                "$.value: `score` is a number, and `>=` never compares it with text; it is written -2.5, without quotes (wrong-kind)"
            ],
        ),
        (
            asked("score", "==", "1e5"),
            ["$.value: `score` is a number, and `==` never compares it with text (wrong-kind)"],
        ),
        (
            asked("won", "==", "true"),
            [
                "$.value: `won` is true or false, and `==` never compares it with text; it is written true, without quotes (wrong-kind)"
            ],
        ),
        (
            asked("won", "==", "false"),
            [
                "$.value: `won` is true or false, and `==` never compares it with text; it is written false, without quotes (wrong-kind)"
            ],
        ),
        (
            asked("won", "==", "10"),
            ["$.value: `won` is true or false, and `==` never compares it with text (wrong-kind)"],
        ),
        (
            asked("won", "==", 1),
            ["$.value: `won` is true or false, and `==` never compares it with a number (wrong-kind)"],
        ),
        (
            asked("createdAt", ">", "2026-01-01"),
            [
                "$.value: `createdAt` is an instant, and `>` never compares it with text; "
                'an instant is written {"datetime": "2026-01-01"} (wrong-kind)'
            ],
        ),
        (
            asked("createdAt", "==", "soon"),
            ["$.value: `createdAt` is an instant, and `==` never compares it with text (wrong-kind)"],
        ),
        (
            asked("createdAt", "==", {"field": "firstName"}),
            ["$.value: `createdAt` is an instant, and `==` never compares it with text (wrong-kind)"],
        ),
        (
            asked("createdAt", "before", {"field": "score"}),
            ["$.value: `createdAt` is an instant, and `before` never compares it with a number (wrong-kind)"],
        ),
        (
            asked("firstName", "==", 5),
            ["$.value: `firstName` is text, and `==` never compares it with a number (wrong-kind)"],
        ),
        (
            asked("score", ">", {"now": "0d"}),
            ["$.value: `score` is a number, and `>` never compares it with an instant (wrong-kind)"],
        ),
        (
            asked("score", "in", [1, "2", True]),
            [
                "$.value[1]: `score` is a number, and `in` never compares it with text; it is written 2, without quotes (wrong-kind)",
                "$.value[2]: `score` is a number, and `in` never compares it with true or false (wrong-kind)",
            ],
        ),
        (
            asked("score", "between", ["a", "b"]),
            [
                "$.value[0]: `score` is a number, and `between` never compares it with text (wrong-kind)",
                "$.value[1]: `score` is a number, and `between` never compares it with text (wrong-kind)",
            ],
        ),
        (
            asked("score", "in", {"field": "firstName"}),
            ["$.value: `score` is a number, and `in` never compares it with text (wrong-kind)"],
        ),
        (
            asked("tags", "contains", 5),
            ["$.value: `tags` is a list, and `contains` never compares it with a number (wrong-kind)"],
        ),
        (
            asked("flags", "contains", "true"),
            ["$.value: `flags` is a list, and `contains` never compares it with text (wrong-kind)"],
        ),
        (
            asked("status", "contains", 5),
            ["$.value: `status` is text, and `contains` never compares it with a number (wrong-kind)"],
        ),
        (asked("status", "==", "New"), ['$.value: `status` is never "New"; did you mean `new`? (unknown-choice)']),
        (
            asked("status", "not_in", ["new", "lost"]),
            ['$.value[1]: `status` is never "lost"; possible are `new`, `qualified` (unknown-choice)'],
        ),
        (
            asked("status", "==", "LOST", ignoreCase=True),
            ['$.value: `status` is never "LOST"; possible are `new`, `qualified` (unknown-choice)'],
        ),
        (asked("level", "!=", 3), ["$.value: `level` is never 3; possible are `1`, `2` (unknown-choice)"]),
        (
            {"field": "score", "any": asked("@", "==", 1)},
            ["$.field: `score` is a number; `any` asks the items of a list (wrong-kind)"],
        ),
        (
            {"field": "tag", "any": asked("@", "==", 1)},
            ["$.field: unknown field `tag`; did you mean `tags`? (unknown-field)"],
        ),
        (
            {"field": "tags", "all": asked("@", "==", 1)},
            ["$.all.value: `the item` is text, and `==` never compares it with a number (wrong-kind)"],
        ),
        ({"field": "tags", "any": asked("name", "exists")}, ["$.any.field: unknown field `name` (unknown-field)"]),
        (
            {"field": "contacts", "none": {"or": [asked("nam", "exists")]}},
            ["$.none.or[0].field: unknown field `nam`; did you mean `name`? (unknown-field)"],
        ),
        (
            {"related": "activities", "where": asked("type", "==", "visit")},
            ['$.where.value: `type` is never "visit"; possible are `call`, `mail` (unknown-choice)'],
        ),
        (
            {"related": "activities", "aggregate": "sum", "of": "minute", "op": ">", "value": 1},
            ["$.of: unknown field `minute`; did you mean `minutes`? (unknown-field)"],
        ),
        (
            {"related": "activities", "op": ">", "value": {"field": "scor"}},
            ["$.value.field: unknown field `scor`; did you mean `score`? (unknown-field)"],
        ),
        (
            {"and": [{"not": {"related": "activities", "op": ">", "value": {"field": "scor"}}}]},
            ["$.and[0].not.value.field: unknown field `scor`; did you mean `score`? (unknown-field)"],
        ),
        (
            {"related": "activities", "op": ">", "value": {"field": "firstName"}},
            ["$.value: `number of activities` is a number, and `>` never compares it with text (wrong-kind)"],
        ),
        (
            {"all": [asked("score", ">", 1), {"none": [{"not": asked("zzz", "exists")}]}]},
            ["$.all[1].none[0].not.field: unknown field `zzz` (unknown-field)"],
        ),
    ],
)
def test_what_is_impossible_is_an_error_where_it_stands(data: Any, expected: list[str]) -> None:
    assert errors(data) == expected


def test_without_a_catalogue_there_are_no_errors() -> None:
    assert check_condition(read_condition(asked("zzz", "==", 1))) == Findings()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (asked("score", ">", 5), []),
        ({"and": []}, []),
        ({"or": [asked("a", "==", 1), {"and": []}]}, ["$: always holds (always-matches)"]),
        ({"or": []}, ["$: never holds (never-matches)"]),
        (asked("a", "in", []), ["$: `a is one of nothing` never holds (never-matches)"]),
        (asked("a", "not_in", []), ["$: always holds (always-matches)"]),
        (asked("a", "between", [5, 1]), ["$: `a is between 5 and 1` never holds (never-matches)"]),
        (asked("a", "<", ""), ['$: `a is less than ""` never holds (never-matches)']),
        (
            {"and": [asked("a", ">", 90), asked("b", "exists"), asked("a", "<", 50)]},
            ["$: never holds: `a is more than 90` and `a is less than 50` exclude each other (never-matches)"],
        ),
        (
            {"and": [asked("a", ">", 1), {"all": [asked("a", "<", 0), asked("a", "missing"), asked("a", "==", "x")]}]},
            [
                '$.and[1]: never holds: `a is less than 0` and `a is missing` and `a is "x"` '
                "exclude each other (never-matches)"
            ],
        ),
        (
            {"and": [{"and": [{"and": [asked("a", "in", [])]}]}]},
            ["$.and[0].and[0].and[0]: `a is one of nothing` never holds (never-matches)"],
        ),
        (
            {"or": [asked("b", "==", 1), {"and": [asked("a", "==", 1), asked("a", "==", 2)]}]},
            ["$.or[1]: never holds: `a is 1` and `a is 2` exclude each other (never-matches-in-part)"],
        ),
        (
            {"and": [asked("b", "==", 1), {"or": [asked("a", "exists"), asked("a", "missing")]}]},
            ["$.and[1]: always holds (always-matches-in-part)"],
        ),
        ({"and": [asked("b", "==", 1), {"and": []}]}, []),
        ({"and": [asked("a", "==", 1), {"not": asked("a", "==", 1)}]}, ["$: never holds (never-matches)"]),
        ({"not": {"or": [asked("a", "==", 1), asked("a", "!=", 1)]}}, ["$: never holds (never-matches)"]),
        ({"not": {"and": [asked("a", "==", 1), asked("a", "==", 2)]}}, ["$: always holds (always-matches)"]),
        (
            {"any": [asked("a", "==", 1), asked("b", "==", 1), asked("a", "eq", 1.0)]},
            ["$.any[2]: says the same as $.any[0] (duplicate-clause)"],
        ),
        (
            {"none": [asked("a", "==", 1), asked("a", "==", 1), asked("a", "==", 1)]},
            [
                "$.none[1]: says the same as $.none[0] (duplicate-clause)",
                "$.none[2]: says the same as $.none[0] (duplicate-clause)",
            ],
        ),
        (
            {"field": "x", "any": asked("@", "in", [])},
            ["$: `any of x` never holds (never-matches)"],
        ),
        (
            {"field": "x", "all": asked("@", "in", [])},
            ["$.all: `the item is one of nothing` never holds (never-matches-in-part)"],
        ),
        (
            {"field": "x", "any": {"or": [asked("@", "exists"), asked("@", "missing")]}},
            ["$.any: always holds (always-matches-in-part)"],
        ),
        (
            {"related": "tasks", "where": asked("a", "in", [])},
            ["$.where: `a is one of nothing` never holds (never-matches-in-part)"],
        ),
        ({"related": "tasks", "op": ">=", "value": 0}, ["$: always holds (always-matches)"]),
        (
            {"related": "tasks", "op": "<", "value": 0},
            ["$: `number of tasks is less than 0` never holds (never-matches)"],
        ),
        (
            {"and": [{"related": "tasks", "op": ">", "value": 2}, {"related": "tasks", "op": "<", "value": 3}]},
            [
                "$: never holds: `number of tasks is more than 2` and `number of tasks is less than 3` "
                "exclude each other (never-matches)"
            ],
        ),
        (
            {"and": [{"related": "tasks", "op": ">", "value": 2}, {"related": "activities", "op": "<", "value": 3}]},
            [],
        ),
    ],
)
def test_what_can_never_or_always_hold_is_a_warning(data: Any, expected: list[str]) -> None:
    assert warnings(data) == expected


def test_of_many_clauses_that_exclude_each_other_three_are_told() -> None:
    many = {"and": [asked("a", "==", number) for number in range(5)]}
    assert warnings(many) == ["$: never holds: `a is 0` and `a is 1` and `a is 2` exclude each other (never-matches)"]


def test_a_catalogue_says_more() -> None:
    catalogue = FieldCatalogue.of(
        {
            "status": Field(path="status", kind=Kind.TEXT, choices=("new", "won"), required=True),
            "items": Field(
                path="items", kind=Kind.LIST, items=FieldCatalogue.of({"@": Field(path="@", kind=Kind.TEXT)})
            ),
        },
        related={"tasks": FieldCatalogue.of({"done": Field(path="done", kind=Kind.BOOLEAN, required=True)})},
    )
    both = {"or": [asked("status", "==", "new"), asked("status", "==", "won")]}
    assert warnings(both) == []
    assert warnings(both, catalogue) == ["$: always holds (always-matches)"]
    assert warnings(asked("status", "exists"), catalogue) == ["$: always holds (always-matches)"]
    done = {"or": [asked("done", "==", True), asked("done", "==", False)]}
    assert warnings({"related": "tasks", "where": done}) == []
    assert warnings({"related": "tasks", "where": done}, catalogue) == [
        "$.where: always holds (always-matches-in-part)"
    ]
    text = {"or": [asked("@", ">=", ""), asked("@", "missing")]}
    assert warnings({"field": "items", "all": text}) == []
    assert warnings({"field": "items", "all": text}, catalogue) == ["$.all: always holds (always-matches-in-part)"]


def test_a_warning_that_follows_from_an_error_is_left_out() -> None:
    findings = check_condition(
        read_condition(
            {"or": [asked("status", "==", "lost"), {"and": [asked("score", ">", 2), asked("score", "<", 1)]}]}
        ),
        CATALOGUE,
        at="$.if",
    )
    assert [fault.path for fault in findings.errors] == ["$.if.or[0].value"]
    assert [fault.path for fault in findings.warnings] == ["$.if.or[1]"]


def test_findings_are_told_as_lines() -> None:
    findings = Findings(errors=(Fault(path="$.a", message="x"),), warnings=(Fault(path="$.b", message="y"),))
    assert str(findings) == "error    $.a: x\nwarning  $.b: y"
    assert str(Findings()) == "nothing found"
    assert [bool(each) for each in (findings, Findings(), Findings(warnings=findings.warnings))] == [True, False, True]
