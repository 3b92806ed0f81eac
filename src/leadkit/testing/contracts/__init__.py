"""The contracts of the ports, as test classes: what a host's own implementation must hold to.

Subclass a contract, answer the implementation from its fixture, and pytest runs the rest:

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self):
            return MyStore()

`StoreContract` joins the contracts of everything that a store holds.
"""

from __future__ import annotations

from leadkit.testing.contracts.activities import ActivityStoreContract
from leadkit.testing.contracts.clock import ClockContract
from leadkit.testing.contracts.contacts import ContactGatewayContract
from leadkit.testing.contracts.directory import DirectoryContract
from leadkit.testing.contracts.enrichment import EnrichmentProviderContract
from leadkit.testing.contracts.events import EventLogContract, EventPublisherContract
from leadkit.testing.contracts.idempotency import IdempotencyStoreContract
from leadkit.testing.contracts.ids import IdGeneratorContract
from leadkit.testing.contracts.inbox import InboxContract
from leadkit.testing.contracts.jobs import JobRunnerContract, JobStoreContract
from leadkit.testing.contracts.leads import LeadStoreContract
from leadkit.testing.contracts.outbox import OutboxContract
from leadkit.testing.contracts.pipelines import PipelineStoreContract
from leadkit.testing.contracts.pointers import PointerStoreContract
from leadkit.testing.contracts.prospecting import ProspectingProviderContract
from leadkit.testing.contracts.queries import LeadQueryContract
from leadkit.testing.contracts.related import RelatedRecordsContract
from leadkit.testing.contracts.rules import RuleStoreContract
from leadkit.testing.contracts.settings import SettingsStoreContract
from leadkit.testing.contracts.store import UnitOfWorkContract

__all__ = [
    "ActivityStoreContract",
    "ClockContract",
    "ContactGatewayContract",
    "DirectoryContract",
    "EnrichmentProviderContract",
    "EventLogContract",
    "EventPublisherContract",
    "IdGeneratorContract",
    "IdempotencyStoreContract",
    "InboxContract",
    "JobRunnerContract",
    "JobStoreContract",
    "LeadQueryContract",
    "LeadStoreContract",
    "OutboxContract",
    "PipelineStoreContract",
    "PointerStoreContract",
    "ProspectingProviderContract",
    "RelatedRecordsContract",
    "RuleStoreContract",
    "SettingsStoreContract",
    "StoreContract",
    "UnitOfWorkContract",
]


class StoreContract(
    UnitOfWorkContract,
    LeadStoreContract,
    LeadQueryContract,
    PipelineStoreContract,
    RuleStoreContract,
    ActivityStoreContract,
    ContactGatewayContract,
    PointerStoreContract,
    IdempotencyStoreContract,
    EventLogContract,
    OutboxContract,
    InboxContract,
    JobStoreContract,
    SettingsStoreContract,
):
    """Everything that a store must hold to."""
