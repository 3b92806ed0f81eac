"""Checking a ruleset before it is saved: what cannot be meant so, and what can never have an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.conditions import duplicates
from leadkit.conditions.checking import Findings, check_condition
from leadkit.conditions.places import at_index, at_key
from leadkit.errors import Fault
from leadkit.scoring.limits import TOTAL
from leadkit.values.numbers import from_hundredths, hundredths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leadkit.conditions.catalogue import FieldCatalogue
    from leadkit.scoring.limits import Limits
    from leadkit.scoring.rules import ScoringRule
    from leadkit.scoring.ruleset import Ruleset

__all__ = ["RuleReport", "check"]

_NEVER = "never-matches"


@attrs.frozen(kw_only=True)
class RuleReport(Findings):
    """What a check of a ruleset found; printed, one finding a line.

    Attributes:
        errors: Fields that do not exist, and comparisons that are impossible.
        warnings: What never or always matches, stands twice, or can never have an effect; each is certain.
    """

    @property
    def ok(self) -> bool:
        """Whether there are no errors."""
        return not self.errors

    def as_dict(self) -> dict[str, Any]:
        """Answer the report as plain JSON values: of each finding its path, severity, code and message."""
        errors = [_plain(fault, "error") for fault in self.errors]
        return {"ok": self.ok, "errors": errors, "warnings": [_plain(fault, "warning") for fault in self.warnings]}


def _plain(fault: Fault, severity: str) -> dict[str, str]:
    return {"path": fault.path, "severity": severity, "code": fault.code, "message": fault.message}


def check(ruleset: Ruleset, catalogue: FieldCatalogue | None = None) -> RuleReport:
    """Check a ruleset.

    Args:
        ruleset: The rules.
        catalogue: The fields that there are, such as `FieldCatalogue.for_leads()`; without one, fields and their kinds
            are not looked at.

    Returns:
        What was found, each with its JSON path. Nothing is reported that is not certain.

    Example:
        >>> from leadkit.scoring import Ruleset
        >>> print(check(Ruleset.model_validate({
        ...     "rules": [
        ...         {"name": "team", "points": 20, "condition": {"field": "team", "op": ">", "value": 9}},
        ...         {"name": "size", "points": 5, "condition": {"field": "team", "op": "gt", "value": 9}},
        ...     ],
        ...     "bands": [{"min": 0, "priority": "low"}, {"min": 80, "priority": "high"}],
        ... })))
        warning  $.rules[1].condition: the same condition as that of `team`, $.rules[0]
        warning  $.bands[1]: no score reaches this band: the highest is 25
    """
    errors: list[Fault] = []
    warnings: list[Fault] = []
    counting: list[ScoringRule] = []
    for index, rule in enumerate(ruleset.rules):
        at = at_index("$.rules", index)
        found = check_condition(rule.condition, catalogue, at=f"{at}.condition")
        errors.extend(found.errors)
        warnings.extend(found.warnings)
        warnings.extend(_idle_rule(rule, at))
        if rule.enabled and all(warning.code != _NEVER for warning in found.warnings):
            counting.append(rule)
    warnings.extend(_repeated(ruleset))
    warnings.extend(_idle_parts(ruleset, counting))
    return RuleReport(errors=tuple(errors), warnings=tuple(warnings))


def _idle_rule(rule: ScoringRule, at: str) -> Iterator[Fault]:
    if not rule.enabled:
        yield Fault(path=f"{at}.enabled", message="this rule is off and never counts", code="rule-off")
    if not rule.points:
        yield Fault(path=f"{at}.points", message="this rule brings no points", code="no-points")


def _repeated(ruleset: Ruleset) -> Iterator[Fault]:
    enabled = [(index, rule) for index, rule in enumerate(ruleset.rules) if rule.enabled]
    for first, *others in duplicates(rule.condition for _, rule in enabled):
        index, rule = enabled[first]
        for other in others:
            message = f"the same condition as that of `{rule.name}`, {at_index('$.rules', index)}"
            at = at_index("$.rules", enabled[other][0])
            yield Fault(path=f"{at}.condition", message=message, code="duplicate-rule")


@attrs.frozen
class _Range:
    """The least and the most that points can come to, in hundredths.

    Where only some of the rules are asked for, others bring nothing: zero always lies within.
    """

    least: int
    most: int

    @classmethod
    def of(cls, rules: Iterable[ScoringRule]) -> _Range:
        points = [hundredths(rule.points) for rule in rules]
        return cls(sum(each for each in points if each < 0), sum(each for each in points if each > 0))

    def within(self, limits: Limits | None) -> _Range:
        least, most = self.least, self.most
        if limits is not None and limits.max is not None:
            least, most = min(least, hundredths(limits.max)), min(most, hundredths(limits.max))
        if limits is not None and limits.min is not None:
            least, most = max(least, hundredths(limits.min)), max(most, hundredths(limits.min))
        return _Range(least, most)

    def or_nothing(self) -> _Range:
        return _Range(min(self.least, 0), max(self.most, 0))


def _idle_parts(ruleset: Ruleset, counting: list[ScoringRule]) -> Iterator[Fault]:
    """Find limits that never bite, and bands that no score reaches."""
    reach = _Range.of(rule for rule in counting if rule.group not in ruleset.caps)
    groups = {rule.group for rule in ruleset.rules if rule.enabled}
    for group, limits in ruleset.caps.items():
        at = at_key("$.caps", group)
        if group not in groups:
            yield Fault(path=at, message="never bites: no rule of this group is on", code="idle-limit")
            continue
        found = _Range.of(rule for rule in counting if rule.group == group)
        yield from _idle_limits(limits, found, at, "the rules of this group come to")
        limited = found.within(limits).or_nothing()
        reach = _Range(reach.least + limited.least, reach.most + limited.most)
    if ruleset.total is not None:
        yield from _idle_limits(ruleset.total, reach, f"$.{TOTAL}", "the rules come to")
    yield from _unreached(ruleset, reach.within(ruleset.total))


def _idle_limits(limits: Limits, reach: _Range, at: str, subject: str) -> Iterator[Fault]:
    if limits.max is not None and reach.most <= hundredths(limits.max):
        message = f"never bites: {subject} {from_hundredths(reach.most):,} at most"
        yield Fault(path=f"{at}.max", message=message, code="idle-limit")
    if limits.min is not None and reach.least >= hundredths(limits.min):
        message = f"never bites: {subject} {from_hundredths(reach.least):,} at least"
        yield Fault(path=f"{at}.min", message=message, code="idle-limit")


def _unreached(ruleset: Ruleset, reach: _Range) -> Iterator[Fault]:
    floors = [hundredths(band.min) for band in ruleset.bands]
    for index, floor in enumerate(floors):
        at = at_index("$.bands", index)
        if floor > reach.most:
            message = f"no score reaches this band: the highest is {from_hundredths(reach.most):,}"
            yield Fault(path=at, message=message, code="unreachable-band")
        elif index + 1 < len(floors) and floors[index + 1] <= reach.least:
            message = f"no score falls into this band: the lowest is {from_hundredths(reach.least):,}"
            yield Fault(path=at, message=message, code="unreachable-band")
