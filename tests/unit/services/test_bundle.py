from datetime import UTC, datetime

import pytest

import leadkit as lk
from leadkit.errors import ConcurrencyConflict
from leadkit.leads import Context, NewLead, commands, create, decide
from leadkit.memory import MemoryStore
from leadkit.services.bundle import Bundle
from leadkit.testing.faults import CallCounter, FaultyStore

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CONTEXT = Context(now=NOW, actor="user-7")


@pytest.fixture
def counter():
    return CallCounter()


@pytest.fixture
def ws(counter):
    return lk.LeadKit(FaultyStore(MemoryStore(), counter)).workspace(org="acme", actor="user-7")


def bundled(ws, fill):
    with ws.unit_of_work() as work:
        session = work._session  # noqa: SLF001 - a bundle is a part of services, and takes theirs
        bundle = Bundle(session=session, work=session.bound)
        fill(bundle)
        bundle.keep()


def begun(number):
    return create(NewLead(email=f"{number}@example.com"), id=f"lead-{number}", context=CONTEXT)


def test_any_number_of_leads_is_kept_in_four_calls(ws, counter):
    old = ws.leads.create(email="old@example.com")
    counter.calls = 0

    def fill(bundle):
        for number in range(100):
            bundle.add(begun(number))
        bundle.take(old, decide(old, commands.Qualify(notes="met"), CONTEXT))

    bundled(ws, fill)
    # Begin and commit, the new leads, the changed ones, the events, the notes.
    assert counter.calls == 6
    assert ws.leads.count() == 101
    assert ws.leads.get(old.id).status == "qualified"
    assert [entry.notes for entry in ws.leads.timeline(old.id)] == ["met"]
    assert [event.type for event in ws.leads.history(old.id)] == ["lead.created", "lead.qualified"]


def test_an_empty_bundle_calls_nothing(ws, counter):
    bundled(ws, lambda bundle: None)
    assert counter.calls == 2


def test_what_changes_nothing_is_not_kept(ws, counter):
    old = ws.leads.create(email="old@example.com")
    counter.calls = 0
    bundled(ws, lambda bundle: bundle.take(old, decide(old, commands.Reopen(), CONTEXT)))
    assert counter.calls == 2


def test_a_new_lead_that_changes_at_once_is_kept_as_it_ends(ws):
    def fill(bundle):
        lead = bundle.add(begun(1))
        bundle.take(lead, decide(lead, commands.Qualify(), CONTEXT))

    bundled(ws, fill)
    kept = ws.leads.get("lead-1")
    assert (kept.status, kept.version) == ("qualified", 2)
    assert [event.sequence for event in ws.leads.history("lead-1")] == [1, 2]


def test_a_lead_that_changes_twice_is_kept_once_against_the_version_that_was_read(ws):
    old = ws.leads.create(email="old@example.com")

    def fill(bundle):
        lead = bundle.take(old, decide(old, commands.Nurture(), CONTEXT))
        bundle.take(lead, decide(lead, commands.Qualify(), CONTEXT))

    bundled(ws, fill)
    assert ws.leads.get(old.id).version == 3
    assert [event.sequence for event in ws.leads.history(old.id)] == [1, 2, 3]


def test_a_lead_that_somebody_else_changed_loses_the_whole_bundle(ws):
    old = ws.leads.create(email="old@example.com")
    ws.leads.qualify(old.id)

    def fill(bundle):
        bundle.add(begun(1))
        bundle.take(old, decide(old, commands.Nurture(), CONTEXT))

    with pytest.raises(ConcurrencyConflict):
        bundled(ws, fill)
    assert ws.leads.count() == 1
