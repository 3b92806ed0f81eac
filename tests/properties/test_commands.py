"""The laws of commands on random sequences: what is told is what changed, twice under one key is once."""

import copy
import random

import pytest
from commands import COMMANDS, ORG, prepared
from hypothesis import given
from hypothesis import strategies as st
from sequences import CountedIds, SteppingClock, prepare, step
from snapshots import snapshot

import leadkit as lk
from leadkit.errors import LeadkitError
from leadkit.leads import LIFECYCLE, LeadStatus, fold
from leadkit.memory import MemoryStore
from leadkit.testing.faults import CallCounter

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
        name, ask, _ = step(choose, ids)
        before, told_before = leads_of(kit), events_of(kit)
        refused = attempted(ask, ws) is not None
        # To convert a lead that nobody qualified may be two transitions, and each of them is told.
        most = 2 if name.startswith("convert") else 1
        after, told = leads_of(kit), events_of(kit)
        for lead_id, lead in after.items():
            new = len(told[lead_id]) - len(told_before.get(lead_id, ()))
            if lead_id not in before:
                assert (lead.version, new) == (1, 1)
            elif lead == before[lead_id]:
                assert new == 0
            else:
                assert not refused
                assert 0 < new == lead.version - before[lead_id].version <= most
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


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_twice_under_one_key_is_once(name):
    kit, publisher, ws, ids, task = prepared(CallCounter())
    attempted(lambda ws: COMMANDS[name](ws, ids, task), ws.keyed("once"))
    once, told = snapshot(kit.store.store, ORG), len(publisher.published)
    attempted(lambda ws: COMMANDS[name](ws, ids, task), ws.keyed("once"))
    assert snapshot(kit.store.store, ORG) == once
    assert len(publisher.published) == told


@given(SEEDS)
def test_the_events_of_every_lead_fold_into_it(seed):
    kit, ws, choose = opened(seed)
    ids = []
    for _ in range(25):
        attempted(step(choose, ids)[1], ws)
        leads = leads_of(kit)
        assert {lead_id: fold(events) for lead_id, events in events_of(kit).items()} == leads


@pytest.mark.parametrize("name", COMMANDS)
def test_what_one_organisation_asks_of_each_command_leaves_the_others_untouched(name):
    kit, _, _, ids, task = prepared(CallCounter())
    before = snapshot(kit.store.store, ORG)
    theirs = kit.workspace(org="bolt", actor="tester")
    # By the very ids of the first one.
    attempted(lambda ws: COMMANDS[name](ws, ids, task), theirs)
    assert snapshot(kit.store.store, ORG) == before


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


@given(SEEDS, st.lists(st.sampled_from(["new", "discovery", "proposal", "nowhere"]), max_size=5))
def test_an_order_is_a_permutation_of_the_stages_or_it_is_refused(seed, order):
    kit, ws, choose = opened(seed)
    ids = []
    for _ in range(5):
        attempted(step(choose, ids)[1], ws)
    before = snapshot(kit.store, "acme")
    refused = attempted(lambda ws: ws.pipelines.reorder("inbound", order), ws)
    if sorted(order) == ["discovery", "new", "proposal"]:
        assert refused is None
        assert list(ws.pipelines.get("inbound").stage_ids) == order
    else:
        assert refused == "not-a-permutation"
        assert snapshot(kit.store, "acme") == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
PROPERTIES = st.dictionaries(st.sampled_from(["size", "tags", "more"]), JSON, max_size=3)


def spoil(value):
    """Change whatever can be changed in plain values, at every depth."""
    if isinstance(value, dict):
        for inner in value.values():
            spoil(inner)
        value["spoiled"] = True
    elif isinstance(value, list):
        for inner in value:
            spoil(inner)
        value.append("spoiled")


@given(PROPERTIES, PROPERTIES)
def test_no_input_is_changed_and_none_is_held_on_to(made, changed):
    kit, ws, _ = opened(0)
    condition = {"and": [{"field": "company", "op": "in", "value": ["Acme", "Bolt"]}]}
    rules = {"rules": [{"name": "fit", "points": 1, "condition": condition}], "caps": {}}
    stages = [{"id": "a", "name": "A", "order": 0, "autoRoute": {"rules": [{"if": condition, "assignTo": "ann"}]}}]
    given_, before = (made, changed, rules, stages), copy.deepcopy((made, changed, rules, stages))
    lead = ws.leads.create(email="alice@example.com", properties=made)
    ws.leads.update(lead.id, properties=changed)
    ws.leads.create({"externalId": "x-1", "properties": made})
    ws.scoring.save_rules(rules)
    ws.pipelines.put(id="p", name="P", stages=stages)
    assert repr(given_) == repr(before)
    kept = copy.deepcopy(snapshot(kit.store, "acme"))
    for each in given_:
        spoil(each)
    assert snapshot(kit.store, "acme") == kept


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
