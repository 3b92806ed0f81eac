"""Processes that work on one database together, and can be killed at any statement.

    python workers.py ADDRESS import FILE OUT    # import a file, and say after each batch how many rows are kept
    python workers.py ADDRESS relay OUT          # hand on what the killed had claimed, as if their leases were over
    python workers.py ADDRESS route              # route whatever waits, in small chunks, with a rest after each
    python workers.py ADDRESS count SEED TIMES   # raise counters of leads, each by a command of its own

`--die-at N` ends the process as `kill -9` does, at the N-th statement or commit that it sends to the database: just
before it, or just after it where N is odd. `--together FOLDER NUMBER` lets it wait, its database open, until so many
have come to a folder: all are at work at the same time then, however slowly they start. `--broken NAME` takes a
mechanism away, to show that the gates would notice.

Whatever a worker prints is what it may be held to: it was acknowledged.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

import leadkit as lk
from leadkit.services import routing
from leadkit.services.relay import Relay
from leadkit.services.session import Session
from leadkit.sql import pointers, transactions
from leadkit.sql.transactions import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadkit.services.workspace import Workspace

ORG = "acme"
PIPELINE = "inbound"
LONGER_THAN_A_LEASE = timedelta(hours=1)
# Seconds; about as long as a chunk of routing takes.
REST = 0.02
MEMBERS = ("ann", "bo", "cem", "dee", "eli")


def say(*words: object) -> None:
    """Acknowledge something: written and flushed, so that it is told even if the process dies now."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def die_at(number: int) -> None:
    """Let the process die at its N-th step in the database."""
    steps = itertools.count(1)

    def dying(step: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*arguments: Any, **options: Any) -> Any:
            due = next(steps) == number
            if due and number % 2 == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = step(*arguments, **options)
            if due:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return stepped

    for name in ("_execute", "commit"):
        setattr(Transaction, name, dying(getattr(Transaction, name)))


def ready(asked: argparse.Namespace, publisher: Any = None) -> tuple[lk.LeadKit, Workspace]:
    """Open the database; then come to the folder, where there is one, and wait until so many have come."""
    kit, ws = opened(asked.address, publisher)
    if asked.together:
        folder, number = Path(asked.together[0]), int(asked.together[1])
        (folder / str(os.getpid())).touch()
        while len(list(folder.iterdir())) < number:
            time.sleep(0.001)
    return kit, ws


def rest_after_commits() -> None:
    """Let a process rest after each commit: one that never does keeps SQLite's only write lock from all who wait."""
    commit = Transaction.commit

    def committed(transaction: Transaction) -> None:
        commit(transaction)
        time.sleep(REST)

    Transaction.commit = committed


def begin_deferred() -> None:
    """Let SQLite's transactions begin without the write lock, as its driver would have it."""
    begin = dict(transactions._BEGIN)  # noqa: SLF001 - broken on purpose
    transactions._BEGIN = begin | {(True, False): "BEGIN DEFERRED"}  # noqa: SLF001 - broken on purpose


def read_turns_unlocked() -> None:
    """Let the pointers of a pool be read without a lock on its row."""
    locked = pointers._ONE  # noqa: SLF001 - broken on purpose
    pointers._LOCKED = locked  # noqa: SLF001 - broken on purpose


def trust_what_was_read() -> None:
    """Let a command carry on though the lead is no longer at the version that its caller has seen."""
    Session.expect = lambda *_: None


BROKEN = {"deferred": begin_deferred, "unlocked": read_turns_unlocked, "trusting": trust_what_was_read}


def directory_of(_org: str) -> lk.MemoryDirectory:
    """Answer the pool that leads are routed over."""
    return lk.MemoryDirectory.of({"ae": [{"id": member, "name": member} for member in MEMBERS]})


def opened(address: str, publisher: Any = None) -> tuple[lk.LeadKit, Workspace]:
    kit = lk.LeadKit.open(address, directory=directory_of, publisher=publisher)
    return kit, kit.workspace(org=ORG, actor="worker")


class IdsInAFile:
    """A publisher that writes down the id of each event, its lead and its sequence, before it says that it did."""

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("a", encoding="utf-8")  # noqa: SIM115 - open for as long as the process lives

    def publish(self, org: str, event: Any) -> None:
        self._file.write(f"{event.id} {event.lead_id} {event.sequence}\n")
        self._file.flush()


def import_file(asked: argparse.Namespace) -> None:
    _, ws = ready(asked, IdsInAFile(asked.published))
    mapping = {"columns": {"id": "externalId", "company": "company", "source": "source"}}
    ws.imports.csv(
        asked.file,
        mapping=mapping,
        batch_size=asked.batch,
        progress=lambda progress: say("kept", progress.report.rows),
    )
    say("done")


@attrs.frozen
class Later:
    """A clock that is ahead."""

    ahead: timedelta

    def now(self) -> datetime:
        return lk.SystemClock().now() + self.ahead


def relay(asked: argparse.Namespace) -> None:
    kit, _ = ready(asked)
    with kit:
        relaying = Relay(store=kit.store, publisher=IdsInAFile(asked.published), clock=Later(LONGER_THAN_A_LEASE))
        say("relayed", relaying.run_once().published)


def route(asked: argparse.Namespace) -> None:
    # Small chunks, so that several processes come to share the leads, and there is something to interrupt.
    routing._ROUTED_AT_ONCE = asked.chunk  # noqa: SLF001 - no concern of anybody's but this test
    rest_after_commits()
    _, ws = ready(asked)
    report = ws.routing.route_unassigned(PIPELINE)
    say("assigned", report.assigned)


def count(asked: argparse.Namespace) -> None:
    """Raise counters: half of the time under a lock, half of the time by the version that was read."""
    _, ws = ready(asked)
    choose = random.Random(asked.seed)
    leads = [lead.id for lead in ws.leads.each()]
    lost = 0
    for _ in range(asked.times):
        lead_id = choose.choice(leads)
        if choose.random() < asked.locked:
            with ws.unit_of_work() as work:
                lead = work.leads.get(lead_id)
                work.leads.update(lead_id, properties={"n": lead.properties["n"] + 1})
            continue
        while True:
            lead = ws.leads.get(lead_id)
            try:
                ws.leads.update(lead_id, properties={"n": lead.properties["n"] + 1}, version=lead.version)
            except lk.ConcurrencyConflict:
                lost += 1
            else:
                break
    say("raised", asked.times, lost)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--die-at", type=int, default=0)
    parser.add_argument("--together", nargs=2, metavar=("FOLDER", "NUMBER"))
    parser.add_argument("--broken", choices=BROKEN)
    commands = parser.add_subparsers(required=True)
    importing = commands.add_parser("import")
    importing.add_argument("file")
    importing.add_argument("published")
    importing.add_argument("--batch", type=int, default=200)
    importing.set_defaults(carry_out=import_file)
    relaying = commands.add_parser("relay")
    relaying.add_argument("published")
    relaying.set_defaults(carry_out=relay)
    routed = commands.add_parser("route")
    routed.add_argument("--chunk", type=int, default=20)
    routed.set_defaults(carry_out=route)
    counting = commands.add_parser("count")
    counting.add_argument("seed", type=int)
    counting.add_argument("times", type=int)
    counting.add_argument("--locked", type=float, default=0.5)
    counting.set_defaults(carry_out=count)
    asked = parser.parse_args()
    if asked.die_at:
        die_at(asked.die_at)
    if asked.broken:
        BROKEN[asked.broken]()
    asked.carry_out(asked)


if __name__ == "__main__":
    main()
