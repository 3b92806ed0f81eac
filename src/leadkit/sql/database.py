"""A database that was opened: its connections, its statements, and whose turn it is to write."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from leadkit.errors import StoreLocked, StoreUnavailable
from leadkit.sql.failures import is_gone, translated
from leadkit.sql.statements import Prepared, prepare
from leadkit.sql.transactions import Transaction
from leadkit.sql.types import is_sqlite

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlalchemy.sql import ClauseElement

__all__ = ["Database"]

# SQLAlchemy's pool keeps so many connections that nobody uses.
_KEPT_IDLE: Final = 5

_MOST_KEPT: Final = 200
"""How many forms of statements are kept compiled."""


@attrs.define(eq=False)
class Database:
    """The connections to one database.

    Attributes:
        connections: SQLAlchemy's pool of them, and the dialect.
        name: What people call it, without anything secret.
        patience: For how many seconds a transaction waits for its turn.
    """

    connections: Engine = attrs.field(repr=False)
    name: str
    patience: float
    is_sqlite: bool = attrs.field(init=False)
    driver_error: type[Exception] = attrs.field(init=False, repr=False)
    _prepared: dict[ClauseElement, Prepared] = attrs.field(factory=dict, init=False, repr=False)
    _kept: OrderedDict[Any, Prepared] = attrs.field(factory=OrderedDict, init=False, repr=False)
    # SQLite has one writer. Threads of one process queue here; left to SQLite they would sleep and look again.
    _turn: threading.Lock = attrs.field(factory=threading.Lock, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Look at the dialect once."""
        dialect = self.connections.dialect
        self.is_sqlite = is_sqlite(dialect)
        self.driver_error = dialect.loaded_dbapi.Error

    def transaction(self, org: str | None, *, read_only: bool = False) -> Transaction:
        """Answer a transaction, not yet begun.

        Args:
            org: The organisation that every statement names; None for what serves all of them.
            read_only: Whether nothing is to be written.
        """
        return Transaction(self, org, read_only=read_only)

    def prepared(self, statement: ClauseElement) -> Prepared:
        """Answer a statement as the driver takes it, compiled once.

        Args:
            statement: A constant of a module; for one that is made for a single call, use `compiled`.
        """
        found = self._prepared.get(statement)
        if found is None:
            found = self._prepared[statement] = self.compiled(statement)
        return found

    def compiled(self, statement: ClauseElement) -> Prepared:
        """Answer a statement as the driver takes it, and forget it.

        Args:
            statement: A select, insert, update or delete.
        """
        return prepare(statement, self.connections.dialect)

    def kept(self, key: Any, make: Callable[[], ClauseElement]) -> Prepared:
        """Answer a statement of which there are too many forms to be constants, compiled when it was last asked for.

        Args:
            key: Its form.
            make: Answers the statement.
        """
        found = self._kept.pop(key, None)
        if found is None:
            found = self.compiled(make())
        self._kept[key] = found
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found

    def begun(self, begin: str) -> tuple[Any, Any]:
        """Answer a connection on which a transaction has begun, and its cursor.

        A connection that died while nobody used it, as after a restart of the server, is replaced.

        Args:
            begin: The statement that begins it.

        Raises:
            StoreUnavailable: There is none to be had, or it cannot begin.
        """
        for left in reversed(range(_KEPT_IDLE + 1)):
            try:
                connection = self.connections.raw_connection()
            except NoConnectionFree:
                reason = f"{self.name}: every connection was in use for longer than was waited"
                raise StoreUnavailable(reason=reason) from None
            except self.driver_error as error:
                raise translated(error, name=self.name) from None
            try:
                cursor = connection.cursor()
                cursor.execute(begin)
            except self.driver_error as error:
                # Closed for good. The others that nobody uses may have died with it, and are met one by one; those that
                # are in use find out by themselves.
                connection.invalidate(error)
                if not left or not is_gone(error):
                    raise translated(error, name=self.name) from None
            else:
                return connection, cursor
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def take_turn(self) -> None:
        """Wait for this thread's turn to write.

        Raises:
            StoreLocked: It did not come in time.
        """
        if not self._turn.acquire(timeout=self.patience):
            raise StoreLocked(reason=f"{self.name}: others held it for longer than was waited")

    def give_turn(self) -> None:
        """Let the next thread write."""
        self._turn.release()

    def close(self) -> None:
        """Close every connection that is not in use."""
        self.connections.dispose()
