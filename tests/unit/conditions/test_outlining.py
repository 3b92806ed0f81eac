# ruff: noqa: E501 - one fact a line, however long
from __future__ import annotations

import json
from typing import Any

import pytest

from leadkit.conditions import read_condition
from leadkit.conditions.outlining import outline, outline_changes

NEW = {"field": "status", "op": "==", "value": "new"}
TEAM = {"field": "team", "op": ">=", "value": 10}
CALL = {"field": "type", "op": "==", "value": "call"}


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (TEAM, ["team is at least 10"]),
        ({"and": []}, ["all of"]),
        ({"and": [NEW, {"or": [TEAM]}]}, ["all of", '  status is "new"', "  any of", "    team is at least 10"]),
        ({"not": NEW}, ["not", '  status is "new"']),
        ({"none": [NEW, TEAM]}, ["none of", '  status is "new"', "  team is at least 10"]),
        ({"not": {"and": [NEW]}}, ["not", "  all of", '    status is "new"']),
        ({"field": "tags", "any": {"and": [CALL]}}, ["any of tags", "  all of", '    type is "call"']),
        ({"related": "tasks"}, ["number of tasks is at least 1"]),
        (
            {"related": "tasks", "where": {"not": CALL}},
            ["number of matching tasks is at least 1", "  where not", '    type is "call"'],
        ),
    ],
)
def test_a_condition_is_said_one_line_a_clause(written: Any, lines: list[str]) -> None:
    assert outline(read_condition(written)) == lines


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (TEAM, {"field": "team", "op": "gte", "value": 10.0}, []),
        ({"and": [NEW, TEAM]}, {"all": [TEAM, NEW]}, []),
        (TEAM, {**TEAM, "value": 20}, ["- team is at least 10", "+ team is at least 20"]),
        (TEAM, {"and": [TEAM, NEW]}, ["- team is at least 10", "+ all of", "+   team is at least 10", '+   status is "new"']),
        (
            {"and": [NEW, TEAM]},
            {"and": [NEW, CALL]},
            ["  all of", '    status is "new"', "-   team is at least 10", '+   type is "call"'],
        ),
        ({"and": [NEW, TEAM]}, {"and": [NEW]}, ["  all of", '    status is "new"', "-   team is at least 10"]),
    ],
)  # fmt: skip
def test_what_differs_is_marked_line_by_line(old: Any, new: Any, lines: list[str]) -> None:
    assert outline_changes(read_condition(old), read_condition(new)) == lines


def test_where_the_words_are_the_same_the_difference_is_told_as_json() -> None:
    old = {"field": "a", "op": "in", "value": [*"abcdeé"]}
    new = {"field": "a", "op": "in", "value": [*"abcdex"]}
    lines = outline_changes(read_condition(old), read_condition(new))
    assert lines == [f"- {json.dumps(old)}", f"+ {json.dumps(new)}"]
    assert lines[0].isascii()
