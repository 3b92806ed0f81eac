"""What holds of every condition and every record, whatever they are."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.conditions import (
    OPERATORS,
    And,
    Comparison,
    Not,
    Or,
    canonical,
    collect,
    dump_condition,
    equivalent,
    evaluate,
    explain_condition,
    fields_of,
    fingerprint_of,
    read_condition,
    read_condition_json,
    related_needs,
)
from leadkit.conditions.json_text import load_json
from leadkit.conditions.operators import OPPOSITES
from leadkit.errors import Fault, RuleErrors
from leadkit.testing.conditions import (
    AS_OF,
    condition_data,
    conditions,
    hostile_values,
    json_records,
    json_values,
    moments,
    python_records,
    related_records,
)
from leadkit.values.json import canonical_json

# `matches` needs its extra, and has its own tests.
data = condition_data(patterns=False)
native = conditions(patterns=False)


@given(native, json_records(), related_records(), moments())
def test_evaluation_answers_true_or_false_for_every_json_record(
    condition: Any, record: Any, related: Any, as_of: datetime
) -> None:
    assert evaluate(condition, record, related=related, as_of=as_of) in (True, False)


@given(native, python_records() | hostile_values(), st.dictionaries(st.just("activities"), hostile_values()))
def test_evaluation_answers_for_whatever_python_can_hold(condition: Any, record: Any, related: Any) -> None:
    assert evaluate(condition, record, related=related, as_of=AS_OF) in (True, False)


@given(native, python_records() | hostile_values(), st.dictionaries(st.just("activities"), hostile_values()))
def test_an_explanation_answers_what_evaluation_answers(condition: Any, record: Any, related: Any) -> None:
    trace = explain_condition(condition, record, related=related, as_of=AS_OF)
    assert trace.held is evaluate(condition, record, related=related, as_of=AS_OF)
    assert json.loads(json.dumps(trace.as_dict(), allow_nan=False))["held"] is trace.held
    assert all(line.isprintable() for line in str(trace).split("\n"))
    assert trace._repr_html_().count("<li>") == str(trace).count("\n") + 1


@given(native, json_records(), related_records())
def test_nothing_that_is_put_in_is_changed(condition: Any, record: Any, related: Any) -> None:
    before = copy.deepcopy((record, related)), repr(condition)
    evaluate(condition, record, related=related, as_of=AS_OF)
    explain_condition(condition, record, related=related, as_of=AS_OF)
    assert ((record, related), repr(condition)) == before


@given(data)
def test_reading_changes_nothing(written: Any) -> None:
    before = copy.deepcopy(written)
    read_condition(written)
    assert written == before


@given(data)
def test_reading_and_writing_are_inverse(written: Any) -> None:
    condition = read_condition(written)
    dumped = dump_condition(condition)
    assert read_condition(dumped) == condition
    assert dump_condition(read_condition(dumped)) == dumped
    assert read_condition_json(json.dumps(dumped)) == condition


@given(native)
def test_equal_conditions_have_equal_hashes(condition: Any) -> None:
    twin = copy.deepcopy(condition)
    assert twin == condition
    assert hash(twin) == hash(condition)


@given(json_values(), json_values())
def test_not_equal_is_not_of_equal(seen: Any, other: Any) -> None:
    record = {"status": seen, "score": other}
    operand = {"field": "score"}
    equal = read_condition({"not": {"field": "status", "op": "==", "value": operand}})
    unequal = read_condition({"field": "status", "op": "!=", "value": operand})
    assert evaluate(equal, record, as_of=AS_OF) is evaluate(unequal, record, as_of=AS_OF)


@given(native, json_records(), related_records())
def test_a_negated_comparison_is_its_opposite(condition: Any, record: Any, related: Any) -> None:
    open_ = [condition]
    while open_:
        node = open_.pop()
        open_.extend(getattr(node, "items", ()) or ([node.item] if isinstance(node, Not) else []))
        if isinstance(node, Comparison) and node.operator in OPPOSITES:
            twin = Comparison(
                path=node.path,
                operator=OPPOSITES[node.operator],
                operand=node.operand,
                ignore_case=node.ignore_case,
            )
            answer = evaluate(node, record, related=related, as_of=AS_OF)
            assert evaluate(twin, record, related=related, as_of=AS_OF) is not answer


@given(native, json_records(), related_records())
def test_connectives_are_those_of_logic(condition: Any, record: Any, related: Any) -> None:
    def answer(node: Any) -> bool:
        return evaluate(node, record, related=related, as_of=AS_OF)

    held = answer(condition)
    assert answer(Not(item=condition)) is not held
    assert answer(And(items=(condition, condition))) is held
    assert answer(Or(items=(condition, condition))) is held
    assert answer(And(items=(condition, Not(item=condition)))) is False
    assert answer(Or(items=(condition, Not(item=condition)))) is True


def restyled(value: Any, *, top: bool = True) -> Any:
    """Answer a record with its first names in the other style."""
    if not isinstance(value, dict) or not top:
        return value
    return {
        re.sub("_([a-z])", lambda found: found[1].upper(), key)
        if "_" in key
        else re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", key): item
        for key, item in value.items()
    }


@given(native, json_records())
def test_camel_case_and_snake_case_get_the_same_answer(condition: Any, record: Any) -> None:
    record.pop("first_name", None)
    answer = evaluate(condition, record, as_of=AS_OF)
    assert evaluate(condition, restyled(record), as_of=AS_OF) is answer


@given(native, json_records(), related_records(), st.integers(min_value=-12, max_value=14))
def test_the_zone_of_now_makes_no_difference(condition: Any, record: Any, related: Any, hours: int) -> None:
    answer = evaluate(condition, record, related=related, as_of=AS_OF)
    elsewhere = AS_OF.astimezone(timezone(timedelta(hours=hours)))
    assert evaluate(condition, record, related=related, as_of=elsewhere) is answer


@given(native, json_records(), related_records())
def test_the_order_of_related_records_makes_no_difference(condition: Any, record: Any, related: Any) -> None:
    answer = evaluate(condition, record, related=related, as_of=AS_OF)
    turned = {kind: given[::-1] if isinstance(given, list) else given for kind, given in related.items()}
    assert evaluate(condition, record, related=turned, as_of=AS_OF) is answer


@given(native, json_records(), related_records())
def test_the_normal_form_means_the_same(condition: Any, record: Any, related: Any) -> None:
    normal = canonical(condition)
    answer = evaluate(condition, record, related=related, as_of=AS_OF)
    assert evaluate(normal, record, related=related, as_of=AS_OF) is answer
    assert canonical(normal) == normal
    assert canonical_json(dump_condition(canonical(normal))) == canonical_json(dump_condition(normal))


@given(native, native)
def test_equivalent_conditions_share_their_fingerprint(one: Any, other: Any) -> None:
    assert equivalent(one, other) is (fingerprint_of(one) == fingerprint_of(other))
    assert equivalent(And(items=(one, other)), And(items=(other, one)))
    assert equivalent(Not(item=And(items=(one, other))), Or(items=(Not(item=one), Not(item=other))))


@given(native, json_records(), related_records())
def test_only_the_fields_that_are_named_are_read(condition: Any, record: Any, related: Any) -> None:
    answer = evaluate(condition, record, related=related, as_of=AS_OF)
    first = {path.segments[0] for path in fields_of(condition)}
    read = {key: value for key, value in record.items() if re.sub("[A-Z]", lambda c: f"_{c[0].lower()}", key) in first}
    kinds = {need.kind for need in related_needs(condition)}
    needed = {kind: given for kind, given in related.items() if kind in kinds}
    assert evaluate(condition, read, related=needed, as_of=AS_OF) is answer


@given(
    st.recursive(
        json_values(),
        lambda inner: st.dictionaries(
            st.sampled_from([*OPERATORS, "field", "op", "value", "and", "not", "any", "related"]), inner
        ),
    )
)
def test_reading_accepts_a_condition_or_lists_its_faults(written: Any) -> None:
    faults: list[Fault] = []
    condition = collect(written, "$", faults)
    assert (condition is None) is bool(faults)
    assert all(fault.path.startswith("$") and fault.message and fault.code for fault in faults)
    assert condition is None or evaluate(condition, {}, as_of=AS_OF) in (True, False)


@given(st.text() | st.binary())
def test_text_that_is_no_json_is_a_fault(text: str | bytes) -> None:
    with pytest.raises(RuleErrors):
        read_condition_json(text)


@pytest.mark.parametrize("opening", ["[", '{"not":', '{"and":[', '{"a":[{"b":', '"[" [', "{" * 3 + '"x":'])
def test_a_bomb_of_ten_thousand_levels_never_reaches_the_parser(opening: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def parser(*_: Any, **__: Any) -> None:
        message = "the parser was reached"
        raise AssertionError(message)

    monkeypatch.setattr("leadkit.conditions.json_text.json.loads", parser)
    with pytest.raises(RuleErrors) as caught:
        read_condition_json(opening * 10_000)
    (fault,) = caught.value.faults
    assert (fault.path, fault.code) in {("$", "too-deep"), ("$", "too-large")}


def test_ten_megabytes_never_reach_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadkit.conditions.json_text.json.loads", load_json)
    with pytest.raises(RuleErrors) as caught:
        read_condition_json('{"field": "' + "x" * 10_000_000 + '"}')
    assert [fault.message for fault in caught.value.faults] == ["larger than 262,144 bytes"]


def deep(levels: int) -> Any:
    condition: Any = {"and": []}
    for _ in range(levels):
        condition = {"not": condition}
    return condition


def self_containing() -> Any:
    condition: dict[str, Any] = {}
    condition["not"] = condition
    return condition


def doubling() -> Any:
    condition: Any = {"and": []}
    for _ in range(30):
        condition = {"and": [condition, condition]}
    return condition


@pytest.mark.parametrize("bomb", [deep(10_000), self_containing(), doubling()], ids=["deep", "cyclic", "doubling"])
def test_a_bomb_made_in_python_is_refused_without_recursion(bomb: Any) -> None:
    with pytest.raises(RuleErrors) as caught:
        read_condition(bomb)
    assert caught.value.faults[0].code in ("too-deep", "too-many")


def test_records_deeper_than_python_recurses_are_asked_like_others() -> None:
    record: Any = {}
    for _ in range(100_000):
        record = {"a": record, "items": [record]}
    condition = read_condition(
        {"and": [{"field": "a.a.a", "op": "exists"}, {"field": "items", "any": {"field": "a", "op": "!=", "value": 1}}]}
    )
    assert evaluate(condition, record, as_of=datetime(2026, 1, 1, tzinfo=UTC)) is True
    assert "an object with 2 keys" in str(explain_condition(condition, record, as_of=AS_OF))
    while record:
        record = record.pop("a", {})
