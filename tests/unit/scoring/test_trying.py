from __future__ import annotations

import json
from typing import Any

import pytest

from leadkit.scoring import Ruleset, RuleTestReport, RuleTests, run_rule_tests

RULES = Ruleset.model_validate(
    {
        "rules": [
            {
                "name": "team",
                "points": 1020,
                "group": "fit",
                "condition": {"field": "team", "op": ">=", "value": 10},
            },
            {"name": "plan", "points": -5.5, "condition": {"field": "plan", "op": "==", "value": "pro"}},
            {"name": "off", "points": 7, "enabled": False, "condition": {"field": "team", "op": "exists"}},
            {"name": "seen", "points": 3, "condition": {"related": "activities", "within": "7d"}},
        ],
        "caps": {"fit": {"max": 1000}},
        "bands": [{"min": 500, "priority": "high"}],
    }
)
LARGE = {"team": 12}


def ran(expected: Any, lead: Any = LARGE, **more: Any) -> RuleTestReport:
    test = {"name": "the test", "lead": lead, "expected": expected, **more}
    return run_rule_tests(RULES, RuleTests.read({"asOf": "2026-11-24T12:00:00Z", "tests": [test]}))


@pytest.mark.parametrize(
    ("expected", "more"),
    [
        ({"score": 1000}, {}),
        ({"score": 1000.0, "priority": "high", "matches": ["team"], "doesNotMatch": ["plan", "off", "seen"]}, {}),
        ({"points": {"team": 1020, "cap: fit": -20, "plan": 0, "off": 0, "floor: total": 0}}, {}),
        ({"score": 0, "doesNotMatch": ["team"]}, {"lead": {"team": 9}}),
        ({"score": -5.5}, {"lead": {"team": 12, "plan": "pro"}, "rules": ["plan"]}),
        ({"points": {"seen": 3}}, {"related": {"activities": [{"at": "2026-11-20"}]}}),
        ({"points": {"seen": 0}}, {"related": {"activities": [{"at": "2026-11-20"}]}, "asOf": "2026-12-24"}),
        ({"priority": None, "matches": []}, {"lead": {}}),
    ],
)
def test_what_is_as_expected_passes(expected: Any, more: Any) -> None:
    report = ran(expected, **more)
    assert str(report) == "✓ the test\n1 passed"
    assert report.ok
    assert report.failed == ()
    assert report.as_dict() == {
        "ok": True,
        "passed": 1,
        "failed": 0,
        "tests": [{"name": "the test", "passed": True, "failures": []}],
    }


@pytest.mark.parametrize(
    ("expected", "more", "told"),
    [
        ({"score": 1020}, {}, ["score: expected 1,020, but it is 1,000 (team +1,020, cap: fit -20)"]),
        ({"score": 7}, {"lead": {}}, ["score: expected 7, but it is 0 (no rule matches)"]),
        ({"priority": "low"}, {}, ["priority: expected low, but it is high"]),
        ({"priority": "low"}, {"lead": {}}, ["priority: expected low, but no band is reached"]),
        (
            {"points": {"team": 20, "plan": -5.5, "cap: fit": 0}},
            {},
            [
                "team: expected +20, but it brings +1,020",
                "  ✓ team is at least 10   saw 12",
                "plan: expected -5.5, but it brings 0",
                '  ✗ plan is "pro"   it is missing',
                "cap: fit: expected 0, but it brings -20",
            ],
        ),
        (
            {"matches": ["team", "plan"], "doesNotMatch": ["team"]},
            {},
            [
                "plan: expected a match, but it does not match",
                '  ✗ plan is "pro"   it is missing',
                "team: expected no match, but it matches",
                "  ✓ team is at least 10   saw 12",
            ],
        ),
        ({"matches": ["off"]}, {}, ["off: expected a match, but it is off", "  ✓ team is known   saw 12"]),
        (
            {"matches": ["team"]},
            {"rules": ["plan"]},
            ["team: expected a match, but it is not asked for", "  ✓ team is at least 10   saw 12"],
        ),
        (
            {"score": 5, "points": {"taem": 1, "cap: x": 2}, "matches": ["plam"], "doesNotMatch": ["plam", "zzz"]},
            {"rules": ["tea"]},
            [
                "tea: expected a rule, but there is none of that name; did you mean `team`?",
                "taem: expected a rule, but there is none of that name; did you mean `team`?",
                "cap: x: expected a rule, but there is none of that name",
                "plam: expected a rule, but there is none of that name; did you mean `plan`?",
                "zzz: expected a rule, but there is none of that name; possible are `off`, `plan`, `seen`, `team`",
            ],
        ),
    ],
)
def test_what_is_not_as_expected_is_told_with_what_was_seen(expected: Any, more: Any, told: list[str]) -> None:
    report = ran(expected, **more)
    lines = str(report).splitlines()
    assert lines[0] == "✗ the test"
    assert lines[-1] == "0 passed, 1 failed"
    if "cap: x" in expected.get("points", {}):
        lines[3] = lines[3].partition(";")[0]
    assert lines[1:-1] == [f"    {line}" for line in told]
    assert not report.ok
    assert report.failed == report.results


def test_a_report_counts_and_is_plain_json() -> None:
    tests = [
        {"name": "good", "lead": LARGE, "expected": {"score": 1000}},
        {"name": "bad\n", "lead": {}, "expected": {"matches": ["team"]}},
        {"name": "worse", "lead": {}, "expected": {"score": 1}},
    ]
    report = run_rule_tests(RULES, RuleTests.read({"asOf": "2026-11-24", "tests": tests}))
    assert report.summary == "1 passed, 2 failed"
    plain = report.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert (plain["ok"], plain["passed"], plain["failed"]) == (False, 1, 2)
    assert plain["tests"][1] == {
        "name": "bad\n",
        "passed": False,
        "failures": [
            {
                "subject": "team",
                "expected": "a match",
                "found": "it does not match",
                "why": "✗ team is at least 10   it is missing",
            }
        ],
    }
    assert "✗ bad\\u000a" in str(report)
    assert run_rule_tests(RULES, RuleTests.read([])).ok
