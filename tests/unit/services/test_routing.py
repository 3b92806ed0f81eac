from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
import pytest

import leadkit as lk
from leadkit.errors import ConcurrencyConflict, NotFound
from leadkit.leads import Lead
from leadkit.memory import MemoryDirectory, MemoryStore
from leadkit.memory.leads import MemoryLeads
from leadkit.services import routing as service

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from leadkit.memory.store import MemoryUnitOfWork
    from leadkit.routing import RoutingDecision, RoutingReport
    from leadkit.routing.strategies import Candidate
    from leadkit.services.workspace import Workspace

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TEAM = {"ae": [{"id": "ann"}, {"id": "bob"}, {"id": "cleo", "capacity": 1}]}
HOT = {"field": "score", "op": ">=", "value": 80}
HOT_ONLY = {"rules": [{"if": HOT, "assignTo": "round-robin:ae"}]}
TURNS = {"rules": [{"assignTo": "round-robin:ae"}]}


class Clock:
    """Stands still until it is moved."""

    moment = NOW

    def now(self) -> datetime:
        return self.moment


@attrs.define
class Ids:
    """Counts, with enough digits for ids to sort."""

    count: int = 0

    def new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}-{self.count:04}"


class WatchedStore(MemoryStore):
    """Does what a test says when the n-th unit of work begins or commits."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = 0
        self.before_unit: dict[int, Callable[[], object]] = {}
        self.before_commit: Callable[[], object] = int
        self.calls: list[str] = []

    def unit_of_work(self, org: str) -> MemoryUnitOfWork:
        self.begun += 1
        self.before_unit.pop(self.begun, int)()
        work = super().unit_of_work(org)
        store, commit = self, work.commit

        def watched() -> None:
            store.before_commit()
            commit()

        work.commit = watched  # type: ignore[method-assign] - watched for the length of a test
        for part, name in (("pointers", "get"), ("leads", "claim_unassigned"), ("leads", "open_counts")):
            setattr(work, part, Watched(getattr(work, part), part, name, self.calls))
        return work


@attrs.frozen
class Watched:
    part: Any
    name: str
    watched: str
    calls: list[str]

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self.part, attribute)
        if attribute != self.watched:
            return found

        def call(*arguments: Any, **keywords: Any) -> Any:
            self.calls.append(f"{self.name}.{attribute} {arguments[0]}")
            return found(*arguments, **keywords)

        return call


class Office:
    """A workspace with a pipeline, a team and a clock."""

    def __init__(
        self,
        pools: Mapping[str, Any] | None = TEAM,
        auto_route: Mapping[str, Any] = TURNS,
        *,
        talks: Mapping[str, Any] | None = None,
        **ports: Any,
    ) -> None:
        self.store = WatchedStore()
        self.clock = Clock()
        self.pools = pools
        kit = lk.LeadKit(
            self.store, clock=self.clock, ids=Ids(), directory=None if pools is None else self.directory, **ports
        )
        self.ws: Workspace = kit.workspace(org="acme", actor="user-7")
        stages = [
            {"id": "new", "name": "New", "order": 0},
            {"id": "talks", "name": "Talks", "order": 1, "auto_route": talks or {}},
        ]
        self.ws.pipelines.create(id="inbound", name="Inbound", stages=stages, auto_route=auto_route)

    def directory(self, org: str) -> MemoryDirectory:
        assert org == "acme"
        return MemoryDirectory.of(self.pools or {})

    def lead(self, **fields: Any) -> Lead:
        number = self.ws.leads.count() + 1
        return self.ws.leads.create(**{"email": f"a{number}@example.com", "pipeline_id": "inbound", **fields})

    def scored(self, lead: Lead, score: int) -> Lead:
        with self.store.unit_of_work("acme") as work:
            changed = Lead.model_validate({**lead.model_dump(), "score": score})
            work.leads.save(changed, expected=lead.version)
            work.commit()
        return changed

    def owners(self) -> dict[str, str | None]:
        return {lead.id: lead.assigned_to for lead in self.ws.leads.each()}

    def pointers(self, name: str = "round-robin:ae") -> dict[str, Fraction]:
        with self.store.unit_of_work("acme") as work:
            return dict(work.pointers.get(name))

    def everything(self) -> Any:
        """All that is kept."""
        return [dict(table.rows) for table in self.store.organisation("acme").tables]


def outcomes(report: RoutingReport) -> list[str]:
    return [decision.outcome.value for decision in report.decisions]


# --- one lead --------------------------------------------------------------------------------------------------------


def test_a_lead_is_assigned_with_its_event_and_its_turn() -> None:
    office = Office()
    lead = office.lead()
    decision = office.ws.routing.route(lead.id)
    assert str(decision) == f"{lead.id} → ann: pipeline `inbound`, rule 1 (round-robin:ae)"
    routed = office.ws.leads.get(lead.id)
    assert (routed.assigned_to, routed.assigned_at, routed.version) == ("ann", NOW, 2)
    event = office.ws.leads.history(lead.id)[-1]
    assert (event.type, event.actor) == ("lead.assigned", "user-7")
    assert event.data["assignedTo"] == "ann"
    assert event.data["reason"] == "pipeline `inbound`, rule 1 (round-robin:ae)"
    assert office.pointers() == {"ann": 1, "bob": 0, "cleo": 0}


def test_a_lead_is_routed_once() -> None:
    office = Office()
    lead = office.lead()
    office.ws.routing.route(lead.id)
    before = office.everything()
    decision = office.ws.routing.route(lead.id)
    assert (decision.outcome.value, decision.assigned_to) == ("already-assigned", "ann")
    assert office.everything() == before


def test_a_dry_run_decides_alike_and_keeps_nothing() -> None:
    office = Office()
    lead = office.lead()
    before = office.everything()
    tried = office.ws.routing.route(lead.id, dry_run=True)
    assert office.everything() == before
    assert office.ws.routing.route(lead.id) == tried


def test_turns_go_on_from_one_call_to_the_next() -> None:
    office = Office()
    decisions = [office.ws.routing.route(office.lead().id) for _ in range(5)]
    assert [decision.assigned_to for decision in decisions] == ["ann", "bob", "cleo", "ann", "bob"]
    assert [list(map(str, decision.excluded)) for decision in decisions[2:4]] == [
        [],
        ["cleo (at capacity: 1 of 1 open leads)"],
    ]
    assert office.pointers() == {"ann": 2, "bob": 2, "cleo": 1}


def test_open_leads_of_all_pipelines_count() -> None:
    office = Office()
    office.ws.leads.assign(office.lead(pipeline_id=None).id, "cleo")
    decisions = [office.ws.routing.route(office.lead().id) for _ in range(3)]
    assert [decision.assigned_to for decision in decisions] == ["ann", "bob", "ann"]
    assert list(map(str, decisions[0].excluded)) == ["cleo (at capacity: 1 of 1 open leads)"]


def test_the_rules_of_the_stage_come_first() -> None:
    office = Office(talks={"rules": [{"assignTo": "user:bob"}]})
    lead = office.lead(stage="talks")
    assert office.ws.routing.route(lead.id).route == "stage `talks`, rule 1"
    assert office.pointers() == {}


def test_a_lead_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound, match="there is no lead with id 'lead-9'"):
        Office().ws.routing.route("lead-9")


def test_a_lead_in_no_pipeline_stays_without_an_owner() -> None:
    office = Office()
    decision = office.ws.routing.route(office.lead(pipeline_id=None).id)
    assert (decision.outcome.value, decision.reason) == ("unmatched", "the lead is in no pipeline")


def test_a_closed_lead_is_skipped() -> None:
    office = Office()
    lead = office.lead()
    office.ws.leads.disqualify(lead.id, reason="bad-fit")
    assert office.ws.routing.route(lead.id).reason == "the lead is disqualified"


def test_a_host_without_a_directory_is_believed() -> None:
    office = Office(pools=None, auto_route={"rules": [{"if": HOT, "assignTo": "round-robin:ae"}, {"assignTo": "zoe"}]})
    hot = office.scored(office.lead(), 90)
    assert office.ws.routing.route(office.lead().id).assigned_to == "zoe"
    assert office.ws.routing.route(hot.id).reason.endswith("there is no pool `ae`")


def test_users_and_pools_that_the_directory_does_not_know_get_nothing() -> None:
    rules = [{"if": HOT, "assignTo": "weighted:vip"}, {"assignTo": "zoe"}]
    office = Office(auto_route={"rules": rules})
    hot = office.scored(office.lead(), 90)
    assert office.ws.routing.route(hot.id).reason.endswith("there is no pool `vip`")
    assert list(map(str, office.ws.routing.route(office.lead().id).excluded)) == ["zoe (unknown user)"]


def test_a_strategy_of_the_host_is_asked() -> None:
    def last(candidates: Sequence[Candidate], lead: Lead, as_of: datetime) -> str:
        assert as_of == NOW
        return candidates[-1].id

    office = Office(auto_route={"rules": [{"assignTo": "last:ae"}]}, strategies={"last": last})
    assert [office.ws.routing.route(office.lead().id).assigned_to for _ in range(2)] == ["cleo", "bob"]


def test_a_strategy_that_is_gone_leaves_the_lead_where_it_is() -> None:
    office = Office(auto_route={"rules": [{"assignTo": "last:ae"}]}, strategies={"last": lambda *_: "ann"})
    lead = office.lead()
    without = lk.LeadKit(office.store, clock=office.clock, directory=office.directory)
    decision = without.workspace(org="acme", actor="user-7").routing.route(lead.id)
    assert "unknown assignment strategy `last`" in decision.reason


def test_a_request_that_comes_again_under_its_key_assigns_nobody_anew() -> None:
    office = Office(pools={"ae": [{"id": "ann", "active": False}]})
    lead = office.lead()
    first = office.ws.keyed("k-1").routing.route(lead.id)
    assert first.outcome.value == "nobody-eligible"
    office.pools = TEAM
    again = office.ws.keyed("k-1").routing.route(lead.id)
    assert again.assigned_to == "ann"
    assert office.ws.leads.get(lead.id).assigned_to is None
    assert office.pointers() == {}


def test_a_key_is_for_one_request() -> None:
    office = Office()
    first, second = office.lead(), office.lead()
    office.ws.keyed("k-1").routing.route(first.id, dry_run=True)
    for other in (
        lambda: office.ws.keyed("k-1").routing.route(second.id, dry_run=True),
        lambda: office.ws.keyed("k-1").routing.route(first.id),
    ):
        with pytest.raises(lk.IdempotencyMismatch):
            other()


def test_routing_joins_a_unit_of_work() -> None:
    office = Office()
    lead = office.lead()

    def change_of_mind() -> None:
        with office.ws.unit_of_work() as work:
            assert work.routing.route(lead.id).assigned_to == "ann"
            assert work.leads.get(lead.id).assigned_to == "ann"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_of_mind()
    assert office.owners() == {lead.id: None}
    assert office.pointers() == {}


# --- all unassigned leads --------------------------------------------------------------------------------------------


def test_every_open_lead_without_an_owner_is_routed_whatever_its_stage() -> None:
    office = Office(auto_route={"rules": [{"assignTo": "least-loaded:ae"}]})
    office.ws.pipelines.create(id="other", name="Other", stages=[{"id": "new", "name": "New", "order": 0}])
    fresh, later, owned, closed, gone, elsewhere = (
        office.lead(),
        office.lead(stage="talks"),
        office.lead(),
        office.lead(),
        office.lead(),
        office.lead(pipeline_id="other"),
    )
    office.ws.leads.assign(owned.id, "bob")
    office.ws.leads.disqualify(closed.id, reason="bad-fit")
    office.ws.leads.delete(gone.id)
    report = office.ws.routing.route_unassigned("inbound")
    assert [decision.lead_id for decision in report.decisions] == [fresh.id, later.id]
    assert (report.assigned, report.by_assignee, report.dry_run, report.as_of) == (
        2,
        {"ann": 1, "cleo": 1},
        False,
        NOW,
    )
    assert office.owners() == {
        fresh.id: "ann",
        later.id: "cleo",
        owned.id: "bob",
        closed.id: None,
        elsewhere.id: None,
    }


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_ROUTED_AT_ONCE", 3)


SCORES = [5, None, 90, 40, 90, 0, 70]
BEST_FIRST = [3, 5, 7, 4, 1, 6, 2]


@pytest.mark.usefixtures("small_chunks")
def test_the_best_leads_come_first_over_all_chunks() -> None:
    office = Office()
    leads = [office.lead() for _ in SCORES]
    for lead, score in zip(leads, SCORES, strict=True):
        if score is not None:
            office.scored(lead, score)
    report = office.ws.routing.route_unassigned("inbound")
    assert [decision.lead_id for decision in report.decisions] == [leads[place - 1].id for place in BEST_FIRST]
    assert [decision.assigned_to for decision in report.decisions] == ["ann", "bob", "cleo", "ann", "bob", "ann", "bob"]
    assert office.pointers() == {"ann": 3, "bob": 3, "cleo": 2}


@pytest.mark.usefixtures("small_chunks")
def test_a_dry_run_of_many_decides_alike_and_keeps_nothing() -> None:
    office = Office(auto_route={"rules": [{"if": HOT, "assignTo": "least-loaded:ae"}, {"assignTo": "weighted:ae"}]})
    for score in [90, 10, 85, 20, 95, 30, 80]:
        office.scored(office.lead(), score)
    before = office.everything()
    tried = office.ws.routing.route_unassigned("inbound", dry_run=True)
    assert office.everything() == before
    assert tried.dry_run
    done = office.ws.routing.route_unassigned("inbound")
    assert done.decisions == tried.decisions
    assert done.by_assignee == tried.by_assignee == dict(Counter(office.owners().values()))


@pytest.mark.usefixtures("small_chunks")
def test_a_second_run_does_nothing() -> None:
    office = Office(pools={"ae": [{"id": "ann", "capacity": 4}]})
    for _ in range(6):
        office.lead()
    first = office.ws.routing.route_unassigned("inbound")
    assert (first.assigned, first.nobody_eligible) == (4, 2)
    before = office.everything()
    second = office.ws.routing.route_unassigned("inbound")
    assert (second.assigned, second.nobody_eligible, second.already_assigned) == (0, 2, 0)
    assert office.everything() == before


class Passing:
    """Claims leads as if others were changing some of them, so often."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, held: set[str], times: int) -> None:
        self.claims = 0
        claim = MemoryLeads.claim_unassigned

        def passing(leads: MemoryLeads, pipeline_id: str, **place: Any) -> Sequence[Lead]:
            self.claims += 1
            found = claim(leads, pipeline_id, **place)
            return found if self.claims > times else [lead for lead in found if lead.id not in held]

        monkeypatch.setattr(MemoryLeads, "claim_unassigned", passing)


