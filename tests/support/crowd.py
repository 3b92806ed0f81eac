"""A crowd on one outbox: processes that write events, relays that hand them on, and somebody who kills relays."""

from __future__ import annotations

import contextlib
import functools
import json
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs

from leadkit.errors import ConcurrencyConflict, StoreUnavailable
from leadkit.leads import Event
from leadkit.memory import SystemClock
from leadkit.ports import OutboxEntry
from leadkit.publishing import JsonLinesPublisher
from leadkit.services.relay import Relay
from leadkit.sql import SqlStore
from leadkit.sql.schema import events, outbox
from leadkit.testing.builders import NOON, build_event, build_lead

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.process import BaseProcess
    from pathlib import Path

ORG = "acme"
# Events of one lead in one unit of work, and leads in one unit of work.
AT_ONCE = 2
TOGETHER = 10
KILLED_AT = 3
PER_COMMIT = AT_ONCE * TOGETHER
# How far behind the oldest entry a relay that is alive may be at work: what the dead hold lies before it.
LOOKED_THROUGH = 2_000
# The share of the events during which relays are killed: the last kill must find one at work, too.
MOST = 0.8

_PROCESSES = multiprocessing.get_context("forkserver")
# What takes long to import is imported once; this module itself stands on no path that the server of forks knows.
_PROCESSES.set_forkserver_preload(
    ["leadkit.sql", "leadkit.publishing", "leadkit.services.relay", "leadkit.testing.builders", "psycopg"]
)


@attrs.frozen(kw_only=True)
class Crowd:
    """How many of whom.

    Attributes:
        address: Of the store.
        told: The file that the relays write.
        events: How many events are written.
        leads: Of how many leads they are.
        writers: How many processes write.
        relays: How many relays there are at any time.
        kills: How many times one of them is killed.
        batch: How many events a relay claims at a time.
        hesitation: The longest pause in seconds between the last statement of a unit of work and its commit.
        telling: How many seconds a relay takes to tell an event.
        lease: For how long a claim holds.
        outbox: What the relays take for the outbox: a row of `OUTBOXES`.
        seed: Of everything that chance decides.
    """

    address: str
    told: Path
    events: int
    leads: int
    writers: int = 6
    relays: int = 2
    kills: int = 0
    batch: int = 200
    hesitation: float = 0.0
    telling: float = 0.0
    lease: timedelta = timedelta(seconds=1)
    outbox: str = "leadkit"
    seed: int = 1


@attrs.frozen(kw_only=True)
class Verdict:
    """What a run has shown.

    Attributes:
        written: How many events were written.
        told: How many lines the relays wrote.
        missing: Events that were never told.
        overtaken: Events that were first told after a later one of their lead.
        changed: Events that were told again under the same id, and not in the same words.
        again: How many events were told more than once.
        kills: How many relays were killed.
        seconds: How long it took.
    """

    written: int
    told: int
    missing: Sequence[str]
    overtaken: Sequence[str]
    changed: Sequence[str]
    again: int
    kills: int
    seconds: float

    def check(self) -> None:
        """Hold the run to the gate."""
        faults = [
            f"{len(found)} of {self.written} events {what}, {found[0]} first"
            for found, what in (
                (self.missing, "are missing"),
                (self.overtaken, "were overtaken"),
                (self.changed, "came again with another id or in other words"),
            )
            if found
        ]
        assert not faults, "; ".join(faults)


def prepare(crowd: Crowd) -> None:
    """Write the leads, each with its first event."""
    store = SqlStore.open(crowd.address)
    with store.unit_of_work(ORG) as work:
        work.leads.add_many([build_lead(f"lead-{number:04}", created_at=NOON) for number in range(crowd.leads)])
        work.events.append([build_event(f"lead-{number:04}", 1) for number in range(crowd.leads)])
        work.commit()
    store.close()


