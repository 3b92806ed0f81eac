"""The SQL store: units of work on one database, each of them one transaction."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

import attrs

from leadkit.errors import StoreUnavailable
from leadkit.sql.activities import SqlActivities
from leadkit.sql.contacts import SqlContacts
from leadkit.sql.events import SqlEvents
from leadkit.sql.idempotency import SqlIdempotency
from leadkit.sql.inbox import SqlInbox
from leadkit.sql.jobs import SqlJobs
from leadkit.sql.leads import SqlLeads
from leadkit.sql.opening import opened
from leadkit.sql.outbox import SqlOutbox
from leadkit.sql.pipelines import SqlPipelines
from leadkit.sql.pointers import SqlPointers
from leadkit.sql.rules import SqlRules
from leadkit.sql.settings import SqlSettings
from leadkit.sql.upgrading import ready

if TYPE_CHECKING:
    from types import TracebackType

    from leadkit.sql.database import Database
    from leadkit.sql.transactions import Transaction

__all__ = ["SqlStore", "SqlUnitOfWork"]


@attrs.define(eq=False)
class SqlStore:
    """Everything in one database, SQLite or PostgreSQL.

    Attributes:
        database: The connections.
    """

    database: Database
    # The organisations of which each thread has a unit of work open.
    _here: threading.local = attrs.field(factory=threading.local, init=False, repr=False)

    @classmethod
    def open(cls, address: str, *, upgrade: bool = True) -> Self:
        """Open a store by its address.

        Args:
            address: Such as `sqlite:///leads.db` or `postgresql://user@host/name`.
            upgrade: Whether an empty or older database is upgraded; where not, it is refused.

        Raises:
            InvalidInput: The address is of no known kind.
            StoreUnavailable: The database cannot be reached, or not be used.
        """
        database = opened(address)
        try:
            ready(database, upgrade=upgrade)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def unit_of_work(self, org: str) -> SqlUnitOfWork:
        """Answer a unit of work that reaches one organisation and no other."""
        return SqlUnitOfWork(self, self.database.transaction(org), org)

    def reading(self, org: str) -> SqlUnitOfWork:
        """Answer a unit of work that only reads, all of it as of one moment, beside whoever writes."""
        return SqlUnitOfWork(self, self.database.transaction(org, read_only=True), org)

    @property
    def outbox(self) -> SqlOutbox:
        """The events that wait to be published."""
        return SqlOutbox(self.database)

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    def enter(self, org: str) -> None:
        """Note that this thread has a unit of work open that may write.

        Raises:
            StoreUnavailable: It has one open that this one would wait for, for ever.
        """
        open_: set[str] = self._here.__dict__.setdefault("open", set())
        # SQLite has one writer; PostgreSQL locks rows, which belong to an organisation.
        if org in open_ or (open_ and self.database.is_sqlite):
            reason = "a unit of work is open in this thread already, and this one would wait for it; work within it"
            raise StoreUnavailable(reason=reason)
        open_.add(org)

    def leave(self, org: str) -> None:
        """Note that this thread's unit of work has ended."""
        self._here.__dict__["open"].discard(org)


class SqlUnitOfWork:
    """Everything of one organisation, changed together or not at all."""

    def __init__(self, store: SqlStore, transaction: Transaction, org: str) -> None:
        """Prepare; nothing is asked of the database until something is read or written."""
        self._store = store
        self._transaction = transaction
        self._org = org
        self.leads = SqlLeads(transaction)
        self.pipelines = SqlPipelines(transaction)
        self.rules = SqlRules(transaction)
        self.activities = SqlActivities(transaction)
        self.contacts = SqlContacts(transaction)
        self.pointers = SqlPointers(transaction)
        self.idempotency = SqlIdempotency(transaction)
        self.events = SqlEvents(transaction)
        self.inbox = SqlInbox(transaction)
        self.jobs = SqlJobs(transaction)
        self.settings = SqlSettings(transaction)

    def commit(self) -> None:
        """Make everything permanent at once."""
        self._transaction.commit()

    def __enter__(self) -> Self:
        """Begin."""
        if not self._transaction.read_only:
            self._store.enter(self._org)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo what was not committed."""
        try:
            self._transaction.end()
        finally:
            if not self._transaction.read_only:
                self._store.leave(self._org)
