"""Where contacts and opportunities live, which may be the host's own system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from leadkit.conversion import Contact, Opportunity

__all__ = ["ContactGateway"]


class ContactGateway(Protocol):
    """The contacts and opportunities of one organisation.

    A call that creates carries a stable key: called again with the same key, the gateway answers what it made the first
    time and makes nothing.
    """

    def get_contact(self, contact_id: str) -> Contact | None:
        """Answer a contact, or None."""
        ...

    def find_contacts(self, email: str) -> Sequence[Contact]:
        """Answer the contacts with a normalised e-mail address, the oldest first."""
        ...

    def create_contact(self, contact: Contact, *, key: str) -> Contact:
        """Make a contact, or answer the one that was made under this key.

        Args:
            contact: The contact, with an id that the gateway may replace by its own.
            key: Stable for one lead.
        """
        ...

    def fill_contact(self, contact_id: str, fields: Mapping[str, Any]) -> Contact:
        """Fill fields of a contact, by their Python names.

        Raises:
            NotFound: There is none with that id.
        """
        ...

    def get_opportunity(self, opportunity_id: str) -> Opportunity | None:
        """Answer an opportunity, or None."""
        ...

    def create_opportunity(self, opportunity: Opportunity, *, key: str) -> Opportunity:
        """Make an opportunity, or answer the one that was made under this key.

        Args:
            opportunity: The opportunity, with an id that the gateway may replace by its own.
            key: Stable for one lead.
        """
        ...

    def opportunities_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Opportunity]]:
        """Answer the opportunities of each of these contacts, the oldest first; every contact is in the answer."""
        ...
