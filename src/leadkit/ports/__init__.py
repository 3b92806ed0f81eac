"""Everything that a host may implement: small protocols in the words of the domain, one subject a file."""

from __future__ import annotations

from leadkit.ports.activities import ActivityStore
from leadkit.ports.clock import Clock
from leadkit.ports.contacts import ContactGateway
from leadkit.ports.directory import Directory
from leadkit.ports.enrichment import EnrichmentProvider
from leadkit.ports.events import EventLog, EventPublisher
from leadkit.ports.idempotency import IdempotencyStore, KeyedRequest
from leadkit.ports.ids import IdGenerator
from leadkit.ports.inbox import Inbox
from leadkit.ports.jobs import JobRunner, JobStore
from leadkit.ports.leads import LeadStore
from leadkit.ports.outbox import DeadLetter, Outbox, OutboxCounts, OutboxEntry
from leadkit.ports.pipelines import PipelineStore
from leadkit.ports.pointers import PointerStore
from leadkit.ports.prospecting import ProspectingProvider
from leadkit.ports.related import RelatedRecords
from leadkit.ports.rules import RuleStore
from leadkit.ports.settings import SettingsStore
from leadkit.ports.store import Store, UnitOfWork

__all__ = [
    "ActivityStore",
    "Clock",
    "ContactGateway",
    "DeadLetter",
    "Directory",
    "EnrichmentProvider",
    "EventLog",
    "EventPublisher",
    "IdGenerator",
    "IdempotencyStore",
    "Inbox",
    "JobRunner",
    "JobStore",
    "KeyedRequest",
    "LeadStore",
    "Outbox",
    "OutboxCounts",
    "OutboxEntry",
    "PipelineStore",
    "PointerStore",
    "ProspectingProvider",
    "RelatedRecords",
    "RuleStore",
    "SettingsStore",
    "Store",
    "UnitOfWork",
]
