from __future__ import annotations

import itertools
from collections import UserString
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from leadkit.conditions import evaluate, read_condition
from leadkit.conditions.ast import Comparison
from leadkit.conditions.compiling.compiled import compile_condition
from leadkit.conditions.compiling.forms import form
from leadkit.conditions.compiling.questions import question
from leadkit.conditions.compiling.reads import Reads
from leadkit.conditions.compiling.source import Program
from leadkit.conditions.operands import FieldOperand, Literal, Literals, NowOperand, Pair
from leadkit.conditions.paths import parse_path
from leadkit.values import parse_duration

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Size(IntEnum):
    TEN = 10


class Word(StrEnum):
    NEW = "new"


class Hollow:
    """Equal to everything, and of no kind."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("new")

    def __ge__(self, other: object) -> bool:
        return True

    def __contains__(self, item: object) -> bool:
        return True


class Loud:
    """Cannot be compared with anything."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __ge__ = __lt__ = __eq__


SEEN: list[Any] = [
    None,
    "new",
    "New",
    "",
    "10",
    "newer",
    Word.NEW,
    UserString("new"),
    0,
    9,
    10,
    10.0,
    11,
    0.5,
    True,
    False,
    Size.TEN,
    Decimal(10),
    Decimal("0.1"),
    Decimal("NaN"),
    Decimal("sNaN"),
    float("nan"),
    float("inf"),
    float("-inf"),
    10**400,
    -(10**400),
    [],
    ["new"],
    ("New", 10),
    [10, True],
    ["x", 0.1],
    {"new": 1},
    {"new"},
    b"new",
    NOW,
    "2026-11-24T12:00:00Z",
    "\ud800",
    itertools.count(),
    Hollow(),
    Loud(),
    [Hollow()],
    [Loud()],
]

ASKED: list[dict[str, Any]] = [
    *({"op": op, "value": value} for op in ("==", "!=") for value in ("new", "", 10, 0.1, 0.5, True, False, 2**53)),
    *({"op": op, "value": value} for op in (">", ">=", "<", "<=") for value in ("new", "", 10, 0.1, 0.5, 2**53)),
    *({"op": "between", "value": value} for value in ([1, 10], [0.1, 10], [0.5, 9.5], ["a", "o"])),
    *(
        {"op": op, "value": value}
        for op in ("in", "not_in")
        for value in (
            [],
            ["new", ""],
            [10, 0.5],
            [10, 0.1],
            ["new", 10],
            [True],
            [{"datetime": "2026-11-24T12:00:00Z"}],
        )
    ),
    *({"op": op, "value": value} for op in ("contains", "not_contains") for value in ("new", "", 10, 0.1, True)),
    *({"op": op, "value": value} for op in ("starts_with", "ends_with") for value in ("ne", "", "w")),
    *({"op": op, "value": "NEW", "ignoreCase": True} for op in ("==", "!=", "contains", "starts_with", "ends_with")),
    {"op": "in", "value": ["NEW"], "ignoreCase": True},
    {"op": "not_in", "value": ["NEW", "x"], "ignoreCase": True},
    {"op": "contains", "value": {"datetime": "2026-11-24T12:00:00Z"}},
    {"op": "exists"},
    {"op": "missing"},
    *({"op": op, "value": {"field": "other"}} for op in ("==", "!=", ">=", "in", "not_in", "contains", "starts_with")),
    {"op": "==", "value": {"field": "other"}, "ignoreCase": True},
    {"op": "between", "value": [{"field": "other"}, 10]},
    {"op": ">=", "value": {"now": "-1d"}},
]
OTHERS: list[Any] = [None, "new", 10, ["new", 10], [Loud()]]


@pytest.mark.parametrize("asked", ASKED, ids=repr)
def test_a_question_is_answered_as_the_reference_answers_it(asked: dict[str, Any]) -> None:
    condition = read_condition({"field": "x", **asked})
    answer = compile_condition(condition).at(NOW)
    for seen in SEEN:
        for other in OTHERS:
            record = {"x": seen, "other": other}
            try:
                expected = evaluate(condition, record, as_of=NOW)
            except RuntimeError:
                # Some values refuse even the reference.
                continue
            assert answer(record, {}) is expected, (seen, other)


ODD_NODES = [
    Comparison(path=parse_path("x"), operator=">=", operand=Literal("b"), ignore_case=True),
    Comparison(path=parse_path("x"), operator="==", operand=Literal(Word.NEW)),
    Comparison(path=parse_path("x"), operator="in", operand=Literals((Word.NEW, "x"))),
    Comparison(path=parse_path("x"), operator="in", operand=Literals((float("inf"), 1))),
    Comparison(path=parse_path("x"), operator=">", operand=Literal(Size.TEN)),
    Comparison(path=parse_path("x"), operator="contains", operand=Literal(Word.NEW)),
    Comparison(path=parse_path("x"), operator="starts_with", operand=Literal(Word.NEW)),
    Comparison(path=parse_path("x"), operator="between", operand=Pair(Literal(Size.TEN), Literal(12))),
    Comparison(path=parse_path("x"), operator="between", operand=Pair(Literal(1), NowOperand(parse_duration("1d")))),
    Comparison(path=parse_path("x"), operator="==", operand=FieldOperand(parse_path("other")), ignore_case=True),
]


