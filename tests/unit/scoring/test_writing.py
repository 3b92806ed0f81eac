from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from unaided import EACH_FORM, unaided

from leadkit.conditions.compiling.source import Program
from leadkit.leads import Priority
from leadkit.scoring import Ruleset, compile_ruleset
from leadkit.scoring.reckoning import interpreted
from leadkit.scoring.writing import Sum

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
YES: dict[str, Any] = {"and": []}


def rule(name: str, points: float, field: str | None = None, **parts: Any) -> dict[str, Any]:
    condition = YES if field is None else {"field": field, "op": "exists"}
    return {"name": name, "points": points, "condition": condition, **parts}


def ruled(*rules: dict[str, Any], **parts: Any) -> Ruleset:
    return Ruleset.model_validate({"rules": list(rules), **parts})


def statements(ruleset: Ruleset, *, lines: bool) -> list[str]:
    return Sum(ruleset=ruleset, asked=ruleset.rules, lines=lines).write(Program())


def test_each_rule_is_one_if() -> None:
    ruleset = ruled(rule("a", 5), rule("b", -3))
    assert statements(ruleset, lines=False) == [
        "total = 0",
        "if True:",
        "    total += k0",
        "if True:",
        "    total += k2",
        "return total",
    ]


def test_a_scorecard_takes_a_line_for_each_rule() -> None:
    ruleset = ruled(rule("a", 5), bands=[{"min": 1, "priority": "medium"}, {"min": 5, "priority": "high"}])
    assert statements(ruleset, lines=True) == [
        "total = 0",
        "lines = []",
        "if True:",
        "    total += k0",
        "    lines.append(k1)",
        "score = total",
        "card = k2(k3)",
        "k8(card, score)",
        "k9(card, tuple(lines))",
        "k10(card, k4)",
        "k11(card, now)",
        "k12(card, k5 if score >= k0 else k6 if score >= k7 else None)",
        "return card",
    ]


def test_limits_are_kept_at_the_end_first_those_of_the_groups() -> None:
    ruleset = ruled(
        rule("a", 5, group="fit"),
        rule("b", 6, group="free"),
        rule("c", 7, group="pain"),
        caps={"pain": {"min": 1, "max": 9}, "fit": {"max": 4}, "free": {"min": 0}},
        total={"min": -1, "max": 8},
    )
    assert statements(ruleset, lines=False) == [
        "total = g0 = g1 = g2 = 0",
        "if True:",
        "    g0 += k3",
        "if True:",
        "    g1 += k5",
        "if True:",
        "    g2 += k7",
        "if g0 > k9:",
        "    g0 = k9",
        "total += g0",
        "if g1 < k10:",
        "    g1 = k10",
        "total += g1",
        "if g2 > k11:",
        "    g2 = k11",
        "elif g2 < k12:",
        "    g2 = k12",
        "total += g2",
        "if total > k13:",
        "    total = k13",
        "elif total < k14:",
        "    total = k14",
        "return total",
    ]


@pytest.mark.parametrize(
    ("points", "ended"),
    [
        ((5, -3), "return total"),
        ((12.5, 3), "return total if type(total) is int or total % 1 else int(total)"),
        ((0.25,), "return total if type(total) is int or total % 1 else int(total)"),
        ((0.1, 3), "return total / 100 if total % 100 else total // 100"),
        ((0.3, 12.5), "return total / 100 if total % 100 else total // 100"),
    ],
)
def test_points_are_added_in_a_unit_in_which_the_sum_is_exact(points: tuple[float, ...], ended: str) -> None:
    ruleset = ruled(*(rule(f"r{number}", worth) for number, worth in enumerate(points)))
    assert statements(ruleset, lines=False)[-1] == ended


CALLED = {"related": "activities", "where": {"field": "type", "op": "==", "value": "call"}}
FADING = {"name": "called", "points": 20, "condition": CALLED, "decay": {"halfLife": "30d"}}


