"""Fitting the points of rules to outcomes: a scorecard by logistic regression, from scikit-learn.

Where a rule matches, the odds of a lead are multiplied; the logarithm of that factor, in units of which
`points_to_double` double the odds, is what the rule is worth. It is the scorecard of credit scoring (Siddiqi, "Credit
Risk Scorecards", 2006, chapter 6), with a rule for each of its attributes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.evaluating import NO_RELATED, holds, moment_of
from leadkit.conditions.paths import parse_path
from leadkit.errors import Fault, InvalidInput
from leadkit.leads.lead import LeadStatus, wire_name
from leadkit.scoring.compiling import score
from leadkit.scoring.fitted import FittedRule, FittedRuleset, Judgement, chance
from leadkit.scoring.learning import Learner
from leadkit.scoring.reckoning import asked_rules, points_of
from leadkit.values.numbers import MOST_POINTS, hundredths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from leadkit.conditions.paths import Path
    from leadkit.leads.lead import Lead
    from leadkit.scoring.rules import ScoringRule
    from leadkit.scoring.ruleset import Ruleset

__all__ = ["FEWEST_OF_EACH", "fit_points"]

FEWEST_OF_EACH: Final = 10
"""How many leads of each outcome there are at the least, among those to learn from and among those held out."""

# A rule of so many points tells by what it brings how far it has faded, to a ten-thousandth.
_WHOLE: Final = 100


@attrs.frozen(kw_only=True)
class _Case:
    """A lead, what belongs to it, and whether it came to something."""

    lead: Lead | Mapping[str, Any]
    related: Mapping[str, Any]
    came: bool


def fit_points(
    ruleset: Ruleset,
    leads: Iterable[Lead | Mapping[str, Any]],
    *,
    outcome: str | None = None,
    related: Iterable[Mapping[str, Any]] | None = None,
    as_of: datetime,
    held_out: float = 0.25,
    seed: int = 0,
    points_to_double: int = 20,
) -> FittedRuleset:
    """Fit the points of a ruleset's rules to what became of leads.

    The conditions stay as they are. Rules that are off keep their points and take no part. Caps, floors and bands are
    left out of the answer, since they were drawn for other points; groups stay. Rules should look only at what was
    known before the outcome: a field that is filled in afterwards makes figures shine and scores useless.

    Args:
        ruleset: The rules; their points serve for comparison alone.
        leads: The leads, or plain values in camelCase or snake_case.
        outcome: The boolean field that says which leads came to something, such as `properties.won`; None for whether
            they were converted. Leads in which it is neither true nor false are left out.
        related: For each lead, in the same order, its related records by kind; None where no rule asks for any.
        as_of: The instant for which to read the rules; an aware datetime.
        held_out: The share of the leads that is not learned from, but judged by; of each outcome alike.
        seed: Chooses which; the same leads and the same seed always give the same answer.
        points_to_double: How many points are to double the odds.

    Returns:
        The ruleset with fitted points, whole numbers, and the figures.

    Raises:
        InvalidInput: No rule is on, too few leads of one outcome are known, or an argument is out of its range.
        MissingExtra: scikit-learn is not installed.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.scoring import Ruleset
        >>> rules = Ruleset(rules=[
        ...     {"name": "team", "points": 1, "condition": {"field": "team", "op": ">=", "value": 10}},
        ...     {"name": "free mail", "points": 1, "condition": {"field": "mail", "op": "==", "value": "free"}},
        ... ])
        >>> leads = [
        ...     {"team": team, "mail": mail, "won": (team >= 10) != (number % 5 == 0)}
        ...     for number, (team, mail) in enumerate([(5, "free"), (12, "own"), (40, "free"), (3, "own")] * 100)
        ... ]
        >>> fitted = fit_points(rules, leads, outcome="won", as_of=datetime(2026, 11, 24, tzinfo=UTC))
        >>> fitted.ruleset.rules[0].points > 60, abs(fitted.ruleset.rules[1].points) < 10
        (True, True)
        >>> fitted.held_out.area_under_curve > 0.75
        True
    """
    moment = moment_of(as_of)
    _in_range(held_out=held_out, points_to_double=points_to_double)
    asked = asked_rules(ruleset, None)
    if not asked:
        raise InvalidInput(faults=(_fault("rules", "no rule is on, so there is nothing to fit", "too-few"),))
    cases, unknown = _known(leads, related, None if outcome is None else _path(outcome))
    learner = Learner.ready()
    learned, judged = _parted(learner, cases, held_out, seed)
    whole = [rule.model_copy(update={"points": _WHOLE}) for rule in asked]
    rows = [[_share(rule, case, moment) for rule in whole] for case in learned]
    weights, intercept = learner.regress(rows, [case.came for case in learned])
    factor = points_to_double / math.log(2)
    even_odds = -intercept * factor
    rules = tuple(
        _told(rule, weight, round(weight * factor), [row[place] for row in rows], learned)
        for place, (rule, weight) in enumerate(zip(asked, weights, strict=True))
    )
    fitted = _with_points(ruleset, {rule.rule: rule.points for rule in rules})
    scores = _scores(fitted, judged, moment)
    chances = [chance(score, even_odds=even_odds, points_to_double=points_to_double) for score in scores]
    log_loss, brier = learner.losses([case.came for case in judged], chances)
    return FittedRuleset(
        ruleset=fitted,
        outcome=outcome,
        as_of=moment,
        seed=seed,
        points_to_double=points_to_double,
        even_odds=even_odds,
        unknown=unknown,
        learned=_judgement(learner, learned, _scores(fitted, learned, moment)),
        held_out=_judgement(learner, judged, scores),
        given=_judgement(learner, judged, _scores(ruleset, judged, moment)),
        log_loss=log_loss,
        brier=brier,
        rules=rules,
    )


def _fault(argument: str, message: str, code: str) -> Fault:
    return Fault(path=f"$.{wire_name(argument)}", message=message, code=code)


def _in_range(*, held_out: float, points_to_double: int) -> None:
    if not 0 < held_out < 1:
        raise InvalidInput(faults=(_fault("held_out", "expected a share between 0 and 1", "out-of-range"),))
    if not 1 <= points_to_double <= MOST_POINTS:
        message = f"expected a whole number of points from 1 to {MOST_POINTS:,}"
        raise InvalidInput(faults=(_fault("points_to_double", message, "out-of-range"),))


def _path(outcome: str) -> Path:
    try:
        return parse_path(outcome)
    except ValueError as error:
        raise InvalidInput(faults=(_fault("outcome", str(error), "wrong-path"),)) from None


def _known(
    leads: Iterable[Lead | Mapping[str, Any]], related: Iterable[Mapping[str, Any]] | None, outcome: Path | None
) -> tuple[list[_Case], int]:
    """Answer the leads whose outcome is known, and the number of the others."""
    cases: list[_Case] = []
    unknown = 0
    status = parse_path("status")
    pairs = ((lead, NO_RELATED) for lead in leads) if related is None else zip(leads, related, strict=True)
    for lead, records in pairs:
        came = status.find(lead) == LeadStatus.CONVERTED if outcome is None else outcome.find(lead)
        if isinstance(came, bool):
            cases.append(_Case(lead=lead, related=records, came=came))
        else:
            unknown += 1
    return cases, unknown


def _parted(learner: Learner, cases: Sequence[_Case], held_out: float, seed: int) -> tuple[list[_Case], list[_Case]]:
    came = sum(case.came for case in cases)
    for count, words in ((came, "came to something"), (len(cases) - came, "did not")):
        judged = round(count * held_out)
        if min(judged, count - judged) < FEWEST_OF_EACH:
            message = (
                f"{count:,} of the leads {words}; to learn from some and to judge by others takes at least"
                f" {FEWEST_OF_EACH} of them on either side"
            )
            raise InvalidInput(faults=(_fault("leads", message, "too-few"),))
    return learner.part(cases, [case.came for case in cases], held_out, seed)


def _share(rule: ScoringRule, case: _Case, as_of: datetime) -> float:
    """Answer what part of its points a rule brings: 1 where it matches and nothing fades, 0 where it does not."""
    if not holds(rule.condition, case.lead, case.related, as_of):
        return 0.0
    return points_of(rule, case.related, as_of) / hundredths(_WHOLE)


def _with_points(ruleset: Ruleset, points: Mapping[str, float]) -> Ruleset:
    rules = tuple(rule.model_copy(update={"points": points.get(rule.name, rule.points)}) for rule in ruleset.rules)
    return ruleset.model_copy(update={"rules": rules, "caps": {}, "total": None, "bands": ()})


def _scores(ruleset: Ruleset, cases: Iterable[_Case], as_of: datetime) -> list[float]:
    return [score(case.lead, ruleset, related=case.related, as_of=as_of).score for case in cases]


def _told(
    rule: ScoringRule, weight: float, points: int, column: Sequence[float], learned: Sequence[_Case]
) -> FittedRule:
    matched = [case.came for share, case in zip(column, learned, strict=True) if share]
    return FittedRule(
        rule=rule.name,
        given=rule.points,
        points=points,
        weight=weight,
        matched=len(matched),
        came=sum(matched) / len(matched) if matched else None,
    )


def _judgement(learner: Learner, cases: Sequence[_Case], scores: Sequence[float]) -> Judgement:
    came = [score for case, score in zip(cases, scores, strict=True) if case.came]
    rest = [score for case, score in zip(cases, scores, strict=True) if not case.came]
    return Judgement(
        leads=len(cases),
        came=len(came),
        area_under_curve=learner.area([case.came for case in cases], scores),
        mean_came=sum(came) / len(came),
        mean_rest=sum(rest) / len(rest),
        best_tenth=_best_tenth([(score, case.came) for case, score in zip(cases, scores, strict=True)]),
    )


def _best_tenth(scored: Sequence[tuple[float, bool]]) -> float:
    """Answer the share that came to something among the best tenth, whose room those who tie at its border share."""
    room = len(scored) / 10
    border = sorted((score for score, _ in scored), reverse=True)[math.ceil(room) - 1]
    above = [came for score, came in scored if score > border]
    tied = [came for score, came in scored if score == border]
    return (sum(above) + sum(tied) * (room - len(above)) / len(tied)) / room
