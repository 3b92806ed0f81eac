from __future__ import annotations

from fractions import Fraction

import pytest

from leadkit.analytics.separation import Separation, area_under_curve


@pytest.mark.parametrize(
    ("converted", "rest", "area"),
    [
        ({}, {}, None),
        ({5: 2}, {}, None),
        ({}, {5: 2}, None),
        ({5: 2}, {5: 3}, Fraction(1, 2)),
        ({6: 2}, {5: 3}, Fraction(1)),
        ({4: 2}, {5: 3}, Fraction(0)),
        ({70: 1, 90: 1}, {50: 1, 70: 1}, Fraction(7, 8)),
        ({1: 1, 3: 2}, {2: 1, 3: 3, -4: 1}, Fraction(8, 15)),
    ],
)
def test_the_area_counts_pairs_and_halves_of_ties(
    converted: dict[int, int], rest: dict[int, int], area: Fraction | None
) -> None:
    assert area_under_curve(converted, rest) == area


def test_scores_are_told_apart_by_what_came_of_them() -> None:
    scores = {(1000, True): 1, (2050, True): 1, (1000, False): 3, (-550, False): 1}
    assert Separation.of(scores, outcome="properties.won", unscored=4, unknown=5) == Separation(
        outcome="properties.won",
        converted=2,
        rest=4,
        unscored=4,
        unknown=5,
        mean_converted=15.25,
        mean_rest=6.125,
        area_under_curve=0.8125,
    )


def test_without_scores_nothing_is_known() -> None:
    assert Separation.of({}, outcome=None, unscored=0, unknown=0) == Separation(
        outcome=None,
        converted=0,
        rest=0,
        unscored=0,
        unknown=0,
        mean_converted=None,
        mean_rest=None,
        area_under_curve=None,
    )


def test_a_perfect_score_and_a_perfectly_wrong_one_are_floats() -> None:
    right = Separation.of({(1, True): 1, (0, False): 1}, outcome=None, unscored=0, unknown=0)
    wrong = Separation.of({(0, True): 1, (1, False): 1}, outcome=None, unscored=0, unknown=0)
    assert (right.area_under_curve, wrong.area_under_curve) == (1.0, 0.0)
    assert right.model_dump()["areaUnderCurve"] == 1.0
