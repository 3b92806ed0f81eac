"""Compiled rules answer by themselves, and not because the reference interpreter stands behind them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from unaided import EACH_FORM, GaveUp, unaided

from leadkit.conditions import Condition, compile_condition, evaluate, read_condition
from leadkit.conditions.compiling.writing import Scope
from leadkit.testing.conditions import AS_OF, conditions, json_records, related_records


@EACH_FORM
@given(condition=conditions(patterns=False), record=json_records(), related=related_records())
def test_each_form_of_a_condition_answers_every_json_record_by_itself(
    condition: Condition, record: dict[str, Any], related: dict[str, Any], *, hopeful: bool
) -> None:
    with unaided(hopeful=hopeful):
        found = compile_condition(condition).holds(record, related=related, as_of=AS_OF)
    assert found is evaluate(condition, record, related=related, as_of=AS_OF)


@EACH_FORM
@pytest.mark.parametrize("broken", ["1 + None", "no_such_name", "record.no_such_attribute"])
def test_a_form_that_cannot_answer_is_noticed(monkeypatch: pytest.MonkeyPatch, broken: str, *, hopeful: bool) -> None:
    monkeypatch.setattr(Scope, "condition", lambda *_: broken)
    condition = compile_condition(read_condition({"field": "a", "op": "exists"}))
    with unaided(hopeful=hopeful), pytest.raises(GaveUp):
        condition.holds({"a": 1}, as_of=AS_OF)
