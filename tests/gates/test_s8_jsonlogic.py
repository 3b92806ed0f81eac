"""S8 for JSON Logic: whatever a rule asks of whatever data, it is refused, has failed or is answered in 50 ms.

As in `test_s8_rule_bombs.py`, time is asserted under `just gates` alone, by the processor's clock and as the best of
several.
"""

from __future__ import annotations

from typing import Any, Final

import pytest
from processor_time import FULL, measured

from leadkit.conditions import evaluate, read_condition, read_condition_json
from leadkit.errors import RuleErrors
from leadkit.testing.conditions import AS_OF

pytestmark = pytest.mark.gate

MANY: Final = 10**6 if FULL else 10**5

ITEM, SO_FAR = {"var": "current"}, {"var": "accumulator"}
SIXTY: Final = list(range(60))


def again_and_again(rule: Any, start: Any) -> dict[str, Any]:
    """Apply a rule to what it answered before, sixty times."""
    return {"reduce": [SIXTY, rule, start]}


def within_itself(levels: int, operation: str, rule: Any) -> Any:
    """Go through a list once for each of its items, for each of its items, and so on."""
    for _ in range(levels):
        rule = {operation: [SIXTY, rule]}
    return rule


def list_within_lists(levels: int) -> list[Any]:
    nested: list[Any] = ["x"]
    for _ in range(levels):
        nested = [nested]
    return nested


TEXT: Final = "a" * MANY
DATA: Final[dict[str, Any]] = {
    "text": TEXT,
    "same": TEXT[:-1] + "a",
    "other": TEXT[:-1] + "b",
    "texts": [TEXT] * 60,
    "digits": "9" * MANY,
    "blank": " " * MANY,
    "numbers": list(range(MANY)),
    "words": [f"word-{number}" for number in range(MANY)],
    "lists": [[1]] * MANY,
    "nested": list_within_lists(10_000),
    "also nested": list_within_lists(10_000),
    "object": {f"key {number}": number for number in range(MANY)},
}


def var(name: str) -> dict[str, str]:
    return {"var": name}


BOMBS: Final[dict[str, Any]] = {
    "text that doubles": again_and_again({"cat": [SO_FAR, SO_FAR]}, "x"),
    "a list that doubles": again_and_again({"merge": [SO_FAR, SO_FAR]}, [1]),
    "a list of lists that doubles": again_and_again({"merge": [[SO_FAR], [SO_FAR]]}, [1]),
    "a number that is squared": again_and_again({"*": [SO_FAR, SO_FAR]}, 10),
    "a number that doubles": again_and_again({"+": [SO_FAR, SO_FAR]}, 10**300),
    "sixty to the fifth": within_itself(5, "map", {"+": [1, 1]}),
    "sixty to the fifth, asked": within_itself(5, "all", {"!!": [1]}),
    "sixty to the fifth, none": within_itself(5, "none", {"!": [1]}),
    "sixty to the fifth, chosen": within_itself(5, "filter", {"!!": [1]}),
    "a long text from numbers": {"cat": [var("numbers")]},
    "a long text from lists": {"cat": [var("lists")]},
    "the length of nothing": {"==": [var("nested"), var("also nested")]},
    "nested lists as a number": {"+": [var("nested"), 1]},
    "nested lists as text": {"cat": [var("nested")]},
    "a million digits": {"+": [var("digits"), 1]},
    "a million digits compared": {"==": [var("digits"), 1]},
    "a million spaces": {"+": [var("blank"), 1]},
    "long texts, equal": {"==": [var("text"), var("same")]},
    "long texts, nearly equal": {"===": [var("text"), var("other")]},
    "long texts in order": {"<": [var("text"), var("other")]},
    "a text in a text": {"in": [var("other"), var("text")]},
    "a text in a text, sixty times": {"filter": [var("texts"), {"in": ["b", var("")]}]},
    "a text in a text, the slow way": {"in": ["a" * 1_000 + "b", var("text")]},
    "a word in a list": {"in": ["nothing", var("words")]},
    "a list in a list": {"in": [[1], var("lists")]},
    "the greatest of a million": {"max": var("numbers")},
    "the sum of a million": {"+": var("numbers")},
    "a million items": {"map": [var("numbers"), {"*": [var(""), 2]}]},
    "a million items in turn": {"reduce": [var("numbers"), {"+": [ITEM, SO_FAR]}, 0]},
    "all of a million": {"all": [var("numbers"), {">=": [var(""), 0]}]},
    "some of a million": {"some": [var("numbers"), {"<": [var(""), 0]}]},
    "merged": {"merge": [var("numbers"), var("numbers")]},
    "cut to pieces": {"map": [var("texts"), {"substr": [var(""), 0, -1]}]},
    "joined": {"reduce": [var("texts"), {"cat": [ITEM, SO_FAR]}, ""]},
    "a path with many dots": var("." * 10_000),
    "many paths": {"missing": [var("words")]},
    "many paths, some": {"missing_some": [1, var("words")]},
    "failing again and again": {"map": [SIXTY, {"try": [{"throw": "a"}, {"throw": "b"}, {"throw": "c"}, 1]}]},
    "too long, caught": {"try": [within_itself(5, "map", {"+": [1, 1]}), 1]},
    "too long, caught again and again": {"map": [SIXTY, {"try": [within_itself(5, "map", {"+": [1, 1]}), 1]}]},
    "an object as text": {"cat": [var("object")]},
    "objects, equal": {"==": [var("object"), var("object")]},
}


@pytest.mark.parametrize("rule", BOMBS.values(), ids=list(BOMBS))
def test_a_rule_is_answered_or_fails_in_time(rule: Any):
    condition, reading = measured(lambda: read_condition({"jsonlogic": rule}))
    answer, seconds = measured(lambda: evaluate(condition, DATA, as_of=AS_OF))
    print(f"read in {reading * 1000:.1f} ms, answered in {seconds * 1000:.1f} ms")  # noqa: T201 - what it is run for
    assert answer in (True, False)


@pytest.mark.parametrize(
    "text",
    [
        '{"jsonlogic":' + '{"!":' * 10_000 + "1" + "}" * 10_000 + "}",
        '{"jsonlogic":{"and":[' + ",".join(["1"] * 500_000) + "]}}",
        '{"jsonlogic":{"var":"' + "a" * 1_000_000 + '"}}',
    ],
    ids=["ten thousand levels", "half a million arguments", "a path of a million characters"],
)
def test_a_rule_of_no_measure_is_refused(text: str):
    assert isinstance(measured(lambda: read_condition_json(text))[0], RuleErrors)
