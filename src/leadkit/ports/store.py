"""The store as a whole: it opens units of work, each for one organisation, and holds the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

    from leadkit.ports.activities import ActivityStore
    from leadkit.ports.contacts import ContactGateway
    from leadkit.ports.events import EventLog
    from leadkit.ports.idempotency import IdempotencyStore
    from leadkit.ports.inbox import Inbox
    from leadkit.ports.jobs import JobStore
    from leadkit.ports.leads import LeadStore
    from leadkit.ports.outbox import Outbox
    from leadkit.ports.pipelines import PipelineStore
    from leadkit.ports.pointers import PointerStore
    from leadkit.ports.rules import RuleStore
    from leadkit.ports.settings import SettingsStore

__all__ = ["Store", "UnitOfWork"]


class UnitOfWork(Protocol):
    """Everything of one organisation, changed together or not at all.

    It begins on entering and ends on leaving; what was not committed by then is undone.
    """

    @property
    def leads(self) -> LeadStore:
        """The leads."""
        ...

    @property
    def pipelines(self) -> PipelineStore:
        """The pipelines."""
        ...

    @property
    def rules(self) -> RuleStore:
        """The scoring rules."""
        ...

    @property
    def activities(self) -> ActivityStore:
        """The activities and tasks."""
        ...

    @property
    def contacts(self) -> ContactGateway:
        """The contacts and opportunities that the store itself keeps."""
        ...

    @property
    def pointers(self) -> PointerStore:
        """Whose turn it is in each pool."""
        ...

    @property
    def idempotency(self) -> IdempotencyStore:
        """The requests that were carried out already."""
        ...

    @property
    def events(self) -> EventLog:
        """The events."""
        ...

    @property
    def inbox(self) -> Inbox:
        """The messages that were dealt with."""
        ...

    @property
    def jobs(self) -> JobStore:
        """The jobs."""
        ...

    @property
    def settings(self) -> SettingsStore:
        """The organisation's settings."""
        ...

    def commit(self) -> None:
        """Make everything permanent at once.

        Raises:
            ConcurrencyConflict: Somebody else wrote first.
            StoreUnavailable: It cannot be kept; nothing of it is.
        """
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo what was not committed."""
        ...


class Store(Protocol):
    """Where everything is kept."""

    def unit_of_work(self, org: str) -> UnitOfWork:
        """Answer a unit of work, not yet begun, that reaches one organisation and no other.

        Args:
            org: The organisation.
        """
        ...

    def reading(self, org: str) -> UnitOfWork:
        """Answer a unit of work, not yet begun, that only reads: it waits for nobody who writes, and lets them write.

        What it sees is of one moment. A store that has no such thing answers `unit_of_work(org)`; one that has refuses
        to write in it.

        Args:
            org: The organisation.
        """
        ...

    @property
    def outbox(self) -> Outbox:
        """The events that wait to be published."""
        ...

    def close(self) -> None:
        """Let go of files and connections; closing again does nothing."""
        ...