@pytest.mark.parametrize("node", ODD_NODES, ids=repr)
def test_a_node_that_was_made_in_python_is_answered_as_the_reference_answers_it(node: Comparison) -> None:
    answer = compile_condition(node).at(NOW)
    for seen in [*SEEN[:-4], "B", "b", "a", 10.5]:
        for other in OTHERS[:-1]:
            record = {"x": seen, "other": other}
            assert answer(record, {}) is evaluate(node, record, as_of=NOW), (seen, other)


def test_patterns_are_searched_for_in_text_alone() -> None:
    pytest.importorskip("re2", reason="regex is an extra of leadkit")
    condition = read_condition({"field": "x", "op": "matches", "value": "^n.w$"})
    answer = compile_condition(condition).at(NOW)
    for seen in SEEN[:-4]:
        assert answer({"x": seen}, {}) is evaluate(condition, {"x": seen}, as_of=NOW), seen
    assert answer({"x": "new"}, {}) is True
    folded = compile_condition(read_condition({"field": "x", "op": "matches", "value": "^n.w$", "ignoreCase": True}))
    assert folded.holds({"x": "NEW"}, as_of=NOW) is True


def written(asked: dict[str, Any], *, hopeful: bool = True) -> str:
    node: Any = read_condition({"field": "x", **asked})
    return str(question("v", node.criterion, Reads(program=Program(hopeful=hopeful), record="record")))


@pytest.mark.parametrize(
    ("asked", "hopeful", "text"),
    [
        ({"op": "exists"}, True, "(v is not None)"),
        ({"op": "missing"}, True, "(not (v is not None))"),
        ({"op": "==", "value": True}, True, "(v is True)"),
        ({"op": "==", "value": "new"}, True, "(v == k0 and isinstance(v, str))"),
        ({"op": "==", "value": "new"}, False, "(v == k0 if type(v) is str else v is not None and k1(v, now))"),
        ({"op": "in", "value": ["a"]}, True, "(v in k0 and isinstance(v, str))"),
        ({"op": "in", "value": ["a"]}, False, "(v in k0 if type(v) is str else v is not None and k1(v, now))"),
        ({"op": "in", "value": []}, True, "False"),
        ({"op": "not_in", "value": []}, True, "(not False)"),
        (
            {"op": ">=", "value": 10},
            True,
            (
                "(v is not None and v >= k0 and"
                " ((type(v) is int or type(v) is float and -INFINITY < v < INFINITY) or k1(v, now)))"
            ),
        ),
        (
            {"op": ">=", "value": 10},
            False,
            (
                "(v is not None and (v >= k0 if type(v) is int or type(v) is float and -INFINITY < v < INFINITY"
                " else k1(v, now)))"
            ),
        ),
        (
            {"op": ">=", "value": 0.1},
            True,
            (
                "(v is not None and (v >= k0 if type(v) is int or type(v) is float and -INFINITY < v < INFINITY"
                " else k1(v, now)))"
            ),
        ),
        (
            {"op": "contains", "value": "x"},
            True,
            (
                "(k0 in v if type(v) is str"
                " else k0 in v and (type(v[v.index(k0)]) is str or k1(v, now)) if type(v) is list"
                " else v is not None and k1(v, now))"
            ),
        ),
        (
            {"op": "contains", "value": "x", "ignoreCase": True},
            True,
            "(k0 in v.lower() if type(v) is str else v is not None and k1(v, now))",
        ),
        ({"op": "contains", "value": 7}, True, "(v is not None and k0(v, now))"),
        ({"op": "contains", "value": 0.1}, True, "(v is not None and k0(v, now))"),
        (
            {"op": "ends_with", "value": "x"},
            True,
            "(v.endswith(k0) if type(v) is str else v is not None and k1(v, now))",
        ),
        ({"op": "==", "value": {"field": "y"}}, True, "(v is not None and v0 is not None and k1(v, v0))"),
        ({"op": "between", "value": [{"field": "y"}, 1]}, True, "(k0(v, record, now))"),
        ({"op": "in", "value": ["a", 1]}, True, "(v is not None and k0(v, now))"),
    ],
    ids=repr,
)
def test_a_question_is_written_for_the_kind_of_its_operand(asked: dict[str, Any], hopeful: Any, text: str) -> None:
    assert written(asked, hopeful=hopeful) == text


def test_no_text_of_a_rule_stands_in_the_source() -> None:
    hostile = "'); __import__('os').system('true') #"
    condition = read_condition(
        {
            "or": [
                {"field": f'properties["{hostile}"]', "op": "==", "value": hostile},
                {"field": "properties.x", "op": "in", "value": [hostile, "y"]},
                {"field": "properties.x", "op": "contains", "value": hostile},
                {"related": "activities", "where": {"field": "type", "op": "!=", "value": hostile}},
            ]
        }
    )
    compiled = compile_condition(condition)
    assert "import" not in compiled.form.source
    assert compiled.holds({"properties": {hostile: hostile}}, as_of=NOW) is True


def test_ordinary_values_never_leave_the_hopeful_form() -> None:
    for asked in ASKED:
        node: Any = read_condition({"field": "x", **asked})

        def write(program: Program, node: Comparison = node) -> list[str]:
            reads = Reads(program=program, record="record")
            text = question(reads.variable(node.path), node.criterion, reads)
            return [*reads.lines(), f"return {text}"]

        def refused(*_: object) -> bool:
            raise AssertionError

        answer = form(write, refused).at(NOW)
        kind = asked.get("value")
        values = ("new", "", "New", None) if isinstance(kind, str) else (1, 10, 0.5, None)
        for seen in values if isinstance(kind, str | int | float) else (None,):
            assert bool(answer({"x": seen}, {})) is evaluate(node, {"x": seen}, as_of=NOW)
