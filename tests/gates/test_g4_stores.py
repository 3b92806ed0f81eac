"""G4: the same random sequences of commands leave the same state, events and order in every store."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from sequences import CountedIds, SteppingClock, prepare, step
from snapshots import snapshot

import leadkit as lk
from leadkit.errors import LeadkitError
from leadkit.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 25


def lived(store: Any, org: str, seed: int, steps: int = STEPS) -> tuple[list[str | None], dict[str, Any]]:
    """Put a random sequence to a store; answer what each command said, and all that the organisation then holds."""
    kit = lk.LeadKit(store, clock=SteppingClock(), ids=CountedIds())
    ws = kit.workspace(org=org, actor="tester")
    choose = random.Random(seed)
    prepare(ws, auto_qualify=choose.random() < 0.3)
    ids: list[str] = []
    said: list[str | None] = []
    for _ in range(steps):
        _, ask, _ = step(choose, ids)
        try:
            ask(ws)
        except LeadkitError as error:
            said.append(error.code)
        else:
            said.append(None)
    held = snapshot(store, org)
    return said, {
        **held,
        # The order in which things are told, which equality of dictionaries does not see.
        "order": [(lead_id, [event.id for event in events]) for lead_id, events in held["events"].items()],
        "listed": [lead.id for lead in ws.leads.list(page_size=200).items],
    }


@pytest.mark.gate
def test_g4_all_stores_answer_random_sequences_alike(sql_store: Any, gate_size: Callable[[int, int], int]):
    memory = MemoryStore()
    start = random.SystemRandom().randrange(10**9)
    for seed in range(start, start + gate_size(20, 2_000)):
        expected, found = (lived(store, f"org-{seed}", seed) for store in (memory, sql_store))
        assert found == expected, f"seed {seed}"


def test_g4_a_store_that_forgets_an_event_is_noticed(sql_store: Any, monkeypatch: pytest.MonkeyPatch):
    from leadkit.sql.events import SqlEvents

    kept = SqlEvents.append
    monkeypatch.setattr(SqlEvents, "append", lambda self, events: kept(self, list(events)[:1]))
    with pytest.raises(AssertionError):
        for seed in range(40):
            assert lived(sql_store, f"org-{seed}", seed) == lived(MemoryStore(), f"org-{seed}", seed)
