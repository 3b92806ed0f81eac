"""Explaining a score: every rule with every clause of it, what it saw, what it brought, and what would change it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions import Trace, explain_condition
from leadkit.conditions.evaluating import NO_RELATED, moment_of
from leadkit.scoring import rendering
from leadkit.scoring.counterfactuals import counterfactual
from leadkit.scoring.reckoning import asked_rules, points_of, reckon
from leadkit.values.numbers import from_hundredths, signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from rich.console import RenderableType

    from leadkit.conditions import FieldCatalogue
    from leadkit.leads.lead import Lead, ScoreLine
    from leadkit.scoring.changes import Counterfactuals
    from leadkit.scoring.rules import ScoringRule
    from leadkit.scoring.ruleset import Ruleset
    from leadkit.scoring.scorecards import Scorecard

__all__ = ["LimitExplanation", "Outcome", "RuleExplanation", "ScoreExplanation", "explain", "traced"]


class Outcome(StrEnum):
    """What became of a rule."""

    MATCHED = "matched"
    NOT_MATCHED = "not matched"
    OFF = "off"
    NOT_ASKED = "not asked for"


@attrs.frozen(kw_only=True)
class RuleExplanation:
    """A rule of the ruleset, whether it counted or not.

    Attributes:
        rule: The rule.
        outcome: What became of it.
        points: What it brought, 0 where it did not count.
        trace: Its condition, clause by clause.
    """

    rule: ScoringRule
    outcome: Outcome
    points: float
    trace: Trace

    @property
    def name(self) -> str:
        """The name of the rule."""
        return self.rule.name

    @property
    def clause(self) -> str:
        """The line by which it is shown."""
        return self.name

    @property
    def held(self) -> bool:
        """Whether it counted."""
        return self.outcome is Outcome.MATCHED

    @property
    def why(self) -> str:
        """What it brought, or why it brought nothing."""
        worth = signed(self.rule.points)
        if self.held:
            decay = self.rule.decay
            faded = "" if decay is None else f" of {worth}, with a half-life of {decay.half_life.text}"
            return f"{signed(self.points)}{faded}"
        return {
            Outcome.NOT_MATCHED: f"would bring {worth}",
            Outcome.OFF: "off",
            Outcome.NOT_ASKED: "not asked for",
        }[self.outcome]

    @property
    def children(self) -> tuple[Trace, ...]:
        """Its condition."""
        return (self.trace,)

    def as_dict(self) -> dict[str, Any]:
        """Answer the explanation as plain JSON values."""
        return {
            "rule": self.name,
            "outcome": self.outcome.value,
            "points": self.points,
            "worth": self.rule.points,
            "trace": self.trace.as_dict(),
        }


@attrs.frozen(kw_only=True)
class LimitExplanation:
    """A limit that bit.

    Attributes:
        line: Its line in the breakdown.
    """

    line: ScoreLine
    held: bool = attrs.field(default=True, init=False)
    children: tuple[Trace, ...] = attrs.field(default=(), init=False)

    @property
    def clause(self) -> str:
        """The line by which it is shown."""
        return self.line.rule

    @property
    def why(self) -> str:
        """What it brought."""
        return signed(self.line.points)


@attrs.frozen(kw_only=True)
class ScoreExplanation:
    """How a score came about.

    Printed, it is a text of one line for each rule, limit and clause, and for what would change the score; a terminal
    shows it as a tree through rich, a notebook as HTML.

    Attributes:
        card: The scorecard.
        rules: Every rule of the ruleset, in order.
        limits: The limits that bit.
        changes: What would change the score.
    """

    card: Scorecard
    rules: tuple[RuleExplanation, ...]
    limits: tuple[LimitExplanation, ...]
    changes: Counterfactuals

    held: bool = attrs.field(default=True, init=False, repr=False)

    @property
    def clause(self) -> str:
        """The score, and the priority that follows from it."""
        priority = "" if self.card.priority is None else f", priority {self.card.priority.value}"
        return f"score {self.card.score:,}{priority}"

    @property
    def why(self) -> str:
        """How many rules matched."""
        return f"{sum(rule.held for rule in self.rules)} of {len(self.rules)} rules match"

    @property
    def children(self) -> tuple[RuleExplanation | LimitExplanation, ...]:
        """The rules, then the limits that bit."""
        return (*self.rules, *self.limits)

    def as_dict(self) -> dict[str, Any]:
        """Answer the explanation as plain JSON values: the scorecard, `rules` with their traces, and changes."""
        rules = [rule.as_dict() for rule in self.rules]
        return {**self.card.model_dump(), "rules": rules, "counterfactuals": self.changes.as_dict()}

    def __str__(self) -> str:
        return rendering.explanation_as_text(self)

    def __rich__(self) -> RenderableType:
        return rendering.explanation_as_rich(self)

    def _repr_html_(self) -> str:
        return rendering.explanation_as_html(self)


def explain(
    lead: Lead | Mapping[str, Any],
    ruleset: Ruleset,
    *,
    related: Mapping[str, Any] | None = None,
    as_of: datetime,
    rules: Iterable[str] | None = None,
    catalogue: FieldCatalogue | None = None,
) -> ScoreExplanation:
    """Explain the score of a lead, with every rule, also those that do not match or are off.

    Args:
        lead: A lead, or plain values in camelCase or snake_case.
        ruleset: The rules.
        related: The lead's related records by kind.
        as_of: The instant for which to score; an aware datetime.
        rules: The names of the only rules that are to count; None for all.
        catalogue: The fields that there are, for what would change the score; as `counterfactual` takes it.

    Returns:
        The explanation, whose `card` is what `score` answers.

    Raises:
        InvalidInput: `as_of` has no time zone.
        NotFound: There is no rule of such a name.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.scoring import Ruleset
        >>> rules = Ruleset(rules=[
        ...     {"name": "team", "points": 20, "condition": {"field": "team", "op": ">=", "value": 10}},
        ...     {"name": "plan", "points": 15, "condition": {"field": "plan", "op": "==", "value": "pro"}},
        ... ])
        >>> print(explain({"team": 12}, rules, as_of=datetime(2026, 11, 24, tzinfo=UTC)))
        ✓ score 20                  1 of 2 rules match
          ✓ team                    +20
            ✓ team is at least 10   saw 12
          ✗ plan                    would bring +15
            ✗ plan is "pro"         it is missing
        what would change it
          +15  to 35  plan set to "pro"  plan matches
          -20  to 0   team from 12 to 9  team no longer matches
    """
    moment = moment_of(as_of)
    records = NO_RELATED if related is None else related
    names = rules if rules is None or isinstance(rules, str) else tuple(rules)
    card, explained = traced(lead, ruleset, records, moment, names)
    limits = card.breakdown[sum(rule.held for rule in explained) :]
    return ScoreExplanation(
        card=card,
        rules=explained,
        limits=tuple(LimitExplanation(line=line) for line in limits),
        changes=counterfactual(lead, ruleset, related=records, as_of=moment, rules=names, catalogue=catalogue),
    )


def traced(
    lead: Any, ruleset: Ruleset, related: Mapping[str, Any], as_of: datetime, rules: Iterable[str] | None
) -> tuple[Scorecard, tuple[RuleExplanation, ...]]:
    """Answer the scorecard of a lead, and every rule of the ruleset with what its clauses saw.

    Args:
        lead: The lead.
        ruleset: The rules.
        related: The lead's related records by kind.
        as_of: Now, in UTC.
        rules: The names of the only rules that are to count; None for all.

    Raises:
        NotFound: There is no rule of such a name.
    """
    asked = asked_rules(ruleset, rules)
    counting = {rule.name for rule in asked}
    explained: list[RuleExplanation] = []
    earned: list[tuple[ScoringRule, int]] = []
    for rule in ruleset.rules:
        trace = explain_condition(rule.condition, lead, related=related, as_of=as_of)
        outcome = _outcome(rule, counts=rule.name in counting, held=trace.held)
        points = points_of(rule, related, as_of) if outcome is Outcome.MATCHED else 0
        if outcome is Outcome.MATCHED:
            earned.append((rule, points))
        explained.append(RuleExplanation(rule=rule, outcome=outcome, points=from_hundredths(points), trace=trace))
    return reckon(ruleset, asked, earned, as_of), tuple(explained)


_COUNTED: Final = {True: Outcome.MATCHED, False: Outcome.NOT_MATCHED}


def _outcome(rule: ScoringRule, *, counts: bool, held: bool) -> Outcome:
    if counts:
        return _COUNTED[held]
    return Outcome.NOT_ASKED if rule.enabled else Outcome.OFF
