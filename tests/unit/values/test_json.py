import json
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from leadkit.values import JsonObject, canonical_json, fingerprint
from leadkit.values.json import read_json_object


def test_canonical_json_is_one_text_for_equal_documents():
    assert canonical_json({"b": [1, 2.5, None], "a": "Zoë"}) == '{"a":"Zoë","b":[1,2.5,null]}'


def test_canonical_json_refuses_what_json_cannot_hold():
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json(float("nan"))


def test_a_fingerprint_is_the_sha256_of_the_canonical_text():
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 1.0})


def test_an_object_is_copied_so_that_later_changes_do_not_reach_it():
    given_object = {"tags": ["a", {"b": [1]}], "pair": (1, 2)}
    found = read_json_object(given_object)
    given_object["tags"][1]["b"].append(2)

    assert found == {"tags": ["a", {"b": [1]}], "pair": [1, 2]}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": None, "b": True, "c": 1, "d": 1.5, "e": "x", "": 0},
        {"1": {"2": {"3": {"4": {}}}}},
        {"1": [[[[]]]]},
        {"n": 2**1023},
        {"t": "x" * 10_000},
        {"k" * 10_000: 1},
    ],
)
def test_free_json_within_the_limits_is_kept(value):
    assert read_json_object(value) == value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "expected an object"),
        ("x", "expected an object"),
        (None, "expected an object"),
        ({"1": {"2": {"3": {"4": {"5": {}}}}}}, "1.2.3.4.5 nests deeper than 5 levels"),
        ({"1": [[[[[]]]]]}, "1[0][0][0][0] nests deeper than 5 levels"),
        ({"n": float("nan")}, "n must be a finite number"),
        ({"n": [1, float("inf")]}, "n[1] must be a finite number"),
        ({"n": 2**1024}, "n is too large a number"),
        ({"n": -(2**1024)}, "n is too large a number"),
        ({"t": "x" * 10_001}, "t is longer than 10,000 characters"),
        ({"a": {"t": "\x00"}}, "a.t: text cannot hold a NUL character"),
        ({"t": "\ud800"}, "t: text cannot hold a lone surrogate"),
        ({"t": object()}, "t must be JSON: text, a number, true, false, null, a list or an object"),
        ({"t": b"x"}, "t must be JSON: text, a number, true, false, null, a list or an object"),
        ({1: 2}, "an object has a key that is no text"),
        ({"a": {None: 2}}, "a has a key that is no text"),
        ({"\x00": 2}, "a key of the object: text cannot hold a NUL character"),
        ({"a": {"k" * 10_001: 2}}, "a key of a is longer than 10,000 characters"),
        ({f"k{i}": "x" * 9_000 for i in range(8)}, "larger than 64 KiB"),
    ],
)
def test_free_json_beyond_the_limits_is_refused_with_the_place(value, message):
    with pytest.raises(ValueError, match=r"\w") as caught:
        read_json_object(value)

    assert str(caught.value) == message


def test_the_size_is_counted_in_bytes_of_the_compact_text():
    overhead = len(json.dumps({f"k{i}": "" for i in range(7)}, separators=(",", ":")))
    room = 64 * 1024 - overhead
    exact = {f"k{i}": "é" * (room // 14) for i in range(7)}
    exact["k0"] += "x" * (room - 7 * 2 * (room // 14))

    assert read_json_object(exact) == exact
    exact["k0"] += "x"
    with pytest.raises(ValueError, match=r"^larger than 64 KiB$"):
        read_json_object(exact)


def test_a_bomb_is_refused_without_recursion():
    bomb: dict[str, object] = {}
    for _ in range(100_000):
        bomb = {"a": bomb}

    with pytest.raises(ValueError, match=r"nests deeper than 5 levels$"):
        read_json_object(bomb)


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@given(st.dictionaries(st.text(), scalars | st.lists(scalars)))
def test_what_is_kept_is_what_json_would_carry(value):
    try:
        kept = read_json_object(value)
    except ValueError:
        return
    assert json.loads(json.dumps(kept)) == kept == value


def test_free_json_is_an_object_in_the_schema():
    assert TypeAdapter(JsonObject).json_schema() == {"type": "object", "additionalProperties": True}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": "x", "b": 1, "c": True, "d": None, "e": -(2**63)},
        {f"k{number}": "x" * 80 for number in range(64)},
        {f"k{number}": number for number in range(65)},
        {"k" * 81: 1},
        {"t": "x" * 81},
        {"é": "è"},
        {"n": 2**64},
        {"n": 0.5},
        {"nested": {"a": [1]}},
        defaultdict(int, {"a": 1}),
    ],
)
def test_an_object_is_copied_whether_it_is_small_and_flat_or_not(value):
    kept = read_json_object(value)

    assert kept == value
    assert kept is not value
    assert type(kept) is dict
    assert repr(kept) == repr(dict(value))


def test_the_largest_object_that_is_only_glanced_at_is_within_the_limit():
    escaped = {f"{number:02}" + "\x01" * 78: "\x01" * 80 for number in range(64)}

    assert read_json_object(escaped) == escaped
    assert len(json.dumps(escaped, separators=(",", ":"))) <= 64 * 1024


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": "\x00"}, "a: text cannot hold a NUL character"),
        ({"\x00": "a"}, "a key of the object: text cannot hold a NUL character"),
        ({1: "a"}, "an object has a key that is no text"),
        ({"a": float("nan")}, "a must be a finite number"),
        ({"a": object()}, "a must be JSON: text, a number, true, false, null, a list or an object"),
    ],
)
def test_a_small_flat_object_is_refused_like_any_other(value, message):
    with pytest.raises(ValueError, match=r"\w") as caught:
        read_json_object(value)

    assert str(caught.value) == message
