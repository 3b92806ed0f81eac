"""Scoring a lead: which rules match, what each brings, where a limit bites, and what that makes of its priority."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions import Related, related_needs
from leadkit.conditions.evaluating import holds, records_that_count
from leadkit.conditions.kinds import instant_of
from leadkit.conditions.paths import Path
from leadkit.errors import Fault, InvalidInput, NotFound
from leadkit.leads.lead import ScoreLine
from leadkit.scoring.decay import Decay, faded
from leadkit.scoring.limits import TOTAL, over
from leadkit.scoring.rules import ScoringRule
from leadkit.scoring.scorecards import Scorecard
from leadkit.values.numbers import from_hundredths, hundredths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from leadkit.leads.lead import Priority
    from leadkit.scoring.limits import Limits
    from leadkit.scoring.ruleset import Ruleset

__all__ = ["asked_rules", "interpreted", "latest_of", "needs", "points_of", "priority_of", "reckon"]

# No label is empty, so none is this one.
_NO_GROUP: Final = ""


def asked_rules(ruleset: Ruleset, rules: Iterable[str] | None) -> tuple[ScoringRule, ...]:
    """Answer the rules that count: those that are on and, where some are named, among these.

    Args:
        ruleset: The ruleset.
        rules: The names of the rules that are asked for; None for all.

    Raises:
        NotFound: There is no rule of such a name.
        InvalidInput: The names are a text rather than a list.
    """
    if rules is None:
        return tuple(rule for rule in ruleset.rules if rule.enabled)
    if isinstance(rules, str):
        # A text is iterable too: it would be asked for the rules that its letters name.
        message = "expected a list of the names of rules"
        raise InvalidInput(faults=(Fault(path="$.rules", message=message, code="wrong-type"),))
    named = tuple(rules)
    for name in named:
        if name not in ruleset.lines:
            raise NotFound(kind="rule", id=name, known=tuple(ruleset.lines))
    return tuple(rule for rule in ruleset.rules if rule.enabled and rule.name in named)


def needs(ruleset: Ruleset, *, rules: Iterable[str] | None = None, disabled: bool = False) -> frozenset[str]:
    """Name the kinds of related record that scoring by a ruleset looks at.

    Args:
        ruleset: The ruleset.
        rules: The names of the rules that are asked for; None for all.
        disabled: Whether every rule is looked into, also those that do not count, as an explanation does.

    Raises:
        NotFound: There is no rule of such a name.

    Example:
        >>> from leadkit.scoring import Ruleset
        >>> sorted(needs(Ruleset(rules=[{"name": "seen", "points": 5, "condition": {"related": "activities"}}])))
        ['activities']
    """
    looked_into = ruleset.rules if disabled else asked_rules(ruleset, rules)
    conditions = (rule.condition for rule in looked_into)
    return frozenset(need.kind for need in related_needs(*conditions))


def points_of(rule: ScoringRule, related: Mapping[str, Any], as_of: datetime) -> int:
    """Answer what a rule that matched brings.

    Args:
        rule: The rule.
        related: The related records by kind.
        as_of: Now, in UTC.

    Returns:
        Hundredths.
    """
    points = hundredths(rule.points)
    match rule:
        case ScoringRule(decay=Decay() as decay, condition=Related(time=Path() as time) as node):
            latest = latest_of(time, records_that_count(node, related, as_of))
            return faded(points, decay, latest=latest, as_of=as_of)
        case _:
            return points


def latest_of(time: Path, records: Iterable[Any]) -> datetime | None:
    """Answer the latest time of records, None where none has one.

    Args:
        time: The field of such records that holds their time.
        records: The records.
    """
    times = (instant_of(time.find(record)) for record in records)
    return max((moment for moment in times if moment is not None), default=None)


def priority_of(ruleset: Ruleset, score: float) -> Priority | None:
    """Answer what the bands make of a score: the priority of the highest floor that it reaches, None below all.

    Args:
        ruleset: The ruleset.
        score: The score.
    """
    return next((band.priority for band in reversed(ruleset.bands) if band.min <= score), None)


def reckon(
    ruleset: Ruleset, asked: Iterable[ScoringRule], earned: Sequence[tuple[ScoringRule, int]], as_of: datetime
) -> Scorecard:
    """Add up what rules brought, keep each sum within its limits, and tell every step as a line.

    Args:
        ruleset: The ruleset.
        asked: The rules that count. The limits of a group hold where one of its rules does.
        earned: The rules that matched, in order, and what each brought, in hundredths.
        as_of: Now, in UTC.
    """
    # By the order of the rules and not of the caps, which a store that keeps JSON may return in another one.
    sums = dict.fromkeys((rule.group or _NO_GROUP for rule in asked), 0)
    lines: list[ScoreLine] = []
    for rule, points in earned:
        line = ruleset.lines[rule.name]
        lines.append(line if points == hundredths(line.points) else _line(rule.name, points))
        sums[rule.group or _NO_GROUP] += points

    def kept(limits: Limits | None, name: str, points: int) -> int:
        bite = None if limits is None else over(limits, name, points)
        if bite is None:
            return points
        lines.append(_line(*bite))
        return points + bite[1]

    total = sum([kept(ruleset.caps.get(group), group, points) for group, points in sums.items()])
    result = from_hundredths(kept(ruleset.total, TOTAL, total))
    return Scorecard(
        score=result,
        breakdown=tuple(lines),
        fingerprint=ruleset.fingerprint,
        at=as_of,
        priority=priority_of(ruleset, result),
    )


def _line(name: str, points: int) -> ScoreLine:
    return ScoreLine(rule=name, points=from_hundredths(points))


def interpreted(
    ruleset: Ruleset, asked: Sequence[ScoringRule], lead: Any, related: Mapping[str, Any], as_of: datetime
) -> Scorecard:
    """Score a lead by the reference interpreter: the definition of what a ruleset means.

    Args:
        ruleset: The rules, with their limits.
        asked: The rules that count.
        lead: A lead, or plain values in camelCase or snake_case.
        related: The lead's related records by kind.
        as_of: Now, in UTC.
    """
    earned = [(rule, points_of(rule, related, as_of)) for rule in asked if holds(rule.condition, lead, related, as_of)]
    return reckon(ruleset, asked, earned, as_of)
