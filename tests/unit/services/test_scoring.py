from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import leadkit as lk
from leadkit.conditions import Kind, parse_path
from leadkit.errors import (
    ConcurrencyConflict,
    IdempotencyMismatch,
    InvalidInput,
    InvalidTransition,
    NotFound,
    RuleErrors,
)
from leadkit.leads import Lead, LeadStatus, Priority
from leadkit.leads.filtering import LeadFilter
from leadkit.memory import MemoryStore
from leadkit.scoring import Outcome, Ruleset, Scorecard, ScoringReport
from leadkit.services import scoring as service

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from leadkit.memory.store import MemoryUnitOfWork
    from leadkit.services.workspace import Workspace

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

WEB: dict[str, Any] = {
    "name": "web",
    "points": 20,
    "condition": {"field": "source", "op": "==", "value": "web"},
}
CALLED: dict[str, Any] = {
    "name": "called",
    "points": 10,
    "condition": {"related": "activities", "where": {"field": "type", "op": "==", "value": "call"}},
}
FUNDED: dict[str, Any] = {
    "name": "funded",
    "points": 7,
    "condition": {"related": "company", "where": {"field": "funding", "op": ">", "value": 0}},
}
RULES: dict[str, Any] = {
    "rules": [WEB, CALLED],
    "bands": [{"min": 0, "priority": "low"}, {"min": 30, "priority": "high"}],
}


class Clock:
    """Stands still until it is moved."""

    moment = NOW

    def now(self) -> datetime:
        return self.moment


class Ids:
    """Counts, with enough digits for ids to sort."""

    def __init__(self) -> None:
        self.count = 0

    def new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}-{self.count:04}"


class WatchedStore(MemoryStore):
    """Does what a test says before a unit of work commits."""

    before_commit: Callable[[], object] = int

    def unit_of_work(self, org: str) -> MemoryUnitOfWork:
        work = super().unit_of_work(org)
        store, commit = self, work.commit

        def watched() -> None:
            store.before_commit()
            commit()

        work.commit = watched  # type: ignore[method-assign] # watched for the length of a test
        return work


