"""All rows of one organisation."""

from __future__ import annotations

import threading
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from leadkit.activities import Activity, Task
from leadkit.conversion import Contact, Opportunity
from leadkit.enrichment import EnrichmentJob
from leadkit.leads import Event, Lead, OrganisationSettings, identity_keys
from leadkit.memory.tables import Change, Table
from leadkit.pipelines import Pipeline
from leadkit.ports import KeyedRequest
from leadkit.scoring import DraftState, RulesVersion
from leadkit.values import normalise_email

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable


__all__ = ["Claim", "Organisation", "Place", "Waiting"]

Place = tuple[str, int]
"""Where an event stands: its lead and its sequence."""


@attrs.frozen(kw_only=True)
class Waiting:
    """An event that waits to be published.

    Attributes:
        number: Its place in the order of writing.
        attempts: How many times it was tried in vain.
        due_at: When it is to be tried again; None for at once.
        dead: Whether it is not to be tried any more.
        error: How the last attempt failed.
    """

    number: int
    attempts: int = 0
    due_at: datetime | None = None
    dead: bool = False
    error: str | None = None


@attrs.frozen(kw_only=True)
class Claim:
    """Who publishes an event now, and until when nobody else may."""

    worker: str
    until: datetime


def _recognised_by(lead: Lead) -> Iterable[Hashable]:
    return () if lead.deleted_at is not None else identity_keys(lead)


def _contacts_of(lead: Lead) -> Iterable[Hashable]:
    if lead.deleted_at is not None:
        return ()
    return {contact for contact in (lead.origin_contact_id, lead.converted_to_contact_id) if contact is not None}


def _owner(lead: Lead) -> Iterable[Hashable]:
    return (lead.assigned_to,) if lead.is_open and lead.assigned_to is not None else ()


def _waits_in(lead: Lead) -> Iterable[Hashable]:
    return (lead.pipeline_id,) if lead.is_open and lead.assigned_to is None and lead.pipeline_id is not None else ()


def _address(contact: Contact) -> Iterable[Hashable]:
    return () if contact.email is None else (normalise_email(contact.email),)


@attrs.define(eq=False)
class Organisation:
    """The tables of one organisation, and the lock that a unit of work holds from its beginning to its end."""

    lock: threading.RLock = attrs.field(factory=threading.RLock)
    busy: bool = False
    written: int = 0
    leads: Table[str, Lead] = attrs.Factory(
        lambda: Table[str, Lead](
            "leads",
            {"identity": _recognised_by, "contact": _contacts_of, "owner": _owner, "waiting": _waits_in},
        )
    )
    pipelines: Table[str, Pipeline] = attrs.Factory(lambda: Table[str, Pipeline]("pipelines"))
    rules: Table[int, RulesVersion] = attrs.Factory(lambda: Table[int, RulesVersion]("rules"))
    drafts: Table[str, DraftState] = attrs.Factory(lambda: Table[str, DraftState]("drafts"))
    activities: Table[str, Activity] = attrs.Factory(
        lambda: Table[str, Activity]("activities", {"lead": lambda activity: (activity.lead_id,)})
    )
    tasks: Table[str, Task] = attrs.Factory(lambda: Table[str, Task]("tasks", {"lead": lambda task: (task.lead_id,)}))
    contacts: Table[str, Contact] = attrs.Factory(lambda: Table[str, Contact]("contacts", {"email": _address}))
    opportunities: Table[str, Opportunity] = attrs.Factory(
        lambda: Table[str, Opportunity]("opportunities", {"contact": lambda opportunity: (opportunity.contact_id,)})
    )
    gateway_keys: Table[str, str] = attrs.Factory(lambda: Table[str, str]("gateway_keys"))
    pointers: Table[str, dict[str, Fraction]] = attrs.Factory(lambda: Table[str, dict[str, Fraction]]("pointers"))
    requests: Table[str, KeyedRequest] = attrs.Factory(lambda: Table[str, KeyedRequest]("requests"))
    events: Table[Place, Event] = attrs.Factory(
        lambda: Table[Place, Event]("events", {"lead": lambda event: (event.lead_id,)})
    )
    outbox: Table[Place, Waiting] = attrs.Factory(lambda: Table[Place, Waiting]("outbox"))
    # No table: a claim is no part of what a unit of work undoes.
    claims: dict[Place, Claim] = attrs.field(factory=dict)
    # When a consumer dealt with a message.
    inbox: Table[tuple[str, str], datetime] = attrs.Factory(lambda: Table[tuple[str, str], datetime]("inbox"))
    jobs: Table[str, EnrichmentJob] = attrs.Factory(lambda: Table[str, EnrichmentJob]("jobs"))
    settings: Table[str, OrganisationSettings] = attrs.Factory(lambda: Table[str, OrganisationSettings]("settings"))

    @property
    def tables(self) -> tuple[Table[Any, Any], ...]:
        """All the tables."""
        return (
            self.leads,
            self.pipelines,
            self.rules,
            self.drafts,
            self.activities,
            self.tasks,
            self.contacts,
            self.opportunities,
            self.gateway_keys,
            self.pointers,
            self.requests,
            self.events,
            self.outbox,
            self.inbox,
            self.jobs,
            self.settings,
        )


@attrs.define(eq=False)
class Writer:
    """Writes rows and remembers what they were, so that a unit of work can be undone."""

    changes: list[Change] = attrs.Factory(list[Change])

    def set(self, table: Table[Any, Any], key: object, row: object) -> None:
        """Write a row."""
        self.changes.append(Change(table, key, table.before(key)))
        table.set(key, row)

    def drop(self, table: Table[Any, Any], key: object) -> None:
        """Remove a row."""
        self.changes.append(Change(table, key, table.before(key)))
        table.drop(key)

    def undo(self) -> None:
        """Put every row back as it was, the last first."""
        while self.changes:
            self.changes.pop().undo()
