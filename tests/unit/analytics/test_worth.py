from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from leadkit.analytics.histories import Place
from leadkit.analytics.worth import Holding, Sums, ValueLine, exact_money, value_lines

NEW, DEAL, GONE = (Place("inbound", stage) for stage in ("new", "deal", "gone"))
ODDS = {NEW: 0.1, DEAL: 1.0}


@pytest.mark.parametrize(
    ("value", "money"),
    [
        (0, Fraction(0)),
        (12, Fraction(12)),
        (0.1, Fraction(1, 10)),
        (1e22, Fraction(10**22)),
        (-1, None),
        (-0.01, None),
        (True, None),
        (False, None),
        ("12", None),
        (None, None),
        ([12], None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_a_worth_is_a_number_that_is_not_negative(value: object, money: Fraction | None) -> None:
    assert exact_money(value) == money


def line(sums: Sums) -> ValueLine:
    (found,) = value_lines(sums, ODDS)
    return found


def test_amounts_are_weighted_by_the_place_they_stand_in() -> None:
    sums = Sums()
    sums.add(Holding.OPEN, "USD", NEW, Fraction(10))
    sums.add(Holding.OPEN, "USD", NEW, Fraction(20))
    sums.add(Holding.OPEN, "USD", DEAL, Decimal("5.5"))
    sums.add(Holding.OPEN, "USD", GONE, Decimal(100))
    sums.add(Holding.OPEN, "USD", None, Decimal(1000))
    assert line(sums) == ValueLine(
        holding=Holding.OPEN, currency="USD", leads=5, amount=Decimal("1135.50"), weighted=Decimal("8.50")
    )


def test_totals_are_rounded_half_even_to_two_decimals_and_parts_are_not() -> None:
    sums = Sums()
    for _ in range(3):
        sums.add(Holding.CONVERTED, "USD", DEAL, Decimal("0.005"))
    assert str(line(sums).amount) == "0.02"
    sums.add(Holding.CONVERTED, "USD", DEAL, Decimal("0.010"))
    assert str(line(sums).weighted) == "0.02"


def test_sums_are_exact_however_large_they_grow() -> None:
    sums = Sums()
    sums.add(Holding.OPEN, "USD", DEAL, Fraction(10**40))
    sums.add(Holding.OPEN, "USD", DEAL, Fraction(1, 100))
    assert str(line(sums).amount) == f"1{'0' * 40}.01"


def test_each_holding_and_currency_has_a_line_of_its_own() -> None:
    sums = Sums()
    for holding, currency in (("converted", "USD"), ("converted", "EUR"), ("open", "USD")):
        sums.add(Holding(holding), currency, NEW, Fraction(10))
    assert [(found.holding.value, found.currency, found.leads) for found in value_lines(sums, ODDS)] == [
        ("open", "USD", 1),
        ("converted", "EUR", 1),
        ("converted", "USD", 1),
    ]


def test_nothing_has_no_lines() -> None:
    assert value_lines(Sums(), ODDS) == ()