class Companies:
    """The related records of a host: every lead's company is funded."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[str], set[str]]] = []

    def load(self, leads: Sequence[Lead], kinds: Collection[str]) -> Mapping[str, Mapping[str, Sequence[Any]]]:
        self.calls.append(([lead.id for lead in leads], set(kinds)))
        return {"company": {lead.id: [{"funding": 5}] for lead in leads}}


class Office:
    """A workspace with rules, a clock and companies."""

    def __init__(self, rules: dict[str, Any] | None = RULES) -> None:
        self.store = WatchedStore()
        self.clock = Clock()
        self.companies = Companies()
        self.kit = lk.LeadKit(self.store, clock=self.clock, ids=Ids(), related=lambda _org: self.companies)
        self.ws: Workspace = self.kit.workspace(org="acme", actor="user-7")
        if rules is not None:
            self.ws.scoring.save_rules(rules)

    def lead(self, **fields: Any) -> Lead:
        number = self.ws.leads.count() + 1
        return self.ws.leads.create(**{"email": f"a{number}@example.com", "source": "web", **fields})

    def leads(self, count: int) -> list[Lead]:
        return [self.lead() for _ in range(count)]

    def converted(self) -> Lead:
        lead = self.lead()
        self.ws.leads.qualify(lead.id)
        self.ws.leads.convert(lead.id)
        return self.ws.leads.get(lead.id)

    def events(self, lead: Lead) -> list[str]:
        return [event.type for event in self.ws.leads.history(lead.id)]

    def scores(self) -> dict[str, float | None]:
        return {lead.id: lead.score for lead in self.ws.leads.each()}


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_SCORED_AT_ONCE", 2)


def names(card: Scorecard) -> list[str]:
    return [line.rule for line in card.breakdown]


# --- rules ------------------------------------------------------------------------------------------------------------


def test_rules_are_kept_as_versions() -> None:
    ws = Office(None).ws
    first, second = ws.scoring.save_rules(RULES), ws.scoring.save_rules(Ruleset.model_validate({"rules": [WEB]}))
    assert (first.version, second.version) == (1, 2)
    assert first.ruleset == Ruleset.model_validate(RULES)
    assert ws.scoring.rules() == second.ruleset
    assert (ws.scoring.rules(1), ws.scoring.rules(2)) == (first.ruleset, second.ruleset)


def test_the_same_rules_in_another_spelling_are_no_new_version(office: Office) -> None:
    respelled = {**RULES, "rules": [{**WEB, "condition": {**WEB["condition"], "op": "eq"}}, CALLED]}
    again = office.ws.scoring.save_rules(respelled)
    assert (again.version, again.ruleset) == (1, Ruleset.model_validate(RULES))
    office.ws.scoring.save_rules({"rules": [WEB]})
    assert office.ws.scoring.save_rules(RULES).version == 3


def test_rules_that_cannot_be_read_are_not_kept(office: Office) -> None:
    with pytest.raises(RuleErrors) as caught:
        office.ws.scoring.save_rules({"rules": [{**WEB, "points": "many"}]})
    assert str(caught.value) == "$.rules[0].points: points are a number"
    assert office.ws.scoring.rules() == Ruleset.model_validate(RULES)


def test_rules_over_fields_that_do_not_exist_are_not_kept(office: Office) -> None:
    office.ws.settings.update(properties={"team_size": "number"})
    wrong = [
        {"name": "a", "points": 1, "condition": {"field": "sorce", "op": "exists"}},
        {"name": "b", "points": 1, "condition": {"field": "properties.taem_size", "op": "exists"}},
        {"name": "c", "points": 1, "condition": {"related": "activities", "where": {"field": "typ", "op": "exists"}}},
    ]
    with pytest.raises(RuleErrors) as caught:
        office.ws.scoring.save_rules({"rules": wrong})
    paths = ["$.rules[0].condition.field", "$.rules[1].condition.field", "$.rules[2].condition.where.field"]
    assert [fault.path for fault in caught.value.faults] == paths
    assert [fault.path for fault in office.ws.scoring.check({"rules": wrong}).errors] == paths
    assert office.ws.scoring.rules() == Ruleset.model_validate(RULES)


def test_rules_with_warnings_are_kept_and_the_warnings_told(office: Office) -> None:
    doubled = {"rules": [WEB, {**WEB, "name": "site"}]}
    saved = office.ws.scoring.save_rules(doubled)
    assert (saved.version, [warning.code for warning in saved.report.warnings]) == (2, ["duplicate-rule"])
    assert office.ws.scoring.save_rules(doubled).report == saved.report == office.ws.scoring.check(doubled)


def test_checking_rules_keeps_nothing(office: Office) -> None:
    assert office.ws.scoring.check(Ruleset.model_validate({"rules": []})).ok
    assert office.ws.scoring.rules() == Ruleset.model_validate(RULES)
    with pytest.raises(RuleErrors):
        office.ws.scoring.check({"rules": [{}]})


def test_rules_are_saved_once_under_a_key(office: Office) -> None:
    changed = {"rules": [WEB, {**WEB, "name": "site"}]}
    saved = office.ws.keyed("k").scoring.save_rules(changed)
    office.ws.scoring.save_rules(RULES)
    assert office.ws.keyed("k").scoring.save_rules(changed) == saved
    assert office.ws.scoring.rules() == Ruleset.model_validate(RULES)
    with pytest.raises(IdempotencyMismatch):
        office.ws.keyed("k").scoring.save_rules(RULES)


@pytest.mark.parametrize(("version", "id_"), [(None, "newest"), (1, "1"), (0, "0")])
def test_rules_that_nobody_saved_are_not_found(version: int | None, id_: str) -> None:
    with pytest.raises(NotFound) as caught:
        Office(None).ws.scoring.rules(version)
    assert (caught.value.kind, caught.value.id) == ("ruleset", id_)


def test_rules_belong_to_their_organisation(office: Office) -> None:
    other = office.kit.workspace(org="other", actor="user-7")
    with pytest.raises(NotFound):
        other.scoring.rules()
    assert other.scoring.save_rules({"rules": []}).version == 1
    assert office.ws.scoring.rules() == Ruleset.model_validate(RULES)


def test_the_catalogue_names_fields_properties_and_related_records(office: Office) -> None:
    office.ws.settings.update(properties={"team_size": "number"})
    catalogue = office.ws.scoring.catalogue()
    found = catalogue.find(parse_path("properties.team_size"))
    assert found is not None
    assert found.kind is Kind.NUMBER
    assert catalogue.find(parse_path("properties.colour")) is None
    times = {kind: known.find(parse_path(time)) for kind, time, known in (
        ("activities", "at", catalogue.related["activities"]),
        ("tasks", "due_at", catalogue.related["tasks"]),
        ("opportunities", "created_at", catalogue.related["opportunities"]),
    )}  # fmt: skip
    assert {kind: field and field.kind for kind, field in times.items()} == dict.fromkeys(times, Kind.INSTANT)


# --- one lead ---------------------------------------------------------------------------------------------------------


def test_a_score_is_kept_on_the_lead_and_told_by_an_event(office: Office) -> None:
    lead = office.lead()
    office.clock.moment = NOW + timedelta(hours=1)
    card = office.ws.scoring.score(lead.id)
    assert (card.score, names(card), card.priority, card.at) == (20, ["web"], Priority.LOW, NOW + timedelta(hours=1))
    assert card.fingerprint == office.ws.scoring.rules().fingerprint
    kept = office.ws.leads.get(lead.id)
    assert (kept.score, kept.score_breakdown, kept.scored_at) == (20, card.breakdown, card.at)
    assert (kept.priority, kept.version) == (Priority.LOW, 2)
    told = office.ws.leads.history(lead.id)[-1]
    assert (told.type, told.data["score"], told.data["ruleset"]) == ("lead.scored", 20, card.fingerprint)


def test_scoring_a_lead_again_is_told_again(office: Office) -> None:
    lead = office.lead()
    assert office.ws.scoring.score(lead.id) == office.ws.scoring.score(lead.id)
    assert office.events(lead) == ["lead.created", "lead.scored", "lead.scored"]


def test_a_lead_is_scored_by_the_newest_rules(office: Office) -> None:
    lead = office.lead()
    office.ws.scoring.save_rules({"rules": [{**WEB, "points": 3}]})
    assert office.ws.scoring.score(lead.id).score == 3


def test_a_lead_is_scored_with_its_related_records(office: Office) -> None:
    lead, other = office.leads(2)
    office.ws.scoring.save_rules({"rules": [CALLED, FUNDED]})
    office.ws.leads.follow_up(other.id, type="call")
    assert names(office.ws.scoring.score(lead.id)) == ["funded"]
    assert names(office.ws.scoring.score(other.id)) == ["called", "funded"]
    assert office.companies.calls == [([lead.id], {"company"}), ([other.id], {"company"})]


def test_only_the_records_that_the_named_rules_need_are_loaded(office: Office) -> None:
    lead = office.lead()
    office.ws.scoring.save_rules({"rules": [WEB, CALLED, FUNDED]})
    assert names(office.ws.scoring.score(lead.id, rules=iter(["web", "called"]))) == ["web"]
    assert office.companies.calls == []
    assert names(office.ws.scoring.score(lead.id, rules=["funded"])) == ["funded"]
    assert office.ws.leads.get(lead.id).score == 7


@pytest.mark.parametrize(("rules", "error"), [(["wbe"], NotFound), ("web", InvalidInput)])
def test_only_rules_that_exist_can_be_named(office: Office, rules: Any, error: type[Exception]) -> None:
    lead = office.lead()
    for act in (
        lambda: office.ws.scoring.score(lead.id, rules=rules),
        lambda: office.ws.scoring.explain(lead.id, rules=rules),
        lambda: office.ws.scoring.score_batch(rules=rules),
        lambda: office.ws.scoring.score_batch({"status": "converted"}, rules=rules),
    ):
        with pytest.raises(error):
            act()
    assert office.events(lead) == ["lead.created"]


def test_a_lead_that_is_converted_keeps_its_score(office: Office) -> None:
    lead = office.converted()
    with pytest.raises(InvalidTransition):
        office.ws.scoring.score(lead.id)
    assert office.ws.leads.get(lead.id) == lead


def test_a_lead_that_is_gone_has_no_score(office: Office) -> None:
    lead = office.lead()
    office.ws.leads.delete(lead.id)
    for act in (office.ws.scoring.score, office.ws.scoring.explain):
        for lead_id in (lead.id, "nobody"):
            with pytest.raises(NotFound) as caught:
                act(lead_id)
            assert caught.value.kind == "lead"


def test_without_rules_there_are_no_scores() -> None:
    office = Office(None)
    lead = office.lead()
    for act in (
        lambda: office.ws.scoring.score(lead.id),
        lambda: office.ws.scoring.explain(lead.id),
        office.ws.scoring.score_batch,
    ):
        with pytest.raises(NotFound) as caught:
            act()
        assert caught.value.kind == "ruleset"


def test_a_lead_that_was_changed_meanwhile_is_not_scored(office: Office) -> None:
    lead = office.lead()
    office.ws.leads.update(lead.id, source="fair")
    with pytest.raises(ConcurrencyConflict):
        office.ws.scoring.score(lead.id, version=1)
    assert office.ws.scoring.score(lead.id, version=2).score == 0


def test_a_lead_is_scored_once_under_a_key(office: Office) -> None:
    lead = office.lead()
    card = office.ws.keyed("k").scoring.score(lead.id)
    office.ws.scoring.save_rules({"rules": []})
    office.ws.scoring.score(lead.id)
    assert office.ws.keyed("k").scoring.score(lead.id) == card
    assert office.events(lead) == ["lead.created", "lead.scored", "lead.scored"]
    with pytest.raises(IdempotencyMismatch):
        office.ws.keyed("k").scoring.score(lead.id, rules=["web"])


def test_an_explanation_keeps_nothing(office: Office) -> None:
    lead = office.lead()
    explained = office.ws.scoring.explain(lead.id)
    assert explained.card.score == 20
    assert explained.card == office.ws.scoring.score(lead.id)
    assert office.ws.scoring.explain(lead.id, rules=iter(["called"])).card.score == 0
    assert office.events(lead) == ["lead.created", "lead.scored"]


def test_an_explanation_shows_what_rules_that_do_not_count_would_see(office: Office) -> None:
    lead = office.lead()
    office.ws.scoring.save_rules({"rules": [WEB, {**FUNDED, "enabled": False}]})
    funded = office.ws.scoring.explain(lead.id, rules=["web"]).rules[1]
    assert (funded.outcome, funded.trace.held) == (Outcome.OFF, True)


def test_what_would_change_a_score_knows_the_leads_records_and_the_declared_properties(office: Office) -> None:
    team = {"name": "team", "points": 5, "condition": {"field": "properties.team", "op": "exists"}}
    other = {"name": "other", "points": 3, "condition": {"field": "properties.other", "op": "exists"}}
    office.ws.settings.update(properties={"team": "number", "other": "text"})
    office.ws.scoring.save_rules({"rules": [WEB, CALLED, FUNDED, team, other]})
    office.ws.settings.update(properties={"team": "number"})
    lead = office.lead()
    found = office.ws.scoring.counterfactual(lead.id)
    assert found.score == 27
    assert [str(change) for change in found] == [
        'activities: 1 more with type "call", now: +10',
        "properties.team known, such as 1: +5",
        'source from "web" to another value, such as "something": -20',
    ]
    assert office.ws.scoring.explain(lead.id).changes.changes == found.changes
    assert len(office.ws.scoring.counterfactual(lead.id, rules=iter(["team"]))) == 1
    with pytest.raises(NotFound):
        office.ws.scoring.counterfactual("nobody")


def test_a_converted_lead_is_explained(office: Office) -> None:
    assert office.ws.scoring.explain(office.converted().id).card.score == 20


# --- batches ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_a_batch_scores_every_lead_that_the_filter_means(office: Office, count: int) -> None:
    leads = office.leads(count)
    other = office.lead(source="fair")
    report = office.ws.scoring.score_batch({"source": "web"})
    assert report == ScoringReport(
        considered=count,
        changed=count,
        unchanged=0,
        skipped=0,
        ruleset=office.ws.scoring.rules().fingerprint,
        version=1,
        as_of=NOW,
    )
    assert office.scores() == {**dict.fromkeys((lead.id for lead in leads), 20), other.id: None}


@pytest.mark.usefixtures("small_chunks")
def test_a_batch_tells_only_what_has_changed(office: Office) -> None:
    leads = [*office.leads(3), office.converted()]
    office.ws.scoring.score_batch()
    office.ws.leads.follow_up(leads[1].id, type="call")
    office.clock.moment = NOW + timedelta(days=1)
    report = office.ws.scoring.score_batch(LeadFilter())
    assert (report.considered, report.changed, report.unchanged, report.skipped) == (4, 1, 2, 1)
    assert office.events(leads[0]) == ["lead.created", "lead.scored"]
    assert office.events(leads[1]) == ["lead.created", "lead.scored", "lead.scored"]
    assert "lead.scored" not in office.events(leads[3])
    kept = office.ws.leads.get(leads[1].id)
    assert (kept.score, kept.priority, kept.scored_at) == (30, Priority.HIGH, NOW + timedelta(days=1))
    assert office.ws.leads.get(leads[0].id).scored_at == NOW


def test_a_batch_by_named_rules_uses_those_alone(office: Office) -> None:
    lead = office.lead()
    report = office.ws.scoring.score_batch(filter={"ids": [lead.id]}, rules=iter(["called"]))
    assert (report.changed, office.scores()) == (1, {lead.id: 0})


def test_disqualified_leads_are_scored_and_deleted_ones_are_not(office: Office) -> None:
    leads = office.leads(2)
    office.ws.leads.disqualify(leads[0].id, reason="bad-fit")
    office.ws.leads.delete(leads[1].id)
    assert office.ws.scoring.score_batch().considered == 1
    assert office.ws.leads.get(leads[0].id).status is LeadStatus.DISQUALIFIED


@pytest.mark.usefixtures("small_chunks")
def test_the_related_records_of_a_chunk_are_loaded_in_one_call(office: Office) -> None:
    ids = [lead.id for lead in office.leads(3)]
    office.ws.scoring.save_rules({"rules": [FUNDED]})
    office.ws.scoring.score_batch()
    assert office.companies.calls == [(ids[:2], {"company"}), (ids[2:], {"company"})]
    assert office.scores() == dict.fromkeys(ids, 7)


@pytest.mark.usefixtures("small_chunks")
def test_a_batch_reports_how_far_it_is(office: Office) -> None:
    office.leads(3)
    office.converted()
    seen: list[tuple[int, int, int]] = []
    report = office.ws.scoring.score_batch(
        progress=lambda so_far: seen.append((so_far.considered, so_far.changed, so_far.skipped))
    )
    assert seen == [(2, 2, 0), (4, 3, 1), (4, 3, 1)]
    assert report.considered == 4


def test_a_faulty_filter_is_refused_with_its_place(office: Office) -> None:
    with pytest.raises(InvalidInput) as caught:
        office.ws.scoring.score_batch({"stauts": "new"})
    assert str(caught.value) == "$.stauts: unknown key; did you mean `status`?"
    with pytest.raises(InvalidInput):
        office.ws.scoring.simulate(RULES, {"stauts": "new"})


@pytest.mark.usefixtures("small_chunks")
def test_a_batch_goes_by_the_rules_that_are_newest_when_it_begins(office: Office) -> None:
    office.leads(3)

    def meddle(_so_far: ScoringReport) -> None:
        office.ws.scoring.save_rules({"rules": []})

    assert office.ws.scoring.score_batch(progress=meddle).version == 1
    assert set(office.scores().values()) == {20}


class Rival:
    """Another writer who comes first: so many commits after the one that reads the rules fail."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.commits = 0

    def __call__(self) -> None:
        self.commits += 1
        if 1 < self.commits <= 1 + self.times:
            raise ConcurrencyConflict(kind="lead", id="lead-1", expected=1, found=2)


