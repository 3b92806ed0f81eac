"""The events that wait to be published, in SQL: claimed by status, never by "later than the last".

Numbers are given before commits and not in their order, so a relay that remembers a number passes over what commits
late. Here every row that is there waits, until it is deleted.

A claim locks the head of each lead, and by it the lead: PostgreSQL passes over heads that another relay has locked
(`SKIP LOCKED`); in SQLite there is one writer at a time. Every row that was taken bears the claim, so that it holds on
when the head is published and the next row is the head.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import BigInteger, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from leadkit.leads import Event
from leadkit.ports import DeadLetter, OutboxCounts, OutboxEntry
from leadkit.sql.schema import events, outbox
from leadkit.sql.types import Moment

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement
    from sqlalchemy.sql.compiler import SQLCompiler

    from leadkit.sql.database import Database
    from leadkit.sql.transactions import Transaction

__all__ = ["SqlOutbox", "wait_to_be_published"]

# A claim looks at this many leads at the most: each of them may have many events, all of which are sorted.
_MOST_LEADS: Final = 200


class NextPosition(FunctionElement[int]):
    """The number of the next row: the database's own counter, or one more than there is where one writer writes."""

    type = BigInteger()
    name = "next_position"
    inherit_cache = True


@compiles(NextPosition, "sqlite")
def _counted(element: NextPosition, compiler: SQLCompiler, **options: Any) -> str:
    return "(SELECT coalesce(max(position), 0) + 1 FROM outbox)"


@compiles(NextPosition, "postgresql")
def _by_the_database(element: NextPosition, compiler: SQLCompiler, **options: Any) -> str:
    return "DEFAULT"


_ENQUEUE: Final = insert(outbox).values(
    org=bindparam("org"), lead_id=bindparam("lead_id"), sequence=bindparam("sequence"), position=NextPosition()
)


def _same_event(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.c.org == other.c.org, one.c.lead_id == other.c.lead_id, one.c.sequence == other.c.sequence)


_EVENT: Final = tuple(events.c[name] for name in ("lead_id", "sequence", "type", "time", "actor", "data"))
_STATE: Final = tuple(outbox.c[name] for name in ("org", "state", "attempts", "due_at", "claimed_by", "last_error"))
_ENTRIES: Final = select(*_STATE, *_EVENT).join_from(outbox, events, _same_event(outbox, events))
_OLDEST_FIRST: Final = (
    _ENTRIES.where(outbox.c.state == bindparam("wanted")).order_by(outbox.c.position).limit(bindparam("most"))
)

_NOW: Final = bindparam("now", type_=Moment())


def _free(row: Any) -> ColumnElement[bool]:
    """Whether a row, were it a head, could be claimed."""
    return and_(
        row.c.state == "pending",
        or_(row.c.due_at.is_(None), row.c.due_at <= _NOW),
        or_(row.c.claimed_by.is_(None), row.c.claimed_by == bindparam("worker"), row.c.claimed_until <= _NOW),
    )


_ANY_FREE: Final = select(outbox.c.position).where(_free(outbox)).limit(1)
_head = outbox.alias("head")
_earlier = outbox.alias("earlier")
_heads = (
    select(_head.c.org, _head.c.lead_id)
    .where(
        _free(_head),
        # A subquery for each row and no join, whatever the planner believes: rows are looked at in the order of their
        # numbers, and no more of them than are wanted.
        _head.c.sequence
        == select(func.min(_earlier.c.sequence))
        .where(_earlier.c.org == _head.c.org, _earlier.c.lead_id == _head.c.lead_id)
        .scalar_subquery(),
    )
    .order_by(_head.c.position)
    .limit(bindparam("leads"))
    .with_for_update(skip_locked=True, of=_head)
    .cte("heads")
)
_taken = outbox.alias("taken")
_next = (
    select(_taken.c.org, _taken.c.lead_id, _taken.c.sequence)
    .join_from(_heads, _taken, and_(_taken.c.org == _heads.c.org, _taken.c.lead_id == _heads.c.lead_id))
    .order_by(_taken.c.position)
    .limit(bindparam("most"))
    .cte("next")
)
_CLAIMABLE: Final = _ENTRIES.join(_next, _same_event(_next, outbox)).order_by(outbox.c.position)

_THIS: Final = and_(
    outbox.c.org == bindparam("of_org"),
    outbox.c.lead_id == bindparam("of_lead"),
    outbox.c.sequence == bindparam("place"),
)
# Nobody is the empty text: a worker has a name.
_STILL_MINE: Final = func.coalesce(outbox.c.claimed_by, "") == bindparam("worker")
_NOBODY: Final[Mapping[str, None]] = {"claimed_by": None, "claimed_until": None}

_CLAIM: Final = (
    update(outbox).where(_THIS).values(claimed_by=bindparam("by"), claimed_until=bindparam("until", type_=Moment()))
)
_PUBLISHED: Final = delete(outbox).where(_THIS)
_FAILED: Final = (
    update(outbox)
    .where(_THIS, _STILL_MINE)
    .values(
        attempts=outbox.c.attempts + 1,
        state=bindparam("becomes"),
        due_at=bindparam("retry_at", type_=Moment()),
        last_error=bindparam("error"),
        **_NOBODY,
    )
)
_RELEASE: Final = update(outbox).where(_THIS, _STILL_MINE).values(**_NOBODY)
_HASTEN: Final = update(outbox).where(outbox.c.due_at.is_not(None)).values(due_at=None)
_REVIVE: Final = (
    update(outbox)
    .where(_THIS, outbox.c.state == "dead")
    .values(state="pending", attempts=0, last_error=None, **_NOBODY)
)
_DROP: Final = delete(outbox).where(_THIS, outbox.c.state == "dead")
_COUNT: Final = select(outbox.c.state, func.count().label("entries")).group_by(outbox.c.state)


