from __future__ import annotations

import pytest

import leadkit as lk
from leadkit.errors import NotFound

pytest.importorskip("sklearn", reason="scikit-learn is an extra of leadkit")

LARGE = {"name": "large", "points": 1, "condition": {"field": "properties.team", "op": ">=", "value": 10}}
CALLED = {"name": "called", "points": 1, "condition": {"related": "activities"}}


@pytest.fixture
def ws():
    ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
    for number in range(120):
        properties = {"team": 20 if number % 2 else 2, "won": number % 10 < 8 if number % 2 else number % 10 < 2}
        lead = ws.leads.create(external_id=f"crm-{number}", source="web", properties=properties)
        if properties["won"]:
            ws.leads.follow_up(lead.id, type="call", notes="went well")
    return ws


def test_the_newest_rules_are_fitted_and_nothing_is_written(ws):
    ws.scoring.save_rules({"rules": [LARGE]})
    fitted = ws.scoring.fit(outcome="properties.won")
    assert (fitted.learned.leads, fitted.held_out.leads) == (90, 30)
    assert fitted.rules[0].points > 20
    assert ws.scoring.rules().rules[0].points == 1
    assert {lead.score for lead in ws.leads.each()} == {None}


def test_rules_that_are_not_kept_can_be_fitted_by_their_related_records(ws):
    fitted = ws.scoring.fit({"rules": [LARGE, CALLED]}, outcome="properties.won", held_out=0.5, seed=3)
    assert [rule.rule for rule in fitted.rules] == ["large", "called"]
    assert fitted.rules[1].points > fitted.rules[0].points
    assert (fitted.held_out.area_under_curve, fitted.held_out.leads, fitted.seed) == (1.0, 60, 3)


def test_only_the_leads_that_a_filter_means_are_learned_from(ws):
    ws.leads.create(external_id="other", source="fair", properties={"won": True})
    assert ws.scoring.fit({"rules": [LARGE]}, {"source": "web"}, outcome="properties.won").held_out.leads == 30


def test_without_rules_there_is_nothing_to_fit(ws):
    with pytest.raises(NotFound):
        ws.scoring.fit(outcome="properties.won")


def test_a_fitted_ruleset_can_be_saved_and_scored_by(ws):
    fitted = ws.scoring.fit({"rules": [LARGE]}, outcome="properties.won")
    ws.scoring.save_rules(fitted.ruleset)
    ws.scoring.score_batch()
    assert {lead.score for lead in ws.leads.each()} == {0, fitted.rules[0].points}
