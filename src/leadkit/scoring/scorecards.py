"""The scorecard: what a lead scores under a ruleset, line by line."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from leadkit.leads.commands import Score
from leadkit.leads.lead import Priority, ScoreLine
from leadkit.values.document import DOCUMENT, adapter
from leadkit.values.numbers import Points, hundredths
from leadkit.values.times import Instant

__all__ = ["Scorecard"]

_Fingerprint = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

# A dataclass says for itself that it is frozen.
_CONFIG: Final = DOCUMENT.copy()
del _CONFIG["frozen"]


@dataclass(frozen=True, slots=True, kw_only=True, config=_CONFIG)
class Scorecard:
    """What a lead scores under a ruleset at an instant.

    Attributes:
        score: The sum of the lines.
        breakdown: The rules that matched, in the ruleset's order, then the limits that bit.
        fingerprint: The ruleset's.
        at: The instant for which the score holds.
        priority: What the bands make of the score; None where none is reached, which leaves a lead's priority alone.

    Example:
        >>> from datetime import UTC, datetime
        >>> lines = ({"rule": "team", "points": 20}, {"rule": "cap: total", "points": -5})
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> Scorecard(score=15, breakdown=lines, fingerprint="0" * 64, at=now).breakdown[1].points
        -5
    """

    score: Points
    breakdown: tuple[ScoreLine, ...]
    fingerprint: _Fingerprint
    at: Instant
    priority: Priority | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if hundredths(self.score) != sum(hundredths(line.points) for line in self.breakdown):
            message = "the score is the sum of its breakdown"
            raise ValueError(message)
        return self

    def command(self, *, only_if_changed: bool = False) -> Score:
        """Answer the command that records this scorecard on its lead.

        Args:
            only_if_changed: Whether a scorecard equal to the present one is a no-op, as it is in a batch.
        """
        return Score(
            score=self.score,
            breakdown=self.breakdown,
            fingerprint=self.fingerprint,
            at=self.at,
            priority=self.priority,
            only_if_changed=only_if_changed,
        )

    def priority_after(self, present: Priority) -> Priority:
        """Answer the priority of a lead once this is its scorecard.

        Args:
            present: The one that it has now, and keeps where no band is reached.
        """
        return present if self.priority is None else self.priority

    def model_dump(self) -> dict[str, Any]:
        """Write the scorecard as plain JSON values in camelCase."""
        dumped: dict[str, Any] = adapter(type(self)).dump_python(self, mode="json")
        return dumped

    def model_dump_json(self) -> str:
        """Write the scorecard as JSON text in camelCase."""
        return adapter(type(self)).dump_json(self).decode()
