from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest

from leadkit.conditions import (
    And,
    Comparison,
    FieldOperand,
    Literal,
    Literals,
    NowOperand,
    Pair,
    Pattern,
    Related,
    Span,
    evaluate,
    explain_condition,
    parse_path,
    read_condition,
)
from leadkit.conditions.criteria import Criterion
from leadkit.conditions.evaluating import aggregate_of, moment_of, records_that_count
from leadkit.conditions.operands import literals_in, operand_fields, window
from leadkit.conditions.related import mean, total
from leadkit.errors import InvalidInput, RuleErrors
from leadkit.values.times import parse_duration

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ALL = And(items=())


@pytest.mark.parametrize("asked", [evaluate, explain_condition])
def test_now_has_a_time_zone(asked: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        asked(ALL, {}, as_of=datetime(2026, 11, 24))
    (fault,) = caught.value.faults
    assert str(fault) == "as_of: a date-time needs a time zone, such as 2026-11-24T09:00:00Z"
    assert fault.code == "wrong-time"


def test_now_lies_in_the_calendar_of_utc() -> None:
    with pytest.raises(InvalidInput, match="as_of: a date-time must lie between the years 1 and 9999"):
        evaluate(ALL, {}, as_of=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))


def test_now_is_answered_in_utc() -> None:
    moment = moment_of(NOW.astimezone(timezone(timedelta(hours=9))))
    assert (moment, moment.tzinfo) == (NOW, UTC)


def test_windows_close_at_now_in_utc_whatever_its_zone() -> None:
    condition = read_condition({"field": "a", "op": "within", "value": "1mo"})
    # In Tokyo it is March already, where a month back is 1 February; in UTC it is the last of February.
    tokyo = datetime(2026, 3, 1, 5, tzinfo=timezone(timedelta(hours=9)))
    assert evaluate(condition, {"a": "2026-01-28T21:00:00Z"}, as_of=tokyo) is True


@attrs.frozen
class Lead:
    first_name: str
    properties: dict[str, Any]
    created_at: datetime


def test_an_object_is_asked_like_a_mapping() -> None:
    lead = Lead("Al", {"tags": ["a"]}, NOW)
    for condition in (
        {"field": "firstName", "op": "==", "value": "Al"},
        {"field": "properties.tags", "any": {"field": "@", "op": "==", "value": "a"}},
        {"field": "created_at", "op": "within", "value": "0d"},
    ):
        assert evaluate(read_condition(condition), lead, as_of=NOW) is True
    assert evaluate(read_condition({"field": "x", "any": {"and": []}}), {"x": [lead]}, as_of=NOW) is True


