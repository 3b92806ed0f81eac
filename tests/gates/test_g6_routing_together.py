"""G6: several processes route the same leads; each lead is assigned once, and nobody gets two more than another."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from processes import Worker, ended_together, finished
from workers import MEMBERS, PIPELINE, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
def test_g6_processes_that_route_together_assign_each_lead_once(
    fresh: Callable[[], str], gate_size: Callable[[Any, Any], Any], say: Callable[[str], None]
):
    leads = gate_size(100, 1_000)
    for processes in gate_size((2,), (2, 4, 8)):
        address = fresh()
        waiting(address, leads)
        ended = ended_together(address, *[("route",)] * processes)
        assert [each.wrote for each in ended if each.code] == []
        counts = shares(address)
        assert counts.total() == leads
        assert counts["nobody"] == 0
        assert spread(counts) <= 1, counts
        by_process = [each.last("assigned")[0] for each in ended]
        assert sum(by_process) == leads
        # With no more than a few chunks, one process may be done before another has begun.
        assert sum(count > 0 for count in by_process) >= gate_size(1, 2), by_process
        kind = address.partition(":")[0]
        given = dict(sorted(counts.items()))
        say(f"G6, {kind}: {processes} processes assigned {by_process} of {leads:,}: {given}")


@pytest.mark.gate
def test_g6_processes_that_are_killed_while_they_route_assign_each_lead_once(
    fresh: Callable[[], str], gate_size: Callable[[Any, Any], Any], say: Callable[[str], None]
):
    leads, kills, processes = gate_size(100, 1_000), gate_size(3, 100), gate_size(2, 4)
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
            workers = [Worker.start(address, "route", die_at=choose.randrange(3, 60)) for _ in range(processes)]
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


def test_g6_turns_that_are_read_unlocked_are_noticed(fresh_postgres: Callable[[], str]):
    for _ in range(20):
        address = fresh_postgres()
        waiting(address, 100)
        ended = ended_together(address, *[("route", "--chunk", 2)] * 4, broken="unlocked")
        if spread(shares(address)) > 1 or any(each.code for each in ended):
            return
    pytest.fail("twenty times, turns that were read without a lock came out even")


def test_g6_deferred_transactions_are_noticed(tmp_path: Path):
    address = f"sqlite:///{tmp_path / 'leads.db'}"
    waiting(address, 200)
    ended = ended_together(address, *[("route", "--chunk", 3)] * 4, broken="deferred")
    assert any("StoreLocked" in each.wrote for each in ended)
