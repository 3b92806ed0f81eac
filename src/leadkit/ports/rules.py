"""Where rulesets are kept, every version of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from leadkit.scoring import Ruleset

__all__ = ["RuleStore"]


class RuleStore(Protocol):
    """The scoring rules of one organisation, as numbered versions that never change."""

    def latest(self) -> int:
        """Answer the number of the newest version; 0 when there is none."""
        ...

    def get(self, version: int) -> Ruleset | None:
        """Answer a version of the ruleset, or None."""
        ...

    def add(self, ruleset: Ruleset, *, version: int) -> None:
        """Keep a new version.

        Raises:
            ConcurrencyConflict: It is not the one that follows the newest.
        """
        ...