def test_asking_stops_where_the_answer_is_known() -> None:
    asked: list[str] = []

    class Watched(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            asked.append(key)
            return super().get(key, default)

    a, b = ({"field": name, "op": "==", "value": 1} for name in "ab")
    record = Watched(a=1, b=2)
    assert evaluate(read_condition({"or": [a, b]}), record, as_of=NOW) is True
    assert evaluate(read_condition({"and": [b, a]}), record, as_of=NOW) is False
    assert asked == ["a", "b"]


def test_related_records_are_windowed_then_filtered_then_aggregated() -> None:
    condition = read_condition(
        {
            "related": "activities",
            "within": "30d",
            "where": {"field": "type", "op": "==", "value": "call"},
            "aggregate": "sum",
            "of": "minutes",
            "op": ">",
            "value": 0,
        }
    )
    assert isinstance(condition, Related)
    calls = [
        {"type": "call", "at": "2026-10-25T12:00:00Z", "minutes": 1},
        {"type": "call", "at": NOW, "minutes": 2},
        {"type": "mail", "at": NOW, "minutes": 4},
        {"type": "call", "at": "2026-10-25T11:59:59Z", "minutes": 8},
        {"type": "call", "at": NOW + timedelta(seconds=1), "minutes": 16},
        {"type": "call", "minutes": 32},
    ]
    related = {"activities": tuple(calls)}
    assert records_that_count(condition, related, NOW) == calls[:2]
    assert aggregate_of(condition, related, NOW) == 3
    assert aggregate_of(attrs.evolve(condition, where=None), related, NOW) == 7
    assert aggregate_of(attrs.evolve(condition, within=None), related, NOW) == 59
    assert aggregate_of(attrs.evolve(condition, time=None), related, NOW) == 0


@pytest.mark.parametrize(
    ("aggregate", "values", "expected"),
    [
        ("count", [1, "x", None], 3),
        ("sum", [], 0),
        ("sum", [1, 2, "3", True, None, float("nan")], 3),
        ("sum", [0.1] * 10, 1.0),
        ("sum", [0.1, 0.2], 0.30000000000000004),
        ("sum", [1e308, 1e308, 0.5], 2 * int(1e308)),
        ("sum", [10**400, 1], 10**400 + 1),
        ("sum", [10**400, 0.5], 10**400),
        ("sum", [Decimal("0.1"), 0.2], Decimal("0.3")),
        ("sum", [Decimal("1E+60"), 1, Decimal("-1E+60")], Decimal(1)),
        ("avg", [], None),
        ("avg", ["x"], None),
        ("avg", [1, 2], 1.5),
        ("avg", [1, 3], 2),
        ("avg", [Decimal(1), 2], Decimal("1.5")),
        ("min", [3, 1.5, "0", False], 1.5),
        ("max", [3, Decimal("3.5"), "9", True], Decimal("3.5")),
        ("min", [], None),
        ("max", ["2026-11-24"], None),
        ("min", [NOW, date(2026, 11, 24), "2020-01-01"], NOW.replace(hour=0)),
        ("max", [NOW, date(2026, 11, 24), "2030-01-01"], NOW),
        ("max", [NOW, 5], 5),
        ("latest", [date(2026, 11, 24), "2026-11-24T13:00:00+02:00", "soon", 5], NOW.replace(hour=11)),
        ("earliest", [date(2026, 11, 24), "2026-11-24T01:00:00+02:00"], datetime(2026, 11, 23, 23, tzinfo=UTC)),
        ("latest", [], None),
        ("earliest", [None, "soon"], None),
    ],
)
def test_an_aggregate_of_values(aggregate: str, values: list[Any], expected: Any) -> None:
    node = Related(
        kind="tasks", aggregate=aggregate, of=None if aggregate == "count" else parse_path("v"), operator="exists"
    )
    for order in (values, values[::-1]):
        found = aggregate_of(node, {"tasks": [{"v": value} for value in order]}, NOW)
        assert found == expected
        assert type(found) is type(expected)


def test_sums_of_floats_do_not_depend_on_their_order() -> None:
    assert total([1e16, 1.0, -1e16]) == total([1.0, 1e16, -1e16]) == 1
    assert mean([1e16, 1.0, -1e16]) == 1 / 3


def test_sums_of_huge_decimals_are_silent() -> None:
    huge = Decimal("9E+999999999999999999")
    assert not total([huge] * 20).is_finite()
    condition = read_condition({"related": "tasks", "aggregate": "sum", "of": "v", "op": ">", "value": 0})
    assert evaluate(condition, {}, related={"tasks": [{"v": huge}] * 20}, as_of=NOW) is False


def test_the_window_of_a_duration_begins_before_now_and_ends_now() -> None:
    assert window(parse_duration("1d"), NOW) == (NOW - timedelta(days=1), NOW)


@pytest.mark.parametrize(
    ("operator", "operand", "message"),
    [
        ("=>", Literal(1), "unknown operator `=>`; did you mean `>=`?"),
        ("gte", Literal(1), "unknown operator `gte`; did you mean `>=`?"),
        ("==", None, "`==` takes text, a number, true, false or an instant, not NoneType"),
        ("==", Literals((1,)), "`==` takes text, a number, true, false or an instant, not Literals"),
        ("in", Literal(1), "`in` takes a list of values, not Literal"),
        ("exists", Literal(1), "`exists` takes nothing, not Literal"),
        ("between", Literal(1), "`between` takes a list of two: the lowest and the highest, not Literal"),
        ("within", Literal("30d"), "`within` takes a duration such as 30d, not Literal"),
        ("matches", Literal("a"), "`matches` takes a regular expression as text, not Literal"),
        ("starts_with", NowOperand(parse_duration("1d")), "`starts_with` takes text, not NowOperand"),
    ],
)
def test_a_node_is_not_made_with_an_operand_that_its_operator_does_not_take(
    operator: str, operand: Any, message: str
) -> None:
    with pytest.raises(RuleErrors) as caught:
        Comparison(path=parse_path("a"), operator=operator, operand=operand)
    (fault,) = caught.value.faults
    assert fault.path == "$"
    assert fault.message.startswith(message)
    assert fault.code == ("unknown-operator" if message.startswith("unknown") else "wrong-operand")


def test_a_criterion_knows_what_it_can_before_it_is_asked() -> None:
    assert Criterion("==", Literal("A"), ignore_case=True).constant == "a"
    assert Criterion("==", Literal("A")).constant == "A"
    assert Criterion("between", Pair(Literal(1), Literal(2))).constant == (1, 2)
    assert Criterion("between", Pair(Literal(1), FieldOperand(parse_path("a")))).constant is None
    assert Criterion("exists").constant == ()
    assert Criterion("==", FieldOperand(parse_path("a"))).loose is True
    assert Criterion("==", NowOperand(parse_duration("1d"))).loose is False
    assert Criterion("==", NowOperand(parse_duration("1d"))).reads_instants is True
    assert Criterion("before", NowOperand(parse_duration("1d"))).reads_instants is False
    assert Criterion("==", Literal(NOW)).reads_instants is True
    assert Criterion("==", Literal("2026-11-24")).reads_instants is False


def test_what_a_criterion_expects_is_read_like_what_it_sees() -> None:
    record = {"a": "AB", "lo": "2026-11-24"}
    folded = Criterion("==", FieldOperand(parse_path("a")), ignore_case=True)
    assert folded.expected(record, NOW) == "ab"
    assert folded.read("XY") == "xy"
    times = Criterion("between", Pair(FieldOperand(parse_path("lo")), NowOperand(parse_duration("0d"))))
    assert times.expected(record, NOW) == [NOW.replace(hour=0), NOW]
    assert times.expected({}, NOW) is None
    assert Criterion("within", Span(parse_duration("1d"))).expected(record, NOW) == (NOW - timedelta(days=1), NOW)
    assert Criterion("==", Literal(1)).expected(record, NOW) == 1


def test_the_values_and_the_fields_of_an_operand_are_found() -> None:
    field = FieldOperand(parse_path("a"))
    assert literals_in(Literal(1)) == (1,)
    assert literals_in(Literals((1, "a"))) == (1, "a")
    assert literals_in(Pair(Literal(1), field)) == (1,)
    assert literals_in(field) == literals_in(None) == literals_in(Span(parse_duration("1d"))) == ()
    assert operand_fields(Pair(field, field)) == (parse_path("a"), parse_path("a"))
    assert operand_fields(Literal(1)) == operand_fields(None) == operand_fields(Pattern("a")) == ()


def test_times_from_now_lie_behind_or_ahead() -> None:
    day = parse_duration("1d")
    assert NowOperand(day).resolve({}, NOW) == NOW - timedelta(days=1)
    assert NowOperand(day, ahead=True).resolve({}, NOW) == NOW + timedelta(days=1)
