"""leadkit opened for one organisation and one actor: every capability under its name."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import attrs

from leadkit.services.analytics import AnalyticsService
from leadkit.services.enrichment import LeadEnrichmentService
from leadkit.services.imports import ImportService
from leadkit.services.leads import LeadService
from leadkit.services.pipelines import PipelineService
from leadkit.services.prospecting import LeadProspectorService
from leadkit.services.routing import RoutingService
from leadkit.services.scoring import ScoringService
from leadkit.services.settings import SettingsService

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from leadkit.services.session import Session

__all__ = ["Workspace"]


@attrs.frozen
class Workspace:
    """One organisation and one actor.

    Each command is a unit of work of its own; `unit_of_work` joins several into one.
    """

    _session: Session

    @property
    def org(self) -> str:
        """The organisation."""
        return self._session.org

    @property
    def actor(self) -> str:
        """Who asks."""
        return self._session.actor

    @property
    def leads(self) -> LeadService:
        """Leads: capture, read, change, the lifecycle, the timeline, conversion."""
        return LeadService(self._session)

    @property
    def pipelines(self) -> PipelineService:
        """Pipelines and stages."""
        return PipelineService(self._session)

    @property
    def scoring(self) -> ScoringService:
        """Rules and scores."""
        return ScoringService(self._session)

    @property
    def routing(self) -> RoutingService:
        """Who gets which lead."""
        return RoutingService(self._session)

    @property
    def enrichment(self) -> LeadEnrichmentService:
        """What providers know about leads."""
        return LeadEnrichmentService(self._session)

    @property
    def prospecting(self) -> LeadProspectorService:
        """People that could become leads."""
        return LeadProspectorService(self._session)

    @property
    def imports(self) -> ImportService:
        """Leads from files and lists."""
        return ImportService(self._session)

    @property
    def analytics(self) -> AnalyticsService:
        """Figures."""
        return AnalyticsService(self._session)

    @property
    def settings(self) -> SettingsService:
        """What the organisation decided for itself."""
        return SettingsService(self._session)

    @contextlib.contextmanager
    def unit_of_work(self) -> Generator[Workspace]:
        """Join several commands into one unit of work: all of them are kept, or none.

        Yields:
            A workspace whose commands belong to the unit of work. Events go out after it.

        Example:
            >>> import leadkit as lk
            >>> ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
            >>> with ws.unit_of_work() as work:
            ...     lead = work.leads.create(email="alice@example.com")
            ...     lead = work.leads.qualify(lead.id, reason="good-fit")
            >>> ws.leads.get(lead.id).status.value
            'qualified'
        """
        with self._session.transaction() as work:
            yield Workspace(attrs.evolve(self._session, bound=work, key=None))

    def once(self, message_id: str, handler: Callable[[Workspace], object], *, consumer: str = "leadkit") -> bool:
        """Carry out what a message asks for, at most once, however often the message comes.

        The message is noted in the unit of work in which the handler works: both are kept, or neither.

        Args:
            message_id: The message's id, the same whenever the message comes again.
            handler: Does the work, on the workspace that it is given; when it raises, nothing is kept.
            consumer: Who deals with it; the same message is another for another consumer.

        Returns:
            Whether it was new, and the handler was called.

        Example:
            >>> import leadkit as lk
            >>> ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="form-consumer")
            >>> def take_up(work):
            ...     work.leads.create(email="alice@example.com")
            >>> ws.once("msg_1", take_up), ws.once("msg_1", take_up)
            (True, False)
        """
        with self._session.transaction() as work:
            if not work.inbox.take(consumer, message_id, at=self._session.now):
                return False
            handler(Workspace(attrs.evolve(self._session, bound=work, key=None)))
            return True

    def keyed(self, key: str) -> Workspace:
        """Answer a workspace whose one command is carried out at most once, however often it is asked for.

        Args:
            key: The idempotency key, unique for the request.

        Example:
            >>> import leadkit as lk
            >>> ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
            >>> first = ws.keyed("form-4711").leads.create(email="alice@example.com")
            >>> ws.keyed("form-4711").leads.create(email="alice@example.com").id == first.id
            True
        """
        return Workspace(attrs.evolve(self._session, key=key))