@pytest.mark.parametrize("times", [1, 4])
def test_a_chunk_begins_anew_when_another_writer_came_first(office: Office, times: int) -> None:
    lead, other = office.leads(2)
    office.store.before_commit = rival = Rival(times)
    report = office.ws.scoring.score_batch()
    assert rival.commits == 2 + times
    assert (report.considered, report.changed) == (2, 2)
    for each in (lead, other):
        assert office.events(each) == ["lead.created", "lead.scored"]


def test_a_batch_gives_up_where_others_write_again_and_again(office: Office) -> None:
    lead = office.lead()
    office.store.before_commit = rival = Rival(5)
    with pytest.raises(ConcurrencyConflict):
        office.ws.scoring.score_batch()
    assert rival.commits == 6
    assert office.scores() == {lead.id: None}


def test_a_chunk_of_a_shared_unit_of_work_is_tried_once(office: Office) -> None:
    office.lead()
    calls: list[str] = []

    def rival(_org: str) -> Companies:
        calls.append("load")
        raise ConcurrencyConflict(kind="lead", id="lead-1", expected=1, found=2)

    office.ws.scoring.save_rules({"rules": [FUNDED]})
    kit = lk.LeadKit(office.store, clock=office.clock, ids=Ids(), related=rival)
    with pytest.raises(ConcurrencyConflict), kit.workspace(org="acme", actor="user-7").unit_of_work() as work:
        work.scoring.score_batch()
    assert calls == ["load"]


