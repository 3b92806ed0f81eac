"""S8 for compiled rules: the largest rules and the largest leads are answered in time, and patterns by RE2 alone.

As in `test_s8_rule_bombs.py`, time is asserted under `just gates` alone, by the processor's clock and as the best of
several. A condition is compiled within it as well; what a whole ruleset takes, once, is printed:
`pytest -rP -m gate tests/gates/test_s8_compiled_rules.py`.
"""
# ruff: noqa: T201 - the times are what somebody runs it for

from __future__ import annotations

import json
import time

import pytest
from processor_time import FULL, MOST_SECONDS, measured

from leadkit.conditions import Limits, Vocabulary, compile_condition, evaluate, read_condition
from leadkit.scoring import Ruleset, compile_ruleset
from leadkit.scoring.reckoning import interpreted
from leadkit.testing.conditions import AS_OF

pytestmark = pytest.mark.gate

MANY = 10**6 if FULL else 10**4


# --- large leads ------------------------------------------------------------------------------------------------------

WORDS = [f"word-{number}" for number in range(MANY)]
NUMBERS = list(range(MANY))
RECORDS = [{"n": 1}] * MANY
NESTED = ["x"]
for _ in range(10_000):
    NESTED = [NESTED]

LARGE = {
    "contains": ({"field": "x", "op": "contains", "value": "nothing"}, {"x": WORDS}, False),
    "contains the last": ({"field": "x", "op": "contains", "value": WORDS[-1]}, {"x": WORDS}, True),
    "contains a number": ({"field": "x", "op": "contains", "value": -1}, {"x": NUMBERS}, False),
    "contains a fraction": ({"field": "x", "op": "contains", "value": 0.5}, {"x": NUMBERS}, False),
    "not_contains": ({"field": "x", "op": "not_contains", "value": "nothing"}, {"x": WORDS}, True),
    "in": ({"field": "y", "op": "in", "value": {"field": "x"}}, {"x": WORDS, "y": "nothing"}, False),
    "not_in": ({"field": "y", "op": "not_in", "value": {"field": "x"}}, {"x": NUMBERS, "y": -1}, True),
    "any": ({"field": "x", "any": {"field": "@", "op": "==", "value": "nothing"}}, {"x": WORDS}, False),
    "any of several": ({"field": "x", "any": {"field": "@", "op": "in", "value": ["a", "b"]}}, {"x": WORDS}, False),
    "all": ({"field": "x", "all": {"field": "@", "op": ">=", "value": 0}}, {"x": NUMBERS}, True),
    "none": ({"field": "x", "none": {"field": "@", "op": "<", "value": 0}}, {"x": NUMBERS}, True),
    "a list where a number is hoped for": ({"field": "x", "op": ">=", "value": 1}, {"x": NUMBERS}, False),
    "a list where a text is hoped for": ({"field": "x", "op": "in", "value": ["a"]}, {"x": WORDS}, False),
    "lists within each other": ({"field": "x", "op": "contains", "value": "x"}, {"x": NESTED}, False),
    "lists within each other, compared": ({"field": "x", "op": "==", "value": "x"}, {"x": NESTED}, False),
}


@pytest.mark.parametrize(("written", "record", "held"), LARGE.values(), ids=list(LARGE))
def test_a_lead_with_a_million_items_is_answered(written, record, held):
    condition = read_condition(written)
    answer = compile_condition(condition).at(AS_OF)
    found, seconds = measured(lambda: answer(record, {}))
    print(f"{seconds * 1000:.1f} ms")
    assert found is held
    assert evaluate(condition, record, as_of=AS_OF) is held


def test_a_million_related_records_are_gone_through_once():
    where = {"field": "n", "op": "==", "value": 2}
    asked = [{"related": "activities", "where": where, "op": ">=", "value": number} for number in range(1, 20)]
    answer = compile_condition(read_condition({"or": asked})).at(AS_OF)
    found, seconds = measured(lambda: answer({}, {"activities": RECORDS}), most=2 * MOST_SECONDS)
    print(f"{seconds * 1000:.1f} ms")
    assert found is False


# --- large rules ------------------------------------------------------------------------------------------------------


