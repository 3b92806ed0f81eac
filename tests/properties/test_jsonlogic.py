"""What holds of every rule of JSON Logic, and of every condition that is written as one."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leadkit.conditions import (
    JsonLogic,
    dump_condition,
    evaluate,
    explain_condition,
    from_jsonlogic,
    read_condition,
    to_jsonlogic,
)
from leadkit.conditions.jsonlogic.program import Program
from leadkit.errors import NotExpressible
from leadkit.testing.conditions import (
    AS_OF,
    condition_data,
    hostile_values,
    json_records,
    jsonlogic_rules,
    python_records,
)

if TYPE_CHECKING:
    from collections.abc import Callable

rules = jsonlogic_rules()
# Times and related records cannot be said in JSON Logic; the rest is what is drawn here.
native = condition_data(patterns=False, related=False, jsonlogic=False)


@given(rules, python_records() | hostile_values())
def test_a_rule_answers_true_or_false_for_whatever_python_can_hold(rule: Any, record: Any) -> None:
    condition = read_condition({"jsonlogic": rule})
    assert evaluate(condition, record, as_of=AS_OF) in (True, False)


@given(rules, python_records() | hostile_values())
def test_an_explanation_of_a_rule_answers_what_the_rule_does(rule: Any, record: Any) -> None:
    condition = read_condition({"jsonlogic": rule})
    trace = explain_condition(condition, record, as_of=AS_OF)
    assert trace.held is evaluate(condition, record, as_of=AS_OF)
    assert json.loads(json.dumps(trace.as_dict(), allow_nan=False))["held"] is trace.held


@given(rules, json_records())
def test_a_rule_changes_neither_itself_nor_its_record(rule: Any, record: Any) -> None:
    before = copy.deepcopy((rule, record))
    Program(rule).holds(record)
    assert (rule, record) == before


@given(rules)
def test_a_rule_is_written_back_as_it_was_read(rule: Any) -> None:
    condition = read_condition({"jsonlogic": rule})
    assert read_condition(dump_condition(condition)) == condition
    assert read_condition(json.loads(json.dumps(dump_condition(condition)))) == condition


# --- into native form -------------------------------------------------------------------------------------------------

PATHS = ("status", "score", "firstName", "properties.tags", "properties.team_size", "createdAt", "", "name", "current")
LITERALS = (None, True, False, 0, 1, 10, "", "new", "10", "2026-11-20", "New", 0.5)


def plausible_rules() -> st.SearchStrategy[Any]:
    """Draw rules as people write them: comparisons of fields with constants, joined, and asked of items."""
    paths = st.sampled_from(PATHS).map(lambda path: {"var": path})
    literals: st.SearchStrategy[Any] = st.sampled_from(LITERALS)
    others = literals | st.lists(literals, max_size=2) | paths
    names = st.sampled_from(("===", "!==", "==", "!=", "<", "<=", ">", ">=", "in"))
    compared = st.builds(
        lambda name, path, other, turned: {name: [other, path] if turned else [path, other]},
        *(names, paths, others, st.booleans()),
    )
    missing = st.lists(st.sampled_from(PATHS[:4]), max_size=2).map(lambda keys: {"missing": keys})
    leaves = compared | missing | paths | literals | st.just({"throw": "x"})

    def joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        many = st.builds(lambda name, items: {name: items}, st.sampled_from(("and", "or")), st.lists(inner, max_size=3))
        one = st.builds(lambda name, item: {name: [item]}, st.sampled_from(("!", "!!", "not")), inner)
        asked = st.builds(
            lambda name, path, item: {name: [path, item]}, st.sampled_from(("some", "all", "none")), paths, inner
        )
        return many | one | asked

    return st.recursive(leaves, joined, max_leaves=6)


@given(plausible_rules() | rules, json_records() | python_records())
def test_a_rule_in_native_form_answers_as_the_rule_does(rule: Any, record: Any) -> None:
    leaf = read_condition({"jsonlogic": rule})
    assert evaluate(from_jsonlogic(rule), record, as_of=AS_OF) is evaluate(leaf, record, as_of=AS_OF)


# --- and out of it ----------------------------------------------------------------------------------------------------


def written(condition: Any) -> Any:
    try:
        return to_jsonlogic(condition)
    except NotExpressible:
        assume(False)  # noqa: FBT003 - hypothesis asks for it by position
        raise


def as_lead(record: dict[str, Any]) -> dict[str, Any]:
    """Write a record as JSON has a lead: its fields in camelCase."""
    lead = {key: value for key, value in record.items() if key != "first_name"}
    name = record.get("first_name")
    return lead if name is None else {**lead, "firstName": name}


@given(native, json_records())
def test_a_condition_as_a_rule_answers_as_the_condition_does(data: Any, record: Any) -> None:
    condition = read_condition(data)
    rule, lead = written(condition), as_lead(record)
    expected = evaluate(condition, lead, as_of=AS_OF)
    assert Program(rule, root=False).value(lead) is expected
    assert evaluate(from_jsonlogic(rule), lead, as_of=AS_OF) is expected


def datalogic() -> Callable[[Any, Any], Any]:
    engine: Any = pytest.importorskip("datalogic_py", reason="datalogic-py is a judge, and no part of leadkit")
    return engine.apply


def panzi() -> Callable[[Any, Any], Any]:
    engine: Any = pytest.importorskip("json_logic.apply", reason="panzi-json-logic is a judge, and no part of leadkit")
    return engine.apply


@pytest.mark.parametrize("judge", [datalogic, panzi])
def test_a_condition_as_a_rule_answers_alike_in_another_engine(judge: Callable[[], Callable[[Any, Any], Any]]) -> None:
    answer = judge()

    @given(native, json_records())
    def agrees(data: Any, record: Any) -> None:
        condition = read_condition(data)
        rule, lead = written(condition), as_lead(record)
        assert answer(rule, lead) is evaluate(condition, lead, as_of=AS_OF)

    agrees()


def test_most_plausible_rules_are_not_left_as_they_were() -> None:
    """Lest the laws above hold of rules alone."""
    guarded = {"field": "score", "op": ">=", "value": 80}
    assert not isinstance(from_jsonlogic(to_jsonlogic(read_condition(guarded))), JsonLogic)
