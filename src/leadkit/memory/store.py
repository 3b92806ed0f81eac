"""The in-memory store: the reference implementation of every store port, safe under threads.

A unit of work holds its organisation's lock from beginning to end, so that units of one organisation follow each other
and those of several run side by side. It writes in place and remembers what was there; leaving without a commit puts
everything back.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

import attrs

from leadkit.errors import StoreUnavailable
from leadkit.memory.activities import MemoryActivities
from leadkit.memory.contacts import MemoryContacts
from leadkit.memory.events import MemoryEvents
from leadkit.memory.idempotency import MemoryIdempotency
from leadkit.memory.inbox import MemoryInbox
from leadkit.memory.jobs import MemoryJobs
from leadkit.memory.leads import MemoryLeads
from leadkit.memory.organisation import Organisation, Writer
from leadkit.memory.outbox import MemoryOutbox
from leadkit.memory.pipelines import MemoryPipelines
from leadkit.memory.pointers import MemoryPointers
from leadkit.memory.rules import MemoryRules
from leadkit.memory.settings import MemorySettings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from leadkit.memory.organisation import Place, Waiting

__all__ = ["MemoryStore", "MemoryUnitOfWork"]


@attrs.define(eq=False)
class MemoryStore:
    """Everything in dictionaries, gone with the process.

    Example:
        >>> from leadkit.leads import OrganisationSettings
        >>> store = MemoryStore()
        >>> with store.unit_of_work("acme") as work:
        ...     work.settings.put(OrganisationSettings(time_zone="Europe/Berlin"))
        ...     work.commit()
        >>> with store.unit_of_work("acme") as work:
        ...     print(work.settings.get().time_zone)
        Europe/Berlin
    """

    _organisations: dict[str, Organisation] = attrs.field(factory=dict, repr=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, repr=False)

    def unit_of_work(self, org: str) -> MemoryUnitOfWork:
        """Answer a unit of work that reaches one organisation and no other."""
        return MemoryUnitOfWork(org, self.organisation(org))

    def reading(self, org: str) -> MemoryUnitOfWork:
        """Answer the same: units of one organisation follow each other, whatever they do."""
        return self.unit_of_work(org)

    @property
    def outbox(self) -> MemoryOutbox:
        """The events that wait to be published."""
        return MemoryOutbox(self)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def organisation(self, org: str) -> Organisation:
        """Answer the rows of an organisation, empty ones at first."""
        with self._lock:
            return self._organisations.setdefault(org, Organisation())

    def organisations(self) -> Iterable[tuple[str, Organisation]]:
        """Answer the rows of all organisations."""
        with self._lock:
            return tuple(self._organisations.items())


class MemoryUnitOfWork:
    """Everything of one organisation, changed together or not at all."""

    def __init__(self, org: str, rows: Organisation) -> None:
        """Prepare; nothing is locked until it is entered."""
        self._org = org
        self._rows = rows
        self._writer = Writer()
        self.leads = MemoryLeads(rows, self._writer)
        self.pipelines = MemoryPipelines(rows, self._writer)
        self.rules = MemoryRules(rows, self._writer)
        self.activities = MemoryActivities(rows, self._writer)
        self.contacts = MemoryContacts(rows, self._writer)
        self.pointers = MemoryPointers(rows, self._writer)
        self.idempotency = MemoryIdempotency(rows, self._writer)
        self.events = MemoryEvents(rows, self._writer)
        self.inbox = MemoryInbox(rows, self._writer)
        self.jobs = MemoryJobs(rows, self._writer)
        self.settings = MemorySettings(rows, self._writer)

    @property
    def rows(self) -> Organisation:
        """The rows themselves, for the outbox."""
        return self._rows

    def enqueue(self, place: Place, row: Waiting | None) -> None:
        """Change what waits in the outbox; None takes it out."""
        if row is None:
            self._writer.drop(self._rows.outbox, place)
        else:
            self._writer.set(self._rows.outbox, place, row)

    def commit(self) -> None:
        """Make everything permanent at once."""
        self._writer.changes.clear()

    def __enter__(self) -> Self:
        """Take the organisation's lock."""
        self._rows.lock.acquire()
        if self._rows.busy:
            # The same thread came again: two units of work would undo each other's changes.
            self._rows.lock.release()
            reason = f"a unit of work of organisation {self._org!r} is open in this thread already; work within it"
            raise StoreUnavailable(reason=reason)
        self._rows.busy = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo what was not committed, and let the next one begin."""
        try:
            self._writer.undo()
        finally:
            self._rows.busy = False
            self._rows.lock.release()
