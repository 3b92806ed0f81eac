"""What differs between two rulesets, as values that show themselves."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import attrs

from leadkit.scoring import telling

if TYPE_CHECKING:
    from rich.console import RenderableType

    from leadkit.scoring.rules import ScoringRule

__all__ = ["Difference", "RuleDifference", "RulesetDiff", "Verb"]


class Verb(StrEnum):
    """What became of a rule."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@attrs.frozen(kw_only=True)
class Difference:
    """One thing that differs, in words.

    Attributes:
        subject: What: `points`, `condition`, `cap of fit`, `bands` and the like.
        before: What it was.
        after: What it is.
        lines: Of a condition its clauses, one a line: `- ` before what is gone, `+ ` before what is new.
    """

    subject: str
    before: str = ""
    after: str = ""
    lines: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Answer the difference as plain JSON values."""
        return {"subject": self.subject, "before": self.before, "after": self.after, "lines": list(self.lines)}


@attrs.frozen(kw_only=True)
class RuleDifference:
    """A rule that differs.

    Attributes:
        verb: Whether it was added, removed or changed.
        rule: The rule as it is now; one that was removed as it was.
        was: The name that it had.
        differences: What differs of a rule that was changed.
        outline: The condition of a rule that was added or removed, in words, one line a clause.
    """

    verb: Verb
    rule: ScoringRule
    was: str
    differences: tuple[Difference, ...] = ()
    outline: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the rule."""
        return self.rule.name

    def as_dict(self) -> dict[str, Any]:
        """Answer the difference as plain JSON values."""
        return {
            "rule": self.name,
            "was": self.was,
            "verb": self.verb.value,
            "points": self.rule.points,
            "differences": [difference.as_dict() for difference in self.differences],
            "outline": list(self.outline),
        }


@attrs.frozen(kw_only=True)
class RulesetDiff:
    """What differs between two rulesets; false where nothing does.

    Printed, it is a text; a terminal shows it in colour through rich, a notebook as HTML.

    Attributes:
        rules: The rules that differ: those of the new ruleset in its order, then those that were removed.
        parts: What differs around the rules: the name, the limits of groups and of the whole, the bands.
    """

    rules: tuple[RuleDifference, ...]
    parts: tuple[Difference, ...]

    def __bool__(self) -> bool:
        return bool(self.rules or self.parts)

    def of(self, verb: Verb) -> tuple[RuleDifference, ...]:
        """Answer the rules of which one thing became.

        Args:
            verb: What became of them.
        """
        return tuple(rule for rule in self.rules if rule.verb is verb)

    @property
    def summary(self) -> str:
        """How many rules were added, removed and changed, and whether anything around them was."""
        if not self:
            return "no difference"
        told = [f"{len(self.of(verb)):,} {verb.value}" for verb in Verb if self.of(verb)]
        rules = [f"rules: {', '.join(told)}"] if told else []
        return "; ".join([*rules, *([f"around them: {len(self.parts):,} changed"] if self.parts else [])])

    def as_dict(self) -> dict[str, Any]:
        """Answer the difference as plain JSON values."""
        return {
            "equal": not self,
            "rules": [rule.as_dict() for rule in self.rules],
            "parts": [part.as_dict() for part in self.parts],
        }

    def __str__(self) -> str:
        return telling.diff_as_text(self)

    def __rich__(self) -> RenderableType:
        return telling.diff_as_rich(self)

    def _repr_html_(self) -> str:
        return telling.diff_as_html(self)
