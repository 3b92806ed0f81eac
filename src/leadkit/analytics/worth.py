"""What leads may bring: exact sums of money by currency, each weighted by the probability of a stage."""

from __future__ import annotations

import math
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, NamedTuple, Protocol

import attrs
from pydantic import Field

from leadkit.values import Currency, Document, Text, round_half_even

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadkit.analytics.histories import Place

__all__ = ["Holding", "PipelineValue", "Priced", "Sums", "ValueLine", "exact_money", "value_lines"]

_Count = Annotated[int, Field(ge=0)]


class Priced(Protocol):
    """An opportunity, as far as its worth is concerned."""

    @property
    def amount(self) -> Decimal | None:
        """What it may bring, if that is known."""

    @property
    def currency(self) -> str | None:
        """In which currency."""

    @property
    def stage(self) -> str | None:
        """The stage in which it stands, if that is known."""


class Holding(StrEnum):
    """What is worth something: leads that are still worked, or the opportunities of those that were converted."""

    OPEN = "open"
    CONVERTED = "converted"


def exact_money(value: object) -> Fraction | int | None:
    """Read what a free field says a lead may be worth, as the decimal number that was written.

    Args:
        value: What the field holds; a boolean, text or a negative number is no worth.

    Example:
        >>> exact_money(1200.1), exact_money("much") is None
        (Fraction(12001, 10), True)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        return None
    return value if isinstance(value, int) else Fraction(repr(value))


def _cents(exact: Fraction) -> Decimal:
    # Built from text, since arithmetic on decimals would round to the digits of the context.
    return Decimal(f"{round_half_even(exact)}E-2")


class _Key(NamedTuple):
    holding: Holding
    currency: str
    place: Place | None


@attrs.define
class Sums:
    """Amounts, added up exactly for each currency and place.

    Attributes:
        amounts: For each, how many leads there are, and the sum.
    """

    amounts: dict[_Key, tuple[int, Fraction | int]] = attrs.Factory(dict[_Key, tuple[int, Fraction | int]])

    def add(self, holding: Holding, currency: str, place: Place | None, amount: Fraction | int | Decimal) -> None:
        """Add an amount.

        Args:
            holding: What it is the worth of.
            currency: In which currency.
            place: The place whose probability weighs it; None weighs nothing.
            amount: How much.
        """
        key = _Key(holding, currency, place)
        leads, sum_ = self.amounts.get(key, (0, 0))
        self.amounts[key] = (leads + 1, sum_ + (Fraction(amount) if isinstance(amount, Decimal) else amount))


class ValueLine(Document):
    """What one kind of holding is worth in one currency, rounded half-even to two decimals.

    Attributes:
        holding: Open leads, or opportunities of converted ones.
        currency: An ISO 4217 code.
        leads: How many leads it is the worth of.
        amount: The sum.
        weighted: The sum, each amount multiplied by the probability of its stage.
    """

    holding: Holding
    currency: Currency
    leads: _Count
    amount: Decimal
    weighted: Decimal


class PipelineValue(Document):
    """What leads may bring.

    Attributes:
        value_field: The field that says what an open lead may be worth; None when none was named.
        open_leads: How many leads are open.
        valued_leads: How many of them have a worth.
        lines: The sums, open leads first, then by currency.
    """

    value_field: Text | None
    open_leads: _Count
    valued_leads: _Count
    lines: tuple[ValueLine, ...]


def value_lines(sums: Sums, probabilities: Mapping[Place, float]) -> tuple[ValueLine, ...]:
    """Weigh sums, exactly, and round only the totals.

    Args:
        sums: The sums for each currency and place.
        probabilities: Of the places that exist; any other weighs nothing.
    """
    return tuple(
        _line(sums, probabilities, holding=holding, currency=currency)
        for holding in Holding
        for currency in sorted({key.currency for key in sums.amounts if key.holding is holding})
    )


def _line(sums: Sums, probabilities: Mapping[Place, float], *, holding: Holding, currency: str) -> ValueLine:
    leads, amount, weighted = 0, Fraction(0), Fraction(0)
    for key, (count, part) in sums.amounts.items():
        if (key.holding, key.currency) == (holding, currency):
            leads += count
            amount += part
            if key.place is not None and key.place in probabilities:
                # The decimal number that was written, not its binary neighbour.
                weighted += part * Fraction(repr(probabilities[key.place]))
    return ValueLine(holding=holding, currency=currency, leads=leads, amount=_cents(amount), weighted=_cents(weighted))
