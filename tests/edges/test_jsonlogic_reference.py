"""JSON Logic to the letter: every case of the reference suite, where it is at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from leadkit.conditions import dump_condition, evaluate, read_condition
from leadkit.conditions.jsonlogic.program import Program
from leadkit.conditions.jsonlogic.values import truthy
from leadkit.testing.conditions import AS_OF

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / os.environ.get("LEADKIT_CONFORMANCE", "../shared/conformance") / "jsonlogic" / "tests.json"
MOST = 277

if not CASES.exists():
    pytest.skip(
        f"the reference suite is not at hand: there is no {CASES.name} below LEADKIT_CONFORMANCE",
        allow_module_level=True,
    )

SUITE = [case for case in json.loads(CASES.read_text(encoding="utf-8")) if not isinstance(case, str)]


def told_apart(value: Any) -> str:
    """Write a value so that true differs from 1, and 1 does not from 1.0."""
    return json.dumps(
        json.loads(
            json.dumps(value), parse_float=lambda text: int(float(text)) if float(text).is_integer() else float(text)
        )
    )


def test_the_suite_is_whole() -> None:
    assert len(SUITE) == MOST


@pytest.mark.parametrize("case", SUITE, ids=[str(number) for number in range(len(SUITE))])
def test_a_case_of_the_reference_is_answered_as_it_says(case: list[Any]) -> None:
    rule, data, expected = case
    for root in (False, True):
        assert told_apart(Program(rule, root=root).value(data)) == told_apart(expected)


@pytest.mark.parametrize("case", SUITE, ids=[str(number) for number in range(len(SUITE))])
def test_a_case_of_the_reference_is_a_condition_that_holds_where_its_value_counts(case: list[Any]) -> None:
    rule, data, expected = case
    condition = read_condition({"jsonlogic": rule})
    assert evaluate(condition, data, as_of=AS_OF) is truthy(expected)
    assert read_condition(dump_condition(condition)) == condition