def test_a_batch_in_a_unit_of_work_is_kept_with_it_or_not_at_all(office: Office) -> None:
    lead = office.lead()

    def several(*, fail: bool) -> None:
        with office.ws.unit_of_work() as work:
            assert work.scoring.score_batch().changed == 1
            assert work.leads.get(lead.id).score == 20
            if fail:
                raise InterruptedError

    with pytest.raises(InterruptedError):
        several(fail=True)
    assert office.scores() == {lead.id: None}
    several(fail=False)
    assert office.scores() == {lead.id: 20}


def test_a_batch_leaves_other_organisations_alone(office: Office) -> None:
    other = office.kit.workspace(org="other", actor="user-7")
    lead = other.leads.create(email="a@example.com", source="web")
    office.lead()
    assert office.ws.scoring.score_batch().considered == 1
    assert other.leads.get(lead.id).score is None


# --- simulations ------------------------------------------------------------------------------------------------------

OTHER: dict[str, Any] = {
    "rules": [{**WEB, "points": 5}, {**FUNDED, "points": 40}],
    "bands": [{"min": 0, "priority": "high"}],
}


@pytest.mark.usefixtures("small_chunks")
def test_a_simulation_tells_what_other_rules_would_change_and_writes_nothing(office: Office) -> None:
    scored, fresh = office.leads(2)
    office.ws.scoring.score(scored.id)
    office.converted()
    before = [office.ws.leads.history(lead.id) for lead in office.ws.leads.each()]
    found = office.ws.scoring.simulate(OTHER)
    assert (found.considered, found.changed, found.unchanged, found.skipped) == (3, 2, 0, 1)
    assert (found.raised, found.lowered, found.unscored) == (1, 0, 1)
    assert (found.mean_before, found.mean_after) == (20, 45)
    assert [(mover.lead_id, mover.change) for mover in found.movers] == [(scored.id, 25)]
    assert found.priorities_after == {Priority.LOW: 0, Priority.MEDIUM: 0, Priority.HIGH: 2}
    assert (found.ruleset, found.as_of) == (Ruleset.model_validate(OTHER).fingerprint, NOW)
    assert [office.ws.leads.history(lead.id) for lead in office.ws.leads.each()] == before
    assert office.ws.scoring.rules() == Ruleset.model_validate(RULES)
    assert [len(ids) for ids, _ in office.companies.calls] == [2, 1]
    assert fresh.score is None


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("count", [0, 2, 3, 4])
def test_a_simulation_foretells_the_batch(office: Office, count: int) -> None:
    office.leads(count)
    office.lead(source="fair")
    office.ws.scoring.score_batch()
    foretold = office.ws.scoring.simulate(Ruleset.model_validate(OTHER), filter={"source": "web"})
    office.ws.scoring.save_rules(OTHER)
    done = office.ws.scoring.score_batch({"source": "web"})
    assert (foretold.considered, foretold.changed, foretold.unchanged) == (count, done.changed, done.unchanged)
    assert (foretold.ruleset, done.changed) == (done.ruleset, count)


