"""The laws of commands on random sequences: what is told is what changed, twice under one key is once."""

import random

from hypothesis import given
from hypothesis import strategies as st
from sequences import CountedIds, SteppingClock, prepare, step
from snapshots import snapshot

import leadkit as lk
from leadkit.errors import LeadkitError
from leadkit.leads import LIFECYCLE, LeadStatus
from leadkit.memory import MemoryStore

SEEDS = st.integers(min_value=0, max_value=2**32)
# What the lifecycle says may follow a status, by whichever command.
FOLLOWS = {
    status: {cell for row in LIFECYCLE.values() if isinstance(cell := row[status], LeadStatus)} for status in LeadStatus
}


def opened(seed):
    """A kit, a workspace that is ready for the sequences, and what chooses them."""
    choose = random.Random(seed)
    kit = lk.LeadKit(MemoryStore(), clock=SteppingClock(), ids=CountedIds())
    ws = kit.workspace(org="acme", actor="tester")
    prepare(ws, auto_qualify=choose.random() < 0.3)
    return kit, ws, choose


def attempted(ask, ws):
    """Ask; answer the code of the refusal, or None."""
    try:
        ask(ws)
    except LeadkitError as error:
        return error.code
    return None


def leads_of(kit):
    return snapshot(kit.store, "acme")["leads"]


def events_of(kit):
    return snapshot(kit.store, "acme")["events"]


@given(SEEDS)
def test_every_accepted_change_is_one_event_and_one_version_and_nothing_else_is_told(seed):
    kit, ws, choose = opened(seed)
    ids = []
    for _ in range(25):
        _, ask, _ = step(choose, ids)
        before, told_before = leads_of(kit), events_of(kit)
        refused = attempted(ask, ws) is not None
        after, told = leads_of(kit), events_of(kit)
        for lead_id, lead in after.items():
            new = len(told[lead_id]) - len(told_before.get(lead_id, ()))
            if lead_id not in before:
                assert (lead.version, new) == (1, 1)
            elif lead == before[lead_id]:
                assert new == 0
            else:
                assert not refused
                assert new == lead.version - before[lead_id].version > 0
        if refused:
            assert after == before


@given(SEEDS)
def test_every_status_change_that_is_observed_stands_in_the_table(seed):
    kit, ws, choose = opened(seed)
    ids = []
    for _ in range(25):
        _, ask, _ = step(choose, ids)
        attempted(ask, ws)
    for events in events_of(kit).values():
        status = LeadStatus.NEW
        for event in events[1:]:
            following = LeadStatus(event.data["changes"].get("status", status))
            assert following == status or following in FOLLOWS[status], f"{status} to {following} by {event.type}"
            status = following


@given(SEEDS)
def test_every_command_twice_under_one_key_is_once(seed):
    kit, ws, choose = opened(seed)
    ids = []
    for number in range(15):
        _, ask, _ = step(choose, ids)
        first = attempted(ask, ws.keyed(f"key-{number}"))
        known, once = list(ids), snapshot(kit.store, "acme")
        second = attempted(ask, ws.keyed(f"key-{number}"))
        # The second answer names a lead that is known; the sequence must not take it for a new one.
        ids[:] = known
        assert second == first
        assert snapshot(kit.store, "acme") == once


@given(SEEDS, SEEDS)
def test_what_one_organisation_does_leaves_the_others_untouched(seed, other_seed):
    kit, ws, choose = opened(seed)
    theirs = kit.workspace(org="bolt", actor="tester")
    prepare(theirs, auto_qualify=False)
    other_choose, other_ids, ids = random.Random(other_seed), [], []
    for _ in range(10):
        attempted(step(other_choose, other_ids)[1], theirs)
    before = snapshot(kit.store, "bolt")
    for _ in range(20):
        # Their ids too: asking for them by name must not help.
        attempted(step(choose, [*ids, *other_ids])[1], ws)
    assert snapshot(kit.store, "bolt") == before


@given(SEEDS, st.permutations(["new", "discovery", "proposal"]))
def test_reordering_stages_touches_no_lead(seed, order):
    kit, ws, choose = opened(seed)
    ids = []
    for _ in range(15):
        attempted(step(choose, ids)[1], ws)
    before = leads_of(kit)
    pipeline = ws.pipelines.reorder("inbound", order)

    assert list(pipeline.stage_ids) == order
    assert leads_of(kit) == before


@given(SEEDS)
def test_stamps_and_status_always_agree(seed):
    kit, ws, choose = opened(seed)
    ids = []
    for _ in range(25):
        attempted(step(choose, ids)[1], ws)
    for lead in leads_of(kit).values():
        assert (lead.qualified_at is not None) == (lead.status in ("qualified", "converted"))
        assert (lead.disqualified_at is not None) == (lead.status == "disqualified")
        assert (lead.converted_at is not None) == (lead.status == "converted")
        assert (lead.converted_to_contact_id is not None) == (lead.status == "converted")
        assert (lead.assigned_to is None) == (lead.assigned_at is None)


@given(st.integers(min_value=1, max_value=30), st.integers(min_value=1, max_value=5))
def test_routing_twice_is_once(leads, members):
    from leadkit.memory import MemoryDirectory

    directory = MemoryDirectory.of({"ae": [{"id": f"u{number}", "name": "U"} for number in range(members)]})
    kit = lk.LeadKit(MemoryStore(), clock=SteppingClock(), ids=CountedIds(), directory=lambda _: directory)
    ws = kit.workspace(org="acme", actor="tester")
    ws.pipelines.create(
        id="inbound",
        name="I",
        stages=[{"id": "new", "name": "N", "order": 0}],
        auto_route={"rules": [{"assignTo": "round-robin:ae"}]},
    )
    for number in range(leads):
        ws.leads.create(email=f"{number}@example.com", pipeline_id="inbound")
    first = ws.routing.route_unassigned("inbound")
    once = snapshot(kit.store, "acme")
    second = ws.routing.route_unassigned("inbound")

    assert (first.assigned, second.assigned) == (leads, 0)
    assert snapshot(kit.store, "acme") == once
    counts = [first.by_assignee.get(f"u{number}", 0) for number in range(members)]
    assert max(counts) - min(counts) <= 1
