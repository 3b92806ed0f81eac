from __future__ import annotations

import json

import pytest

pytest.importorskip("typer", reason="cli is an extra of leadkit")

from leadkit.scoring import rule_tests_schema, ruleset_schema

TESTS = {
    "asOf": "2026-11-24",
    "tests": [
        {"name": "a large team", "lead": {"properties": {"team_size": 12}}, "expected": {"score": 20}},
        {"name": "a webinar", "lead": {"source": "Webinar"}, "expected": {"points": {"webinar": 5.5}}},
    ],
}
WRONG = {"name": "[red]wrong", "lead": {}, "expected": {"matches": ["team"]}}


@pytest.fixture
def written(folder):
    def write(name, document):
        (folder / name).write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return name

    return write


def test_the_tests_of_a_ruleset_are_found_beside_it(leadkit, written):
    written("rules.tests.json", TESTS)
    done = leadkit("test", "rules.json")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == ["✓ a large team", "✓ a webinar", "rules.tests.json: 2 passed"]


def test_a_test_that_fails_says_why_and_ends_with_one(leadkit, written):
    written("other.json", {**TESTS, "tests": [*TESTS["tests"], WRONG]})
    done = leadkit("test", "rules.json", "other.json")
    assert done.code == 1
    assert done.out.splitlines()[2:] == [
        "✗ [red]wrong",
        "    team: expected a match, but it does not match",
        "      ✗ properties.team_size is at least 10   it is missing",
        "other.json: 2 passed, 1 failed",
    ]


def test_results_come_as_json_where_that_is_asked_for(leadkit, written):
    written("rules.tests.json", {**TESTS, "tests": [WRONG]})
    done = leadkit("test", "rules.json", "--json")
    assert done.code == 1
    assert (done.document["ok"], done.document["passed"], done.document["failed"]) == (False, 0, 1)
    assert done.document["tests"][0]["failures"][0]["subject"] == "team"


@pytest.mark.parametrize(
    ("tests", "message"),
    [
        ("{", "not JSON"),
        ({"asOf": "2026-11-24", "tests": [{"name": "x", "leed": {}}]}, "$.tests[0].leed"),
        ([WRONG], "needs `asOf`"),
    ],
)
def test_a_broken_tests_file_is_refused_with_its_name_and_the_place(leadkit, written, tests, message):
    written("rules.tests.json", tests)
    done = leadkit("test", "rules.json")
    assert (done.code, done.out) == (1, "")
    assert "rules.tests.json" in done.err
    assert message in done.err


def test_without_tests_there_is_nothing_to_run(leadkit):
    done = leadkit("test", "rules.json")
    assert done.code == 1
    assert "rules.tests.json" in done.err


def test_two_rulesets_are_compared_in_words(leadkit, written, folder):
    rules = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    rules["rules"][0]["points"] = 25
    written("new.json", rules)
    done = leadkit("diff", "rules.json", "new.json")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == ["rules: 1 changed", "~ team", "    points: +20 → +25"]
    assert leadkit("diff", "rules.json", "new.json", "--exit-code").code == 1
    assert leadkit("diff", "rules.json", "new.json", "--json").document["rules"][0]["rule"] == "team"


def test_equal_rulesets_have_no_difference(leadkit, written, folder):
    rules = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    rules["rules"][0]["condition"]["op"] = "gte"
    written("new.json", rules)
    done = leadkit("diff", "rules.json", "new.json", "--exit-code")
    assert (done.code, done.out) == (0, "no difference\n")


def test_the_faults_of_one_of_two_rulesets_name_its_file(leadkit, written):
    written("new.json", {"rules": [{"name": "a", "points": 1}]})
    done = leadkit("diff", "rules.json", "new.json")
    assert done.code == 1
    assert "new.json" in done.err
    assert "$.rules[0].condition" in done.err


def test_schemas_are_printed_for_editors(leadkit):
    assert leadkit("schema").document == json.loads(json.dumps(ruleset_schema()))
    assert leadkit("schema", "rules").document == json.loads(json.dumps(ruleset_schema()))
    assert leadkit("schema", "tests").document == json.loads(json.dumps(rule_tests_schema()))
    assert leadkit("schema", "condition").document["title"] == "Condition"
    assert leadkit("schema", "nonsense").code == 2


def test_a_check_may_take_warnings_for_faults(leadkit, written):
    written("idle.json", {"rules": [{"name": "idle", "points": 0, "condition": {"field": "source", "op": "exists"}}]})
    assert leadkit("check", "idle.json").code == 0
    assert leadkit("check", "idle.json", "--strict").code == 1
    done = leadkit("check", "idle.json", "--json", "--strict")
    assert done.code == 1
    (warning,) = done.document["warnings"]
    assert warning == {
        "path": "$.rules[0].points",
        "severity": "warning",
        "code": "no-points",
        "message": "this rule brings no points",
    }
    assert leadkit("check", "rules.json", "--strict").code == 0


def test_a_check_of_what_cannot_be_read_has_the_same_form(leadkit, written):
    written("bad.json", {"rules": [{"name": "a", "points": 1}]})
    done = leadkit("check", "bad.json", "--json")
    assert done.code == 1
    assert done.document == {
        "ok": False,
        "errors": [
            {
                "path": "$.rules[0].condition",
                "severity": "error",
                "code": "missing",
                "message": "required, but missing",
            }
        ],
        "warnings": [],
    }
