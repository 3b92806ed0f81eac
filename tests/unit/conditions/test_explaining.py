# ruff: noqa: FBT001 - true and false are values and answers here, no switches
from __future__ import annotations

import builtins
import importlib
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

from leadkit.conditions import explain_condition, markup, read_condition
from leadkit.conditions.explaining import Trace
from leadkit.conditions.kinds import Kind
from leadkit.conditions.paths import parse_path
from leadkit.conditions.phrasing import phrase, phrase_path
from leadkit.conditions.wording import as_json, described, named, printable, shortened, shown
from leadkit.errors import MissingExtra

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def explained(data: Any, record: Any, **related: Any) -> Trace:
    return explain_condition(read_condition(data), record, related=related, as_of=NOW)


def why(data: Any, record: Any, **related: Any) -> str:
    return explained(data, record, **related).why


NEW = {"field": "status", "op": "==", "value": "new"}
TEAM = {"field": "properties.team_size", "op": ">=", "value": 10}


def test_every_clause_is_evaluated_whether_it_decides_or_not() -> None:
    trace = explained({"or": [NEW, TEAM, {"not": NEW}]}, {"status": "new", "properties": {"team_size": 7}})
    assert [(child.operator, child.held) for child in trace.children] == [("==", True), (">=", False), ("not", False)]
    assert trace == Trace(
        clause="any of",
        operator="or",
        held=True,
        why="1 of 3 hold",
        children=(
            Trace(clause='status is "new"', operator="==", expected="new", seen="new", held=True, why='saw "new"'),
            Trace(
                clause="properties.team_size is at least 10",
                operator=">=",
                expected=10,
                seen=7,
                held=False,
                why="saw 7",
            ),
            Trace(
                clause="not",
                operator="not",
                held=False,
                why="what stands in it holds",
                children=(trace.children[0],),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("data", "operator", "clause", "held", "reason"),
    [
        ({"and": []}, "and", "all of", True, "there is nothing in it"),
        ({"or": []}, "or", "any of", False, "there is nothing in it"),
        ({"none": []}, "none", "none of", True, "there is nothing in it"),
        ({"and": [NEW, TEAM]}, "and", "all of", False, "1 of 2 hold"),
        ({"and": [NEW]}, "and", "all of", True, "1 of 1 hold"),
        ({"or": [TEAM]}, "or", "any of", False, "0 of 1 hold"),
        ({"none": [NEW, NEW, TEAM]}, "none", "none of", False, "2 of 3 hold"),
        ({"none": [TEAM]}, "none", "none of", True, "0 of 1 hold"),
        ({"not": {"or": [TEAM]}}, "none", "none of", True, "0 of 1 hold"),
        ({"not": TEAM}, "not", "not", True, "what stands in it does not hold"),
    ],
)
def test_a_connective_says_how_many_of_its_clauses_hold(
    data: Any, operator: str, clause: str, held: bool, reason: str
) -> None:
    trace = explained(data, {"status": "new"})
    assert (trace.operator, trace.clause, trace.held, trace.why) == (operator, clause, held, reason)


@pytest.mark.parametrize(
    ("data", "record", "reason"),
    [
        (NEW, {}, "it is missing"),
        ({"field": "a", "op": "missing"}, {}, "it is missing"),
        ({"field": "a", "op": "exists"}, {"a": [1]}, "saw [1]"),
        (TEAM, {"properties": {"team_size": "12"}}, 'saw "12", which is text and never compares with a number'),
        (TEAM, {"properties": {"team_size": True}}, "saw true, which is true or false"),
        (NEW, {"status": 5}, "saw 5, which is a number and never compares with text"),
        (NEW, {"status": ["new"]}, 'saw ["new"], which is a list'),
        (NEW, {"status": {"a": 1}}, "saw an object with 1 key, which is an object"),
        (NEW, {"status": float("nan")}, "saw nan, which is a number that is not finite"),
        ({"field": "a", "op": "!=", "value": "x"}, {"a": 5}, "saw 5, which is a number and never compares with text"),
        (
            {"field": "a", "op": "in", "value": ["x", "y"]},
            {"a": 5},
            "saw 5, which is a number and never compares with text",
        ),
        ({"field": "a", "op": "in", "value": ["x", 1]}, {"a": 5}, "saw 5"),
        ({"field": "a", "op": "in", "value": []}, {"a": 5}, "saw 5"),
        (
            {"field": "a", "op": "between", "value": [1, 2]},
            {"a": "x"},
            'saw "x", which is text and never compares with a number',
        ),
        ({"field": "a", "op": "contains", "value": "x"}, {"a": ["y", 5]}, 'saw ["y", 5]'),
        ({"field": "a", "op": "contains", "value": "x"}, {"a": 5}, "saw 5, which is a number"),
        (
            {"field": "a", "op": "contains", "value": 5},
            {"a": "5"},
            'saw "5", which is text and never compares with a number',
        ),
        ({"field": "a", "op": "starts_with", "value": "x"}, {"a": 5}, "saw 5, which is a number"),
        ({"field": "a", "op": "within", "value": "1d"}, {"a": "soon"}, 'saw "soon", which is no instant'),
        ({"field": "a", "op": "within", "value": "1d"}, {"a": "2026-11-24"}, 'saw "2026-11-24"'),
        ({"field": "a", "op": "before", "value": "2026-01-01"}, {"a": 5}, "saw 5, which is no instant"),
        ({"field": "a", "op": "==", "value": {"datetime": "2026-11-24"}}, {"a": "2026-11-24"}, 'saw "2026-11-24"'),
        (
            {"field": "a", "op": "==", "value": {"datetime": "2026-11-24"}},
            {"a": "soon"},
            'saw "soon", which is text and never compares with an instant',
        ),
        ({"field": "a", "op": "==", "value": {"field": "b"}}, {"a": 1, "b": 2}, "saw 1; b is 2"),
        ({"field": "a", "op": "==", "value": {"field": "b"}}, {"a": 1}, "saw 1; b is missing"),
        (
            {"field": "a", "op": "==", "value": {"field": "b"}},
            {"a": 1, "b": "1"},
            'saw 1, which is a number and never compares with text; b is "1"',
        ),
        ({"field": "a", "op": "in", "value": {"field": "b"}}, {"a": 1, "b": [2, 3]}, "saw 1; b is [2, 3]"),
    ],
)
def test_a_clause_says_what_it_saw_and_why_that_could_not_do(data: Any, record: Any, reason: str) -> None:
    assert why(data, record) == reason


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (NEW, "new"),
        ({"field": "a", "op": "exists"}, None),
        ({"field": "a", "op": "in", "value": ["x", 1]}, ("x", 1)),
        ({"field": "a", "op": "between", "value": [1, 2]}, (1, 2)),
        ({"field": "a", "op": ">", "value": {"field": "b"}}, 5),
        ({"field": "a", "op": ">", "value": {"field": "c"}}, None),
        ({"field": "a", "op": ">", "value": {"now": "0d"}}, NOW),
        ({"field": "a", "op": "within", "value": "0d"}, (NOW, NOW)),
        ({"field": "a", "op": "==", "value": "X", "ignoreCase": True}, "x"),
    ],
)
def test_what_a_clause_compared_with_is_told(data: Any, expected: Any) -> None:
    assert explained(data, {"a": 1, "b": 5}).expected == expected


