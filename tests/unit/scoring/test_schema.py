from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from leadkit.conditions import OPERATORS, condition_schema, read_condition
from leadkit.errors import RuleErrors
from leadkit.scoring import Ruleset, RuleTests, rule_tests_schema, ruleset_schema
from leadkit.testing.conditions import condition_data

if TYPE_CHECKING:
    from collections.abc import Callable

FULL: dict[str, Any] = {
    "name": "rules",
    "rules": [
        {
            "name": "team",
            "points": 0.07,
            "group": "fit",
            "enabled": True,
            "description": "why",
            "condition": {"and": [{"field": "team", "op": "gte", "value": 10}, {"field": "a", "op": "exists"}]},
        },
        {"name": "seen", "points": -5, "condition": {"related": "activities"}, "decay": {"halfLife": "30d"}},
    ],
    "caps": {"fit": {"max": 30.5}},
    "total": {"min": 0, "max": 100},
    "bands": [{"min": 0, "priority": "low"}],
}


@functools.cache
def validator(kind: Callable[[], dict[str, Any]]) -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="a validator of JSON Schema judges")
    schema = kind()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def faults(kind: Callable[[], dict[str, Any]], data: Any) -> list[str]:
    return [error.json_path for error in validator(kind).iter_errors(data)]


def test_the_schema_accepts_a_ruleset_with_everything_in_it() -> None:
    Ruleset.model_validate(FULL)
    assert faults(ruleset_schema, FULL) == []
    assert faults(ruleset_schema, Ruleset.model_validate(FULL).model_dump(mode="json")) == []


@pytest.mark.parametrize("name", OPERATORS)
def test_the_schema_accepts_the_example_of_every_operator(name: str) -> None:
    condition = dict(OPERATORS[name].example)
    assert faults(ruleset_schema, {"rules": [{"name": "r", "points": 1, "condition": condition}]}) == []


@given(condition_data(patterns=False))
def test_the_schema_accepts_every_condition_that_is_accepted(condition: Any) -> None:
    read_condition(condition)
    assert faults(ruleset_schema, {"rules": [{"name": "r", "points": 1, "condition": condition}]}) == []
    assert faults(condition_schema, condition) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"bnads": []}, "$"),
        ({"total": {"max": "100"}}, "$.total"),
        ({"bands": [{"min": 0, "priority": "urgent"}]}, "$.bands[0].priority"),
        ({"rules": [{"name": "a", "points": 1}]}, "$.rules[0]"),
        ({"rules": [{"name": "", "points": 1, "condition": {"and": []}}]}, "$.rules[0].name"),
        (
            {"rules": [{"name": "a", "points": 1, "condition": {"field": "a", "op": "=>", "value": 1}}]},
            "$.rules[0].condition",
        ),
        ({"rules": [{"name": "a", "points": 1, "condition": {"field": "a", "op": ">"}}]}, "$.rules[0].condition"),
        (
            {"rules": [{"name": "a", "points": 1, "condition": {"and": [{"not": {"feld": "a"}}]}}]},
            "$.rules[0].condition",
        ),
    ],
)
def test_the_schema_marks_what_is_refused(change: dict[str, Any], path: str) -> None:
    with pytest.raises(RuleErrors):
        Ruleset.model_validate({**FULL, **change})
    assert faults(ruleset_schema, {**FULL, **change}) == [path]


def test_every_key_says_what_it_means() -> None:
    schema = ruleset_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "Ruleset"
    assert schema["description"] == "Everything that a score is computed by."
    parts = [schema, *(schema["$defs"][name] for name in ("ScoringRule", "Band", "Limits", "Decay"))]
    for part in parts:
        assert all(member.get("description") for member in part["properties"].values()), part["title"]
    rule = schema["$defs"]["ScoringRule"]["properties"]
    assert rule["name"]["description"] == "Unique in its ruleset; the name of its line in the breakdown."
    assert rule["condition"] == {"$ref": "#/$defs/condition", "description": "When it matches."}
    assert (
        schema["$defs"]["Decay"]["properties"]["halfLife"]["description"]
        == "The age at which half of the points is left."
    )
    assert "title" not in rule["name"]
    assert schema["$defs"]["Band"]["title"] == "Band"
    text = json.dumps(schema)
    assert "multipleOf" not in text
    assert ">>>" not in text
    assert "Attributes" not in text


TESTS: dict[str, Any] = {
    "rules": "rules.json",
    "asOf": "2026-11-24T12:00:00Z",
    "tests": [
        {
            "name": "one",
            "lead": {"title": "x", "properties": {"a": 1}},
            "related": {"tasks": []},
            "expected": {"score": 0.07, "points": {"a": 1}, "matches": ["a"], "doesNotMatch": ["b"], "priority": "low"},
        }
    ],
}


def test_the_schema_of_tests_accepts_what_is_accepted_and_marks_what_is_not() -> None:
    RuleTests.read(TESTS)
    schema = rule_tests_schema()
    assert faults(rule_tests_schema, TESTS) == []
    assert faults(rule_tests_schema, {**TESTS, "test": []}) == ["$"]
    assert faults(rule_tests_schema, {"tests": [{"name": "one", "lead": {}}]}) == ["$.tests[0]"]
    assert schema["title"] == "RuleTests"
    assert schema["$defs"]["Expected"]["properties"]["doesNotMatch"]["description"] == "The names of rules that do not."
