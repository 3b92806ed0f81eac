"""The plugin as a project has it: pytest itself, run on files in a folder of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest_plugins = ["pytester"]

RULES = {"rules": [{"name": "team", "points": 20, "condition": {"field": "team", "op": ">=", "value": 10}}]}
TESTS = {
    "asOf": "2026-11-24",
    "tests": [
        {"name": "twelve are a large team", "lead": {"team": 12}, "expected": {"score": 20}},
        {"name": "nine are none", "lead": {"team": 9}, "expected": {"doesNotMatch": ["team"]}},
    ],
}


@pytest.fixture
def ran(pytester: pytest.Pytester) -> Any:
    def run(*arguments: str, **files: Any) -> pytest.RunResult:
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            path = pytester.path / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:randomly", *arguments)

    return run


def test_each_test_of_a_file_is_an_item(ran: Any) -> None:
    done = ran("-v", rules_json=RULES, rules_tests_json=TESTS)
    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(["rules.tests.json::twelve are a large team PASSED*"])
    ran("-k", "large").assert_outcomes(passed=1, deselected=1)
    ran("rules.tests.json::nine are none").assert_outcomes(passed=1)


def test_a_failure_says_what_was_expected_and_what_was_seen(ran: Any) -> None:
    wrong = [
        {"name": "nine are large", "lead": {"team": 9}, "expected": {"matches": ["team"], "score": 20}},
    ]
    done = ran(rules_json=RULES, rules_tests_json={**TESTS, "tests": wrong})
    done.assert_outcomes(failed=1)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.stdout.fnmatch_lines(
        [
            "*rule test: nine are large*",
            "✗ nine are large",
            "    score: expected 20, but it is 0 (no rule matches)",
            "    team: expected a match, but it does not match",
            "      ✗ team is at least 10   saw 9",
        ]
    )
    assert "Traceback" not in done.stdout.str()
    assert "trying.py" not in done.stdout.str()


def test_a_file_may_name_its_rules_and_stand_beside_them_under_any_prefix(ran: Any) -> None:
    done = ran(
        rules_json=RULES,
        sub__fit_rules_tests_json={**TESTS, "rules": "../rules.json"},
        b2b_rules_json=RULES,
        b2b_rules_tests_json=TESTS,
    )
    done.assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"rules_json": RULES, "rules_tests_json": "{"}, "*rules.tests.json: *: not JSON: *line 1, column 2*"),
        (
            {"rules_json": RULES, "rules_tests_json": {**TESTS, "tests": [{"name": "x", "leed": {}}]}},
            "*$.tests[[]0].leed: unknown key; did you mean `lead`?*",
        ),
        ({"rules_tests_json": TESTS}, "*rules.json: No such file or directory*"),
        (
            {"rules_json": {"rules": [{"name": "a", "points": 1}]}, "rules_tests_json": TESTS},
            "*rules.json: $.rules[[]0].condition: required, but missing*",
        ),
    ],
)
def test_what_cannot_be_read_is_an_error_of_collection_with_its_place(ran: Any, files: Any, told: str) -> None:
    done = ran(**files)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines([told])
    assert "Traceback" not in done.stdout.str()


def test_json_files_of_others_are_left_alone(ran: Any) -> None:
    done = ran(
        package_json={},
        other_tests_json="no JSON at all",
        rules_json=RULES,
        rules_tests_json_bak=TESTS,
    )
    assert done.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_project_says_itself_which_files_are_rule_tests(ran: Any, pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nleadkit_rule_tests = scoring*.json\n")
    named = {**TESTS, "rules": "rules.json"}
    done = ran(rules_json=RULES, rules_tests_json="not looked at", scoring_a_json=named)
    done.assert_outcomes(passed=2)
    pytester.makeini("[pytest]\nleadkit_rule_tests =\n")
    assert ran(rules_tests_json="not looked at").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_rule_language_is_not_imported_before_there_is_such_a_file(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing_is_imported_that_is_not_needed():
            assert "leadkit.testing.rule_tests" not in sys.modules
            assert "leadkit.scoring" not in sys.modules
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_an_error_that_is_none_of_the_tests_keeps_its_traceback(ran: Any) -> None:
    conftest = """
import leadkit.testing.rule_tests

def broken(*_):
    raise RuntimeError("out of order")

leadkit.testing.rule_tests.run_rule_test = broken
"""
    done = ran(conftest_py=conftest, rules_json=RULES, rules_tests_json=TESTS)
    done.assert_outcomes(failed=2)
    done.stdout.fnmatch_lines(["*RuntimeError: out of order*"])
