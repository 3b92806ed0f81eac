"""What fitting the points of rules to outcomes came to: a ruleset in the same language, and how well it tells."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from leadkit.scoring.ruleset import Ruleset
from leadkit.values import Document, Points, Text
from leadkit.values.numbers import signed
from leadkit.values.times import Instant

__all__ = ["FittedRule", "FittedRuleset", "Judgement", "chance"]

_Count = Annotated[int, Field(ge=0)]
_Share = Annotated[float, Field(ge=0, le=1)]


def chance(score: float, *, even_odds: float, points_to_double: int) -> float:
    """Answer how likely a lead of some score is to come to something, between 0 and 1.

    Args:
        score: Its score.
        even_odds: The score at which it is as likely as not.
        points_to_double: How many points double the odds.

    Example:
        >>> chance(40, even_odds=40, points_to_double=20), round(chance(60, even_odds=40, points_to_double=20), 4)
        (0.5, 0.6667)
    """
    doublings = (score - even_odds) / points_to_double
    # Beyond a thousand doublings a float holds nothing but the end of the range.
    return 1 / (1 + 2 ** -max(-1_000.0, min(1_000.0, doublings)))


class Judgement(Document):
    """How well the scores of some leads tell those that came to something from the rest.

    Attributes:
        leads: How many leads.
        came: How many of them came to something.
        area_under_curve: Of the ROC curve: how often one that came to something scores higher than one that did not, a
            tie counting half. 1/2 says nothing, 1 everything.
        mean_came: The mean score of those that came to something.
        mean_rest: The mean score of the rest.
        best_tenth: The share that came to something among the tenth of the leads that score highest; of leads that tie
            at its border, each counts in part.
    """

    leads: _Count
    came: _Count
    area_under_curve: _Share
    mean_came: float
    mean_rest: float
    best_tenth: _Share

    @property
    def share(self) -> float:
        """The share of the leads that came to something."""
        return self.came / self.leads

    @property
    def lift(self) -> float:
        """How many times as often the best tenth came to something as all of them."""
        return self.best_tenth / self.share


class FittedRule(Document):
    """A rule whose points were fitted.

    Attributes:
        rule: Its name.
        given: The points that it had.
        points: The points that it has now.
        weight: What the regression found: by how much the logarithm of the odds rises where the rule matches.
        matched: How many of the leads that were learned from it matches.
        came: The share of these that came to something; None where it matches none.
    """

    rule: Text
    given: Points
    points: Points
    weight: float
    matched: _Count
    came: _Share | None


class FittedRuleset(Document):
    """A ruleset whose points were fitted to outcomes, and its figures on leads that it has never seen.

    Attributes:
        ruleset: The same rules with other points, ready to be checked, explained, saved and changed by hand.
        outcome: The boolean field that said which leads came to something; None when it was their conversion.
        as_of: The instant for which the rules were read.
        seed: What chose the leads that were held out.
        points_to_double: How many points double the odds.
        even_odds: The score at which a lead is as likely as not to come to something.
        unknown: How many leads were left out, since nothing is known of their outcome.
        learned: The fitted points on the leads that they were learned from.
        held_out: The fitted points on the leads that were held out.
        given: The points that the rules had before, on the leads that were held out.
        log_loss: Of the probabilities that `probability` answers, on the leads that were held out; less is better.
        brier: The mean square of what these probabilities were wrong by; less is better.
        rules: Each rule that counts, in the order of the ruleset.
    """

    ruleset: Ruleset
    outcome: Text | None
    as_of: Instant
    seed: int
    points_to_double: Annotated[int, Field(ge=1)]
    even_odds: float
    unknown: _Count
    learned: Judgement
    held_out: Judgement
    given: Judgement
    log_loss: float
    brier: float
    rules: tuple[FittedRule, ...]

    def probability(self, score: float) -> float:
        """Answer how likely a lead of some score is to come to something.

        Args:
            score: What `self.ruleset` scores it.

        Returns:
            A number between 0 and 1.
        """
        return chance(score, even_odds=self.even_odds, points_to_double=self.points_to_double)

    def __str__(self) -> str:
        name = max(len("rule"), *(len(rule.rule) for rule in self.rules))
        held_out = f"{self.held_out.leads:,} that were held out ({self.held_out.came:,} of them came to something)"
        lines = [
            f"fitted on {self.learned.leads:,} leads, judged on {held_out}",
            "",
            f"{'':<14}{'area under curve':>18}{'mean, came':>12}{'mean, rest':>12}{'best tenth':>12}{'lift':>7}",
            _row("given points", self.given),
            _row("fitted points", self.held_out),
            _row("  as learned", self.learned),
            "",
            f"{'rule':<{name}}{'given':>9}{'fitted':>9}{'matches':>10}{'came':>8}",
            *(
                f"{rule.rule:<{name}}{signed(rule.given):>9}{signed(rule.points):>9}{rule.matched:>10,}"
                f"{'' if rule.came is None else f'{rule.came:.1%}':>8}"
                for rule in self.rules
            ),
            "",
            f"{self.points_to_double} points double the odds, which are even at {self.even_odds:,.1f}",
        ]
        return "\n".join(line.rstrip() for line in lines)


def _row(name: str, judged: Judgement) -> str:
    return (
        f"{name:<14}{judged.area_under_curve:>18.4f}{judged.mean_came:>12,.2f}{judged.mean_rest:>12,.2f}"
        f"{judged.best_tenth:>12.1%}{judged.lift:>7.2f}"
    )
