"""What the benchmarks of the SQL store share: copies of a prepared file, a bare connection to one, and turns.

A gate over a store compares leadkit with what a person would write by hand for the same rows: the driver's own
`executemany`, with the settings that leadkit uses. So the bare side gets the same tables with the same indexes, keeps
its promises about what survives a power cut, and commits as often.
"""

from __future__ import annotations

import contextlib
import gc
import shutil
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from measuring import Timings
from twenty_rules.leads import made_leads

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

__all__ = [
    "ENQUEUE",
    "EVENT",
    "INSERT_EVENT",
    "NOW",
    "ORG",
    "WAITING",
    "StandingClock",
    "address",
    "bare",
    "chunks",
    "content",
    "copy_of",
    "differing",
    "executemany",
    "filled",
    "in_turns",
    "workplace",
]

ORG: Final = "acme"
NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)

EVENT: Final = ("org", "lead_id", "sequence", "type", "time", "actor", "data")
WAITING: Final = ("org", "lead_id", "sequence", "position", "state", "attempts")
INSERT_EVENT: Final = f"INSERT INTO events ({', '.join(EVENT)}) VALUES ({', '.join('?' * len(EVENT))})"  # noqa: S608 - constants
ENQUEUE: Final = f"INSERT INTO outbox ({', '.join(WAITING)}) VALUES ({', '.join('?' * len(WAITING))})"  # noqa: S608 - constants


class StandingClock:
    """A clock that stands still, so that both sides write the same times."""

    def now(self) -> datetime:
        """Answer the one moment there is."""
        return NOW


def address(path: Path) -> str:
    """Answer the address by which leadkit opens a file."""
    return f"sqlite:///{path}"


@contextlib.contextmanager
def workplace(where: Path | None) -> Generator[Path]:
    """Answer a directory for the files of a run, gone at its end.

    Args:
        where: Inside which directory; None for the system's own for such things.
    """
    with tempfile.TemporaryDirectory(prefix="leadkit-", dir=where) as name:
        yield Path(name)


def filled(path: Path, count: int, *, rules: Sequence[Any] = (), fresh: bool = False, **fields: Any) -> None:
    """Fill a file with made-up leads, and with rules.

    Args:
        path: The file, a new one.
        count: How many leads.
        rules: The scoring rules, as documents.
        fresh: Whether every lead is new and nobody's, so that each of them can be qualified or routed.
        fields: What every lead has alike.
    """
    import leadkit as lk  # noqa: PLC0415 - found only now
    from leadkit.leads import Event  # noqa: PLC0415 - found only now

    kit = lk.LeadKit.open(address(path), clock=StandingClock())
    workspace = kit.workspace(org=ORG, actor="bench")
    workspace.scoring.save_rules({"rules": rules})
    documents = made_leads(count)
    for number, document in enumerate(documents):
        document.update(id=f"lead_{number:08}", externalId=f"crm-{number}", version=1, **fields)
        if fresh:
            for name in ("status", "qualifiedAt", "disqualifiedAt", "assignedTo"):
                document.pop(name, None)
    for chunk in chunks(documents, 5_000):
        leads = [lk.Lead.model_validate(document) for document in chunk]
        created = [
            Event(type="lead.created", lead_id=lead.id, sequence=1, time=NOW, actor="bench", data={}) for lead in leads
        ]
        with kit.store.unit_of_work(ORG) as work:
            work.leads.add_many(leads)
            work.events.append(created)
            work.commit()
    kit.store.close()


def bare(path: Path, *, synchronous: str = "full") -> sqlite3.Connection:
    """Open a file as leadkit does: transactions begin when they are told to, and a commit is on the disk.

    Args:
        path: The file.
        synchronous: What a commit promises, as leadkit's own address has it.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = wal", f"synchronous = {synchronous}", "temp_store = memory"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def copy_of(pristine: Path, name: str) -> Path:
    """Copy a prepared file, and whatever its last connection left beside it.

    Args:
        pristine: The file.
        name: What to call the copy; one of that name is overwritten.
    """
    with contextlib.closing(bare(pristine)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    target = pristine.with_name(name)
    for leftover in pristine.parent.glob(f"{name}*"):
        leftover.unlink()
    shutil.copyfile(pristine, target)
    return target


def content(path: Path, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Answer the rows of a table, sorted.

    Args:
        path: The file.
        table: The table.
        columns: Which of its columns.
    """
    with contextlib.closing(bare(path)) as connection:
        return sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)  # noqa: S608 - constants


def differing(one: Path, other: Path, tables: Mapping[str, Sequence[str]]) -> list[str]:
    """Name the tables whose rows differ between two files: both sides are to write the same.

    Args:
        one: A file.
        other: Another one.
        tables: For each table, the columns that are held against each other.
    """
    return [name for name, columns in tables.items() if content(one, name, columns) != content(other, name, columns)]


def chunks(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Cut rows into as many as one unit of work keeps."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def executemany(connection: sqlite3.Connection, work: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Write rows in one transaction, as bare as it gets.

    Args:
        connection: What `bare` answered.
        work: Statements, each with its rows.
    """
    connection.execute("BEGIN IMMEDIATE")
    for statement, rows in work:
        connection.executemany(statement, rows)
    connection.execute("COMMIT")


def in_turns(subjects: Mapping[str, Callable[[], Callable[[], object]]], *, rounds: int) -> Timings:
    """Time what needs a new file each time, in turns.

    The garbage collector works as it does in a service; what was prepared beforehand is out of its sight, so that it
    does not look through the rows of the bare side again and again.

    Args:
        subjects: By name, what prepares a turn, untimed, and answers what is timed.
        rounds: How often each has its turn.
    """
    samples: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, prepare in subjects.items():
            work = prepare()
            gc.collect()
            gc.freeze()
            start = time.perf_counter()
            work()
            samples[name].append(time.perf_counter() - start)
            gc.unfreeze()
    return Timings(samples=samples)
