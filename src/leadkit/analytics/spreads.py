"""How long things take: exact medians and percentiles of whole microseconds, told in seconds and days."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import Field

from leadkit.values import Document, from_hundredths, round_half_even

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Length", "Spread", "percentile"]

_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND

_Number = Annotated[int | float, Field(ge=0)]


def percentile(ordered: Sequence[int], share: Fraction) -> Fraction:
    """Answer a percentile by linear interpolation between the two nearest values, exactly.

    It is the definition of `percentile_cont` in SQL, of numpy's default, and number 7 of Hyndman and Fan, "Sample
    Quantiles in Statistical Packages", 1996. The median of an even number of values is the mean of the middle two.

    Args:
        ordered: At least one value, in ascending order.
        share: Which percentile, 0 to 1.

    Example:
        >>> percentile([10, 20, 30, 40], Fraction(1, 2))
        Fraction(25, 1)
    """
    below, beyond = divmod((len(ordered) - 1) * share, 1)
    low = ordered[below]
    return low + beyond * (ordered[below + 1] - low) if beyond else Fraction(low)


class Length(Document):
    """A length of time, in the two units that people compare, each rounded half-even to two decimals.

    Attributes:
        seconds: In seconds.
        days: In days of 86,400 seconds.
    """

    seconds: _Number
    days: _Number

    @classmethod
    def of(cls, microseconds: Fraction) -> Self:
        """Tell a length of time.

        Example:
            >>> Length.of(Fraction(129_600_000_000))
            Length(seconds=129600, days=1.5)
        """
        return cls(
            seconds=from_hundredths(round_half_even(microseconds / _SECOND)),
            days=from_hundredths(round_half_even(microseconds / _DAY)),
        )


_MEDIAN: Final = Fraction(1, 2)
_NINE_TENTHS: Final = Fraction(9, 10)


class Spread(Document):
    """How long something took, over many leads.

    Attributes:
        leads: For how many leads it is known.
        median: Half of them took at most this long; None where there are none.
        p90: Nine of ten took at most this long; None where there are none.
    """

    leads: Annotated[int, Field(ge=0)]
    median: Length | None
    p90: Length | None

    @classmethod
    def of(cls, microseconds: Iterable[int]) -> Self:
        """Summarise samples.

        Args:
            microseconds: One for each lead, in any order.

        Example:
            >>> Spread.of([2_000_000, 1_000_000]).median.seconds
            1.5
        """
        ordered = sorted(microseconds)
        if not ordered:
            return cls(leads=0, median=None, p90=None)
        return cls(
            leads=len(ordered),
            median=Length.of(percentile(ordered, _MEDIAN)),
            p90=Length.of(percentile(ordered, _NINE_TENTHS)),
        )
