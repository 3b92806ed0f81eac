"""G11: whatever fails in a conversion, before or after it took effect, a lead makes one contact and one opportunity."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.memory import MemoryStore
from leadkit.testing.faults import CallCounter, FaultyStore

ORG = "acme"
DEAL = {"name": "Deal", "amount": 5, "currency": "EUR"}


class HostContacts:
    """A host's own contacts, elsewhere: each call is kept at once, whatever becomes of the caller.

    A call that is told to fail does so before it took effect, or after: then the answer was lost on its way.
    """

    def __init__(self, *, fail_at=None, for_ever=False, lost=False):
        self.store = MemoryStore()
        self.calls = 0
        self.fail_at = fail_at
        self.for_ever = for_ever
        self.lost = lost

    def __getattr__(self, name):
        def call(*arguments, **keywords):
            self.calls += 1
            fails = self.fail_at is not None and (
                self.calls == self.fail_at or (self.for_ever and self.calls > self.fail_at)
            )
            if fails and not self.lost:
                raise ConnectionError(name)
            with self.store.unit_of_work(ORG) as work:
                answer = getattr(work.contacts, name)(*arguments, **keywords)
                work.commit()
            if fails:
                raise ConnectionError(name)
            return answer

        return call

    def made(self):
        rows = self.store.organisation(ORG)
        return list(rows.contacts.rows), list(rows.opportunities.rows)


def opened(host, counter=None, *, email="alice@example.com"):
    """A workspace on a counted store, whose contacts live elsewhere, and a qualified lead in it."""
    store = FaultyStore(MemoryStore(), counter or CallCounter())
    kit = lk.LeadKit(store, clock=SteppingClock(), ids=CountedIds(), contacts=lambda org: host)
    ws = kit.workspace(org=ORG, actor="tester")
    lead = ws.leads.create(email=email, phone="555 0100", company="Acme")
    ws.leads.add_activity(lead.id, type="call")
    ws.leads.qualify(lead.id)
    return ws, lead.id


def known_already(host):
    """Let the host know the person already, under another spelling and with an empty company."""
    with host.store.unit_of_work(ORG) as work:
        from leadkit.conversion import Contact

        contact = Contact(id="known", email="ALICE@example.com", created_at=SteppingClock().now())
        work.contacts.create_contact(contact, key="host")
        work.commit()


def convert(ws, lead_id):
    return ws.leads.convert(lead_id, create_opportunity=True, opportunity=DEAL)


def assert_converted_once(ws, host, lead_id):
    """Try again until it works; then there is one of each, and the lead says which."""
    done = convert(ws, lead_id)
    contacts, opportunities = host.made()
    assert contacts == [done.contact_id]
    assert opportunities == [done.opportunity_id]
    assert convert(ws, lead_id) == done
    lead = ws.leads.get(lead_id)
    assert (lead.status, lead.converted_to_contact_id, lead.converted_to_opportunity_id) == (
        "converted",
        done.contact_id,
        done.opportunity_id,
    )
    (activity,) = ws.leads.timeline(lead_id)
    assert (activity.contact_id, activity.opportunity_id) == (done.contact_id, done.opportunity_id)
    assert [event.type for event in ws.leads.history(lead_id)] == ["lead.created", "lead.qualified", "lead.converted"]


PEOPLE = pytest.mark.parametrize(
    ("email", "known"),
    [("alice@example.com", False), ("alice@example.com", True), (None, False)],
    ids=["unknown", "known", "without an address"],
)


@pytest.mark.gate
@PEOPLE
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
@pytest.mark.parametrize("lost", [False, True], ids=["before", "after"])
def test_g11_a_gateway_that_fails_at_any_point_makes_one_of_each_in_the_end(email, known, for_ever, lost):
    host = HostContacts()
    if known:
        known_already(host)
    ws, lead_id = opened(host, email=email)
    convert(ws, lead_id)
    calls = host.calls
    assert calls >= 2

    for failing in range(1, calls + 1):
        host = HostContacts(fail_at=failing, for_ever=for_ever, lost=lost)
        if known:
            known_already(host)
        ws, lead_id = opened(host, email=email)
        for _ in range(3):
            with contextlib.suppress(ConnectionError):
                convert(ws, lead_id)
        contacts, opportunities = host.made()
        assert len(contacts) <= 1
        assert len(opportunities) <= 1
        host.fail_at = None
        assert_converted_once(ws, host, lead_id)


@pytest.mark.gate
@PEOPLE
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
def test_g11_a_store_that_fails_at_any_point_makes_one_of_each_in_the_end(email, known, for_ever):
    def attempt(fail_at):
        host, counter = HostContacts(), CallCounter()
        if known:
            known_already(host)
        ws, lead_id = opened(host, counter, email=email)
        counter.calls, counter.fail_at, counter.for_ever = 0, fail_at, for_ever
        with contextlib.suppress(lk.StoreUnavailable):
            convert(ws, lead_id)
        calls, counter.fail_at = counter.calls, None
        assert_converted_once(ws, host, lead_id)
        return calls

    calls = attempt(None)
    assert calls > 5
    for failing in range(1, calls + 1):
        attempt(failing)


@pytest.mark.gate
def test_g11_many_who_convert_the_same_lead_at_once_make_one_of_each(gate_size):
    for _ in range(gate_size(5, 100)):
        host = HostContacts()
        ws, lead_id = opened(host)
        with ThreadPoolExecutor(8) as pool:
            done = [result.result() for result in [pool.submit(convert, ws, lead_id) for _ in range(8)]]
        assert len({(each.contact_id, each.opportunity_id) for each in done}) == 1
        assert_converted_once(ws, host, lead_id)
