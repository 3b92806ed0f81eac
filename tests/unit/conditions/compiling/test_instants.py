from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.conditions.compiling.compiled import compile_condition
from leadkit.conditions.compiling.instants import instant_test
from leadkit.conditions.compiling.source import Program
from leadkit.conditions.evaluating import evaluate
from leadkit.conditions.operands import FieldOperand, Literal, Pair, Span
from leadkit.conditions.paths import parse_path
from leadkit.conditions.reading import read_condition
from leadkit.values import parse_duration, parse_instant

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ODD = NOW + timedelta(microseconds=1)
FAR = timezone(timedelta(hours=5))

ASKED: list[dict[str, Any]] = [
    {"op": "within", "value": "30d"},
    {"op": "older_than", "value": "1mo"},
    {"op": "before", "value": {"now": "-1d"}},
    {"op": "after", "value": "2026-11-20"},
    {"op": "==", "value": {"datetime": "2026-11-24T12:00:00Z"}},
    {"op": "==", "value": {"datetime": "2026-11-24T12:00:00.5Z"}},
    {"op": "!=", "value": {"datetime": "2026-11-24T12:00:00Z"}},
    {"op": ">", "value": {"now": "0d"}},
    {"op": ">=", "value": {"now": "0d"}},
    {"op": "<", "value": {"now": "0d"}},
    {"op": "<=", "value": {"now": "0d"}},
    {"op": "between", "value": [{"now": "-1d"}, {"datetime": "2026-11-24T12:00:00Z"}]},
]
SEEN = [
    None,
    "2026-11-24T12:00:00Z",
    "2026-11-24T12:00:01Z",
    "2026-11-24T11:59:59Z",
    "2026-11-24T12:00:00.000001Z",
    "2026-11-24T13:00:00+01:00",
    "2026-11-24",
    "2026-11-24T12:00Z",
    "2026-11-31T12:00:00Z",
    "2026-W48-2T12:00:00Z",
    "2026-11-2412:00:00ZZ",
    "2026-11-24X12:00:00Z",
    "20261124T120000.000Z",
    "２026-11-24T12:00:00Z",
    "",
    "soon",
    NOW,
    ODD,
    NOW.astimezone(FAR),
    NOW.replace(tzinfo=None),
    date(2026, 11, 24),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    7,
    True,
    ["2026-11-24T12:00:00Z"],
]


@pytest.mark.parametrize("seen", SEEN, ids=repr)
@pytest.mark.parametrize("now", [NOW, ODD, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)], ids=str)
def test_a_time_is_compared_as_the_reference_does_in_whatever_form_it_comes(seen: Any, now: datetime) -> None:
    for asked in ASKED:
        condition = read_condition({"field": "at", **asked})
        compiled = compile_condition(condition).holds({"at": seen}, as_of=now)
        assert compiled is evaluate(condition, {"at": seen}, as_of=now), asked


def test_a_text_of_the_usual_form_is_compared_as_text_and_read_only_where_that_holds() -> None:
    program = Program()
    test = instant_test("v", "within", Span(parse_duration("30d")), "slow(v)", program)
    assert test == (
        "((v >= m0 and v <= m2 and v[4::3] == WIRE and read(v) is not None if len(v) == 20 else slow(v))"
        " if type(v) is str"
        " else v is not None and v >= m1 and v <= m3 and (type(v) is datetime and v.tzinfo is UTC or slow(v)))"
    )
    program.add([f"def answer(v): return [m0, m1, m2, m3, {test.replace('slow(v)', 'None')}]"])
    answer = program.ready(program.source("answer"))(ODD)
    assert answer("2026-11-24T12:00:00Z") == [
        "2026-10-25T12:00:01Z",
        ODD - timedelta(days=30),
        "2026-11-24T12:00:00Z",
        ODD,
        True,
    ]


def test_the_careful_form_reads_nothing_that_may_be_no_time() -> None:
    test = instant_test("v", "==", Literal(NOW), "slow(v)", Program(hopeful=False))
    assert test == (
        "((v == m0 and slow(v) if len(v) == 20 else slow(v)) if type(v) is str"
        " else v == m1 if type(v) is datetime and v.tzinfo is UTC else v is not None and slow(v))"
    )


def test_the_same_bound_has_one_name() -> None:
    program = Program()
    tests = {instant_test("v", "after", Literal(NOW), "slow(v)", program) for _ in range(2)}
    assert len(tests) == 1


@pytest.mark.parametrize(
    "operand",
    [
        None,
        Literal(7),
        FieldOperand(parse_path("x")),
        Pair(Literal(NOW), Literal(7)),
        Pair(Literal("a"), Literal(NOW)),
    ],
    ids=repr,
)
def test_an_operand_of_other_values_is_for_others(operand: Any) -> None:
    assert instant_test("v", "between", operand, "slow(v)", Program()) is None


def test_an_operator_that_orders_nothing_is_for_others() -> None:
    assert instant_test("v", "contains", Literal(NOW), "slow(v)", Program()) is None


TWENTY = st.text("0123456789-T:Z.W+ X٣", min_size=20, max_size=20) | st.builds(
    lambda text, place, letter: text[:place] + letter + text[place + 1 :],
    st.datetimes().map(lambda moment: f"{moment.replace(microsecond=0).isoformat()}Z"),
    st.integers(0, 19),
    st.sampled_from("0123456789-T:Z.Wz "),
)


@given(TWENTY)
def test_a_text_of_twenty_characters_is_a_time_if_its_marks_stand_right_and_it_can_be_read(text: str) -> None:
    try:
        usual = text[4::3] == "--T::Z" and datetime.fromisoformat(text) is not None
    except ValueError:
        usual = False
    assert usual is (parse_instant(text) is not None)
