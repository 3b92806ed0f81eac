from __future__ import annotations

import json
import math
from collections import UserDict
from types import MappingProxyType
from typing import Any

import pytest

from leadkit.conditions.bounds import MOST_FAULTS, most_levels, most_values, within_bounds
from leadkit.conditions.json_text import load_json
from leadkit.conditions.places import at_index, at_key
from leadkit.conditions.vocabulary import DEFAULT, Limits, Vocabulary
from leadkit.errors import Fault

LIMITS = Limits()


def scanned(data: Any, limits: Limits = LIMITS, **options: Any) -> list[str]:
    faults: list[Fault] = []
    assert within_bounds(data, "$", faults, limits, **options) is (not faults)
    return [f"{fault} ({fault.code})" for fault in faults]


def loaded(text: str | bytes, limits: Limits = LIMITS, **options: Any) -> list[str]:
    faults: list[Fault] = []
    data = load_json(text, "$", faults, limits, **options)
    assert data is None or not faults
    return [f"{fault} ({fault.code})" for fault in faults] or scanned(data, limits, **options)


def lists(levels: int) -> Any:
    data: Any = []
    for _ in range(levels - 1):
        data = [data]
    return data


@pytest.mark.parametrize("data", [{}, [], None, True, 1, 0.5, "text", {"a": [1, {"b": None}]}, (1, (2,))])
def test_plain_json_is_within_bounds(data: Any) -> None:
    assert scanned(data) == []


def test_levels_are_counted_before_anything_recurses() -> None:
    assert (most_levels(LIMITS), most_levels(Limits(depth=1))) == (68, 6)
    assert scanned(lists(68)) == []
    assert scanned(lists(69)) == ["$: conditions may stand 32 deep inside each other (too-deep)"]
    assert scanned(lists(7), Limits(depth=1)) == ["$: conditions may stand 1 deep inside each other (too-deep)"]
    assert scanned(lists(9), Limits(depth=1), outer_levels=3) == []
    assert scanned(lists(10), Limits(depth=1), outer_levels=3) != []
    assert scanned(lists(100_000)) == ["$: conditions may stand 32 deep inside each other (too-deep)"]


def test_levels_of_text_are_counted_alike() -> None:
    assert loaded(json.dumps(lists(68))) == []
    assert loaded(json.dumps(lists(69))) == ["$: conditions may stand 32 deep inside each other (too-deep)"]
    assert loaded(json.dumps(lists(9)), Limits(depth=1), outer_levels=3) == []
    assert loaded(json.dumps(lists(10)), Limits(depth=1), outer_levels=3) != []
    assert loaded("[[],[],[]]" * 1, Limits(depth=1)) == []
    assert loaded("[" + "[]," * 20 + '{"a":{}}]') == []


@pytest.mark.parametrize("text", ['"[[[[[[[["', '"\\"[[[[[[[["', '"\\\\"', '{"[": "{"}', '"]"', '["]]]]", "[[[["]'])
def test_brackets_inside_strings_are_no_levels(text: str) -> None:
    assert loaded(text, Limits(depth=1)) == []
    assert loaded(text.encode(), Limits(depth=1)) == []


def test_levels_after_an_escaped_quote_are_counted() -> None:
    assert loaded('["\\\\",' + "[" * 10 + "]" * 11, Limits(depth=1))[0].endswith("(too-deep)")


def test_a_string_that_never_ends_is_looked_through_once() -> None:
    assert loaded('"' + '\\"' * 100_000)[0].startswith("$: not JSON: Unterminated string")


def test_values_are_counted() -> None:
    assert most_values(LIMITS) == 26_214
    limits = Limits(document_bytes=40)
    assert scanned([1, 2, 3, 4], limits) == []
    assert scanned([1, 2, 3, 4, 5], limits) == ["$: holds more than 4 values (too-many)"]
    assert scanned([[1], [2]], limits) == []
    assert scanned([[1], [2], 3], limits) == ["$: holds more than 4 values (too-many)"]
    assert scanned({"a": 1, "b": [1, 2]}, limits) == []
    assert scanned({"a": 1, "b": [1, 2, 3]}, limits) == ["$: holds more than 4 values (too-many)"]
    assert loaded("[[],[],[]]", limits) == []
    assert loaded("[[],[],[],[]]", limits) == ["$: holds more than 4 values (too-many)"]


