"""What every service works with: the wired ports, one organisation, one actor, and the unit of work.

`Session.command` is the life of every command: begin, look whether its key was used, decide and keep, commit, and only
then hand the events on.
"""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Final, TypeVar

import attrs
from pydantic_core import to_jsonable_python

from leadkit.activities import Activity
from leadkit.conversion import DEFAULT_MAPPING
from leadkit.errors import ConcurrencyConflict, IdempotencyMismatch, NotFound
from leadkit.leads import Context, commands, decide
from leadkit.ports import KeyedRequest
from leadkit.services.agenda import Agendas
from leadkit.services.relay import Relay
from leadkit.services.retrying import RetrySchedule
from leadkit.values import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from datetime import datetime

    from leadkit.conversion import ContactMapping
    from leadkit.leads import Decision, Lead
    from leadkit.pipelines import Pipeline
    from leadkit.ports import (
        Clock,
        ContactGateway,
        Directory,
        EnrichmentProvider,
        EventPublisher,
        IdGenerator,
        JobRunner,
        ProspectingProvider,
        RelatedRecords,
        Store,
        UnitOfWork,
    )
    from leadkit.routing import Choose, Strategy

__all__ = ["Session", "Wiring"]

_LOG: Final = logging.getLogger("leadkit")

T = TypeVar("T")


def _relay_of(wiring: Wiring) -> Relay:
    return Relay(store=wiring.store, publisher=wiring.publisher, clock=wiring.clock, schedule=wiring.retries)


@attrs.frozen(kw_only=True)
class Wiring:
    """The ports of one kit, chosen once, in one place.

    Those that belong to an organisation are functions of its id, so that no call can forget the tenant.

    Attributes:
        store: Where everything is kept.
        clock: Where the present comes from.
        ids: Where new ids come from.
        directory: Who can own leads; None when the host names owners itself.
        contacts: Where contacts live; None for the store's own.
        related: Records beside the lead that rules look at.
        enrichment: The enrichment providers, in the order in which they are asked.
        prospecting: The prospecting providers.
        publisher: Where events go after commit; None leaves them in the outbox.
        jobs: What runs work outside of the call; None runs it when the host asks.
        strategies: The host's own assignment strategies, by name: the function that chooses, or a whole row.
        contact_mapping: Which field of a lead becomes which field of a contact.
        retries: When an event that the publisher refused is tried again.
        relay: Hands events on.
        agendas: What open units of work want done besides themselves.
    """

    store: Store
    clock: Clock
    ids: IdGenerator
    directory: Callable[[str], Directory] | None = None
    contacts: Callable[[str], ContactGateway] | None = None
    related: Callable[[str], RelatedRecords] | None = None
    enrichment: tuple[EnrichmentProvider, ...] = ()
    prospecting: tuple[ProspectingProvider, ...] = ()
    publisher: EventPublisher | None = None
    jobs: JobRunner | None = None
    strategies: Mapping[str, Choose | Strategy] = attrs.field(factory=dict[str, "Choose | Strategy"])
    contact_mapping: ContactMapping = DEFAULT_MAPPING
    retries: RetrySchedule = attrs.field(factory=RetrySchedule)
    relay: Relay = attrs.field(default=attrs.Factory(_relay_of, takes_self=True), init=False, repr=False)
    agendas: Agendas = attrs.field(factory=Agendas, init=False, repr=False)


