"""Caps and floors: how far the points of a group, or of all rules together, may go.

Where a limit bites, the difference is a line of its own (`cap: engagement`, `floor: total`), so that the lines of a
scorecard always add up to its score.
"""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import AfterValidator, model_validator

from leadkit.values import Document, Label, Points
from leadkit.values.numbers import hundredths

__all__ = ["CAP", "FLOOR", "TOTAL", "Group", "Limits", "RuleName", "over"]

CAP: Final = "cap: "
FLOOR: Final = "floor: "
TOTAL: Final = "total"
"""What the lines of the limits on the whole score are named after; no group may take the name."""

# The name of a limit's line is a label too.
_MOST_GROUP: Final = 200 - len(FLOOR)


def _not_a_limit(name: str) -> str:
    if name.startswith((CAP.strip(), FLOOR.strip())):
        message = f"a rule cannot be called `{CAP}…` or `{FLOOR}…`: these are the lines of the limits"
        raise ValueError(message)
    return name


def _read_group(group: str) -> str:
    if len(group) > _MOST_GROUP:
        message = f"the name of a group has at most {_MOST_GROUP} characters"
        raise ValueError(message)
    if group == TOTAL:
        message = f"a group cannot be called `{TOTAL}`: that is the whole score"
        raise ValueError(message)
    return group


RuleName = Annotated[Label, AfterValidator(_not_a_limit)]
"""The name of a rule, which is never that of a limit's line."""

Group = Annotated[Label, AfterValidator(_read_group)]
"""The name of a group of rules."""


class Limits(Document):
    """The least and the most that points may add up to.

    Attributes:
        min: The floor; left out, there is none.
        max: The cap; left out, there is none.

    Example:
        >>> Limits(min=0, max=100).max
        100
    """

    min: Points | None = None
    max: Points | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min is None and self.max is None:
            message = "expected `min`, `max` or both"
            raise ValueError(message)
        if self.min is not None and self.max is not None and self.min > self.max:
            message = f"min {self.min} lies above max {self.max}"
            raise ValueError(message)
        return self


def over(limits: Limits, name: str, total: int) -> tuple[str, int] | None:
    """Answer the line by which a limit brings a sum back into its bounds, or None where it does not bite.

    Args:
        limits: The floor and the cap.
        name: The group, or `total`.
        total: The sum, in hundredths.

    Returns:
        The name of the line and its hundredths.

    Example:
        >>> over(Limits(max=100), "engagement", 12000)
        ('cap: engagement', -2000)
    """
    if limits.max is not None and total > (cap := hundredths(limits.max)):
        return f"{CAP}{name}", cap - total
    if limits.min is not None and total < (floor := hundredths(limits.min)):
        return f"{FLOOR}{name}", floor - total
    return None