def test_leads_that_others_were_changing_are_routed_in_another_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(pools={"ae": [{"id": "ann"}, {"id": "bob", "capacity": 0}]}, auto_route=HOT_ONLY)
    leads = [office.scored(office.lead(), score) for score in (90, 85, 10)]
    passing = Passing(monkeypatch, {leads[0].id}, times=1)
    report = office.ws.routing.route_unassigned("inbound")
    # The one that no rule means was decided about in the first sweep, and is not told twice.
    assert [decision.lead_id for decision in report.decisions] == [leads[1].id, leads[2].id, leads[0].id]
    assert (report.assigned, report.unmatched) == (2, 1)
    assert passing.claims == 2


def test_leads_that_others_never_let_go_are_left_to_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    held, free = office.lead(), office.lead()
    passing = Passing(monkeypatch, {held.id}, times=99)
    report = office.ws.routing.route_unassigned("inbound")
    assert [decision.lead_id for decision in report.decisions] == [free.id]
    assert passing.claims == 5


def test_a_dry_run_does_not_wait_for_leads_that_others_are_changing(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    held = office.lead()
    passing = Passing(monkeypatch, {held.id}, times=99)
    assert outcomes(office.ws.routing.route_unassigned("inbound", dry_run=True)) == []
    assert passing.claims == 1


def test_a_pipeline_without_leads_has_nothing_to_route() -> None:
    assert outcomes(Office().ws.routing.route_unassigned("inbound")) == []


def test_a_pipeline_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound, match="there is no pipeline with id 'inbond'; did you mean `inbound`"):
        Office().ws.routing.route_unassigned("inbond")