def test_a_list_that_doubles_itself_is_refused() -> None:
    data: Any = []
    for _ in range(40):
        data = [data, data]
    assert scanned(data) == ["$: holds more than 26,214 values (too-many)"]


def test_a_list_that_holds_itself_is_refused() -> None:
    data: list[Any] = []
    data.append(data)
    assert scanned(data) == ["$: conditions may stand 32 deep inside each other (too-deep)"]


def test_what_is_too_long_is_named_and_not_looked_into() -> None:
    assert scanned({"a": {"b": [math.nan] * 1_001}, "c": math.nan}) == [
        "$.c: a number is finite; JSON has no NaN and no infinity (wrong-number)",
        "$.a.b: holds 1,001 values, more than 1,000 (too-long)",
    ]
    assert scanned([1] * 1_000) == []
    assert scanned([1] * 1_001, Limits(nodes=1_001)) == []
    assert scanned({str(key): 1 for key in range(1_001)}) == ["$: holds 1,001 values, more than 1,000 (too-long)"]


def test_text_is_measured() -> None:
    limits = Limits(document_bytes=100)
    assert scanned("x" * 100, limits) == []
    assert scanned("x" * 101, limits) == ["$: larger than 100 bytes (too-large)"]
    assert scanned({"k" * 60: "x" * 40}, limits) == []
    assert scanned({"k" * 60: "x" * 41}, limits) == ["$: larger than 100 bytes (too-large)"]
    assert scanned(["x" * 50, "x" * 51, "\x00"], limits) == [
        "$: larger than 100 bytes (too-large)",
        "$: larger than 100 bytes (too-large)",
    ]
    assert loaded('"' + "x" * 98 + '"', limits) == []
    assert loaded('"' + "x" * 99 + '"', limits) == ["$: larger than 100 bytes (too-large)"]
    assert loaded(b'"' + b"x" * 98 + b'"', limits) == []
    assert loaded(b'"' + b"x" * 99 + b'"', limits) == ["$: larger than 100 bytes (too-large)"]


def test_text_is_measured_in_bytes() -> None:
    limits = Limits(document_bytes=100)
    assert loaded('"' + "ä" * 49 + '"', limits) == []
    assert loaded('"' + "ä" * 50 + '"', limits) == ["$: larger than 100 bytes (too-large)"]
    assert loaded('"\ud800"', limits) == ["$: text cannot hold a lone surrogate (wrong-text)"]


def test_places_are_those_of_the_document_in_its_order() -> None:
    data = {"a": [1, {"b c": math.nan}, [math.inf]], "d": "\x00", "e\x00": 1, "f": {"g": [b""]}}
    assert scanned(data) == [
        "$: text cannot hold a NUL character (wrong-text)",
        "$.d: text cannot hold a NUL character (wrong-text)",
        '$.a[1]["b c"]: a number is finite; JSON has no NaN and no infinity (wrong-number)',
        "$.a[2][0]: a number is finite; JSON has no NaN and no infinity (wrong-number)",
        "$.f.g[0]: not JSON: a bytes (not-json)",
    ]


def test_a_key_that_is_no_text_is_a_fault_and_hides_what_it_holds() -> None:
    assert scanned({"a": {1: math.nan, None: 2}}) == [
        "$.a: a key is text, not a number (wrong-key)",
        "$.a: a key is text, not null (wrong-key)",
    ]


def test_other_mappings_are_objects_too() -> None:
    assert scanned(MappingProxyType({"a": math.nan})) == [
        "$.a: a number is finite; JSON has no NaN and no infinity (wrong-number)"
    ]
    assert scanned(UserDict({"a": [1]})) == []


def test_after_a_hundred_faults_it_is_enough() -> None:
    assert len(scanned([[math.nan] for _ in range(300)])) == MOST_FAULTS == 100
    assert len(scanned([[math.nan] * 60 for _ in range(300)])) == 120


