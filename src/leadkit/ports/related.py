"""Records beside the lead that rules look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from leadkit.leads import Lead

__all__ = ["RelatedRecords"]


class RelatedRecords(Protocol):
    """Records of the host, asked for in one call for a whole batch of leads."""

    def load(self, leads: Sequence[Lead], kinds: Collection[str]) -> Mapping[str, Mapping[str, Sequence[Any]]]:
        """Answer related records.

        Args:
            leads: The leads.
            kinds: The kinds of record that the rules need, such as `company`; never one that leadkit keeps itself.

        Returns:
            For each kind, the records of each lead by lead id; what is left out counts as none.
        """
        ...
