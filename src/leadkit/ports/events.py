"""What happened: the log that is written with the state, and the publisher behind the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from leadkit.leads import Event

__all__ = ["EventLog", "EventPublisher"]


class EventLog(Protocol):
    """The events of one organisation, written in the same unit of work as the state that they describe."""

    def append(self, events: Sequence[Event]) -> None:
        """Keep events, for the history and for publishing.

        Raises:
            AlreadyExists: An event with that lead and sequence is kept already.
        """
        ...

    def of_leads(self, lead_ids: Collection[str]) -> Mapping[str, Sequence[Event]]:
        """Answer the events of each of these leads in order; every one of the leads is in the answer."""
        ...

    def scan(self, *, after: str | None, limit: int) -> Mapping[str, Sequence[Event]]:
        """Answer the whole histories of the next leads in the order of their ids, deleted leads too.

        Args:
            after: The last lead id of the chunk before; None for the first chunk.
            limit: How many leads at the most.
        """
        ...

    def replace(self, events: Sequence[Event]) -> None:
        """Keep events anew under their lead and sequence, freed of personal values; they are not published again.

        Raises:
            NotFound: One of them is not kept.
        """
        ...


class EventPublisher(Protocol):
    """Where events go after the unit of work that wrote them.

    One that gathers events before they are safe also has a method `flush`: what `publish` took counts as published
    only once `flush` has answered.
    """

    def publish(self, org: str, event: Event) -> None:
        """Hand an event on. It may come again, always with the same id, and in order for each lead.

        Raises:
            DestinationGone: Nothing is to be handed on any more; this event and all others wait untried.
            Exception: Any other; the event then waits and comes again, and after its last attempt is a dead letter.
        """
        ...
