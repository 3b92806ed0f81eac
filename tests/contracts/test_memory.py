"""The in-memory implementations hold to the published contracts."""

import threading

import pytest

import leadkit as lk
from leadkit.enrichment import Candidate
from leadkit.memory import (
    CompanyTable,
    ImmediateJobs,
    JournalFile,
    MemoryDirectory,
    MemoryPublisher,
    MemoryStore,
    SystemClock,
    TimeOrderedIds,
)
from leadkit.testing.builders import build_lead
from leadkit.testing.contracts import (
    ClockContract,
    DirectoryContract,
    EnrichmentProviderContract,
    EventPublisherContract,
    IdGeneratorContract,
    JobRunnerContract,
    ProspectingProviderContract,
    RelatedRecordsContract,
    StoreContract,
)


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self):
        return MemoryStore()


class TestJournalledStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        store = JournalFile.open(tmp_path / "leads.jsonl")
        yield store
        store.close()


class TestReopenedStore(StoreContract):
    """Every look at the store opens the journal anew: what is read is what is on disk."""

    @pytest.fixture
    def store(self, tmp_path):
        store = Reopening(tmp_path / "leads.jsonl")
        yield store
        store.close()


class Reopening:
    def __init__(self, path):
        self.path = path
        self.store = JournalFile.open(path)

    def _anew(self):
        if not self.store.organisation("acme").busy:
            claims = {org: rows.claims for org, rows in self.store.organisations()}
            self.store.close()
            self.store = JournalFile.open(self.path)
            # They are the process's and not the file's: the process has not ended.
            for org, claimed in claims.items():
                self.store.organisation(org).claims.update(claimed)
        return self.store

    def now(self):
        return self._anew() if threading.current_thread() is threading.main_thread() else self.store

    def unit_of_work(self, org):
        return self.now().unit_of_work(org)

    @property
    def outbox(self):
        return ReopeningOutbox(self)

    def close(self):
        self.store.close()


class ReopeningOutbox:
    def __init__(self, store):
        self.store = store

    def __getattr__(self, name):
        def call(*arguments, **keywords):
            return getattr(self.store.now().outbox, name)(*arguments, **keywords)

        return call


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self):
        return SystemClock()


class TestTimeOrderedIds(IdGeneratorContract):
    @pytest.fixture
    def ids(self):
        return TimeOrderedIds()

    def test_a_later_id_sorts_behind_an_earlier_one(self, ids):
        made = [ids.new("lead") for _ in range(5_000)]

        assert made == sorted(made)


class TestMemoryDirectory(DirectoryContract):
    @pytest.fixture
    def directory(self):
        return MemoryDirectory.of(
            {"senior-ae": [{"id": "ann", "name": "Ann"}, {"id": "bo", "name": "Bo", "active": False}]}
        )

    def test_faults_are_told_with_their_place(self):
        with pytest.raises(lk.InvalidInput) as caught:
            MemoryDirectory.of({"ae": [{"id": "a", "name": "A"}, {"name": "B"}], "x": [{"id": "c", "weight": 0}]})

        assert {fault.path for fault in caught.value.faults} == {"$.ae[1].id", "$.x[0].weight"}


class TestMemoryPublisher(EventPublisherContract):
    @pytest.fixture
    def publisher(self):
        return MemoryPublisher()


class TestImmediateJobs(JobRunnerContract):
    @pytest.fixture
    def runner(self):
        return ImmediateJobs()


class TestCompanyTable(EnrichmentProviderContract):
    @pytest.fixture
    def provider(self):
        return CompanyTable({"acme.example": {"company": "Acme"}})

    @pytest.fixture
    def known_lead(self):
        return build_lead(email="alice@Acme.example")

    def test_companies_are_learned_where_enough_leads_agree(self):
        leads = [
            build_lead("1", email="a@acme.example", company="Acme"),
            build_lead("2", email="b@acme.example", company="Acme"),
            build_lead("3", email="c@acme.example", company="ACME Inc"),
            build_lead("4", email="d@bolt.example", company="Bolt"),
            build_lead("5", email="e@acme.example"),
        ]

        assert CompanyTable.learned_from(leads).companies == {"acme.example": {"company": "Acme"}}


class TestAListOfPeople(ProspectingProviderContract):
    """The contract of prospecting holds for the plainest provider there is."""

    @pytest.fixture
    def provider(self):
        class People:
            name = "people"

            def find(self, criteria):
                found = [Candidate(provider="people", external_id=str(number)) for number in range(3)]
                return found[: criteria.limit]

        return People()


class TestATableOfCompanies(RelatedRecordsContract):
    """The contract of related records holds for the plainest source there is."""

    @pytest.fixture
    def related(self):
        class Companies:
            def load(self, leads, kinds):
                rows = {lead.id: [{"name": "Acme"}] for lead in leads if lead.company == "Acme"}
                return {"company": rows} if "company" in kinds else {}

        return Companies()

    @pytest.fixture
    def known_lead(self):
        return build_lead(company="Acme")
