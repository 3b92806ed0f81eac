from __future__ import annotations

from fractions import Fraction

import pytest

from leadkit.analytics.spreads import Length, Spread, percentile

SECOND = 1_000_000
DAY = 86_400 * SECOND


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7], Fraction(1, 2), Fraction(7)),
        ([7], Fraction(9, 10), Fraction(7)),
        ([1, 2], Fraction(1, 2), Fraction(3, 2)),
        ([1, 2, 9], Fraction(1, 2), Fraction(2)),
        ([1, 2, 4, 8], Fraction(1, 2), Fraction(3)),
        ([1, 2, 4, 8], Fraction(9, 10), Fraction(34, 5)),
        ([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100], Fraction(9, 10), Fraction(90)),
        ([1, 5], Fraction(0), Fraction(1)),
        ([1, 5], Fraction(1), Fraction(5)),
    ],
)
def test_a_percentile_lies_between_the_two_nearest_values(
    values: list[int], share: Fraction, expected: Fraction
) -> None:
    assert percentile(values, share) == expected
    assert isinstance(percentile(values, share), Fraction)


@pytest.mark.parametrize(
    ("microseconds", "seconds", "days"),
    [
        (Fraction(0), 0, 0),
        (Fraction(DAY), 86_400, 1),
        (Fraction(DAY * 3, 2), 129_600, 1.5),
        (Fraction(5_000), 0, 0),
        (Fraction(15_000), 0.02, 0),
        (Fraction(25_000), 0.02, 0),
        (Fraction(SECOND, 3), 0.33, 0),
        (Fraction(DAY, 200), 432, 0),
        (Fraction(DAY * 3, 200), 1296, 0.02),
    ],
)
def test_a_length_is_told_in_two_units_rounded_half_even(microseconds: Fraction, seconds: float, days: float) -> None:
    length = Length.of(microseconds)
    assert (length.seconds, length.days) == (seconds, days)
    assert (type(length.seconds), type(length.days)) == (type(seconds), type(days))


def test_no_samples_have_no_spread() -> None:
    assert Spread.of([]) == Spread(leads=0, median=None, p90=None)


def test_a_spread_takes_samples_in_any_order() -> None:
    spread = Spread.of(iter([8 * SECOND, SECOND, 4 * SECOND, 2 * SECOND]))
    assert spread == Spread(leads=4, median=Length(seconds=3, days=0), p90=Length(seconds=6.8, days=0))


def test_a_spread_is_written_in_camel_case() -> None:
    dumped = Spread.of([DAY]).model_dump_json()
    assert dumped == '{"leads":1,"median":{"seconds":86400,"days":1},"p90":{"seconds":86400,"days":1}}'
