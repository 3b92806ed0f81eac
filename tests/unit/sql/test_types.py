import json

import pytest

pytest.importorskip("sqlalchemy", reason="sqlalchemy is an extra of leadkit")

from hypothesis import given
from hypothesis import strategies as st

from leadkit.sql.types import dump_json, load_json

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(VALUES)
def test_json_comes_back_as_it_was_written(value):
    written = dump_json(value)

    assert repr(load_json(written)) == repr(value)
    assert repr(json.loads(written)) == repr(value)


@pytest.mark.parametrize("value", [{}, [], (), 0, False, "", None])
def test_what_is_empty_is_written_as_what_it_is(value):
    assert dump_json(value) == json.dumps(value)


def test_the_order_and_the_numbers_are_those_that_were_given():
    value = {"b": 1, "a": 1.0, "c": 10**30, "d": 1e16, "e": "é"}

    assert dump_json(value) == '{"b":1,"a":1.0,"c":1000000000000000000000000000000,"d":1e+16,"e":"é"}'


def test_json_may_nest_deeper_than_the_quick_reader_and_writer_go():
    deep: list[object] = []
    for _ in range(600):
        deep = [deep]

    assert load_json(dump_json(deep)) == deep


@pytest.mark.parametrize("value", [{"a": float("nan")}, [float("inf")], -float("inf")])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(ValueError, match="JSON compliant"):
        dump_json(value)


@pytest.mark.parametrize("value", ["NaN", {"Infinity": "is a word too"}, ["-Infinity"]])
def test_words_for_what_json_cannot_hold_are_words(value):
    assert load_json(dump_json(value)) == value
