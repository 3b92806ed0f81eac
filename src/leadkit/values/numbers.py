"""Points and money: exact numbers, never a boolean, never NaN.

Points have at most two decimals and are added as whole hundredths, so that a score is the same on every engine
whatever the order of its lines. Money is a Decimal.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Annotated, Final

from pydantic import AllowInfNan, BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema

__all__ = [
    "MOST_POINTS",
    "Amount",
    "Points",
    "from_hundredths",
    "hundredths",
    "read_points",
    "round_half_even",
    "signed",
]

MOST_POINTS: Final = 1_000_000


def read_points(value: object) -> int | float:
    """Read points: a whole number, or one of at most two decimals.

    Args:
        value: An int or a float.

    Raises:
        ValueError: It is no number (a boolean is none), has more decimals, or is beyond a million either way.

    Example:
        >>> read_points(20), read_points(2.0), read_points(2.5)
        (20, 2, 2.5)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = "points are a number"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueError, not TypeError
    if not -MOST_POINTS <= value <= MOST_POINTS:
        message = f"points lie between {-MOST_POINTS:,} and {MOST_POINTS:,}"
        raise ValueError(message)
    if round(value, 2) != value:
        message = "points have at most two decimals"
        raise ValueError(message)
    return from_hundredths(hundredths(value))


def hundredths(points: float) -> int:
    """Answer points as whole hundredths, in which they add up exactly.

    Args:
        points: A number of at most two decimals.

    Example:
        >>> hundredths(0.1) + hundredths(0.2)
        30
    """
    return round(points * 100)


def from_hundredths(count: int) -> int | float:
    """Answer hundredths as points: an int where they are whole.

    Example:
        >>> from_hundredths(1250), from_hundredths(1200)
        (12.5, 12)
    """
    whole, rest = divmod(count, 100)
    return count / 100 if rest else whole


def signed(points: float) -> str:
    """Write points with their sign, as people read them.

    Example:
        >>> signed(1250), signed(-5), signed(0)
        ('+1,250', '-5', '0')
    """
    return f"{points:+,}" if points else "0"


def round_half_even(value: float | Decimal | Fraction) -> int:
    """Round points to whole hundredths, a tie to the even one, by the exact value of the number.

    Args:
        value: Points with any number of decimals.

    Returns:
        Whole hundredths.

    Example:
        >>> round_half_even(0.125), round_half_even(0.375), round_half_even(-0.125)
        (12, 38, -12)
    """
    return round(Fraction(value) * 100)


Points = Annotated[
    int | float,
    PlainValidator(read_points),
    PlainSerializer(lambda points: points, return_type=int | float),
    WithJsonSchema({"type": "number", "multipleOf": 0.01, "minimum": -MOST_POINTS, "maximum": MOST_POINTS}),
]
"""A number of at most two decimals; whole ones are ints."""


def _read_amount(value: object) -> object:
    if isinstance(value, bool):
        message = "an amount is a number"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueError, not TypeError
    if isinstance(value, float):
        # repr gives the decimal number that was typed, where Decimal(float) would give its binary neighbour.
        if not math.isfinite(value):
            message = "an amount is a finite number"
            raise ValueError(message)
        return Decimal(repr(value))
    return value


Amount = Annotated[
    Decimal,
    BeforeValidator(_read_amount),
    AllowInfNan(False),  # noqa: FBT003 - pydantic's own positional flag
    Field(ge=0, max_digits=18, decimal_places=4),
]
"""Money: a Decimal, not negative, of at most eighteen digits and four decimals."""

CENT: Final = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Round money half-even to two decimals, for totals that people read.

    Example:
        >>> to_cents(Decimal("10.125"))
        Decimal('10.12')
    """
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)
