"""The in-memory implementations hold to the published contracts."""

import pytest

import leadkit as lk
from leadkit.enrichment import Candidate
from leadkit.memory import (
    CompanyTable,
    ImmediateJobs,
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