def wide(nodes):
    operators = [(">=", 10), ("contains", "x"), ("within", "30d"), ("==", "y"), ("between", [1, 2])]
    fields = [
        {"field": f"properties.f{number}", "op": op, "value": value}
        for number in range(nodes - 1)
        for op, value in [operators[number % len(operators)]]
    ]
    return {"or": fields}


def deep(levels, *, key="not"):
    condition = {"field": "a", "op": "==", "value": 1}
    for number in range(levels - 1):
        condition = {"not": condition} if number % 2 or key == "not" else {"or": [condition, {"and": []}, condition]}
    return condition


@pytest.mark.parametrize(
    ("condition", "vocabulary"),
    [
        (wide(500), Vocabulary()),
        (deep(32), Vocabulary()),
        (deep(14, key="or"), Vocabulary(limits=Limits(nodes=5_000))),
        (deep(100), Vocabulary(limits=Limits(depth=100))),
    ],
    ids=["500 nodes", "32 deep", "one thing again and again", "100 deep"],
)
def test_the_largest_condition_is_compiled_and_answered(condition, vocabulary):
    condition = read_condition(condition, vocabulary=vocabulary)

    def compiling():
        compiled = compile_condition(condition)
        return compiled, compiled.at(AS_OF)

    (compiled, answer), seconds = measured(compiling)
    print(f"compiled in {seconds * 1000:.1f} ms, {len(compiled.form.source):,} characters")
    for record in ({}, {"a": 1}, {"properties": {f"f{number}": 10 for number in range(500)}}):
        found, _ = measured(lambda record=record: answer(record, {}))
        assert found is evaluate(condition, record, as_of=AS_OF)


@pytest.mark.parametrize("clauses", [1, 3])
def test_a_thousand_rules_are_compiled_and_answered(clauses):
    rules = [
        {
            "name": f"rule {number}",
            "points": 1,
            "condition": {
                "and": [
                    {"field": f"properties.f{number * clauses + clause}", "op": ">=", "value": number}
                    for clause in range(clauses)
                ]
            },
        }
        for number in range(1_000 if FULL else 100)
    ]
    ruleset = Ruleset.model_validate({"rules": rules})
    begun = time.process_time()
    compiled = compile_ruleset(ruleset)
    card = compiled.card_at(AS_OF)
    print(
        f"{len(rules):,} rules of {clauses}: compiled in {(time.process_time() - begun) * 1000:.0f} ms,"
        f" {len(compiled.cards.source):,} characters"
    )
    for value in (None, 0, 50, 10**6):
        lead = {"properties": {f"f{number}": value for number in range(len(rules) * clauses)}}
        found, _ = measured(lambda lead=lead: card(lead, {}))
        assert found == interpreted(ruleset, ruleset.rules, lead, {}, AS_OF)


def test_a_ruleset_of_the_largest_document_is_compiled():
    clauses = [{"field": "a", "op": "==", "value": number} for number in range(490)]
    rules = [{"name": f"{number}", "points": 1, "condition": {"or": clauses}} for number in range(10)]
    text = json.dumps({"rules": rules}, separators=(",", ":"))
    assert len(text) < 256 * 1024
    ruleset = Ruleset.model_validate_json(text)
    begun = time.process_time()
    compiled = compile_ruleset(ruleset)
    score = compiled.score_at(AS_OF)
    print(f"compiled in {(time.process_time() - begun) * 1000:.0f} ms, {len(compiled.scores.source):,} characters")
    # All rules ask the same: it is answered once.
    assert compiled.scores.source.count(" == ") == 490
    assert (measured(lambda: score({"a": 489}))[0], measured(lambda: score({"a": 490}))[0]) == (10, 0)


# --- regular expressions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|aa)+$", "(.*a){20}", "(x+x+)+y"])
def test_a_hostile_pattern_is_searched_for_by_re2_alone(pattern):
    pytest.importorskip("re2", reason="needs the extra `regex`")
    condition = read_condition({"field": "x", "op": "matches", "value": pattern})
    compiled = compile_condition(condition)
    answer = compiled.at(AS_OF)
    text = "a" * 10_000 + "!"
    found, _ = measured(lambda: answer({"x": text}, {}))
    assert found is evaluate(condition, {"x": text}, as_of=AS_OF)
    assert pattern not in compiled.form.source
