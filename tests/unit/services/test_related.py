"""What rules need of related records is asked for once a batch, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import leadkit as lk
from leadkit.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

ASKED: dict[str, dict[str, Any]] = {
    "activities": {"related": "activities", "where": {"field": "type", "op": "==", "value": "call"}},
    "tasks": {"related": "tasks"},
    "opportunities": {"related": "opportunities"},
    "company": {"related": "company", "where": {"field": "funding", "op": ">", "value": 0}},
    "campaign": {"related": "campaign"},
}
ALL = {"or": [{"not": condition} for condition in ASKED.values()]}


class Watched:
    """Passes everything on to a port, and notes the calls that ask for the records of leads."""

    def __init__(self, port: Any, calls: list[str], names: Mapping[str, str]) -> None:
        self._port, self._calls, self._names = port, calls, names

    def __getattr__(self, name: str) -> Any:
        if name in self._names:
            self._calls.append(self._names[name])
        return getattr(self._port, name)


class WatchedStore(MemoryStore):
    """Notes what is asked for beside the leads."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def unit_of_work(self, org: str) -> Any:
        work: Any = super().unit_of_work(org)
        names = {"of_leads": "activities", "tasks_of": "tasks", "of_lead": "one lead's", "for_lead": "one lead's"}
        work.activities = Watched(work.activities, self.calls, names)
        work.contacts = Watched(work.contacts, self.calls, {"opportunities_of": "opportunities"})
        return work


class Office:
    """Three leads in one pipeline, and a host's records."""

    def __init__(self) -> None:
        self.store = WatchedStore()
        kit = lk.LeadKit(self.store, related=lambda _org: self)
        self.ws = kit.workspace(org="acme", actor="user-7")
        stages = [{"id": "new", "name": "New", "order": 0}]
        routes = {"rules": [{"if": ALL, "assignTo": "ann"}]}
        self.ws.pipelines.create(id="inbound", name="Inbound", stages=stages, auto_route=routes)
        contact = self.ws.leads.create(email="z@example.com")
        self.ws.leads.qualify(contact.id)
        result = self.ws.leads.convert(contact.id)
        self.contact = str(result.contact_id)
        for number in range(3):
            self.ws.leads.create(email=f"a{number}@example.com", pipeline_id="inbound", stage="new")
        self.first = self.ws.leads.from_contact(self.contact, pipeline_id="inbound", stage="new").id
        self.store.calls.clear()

    def load(self, leads: Sequence[lk.Lead], kinds: Collection[str]) -> Mapping[str, Mapping[str, Sequence[Any]]]:
        self.store.calls.append(f"host: {', '.join(sorted(kinds))}")
        return {"company": {lead.id: [{"funding": 1}] for lead in leads}}

    def rules(self, *kinds: str) -> dict[str, Any]:
        return {"rules": [{"name": kind, "points": 1, "condition": ASKED[kind]} for kind in kinds]}


WORK: dict[str, Callable[[Office], object]] = {
    "score": lambda office: office.ws.scoring.score(office.first),
    "score_batch": lambda office: office.ws.scoring.score_batch(),
    "simulate": lambda office: office.ws.scoring.simulate(office.rules(*ASKED)),
    "explain": lambda office: office.ws.scoring.explain(office.first),
    "route": lambda office: office.ws.routing.route(office.first),
    "route_unassigned": lambda office: office.ws.routing.route_unassigned("inbound", dry_run=True),
    "explain a route": lambda office: office.ws.routing.explain(office.first),
}


@pytest.mark.parametrize("work", WORK.values(), ids=list(WORK))
def test_each_kind_is_asked_for_once_for_all_leads(work: Callable[[Office], object]) -> None:
    office = Office()
    office.ws.scoring.save_rules(office.rules(*ASKED))
    office.store.calls.clear()
    work(office)
    assert sorted(office.store.calls) == ["activities", "host: campaign, company", "opportunities", "tasks"]


@pytest.mark.parametrize(
    ("kinds", "calls"),
    [
        (["tasks"], ["tasks"]),
        (["activities", "company"], ["activities", "host: company"]),
        (["campaign", "opportunities"], ["opportunities", "host: campaign"]),
    ],
)
def test_what_no_rule_needs_is_not_asked_for(kinds: list[str], calls: list[str]) -> None:
    office = Office()
    office.ws.scoring.save_rules(office.rules(*kinds))
    office.store.calls.clear()
    office.ws.scoring.score_batch()
    assert sorted(office.store.calls) == sorted(calls)


def test_rules_that_are_not_asked_for_need_nothing() -> None:
    office = Office()
    office.ws.scoring.save_rules(office.rules("tasks", "company"))
    office.store.calls.clear()
    office.ws.scoring.score_batch(rules=["tasks"])
    assert office.store.calls == ["tasks"]
