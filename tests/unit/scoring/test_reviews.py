from __future__ import annotations

from datetime import UTC, datetime

from leadkit.leads import Lead
from leadkit.leads.fields import FieldCatalogue
from leadkit.scoring import Ruleset, RulesReview, SimulationTally, check, diff, score

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LEAD = Lead(id="lead-1", email="ann@example.com", source="web", created_at=NOW, updated_at=NOW)
WEB = {"name": "web", "points": 5, "condition": {"field": "source", "op": "==", "value": "web"}}


def reviewed(field="source", version=1):
    old = Ruleset(rules=[WEB])
    new = Ruleset(rules=[{**WEB, "condition": {"field": field, "op": "==", "value": "web"}}])
    tally = SimulationTally()
    tally.add(LEAD, score(LEAD, new, as_of=NOW))
    return RulesReview(
        ruleset=new,
        version=version,
        difference=diff(old, new),
        report=check(new, FieldCatalogue.for_leads()),
        simulation=tally.result(ruleset=new.fingerprint, as_of=NOW),
    )


def test_a_review_can_be_saved_where_the_check_finds_no_error():
    assert reviewed().ok
    assert not reviewed(field="scorce").ok


def test_a_review_is_shown_part_by_part():
    assert str(reviewed()).splitlines()[:8] == [
        "against version 1",
        "no difference",
        "",
        "check",
        "nothing found",
        "",
        "your leads",
        "1 lead: 1 would change, 0 would not, 0 skipped",
    ]
    assert str(reviewed(version=0)).startswith("the first rules\n")


def test_a_review_is_plain_json():
    review = reviewed()
    assert review.as_dict() == {
        "ok": True,
        "version": 1,
        "ruleset": review.ruleset.fingerprint,
        "difference": review.difference.as_dict(),
        "check": review.report.as_dict(),
        "simulation": review.simulation.model_dump(mode="json"),
    }
