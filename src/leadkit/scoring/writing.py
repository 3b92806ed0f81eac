"""A ruleset written as the statements of a function: every field read once, one `if` a rule, the limits at the end.

Points are added as they are where binary floats are exact, and in whole hundredths where they are not, so that a score
is the same to the last digit as that of the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions import Related
from leadkit.conditions.compiling.source import indented
from leadkit.conditions.compiling.writing import Scope, records_of
from leadkit.conditions.paths import Path
from leadkit.leads.lead import Lead, ScoreLine
from leadkit.scoring.decay import Decay, faded
from leadkit.scoring.limits import CAP, FLOOR, TOTAL
from leadkit.scoring.reckoning import latest_of
from leadkit.scoring.rules import ScoringRule
from leadkit.scoring.scorecards import Scorecard
from leadkit.values.numbers import from_hundredths, hundredths

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from leadkit.conditions.compiling.source import Program
    from leadkit.scoring.limits import Limits
    from leadkit.scoring.ruleset import Ruleset

__all__ = ["Sum"]

# Sums of quarters are exact as binary floats, as far as points go.
_QUARTER: Final = 4
# No label is empty, so none is this one.
_NO_GROUP: Final = ""
_FIELDS: Final = ("score", "breakdown", "fingerprint", "at", "priority")


@attrs.define(eq=False, kw_only=True)
class Sum:
    """The points of rules, to be written as statements.

    Attributes:
        ruleset: The rules, with their limits.
        asked: The rules that count.
        lines: Whether a scorecard with its breakdown is wanted, rather than the score alone.
    """

    ruleset: Ruleset
    asked: Sequence[ScoringRule]
    lines: bool
    _exact: bool = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        limits = [end for limit in self.ruleset.limits for end in (limit.min, limit.max) if end is not None]
        points = [rule.points for rule in self.asked]
        fade = any(rule.decay is not None for rule in self.asked)
        self._exact = not fade and all((number * _QUARTER) % 1 == 0 for number in (*points, *limits))

    def write(self, program: Program) -> list[str]:
        """Answer the statements.

        Args:
            program: The program that they belong to.
        """
        scope = Scope(program=program, conditions=[rule.condition for rule in self.asked], classes=(Lead,))
        # By the order of the rules and not of the caps; a group without limits needs no sum of its own.
        caps = self.ruleset.caps
        groups = dict.fromkeys(rule.group or _NO_GROUP for rule in self.asked)
        sums = {group: program.fresh("g") for group in groups if group in caps}
        body: list[str] = []
        for rule in self.asked:
            test = scope.condition(rule.condition)
            body += [
                *scope.before(),
                f"if {test}:",
                *indented(self._earned(rule, sums.get(rule.group or _NO_GROUP, "total"), scope)),
            ]
        for group, name in sums.items():
            body += [*self._kept(name, group, caps[group], program), f"total += {name}"]
        if self.ruleset.total is not None:
            body += self._kept("total", TOTAL, self.ruleset.total, program)
        start = [f"{' = '.join(('total', *sums.values()))} = 0", *(["lines = []"] if self.lines else [])]
        return [*scope.begin(), *start, *body, *self._ended(program)]

    def _number(self, points: float) -> float:
        return points if self._exact else hundredths(points)

    def _earned(self, rule: ScoringRule, total: str, scope: Scope) -> list[str]:
        program, line = scope.program, self.ruleset.lines[rule.name]
        match rule:
            case ScoringRule(decay=Decay() as decay, condition=Related(time=Path() as time) as node):
                left = program.constant(_fading(hundredths(rule.points), decay, time))
                added = [f"points = {left}({records_of(node, scope)}, now)", f"{total} += points"]
                made = f"{program.constant(_line_of(rule.name, line))}(points)"
            case _:
                added = [f"{total} += {program.literal(self._number(rule.points))}"]
                made = program.literal(line)
        return [*added, f"lines.append({made})"] if self.lines else added

    def _kept(self, name: str, group: str, limits: Limits, program: Program) -> list[str]:
        """Keep a sum within its limits, with a line where one bites."""
        statements: list[str] = []
        for word, label, end in ((">", CAP, limits.max), ("<", FLOOR, limits.min)):
            if end is None:
                continue
            bound = program.literal(self._number(end))
            statements.append(f"{'elif' if statements else 'if'} {name} {word} {bound}:")
            if self.lines:
                made = program.constant(_line_of(f"{label}{group}", None))
                difference = f"({bound} - {name})"
                statements.append(f"    lines.append({made}({f'{difference} * 100' if self._exact else difference}))")
            statements.append(f"    {name} = {bound}")
        return statements

    def _ended(self, program: Program) -> list[str]:
        if not self._exact:
            score = "total / 100 if total % 100 else total // 100"
        elif all(type(number) is int for number in self._numbers()):
            score = "total"
        else:
            score = "total if type(total) is int or total % 1 else int(total)"
        if not self.lines:
            return [f"return {score}"]
        ended = [f"score = {score}", f"card = {program.constant(object.__new__)}({program.literal(Scorecard)})"]
        values = ("score", "tuple(lines)", program.literal(self.ruleset.fingerprint), "now", self._priority(program))
        setters = (program.constant(_setter(field)) for field in _FIELDS)
        return [*ended, *(f"{put}(card, {value})" for put, value in zip(setters, values, strict=True)), "return card"]

    def _numbers(self) -> list[float]:
        limits = [end for limit in self.ruleset.limits for end in (limit.min, limit.max) if end is not None]
        return [*(rule.points for rule in self.asked), *limits]

    def _priority(self, program: Program) -> str:
        named = [
            f"{program.literal(band.priority)} if score >= {program.literal(band.min)}"
            for band in reversed(self.ruleset.bands)
        ]
        return " else ".join((*named, "None"))


def _setter(field: str) -> Callable[[Any, Any], None]:
    # A scorecard is frozen and checks what it is made of; this one is made of what was checked already.
    setter: Callable[[Any, Any], None] = getattr(Scorecard, field).__set__
    return setter


def _fading(points: int, decay: Decay, time: Path) -> Callable[[Sequence[Any], datetime], int]:
    return lambda records, now: faded(points, decay, latest=latest_of(time, records), as_of=now)


def _line_of(name: str, whole: ScoreLine | None) -> Callable[[int], ScoreLine]:
    """Answer what makes the line of so many hundredths; the line of all points is made already."""

    def line(points: float) -> ScoreLine:
        left = from_hundredths(int(points))
        return whole if whole is not None and whole.points == left else ScoreLine(rule=name, points=left)

    return line