def write(crowd: Crowd, number: int, commits: int) -> None:
    """Change leads that the other writers change too, each commit with its events."""
    choose = random.Random(f"{crowd.seed} writer {number}")
    store = SqlStore.open(crowd.address, upgrade=False)
    done = 0
    while done < commits:
        ids = sorted(f"lead-{chosen:04}" for chosen in choose.sample(range(crowd.leads), TOGETHER))
        # Who lost a race tries again with leads that it chooses anew.
        with contextlib.suppress(ConcurrencyConflict, StoreUnavailable), store.unit_of_work(ORG) as work:
            found = work.leads.get_many(ids)
            leads = [found[lead_id] for lead_id in ids]
            work.leads.save_many(
                [(build_lead(lead.id, version=lead.version + AT_ONCE), lead.version) for lead in leads]
            )
            work.events.append(
                [build_event(lead.id, lead.version + step) for lead in leads for step in range(1, AT_ONCE + 1)]
            )
            if crowd.hesitation:
                time.sleep(choose.random() * crowd.hesitation)
            work.commit()
            done += 1
    store.close()


def hand_on(crowd: Crowd) -> None:
    """Be a relay until somebody ends it."""
    store = SqlStore.open(crowd.address, upgrade=False)
    publisher = _Unhurried(JsonLinesPublisher(crowd.told), crowd.telling)
    broken = OUTBOXES[crowd.outbox]
    taken: Any = store if broken is None else _Instead(broken(store))
    relay = Relay(store=taken, publisher=publisher, clock=SystemClock(), lease=crowd.lease, batch=crowd.batch)
    relay.follow(every=0.02)


@attrs.frozen
class _Unhurried:
    """A publisher that takes its time."""

    publisher: JsonLinesPublisher
    telling: float

    def publish(self, org: str, event: Event) -> None:
        if self.telling:
            time.sleep(self.telling)
        self.publisher.publish(org, event)


@attrs.frozen
class _Instead:
    """A store of which nothing but the outbox is asked."""

    outbox: Any


