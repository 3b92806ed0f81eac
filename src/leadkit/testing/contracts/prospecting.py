"""What a prospecting provider must hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadkit.enrichment import Candidate, ProspectCriteria
from leadkit.testing.contracts.overriding import must_override
from leadkit.values import Identifier, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadkit.ports import ProspectingProvider

__all__ = ["ProspectingProviderContract"]


class ProspectingProviderContract:
    """Candidates that fit, no more than asked for.

    A host names criteria of its own that find more than one person.
    """

    criteria: ProspectCriteria = ProspectCriteria(title="CTO")

    @pytest.fixture
    def provider(self) -> Iterator[ProspectingProvider]:
        """Answer a provider; override it."""
        raise must_override(self, "provider")

    def test_a_provider_has_a_name(self, provider: ProspectingProvider) -> None:
        assert read(Identifier, provider.name) == provider.name

    def test_people_are_found(self, provider: ProspectingProvider) -> None:
        found = provider.find(self.criteria)

        assert len(found) > 1
        assert all(isinstance(candidate, Candidate) for candidate in found)
        assert {candidate.provider for candidate in found} == {provider.name}

    def test_no_more_are_answered_than_asked_for(self, provider: ProspectingProvider) -> None:
        assert len(provider.find(self.criteria.model_copy(update={"limit": 1}))) == 1
