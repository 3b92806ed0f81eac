"""Counterfactuals: changes, each with what it really does to the score, and how they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.conditions.wording import printable
from leadkit.scoring import rendering
from leadkit.values.numbers import signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from leadkit.conditions.changing import Change
    from leadkit.leads.lead import Priority

__all__ = ["Counterfactual", "Counterfactuals", "Turn", "Unturned"]


@attrs.frozen(kw_only=True)
class Turn:
    """A rule whose answer a change turns.

    Attributes:
        rule: The name of the rule.
        matches: Whether it then matches.
    """

    rule: str
    matches: bool

    def __str__(self) -> str:
        return f"{printable(self.rule)} {'matches' if self.matches else 'no longer matches'}"


@attrs.frozen(kw_only=True)
class Counterfactual:
    """A change, and the score that follows from it under the whole ruleset.

    Attributes:
        change: The change: of one field, or a few more related records.
        points: By how much the score changes, with all that the change turns and with every limit.
        score: The score that the lead then has.
        priority: What the bands then make of it; None where none is reached.
        turns: The rules whose answer turns, in the order of the ruleset.
    """

    change: Change
    points: int | float
    score: int | float
    priority: Priority | None
    turns: tuple[Turn, ...]

    def applied(self, lead: Any, related: Mapping[str, Any] | None = None) -> tuple[Any, Mapping[str, Any]]:
        """Answer a lead with the change, and its related records with it; nothing is changed in place.

        Args:
            lead: The lead for which the change was found, or one like it.
            related: Its related records by kind.

        Raises:
            ValueError: This lead cannot hold the value there.
        """
        return self.change.applied(lead, {} if related is None else related)

    @property
    def result(self) -> str:
        """The score that the lead then has, and its priority."""
        priority = "" if self.priority is None else f", {self.priority.value}"
        return f"to {self.score:,}{priority}"

    @property
    def effect(self) -> str:
        """The rules that turn, in words."""
        return ", ".join(map(str, self.turns))

    def __str__(self) -> str:
        return f"{self.change}: {signed(self.points)}"

    def as_dict(self) -> dict[str, Any]:
        """Answer the counterfactual as plain JSON values."""
        return {
            "change": self.change.as_dict(),
            "points": self.points,
            "score": self.score,
            "priority": None if self.priority is None else self.priority.value,
            "turns": [attrs.asdict(turn) for turn in self.turns],
            "text": str(self),
        }


@attrs.frozen(kw_only=True)
class Unturned:
    """A rule that no change which is offered turns.

    Attributes:
        rule: The name of the rule.
        why: The reason.
    """

    rule: str
    why: str

    def __str__(self) -> str:
        return f"{printable(self.rule)}: {self.why}"


@attrs.frozen(kw_only=True)
class Counterfactuals:
    """What would change a score.

    Printed, it is a text of one line a change; a terminal shows it as a table through rich, a notebook as HTML.

    Attributes:
        score: The score as it is.
        changes: The changes, those that bring most points first.
        unturned: The rules that no offered change turns.
        complete: Whether all that was worth trying was tried; false only for very large rulesets.
    """

    score: int | float
    changes: tuple[Counterfactual, ...]
    unturned: tuple[Unturned, ...]
    complete: bool

    def __iter__(self) -> Iterator[Counterfactual]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __str__(self) -> str:
        return rendering.changes_as_text(self)

    def __rich__(self) -> RenderableType:
        return rendering.changes_as_table(self)

    def _repr_html_(self) -> str:
        return rendering.changes_as_html(self)

    def as_dict(self) -> dict[str, Any]:
        """Answer the counterfactuals as plain JSON values."""
        return {
            "score": self.score,
            "changes": [change.as_dict() for change in self.changes],
            "unturned": [attrs.asdict(rule) for rule in self.unturned],
            "complete": self.complete,
        }
