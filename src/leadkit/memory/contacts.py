"""Contacts and opportunities, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.errors import AlreadyExists, NotFound
from leadkit.values import normalise_email

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from leadkit.conversion import Contact, Opportunity
    from leadkit.memory.organisation import Organisation, Writer

__all__ = ["MemoryContacts"]


@attrs.frozen
class MemoryContacts:
    """The contacts and opportunities of one organisation."""

    _rows: Organisation
    _writer: Writer

    def get_contact(self, contact_id: str) -> Contact | None:
        """Answer a contact, or None."""
        return self._rows.contacts.rows.get(contact_id)

    def find_contacts(self, email: str) -> Sequence[Contact]:
        """Answer the contacts with a normalised e-mail address, the oldest first."""
        found = self._rows.contacts.find("email", normalise_email(email))
        return sorted(found, key=lambda contact: (contact.created_at, contact.id))

    def create_contact(self, contact: Contact, *, key: str) -> Contact:
        """Make a contact, or answer the one that was made under this key."""
        made = self._rows.gateway_keys.rows.get(key)
        if made is not None:
            return self._rows.contacts.rows[made]
        if contact.id in self._rows.contacts.rows:
            raise AlreadyExists(kind="contact", id=contact.id)
        self._writer.set(self._rows.contacts, contact.id, contact)
        self._writer.set(self._rows.gateway_keys, key, contact.id)
        return contact

    def fill_contact(self, contact_id: str, fields: Mapping[str, Any]) -> Contact:
        """Fill fields of a contact."""
        contact = self._rows.contacts.rows.get(contact_id)
        if contact is None:
            raise NotFound(kind="contact", id=contact_id)
        filled = contact.model_copy(update=dict(fields))
        self._writer.set(self._rows.contacts, contact_id, filled)
        return filled

    def get_opportunity(self, opportunity_id: str) -> Opportunity | None:
        """Answer an opportunity, or None."""
        return self._rows.opportunities.rows.get(opportunity_id)

    def create_opportunity(self, opportunity: Opportunity, *, key: str) -> Opportunity:
        """Make an opportunity, or answer the one that was made under this key."""
        made = self._rows.gateway_keys.rows.get(key)
        if made is not None:
            return self._rows.opportunities.rows[made]
        if opportunity.id in self._rows.opportunities.rows:
            raise AlreadyExists(kind="opportunity", id=opportunity.id)
        self._writer.set(self._rows.opportunities, opportunity.id, opportunity)
        self._writer.set(self._rows.gateway_keys, key, opportunity.id)
        return opportunity

    def opportunities_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Opportunity]]:
        """Answer the opportunities of each of these contacts, the oldest first."""
        return {contact_id: self._oldest_first(contact_id) for contact_id in contact_ids}

    def _oldest_first(self, contact_id: str) -> Sequence[Opportunity]:
        found: Iterable[Opportunity] = self._rows.opportunities.find("contact", contact_id)
        return sorted(found, key=lambda opportunity: (opportunity.created_at, opportunity.id))
