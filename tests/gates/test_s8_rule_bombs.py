"""S8: rule bombs and regular expressions are refused, or done, in 50 ms; no pattern of a user reaches `re`.

The time is asserted under `just gates` alone, by the processor's clock and as the best of five: a loaded machine is no
defect.
"""

from __future__ import annotations

import json

import pytest
from processor_time import measured

from leadkit.conditions import evaluate, read_condition, read_condition_json
from leadkit.errors import RuleErrors
from leadkit.testing.conditions import AS_OF

pytestmark = pytest.mark.gate


TEXTS = {
    "ten thousand lists": "[" * 10_000 + "]" * 10_000,
    "ten thousand conditions": '{"not":' * 10_000 + '{"and":[]}' + "}" * 10_000,
    "a million brackets": "[" * 1_000_000,
    "ten megabytes of nothing": " " * 10_000_000,
    "ten megabytes of text": json.dumps({"field": "x" * 10_000_000, "op": "exists"}),
    "a million items": json.dumps({"field": "a", "op": "in", "value": [1] * 1_000_000}),
    "very many empty lists": '{"and":[' + ",".join(["[]"] * 85_000) + "]}",
    "very many empty texts": "[" + ",".join(["[" + ",".join(['""'] * 950) + "]"] * 90) + "]",
    "the same key again and again": "{" + ",".join(['"a":1'] * 40_000) + "}",
    "a text that never ends": '["' + '\\"' * 130_000,
    "a number of 200,000 digits": "9" * 200_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_a_bomb_of_text_is_refused(text):
    assert isinstance(measured(lambda: read_condition_json(text))[0], RuleErrors)


def doubling():
    bomb = {"and": []}
    for _ in range(40):
        bomb = {"and": [bomb, bomb]}
    return bomb


def endless():
    bomb = {}
    bomb["not"] = bomb
    return bomb


@pytest.mark.parametrize(
    "bomb", [doubling(), endless(), {"and": [{"and": []}] * 1_000_000}], ids=["doubling", "endless", "wide"]
)
def test_a_bomb_made_in_python_is_refused(bomb):
    assert isinstance(measured(lambda: read_condition(bomb))[0], RuleErrors)


PATTERNS = [
    "^(a+)+$",
    "(a|aa)+$",
    "(.*a){20}",
    "((a{50}){50}){50}",
    r"(\pL+)+$",
    "(?:.{0,500}){2}",
    "(x+x+)+y",
    "a{1000}",
    "(" * 250,
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_hostile_pattern_is_refused_or_done(pattern):
    pytest.importorskip("re2", reason="needs the extra `regex`")
    outcome, _ = measured(lambda: read_condition({"field": "a", "op": "matches", "value": pattern}))
    if not isinstance(outcome, RuleErrors):
        text = "a" * 10_000 + "!"
        assert measured(lambda: evaluate(outcome, {"a": text}, as_of=AS_OF))[0] in (True, False)


def test_twenty_patterns_at_their_largest_are_read_in_time():
    pytest.importorskip("re2", reason="needs the extra `regex`")
    clauses = [{"field": "a", "op": "matches", "value": "[a-zäöü]{1,40}" * 30 + str(number)} for number in range(20)]
    assert measured(lambda: read_condition({"and": clauses}))[0] is not None
