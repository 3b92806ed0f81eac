"""The outbox of all organisations, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from leadkit.memory.organisation import Claim
from leadkit.ports import DeadLetter, OutboxCounts, OutboxEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, timedelta

    from leadkit.leads import Event
    from leadkit.memory.organisation import Organisation, Place, Waiting
    from leadkit.memory.store import MemoryStore, MemoryUnitOfWork

__all__ = ["MemoryOutbox"]


def _place(event: Event) -> Place:
    return event.lead_id, event.sequence


def _in_order(rows: Organisation) -> list[tuple[Place, Waiting]]:
    return sorted(rows.outbox.rows.items(), key=lambda item: item[1].number)


@attrs.frozen
class MemoryOutbox:
    """The events of all organisations that wait to be published."""

    _store: MemoryStore

    def _looking(self) -> Iterator[tuple[str, Organisation]]:
        """Go through the organisations, each under its lock."""
        for org, rows in self._store.organisations():
            with rows.lock:
                # Within a unit of work of this very thread: what it has written so far may still be undone.
                if not rows.busy:
                    yield org, rows

    def pending(self, limit: int) -> Sequence[OutboxEntry]:
        """Answer entries that are not dead, the oldest first."""
        found: list[OutboxEntry] = []
        for org, rows in self._looking():
            waiting = [(place, row) for place, row in _in_order(rows) if not row.dead]
            found.extend(_entry(org, rows, place, row) for place, row in waiting[: limit - len(found)])
        return found

    def claim(self, *, worker: str, limit: int, now: datetime, lease: timedelta) -> Sequence[OutboxEntry]:
        """Take entries to publish, those of one lead in order and without a gap from its head on."""
        taken: list[OutboxEntry] = []
        for org, rows in self._looking():
            goes: dict[str, bool] = {}
            for place, row in _in_order(rows):
                if len(taken) == limit:
                    return taken
                lead_id = place[0]
                if lead_id not in goes:
                    # The head of its lead: what is claimed is claimed by it.
                    claim = rows.claims.get(place)
                    goes[lead_id] = claim is None or claim.worker == worker or claim.until <= now
                if row.dead or (row.due_at is not None and row.due_at > now):
                    goes[lead_id] = False
                if goes[lead_id]:
                    rows.claims[place] = Claim(worker=worker, until=now + lease)
                    taken.append(_entry(org, rows, place, row))
        return taken

    def published(self, entries: Sequence[OutboxEntry]) -> None:
        """Note that events were published."""
        self._settle([(entry.org, entry.event) for entry in entries], lambda _rows, _place, _row: True, None)

    def failed(self, entry: OutboxEntry, *, error: str, retry_at: datetime | None) -> None:
        """Note a failed attempt and give the entry back."""

        def noted(row: Waiting) -> Waiting:
            return attrs.evolve(row, attempts=row.attempts + 1, due_at=retry_at, dead=retry_at is None, error=error)

        self._settle([(entry.org, entry.event)], _claimed_by(entry.claimed_by), noted)

    def release(self, entries: Sequence[OutboxEntry]) -> None:
        """Give entries back untried."""
        for org, rows in self._looking():
            for entry in entries:
                place = _place(entry.event)
                if entry.org == org and _holder(rows, place) == entry.claimed_by:
                    rows.claims.pop(place, None)

    def hasten(self) -> int:
        """Make every entry that waits for its next attempt due at once."""
        late = [
            (org, rows.events.rows[place])
            for org, rows in self._looking()
            for place, row in _in_order(rows)
            if row.due_at is not None
        ]
        return self._settle(
            late, lambda _rows, _place, row: row.due_at is not None, lambda row: attrs.evolve(row, due_at=None)
        )

    def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        """Answer dead letters, the oldest first."""
        return [
            DeadLetter(org=org, event=rows.events.rows[place], attempts=row.attempts, error=row.error or "")
            for org, rows in self._looking()
            for place, row in _in_order(rows)
            if row.dead
        ][:limit]

    def revive(self, letters: Sequence[DeadLetter]) -> int:
        """Let dead letters be tried again from the first attempt on."""
        return self._settle(
            [(letter.org, letter.event) for letter in letters],
            lambda _rows, _place, row: row.dead,
            lambda row: attrs.evolve(row, dead=False, attempts=0, error=None),
        )

    def drop(self, letters: Sequence[DeadLetter]) -> int:
        """Give dead letters up."""
        events = [(letter.org, letter.event) for letter in letters]
        return self._settle(events, lambda _rows, _place, row: row.dead, None)

    def counts(self) -> OutboxCounts:
        """Answer how full the outbox is."""
        longest = self.pending(1)
        states = [row.dead for _, rows in self._looking() for row in rows.outbox.rows.values()]
        return OutboxCounts(
            waiting=states.count(False), dead=states.count(True), oldest=longest[0].event.time if longest else None
        )

    def _settle(
        self,
        events: Sequence[tuple[str, Event]],
        meant: Callable[[Organisation, Place, Waiting], bool],
        change: Callable[[Waiting], Waiting] | None,
    ) -> int:
        """Change rows, or drop them, in one unit of work for each organisation; answer how many there were."""
        by_org: dict[str, list[Place]] = {}
        for org, event in events:
            by_org.setdefault(org, []).append(_place(event))
        count = 0
        for org, places in by_org.items():
            with self._store.unit_of_work(org) as work:
                settled = [place for place in places if _settled(work, place, meant, change)]
                work.commit()
                for place in settled:
                    work.rows.claims.pop(place, None)
            count += len(settled)
        return count


def _holder(rows: Organisation, place: Place) -> str | None:
    claim = rows.claims.get(place)
    return None if claim is None else claim.worker


def _entry(org: str, rows: Organisation, place: Place, row: Waiting) -> OutboxEntry:
    event = rows.events.rows[place]
    return OutboxEntry(org=org, event=event, attempts=row.attempts, claimed_by=_holder(rows, place))


def _claimed_by(worker: str | None) -> Callable[[Organisation, Place, Waiting], bool]:
    return lambda rows, place, _: _holder(rows, place) == worker


def _settled(
    work: MemoryUnitOfWork,
    place: Place,
    meant: Callable[[Organisation, Place, Waiting], bool],
    change: Callable[[Waiting], Waiting] | None,
) -> bool:
    row = work.rows.outbox.rows.get(place)
    if row is None or not meant(work.rows, place, row):
        return False
    work.enqueue(place, None if change is None else change(row))
    return True