def test_rules_that_cannot_be_read_cannot_be_simulated(office: Office) -> None:
    with pytest.raises(RuleErrors):
        office.ws.scoring.simulate({"rules": [{}]})


def test_a_simulation_needs_no_rules_to_be_there() -> None:
    office = Office(None)
    office.lead()
    assert office.ws.scoring.simulate(RULES).unscored == 1


# --- reviews ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_chunks")
def test_a_review_puts_difference_check_and_simulation_together_and_writes_nothing(office: Office) -> None:
    office.leads(2)
    office.ws.scoring.score_batch()
    before = [office.ws.leads.history(lead.id) for lead in office.ws.leads.each()]
    review = office.ws.scoring.review({"rules": [{**WEB, "points": 25}, CALLED]})
    assert (review.ok, review.version) == (True, 1)
    assert [(rule.name, rule.verb) for rule in review.difference.rules] == [("web", "changed")]
    assert (review.simulation.considered, review.simulation.raised) == (2, 2)
    assert review.ruleset.rules[0].points == 25
    assert [office.ws.leads.history(lead.id) for lead in office.ws.leads.each()] == before
    assert len(office.ws.scoring.versions()) == 1


def test_what_time_alone_has_changed_is_no_part_of_a_review(office: Office) -> None:
    fresh = {"name": "fresh", "points": 10, "condition": {"field": "createdAt", "op": "within", "value": "7d"}}
    office.ws.scoring.save_rules({"rules": [fresh]})
    office.leads(2)
    office.ws.scoring.score_batch()
    office.clock.moment += timedelta(days=30)
    same, other = (office.ws.scoring.review({"rules": [fresh, *more]}).simulation for more in ([], [WEB]))
    assert (same.changed, same.mean_before, same.mean_after) == (0, 0, 0)
    assert (other.raised, other.mean_before, other.mean_after) == (2, 0, 20)