def wait_to_be_published(work: Transaction, events: Sequence[Event]) -> None:
    """Put events into the outbox, in the unit of work that keeps them.

    Args:
        work: The unit of work.
        events: The events, in order for each lead.
    """
    work.change_rows(_ENQUEUE, ("lead_id", "sequence"), [(event.lead_id, event.sequence) for event in events])


def _place(entry: OutboxEntry | DeadLetter) -> dict[str, Any]:
    return {"of_org": entry.org, "of_lead": entry.event.lead_id, "place": entry.event.sequence}


def _mine(entry: OutboxEntry) -> dict[str, Any]:
    return {**_place(entry), "worker": entry.claimed_by or ""}


def _event(record: Mapping[str, Any]) -> Event:
    return Event(**{column.name: record[column.name] for column in _EVENT})


@attrs.frozen
class SqlOutbox:
    """The events of all organisations that wait to be published."""

    _database: Database

    @contextlib.contextmanager
    def _transaction(self, *, read_only: bool = False) -> Generator[Transaction]:
        """Work for all organisations at once; commit at the end."""
        work = self._database.transaction(None, read_only=read_only)
        try:
            yield work
            work.commit()
        finally:
            work.end()

    def pending(self, limit: int) -> Sequence[OutboxEntry]:
        """Answer entries that are not dead, the oldest first."""
        with self._transaction(read_only=True) as work:
            return [_entry(record) for record in work.records(_OLDEST_FIRST, wanted="pending", most=limit)]

    def claim(self, *, worker: str, limit: int, now: datetime, lease: timedelta) -> Sequence[OutboxEntry]:
        """Take entries to publish, those of one lead in order and without a gap from its head on."""
        # Whoever looks and finds nothing keeps no writer waiting.
        with self._transaction(read_only=True) as work:
            if not work.rows(_ANY_FREE, worker=worker, now=now):
                return []
        with self._transaction() as work:
            found = work.records(_CLAIMABLE, worker=worker, now=now, leads=min(limit, _MOST_LEADS), most=limit)
            entries = [attrs.evolve(_entry(record), claimed_by=worker) for record in _ready(found, now)]
            until = now + lease
            work.change_many(_CLAIM, ({**_place(entry), "by": worker, "until": until} for entry in entries))
            return entries

    def published(self, entries: Sequence[OutboxEntry]) -> None:
        """Note that events were published."""
        with self._transaction() as work:
            work.change_many(_PUBLISHED, map(_place, entries))

    def failed(self, entry: OutboxEntry, *, error: str, retry_at: datetime | None) -> None:
        """Note a failed attempt and give the entry back."""
        becomes = "dead" if retry_at is None else "pending"
        with self._transaction() as work:
            work.change(_FAILED, {**_mine(entry), "error": error, "retry_at": retry_at, "becomes": becomes})

    def release(self, entries: Sequence[OutboxEntry]) -> None:
        """Give entries back untried."""
        with self._transaction() as work:
            work.change_many(_RELEASE, map(_mine, entries))

    def hasten(self) -> int:
        """Make every entry that waits for its next attempt due at once."""
        with self._transaction() as work:
            return work.change(_HASTEN, {})

    def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        """Answer dead letters, the oldest first."""
        with self._transaction(read_only=True) as work:
            return [
                DeadLetter(
                    org=record["org"],
                    event=_event(record),
                    attempts=record["attempts"],
                    error=record["last_error"] or "",
                )
                for record in work.records(_OLDEST_FIRST, wanted="dead", most=limit)
            ]

    def revive(self, letters: Sequence[DeadLetter]) -> int:
        """Let dead letters be tried again from the first attempt on."""
        with self._transaction() as work:
            return work.change_many(_REVIVE, map(_place, letters))

    def drop(self, letters: Sequence[DeadLetter]) -> int:
        """Give dead letters up."""
        with self._transaction() as work:
            return work.change_many(_DROP, map(_place, letters))

    def counts(self) -> OutboxCounts:
        """Answer how full the outbox is."""
        with self._transaction(read_only=True) as work:
            counted: dict[str, int] = dict(work.rows(_COUNT))
            oldest = work.records(_OLDEST_FIRST, wanted="pending", most=1)
        return OutboxCounts(
            waiting=counted.get("pending", 0),
            dead=counted.get("dead", 0),
            oldest=oldest[0]["time"] if oldest else None,
        )


def _entry(record: Mapping[str, Any]) -> OutboxEntry:
    return OutboxEntry(
        org=record["org"], event=_event(record), attempts=record["attempts"], claimed_by=record["claimed_by"]
    )


def _ready(records: Iterable[Mapping[str, Any]], now: datetime) -> Iterable[Mapping[str, Any]]:
    """Answer the records of each lead up to the first that is dead or not due; its head is neither."""
    ended: set[tuple[str, str]] = set()
    for record in records:
        lead = (record["org"], record["lead_id"])
        if record["state"] == "dead" or (record["due_at"] is not None and record["due_at"] > now):
            ended.add(lead)
        if lead not in ended:
            yield record