@pytest.mark.parametrize(
    ("ruleset", "expected", "lines"),
    [
        (ruled(rule("a", 5), rule("b", 5, "x")), 10, [("a", 5), ("b", 5)]),
        (ruled(rule("a", 5), rule("b", 5, "y")), 5, [("a", 5)]),
        (ruled(rule("a", 5), rule("off", 5, enabled=False)), 5, [("a", 5)]),
        (ruled(), 0, []),
        (ruled(rule("a", 0.5), rule("b", 0.5)), 1, [("a", 0.5), ("b", 0.5)]),
        (ruled(rule("a", 0.25), rule("b", -0.25)), 0, [("a", 0.25), ("b", -0.25)]),
        (ruled(rule("a", 0.1), rule("b", 0.2)), 0.3, [("a", 0.1), ("b", 0.2)]),
        (ruled(rule("a", 0.1), rule("b", 0.9)), 1, [("a", 0.1), ("b", 0.9)]),
        (ruled(rule("a", 5, group="g"), caps={"g": {"max": 5}}), 5, [("a", 5)]),
        (ruled(rule("a", 5, group="g"), caps={"g": {"max": 4.75}}), 4.75, [("a", 5), ("cap: g", -0.25)]),
        (ruled(rule("a", 5, group="g"), caps={"g": {"max": 4.9}}), 4.9, [("a", 5), ("cap: g", -0.1)]),
        (ruled(rule("a", -5, group="g"), caps={"g": {"min": -3}}), -3, [("a", -5), ("floor: g", 2)]),
        (ruled(rule("a", 5, "y", group="g"), caps={"g": {"min": 2}}), 2, [("floor: g", 2)]),
        (ruled(rule("a", 5), total={"min": 7, "max": 9}), 7, [("a", 5), ("floor: total", 2)]),
        (ruled(rule("a", 5), total={"min": 1, "max": 3}), 3, [("a", 5), ("cap: total", -2)]),
        (ruled(rule("a", 5), total={"min": 1, "max": 9}), 5, [("a", 5)]),
        (
            ruled(rule("a", 9, group="g"), rule("b", 9), caps={"g": {"max": 5}}, total={"max": 10}),
            10,
            [("a", 9), ("b", 9), ("cap: g", -4), ("cap: total", -4)],
        ),
        (ruled(FADING), 10, [("called", 10)]),
        (ruled({**FADING, "points": 0.01}), 0, [("called", 0)]),
        (ruled({**FADING, "condition": {**CALLED, "within": "20d"}}), 0, []),
        (ruled({**FADING, "decay": {"halfLife": "15d"}}, rule("a", 1)), 6, [("called", 5), ("a", 1)]),
        (ruled({**FADING, "group": "g"}, caps={"g": {"max": 7.5}}), 7.5, [("called", 10), ("cap: g", -2.5)]),
    ],
)
@EACH_FORM
def test_a_sum_is_that_of_the_reference(
    ruleset: Ruleset, expected: float, lines: list[tuple[str, float]], *, hopeful: bool
) -> None:
    lead = {"x": 1}
    earned = NOW - timedelta(days=30)
    related = {"activities": [{"type": "call", "at": earned}, {"type": "call"}, {"type": "mail", "at": NOW}]}
    compiled = compile_ruleset(ruleset)
    with unaided(hopeful=hopeful):
        card = compiled.card(lead, related=related, as_of=NOW)
        alone = compiled.score(lead, related=related, as_of=NOW)
    assert card == interpreted(ruleset, compiled.asked, lead, related, NOW)
    assert [(line.rule, line.points) for line in card.breakdown] == lines
    assert [type(line.points) for line in card.breakdown] == [type(points) for _, points in lines]
    assert (card.score, type(card.score)) == (expected, type(expected))
    assert (alone, type(alone)) == (expected, type(expected))


def test_a_line_whose_points_have_not_faded_is_the_one_that_is_made_already() -> None:
    ruleset = ruled(FADING)
    related = {"activities": [{"type": "call", "at": NOW}]}
    (line,) = compile_ruleset(ruleset).card({}, related=related, as_of=NOW).breakdown
    assert line is ruleset.lines["called"]


@pytest.mark.parametrize(
    ("points", "priority"),
    [(0, None), (9.99, None), (10, Priority.LOW), (19, Priority.LOW), (20.25, Priority.HIGH), (90, Priority.HIGH)],
)
def test_the_highest_band_that_is_reached_gives_the_priority(points: float, priority: Priority | None) -> None:
    bands = [{"min": 10, "priority": "low"}, {"min": 20.25, "priority": "high"}]
    assert compile_ruleset(ruled(rule("a", points), bands=bands)).card({}, as_of=NOW).priority is priority


def test_a_value_that_cannot_be_compared_is_scored_all_the_same() -> None:
    large = {"name": "large", "points": 5, "condition": {"field": "n", "op": ">=", "value": 10}}
    compiled = compile_ruleset(ruled(large, rule("a", 1)))
    for seen, expected in (("10", 1), (10, 6), ([], 1), (None, 1)):
        assert compiled.score({"n": seen}, as_of=NOW) == compiled.card({"n": seen}, as_of=NOW).score == expected
