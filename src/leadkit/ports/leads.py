"""Where leads are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from leadkit.leads import IdentityKey, Lead
    from leadkit.leads.filtering import LeadFilter, LeadQuery, Page

__all__ = ["LeadStore"]


class LeadStore(Protocol):
    """The leads of one organisation."""

    def get(self, lead_id: str) -> Lead | None:
        """Answer a lead, a deleted one too, or None."""
        ...

    def get_many(self, lead_ids: Collection[str]) -> Mapping[str, Lead]:
        """Answer those of the leads that exist, by id."""
        ...

    def add(self, lead: Lead) -> None:
        """Keep a new lead.

        Raises:
            AlreadyExists: There is one with that id.
        """
        ...

    def save(self, lead: Lead, *, expected: int) -> None:
        """Keep a changed lead.

        Args:
            lead: The lead as it is now.
            expected: The version that was read before the change.

        Raises:
            ConcurrencyConflict: The version that is kept is another one, or the lead is gone.
        """
        ...

    def add_many(self, leads: Sequence[Lead]) -> None:
        """Keep new leads in as few calls to the database as it takes.

        Args:
            leads: Any number of new leads.

        Raises:
            AlreadyExists: There is one with the id of one of them, or two of them have the same; the first is named.
                The unit of work is then of no more use.
        """
        ...

    def save_many(self, changes: Sequence[tuple[Lead, int]]) -> None:
        """Keep changed leads in as few calls to the database as it takes.

        Args:
            changes: Each lead as it is now, with the version that was read before the change; a lead comes once.

        Raises:
            ConcurrencyConflict: One of them is kept at another version, or gone; the first is named. The unit of work
                is then of no more use.
        """
        ...

    def find(self, keys: Collection[IdentityKey]) -> Mapping[IdentityKey, Sequence[Lead]]:
        """Answer the leads that are recognised by each key, the oldest first; deleted leads are recognised by none.

        Whoever looks for a key that another open unit of work has looked for waits for its end, and then finds what it
        has added; a store that cannot wait refuses with an error after which the command can be tried again.

        Args:
            keys: Any number of keys; those that nothing matches are left out of the answer.
        """
        ...

    def from_contact(self, contact_id: str) -> Sequence[Lead]:
        """Answer the leads that were made from a contact or converted into it, the oldest first, deleted ones not."""
        ...

    def page(self, query: LeadQuery, *, as_of: datetime) -> Page[Lead]:
        """Answer a page of leads, as `leadkit.leads.filtering.page_of` does.

        Args:
            query: Which leads, in what order, and where the page begins.
            as_of: The instant by which a condition is read.
        """
        ...

    def scan(self, lead_filter: LeadFilter, *, after: str | None, limit: int, as_of: datetime) -> Sequence[Lead]:
        """Answer the next leads in the order of their ids, for work in chunks that can stop and go on.

        Args:
            lead_filter: Which leads.
            after: The last id of the chunk before; None for the first chunk.
            limit: How many at the most.
            as_of: The instant by which a condition is read.
        """
        ...

    def claim_unassigned(self, pipeline_id: str, *, after: Lead | None, limit: int) -> Sequence[Lead]:
        """Claim the next open leads of a pipeline that nobody owns, in the order of `leadkit.routing.routing_order`.

        They are locked until the unit of work ends. Leads that another unit of work is changing at this moment are
        passed over, not waited for, where the store can tell; where units of work follow each other there are none.

        Args:
            pipeline_id: The pipeline, any stage.
            after: The last lead of the chunk before, as it was then; None for the first chunk.
            limit: How many at the most.
        """
        ...

    def count(self, lead_filter: LeadFilter, *, as_of: datetime) -> int:
        """Count the leads that a filter means."""
        ...

    def open_counts(self, assignees: Collection[str]) -> Mapping[str, int]:
        """Count the open leads of each of these users; every one of them is in the answer."""
        ...
