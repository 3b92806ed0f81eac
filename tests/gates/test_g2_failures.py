"""G2: whichever port call fails, once or for ever, state and events are those before or those after."""

import contextlib
import copy
import inspect

import pytest
from commands import COMMANDS, ORG, prepared
from snapshots import snapshot

import leadkit as lk
from leadkit.services.workspace import Workspace
from leadkit.testing.faults import CallCounter

# What only reads, and so has no state to leave half done.
QUERIES = {
    "leads": "count each get history list tasks timeline",
    "pipelines": "get list",
    "scoring": "catalogue check counterfactual draft explain fit review rules simulate versions",
    "routing": "check explain",
    "enrichment": "auto status",
    "imports": "guess",
    "analytics": "report",
    "settings": "get",
}
# What is many units of work on purpose, so that it can be interrupted and go on: `test_enrichment_jobs` stops it at
# every call.
IN_STEPS = {"enrichment": "enrich_batch run run_pending"}


def calls_of(name):
    """How many port calls a command makes, and what it leads to when none fails."""
    counter = CallCounter()
    kit, _, ws, ids, task = prepared(counter)
    before, calls = snapshot(kit.store.store, ORG), counter.calls
    COMMANDS[name](ws, ids, task)
    after = snapshot(kit.store.store, ORG)
    assert not alike(before, after), f"{name} changes nothing that could be seen half done"
    return counter.calls - calls, after


def check(name, *, for_ever):
    """Let each port call of a command fail in turn, and look at what is left."""
    calls, after = calls_of(name)
    for failing in range(1, calls + 1):
        counter = CallCounter()
        kit, publisher, ws, ids, task = prepared(counter)
        inner = kit.store.store
        before = snapshot(inner, ORG)
        counter.calls, counter.fail_at, counter.for_ever = 0, failing, for_ever
        with contextlib.suppress(lk.LeadkitError):
            COMMANDS[name](ws, ids, task)
        assert counter.failed, f"call {failing} of {name} did not fail"
        found = snapshot(inner, ORG)
        where = f"{name}, call {failing} ({counter.failed[0]})"
        assert found == before or alike(found, after), f"{where}: neither the state before nor the one after"
        # Whatever failed, nothing that happened is lost: the next delivery tells it.
        counter.fail_at = None
        kit.deliver()
        told = {event.id for _, event in publisher.published}
        kept = {event.id for events in found["events"].values() for event in events}
        assert told == kept, f"{where}: events and state disagree"
        for lead_id in found["leads"]:
            first = list(dict.fromkeys(event.sequence for _, event in publisher.published if event.lead_id == lead_id))
            assert first == sorted(first), f"{where}: the events of {lead_id} came out of order"


@pytest.mark.gate
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
@pytest.mark.parametrize("name", COMMANDS)
def test_g2_a_port_that_fails_leaves_the_state_before_or_after_and_no_event_without_its_state(name, for_ever):
    check(name, for_ever=for_ever)


def test_g2_tries_every_command_that_there_is():
    tried = "\n".join(inspect.getsource(command) for command in COMMANDS.values())
    services = [name for name, member in vars(Workspace).items() if isinstance(member, property)]
    untried = [
        f"{service}.{name}"
        for service in services
        if service not in {"org", "actor"}
        for name in dir(getattr(lk.LeadKit.open("memory:").workspace(org=ORG, actor="tester"), service))
        if not name.startswith("_")
        and name not in f"{QUERIES.get(service, '')} {IN_STEPS.get(service, '')}".split()
        and f"ws.{service}.{name}(" not in tried
        and f"leads.{name}(" not in tried
    ]
    assert not untried, "add them to COMMANDS, or say that they change nothing"


def test_g2_a_store_that_keeps_what_was_not_committed_is_found_out(monkeypatch):
    monkeypatch.setattr("leadkit.memory.organisation.Writer.undo", lambda self: self.changes.clear())

    with pytest.raises(AssertionError, match="neither the state before nor the one after"):
        check("convert", for_ever=False)


def test_g2_events_that_are_kept_apart_from_their_state_are_found_out(monkeypatch):
    from leadkit.services.session import Session

    keep = Session.keep

    def forgetful(self, work, before, decision):
        lead = keep(self, work, before, decision)
        if decision.changed:
            work.commit()
        return lead

    monkeypatch.setattr(Session, "keep", forgetful)

    with pytest.raises(AssertionError, match="neither the state before nor the one after"):
        check("several in one", for_ever=False)


def alike(found, after):
    """Compare but for the times, which differ from run to run by the number of looks at the clock."""
    return timeless(found) == timeless(after)


def timeless(value):
    import re

    return re.sub(r"datetime\.datetime\([^)]*\)|\d{4}-\d\d-\d\dT[\d:.]+Z", "T", deep(value))


def deep(value):
    import attrs

    from leadkit.leads import Event, Lead

    if isinstance(value, dict):
        return "{" + ", ".join(f"{deep(key)}: {deep(each)}" for key, each in sorted(value.items(), key=str)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(deep(each) for each in value) + "]"
    if isinstance(value, Lead):
        return deep(value.model_dump())
    if isinstance(value, Event):
        return deep(attrs.asdict(value))
    if hasattr(value, "model_dump"):
        return deep(copy.copy(value.model_dump(mode="json")))
    return repr(value)
