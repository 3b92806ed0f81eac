"""Who finds people that could become leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.enrichment import Candidate, ProspectCriteria

__all__ = ["ProspectingProvider"]


class ProspectingProvider(Protocol):
    """A source of people by criteria."""

    @property
    def name(self) -> str:
        """The name by which it is chosen."""
        ...

    def find(self, criteria: ProspectCriteria) -> Sequence[Candidate]:
        """Answer people that fit.

        Raises:
            ProviderFailure: It cannot answer.
        """
        ...
