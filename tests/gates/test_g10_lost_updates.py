"""G10: processes raise the counters of the same few leads; every version is there, and no update is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from processes import ended_together
from workers import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def prepared(address: str, leads: int) -> None:
    kit, ws = opened(address)
    with kit:
        for number in range(leads):
            ws.leads.create(external_id=f"crm-{number}", properties={"n": 0})


def raised(address: str) -> int:
    """Answer the sum of all counters, once it is sure that the versions and the events are without a gap."""
    kit, ws = opened(address)
    total = 0
    with kit:
        for lead in ws.leads.each():
            assert lead.version == lead.properties["n"] + 1, f"{lead.id} lost an update"
            sequences = [event.sequence for event in ws.leads.history(lead.id)]
            assert sequences == list(range(1, lead.version + 1)), f"{lead.id} has gaps"
            total += lead.properties["n"]
    return total


@pytest.mark.gate
def test_g10_many_workers_on_few_leads_lose_no_update(
    address: str, gate_size: Callable[[int, int], int], say: Callable[[str], None]
):
    workers, times, leads = gate_size(4, 8), gate_size(50, 10_000), gate_size(5, 50)
    prepared(address, leads)
    ended = ended_together(address, *[("count", seed, times) for seed in range(workers)])
    assert [each.wrote for each in ended if each.code] == []
    races = sum(each.last("raised")[1] for each in ended)
    assert raised(address) == workers * times
    kind = address.partition(":")[0]
    say(f"G10, {kind}: {workers} workers, {workers * times:,} updates of {leads} leads, {races:,} lost races: 0 lost")


def counted_in_trust(address: str, *, locked: int) -> int:
    """Let processes trust what they have read before; answer the sum of the counters that they raised."""
    prepared(address, 1)
    workers = [("count", seed, 60, "--locked", locked) for seed in range(3)]
    ended = ended_together(address, *workers, broken="trusting")
    assert [each.wrote for each in ended if each.code] == []
    return raised(address)


def test_g10_a_command_that_trusts_what_was_read_before_is_noticed(address: str):
    with pytest.raises(AssertionError, match="lost an update"):
        counted_in_trust(address, locked=0)


def test_g10_what_was_read_under_a_lock_can_be_trusted(address: str):
    assert counted_in_trust(address, locked=1) == 3 * 60


def test_g10_deferred_transactions_are_noticed(tmp_path: Path):
    """SQLite refuses who has read and then wants to write, at once and however patient it is."""
    address = f"sqlite:///{tmp_path / 'leads.db'}"
    prepared(address, 1)
    workers = [("count", seed, 200, "--locked", 1) for seed in range(4)]
    ended = ended_together(address, *workers, broken="deferred")
    assert any("StoreLocked" in each.wrote for each in ended)
