"""G6: several processes route the same leads; each lead is assigned once, and nobody gets two more than another."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from processes import Worker, finished
from workers import MEMBERS, PIPELINE, opened

if TYPE_CHECKING:
    from collections.abc import Callable


def waiting(address: str, leads: int) -> None:
    """Put leads into a fresh database that wait for an owner."""
    kit, ws = opened(address)
    with kit:
        ws.pipelines.create(
            id=PIPELINE,
            name="Inbound",
            stages=[{"id": "new", "name": "New", "order": 0}],
            auto_route={"rules": [{"assignTo": "round-robin:ae"}]},
        )
        for start in range(0, leads, 500):
            with ws.unit_of_work() as work:
                for number in range(start, min(start + 500, leads)):
                    work.leads.create(external_id=f"crm-{number}", pipeline_id=PIPELINE)


def shares(address: str) -> Counter[str]:
    """Answer how many leads each member has, once it is sure that each lead was assigned at most once."""
    kit, ws = opened(address)
    with kit:
        counts: Counter[str] = Counter()
        for lead in ws.leads.each():
            assigned = [event for event in ws.leads.history(lead.id) if event.type == "lead.assigned"]
            assert len(assigned) == (lead.assigned_to is not None), f"{lead.id} was assigned {len(assigned)} times"
            counts[lead.assigned_to or "nobody"] += 1
        return counts


def spread(counts: Counter[str]) -> int:
    found = [counts[member] for member in MEMBERS]
    return max(found) - min(found)


@pytest.mark.gate
@pytest.mark.parametrize("processes", [2, 4, 8])
def test_g6_processes_that_route_together_assign_each_lead_once(
    address: str, processes: int, gate_size: Callable[[int, int], int], say: Callable[[str], None]
):
    leads = gate_size(200, 1_000)
    waiting(address, leads)
    workers = [Worker.start(address, "route") for _ in range(processes)]
    ended = [worker.end() for worker in workers]
    assert [each.wrote for each in ended if each.code] == []
    counts = shares(address)
    assert counts.total() == leads
    assert counts["nobody"] == 0
    assert spread(counts) <= 1, counts
    by_process = [each.last("assigned")[0] for each in ended]
    assert sum(by_process) == leads
    say(f"G6, {address.partition(':')[0]}: {processes} processes assigned {by_process}: {dict(counts)}")


@pytest.mark.gate
def test_g6_processes_that_are_killed_while_they_route_assign_each_lead_once(
    fresh: Callable[[], str], gate_size: Callable[[int, int], int], say: Callable[[str], None]
):
    leads, kills = gate_size(200, 1_000), gate_size(6, 100)
    choose = random.Random(random.SystemRandom().randrange(10**9))
    killed = rounds = 0
    kind = ""
    while killed < kills:
        address = fresh()
        kind = address.partition(":")[0]
        waiting(address, leads)
        rounds += 1
        counts = shares(address)
        while counts["nobody"] and killed < kills:
            workers = [Worker.start(address, "route", die_at=choose.randrange(3, 60)) for _ in range(4)]
            ended = [worker.end() for worker in workers]
            assert [each.wrote for each in ended if not each.was_killed and each.code] == []
            killed += sum(each.was_killed for each in ended)
            counts = shares(address)
            # Whatever was kept by then is as fair as if nobody had died.
            assert spread(counts) <= 1, counts
        finished(address, "route")
        counts = shares(address)
        assert counts["nobody"] == 0
        assert spread(counts) <= 1, counts
    say(f"G6, {kind}: {killed} kills in {rounds} databases of {leads:,} leads: each assigned once, spread at most 1")


def test_g6_pointers_that_are_not_locked_are_noticed(fresh: Callable[[], str], monkeypatch: pytest.MonkeyPatch):
    """The mechanism, broken on purpose: turns are read before the transaction, as a cache would have them."""
    from leadkit.sql.pointers import SqlPointers

    address = fresh()
    waiting(address, 40)
    kit, ws = opened(address)
    with kit:
        seen: dict[str, Any] = {}
        read = SqlPointers.get
        monkeypatch.setattr(SqlPointers, "get", lambda self, pool: seen.setdefault(pool, read(self, pool)))
        for lead in list(ws.leads.each()):
            ws.routing.route(lead.id)
    assert spread(shares(address)) > 1
