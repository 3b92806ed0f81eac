"""Where rulesets are kept: every version of them, and the draft of the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.scoring import DraftState, RulesVersion

__all__ = ["RuleStore"]


class RuleStore(Protocol):
    """The scoring rules of one organisation: numbered versions that never change, and at most one draft."""

    def latest(self) -> int:
        """Answer the number of the newest version; 0 when there is none."""
        ...

    def get(self, version: int) -> RulesVersion | None:
        """Answer a version, or None."""
        ...

    def list(self, *, before: int | None = None, limit: int) -> Sequence[RulesVersion]:
        """Answer versions, the newest first.

        Args:
            before: Only those with a lower number; None for all.
            limit: How many at most.
        """
        ...

    def add(self, version: RulesVersion) -> None:
        """Keep a new version.

        Raises:
            ConcurrencyConflict: It is not the one that follows the newest.
        """
        ...

    def draft(self) -> DraftState:
        """Answer the draft; at revision 0 where there has never been one."""
        ...

    def put_draft(self, state: DraftState, *, expected: int) -> None:
        """Keep the draft anew, or that there is none any more.

        Args:
            state: The draft, with the revision that follows.
            expected: The revision that was read.

        Raises:
            ConcurrencyConflict: The one that is kept is another.
        """
        ...