def test_who_left_the_pool_is_forgotten_and_starts_anew() -> None:
    office = Office()
    for _ in range(3):
        office.ws.routing.route(office.lead().id)
    office.pools = {"ae": [{"id": "bob"}, {"id": "dan"}]}
    office.lead()
    assert office.ws.routing.route_unassigned("inbound").by_assignee == {"bob": 1}
    assert office.pointers() == {"bob": 2, "dan": 1}


class Accounts:
    """The host's related records; every call is noted."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[str], set[str]]] = []

    def __call__(self, org: str) -> Accounts:
        assert org == "acme"
        return self

    def load(self, leads: Sequence[Lead], kinds: Collection[str]) -> Mapping[str, Mapping[str, Sequence[Any]]]:
        self.calls.append(([lead.id for lead in leads], set(kinds)))
        return {"company": {leads[0].id: [{"employees": 500}]}}


BIG = {"related": "company", "where": {"field": "employees", "op": ">=", "value": 100}, "op": ">=", "value": 1}


@pytest.mark.usefixtures("small_chunks")
def test_related_records_are_asked_for_once_a_chunk() -> None:
    accounts = Accounts()
    office = Office(auto_route={"rules": [{"if": BIG, "assignTo": "ann"}]}, related=accounts)
    leads = [office.lead() for _ in range(4)]
    report = office.ws.routing.route_unassigned("inbound")
    assert [decision.lead_id for decision in report.decisions if decision.command] == [leads[0].id, leads[3].id]
    assert accounts.calls == [([lead.id for lead in leads[:3]], {"company"}), ([leads[3].id], {"company"})]


def test_where_no_rule_looks_at_related_records_none_are_asked_for() -> None:
    accounts = Accounts()
    office = Office(related=accounts)
    office.ws.routing.route(office.lead().id)
    assert accounts.calls == []


# --- several at once -------------------------------------------------------------------------------------------------


def test_pointers_are_locked_in_one_order_before_leads_are_read() -> None:
    rules = [
        {"if": HOT, "assignTo": "weighted:ae"},
        {"if": {"field": "source", "op": "==", "value": "web"}, "assignTo": "round-robin:ae"},
        {"assignTo": "least-loaded:ae"},
    ]
    office = Office(auto_route={"rules": rules})
    office.lead()
    office.store.calls.clear()
    office.ws.routing.route_unassigned("inbound")
    locked = ["pointers.get open leads", "pointers.get round-robin:ae", "pointers.get weighted:ae"]
    assert office.store.calls[:3] == locked
    assert office.store.calls[3].startswith("leads.open_counts")
    assert office.store.calls[4] == "leads.claim_unassigned inbound"


@pytest.mark.parametrize(
    ("pools", "assign_to", "locked"),
    [
        ([{"id": "ann"}], "round-robin:ae", ["round-robin:ae"]),
        ([{"id": "ann", "capacity": 9}], "round-robin:ae", ["open leads", "round-robin:ae"]),
        ([{"id": "ann"}], "least-loaded:ae", ["open leads"]),
        ([{"id": "ann"}], "ann", []),
        ([{"id": "ann", "capacity": 9}], "ann", ["open leads"]),
        ([{"id": "ann"}], "round-robin:none", ["round-robin:none"]),
    ],
)
def test_open_leads_are_locked_only_where_they_decide(
    pools: list[dict[str, Any]], assign_to: str, locked: list[str]
) -> None:
    office = Office(pools={"ae": pools}, auto_route={"rules": [{"assignTo": assign_to}]})
    lead = office.lead()
    office.store.calls.clear()
    office.ws.routing.route(lead.id)
    assert [call for call in office.store.calls if call.startswith("pointers")] == [
        f"pointers.get {name}" for name in locked
    ]


def test_a_lead_that_somebody_gave_away_meanwhile_keeps_its_owner() -> None:
    office = Office()
    first, second = office.lead(), office.lead()
    # The first unit of work lists the leads, the second routes them.
    office.store.before_unit[office.store.begun + 2] = lambda: office.ws.leads.assign(first.id, "zoe")
    office.pools = {"ae": [{"id": "ann"}, {"id": "zoe"}]}
    report = office.ws.routing.route_unassigned("inbound")
    assert outcomes(report) == ["assigned"]
    assert office.owners() == {first.id: "zoe", second.id: "ann"}


def test_leads_that_left_the_pipeline_meanwhile_are_left_alone() -> None:
    office = Office()
    office.ws.pipelines.create(id="other", name="Other", stages=[{"id": "new", "name": "New", "order": 0}])
    first, second = office.lead(), office.lead()
    office.store.before_unit[office.store.begun + 2] = lambda: office.ws.leads.move(first.id, pipeline_id="other")
    report = office.ws.routing.route_unassigned("inbound")
    assert [decision.lead_id for decision in report.decisions] == [second.id]


def conflicting(office: Office, times: int) -> list[int]:
    """Let the next commits lose against another writer; answer a list that counts all commits."""
    tried: list[int] = []

    def lose() -> None:
        tried.append(1)
        if len(tried) <= times:
            raise ConcurrencyConflict(kind="lead", id="lead-1", expected=1, found=2)

    office.store.before_commit = lose
    return tried


def test_a_chunk_that_lost_against_another_writer_is_tried_again() -> None:
    office = Office()
    lead = office.lead()
    office.store.before_unit[office.store.begun + 2] = lambda: conflicting(office, 4)
    report = office.ws.routing.route_unassigned("inbound")
    assert outcomes(report) == ["assigned"]
    assert office.owners() == {lead.id: "ann"}
    assert office.pointers()["ann"] == 1


def test_a_chunk_that_loses_five_times_is_given_up() -> None:
    office = Office()
    lead = office.lead()
    tried: list[list[int]] = []
    office.store.before_unit[office.store.begun + 2] = lambda: tried.append(conflicting(office, 99))
    with pytest.raises(ConcurrencyConflict):
        office.ws.routing.route_unassigned("inbound")
    assert len(tried[0]) == 5
    office.store.before_commit = int
    assert office.owners() == {lead.id: None}


def test_within_a_shared_unit_of_work_nothing_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    office.lead()
    tried: list[int] = []

    def lose(*_: object, **__: object) -> None:
        tried.append(1)
        raise ConcurrencyConflict(kind="lead", id="lead-1", expected=1, found=2)

    monkeypatch.setattr("leadkit.memory.leads.MemoryLeads.save_many", lose)
    with pytest.raises(ConcurrencyConflict), office.ws.unit_of_work() as work:
        work.routing.route_unassigned("inbound")
    assert tried == [1]


def test_a_lead_that_changed_while_the_pointers_were_awaited_is_told_as_a_conflict() -> None:
    office = Office(pools={"ae": [{"id": "ann"}]})
    lead = office.lead()
    with office.ws.unit_of_work() as work:

        def meanwhile(org: str) -> MemoryDirectory:
            work.leads.update(lead.id, company="Acme")
            return MemoryDirectory.of(TEAM)

        session = attrs.evolve(
            work._session,  # noqa: SLF001 - a second writer within one unit of work
            wiring=attrs.evolve(work._session.wiring, directory=meanwhile),  # noqa: SLF001 - as above
        )
        with pytest.raises(ConcurrencyConflict, match="was read at version 1, but it is now at version 2"):
            service.RoutingService(session).route(lead.id)


def test_threads_that_route_the_same_leads_assign_each_once() -> None:
    office = Office(pools={"ae": [{"id": user} for user in ("ann", "bob", "cleo")]})
    leads = [office.lead() for _ in range(50)]
    made: list[RoutingReport | RoutingDecision] = []
    failed: list[BaseException] = []

    def work(job: Callable[[], RoutingReport | RoutingDecision]) -> None:
        try:
            made.append(job())
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failed.append(error)

    jobs: list[Callable[[], Any]] = [lambda: office.ws.routing.route_unassigned("inbound") for _ in range(4)]
    jobs += [lambda lead=lead: office.ws.routing.route(lead.id) for lead in leads[:10]]
    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    counts = Counter(office.owners().values())
    assert sorted(counts.values()) == [16, 17, 17]
    assert all(office.ws.leads.get(lead.id).version == 2 for lead in leads)
    assert office.pointers() == {user: Fraction(counts[user]) for user in ("ann", "bob", "cleo")}


# --- explaining ------------------------------------------------------------------------------------------------------


def test_the_rules_that_were_tried_are_explained() -> None:
    office = Office(auto_route={"rules": [{"if": HOT, "assignTo": "ann"}, {"assignTo": "bob"}]})
    lead = office.lead()
    trace = office.ws.routing.explain(lead.id)
    assert [child.held for child in trace.children] == [False, True]
    assert trace.why == "pipeline `inbound`, rule 2 decides"


def test_related_records_and_the_present_are_seen_by_an_explanation() -> None:
    recent = {"field": "created_at", "op": "within", "value": "1d"}
    office = Office(auto_route={"rules": [{"if": {"and": [BIG, recent]}, "assignTo": "ann"}]}, related=Accounts())
    lead = office.lead()
    assert office.ws.routing.explain(lead.id).held
    office.clock.moment = NOW + timedelta(days=2)
    assert not office.ws.routing.explain(lead.id).held


def test_a_lead_in_no_pipeline_has_no_route_to_explain() -> None:
    office = Office()
    lead = office.lead(pipeline_id=None)
    with pytest.raises(NotFound) as caught:
        office.ws.routing.explain(lead.id)
    assert (caught.value.kind, caught.value.id) == ("pipeline of lead", lead.id)


# --- checking --------------------------------------------------------------------------------------------------------


def test_routes_are_checked_against_the_directory_and_the_declared_properties() -> None:
    rules = [
        {"if": {"field": "properties.team_size", "op": ">=", "value": 10}, "assignTo": "weighted:ea"},
        {"if": {"field": "properties.taem_size", "op": ">=", "value": 5}, "assignTo": "round-robin:ae"},
        {"assignTo": "zoe"},
        {"assignTo": "round-robin:ae"},
    ]
    office = Office(auto_route={"rules": rules})
    office.ws.settings.update(properties={"team_size": "number"})
    found = office.ws.routing.check("inbound")
    assert [(fault.path, fault.code) for fault in found.errors if fault.code != "unknown-field"] == [
        ("$.autoRoute.rules[0].assignTo", "unknown-pool"),
        ("$.autoRoute.rules[2].assignTo", "unknown-user"),
    ]
    assert [fault.path for fault in found.errors if fault.code == "unknown-field"] == ["$.autoRoute.rules[1].if.field"]
    assert [(fault.path, fault.code) for fault in found.warnings] == [("$.autoRoute.rules[3]", "unreachable")]


def test_strategies_of_the_host_are_known_to_the_check() -> None:
    office = Office(auto_route={"rules": [{"assignTo": "last:ae"}]}, strategies={"last": lambda *_: "ann"})
    assert not office.ws.routing.check("inbound")


def test_the_routes_of_a_pipeline_that_does_not_exist_are_not_found() -> None:
    with pytest.raises(NotFound):
        Office().ws.routing.check("outbound")
