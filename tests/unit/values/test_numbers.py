from decimal import ROUND_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from leadkit.values import Amount, Points, from_hundredths, hundredths, round_half_even
from leadkit.values.numbers import read_points, signed, to_cents

AMOUNT = TypeAdapter(Amount)


@pytest.mark.parametrize(
    ("value", "points"),
    [
        (20, 20),
        (-5, -5),
        (2.0, 2),
        (2.5, 2.5),
        (0.01, 0.01),
        (0, 0),
        (1_000_000, 1_000_000),
        (-1_000_000.0, -1_000_000),
    ],
)
def test_points_have_at_most_two_decimals_and_whole_ones_are_ints(value, points):
    found = read_points(value)

    assert found == points
    assert type(found) is type(points)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (True, "points are a number"),
        ("5", "points are a number"),
        (None, "points are a number"),
        (Decimal(5), "points are a number"),
        (1_000_000.01, "points lie between -1,000,000 and 1,000,000"),
        (-1_000_001, "points lie between -1,000,000 and 1,000,000"),
        (float("nan"), "points lie between -1,000,000 and 1,000,000"),
        (float("inf"), "points lie between -1,000,000 and 1,000,000"),
        (0.125, "points have at most two decimals"),
    ],
)
def test_what_are_no_points_is_refused_with_the_reason(value, message):
    with pytest.raises(ValueError, match="points") as caught:
        read_points(value)

    assert str(caught.value) == message


def test_points_go_over_the_wire_as_numbers():
    kind = TypeAdapter(Points)

    assert kind.dump_json(20) == b"20"
    assert kind.dump_json(2.5) == b"2.5"
    assert kind.json_schema() == {"type": "number", "multipleOf": 0.01, "minimum": -1_000_000, "maximum": 1_000_000}


@given(st.integers(-100_000_000, 100_000_000))
def test_hundredths_and_points_are_inverse(count):
    assert hundredths(from_hundredths(count)) == count
    assert read_points(from_hundredths(count)) == from_hundredths(count)


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (0.125, 12),
        (0.375, 38),
        (-0.125, -12),
        (-0.375, -38),
        (0.1250001, 13),
        (Decimal("0.005"), 0),
        (Decimal("0.015"), 2),
        (Fraction(1, 3), 33),
        (7, 700),
    ],
)
def test_a_computed_line_is_rounded_to_hundredths_a_tie_to_the_even_one(value, count):
    assert round_half_even(value) == count


@pytest.mark.parametrize(
    ("value", "amount"),
    [(12_000, "12000"), ("12000.50", "12000.50"), (0.1, "0.1"), (Decimal("1.2345"), "1.2345"), (0, "0")],
)
def test_money_is_an_exact_decimal(value, amount):
    found = AMOUNT.validate_python(value)

    assert isinstance(found, Decimal)
    assert found == Decimal(amount)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (True, "an amount is a number"),
        (False, "an amount is a number"),
        (float("nan"), "an amount is a finite number"),
        (float("-inf"), "an amount is a finite number"),
        (Decimal("NaN"), "finite"),
        (-1, "greater than or equal to 0"),
        ("1.23456", "4 decimal places"),
        ("1234567890123456789", "18 digits"),
        ("much", "valid decimal"),
    ],
)
def test_what_is_no_money_is_refused_with_the_reason(value, message):
    with pytest.raises(ValidationError, match=message):
        AMOUNT.validate_python(value)


def test_money_for_people_is_rounded_half_even_to_two_decimals():
    assert str(to_cents(Decimal("10.125"))) == "10.12"
    assert str(to_cents(Decimal("10.135"))) == "10.14"
    assert str(to_cents(Decimal(3))) == "3.00"
    with localcontext(rounding=ROUND_UP):
        assert str(to_cents(Decimal("10.125"))) == "10.12"


@pytest.mark.parametrize(
    ("points", "text"), [(1_250, "+1,250"), (-5, "-5"), (0, "0"), (2.5, "+2.5"), (-1_000_000, "-1,000,000")]
)
def test_points_are_written_with_their_sign(points, text):
    assert signed(points) == text
