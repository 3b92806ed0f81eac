from __future__ import annotations

import math
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadkit.errors import InvalidInput, MissingExtra
from leadkit.leads import Lead
from leadkit.scoring import Ruleset, fit_points, score

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def ruleset(*names: str, **parts: Any) -> Ruleset:
    rules = [
        {"name": name, "points": 7, "condition": {"field": name, "op": "==", "value": True}, **parts.pop(name, {})}
        for name in names
    ]
    return Ruleset.model_validate({"rules": rules, **parts})


def lead(*, won: object, **fields: Any) -> dict[str, Any]:
    return {"won": won, **fields}


def told(**options: Any) -> list[dict[str, str]]:
    with pytest.raises(InvalidInput) as raised:
        fit_points(**{"ruleset": ruleset("a"), "leads": [], "outcome": "won", "as_of": NOW, **options})
    return [{"path": fault.path, "message": fault.message, "code": fault.code} for fault in raised.value.faults]


def test_a_share_that_leaves_nothing_to_learn_from_or_to_judge_by_is_refused():
    expected = [{"path": "$.heldOut", "message": "expected a share between 0 and 1", "code": "out-of-range"}]
    assert told(held_out=0) == expected
    assert told(held_out=1) == expected
    assert told(held_out=math.nan) == expected


def test_points_that_double_the_odds_are_at_least_one():
    assert told(points_to_double=0) == [
        {
            "path": "$.pointsToDouble",
            "message": "expected a whole number of points from 1 to 1,000,000",
            "code": "out-of-range",
        }
    ]
    assert told(points_to_double=1_000_001)[0]["path"] == "$.pointsToDouble"


def test_rules_of_which_none_is_on_are_refused():
    off = ruleset("a", a={"enabled": False})
    assert told(ruleset=off) == [
        {"path": "$.rules", "message": "no rule is on, so there is nothing to fit", "code": "too-few"}
    ]


def test_an_outcome_that_is_no_path_is_refused():
    assert [(fault["path"], fault["code"]) for fault in told(outcome="a..b")] == [("$.outcome", "wrong-path")]


learning = pytest.importorskip("sklearn", reason="scikit-learn is an extra of leadkit")

# A hundred leads of each kind: `a` goes with what came to something in 80 of 100, without it in 20; `b` says nothing.
TELLING = [
    lead(won=(number % 10 < 8) if number % 2 else (number % 10 < 2), a=bool(number % 2), b=number % 3 == 0)
    for number in range(600)
]


def test_rules_are_worth_what_they_say_about_the_outcome():
    fitted = fit_points(ruleset("a", "b"), TELLING, outcome="won", as_of=NOW, points_to_double=10)
    by_name = {rule.rule: rule for rule in fitted.rules}
    assert list(by_name) == ["a", "b"]
    # Odds of 4 to 1 are two doublings, those of 1 to 4 two halvings: four times ten points, less a bit for the penalty.
    assert 35 <= by_name["a"].points <= 45
    assert abs(by_name["b"].points) <= 4
    assert by_name["a"].given == 7
    assert by_name["a"].points == round(by_name["a"].weight * 10 / math.log(2))
    assert by_name["a"].matched == 228
    assert by_name["a"].came == pytest.approx(0.8, abs=0.05)
    assert [rule.points for rule in fitted.ruleset.rules] == [rule.points for rule in fitted.rules]


def test_more_points_to_double_the_odds_are_more_points_for_the_same_weight():
    tens, hundreds = (
        fit_points(ruleset("a"), TELLING, outcome="won", as_of=NOW, points_to_double=points) for points in (10, 100)
    )
    assert tens.rules[0].weight == hundreds.rules[0].weight
    assert hundreds.rules[0].points == pytest.approx(10 * tens.rules[0].points, abs=5)
    assert hundreds.even_odds == pytest.approx(10 * tens.even_odds)


