"""Messages that were dealt with, in SQL: in leadkit's own tables, and in those of a consumer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

import attrs
from sqlalchemy import Column, DateTime, Table, Text

from leadkit.sql.schema import inbox
from leadkit.sql.statements import InsertNew

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, MetaData

    from leadkit.sql.transactions import Transaction

__all__ = ["MessageInbox", "SqlInbox"]

_TAKE: Final = InsertNew(inbox)


@attrs.frozen
class SqlInbox:
    """What the consumers of one organisation have dealt with."""

    _work: Transaction

    def take(self, consumer: str, message_id: str, *, at: datetime) -> bool:
        """Note that a consumer deals with a message; answer whether it is new."""
        return self._work.change(_TAKE, {"consumer": consumer, "event_id": message_id, "at": at}) == 1


@attrs.frozen
class MessageInbox:
    """An inbox beside the tables of a consumer that has a database of its own, SQLite or PostgreSQL.

    Attributes:
        table: Where messages are noted; made by the consumer, with its own tables.
        consumer: Who deals with them.

    Example:
        >>> import sqlalchemy as sa
        >>> metadata = sa.MetaData()
        >>> inbox = MessageInbox.of(metadata, consumer="billing")
        >>> engine = sa.create_engine("sqlite://")
        >>> metadata.create_all(engine)
        >>> for _ in range(2):
        ...     with engine.begin() as connection:
        ...         inbox.once(connection, "evt_1", lambda connection: print("billed"))
        billed
        True
        False
        >>> engine.dispose()
    """

    table: Table
    consumer: str

    @classmethod
    def of(cls, metadata: MetaData, *, consumer: str, name: str = "leadkit_inbox") -> Self:
        """Declare the table.

        Args:
            metadata: Of the consumer's tables.
            consumer: Who deals with the messages; several may share the table.
            name: What the table is called.
        """
        table = metadata.tables.get(name)
        if table is None:
            table = Table(
                name,
                metadata,
                Column("consumer", Text, primary_key=True),
                Column("message_id", Text, primary_key=True),
                Column("at", DateTime(timezone=True), nullable=False),
            )
        return cls(table, consumer)

    def once(self, connection: Connection, message_id: str, handler: Callable[[Connection], object]) -> bool:
        """Carry out what a message asks for, in the transaction of the connection, if it is new.

        Commit afterwards: only then is the message noted, together with what the handler did. A connection that commits
        each statement by itself would note it too early.

        Args:
            connection: On which the handler works, within a transaction.
            message_id: The message's id, the same whenever the message comes again.
            handler: Does the work, on the connection; whatever it raises, roll back, and the message may come again.

        Returns:
            Whether it was new, and the handler was called.
        """
        row: dict[str, Any] = {"consumer": self.consumer, "message_id": message_id, "at": datetime.now(UTC)}
        note = InsertNew(self.table).values(row)
        # Without this option SQLAlchemy does not tell how many rows an insert wrote.
        if connection.execute(note, execution_options={"preserve_rowcount": True}).rowcount != 1:
            return False
        handler(connection)
        return True
