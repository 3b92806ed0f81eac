"""How well scores tell apart the leads that came to something from the rest."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field

from leadkit.values import Document, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Separation", "area_under_curve"]

_Count = Annotated[int, Field(ge=0)]


def area_under_curve(converted: Mapping[int, int], rest: Mapping[int, int]) -> Fraction | None:
    """Answer the area under the ROC curve: how often a lead of the one class scores higher than one of the other.

    It is the rank statistic of Mann and Whitney, over all pairs, a tie counting half: 1 when every converted lead
    scores higher than every other, 1/2 when scores say nothing.

    Args:
        converted: For each score, how many of the leads that came to something have it.
        rest: For each score, how many of the others have it.

    Returns:
        The area, exactly; None when one class is empty.

    Example:
        >>> area_under_curve({70: 1, 50: 1}, {50: 1, 10: 1})
        Fraction(7, 8)
    """
    pairs = sum(converted.values()) * sum(rest.values())
    if not pairs:
        return None
    below = halves = 0
    for score in sorted({*converted, *rest}):
        tied = rest.get(score, 0)
        halves += converted.get(score, 0) * (2 * below + tied)
        below += tied
    return Fraction(halves, 2 * pairs)


def _mean(scores: Mapping[int, int]) -> float | None:
    count = sum(scores.values())
    # The scores are hundredths of points.
    return sum(score * times for score, times in scores.items()) / (100 * count) if count else None


class Separation(Document):
    """How well scores tell the leads that came to something from the rest.

    Attributes:
        outcome: The boolean field that says which leads came to something; None when it is their conversion.
        converted: How many of the scored leads came to something.
        rest: How many did not.
        unscored: How many leads are left out, since they were never scored.
        unknown: How many are left out, since that field holds neither true nor false.
        mean_converted: The mean score of those that came to something; None where there are none.
        mean_rest: The mean score of the rest; None where there are none.
        area_under_curve: Of the ROC curve, a tie counting half; None when one class is empty.
    """

    outcome: Text | None
    converted: _Count
    rest: _Count
    unscored: _Count
    unknown: _Count
    mean_converted: float | None
    mean_rest: float | None
    area_under_curve: Annotated[float, Field(ge=0, le=1)] | None

    @classmethod
    def of(cls, scores: Mapping[tuple[int, bool], int], *, outcome: str | None, unscored: int, unknown: int) -> Self:
        """Judge scores.

        Args:
            scores: For each score, in hundredths of points, and whether its leads came to something, how many there
                are.
            outcome: The field that says so.
            unscored: How many leads were never scored.
            unknown: For how many it is not known.

        Example:
            >>> judged = Separation.of({(7000, True): 1, (1000, False): 2}, outcome=None, unscored=0, unknown=0)
            >>> judged.mean_converted, judged.mean_rest, judged.area_under_curve
            (70.0, 10.0, 1.0)
        """
        converted = {score: times for (score, came_to_something), times in scores.items() if came_to_something}
        rest = {score: times for (score, came_to_something), times in scores.items() if not came_to_something}
        area = area_under_curve(converted, rest)
        return cls(
            outcome=outcome,
            converted=sum(converted.values()),
            rest=sum(rest.values()),
            unscored=unscored,
            unknown=unknown,
            mean_converted=_mean(converted),
            mean_rest=_mean(rest),
            area_under_curve=None if area is None else float(area),
        )