def test_earlier_faults_are_kept_and_do_not_count() -> None:
    faults = [Fault(path="$", message="earlier")] * 200
    assert within_bounds({"a": 1}, "$", faults, LIMITS)
    assert not within_bounds({"a": math.nan}, "$.x", faults, LIMITS)
    assert len(faults) == 201
    assert faults[-1].path == "$.x.a"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "$: not JSON: Expecting value at line 1, column 1 (not-json)"),
        ('{"a":\n 1,}', "$: not JSON: Illegal trailing comma before end of object at line 2, column 3 (not-json)"),
        ('{"a": 1} x', "$: not JSON: Extra data at line 1, column 10 (not-json)"),
        (b'{"a": "\xff"}', "$: not UTF-8: byte 8 is wrong (not-utf-8)"),
        ('{"a": NaN}', "$.a: a number is finite; JSON has no NaN and no infinity (wrong-number)"),
        ("[-Infinity]", "$[0]: a number is finite; JSON has no NaN and no infinity (wrong-number)"),
        ("[1e999]", "$[0]: a number is finite; JSON has no NaN and no infinity (wrong-number)"),
        ('{"a": ' + "9" * 5_000 + "}", "$.a: a number is finite; JSON has no NaN and no infinity (wrong-number)"),
        ("[" + "9" * 401 + "]", "$[0]: a number is finite; JSON has no NaN and no infinity (wrong-number)"),
        ("[" + "9" * 400 + "]", "$[0]: too large a number (wrong-number)"),
        ("[1" + "0" * 308 + "]", None),
        ('{"a": {"b": 1, "c": 2, "b": 3}}', "$.a.b: this key stands here more than once (repeated-key)"),
        ('{"a": 1, "a": 1, "a": 1}', "$.a: this key stands here more than once (repeated-key)"),
        ('["\\u0000"]', "$[0]: text cannot hold a NUL character (wrong-text)"),
        ('["\\ud800"]', "$[0]: text cannot hold a lone surrogate (wrong-text)"),
        ('["\\ud83d\\ude00"]', None),
    ],
)
def test_hostile_text_is_refused_where_it_is_hostile(text: str | bytes, fault: str | None) -> None:
    found = loaded(text)
    assert [
        each.replace(
            "Expecting property name enclosed in double quotes", "Illegal trailing comma before end of object"
        ).replace("line 2, column 4", "line 2, column 3")
        for each in found
    ] == ([] if fault is None else [fault])


def test_of_repeated_keys_the_first_ten_are_named() -> None:
    text = "{" + ",".join(f'"k{key}": 1, "k{key}": 2' for key in range(20)) + "}"
    assert loaded(text) == [f"$.k{key}: this key stands here more than once (repeated-key)" for key in range(10)]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert loaded("\ufeff[]") == []
    assert loaded("\ufeff[]".encode()) == []
    assert loaded("\ufeff\ufeff[]") != []


def test_a_key_that_is_no_word_stands_in_brackets() -> None:
    assert at_key("$", "a_1") == "$.a_1"
    assert at_key("$", "1a") == '$["1a"]'
    assert at_key("$", "ä") == '$["ä"]'
    assert at_key("$", "") == '$[""]'
    assert at_key("$", "x y" * 40) == f'$["{("x y" * 40)[:80]}"]'
    assert at_index("$.a", 3) == "$.a[3]"


@pytest.mark.parametrize(
    "limits", [{"depth": 0}, {"depth": 101}, {"nodes": 0}, {"list_items": 0}, {"patterns": 0}, {"document_bytes": -1}]
)
def test_limits_are_sensible(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(limits))):
        Limits(**limits)


def test_limits_are_numbers() -> None:
    with pytest.raises(TypeError, match="depth"):
        Limits(depth="3")  # type: ignore[arg-type] # the wrong type is the point


def test_the_defaults_are_those_of_the_language() -> None:
    assert Vocabulary() == DEFAULT
    assert DEFAULT.limits == Limits(depth=32, nodes=500, list_items=1_000, document_bytes=262_144, patterns=20)
    assert Limits(depth=100).depth == 100
    assert Limits(depth=1, nodes=1).nodes == 1
    assert list(DEFAULT.related) == ["activities", "tasks", "opportunities", "company", "campaign"]
