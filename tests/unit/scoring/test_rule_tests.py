# ruff: noqa: E501 - one fact a line, however long
from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.errors import InvalidInput
from leadkit.scoring import RuleTests

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ONE: dict[str, Any] = {"name": "one", "lead": {}, "expected": {"score": 0}}


def faults(data: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        RuleTests.read(data)
    return [f"{fault.path}: {fault.message}" for fault in caught.value.faults]


def test_tests_are_read_in_either_style() -> None:
    data = {
        "rules": "rules.json",
        "as_of": "2026-11-24T12:00:00Z",
        "description": "why",
        "tests": [
            {
                "name": "one",
                "lead": {"firstName": "Al"},
                "related": {"tasks": []},
                "asOf": "2026-01-01",
                "rules": ["a"],
                "expected": {"doesNotMatch": ["a"], "matches": ["b"], "points": {"a": 2.5}, "priority": "high"},
            },
            {"name": "two", "lead": {}, "expected": {"does_not_match": [], "score": 1}},
        ],
    }
    tests = RuleTests.read(data)
    one, two = tests.tests
    assert (tests.rules, tests.description) == ("rules.json", "why")
    assert tests.moment(one) == datetime(2026, 1, 1, tzinfo=UTC)
    assert tests.moment(two) == NOW
    assert one.rules == ("a",)
    assert two.rules is None
    assert (one.related, two.related) == ({"tasks": []}, {})
    assert (one.expected.matches, one.expected.does_not_match) == (("b",), ("a",))
    assert one.expected.points == {"a": 2.5}
    assert one.expected.score is None
    assert RuleTests.read(tests.model_dump(mode="json")) == tests
    assert RuleTests.read_json(json.dumps(data)) == tests


def test_what_holds_no_tests_is_refused_by_its_type() -> None:
    with pytest.raises(InvalidInput) as caught:
        RuleTests.read(7)
    assert [fault.code for fault in caught.value.faults] == ["wrong-type"]


def test_a_list_of_tests_is_read_too() -> None:
    tests = [{**ONE, "asOf": "2026-11-24"}]
    assert RuleTests.read(tests) == RuleTests.read({"tests": tests}) == RuleTests.read(tuple(tests))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (7, ["$: expected an object with `tests`, or a list of them"]),
        ("x", ["$: expected an object with `tests`, or a list of them"]),
        ({}, ["$.tests: required, but missing"]),
        (
            {"asOf": "2026-11-24", "tests": [{"name": "one", "leads": {}, "expected": {"score": 0.001}}]},
            [
                "$.tests[0].lead: required, but missing",
                "$.tests[0].expected.score: points have at most two decimals",
                "$.tests[0].leads: unknown key; did you mean `lead`?",
            ],
        ),
        (
            {"asOf": "2026-11-24", "tests": [{**ONE, "expected": {}}]},
            ["$.tests[0].expected: expects nothing; expected `score`, `points`, `matches`, `doesNotMatch` or `priority`"],
        ),
        (
            {"asOf": "2026-11-24", "tests": [{**ONE, "expected": {"matched": ["a"]}}]},
            ["$.tests[0].expected.matched: unknown key; did you mean `matches`?"],
        ),
        (
            {"asOf": "soon", "tests": []},
            ["$.asOf: expected a date-time with a time zone, such as 2026-11-24T09:00:00Z"],
        ),
        (
            [ONE],
            ["$: tests[0] needs `asOf`, of its own or for all of them, such as 2026-11-24T09:00:00Z"],
        ),
        (
            {"asOf": "2026-11-24", "tests": [ONE, {**ONE, "name": "two"}, ONE]},
            ["$: tests[2] has the name of tests[0]; each name stands once"],
        ),
    ],
)  # fmt: skip
def test_every_fault_has_its_place(data: Any, told: list[str]) -> None:
    assert faults(data) == told


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("{", "$", "not-json"),
        (b"\xff", "$", "not-utf-8"),
        ('{"tests": [], "tests": []}', "$.tests", "repeated-key"),
        ("[" * 10_000, "$", "too-deep"),
        (f'{{"description": "{"x" * 9_000_000}", "tests": []}}', "$", "too-large"),
    ],
)
def test_hostile_text_is_refused_with_its_place(text: Any, path: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        RuleTests.read_json(text)
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [(path, code)]


def test_many_tests_fit_into_one_file() -> None:
    many = [{**ONE, "name": f"test {number}"} for number in range(5_000)]
    assert len(RuleTests.read_json(json.dumps({"asOf": "2026-11-24", "tests": many})).tests) == 5_000
