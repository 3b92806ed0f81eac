"""Who knows more about a lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.enrichment import Outcome
    from leadkit.leads import Lead

__all__ = ["EnrichmentProvider"]


class EnrichmentProvider(Protocol):
    """A source of data about people and companies. Time-outs, retries and rate limits are its own affair."""

    @property
    def name(self) -> str:
        """The name under which values are attributed to it."""
        ...

    @property
    def max_batch(self) -> int:
        """How many leads it takes in one call."""
        ...

    def match(self, leads: Sequence[Lead]) -> Sequence[Outcome]:
        """Look leads up.

        Args:
            leads: At most `max_batch` of them.

        Returns:
            One outcome for each lead, in their order: a match, no match, or deferred.

        Raises:
            ProviderFailure: It cannot answer.
        """
        ...
