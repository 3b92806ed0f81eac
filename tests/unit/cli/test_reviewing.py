from __future__ import annotations

import json

import pytest

TEAM = {"name": "team", "points": 20, "condition": {"field": "properties.team_size", "op": ">=", "value": 10}}
WEBINAR = {"name": "webinar", "points": 5.5, "condition": {"field": "source", "op": "==", "value": "Webinar"}}
MORE = {"rules": [{**TEAM, "points": 30}, WEBINAR]}
TESTS = {
    "asOf": "2026-11-24",
    "tests": [{"name": "a webinar", "lead": {"source": "Webinar"}, "expected": {"score": 5.5}}],
}


@pytest.fixture
def written(folder):
    def write(name, document):
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
        return name

    return write


@pytest.fixture
def scored(filled):
    assert filled("score", "--rules", "rules.json").code == 0
    return filled


def test_a_review_says_what_differs_what_is_wrong_and_who_would_move(scored, written):
    done = scored("review", written("new.json", MORE))
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "against version 1",
        "rules: 1 changed",
        "~ team",
        "    points: +20 → +30",
        "",
        "check",
        "new.json: 2 rules, acceptable, 0 warnings",
        "",
        "your leads",
        "3 leads: 2 would change, 1 would not, 0 skipped",
        "score: 2 would rise, 0 would fall, 0 would get their first",
        "mean: 15.17 before, 21.83 after",
        "",
        "how they spread",
        "                 before  after",
        "high priority         0      0",
        "medium priority       3      3",
        "low priority          0      0",
        "score 0 to 5          1      1",
        "score 5 to 10         0      0",
        "score 10 to 15        0      0",
        "score 15 to 20        0      0",
        "score 20 to 25        1      0",
        "score 25 to 30        1      0",
        "score 30 to 35        0      1",
        "score 35 to 40        0      1",
        "",
        "the largest changes",
        "lead  before  after     ",
        "L-1     25.5   35.5  +10",
        "L-2       20     30  +10",
    ]


def test_a_review_writes_nothing(scored, written):
    scored("review", written("new.json", MORE))
    assert [lead["score"] for lead in scored("list", "--json", "--sort", "score").document] == [25.5, 20, 0]
    assert "by version 1 of the rules: 0 changed" in scored("score").words


def test_the_first_rules_are_reviewed_as_such(filled):
    lines = filled("review", "rules.json").out.splitlines()
    assert lines[:2] == ["the first rules", "rules: 2 added"]
    assert "score: 0 would rise, 0 would fall, 3 would get their first" in lines


def test_of_rules_that_change_nothing_no_tables_are_shown(scored):
    assert scored("review", "rules.json").out.splitlines() == [
        "against version 1",
        "no difference",
        "",
        "check",
        "rules.json: 2 rules, acceptable, 0 warnings",
        "",
        "your leads",
        "3 leads: 0 would change, 3 would not, 0 skipped",
        "score: 0 would rise, 0 would fall, 0 would get their first",
        "mean: 15.17 before, 15.17 after",
    ]


def test_tests_that_stand_beside_the_rules_are_run_with_the_review(scored, written):
    written("new.json", MORE)
    written("new.tests.json", TESTS)
    done = scored("review", "new.json")
    assert done.code == 0
    assert "tests\n✓ a webinar\nnew.tests.json: 1 passed\n" in done.out


def test_a_test_that_fails_ends_the_review_with_one(scored, written):
    tests = written(
        "other.json", {"asOf": "2026-11-24", "tests": [{"name": "none", "lead": {}, "expected": {"score": 1}}]}
    )
    done = scored("review", "rules.json", "--tests", tests)
    assert done.code == 1
    assert "✗ none" in done.out
    assert scored("review", "rules.json", "--tests", "missing.json").code == 1


def test_an_error_in_the_rules_ends_the_review_with_one_and_the_rest_is_told(scored, written):
    wrong = {**WEBINAR, "name": "wrong", "condition": {"field": "scorce", "op": "==", "value": 1}}
    done = scored("review", written("new.json", {"rules": [TEAM, WEBINAR, wrong]}))
    assert done.code == 1
    assert "$.rules[2].condition.field" in done.err
    assert "new.json: 3 rules, not acceptable, 0 warnings" in done.out
    assert "your leads" in done.out


def test_a_review_comes_as_json_where_that_is_asked_for(scored, written):
    document = scored("review", written("new.json", MORE), "--json").document
    assert (document["ok"], document["version"], document["tests"]) == (True, 1, None)
    assert document["difference"]["rules"][0]["verb"] == "changed"
    assert document["simulation"]["changed"] == 2
    written("new.tests.json", TESTS)
    assert scored("review", "new.json", "--json").document["tests"]["passed"] == 1


def test_a_file_that_cannot_be_read_is_named(scored):
    done = scored("review", "nothing.json")
    assert done.code == 1
    assert "cannot read nothing.json" in done.err
