"""A batch that scores can be interrupted at every call to its store and run again: nothing lost, nothing told twice."""

import pytest

import leadkit as lk
from leadkit.memory import MemoryStore
from leadkit.services import scoring
from leadkit.testing.faults import CallCounter, FaultyStore

LEADS = 10
AT_ONCE = 3
CHUNKS = 4
RULES = {"rules": [{"name": "fit", "points": 20, "condition": {"field": "company", "op": "exists"}}]}


class Interrupted(BaseException):
    """Ends the process, as far as a test can."""


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(scoring, "_SCORED_AT_ONCE", AT_ONCE)


def anew():
    counter = CallCounter()
    ws = lk.LeadKit(FaultyStore(MemoryStore(), counter)).workspace(org="acme", actor="tester")
    for number in range(LEADS):
        ws.leads.create(email=f"{number}@example.com", company="Acme" if number % 2 else None)
    ws.scoring.save_rules(RULES)
    counter.calls = 0
    return ws, counter


def told(ws):
    """What the store holds: for each lead its score, its version, and what happened."""
    return [(lead.score, lead.version, [event.type for event in ws.leads.history(lead.id)]) for lead in ws.leads.each()]


SCORED = [(20 * (number % 2), 2, ["lead.created", "lead.scored"]) for number in range(LEADS)]


def scored(ws):
    return sum(len(types) - 1 for _, _, types in told(ws))


def test_interrupted_at_every_call_and_run_again():
    ws, counter = anew()
    ws.scoring.score_batch()
    calls = counter.calls
    assert told(ws) == SCORED

    for fail_at in range(1, calls + 1):
        ws, counter = anew()
        counter.fail_at = fail_at
        with pytest.raises(lk.StoreUnavailable):
            ws.scoring.score_batch()
        counter.fail_at = None
        done = scored(ws)
        # A chunk is whole or it is not there.
        assert done in {0, 3, 6, 9, 10}
        assert ws.scoring.score_batch().changed == LEADS - done
        assert told(ws) == SCORED


@pytest.mark.parametrize("chunk", range(1, CHUNKS + 1))
def test_interrupted_after_every_chunk_and_run_again(chunk):
    ws, _ = anew()
    reports = []

    def stop(report):
        reports.append(report)
        if len(reports) == chunk:
            raise Interrupted

    with pytest.raises(Interrupted):
        ws.scoring.score_batch(progress=stop)
    done = min(chunk * AT_ONCE, LEADS)
    assert (reports[-1].changed, scored(ws)) == (done, done)

    again = ws.scoring.score_batch()
    assert (again.considered, again.changed, again.unchanged) == (LEADS, LEADS - done, done)
    assert told(ws) == SCORED
