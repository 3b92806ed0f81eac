"""A transaction: everything that one unit of work does, in one organisation, on one connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leadkit.errors import OutcomeUnknown, StoreReadOnly, StoreUnavailable
from leadkit.sql.failures import is_gone, translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.sql import ClauseElement

    from leadkit.sql.database import Database
    from leadkit.sql.statements import Prepared

__all__ = ["Transaction"]

# Where a statement touches the rows of one organisation, this is the parameter that says which.
_ORG: Final = "org"

_BEGIN: Final = {
    # The write lock at once: a transaction that has read cannot wait for it any more.
    (True, False): "BEGIN IMMEDIATE",
    (True, True): "BEGIN DEFERRED",
    # Said in full, so that no setting of the server changes what leadkit relies on.
    (False, False): "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    (False, True): "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


class Transaction:
    """One transaction.

    It begins with its first statement. After a commit the next statement begins another one.

    Attributes:
        org: The organisation, which every statement names; None for what serves all of them, such as the relay.
        read_only: Whether nothing is to be written.
    """

    def __init__(self, database: Database, org: str | None, *, read_only: bool = False) -> None:
        """Prepare; nothing is asked of the database until the first statement."""
        self.database = database
        self.org = org
        self.read_only = read_only
        self._connection: Any = None
        self._cursor: Any = None
        self._has_turn = False
        self._failed = False

    @property
    def locks_rows(self) -> bool:
        """Whether rows are to be locked as they are read: not where there is one writer at a time anyway."""
        return not (self.database.is_sqlite or self.read_only)

    def rows(self, statement: ClauseElement, **values: Any) -> list[tuple[Any, ...]]:
        """Answer the rows of a select that is there for good.

        Args:
            statement: A constant of a module.
            values: Its parameters, without the organisation.
        """
        return self.found(self.database.prepared(statement), values)

    def row(self, statement: ClauseElement, **values: Any) -> tuple[Any, ...] | None:
        """Answer the one row of a select, or None."""
        rows = self.rows(statement, **values)
        return rows[0] if rows else None

    def value(self, statement: ClauseElement, **values: Any) -> Any:
        """Answer the first value of the one row of a select, or None."""
        rows = self.rows(statement, **values)
        return rows[0][0] if rows else None

    def records(self, statement: ClauseElement, **values: Any) -> list[dict[str, Any]]:
        """Answer the rows of a select, each by the names of its columns."""
        prepared = self.database.prepared(statement)
        return [dict(zip(prepared.columns, row, strict=True)) for row in self.found(prepared, values)]

    def found(self, prepared: Prepared, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Answer the rows of a select that was prepared."""
        cursor = self._execute(prepared, prepared.parameters(self._complete(values)))
        return prepared.read(self._fetched(cursor))

    def change(self, statement: ClauseElement, values: Mapping[str, Any]) -> int:
        """Carry out an insert, update or delete.

        Args:
            statement: A constant of a module.
            values: Its parameters, without the organisation.

        Returns:
            How many rows it changed.
        """
        prepared = self.database.prepared(statement)
        cursor = self._execute(prepared, prepared.parameters(self._complete(values)), writes=True)
        return int(cursor.rowcount)

    def change_many(self, statement: ClauseElement, values: Iterable[Mapping[str, Any]]) -> int:
        """Carry out an insert, update or delete for each of many.

        Returns:
            How many rows it changed altogether.
        """
        prepared = self.database.prepared(statement)
        parameters = prepared.parameters_of(values, {_ORG: self.org})
        if not parameters:
            return 0
        cursor = self._execute(prepared, parameters, writes=True, many=True)
        return int(cursor.rowcount)

    def change_rows(self, statement: ClauseElement, order: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> int:
        """Carry out an insert, update or delete for each of many rows, the quickest way.

        Args:
            statement: A constant of a module.
            order: The names of the values of each row, without the organisation.
            rows: The values of each row.

        Returns:
            How many rows it changed altogether.
        """
        if not rows:
            return 0
        prepared = self.database.prepared(statement)
        parameters = prepared.parameters_in(order, rows, {_ORG: self.org})
        cursor = self._execute(prepared, parameters, writes=True, many=True)
        return int(cursor.rowcount)

    def all_changed(self, statement: ClauseElement, values: Sequence[Mapping[str, Any]]) -> bool:
        """Carry out an insert or update for each of many, each of which is to change one row, or for none.

        Args:
            statement: A constant of a module.
            values: The parameters of each.

        Returns:
            Whether every one of them changed its row; where not, they were all undone.
        """
        order = tuple(values[0]) if values else ()
        return self.all_rows_changed([(statement, order, [tuple(each.values()) for each in values])])

    def all_rows_changed(self, work: Sequence[tuple[ClauseElement, Sequence[str], Sequence[tuple[Any, ...]]]]) -> bool:
        """Carry out several inserts or updates, each row of which is to change one row, or none of them.

        Args:
            work: For each a constant of a module, the names of the values of its rows, and the rows.

        Returns:
            Whether every one of them changed its row; where not, they were all undone.
        """
        self._say("SAVEPOINT together")
        for statement, order, rows in work:
            if self.change_rows(statement, order, rows) != len(rows):
                self._say("ROLLBACK TO SAVEPOINT together")
                return False
        self._say("RELEASE SAVEPOINT together")
        return True

    def _say(self, command: str) -> None:
        cursor = self._cursor or self._begin()
        try:
            cursor.execute(command)
        except self.database.driver_error as error:
            raise self._failure(error) from None

    def _complete(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**values, _ORG: self.org}

    def _execute(self, prepared: Prepared, parameters: Any, *, writes: bool = False, many: bool = False) -> Any:
        if self.org is not None and _ORG not in prepared.names:
            message = f"a statement names no organisation: {prepared.text}"
            raise AssertionError(message)
        if writes and self.read_only:
            raise StoreReadOnly(reason="this unit of work was opened for reading")
        cursor = self._cursor or self._begin()
        try:
            (cursor.executemany if many else cursor.execute)(prepared.text, parameters)
        except self.database.driver_error as error:
            raise self._failure(error) from None
        return cursor

    def _fetched(self, cursor: Any) -> Sequence[Any]:
        try:
            rows: Sequence[Any] = cursor.fetchall()
        except self.database.driver_error as error:
            raise self._failure(error) from None
        return rows

    def _begin(self) -> Any:
        if self._failed:
            raise StoreUnavailable(reason="this unit of work has failed; begin another one")
        database = self.database
        if database.is_sqlite and not self.read_only and not self._has_turn:
            database.take_turn()
            self._has_turn = True
        begin = _BEGIN[database.is_sqlite, self.read_only]
        self._connection, self._cursor = database.begun(begin)
        return self._cursor

    def _failure(self, error: BaseException) -> StoreUnavailable:
        self._failed = True
        if is_gone(error):
            self._drop(error)
        return translated(error, name=self.database.name)

    def commit(self) -> None:
        """Make everything permanent.

        Raises:
            OutcomeUnknown: The connection was lost on the way.
            StoreUnavailable: It cannot be kept; nothing of it is.
        """
        if self._failed:
            raise StoreUnavailable(reason="this unit of work has failed; nothing of it is kept")
        if self._cursor is None:
            return
        try:
            self._cursor.execute("COMMIT")
        except self.database.driver_error as error:
            if is_gone(error):
                self._failed = True
                self._drop(error)
                reason = f"since the connection to {self.database.name} was lost on the way"
                raise OutcomeUnknown(reason=reason) from None
            raise self._failure(error) from None
        self._release()

    def end(self) -> None:
        """Undo what was not committed, and give the connection back."""
        try:
            if self._cursor is not None:
                try:
                    self._cursor.execute("ROLLBACK")
                except self.database.driver_error as error:
                    # SQLite has rolled back by itself where a statement failed badly; nothing else is left to do.
                    self._drop(error)
                else:
                    self._release()
        finally:
            if self._has_turn:
                self._has_turn = False
                self.database.give_turn()

    def _release(self) -> None:
        connection, self._connection, self._cursor = self._connection, None, None
        connection.close()

    def _drop(self, error: BaseException) -> None:
        connection, self._connection, self._cursor = self._connection, None, None
        if connection is not None:
            connection.invalidate(error)