@attrs.frozen(kw_only=True)
class Session:
    """One organisation and one actor, at work.

    Attributes:
        wiring: The ports.
        org: The organisation.
        actor: Who asks.
        bound: The unit of work that the session is part of; None when each command has its own.
        key: The idempotency key of the command; None for none.
    """

    wiring: Wiring
    org: str
    actor: str
    bound: UnitOfWork | None = None
    key: str | None = None

    @property
    def now(self) -> datetime:
        """The present."""
        return self.wiring.clock.now()

    @contextlib.contextmanager
    def transaction(self) -> Generator[UnitOfWork]:
        """Open a unit of work, or join the one that the session is part of; commit at the end of the outermost."""
        if self.bound is not None:
            yield self.bound
            return
        agendas = self.wiring.agendas
        with self.wiring.store.unit_of_work(self.org) as work:
            try:
                yield work
                agendas.of(work).close()
                work.commit()
            finally:
                agenda = agendas.end(work)
        self._deliver()
        agenda.carry_on()

    @contextlib.contextmanager
    def reading(self) -> Generator[UnitOfWork]:
        """Open a unit of work that only reads, or join the one that the session is part of."""
        if self.bound is not None:
            yield self.bound
            return
        with self.wiring.store.reading(self.org) as work:
            yield work

    def _deliver(self) -> None:
        # The command is done and kept: that its events wait a little longer is no failure of it.
        relay = self.wiring.relay
        if relay.is_started:
            relay.wake()
            return
        try:
            relay.run_once()
        except Exception as error:  # noqa: BLE001 - any port may fail here, and none may undo what was kept
            _LOG.warning("the outbox was not delivered: %s", type(error).__name__)

    def command(
        self,
        name: str,
        arguments: Mapping[str, object],
        body: Callable[[UnitOfWork], T],
        *,
        result: Callable[[T], dict[str, str]],
        again: Callable[[UnitOfWork, dict[str, str]], T],
    ) -> T:
        """Carry a command out, at most once under the session's key.

        Args:
            name: The command.
            arguments: What it was asked with; only a fingerprint of it is kept.
            body: Decides and keeps.
            result: Names the ids of what came of it.
            again: Answers the same from those ids when the key comes again.

        Raises:
            IdempotencyMismatch: The key was used for another request.
        """
        with self.transaction() as work:
            if self.key is None:
                return body(work)
            asked = fingerprint(to_jsonable_python({"command": name, "arguments": dict(arguments)}))
            seen = work.idempotency.get(self.key)
            if seen is not None:
                if seen.fingerprint != asked:
                    raise IdempotencyMismatch(key=self.key)
                return again(work, seen.result)
            done = body(work)
            work.idempotency.add(KeyedRequest(key=self.key, fingerprint=asked, result=result(done), at=self.now))
            return done

    def context(self) -> Context:
        """Answer what a decision depends on: the present and the actor; only converting asks for a policy too."""
        return Context(now=self.now, actor=self.actor)

    def context_of_conversion(self, work: UnitOfWork) -> Context:
        """Answer what the decision to convert depends on: the present, the actor and the organisation's policy."""
        return Context(now=self.now, actor=self.actor, conversion=work.settings.get().conversion)

    def contacts(self, work: UnitOfWork) -> ContactGateway:
        """Answer the host's contact gateway, or the store's own within the unit of work."""
        return work.contacts if self.wiring.contacts is None else self.wiring.contacts(self.org)

    def lead(self, work: UnitOfWork, lead_id: str, *, deleted: bool = False) -> Lead:
        """Load a lead.

        Args:
            work: The unit of work.
            lead_id: Which lead.
            deleted: Whether a deleted one will do.

        Raises:
            NotFound: There is none.
        """
        lead = work.leads.get(lead_id)
        if lead is None or (lead.deleted_at is not None and not deleted):
            raise NotFound(kind="lead", id=lead_id)
        return lead

    def pipeline(self, work: UnitOfWork, pipeline_id: str) -> Pipeline:
        """Load a pipeline.

        Raises:
            NotFound: There is none.
        """
        pipeline = work.pipelines.get(pipeline_id)
        if pipeline is None:
            known = tuple(pipeline.id for pipeline in work.pipelines.list())
            raise NotFound(kind="pipeline", id=pipeline_id, known=known)
        return pipeline

    def expect(self, lead: Lead, version: int | None) -> None:
        """Refuse when the caller has seen another version of a lead.

        Args:
            lead: The lead as it is.
            version: The version that the caller has seen; None for whichever there is.

        Raises:
            ConcurrencyConflict: It is another one.
        """
        if version is not None and version != lead.version:
            raise ConcurrencyConflict(kind="lead", id=lead.id, expected=version, found=lead.version)

    def keep(self, work: UnitOfWork, before: Lead, decision: Decision) -> Lead:
        """Keep what was decided: the lead, its events and its notes; a no-op keeps nothing.

        Args:
            work: The unit of work.
            before: The lead as it was read.
            decision: What was decided for it.
        """
        if decision.changed:
            work.leads.save(decision.lead, expected=before.version)
            work.events.append(decision.events)
            if (note := self.note(decision)) is not None:
                work.activities.add(note)
        return decision.lead

    def note(self, decision: Decision) -> Activity | None:
        """Answer the entry of the timeline that a decision brings, or None.

        Args:
            decision: What was decided for a lead.
        """
        if decision.notes is None:
            return None
        return Activity(
            id=self.wiring.ids.new("activity"),
            lead_id=decision.lead.id,
            type="note",
            notes=decision.notes,
            at=decision.events[-1].time,
            actor=self.actor,
        )

    def act(self, name: str, lead_id: str, command: commands.Command, *, version: int | None = None) -> Lead:
        """Ask something of a lead: load, decide, keep.

        Args:
            name: The command's name for its idempotency key.
            lead_id: Which lead.
            command: What is asked.
            version: The version that the caller has seen; None for whichever there is.

        Raises:
            NotFound: There is no such lead.
            InvalidTransition: The lifecycle refuses it.
            ConcurrencyConflict: The lead is no longer at the version that the caller has seen.
        """

        def body(work: UnitOfWork) -> Lead:
            lead = self.lead(work, lead_id, deleted=command.name in ("delete", "erase"))
            self.expect(lead, version)
            return self.keep(work, lead, decide(lead, command, self.context()))

        return self.lead_command(name, {"lead": lead_id, **attrs.asdict(command, recurse=False)}, body)

    def lead_command(self, name: str, arguments: Mapping[str, object], body: Callable[[UnitOfWork], Lead]) -> Lead:
        """Carry out a command that answers a lead; the same key again answers the lead as it is now.

        Args:
            name: The command.
            arguments: What it was asked with.
            body: Decides and keeps.
        """
        return self.command(
            name,
            arguments,
            body,
            result=lambda lead: {"lead": lead.id},
            again=lambda work, result: self.lead(work, result["lead"], deleted=True),
        )