def run(crowd: Crowd) -> Verdict:
    """Let the crowd loose on a store that `prepare` has made ready."""
    start, choose, kills = time.monotonic(), random.Random(f"{crowd.seed} killer"), 0
    commits = (crowd.events - crowd.leads) // PER_COMMIT
    shares = [commits // crowd.writers + (number < commits % crowd.writers) for number in range(crowd.writers)]
    writers = [_PROCESSES.Process(target=write, args=(crowd, each, share)) for each, share in enumerate(shares)]
    relays = [_started(hand_on, crowd) for _ in range(crowd.relays)]
    for writer in writers:
        writer.start()
    store = SqlStore.open(crowd.address, upgrade=False)
    crowd.told.touch()
    told, lines = crowd.told.open("rb"), 0
    try:
        quiet, before = 0, -1
        while quiet < (3 if crowd.outbox == "leadkit" else 150):
            time.sleep(choose.random() * 0.04)
            waiting = store.outbox.counts().waiting
            if any(writer.is_alive() for writer in writers):
                quiet = 0
            else:
                # A broken outbox may leave entries for ever: then it is enough that nothing moves any more.
                quiet = quiet + 1 if waiting == 0 or (crowd.outbox != "leadkit" and waiting == before) else 0
            before = waiting
            for place, relay in enumerate(relays):
                if not relay.is_alive():
                    assert crowd.outbox != "leadkit", f"a relay has ended by itself, with {relay.exitcode}"
                    relays[place] = _started(hand_on, crowd)
            lines += told.read().count(b"\n")
            # Spread over most of what is told, and not over a time, which is another one on each machine.
            if kills < crowd.kills and lines > MOST * crowd.events * (kills + choose.random()) / crowd.kills:
                kills += _killed(crowd, store, relays)
        assert [writer.exitcode for writer in writers] == [0] * crowd.writers, "a writer has failed"
        assert kills == crowd.kills, f"all was told after {kills} kills of {crowd.kills}"
        return _judged(crowd, store, kills, time.monotonic() - start)
    finally:
        for process in (*relays, *writers):
            process.kill()
            process.join()
        told.close()
        store.close()


def _killed(crowd: Crowd, store: SqlStore, relays: list[BaseProcess]) -> bool:
    """Kill a relay that has claimed something, and start another; answer whether there was one."""
    # A worker is named after its process.
    workers = {(entry.claimed_by or "--").split("-")[1] for entry in store.outbox.pending(LOOKED_THROUGH)}
    for place, relay in enumerate(relays):
        if str(relay.pid) in workers:
            os.kill(relay.pid or 0, signal.SIGKILL)
            relay.join()
            relays[place] = _started(hand_on, crowd)
            return True
    return False


def _started(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    process = _PROCESSES.Process(target=target, args=arguments)
    process.start()
    return process


def _judged(crowd: Crowd, store: SqlStore, kills: int, seconds: float) -> Verdict:
    written: set[str] = set()
    with store.unit_of_work(ORG) as work:
        after = None
        while chunk := work.events.scan(after=after, limit=50):
            written.update(event.id for history in chunk.values() for event in history)
            after = max(chunk)
    words: dict[str, bytes] = {}
    latest: dict[str, int] = {}
    overtaken, changed, counts = [], set(), Counter[str]()
    for line in crowd.told.read_bytes().splitlines():
        event = json.loads(line)
        counts[event["id"]] += 1
        if words.setdefault(event["id"], line) != line:
            changed.add(event["id"])
        if counts[event["id"]] == 1:
            if int(event["sequence"]) < latest.get(event["subject"], 0):
                overtaken.append(event["id"])
            latest[event["subject"]] = max(latest.get(event["subject"], 0), int(event["sequence"]))
    return Verdict(
        written=len(written),
        told=counts.total(),
        missing=sorted(written - counts.keys()),
        overtaken=overtaken,
        changed=sorted(changed | (counts.keys() - written)),
        again=sum(count > 1 for count in counts.values()),
        kills=kills,
        seconds=seconds,
    )


# --- outboxes that do it wrong ------------------------------------------------------------------------------------


@functools.cache
def _statements() -> tuple[Any, Any, Any]:
    """Write what the broken outboxes say; the library is an extra."""
    from sqlalchemy import bindparam, select, update

    rows = (
        select(outbox.c.position, outbox.c.org, *(events.c[name] for name in attrs.fields_dict(Event)))
        .join_from(
            outbox,
            events,
            (outbox.c.org == events.c.org)
            & (outbox.c.lead_id == events.c.lead_id)
            & (outbox.c.sequence == events.c.sequence),
        )
        .order_by(outbox.c.position)
        .limit(bindparam("most"))
    )
    later = rows.where(outbox.c.position > bindparam("last"))
    unclaimed = rows.where(outbox.c.claimed_by.is_(None)).with_for_update(skip_locked=True, of=outbox)
    claim = update(outbox).where(outbox.c.position == bindparam("number")).values(claimed_by=bindparam("by"))
    return later, unclaimed, claim


def _entry(record: dict[str, Any]) -> OutboxEntry:
    return OutboxEntry(org=record.pop("org"), event=Event(**record))


class Broken:
    """Leadkit's outbox, but for what a subclass does otherwise."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.right = store.outbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self.right, name)


class LaterThanTheLast(Broken):
    """Remembers the number of the last entry that it told, and looks for later ones."""

    last = read = 0

    def claim(self, *, limit: int, **_: Any) -> list[OutboxEntry]:
        later, _, _ = _statements()
        work = self.store.database.transaction(None, read_only=True)
        records = work.records(later, last=self.last, most=limit)
        work.end()
        self.read = max((record.pop("position") for record in records), default=self.last)
        return [_entry(record) for record in records]

    def published(self, entries: Sequence[OutboxEntry]) -> None:
        self.last = self.read
        self.right.published(entries)


class PublishedAtOnce(Broken):
    """Notes what it claims as published before anybody has told it, and is killed at just that moment."""

    claims = 0

    def claim(self, **options: Any) -> Sequence[OutboxEntry]:
        entries = self.right.claim(**options)
        self.right.published(entries)
        self.claims += bool(entries)
        if self.claims == KILLED_AT:
            os.kill(os.getpid(), signal.SIGKILL)
        return entries


class EachForItself(Broken):
    """Claims whatever nobody has claimed, without a look at the lead that it belongs to."""

    def claim(self, *, worker: str, **_: Any) -> list[OutboxEntry]:
        _, unclaimed, claim = _statements()
        work = self.store.database.transaction(None)
        records = work.records(unclaimed, most=3)
        work.change_many(claim, [{"number": record.pop("position"), "by": worker} for record in records])
        work.commit()
        work.end()
        # Whoever claims may be slow to begin.
        time.sleep(0.05 if random.random() < 0.2 else 0.0)
        return [attrs.evolve(_entry(record), claimed_by=worker) for record in records]


OUTBOXES: dict[str, Callable[[SqlStore], Any] | None] = {
    "leadkit": None,
    "later than the last": LaterThanTheLast,
    "published at once": PublishedAtOnce,
    "each for itself": EachForItself,
}