def test_items_are_counted_and_those_that_decide_are_shown() -> None:
    over = {"field": "x", "any": {"field": "@", "op": ">", "value": 5}}
    trace = explained(over, {"x": [1, 9, 2, 8, 7, 6, 10, 11]})
    assert (trace.operator, trace.clause, trace.held, trace.why) == ("any", "any of x", True, "6 of 8 items satisfy it")
    assert [child.seen for child in trace.children] == [9, 8, 7, 6, 10]
    assert trace.seen == [1, 9, 2, 8, 7, 6, 10, 11]
    assert trace.children[0].clause == "the item is more than 5"

    trace = explained({"field": "x", "all": over["any"]}, {"x": [1, 9, 2]})
    assert (trace.held, trace.why) == (False, "1 of 3 items satisfy it")
    assert [child.seen for child in trace.children] == [1, 2]

    trace = explained({"field": "x", "none": over["any"]}, {"x": [1, 9, 2]})
    assert (trace.operator, trace.held) == ("none", False)
    assert [child.seen for child in trace.children] == [9]

    trace = explained(over, {"x": [1, 2, 3, 4, 5, 0]})
    assert (trace.held, trace.why) == (False, "0 of 6 items satisfy it")
    assert [child.seen for child in trace.children] == [1, 2, 3, 4, 5]


