"""G5: an import is killed again and again; what was acknowledged is kept, nothing twice, and all events go out."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from processes import finished

import leadkit as lk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ORG = "acme"
# How often one and the same import is killed before it may end.
KILLS = 10


def wrote(path: Path, rows: int) -> Path:
    lines = (f"crm-{row},Company {row % 97},source {row % 7}" for row in range(rows))
    path.write_text("\n".join(["id,company,source", *lines]) + "\n", encoding="utf-8")
    return path


def told(path: Path) -> set[tuple[str, str, int]]:
    """Answer the events that were published, whichever process did it."""
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {(event, lead, int(sequence)) for event, lead, sequence in lines}


def held_back(address: str) -> set[tuple[str, str, int]]:
    """Answer the events that wait to be published."""
    with lk.LeadKit.open(address) as kit:
        waiting = [entry.event for entry in kit.store.outbox.pending(1_000_000)]
        return {(event.id, event.lead_id, event.sequence) for event in waiting}


def imported(address: str) -> tuple[Counter[str], set[tuple[str, str, int]]]:
    """Answer how often each row is there, and every event."""
    with lk.LeadKit.open(address) as kit, kit.store.unit_of_work(ORG) as work:
        rows: Counter[str] = Counter()
        events: set[tuple[str, str, int]] = set()
        after = None
        while histories := work.events.scan(after=after, limit=1_000):
            leads = work.leads.get_many(list(histories))
            assert set(leads) == set(histories)
            rows.update(lead.external_id for lead in leads.values())
            events |= {(event.id, event.lead_id, event.sequence) for told in histories.values() for event in told}
            after = list(histories)[-1]
        return rows, events


@pytest.mark.gate
def test_g5_imports_that_are_killed_lose_and_double_nothing(
    address: str,
    tmp_path: Path,
    gate_size: Callable[[int, int], int],
    say: Callable[[str], None],
    fresh: Callable[[], str],
):
    size, kill_points = gate_size(1_000, 10_000), gate_size(4, 500)
    file, batch = wrote(tmp_path / "leads.csv", size), 200
    # Opening takes a few statements, a batch a handful: enough to reach everywhere, the last commit included.
    most = 12 + (size // batch) * 8
    choose = random.Random(random.SystemRandom().randrange(10**9))
    killed = resumed = 0
    while killed < kill_points:
        place, published = fresh(), tmp_path / f"published-{killed}"
        acknowledged = 0
        for _ in range(min(KILLS, kill_points - killed)):
            die_at = choose.randrange(1, most)
            ended = finished(place, "import", file, published, "--batch", batch, die_at=die_at)
            if not ended.was_killed:
                break
            killed += 1
            acknowledged = max(acknowledged, *ended.last("kept"), 0)
            rows, _ = imported(place)
            assert set(rows.values()) <= {1}, f"doubled after a kill at {die_at}"
            assert set(rows) >= {f"crm-{row}" for row in range(acknowledged)}, f"lost after a kill at {die_at}"
            resumed += 1
        assert finished(place, "import", file, published, "--batch", batch).last("kept") == [size]
        rows, events = imported(place)
        assert rows == Counter(f"crm-{row}" for row in range(size))
        # What a killed process had claimed is its own until its lease is over; everything else is told by now.
        assert events - told(published) <= held_back(place), "an event was lost"
        finished(place, "relay", published)
        assert told(published) == events, "an event was never told"
        assert held_back(place) == set()
    say(f"G5, {address.partition(':')[0]}: {killed} kills of imports of {size:,} rows: 0 lost, 0 doubled, all told")
