"""Running the tests of a ruleset, and saying of those that fail what was seen instead, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.conditions import rendering
from leadkit.conditions.wording import printable
from leadkit.errors import did_you_mean
from leadkit.scoring.explaining import traced
from leadkit.scoring.limits import CAP, FLOOR, TOTAL
from leadkit.values.numbers import signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leadkit.scoring.explaining import RuleExplanation
    from leadkit.scoring.rule_tests import Expected, RuleTest, RuleTests
    from leadkit.scoring.ruleset import Ruleset
    from leadkit.scoring.scorecards import Scorecard

__all__ = ["Failure", "RuleTestReport", "RuleTestResult", "run_rule_test", "run_rule_tests"]


@attrs.frozen(kw_only=True)
class Failure:
    """One thing that was expected and is not so.

    Attributes:
        subject: What: `score`, `priority`, or the name of a rule or of a limit's line.
        expected: What was expected.
        found: What is so.
        why: The trace of the rule, one line a clause; nothing where it is not about a rule.
    """

    subject: str
    expected: str
    found: str
    why: str = ""

    def __str__(self) -> str:
        reason = "".join(f"\n  {line}" for line in self.why.splitlines())
        return f"{printable(self.subject)}: expected {self.expected}, but {self.found}{reason}"

    def as_dict(self) -> dict[str, Any]:
        """Answer the failure as plain JSON values."""
        return attrs.asdict(self)


@attrs.frozen(kw_only=True)
class RuleTestResult:
    """What became of one test.

    Attributes:
        test: The test.
        failures: What was expected and is not so; empty where the test passed.
    """

    test: RuleTest
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether everything is as expected."""
        return not self.failures

    def __str__(self) -> str:
        told = [f"{'✓' if self.passed else '✗'} {printable(self.test.name)}"]
        told += [f"    {line}" for failure in self.failures for line in str(failure).splitlines()]
        return "\n".join(told)

    def as_dict(self) -> dict[str, Any]:
        """Answer the result as plain JSON values."""
        failures = [failure.as_dict() for failure in self.failures]
        return {"name": self.test.name, "passed": self.passed, "failures": failures}


@attrs.frozen(kw_only=True)
class RuleTestReport:
    """What became of the tests of a ruleset; printed, those that failed with what was seen instead.

    Attributes:
        results: The result of each test, in order.
    """

    results: tuple[RuleTestResult, ...]

    @property
    def ok(self) -> bool:
        """Whether every test passed."""
        return all(result.passed for result in self.results)

    @property
    def failed(self) -> tuple[RuleTestResult, ...]:
        """The results of those that failed."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def summary(self) -> str:
        """How many tests passed and failed."""
        failed = len(self.failed)
        return f"{len(self.results) - failed:,} passed" + (f", {failed:,} failed" if failed else "")

    def __str__(self) -> str:
        return "\n".join([*map(str, self.results), self.summary])

    def as_dict(self) -> dict[str, Any]:
        """Answer the report as plain JSON values."""
        return {
            "ok": self.ok,
            "passed": len(self.results) - len(self.failed),
            "failed": len(self.failed),
            "tests": [result.as_dict() for result in self.results],
        }


def run_rule_tests(ruleset: Ruleset, tests: RuleTests) -> RuleTestReport:
    """Run the tests of a ruleset.

    Args:
        ruleset: The rules.
        tests: Leads, and what they are expected to score.

    Example:
        >>> from leadkit.scoring import RuleTests, Ruleset
        >>> rules = Ruleset(rules=[
        ...     {"name": "team", "points": 20, "condition": {"field": "team", "op": ">=", "value": 10}},
        ... ])
        >>> print(run_rule_tests(rules, RuleTests.read({"asOf": "2026-11-24", "tests": [
        ...     {"name": "twelve are large", "lead": {"team": 12}, "expected": {"score": 20}},
        ...     {"name": "nine are large", "lead": {"team": 9}, "expected": {"matches": ["team"]}},
        ... ]})))
        ✓ twelve are large
        ✗ nine are large
            team: expected a match, but it does not match
              ✗ team is at least 10   saw 9
        1 passed, 1 failed
    """
    return RuleTestReport(results=tuple(run_rule_test(ruleset, tests, test) for test in tests.tests))


def run_rule_test(ruleset: Ruleset, tests: RuleTests, test: RuleTest) -> RuleTestResult:
    """Run one test of a ruleset.

    Args:
        ruleset: The rules.
        tests: The tests that it is one of.
        test: The test.
    """
    unknown = tuple(_unknown(ruleset, test))
    if unknown:
        return RuleTestResult(test=test, failures=unknown)
    card, rules = traced(test.lead, ruleset, test.related, tests.moment(test), test.rules)
    return RuleTestResult(test=test, failures=tuple(_failures(card, rules, test.expected)))


def _unknown(ruleset: Ruleset, test: RuleTest) -> Iterator[Failure]:
    """Find names that no rule has: such a test could never fail, or never pass."""
    limits = {f"{side}{group}" for side in (CAP, FLOOR) for group in (*ruleset.caps, TOTAL)}
    expected = test.expected
    for names, known in (
        (test.rules or (), ruleset.lines),
        (expected.points, {*ruleset.lines, *limits}),
        ((*expected.matches, *expected.does_not_match), ruleset.lines),
    ):
        for name in dict.fromkeys(names):
            if name not in known:
                found = f"there is none of that name{did_you_mean(name, known)}"
                yield Failure(subject=name, expected="a rule", found=found)


def _failures(card: Scorecard, traces: Iterable[RuleExplanation], expected: Expected) -> Iterator[Failure]:
    rules = {rule.name: rule for rule in traces}
    lines = {line.rule: line.points for line in card.breakdown}
    if expected.score is not None and expected.score != card.score:
        told = (
            ", ".join(f"{printable(line.rule)} {signed(line.points)}" for line in card.breakdown) or "no rule matches"
        )
        yield Failure(subject="score", expected=f"{expected.score:,}", found=f"it is {card.score:,} ({told})")
    for name, points in expected.points.items():
        brought = lines.get(name, 0)
        if brought != points:
            found = f"it brings {signed(brought)}"
            yield Failure(subject=name, expected=signed(points), found=found, why=_why(rules.get(name)))
    yield from _matches(rules, expected.matches, wanted=True)
    yield from _matches(rules, expected.does_not_match, wanted=False)
    if expected.priority is not None and expected.priority is not card.priority:
        told = "no band is reached" if card.priority is None else f"it is {card.priority.value}"
        yield Failure(subject="priority", expected=expected.priority.value, found=told)


def _matches(rules: dict[str, RuleExplanation], names: Iterable[str], *, wanted: bool) -> Iterator[Failure]:
    for name in names:
        rule = rules[name]
        if rule.held is wanted:
            continue
        expected = "a match" if wanted else "no match"
        found = "it matches" if rule.held else "it does not match"
        if not rule.held and rule.trace.held:
            # It would match, and does not count: it is off, or was not asked for.
            found = f"it is {rule.outcome.value}"
        yield Failure(subject=name, expected=expected, found=found, why=_why(rule))


def _why(rule: RuleExplanation | None) -> str:
    return "" if rule is None else rendering.as_text(rule.trace)