def test_what_is_no_list_has_no_items() -> None:
    over = {"field": "x", "none": {"field": "@", "op": "exists"}}
    assert explained(over, {}).why == "it is missing"
    trace = explained(over, {"x": "abc"})
    assert (trace.held, trace.why, trace.seen) == (True, 'saw "abc", which is no list', "abc")


def test_related_records_are_counted() -> None:
    calls = {
        "related": "activities",
        "where": {"field": "type", "op": "==", "value": "call"},
        "within": "30d",
        "op": ">=",
        "value": 2,
    }
    records = [{"type": "call", "at": NOW}, {"type": "mail", "at": NOW}, {"type": "call", "at": "2025-01-01"}]
    trace = explained(calls, {}, activities=records)
    assert trace.clause == "number of matching activities in the last 30d is at least 2"
    assert (trace.seen, trace.expected, trace.held) == (1, 2, False)
    assert trace.why == "saw 1; 1 of 3 activities count"
    assert why({"related": "tasks", "aggregate": "latest", "op": "exists"}, {}) == "it is missing; 0 of 0 tasks count"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (NEW, 'status is "new"'),
        ({"field": "a", "op": "==", "value": "x", "ignoreCase": True}, 'a is "x" (in any case)'),
        ({"field": "a", "op": "missing"}, "a is missing"),
        ({"field": "a", "op": "in", "value": []}, "a is one of nothing"),
        ({"field": "a", "op": "in", "value": ["x"]}, 'a is one of "x"'),
        ({"field": "a", "op": "in", "value": ["x", 1]}, 'a is one of "x" or 1'),
        ({"field": "a", "op": "not_in", "value": [1, 2, 3]}, "a is none of 1, 2 or 3"),
        ({"field": "a", "op": "in", "value": [1, 2, 3, 4, 5]}, "a is one of 1, 2, 3, 4 or 5"),
        ({"field": "a", "op": "in", "value": [1, 2, 3, 4, 5, 6, 7]}, "a is one of 1, 2, 3, 4, 5 or 2 more"),
        ({"field": "a", "op": "between", "value": [1, {"field": "bC"}]}, "a is between 1 and bC"),
        ({"field": "a", "op": ">", "value": {"now": "-30d"}}, "a is more than 30d ago"),
        ({"field": "a", "op": ">", "value": {"now": "2w"}}, "a is more than 2w from now"),
        ({"field": "a", "op": ">", "value": {"now": "-0h"}}, "a is more than now"),
        ({"field": "a", "op": "within", "value": "3mo"}, "a is within the last 3mo"),
        ({"field": "a", "op": "before", "value": "2026-01-01"}, "a is before 2026-01-01T00:00:00Z"),
        ({"field": "a", "all": NEW}, "all of a"),
        ({"not": NEW}, "not"),
        ({"related": "company"}, "number of company is at least 1"),
        (
            {"related": "tasks", "aggregate": "sum", "of": "n", "where": NEW, "within": "1d", "op": ">", "value": 1},
            "sum of n of matching tasks in the last 1d is more than 1",
        ),
        ({"related": "tasks", "aggregate": "latest", "op": "missing"}, "latest tasks is missing"),
    ],
)
def test_a_condition_is_said_in_words(data: Any, words: str) -> None:
    assert phrase(read_condition(data)) == words


def test_a_pattern_is_said_in_words() -> None:
    pytest.importorskip("re2", reason="needs the extra `regex`")
    assert phrase(read_condition({"field": "a", "op": "matches", "value": "a\\."})) == 'a matches "a\\\\."'


