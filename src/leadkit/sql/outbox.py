"""The events that wait to be published, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import BigInteger, and_, bindparam, delete, insert, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from leadkit.leads import Event
from leadkit.ports import OutboxEntry
from leadkit.sql.schema import events, outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.sql.compiler import SQLCompiler

    from leadkit.sql.database import Database
    from leadkit.sql.transactions import Transaction

__all__ = ["SqlOutbox", "wait_to_be_published"]


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
_EVENT: Final = ("lead_id", "sequence", "type", "time", "actor", "data")
_PENDING: Final = (
    select(outbox.c.org, *(events.c[name] for name in _EVENT))
    .join(
        events,
        and_(
            events.c.org == outbox.c.org,
            events.c.lead_id == outbox.c.lead_id,
            events.c.sequence == outbox.c.sequence,
        ),
    )
    .where(outbox.c.state == "pending")
    .order_by(outbox.c.position)
    .limit(bindparam("limit"))
)
_PUBLISHED: Final = delete(outbox).where(
    outbox.c.org == bindparam("of_org"),
    outbox.c.lead_id == bindparam("lead_id"),
    outbox.c.sequence == bindparam("sequence"),
)


def wait_to_be_published(work: Transaction, events: Sequence[Event]) -> None:
    """Put events into the outbox, in the unit of work that keeps them.

    Args:
        work: The unit of work.
        events: The events, in order for each lead.
    """
    work.change_many(_ENQUEUE, [{"lead_id": event.lead_id, "sequence": event.sequence} for event in events])


@attrs.frozen
class SqlOutbox:
    """The events of all organisations that wait to be published."""

    _database: Database

    def pending(self, limit: int) -> Sequence[OutboxEntry]:
        """Answer events that wait, those of one lead in order."""
        work = self._database.transaction(None, read_only=True)
        try:
            return [
                OutboxEntry(org=record.pop("org"), event=Event(**record))
                for record in work.records(_PENDING, limit=limit)
            ]
        finally:
            work.end()

    def published(self, entries: Sequence[OutboxEntry]) -> None:
        """Note that events were published."""
        work = self._database.transaction(None)
        try:
            work.change_many(
                _PUBLISHED,
                [
                    {"of_org": entry.org, "lead_id": entry.event.lead_id, "sequence": entry.event.sequence}
                    for entry in entries
                ],
            )
            work.commit()
        finally:
            work.end()
