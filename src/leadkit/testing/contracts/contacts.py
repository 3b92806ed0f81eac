"""What a contact gateway must hold to."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from leadkit.errors import NotFound
from leadkit.testing.builders import NOON, build_contact, build_opportunity
from leadkit.testing.contracts.opening import StoreFixture

if TYPE_CHECKING:
    from leadkit.ports import Store

__all__ = ["ContactGatewayContract"]


class ContactGatewayContract(StoreFixture):
    """Contacts and opportunities are made once for each key."""

    def test_what_is_not_there_is_none(self, store: Store) -> None:
        assert self.seen(store, lambda work: work.contacts.get_contact("nobody")) is None
        assert self.seen(store, lambda work: work.contacts.get_opportunity("nothing")) is None
        assert list(self.seen(store, lambda work: work.contacts.find_contacts("a@example.com"))) == []

    def test_a_contact_is_kept_whole(self, store: Store) -> None:
        contact = build_contact(first_name="Zoë", properties={"a": [1]}, phone="+1 555 0100")
        with self.writing(store) as work:
            made = work.contacts.create_contact(contact, key="k")

        assert self.seen(store, lambda work: work.contacts.get_contact(made.id)) == made

    def test_the_same_key_makes_one_contact(self, store: Store) -> None:
        with self.writing(store) as work:
            first = work.contacts.create_contact(build_contact("contact-1", email="a@example.com"), key="k")
        with self.writing(store) as work:
            second = work.contacts.create_contact(build_contact("contact-2", email="a@example.com"), key="k")

        assert second == first
        assert list(self.seen(store, lambda work: work.contacts.find_contacts("a@example.com"))) == [first]

    def test_contacts_are_found_by_their_normalised_address_oldest_first(self, store: Store) -> None:
        with self.writing(store) as work:
            later = work.contacts.create_contact(build_contact("a", email=" A@Example.com"), key="1")
            first = work.contacts.create_contact(
                build_contact("b", email="a@example.com", created_at=NOON - timedelta(days=1)), key="2"
            )
            work.contacts.create_contact(build_contact("c", email="b@example.com"), key="3")

        assert list(self.seen(store, lambda work: work.contacts.find_contacts("a@example.com"))) == [first, later]

    def test_fields_of_a_contact_are_filled(self, store: Store) -> None:
        with self.writing(store) as work:
            made = work.contacts.create_contact(build_contact(company="Acme"), key="k")
            filled = work.contacts.fill_contact(made.id, {"phone": "+1 555 0100"})

        assert (filled.phone, filled.company) == ("+1 555 0100", "Acme")
        assert self.seen(store, lambda work: work.contacts.get_contact(made.id)) == filled

    def test_a_contact_that_is_not_there_cannot_be_filled(self, store: Store) -> None:
        with pytest.raises(NotFound), self.writing(store) as work:
            work.contacts.fill_contact("nobody", {"phone": "5"})

    def test_an_opportunity_is_kept_with_its_exact_amount(self, store: Store) -> None:
        opportunity = build_opportunity(amount=Decimal("12000.1050"), currency="EUR", expected_close_date=NOON.date())
        with self.writing(store) as work:
            work.contacts.create_contact(build_contact(), key="c")
            made = work.contacts.create_opportunity(opportunity, key="k")

        assert self.seen(store, lambda work: work.contacts.get_opportunity(made.id)) == made
        assert made.amount == Decimal("12000.105")

    def test_the_same_key_makes_one_opportunity(self, store: Store) -> None:
        with self.writing(store) as work:
            work.contacts.create_contact(build_contact(), key="c")
            first = work.contacts.create_opportunity(build_opportunity("o1"), key="k")
        with self.writing(store) as work:
            second = work.contacts.create_opportunity(build_opportunity("o2"), key="k")

        assert second == first
        assert list(self.seen(store, lambda work: work.contacts.opportunities_of(["contact-1"]))["contact-1"]) == [
            first
        ]

    def test_the_opportunities_of_every_contact_are_answered_oldest_first(self, store: Store) -> None:
        with self.writing(store) as work:
            for contact in ("x", "y"):
                work.contacts.create_contact(build_contact(contact), key=contact)
            later = work.contacts.create_opportunity(build_opportunity("a", contact_id="x"), key="1")
            first = work.contacts.create_opportunity(
                build_opportunity("b", contact_id="x", created_at=NOON - timedelta(days=1)), key="2"
            )

        found = self.seen(store, lambda work: work.contacts.opportunities_of(["x", "y"]))
        assert {contact: list(rows) for contact, rows in found.items()} == {"x": [first, later], "y": []}
