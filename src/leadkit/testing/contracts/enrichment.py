"""What an enrichment provider must hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadkit.enrichment import Deferred, Match, NoMatch
from leadkit.testing.builders import build_lead
from leadkit.testing.contracts.overriding import must_override
from leadkit.values import Identifier, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadkit.leads import Lead
    from leadkit.ports import EnrichmentProvider

__all__ = ["EnrichmentProviderContract"]


class EnrichmentProviderContract:
    """One outcome for each lead, in their order; leads stay as they are."""

    @pytest.fixture
    def provider(self) -> Iterator[EnrichmentProvider]:
        """Answer a provider; override it."""
        raise must_override(self, "provider")

    @pytest.fixture
    def known_lead(self) -> Lead:
        """Answer a lead that the provider knows; override it."""
        raise must_override(self, "known_lead")

    def test_a_provider_has_a_name_and_a_size(self, provider: EnrichmentProvider) -> None:
        assert read(Identifier, provider.name) == provider.name
        assert provider.max_batch >= 1

    def test_a_known_lead_is_a_match_with_values(self, provider: EnrichmentProvider, known_lead: Lead) -> None:
        (outcome,) = provider.match([known_lead])

        assert isinstance(outcome, Match)
        assert outcome.provider == provider.name
        assert outcome.values

    def test_an_unknown_lead_is_no_match_and_no_error(self, provider: EnrichmentProvider) -> None:
        (outcome,) = provider.match([build_lead("nobody", email="nobody@unknown.invalid")])

        assert isinstance(outcome, NoMatch)

    def test_every_lead_of_a_batch_has_its_outcome(self, provider: EnrichmentProvider, known_lead: Lead) -> None:
        size = min(provider.max_batch, 5)
        leads = [build_lead(f"nobody-{number}", email="nobody@unknown.invalid") for number in range(size - 1)]
        outcomes = provider.match([*leads, known_lead])

        assert len(outcomes) == size
        assert all(isinstance(outcome, Match | NoMatch | Deferred) for outcome in outcomes)
        assert isinstance(outcomes[-1], Match)

    def test_no_leads_have_no_outcomes(self, provider: EnrichmentProvider) -> None:
        assert list(provider.match([])) == []

    def test_leads_stay_as_they_are(self, provider: EnrichmentProvider, known_lead: Lead) -> None:
        before = known_lead.model_dump()
        provider.match([known_lead])

        assert known_lead.model_dump() == before
