from __future__ import annotations

from collections import UserDict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from leadkit.conditions import predicates, read_condition
from leadkit.conditions.compiling.answering import aggregator, answerer, between_fields, finder, member
from leadkit.conditions.criteria import Criterion
from leadkit.conditions.operands import Literal, NowOperand
from leadkit.values import parse_duration

NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("record", "found"), [(UserDict(a=1), 1), (UserDict(b=1), None), ([1], None), ("a", None), (None, None)]
)
def test_a_member_is_found_in_records_alone(record: Any, found: Any) -> None:
    assert member(record, "a") == found


def test_a_criterion_is_asked_for_an_instant() -> None:
    asked = answerer(Criterion("before", NowOperand(parse_duration("1d"))))
    assert asked("2026-11-22", NOW) is True
    assert asked("2026-11-23", NOW) is False
    assert asked(None, NOW) is False


@pytest.mark.parametrize(
    ("value", "seen", "held"),
    [
        ("a", ["b", "a"], True),
        ("a", ["b"], False),
        ("a", [], False),
        ("a", ("a",), True),
        ("a", [Text("a")], True),
        ("a", "cat", True),
        ("a", "dog", False),
        ("a", None, False),
        ("a", {"a": 1}, False),
        ("a", {"a"}, False),
        ("a", 7, False),
        ("a", [["a"]], False),
        (1, [True], False),
        (1, [True, 1], True),
        (1, [True, Decimal(1)], True),
        (1, [Decimal(1)], True),
        (1, [1.0], True),
        (1, [2, "1"], False),
        (1, "1", False),
        (0.1, [Decimal("0.1")], True),
        (0.1, [0.2], False),
        (0.5, [0.2, "0.5"], False),
        (0.5, [0.2, 0.5], True),
        (0.5, [Decimal("0.5")], True),
    ],
)
def test_a_list_is_searched_for_what_equals_a_value(value: Any, seen: Any, held: Any) -> None:
    criterion = Criterion("contains", Literal(value))
    assert finder(criterion, value)(seen, NOW) is held
    assert criterion.asked(seen, None, NOW) is held
    if seen is not None:
        assert between_fields("contains")(seen, value) is held
        assert between_fields("in")(value, seen) is (held and not isinstance(seen, str))


@pytest.mark.parametrize(
    ("seen", "held"),
    [
        (["NEW"], True),
        (["x", "News"], False),
        (("nEW",), True),
        ("renewed", True),
        ([7, ["new"]], False),
        (None, False),
    ],
)
def test_a_list_is_searched_in_lower_case_where_case_does_not_count(seen: Any, held: Any) -> None:
    criterion = Criterion("contains", Literal("New"), ignore_case=True)
    assert finder(criterion, "new")(seen, NOW) is held
    assert criterion.asked(seen, None, NOW) is held


def test_an_operator_between_fields_is_its_predicate() -> None:
    assert between_fields("starts_with") is predicates.starts
    assert between_fields("==")(1, 1.0) is True


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"aggregate": "count", "op": ">", "value": 1}, 2),
        ({"aggregate": "sum", "of": "n", "op": ">", "value": 1}, 5),
        ({"aggregate": "latest", "op": "exists"}, datetime(2026, 11, 20, tzinfo=UTC)),
        ({"aggregate": "earliest", "of": "due", "op": "exists"}, datetime(2025, 1, 1, tzinfo=UTC)),
    ],
)
def test_records_are_aggregated_by_the_field_that_is_meant(asked: dict[str, Any], answer: Any) -> None:
    node: Any = read_condition({"related": "activities", **asked})
    records = [{"at": "2026-11-20", "n": 2, "due": "2025-01-01"}, {"at": "2026-11-19", "n": 3}]
    assert aggregator(node)(records) == answer