def test_a_path_is_named_without_what_a_terminal_would_obey() -> None:
    assert phrase_path(parse_path("@")) == "the item"
    assert phrase_path(parse_path('a["\x1b[2J"]'.replace("\x1b", "\\u001b"))) == 'a["\\u001b[2J"]'
    assert phrase_path(parse_path("a\u202eb")) == "a\\u202eb"
    assert phrase_path(parse_path("a" * 61)) == "a" * 60 + "…"


def test_text_is_aligned_with_one_line_a_clause() -> None:
    trace = explained({"and": [NEW, {"or": [TEAM]}]}, {"status": "new", "properties": {"team_size": 7}})
    assert str(trace).split("\n") == [
        "✗ all of                                    1 of 2 hold",
        '  ✓ status is "new"                         saw "new"',
        "  ✗ any of                                  0 of 1 hold",
        "    ✗ properties.team_size is at least 10   saw 7",
    ]


def test_a_very_long_clause_does_not_push_the_others_aside() -> None:
    def line(length: int) -> Trace:
        return Trace(clause="c" * length, operator="==", held=True, why="w")

    trace = Trace(clause="all of", operator="and", held=True, why="x", children=(line(68), line(69)))
    first, second, third = str(trace).split("\n")
    assert first == "✓ all of" + " " * 67 + "x"
    assert second == "  ✓ " + "c" * 68 + "   w"
    assert third == "  ✓ " + "c" * 69 + "   w"
    assert str(line(100)) == "✓ " + "c" * 100 + "   w"


def test_html_needs_no_style_sheet_and_escapes_everything() -> None:
    trace = explained({"and": [{"field": "a", "op": "==", "value": "<b>"}]}, {"a": '<script>&"'})
    cross = '<span style="color:#e5484d;font-weight:600">✗</span>'
    assert trace._repr_html_() == markup.framed(
        '<ul style="list-style:none;margin:0;padding-left:0">'
        f'<li>{cross} all of &nbsp;<span style="opacity:.65">0 of 1 hold</span>'
        '<ul style="list-style:none;margin:0;padding-left:1.5em;border-left:2px solid #7f7f7f33">'
        f"<li>{cross} a is &quot;&lt;b&gt;&quot; &nbsp;"
        '<span style="opacity:.65">saw &quot;&lt;script&gt;&amp;\\&quot;&quot;</span></li>'
        "</ul></li></ul>"
    )
    two = explained({"and": [NEW, TEAM]}, {})._repr_html_()
    assert two.count("</li><li>") == 1
    assert two.endswith("</li></ul></li></ul></div>")
    assert '<span style="color:#238636;font-weight:600">✓</span>' in explained({"and": []}, {})._repr_html_()


def test_a_terminal_shows_a_tree_in_which_nothing_is_markup() -> None:
    pytest.importorskip("rich", reason="needs the extra `cli`")
    console = importlib.import_module("rich.console").Console(width=120, color_system=None)
    trace = explained({"and": [{"not": NEW}, {"field": "a", "op": "exists"}]}, {"status": "[red]x", "a": "[/]"})
    with console.capture() as shown_there:
        console.print(trace)
    assert shown_there.get().split("\n") == [
        "✓ all of  2 of 2 hold",
        "├── ✓ not  what stands in it does not hold",
        '│   └── ✗ status is "new"  saw "[red]x"',
        '└── ✓ a is known  saw "[/]"',
        "",
    ]
    tree = trace.__rich__()
    assert [str(span.style) for span in tree.label.spans] == ["green", "dim"]
    assert [str(span.style) for span in tree.children[0].children[0].label.spans] == ["red", "dim"]


def test_without_its_extra_the_tree_says_which_one_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "rich"]:
        monkeypatch.delitem(sys.modules, name)
    given = builtins.__import__

    def without_rich(name: str, *more: Any, **options: Any) -> Any:
        if name.startswith("rich"):
            raise ImportError(name)
        return given(name, *more, **options)

    monkeypatch.setattr(builtins, "__import__", without_rich)
    with pytest.raises(MissingExtra) as caught:
        explained({"and": []}, {}).__rich__()
    assert (caught.value.extra, caught.value.feature) == ("cli", "a trace as a tree")


