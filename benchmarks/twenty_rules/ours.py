"""The twenty rules in leadkit, in every form in which it answers them: a new one is a function and a row of `FORMS`.

Each form takes leads as they come over the wire, and `Lead` models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions import evaluate, read_condition
from leadkit.scoring import Ruleset, compile_ruleset, score
from twenty_rules import AS_OF, RULES, Contender, condition_of, points_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadkit.scoring import Scorecard

__all__ = ["BREAKDOWN", "FORMS", "SCORE", "compiled_card", "compiled_score", "interpreter", "scorecard"]

SCORE: Final = "leadkit, score"
"""The form that answers the score alone, as the hand-written function does."""

BREAKDOWN: Final = "leadkit, scorecard"
"""The form that answers the score with its breakdown."""


def interpreter() -> Contender:
    """Prepare the reference interpreter: conditions read once, each evaluated, the points added."""
    pairs = [(read_condition(condition_of(rule)), points_of(rule)) for rule in RULES]

    def total(lead: Any) -> float:
        points: float = 0
        for condition, worth in pairs:
            if evaluate(condition, lead, as_of=AS_OF):
                points += worth
        return points

    return Contender(
        name="leadkit, interpreter",
        form="conditions read once, points added",
        answers=lambda lead: [evaluate(condition, lead, as_of=AS_OF) for condition, _ in pairs],
        score=total,
    )


def _answers(card: Callable[[Any], Scorecard]) -> Callable[[Any], list[bool]]:
    """Answer what tells of each rule whether it has a line in the scorecard."""
    names = [rule["name"] for rule in RULES]

    def answers(lead: Any) -> list[bool]:
        matched = {line.rule for line in card(lead).breakdown}
        return [name in matched for name in names]

    return answers


def compiled_score() -> Contender:
    """Prepare the compiled ruleset for one instant, as the hand-written function is: the score alone."""
    compiled = compile_ruleset(Ruleset.model_validate({"rules": RULES}))
    return Contender(
        name=SCORE,
        form="compile_ruleset(…).score_at(now)",
        answers=_answers(compiled.card_at(AS_OF)),
        score=compiled.score_at(AS_OF),
    )


def compiled_card() -> Contender:
    """Prepare the compiled ruleset for one instant: a whole scorecard with its breakdown for each lead."""
    card = compile_ruleset(Ruleset.model_validate({"rules": RULES})).card_at(AS_OF)
    return Contender(
        name=BREAKDOWN,
        form="compile_ruleset(…).card_at(now)",
        answers=_answers(card),
        score=lambda lead: card(lead).score,
        timed=card,
    )


def scorecard() -> Contender:
    """Prepare `score`, which is told the ruleset and the instant for each lead anew, and answers a whole scorecard."""
    ruleset = Ruleset.model_validate({"rules": RULES})
    return Contender(
        name="leadkit, score()",
        form="a scorecard, by rules found for each lead",
        answers=_answers(lambda lead: score(lead, ruleset, as_of=AS_OF)),
        score=lambda lead: score(lead, ruleset, as_of=AS_OF).score,
    )


FORMS: Final[tuple[Callable[[], Contender], ...]] = (compiled_score, compiled_card, scorecard, interpreter)