def test_the_draft_is_reviewed_where_no_rules_are_given(office: Office) -> None:
    with pytest.raises(NotFound, match="draft"):
        office.ws.scoring.review()
    office.ws.scoring.save_draft(OTHER)
    assert office.ws.scoring.review().ruleset == Ruleset.model_validate(OTHER)


def test_a_review_of_the_first_rules_is_held_against_what_leads_have_scored() -> None:
    office = Office(None)
    office.lead()
    review = office.ws.scoring.review(RULES)
    assert (review.version, review.simulation.unscored) == (0, 1)
    assert [rule.verb for rule in review.difference.rules] == ["added", "added"]


def test_a_review_tells_what_would_keep_rules_from_being_saved(office: Office) -> None:
    wrong = {**WEB, "condition": {"field": "scorce", "op": "==", "value": "web"}}
    review = office.ws.scoring.review({"rules": [wrong]}, {"source": "web"})
    assert not review.ok
    assert [fault.path for fault in review.report.errors] == ["$.rules[0].condition.field"]
    with pytest.raises(RuleErrors):
        office.ws.scoring.review({"rules": [{}]})
    with pytest.raises(InvalidInput, match="stauts"):
        office.ws.scoring.review(RULES, {"stauts": "new"})


def test_a_review_loads_what_either_ruleset_looks_at(office: Office) -> None:
    office.leads(1)
    office.ws.scoring.save_rules({"rules": [CALLED]})
    review = office.ws.scoring.review({"rules": [FUNDED]})
    assert (review.simulation.mean_before, review.simulation.mean_after) == (0, 7)