def test_a_trace_is_plain_json() -> None:
    trace = explained({"and": [TEAM, {"field": "t", "op": "within", "value": "0d"}]}, {"properties": {"team_size": 7}})
    assert json.loads(json.dumps(trace.as_dict())) == {
        "clause": "all of",
        "operator": "and",
        "expected": None,
        "seen": None,
        "held": False,
        "why": "0 of 2 hold",
        "children": [
            {
                "clause": "properties.team_size is at least 10",
                "operator": ">=",
                "expected": 10,
                "seen": 7,
                "held": False,
                "why": "saw 7",
                "children": [],
            },
            {
                "clause": "t is within the last 0d",
                "operator": "within",
                "expected": ["2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z"],
                "seen": None,
                "held": False,
                "why": "it is missing",
                "children": [],
            },
        ],
    }


@attrs.frozen
class Company:
    name: str


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        ("a", '"a"'),
        ('a"b\\', '"a\\"b\\\\"'),
        ("a\nb\u202e", '"a\\u000ab\\u202e"'),
        ("x" * 60, f'"{"x" * 60}"'),
        ("x" * 61, f'"{"x" * 60}…"'),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (-2.5, "-2.5"),
        (2**255, str(2**255)[:60] + "…"),
        (10**77 - 1, "9" * 60 + "…"),
        (2**256, "a whole number of 257 bits"),
        (-(2**5000), "a whole number of 5001 bits"),
        (Decimal("1.50"), "1.50"),
        (Decimal("sNaN"), "sNaN"),
        (float("inf"), "inf"),
        (NOW, "2026-11-24T12:00:00Z"),
        (NOW.replace(tzinfo=None), "2026-11-24T12:00:00"),
        (date(2026, 11, 24), "2026-11-24T00:00:00Z"),
        ([], "[]"),
        ([1, "a", None, [2], {}], '[1, "a", nothing, […], an object with 0 keys]'),
        ((1, 2, 3, 4, 5, 6), "[1, 2, 3, 4, 5, … 1 more]"),
        ({"a": 1}, "an object with 1 key"),
        ({"a": 1, "b": 2}, "an object with 2 keys"),
        (Company("Acme"), "an object"),
        (b"x", "a bytes"),
        ({1}, "a set"),
    ],
)
def test_a_value_is_shown_short_and_on_one_line(value: Any, words: str) -> None:
    assert shown(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        ("a", "text"),
        (1, "a number"),
        (True, "true or false"),
        (NOW, "an instant"),
        ([], "a list"),
        ({}, "an object"),
        (float("nan"), "a number that is not finite"),
        (Decimal("Infinity"), "a number that is not finite"),
        (NOW.replace(tzinfo=None), "a date-time without a time zone"),
        ({1}, "a set"),
        (b"", "a bytes"),
    ],
)
def test_a_value_is_described_by_its_kind(value: Any, words: str) -> None:
    assert described(value) == words


def test_every_kind_has_a_name() -> None:
    assert [named(kind) for kind in Kind] == ["text", "a number", "true or false", "an instant", "a list", "an object"]


def test_what_a_terminal_would_obey_is_written_out() -> None:
    assert printable("a b…ä") == "a b…ä"
    assert printable("\x1b\x85\u200f\U000e0001") == "\\u001b\\u0085\\u200f\\ue0001"
    assert shortened("ab") == "ab"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        ("x" * 100, "x" * 100),
        (True, True),
        (2**53 - 1, 2**53 - 1),
        (-(2**53), "-9007199254740992"),
        (2**53, "9007199254740992"),
        (0.5, 0.5),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (Decimal("1.50"), "1.50"),
        (NOW, "2026-11-24T12:00:00Z"),
        ({"a": 1}, "an object with 1 key"),
        ([1, None, [2], NOW], [1, None, "[2]", "2026-11-24T12:00:00Z"]),
        (tuple(range(30)), list(range(20))),
    ],
)
def test_a_value_is_made_plain_for_json(value: Any, plain: Any) -> None:
    assert as_json(value) == plain
