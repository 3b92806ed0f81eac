"""The twenty rules in leadkit, in every form in which it answers them: a new one is a function and a row of `FORMS`.

Each form takes leads as they come over the wire, and `Lead` models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions import evaluate, read_condition
from leadkit.scoring import Ruleset, score
from twenty_rules import AS_OF, RULES, Contender, condition_of, points_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FORMS", "interpreter", "scorecard"]


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


def scorecard() -> Contender:
    """Prepare `score`: a ruleset read once, a whole scorecard with its breakdown for each lead."""
    ruleset = Ruleset.model_validate({"rules": RULES})
    names = [rule["name"] for rule in RULES]

    def answers(lead: Any) -> list[bool]:
        matched = {line.rule for line in score(lead, ruleset, as_of=AS_OF).breakdown}
        return [name in matched for name in names]

    return Contender(
        name="leadkit, score()",
        form="a scorecard with its breakdown",
        answers=answers,
        score=lambda lead: score(lead, ruleset, as_of=AS_OF).score,
    )


FORMS: Final[tuple[Callable[[], Contender], ...]] = (interpreter, scorecard)
