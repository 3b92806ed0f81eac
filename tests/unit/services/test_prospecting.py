import logging

import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.enrichment import Candidate, ProspectCriteria
from leadkit.memory import MemoryStore


class People:
    """A provider that finds the people that it was given."""

    def __init__(self, *people, name="people", error=None, store=None):
        self.people = people
        self.name = name
        self.error = error
        self.store = store
        self.asked = []
        self.within = []

    def find(self, criteria):
        self.asked.append(criteria)
        if self.store is not None:
            self.within.append(self.store.organisation("acme").busy)
        if self.error is not None:
            raise self.error
        return self.people


def person(name, provider="people", **fields):
    return Candidate(**{"provider": provider, "external_id": name, "email": f"{name}@example.com", **fields})


ALICE, BOB, CLEO = person("alice", first_name="Alice"), person("bob"), person("cleo")


def workspace(*providers, store=None):
    kit = lk.LeadKit(store or MemoryStore(), clock=SteppingClock(), ids=CountedIds(), prospecting=providers)
    ws = kit.workspace(org="acme", actor="user-7")
    ws.pipelines.create(id="outbound", name="Outbound", stages=[{"id": "new", "name": "New", "order": 0}])
    return ws


def test_people_are_found_by_criteria():
    people = People(ALICE, BOB)
    ws = workspace(people)
    found = ws.prospecting.find(title="CTO", country=["DE"], limit=5)

    assert (found.candidates, found.created, found.known, found.failed) == ((ALICE, BOB), (), (), {})
    assert people.asked == [ProspectCriteria(title="CTO", country=("DE",), limit=5)]
    assert ws.leads.count() == 0


def test_providers_are_asked_until_enough_are_found():
    first, second, third = People(ALICE, BOB), People(BOB, CLEO, person("dan"), name="second"), People(name="third")
    ws = workspace(first, second, third)

    assert ws.prospecting.find(title="CTO", limit=3).candidates == (ALICE, BOB, CLEO)
    assert [len(each.asked) for each in (first, second, third)] == [1, 1, 0]
    assert ws.prospecting.find(title="CTO", limit=2).candidates == (ALICE, BOB)
    assert len(second.asked) == 1
    assert ws.prospecting.find(title="CTO", limit=1).candidates == (ALICE,)


def test_the_providers_that_are_named_are_asked():
    first, second = People(ALICE), People(BOB, name="second")
    ws = workspace(first, second)

    assert ws.prospecting.find(title="CTO", providers=["second"]).candidates == (BOB,)
    with pytest.raises(lk.NotFound, match="'secnd'; did you mean `second`"):
        ws.prospecting.find(title="CTO", providers=["secnd"])
    assert first.asked == []


def test_a_provider_that_fails_leaves_the_search_to_the_others(caplog):
    failure = lk.ProviderFailure(provider="whoever", reason="rate limit")
    ws = workspace(People(name="broken", error=failure), People(ALICE))
    found = ws.prospecting.find(title="CTO")

    assert (found.candidates, found.failed) == ((ALICE,), {"broken": "rate limit"})
    assert caplog.messages == ["provider `broken` failed: rate limit"]


def test_where_nobody_is_found_because_one_failed_that_is_raised():
    failures = [lk.ProviderFailure(provider="x", reason=reason) for reason in ("first", "second")]
    ws = workspace(People(error=failures[0], name="a"), People(), People(error=failures[1], name="c"))
    with pytest.raises(lk.ProviderFailure, match="provider `a` failed: first"):
        ws.prospecting.find(title="CTO")


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        (People(ALICE, {"email": "bob@example.com"}), "expected candidates, found something else"),
        (People(error=ConnectionError("api-key-4711")), "ConnectionError"),
    ],
)
def test_whatever_a_stranger_does_is_a_failure_that_quotes_nothing(people, reason, caplog):
    with caplog.at_level(logging.WARNING), pytest.raises(lk.ProviderFailure) as caught:
        workspace(people).prospecting.find(title="CTO")

    assert caught.value.reason == reason
    assert caplog.messages == [f"provider `people` failed: {reason}"]


def test_nobody_found_is_no_failure():
    assert workspace(People()).prospecting.find(title="CTO", create=True).candidates == ()


def test_people_become_leads_where_they_are_not_known():
    store = MemoryStore()
    people = People(ALICE, BOB, Candidate(provider="people", first_name="Nobody"), store=store)
    ws = workspace(people, store=store)
    bob = ws.leads.create(email="BOB@example.com")
    found = ws.prospecting.find(title="CTO", create=True, pipeline_id="outbound")

    (alice,) = found.created
    assert (alice.email, alice.first_name, alice.external_id, alice.source) == (
        "alice@example.com",
        "Alice",
        "people:alice",
        "people",
    )
    assert (alice.pipeline_id, alice.stage) == ("outbound", "new")
    assert (found.known, len(found.candidates)) == ((bob,), 3)
    assert people.within == [False]
    again = ws.prospecting.find(title="CTO", create=True)
    assert (again.created, again.known) == ((), (alice, bob))
    assert ws.leads.count() == 2


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({"pipeline_id": "outbond"}, "did you mean `outbound`?"),
        ({"pipeline_id": "outbound", "stage": "nwe"}, "did you mean `new`?"),
    ],
)
def test_a_place_that_does_not_exist_is_told_before_anybody_is_paid(place, message):
    people = People(ALICE)
    with pytest.raises(lk.NotFound) as caught:
        workspace(people).prospecting.find(title="CTO", create=True, **place)
    assert str(caught.value).endswith(message)
    assert people.asked == []


def test_the_faults_of_criteria_are_told():
    people = People(ALICE)
    with pytest.raises(lk.InvalidInput) as caught:
        workspace(people).prospecting.find(titel="CTO", limit=0)
    assert [fault.path for fault in caught.value.faults] == ["$.limit", "$.titel"]
    assert people.asked == []


def test_without_a_provider_the_host_is_told():
    with pytest.raises(lk.InvalidInput, match="there is no prospecting provider"):
        workspace().prospecting.find(title="CTO")


def test_nobody_is_asked_within_a_unit_of_work():
    people = People(ALICE)
    with workspace(people).unit_of_work() as work, pytest.raises(lk.InvalidInput, match="outside of units of work"):
        work.prospecting.find(title="CTO")
    assert people.asked == []


def test_under_a_key_people_become_leads_once():
    people = People(ALICE, BOB, Candidate(provider="people", phone="555 0100"))
    ws = workspace(people)
    bob = ws.leads.create(email="bob@example.com")
    first = ws.keyed("k").prospecting.find(title="CTO", create=True)
    ws.leads.delete(bob.id)
    again = ws.keyed("k").prospecting.find(title="CTO", create=True)

    assert again.created == first.created
    assert [lead.id for lead in again.known] == [bob.id]
    assert (len(people.asked), ws.leads.count()) == (1, 2)
    with pytest.raises(lk.IdempotencyMismatch):
        ws.keyed("k").prospecting.find(title="CEO", create=True)
    assert len(people.asked) == 1


def test_a_search_that_creates_nothing_needs_no_key():
    people = People(ALICE)
    ws = workspace(people)

    assert ws.keyed("k").prospecting.find(title="CTO") == ws.keyed("k").prospecting.find(title="CTO")
    assert len(people.asked) == 2
