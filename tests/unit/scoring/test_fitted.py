from __future__ import annotations

from datetime import UTC, datetime

import pytest

from leadkit.scoring import FittedRule, FittedRuleset, Judgement, Ruleset
from leadkit.scoring.fitted import chance

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def judged(**figures: float) -> Judgement:
    return Judgement.model_validate(
        {
            "leads": 1_000,
            "came": 200,
            "area_under_curve": 0.75,
            "mean_came": 50.125,
            "mean_rest": -1.5,
            "best_tenth": 0.5,
            **figures,
        }
    )


FITTED = FittedRuleset(
    ruleset=Ruleset.model_validate({"rules": []}),
    outcome=None,
    as_of=NOW,
    seed=0,
    points_to_double=20,
    even_odds=1040,
    unknown=0,
    learned=judged(leads=3_000, came=600),
    held_out=judged(),
    given=judged(area_under_curve=0.5),
    log_loss=0.4,
    brier=0.2,
    rules=(
        FittedRule(rule="a long name", given=2.5, points=1_234, weight=1.5, matched=1_000, came=0.25),
        FittedRule(rule="b", given=-5, points=0, weight=0, matched=0, came=None),
    ),
)


@pytest.mark.parametrize(
    ("score", "expected"), [(40, 1 / 2), (60, 2 / 3), (80, 4 / 5), (20, 1 / 3), (1e9, 1.0), (-1e9, 0.0)]
)
def test_odds_double_with_every_so_many_points(score, expected):
    assert chance(score, even_odds=40, points_to_double=20) == pytest.approx(expected, abs=1e-12)


def test_a_fitted_ruleset_tells_how_likely_a_score_is():
    assert FITTED.probability(1_040) == 0.5
    assert FITTED.probability(1_060) == pytest.approx(2 / 3)


def test_a_judgement_tells_how_much_better_than_chance_its_best_tenth_is():
    assert (judged().share, judged().lift) == (0.2, 2.5)


def test_a_fitted_ruleset_shows_its_figures_and_rules_as_a_table():
    assert str(FITTED).splitlines() == [
        "fitted on 3,000 leads, judged on 1,000 that were held out (200 of them came to something)",
        "",
        "                area under curve  mean, came  mean, rest  best tenth   lift",
        "given points              0.5000       50.12       -1.50       50.0%   2.50",
        "fitted points             0.7500       50.12       -1.50       50.0%   2.50",
        "  as learned              0.7500       50.12       -1.50       50.0%   2.50",
        "",
        "rule           given   fitted   matches    came",
        "a long name     +2.5   +1,234     1,000   25.0%",
        "b                 -5        0         0",
        "",
        "20 points double the odds, which are even at 1,040.0",
    ]
