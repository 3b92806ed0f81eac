"""Contacts and opportunities, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs
from sqlalchemy import bindparam, select, update

from leadkit.conversion import Contact, Opportunity
from leadkit.errors import AlreadyExists, NotFound
from leadkit.sql.documents import document_of
from leadkit.sql.locking import lock_words
from leadkit.sql.schema import contacts, gateway_keys, opportunities
from leadkit.sql.statements import InsertNew, WordList, among
from leadkit.values import normalise_email

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from leadkit.sql.transactions import Transaction

__all__ = ["SqlContacts"]

T = TypeVar("T")

_CONTACT: Final = tuple(contacts.c[name] for name in Contact.model_fields)
_OF_ORG: Final = contacts.c.org == bindparam("org")
_ONE: Final = select(*_CONTACT).where(_OF_ORG, contacts.c.id == bindparam("id"))
_ONE_LOCKED: Final = _ONE.with_for_update()
_OF_ADDRESS: Final = (
    select(*_CONTACT)
    .where(_OF_ORG, contacts.c.email_key == bindparam("email_key"))
    .order_by(contacts.c.created_at, contacts.c.id)
)
_INSERT: Final = InsertNew(contacts)
_UPDATE: Final = (
    update(contacts)
    .where(_OF_ORG, contacts.c.id == bindparam("contact_id"))
    .values({name: bindparam(name) for name in (*Contact.model_fields, "email_key") if name != "id"})
)

_OPPORTUNITY: Final = tuple(opportunities.c[name] for name in Opportunity.model_fields)
_DEAL_OF_ORG: Final = opportunities.c.org == bindparam("org")
_DEAL: Final = select(*_OPPORTUNITY).where(_DEAL_OF_ORG, opportunities.c.id == bindparam("id"))
_DEALS: Final = (
    select(*_OPPORTUNITY)
    .where(_DEAL_OF_ORG, among(opportunities.c.contact_id, bindparam("words", type_=WordList())))
    .order_by(opportunities.c.created_at, opportunities.c.id)
)
_DEAL_INSERT: Final = InsertNew(opportunities)

_MADE: Final = select(gateway_keys.c.made_id).where(
    gateway_keys.c.org == bindparam("org"), gateway_keys.c.key == bindparam("key")
)
_NOTE_KEY: Final = InsertNew(gateway_keys)


def _row(document: Contact | Opportunity) -> dict[str, Any]:
    return {name: getattr(document, name) for name in type(document).model_fields}


def _contact_row(contact: Contact) -> dict[str, Any]:
    return {**_row(contact), "email_key": None if contact.email is None else normalise_email(contact.email)}


@attrs.frozen
class SqlContacts:
    """The contacts and opportunities of one organisation."""

    _work: Transaction

    def get_contact(self, contact_id: str) -> Contact | None:
        """Answer a contact, or None."""
        found = self._work.records(_ONE_LOCKED if self._work.locks_rows else _ONE, id=contact_id)
        return document_of(Contact, found[0]) if found else None

    def find_contacts(self, email: str) -> Sequence[Contact]:
        """Answer the contacts with a normalised e-mail address, the oldest first; whoever looks for it next waits."""
        address = normalise_email(email)
        lock_words(self._work, "contact", (address,))
        found = self._work.records(_OF_ADDRESS, email_key=address)
        return [document_of(Contact, record) for record in found]

    def create_contact(self, contact: Contact, *, key: str) -> Contact:
        """Make a contact, or answer the one that was made under this key."""
        made = self._taken(key, contact.id)
        if made is not None:
            return _there("contact", made, self.get_contact(made))
        if not self._work.change(_INSERT, _contact_row(contact)):
            raise AlreadyExists(kind="contact", id=contact.id)
        return contact

    def fill_contact(self, contact_id: str, fields: Mapping[str, Any]) -> Contact:
        """Fill fields of a contact."""
        contact = _there("contact", contact_id, self.get_contact(contact_id))
        filled = contact.model_copy(update=dict(fields))
        self._work.change(_UPDATE, {**_contact_row(filled), "contact_id": contact_id})
        return filled

    def get_opportunity(self, opportunity_id: str) -> Opportunity | None:
        """Answer an opportunity, or None."""
        found = self._work.records(_DEAL, id=opportunity_id)
        return document_of(Opportunity, found[0]) if found else None

    def create_opportunity(self, opportunity: Opportunity, *, key: str) -> Opportunity:
        """Make an opportunity, or answer the one that was made under this key."""
        made = self._taken(key, opportunity.id)
        if made is not None:
            return _there("opportunity", made, self.get_opportunity(made))
        if not self._work.change(_DEAL_INSERT, _row(opportunity)):
            raise AlreadyExists(kind="opportunity", id=opportunity.id)
        return opportunity

    def opportunities_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Opportunity]]:
        """Answer the opportunities of each of these contacts, the oldest first."""
        found: dict[str, list[Opportunity]] = {contact_id: [] for contact_id in contact_ids}
        for record in self._work.records(_DEALS, words=list(contact_ids)):
            found[record["contact_id"]].append(document_of(Opportunity, record))
        return found

    def _taken(self, key: str, new_id: str) -> str | None:
        """Note the key for a new id, or answer the id that it was noted for; of two at once, one waits."""
        if self._work.change(_NOTE_KEY, {"key": key, "made_id": new_id}):
            return None
        made: str = self._work.value(_MADE, key=key)
        return made


def _there(kind: str, id: str, found: T | None) -> T:
    if found is None:
        raise NotFound(kind=kind, id=id)
    return found
