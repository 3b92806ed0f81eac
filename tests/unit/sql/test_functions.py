import pytest

pytest.importorskip("sqlalchemy", reason="sqlalchemy is an extra of leadkit")

from leadkit.sql.functions import instant_micros, lower, matches, number_order


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ("1", "2", -1),
        ("1", "1.0", 0),
        ("9223372036854775809", "9223372036854775808.0", 1),
        ("1e23", "100000000000000000000000", -1),
        ("-5e-324", "0", -1),
        ("null", "1", None),
        ("1", "null", None),
        ("true", "1", None),
        ("true", "false", None),
        ("[1]", "1", None),
        (None, "1", None),
        ("1", None, None),
    ],
)
def test_numbers_are_ordered_exactly_and_nothing_else_is(left, right, order):
    assert number_order(left, right) == order


def test_a_function_of_nothing_is_nothing():
    assert lower(None) is None
    assert instant_micros(None) is None
    assert matches("a", 0, None) is None


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "2026-11-24T24:00:00Z", "2026-11-24T10:00:00"])
def test_text_that_is_no_instant_has_no_microseconds(text):
    assert instant_micros(text) is None


def test_an_instant_is_counted_in_microseconds():
    assert instant_micros("1969-12-31T23:59:59.999999Z") == -1
    assert instant_micros("2026-11-24T13:00:00+01:00") == 1_795_521_600_000_000
