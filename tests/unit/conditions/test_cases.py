"""The meaning of the language, as a table of facts: tests/cases/conditions.jsonl."""

from __future__ import annotations

import importlib.util
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadkit.conditions import (
    OPERATORS,
    compile_condition,
    dump_condition,
    evaluate,
    explain_condition,
    read_condition,
    read_condition_json,
)
from leadkit.conditions.operators import ALIASES
from leadkit.errors import MissingExtra

CASES = Path(__file__).parents[2] / "cases" / "conditions.jsonl"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HAS_RE2 = importlib.util.find_spec("re2") is not None

# What JSON cannot write stands in a case as an object with one key.
TAGS = {
    "$decimal": Decimal,
    "$float": float,
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
}


def untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [untagged(item) for item in value]
    if isinstance(value, dict):
        ((key, inner), *more) = value.items() or [("", None)]
        if not more and key in TAGS:
            return TAGS[key](inner)
        return {name: untagged(item) for name, item in value.items()}
    return value


FACTS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("fact", FACTS, ids=[f"{line}: {fact['says']}" for line, fact in enumerate(FACTS, 1)])
def test_a_condition_means_what_the_table_says(fact: dict[str, Any]) -> None:
    record, related = untagged(fact["record"]), untagged(fact.get("related", {}))
    as_of = datetime.fromisoformat(fact["as_of"]) if "as_of" in fact else NOW
    try:
        condition = read_condition(fact["condition"])
    except MissingExtra as missing:
        if HAS_RE2:
            raise
        pytest.skip(f"needs the extra `{missing.extra}`")

    assert evaluate(condition, record, related=related, as_of=as_of) is fact["expected"]
    assert compile_condition(condition).holds(record, related=related, as_of=as_of) is fact["expected"]
    assert explain_condition(condition, record, related=related, as_of=as_of).held is fact["expected"]
    assert read_condition(dump_condition(condition)) == condition
    assert read_condition_json(json.dumps(fact["condition"])) == condition


def used_operators() -> set[str]:
    used: set[str] = set()
    open_ = [fact["condition"] for fact in FACTS]
    while open_:
        node = open_.pop()
        if isinstance(node, dict):
            used |= {node["op"]} if "op" in node else set()
            open_.extend(node.values())
        elif isinstance(node, list):
            open_.extend(node)
    return used


def test_every_operator_and_every_alias_has_a_case() -> None:
    assert set(OPERATORS) | set(ALIASES) <= used_operators()


def test_every_operator_has_cases_that_hold_and_cases_that_fail() -> None:
    for name in OPERATORS:
        answers = {fact["expected"] for fact in FACTS if fact["condition"].get("op") == name}
        assert answers == {True, False}, name