def test_the_parts_hold_the_outcomes_in_proportion_and_add_up():
    leads = [*TELLING, lead(won=None), lead(won="yes"), {}]
    fitted = fit_points(ruleset("a", "b"), leads, outcome="won", as_of=NOW, held_out=0.2)
    came = sum(row["won"] for row in TELLING)
    assert (fitted.learned.leads, fitted.held_out.leads, fitted.given.leads) == (480, 120, 120)
    assert (fitted.learned.came, fitted.held_out.came, fitted.given.came) == (came * 4 // 5, came // 5, came // 5)
    assert (fitted.unknown, fitted.outcome, fitted.seed, fitted.points_to_double) == (3, "won", 0, 20)
    assert fitted.as_of == NOW


def test_the_same_seed_gives_the_same_answer_and_another_one_another():
    first, again, other = (
        fit_points(ruleset("a", "b"), TELLING, outcome="won", as_of=NOW, seed=seed) for seed in (4, 4, 5)
    )
    assert first == again
    assert first.learned != other.learned
    assert other.seed == 5


def test_the_figures_are_those_of_the_leads_that_were_held_out():
    fitted = fit_points(ruleset("a"), TELLING, outcome="won", as_of=NOW)
    points = fitted.rules[0].points
    judged = fitted.held_out
    # One rule makes two scores: 0 and its points.
    share_came, share_rest = judged.mean_came / points, judged.mean_rest / points
    assert judged.area_under_curve == pytest.approx(0.5 + (share_came - share_rest) / 2)
    assert judged.area_under_curve == fitted.given.area_under_curve
    assert fitted.given.mean_came == pytest.approx(7 * share_came)
    # Fifteen leads are the best tenth of those held out, and all of them match.
    matching = judged.came * share_came / (judged.came * share_came + (judged.leads - judged.came) * share_rest)
    assert judged.best_tenth == pytest.approx(matching)


def test_probabilities_are_judged_by_their_losses():
    fitted = fit_points(ruleset("a"), TELLING, outcome="won", as_of=NOW)
    judged, points = fitted.held_out, fitted.rules[0].points
    with_came = judged.came * judged.mean_came / points
    with_rest = (judged.leads - judged.came) * judged.mean_rest / points
    counts = {(points, True): with_came, (points, False): with_rest}
    counts |= {(0, True): judged.came - with_came, (0, False): judged.leads - judged.came - with_rest}
    brier = sum(count * (fitted.probability(at) - came) ** 2 for (at, came), count in counts.items()) / judged.leads
    assert fitted.brier == pytest.approx(brier)
    told_at = {(at, came): fitted.probability(at) if came else 1 - fitted.probability(at) for at, came in counts}
    log_loss = -sum(count * math.log(told_at[key]) for key, count in counts.items()) / judged.leads
    assert fitted.log_loss == pytest.approx(log_loss)
    assert fitted.probability(points) == pytest.approx(0.8, abs=0.05)
    assert fitted.probability(0) == pytest.approx(0.2, abs=0.05)


def test_rules_that_are_off_keep_their_points_and_limits_are_left_out():
    rules = ruleset(
        "a",
        "b",
        "c",
        a={"group": "fit"},
        c={"enabled": False, "points": 99},
        name="ours",
        caps={"fit": {"max": 5}},
        total={"min": 0},
        bands=[{"min": 10, "priority": "high"}],
    )
    fitted = fit_points(rules, TELLING, outcome="won", as_of=NOW)
    assert [rule.rule for rule in fitted.rules] == ["a", "b"]
    made = fitted.ruleset
    assert [(rule.name, rule.enabled) for rule in made.rules] == [("a", True), ("b", True), ("c", False)]
    assert made.rules[2].points == 99
    assert (made.name, made.caps, made.total, made.bands) == ("ours", {}, None, ())
    assert made.rules[0].group == "fit"
    assert [rule.condition for rule in made.rules] == [rule.condition for rule in rules.rules]
    # What was given is judged as it stood, cap included.
    assert fitted.given.mean_came < 7 + 7


def test_a_rule_that_never_matches_is_worth_nothing():
    fitted = fit_points(ruleset("a", "never"), TELLING, outcome="won", as_of=NOW)
    never = fitted.rules[1]
    assert (never.points, never.weight, never.matched, never.came) == (0, 0.0, 0, None)


def test_a_rule_that_has_seen_one_outcome_alone_stays_finite():
    leads = [lead(won=number % 2 == 0, a=number % 2 == 0) for number in range(400)]
    fitted = fit_points(ruleset("a"), leads, outcome="won", as_of=NOW)
    assert 100 < fitted.rules[0].points < 400
    assert fitted.held_out.area_under_curve == 1.0


def test_too_few_leads_of_one_outcome_are_refused_with_their_number():
    few = [lead(won=False, a=True)] * 100 + [lead(won=True, a=True)] * 37
    wanted = "to learn from some and to judge by others takes at least 10 of them on either side"
    message = f"37 of the leads came to something; {wanted}"
    assert told(leads=few) == [{"path": "$.leads", "message": message, "code": "too-few"}]
    none = [lead(won=True, a=True)] * 100
    assert told(leads=none)[0]["message"] == f"0 of the leads did not; {wanted}"


@pytest.mark.parametrize(("came", "held_out", "enough"), [(40, 0.25, True), (37, 0.25, False), (40, 0.8, False)])
def test_ten_of_each_outcome_on_either_side_are_enough(came, held_out, enough):
    leads = [lead(won=False, a=True)] * 100 + [lead(won=True, a=False)] * came
    if enough:
        assert fit_points(ruleset("a"), leads, outcome="won", as_of=NOW, held_out=held_out).held_out.came == 10
    else:
        assert told(leads=leads, held_out=held_out)[0]["code"] == "too-few"


def test_without_an_outcome_it_is_the_conversion():
    leads = [
        Lead(
            id=f"lead-{number}",
            email="a@example.com",
            source="web" if number % 4 < 2 else "fair",
            created_at=NOW,
            updated_at=NOW,
            **(
                {
                    "status": "converted",
                    "qualified_at": NOW,
                    "qualified_by": "user-1",
                    "converted_at": NOW,
                    "converted_to_contact_id": "contact-1",
                }
                if number % 4 < 1
                else {}
            ),
        )
        for number in range(200)
    ]
    web = {"name": "web", "points": 1, "condition": {"field": "source", "op": "==", "value": "web"}}
    fitted = fit_points(Ruleset.model_validate({"rules": [web]}), leads, as_of=NOW)
    assert (fitted.outcome, fitted.learned.came, fitted.held_out.came, fitted.unknown) == (None, 38, 12, 0)
    assert fitted.rules[0].points > 60


def test_related_records_count_and_fade():
    condition = {"related": "activities", "where": {"field": "type", "op": "==", "value": "call"}}
    calls = {"name": "calls", "points": 3, "condition": condition, "decay": {"halfLife": "10d"}}
    rules = Ruleset.model_validate({"rules": [calls]})
    leads = [lead(won=number % 2 == 0) for number in range(200)]

    def related(days: int) -> list[dict[str, Any]]:
        call = {"type": "call", "at": NOW - timedelta(days=days)}
        return [{"activities": [call] if number % 2 == 0 else []} for number in range(200)]

    fresh, faded = (fit_points(rules, leads, outcome="won", related=related(days), as_of=NOW) for days in (0, 10))
    assert fresh.held_out.area_under_curve == faded.held_out.area_under_curve == 1.0
    # Half as strong a signal wants more points for the same odds.
    assert faded.rules[0].points > fresh.rules[0].points
    assert faded.rules[0].matched == fresh.rules[0].matched == 75
    card = score(leads[0], faded.ruleset, related=related(10)[0], as_of=NOW)
    assert card.score == faded.rules[0].points / 2


def test_related_records_are_given_for_each_lead():
    with pytest.raises(ValueError, match="zip"):
        fit_points(ruleset("a"), TELLING, outcome="won", related=[{}], as_of=NOW)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(InvalidInput, match="as_of"):
        fit_points(ruleset("a"), TELLING, outcome="won", as_of=datetime(2026, 11, 24))


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(MissingExtra) as raised:
        fit_points(ruleset("a"), TELLING, outcome="won", as_of=NOW)
    assert (raised.value.extra, raised.value.feature) == ("predictive", "fitting points to outcomes")
