"""The outbox: events that were kept and wait to be published, claimed by whoever publishes them.

An entry is `pending` until it was published, and is then gone; after its last attempt it is a dead letter. What may go
next is decided for each lead by its **head**, the oldest entry that it has in the outbox: while the head is claimed by
somebody else, is not due yet, or is dead, nothing of that lead goes. That is what keeps the events of a lead in order
with any number of relays, however many of them are killed: a later event can never overtake an earlier one.

A dead letter therefore holds back the later events of its lead, and only those, until an operator lets it be tried
again (`revive`) or gives it up (`drop`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from leadkit.leads import Event

__all__ = ["DeadLetter", "Outbox", "OutboxCounts", "OutboxEntry"]


@attrs.frozen(kw_only=True)
class OutboxEntry:
    """An event that waits to be published.

    Attributes:
        org: The organisation.
        event: The event.
        attempts: How many times it was tried in vain.
        claimed_by: The worker that publishes it now; None for nobody.
    """

    org: str
    event: Event
    attempts: int = 0
    claimed_by: str | None = None


@attrs.frozen(kw_only=True)
class DeadLetter:
    """An event that was tried in vain too often.

    Attributes:
        org: The organisation.
        event: The event.
        attempts: How many times it was tried.
        error: How the last attempt failed, without anything of the event.
    """

    org: str
    event: Event
    attempts: int
    error: str


@attrs.frozen(kw_only=True)
class OutboxCounts:
    """How full the outbox is: what a monitor looks at.

    Attributes:
        waiting: Entries that are not published and not dead, claimed ones and those behind a dead letter among them.
        dead: Dead letters.
        oldest: When that happened which waits longest; None when nothing waits.
    """

    waiting: int
    dead: int
    oldest: datetime | None


class Outbox(Protocol):
    """The events of all organisations that wait to be published.

    Each method is a transaction of its own.
    """

    def pending(self, limit: int) -> Sequence[OutboxEntry]:
        """Answer entries that are not dead, the oldest first, whoever has claimed them; claims nothing."""
        ...

    def claim(self, *, worker: str, limit: int, now: datetime, lease: timedelta) -> Sequence[OutboxEntry]:
        """Take entries to publish, those of one lead in order and without a gap from its head on.

        Of a lead whose head is dead, not due by `now`, or claimed by another worker whose lease has not run out,
        nothing is taken. What the same worker claimed before and did not settle is taken again: a worker has one
        batch at a time.

        Args:
            worker: Who publishes; no two that run at once may have the same name.
            limit: How many entries at the most.
            now: The present.
            lease: For how long nobody else may take them; whoever is killed leaves them to others after it.
        """
        ...

    def published(self, entries: Sequence[OutboxEntry]) -> None:
        """Note that events were published, whoever has claimed them by now; one that is unknown is passed over."""
        ...

    def failed(self, entry: OutboxEntry, *, error: str, retry_at: datetime | None) -> None:
        """Note a failed attempt and give the entry back; passed over when somebody else has claimed it by now.

        Args:
            entry: As it was claimed.
            error: What went wrong, without anything of the event.
            retry_at: When it is due again; None makes it a dead letter.
        """
        ...

    def release(self, entries: Sequence[OutboxEntry]) -> None:
        """Give entries back untried; those that somebody else has claimed by now are passed over."""
        ...

    def hasten(self) -> int:
        """Make every entry that waits for its next attempt due at once; answer how many did."""
        ...

    def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        """Answer dead letters, the oldest first."""
        ...

    def revive(self, letters: Sequence[DeadLetter]) -> int:
        """Let dead letters be tried again from the first attempt on; answer how many were dead."""
        ...

    def drop(self, letters: Sequence[DeadLetter]) -> int:
        """Give dead letters up, so that the later events of their leads go on; answer how many were dead.

        The events stay in the history; they are never published.
        """
        ...

    def counts(self) -> OutboxCounts:
        """Answer how full the outbox is."""
        ...
