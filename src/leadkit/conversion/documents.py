"""What a lead converts into, and what is sent to convert it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import PlainSerializer, PlainValidator, StrictBool, WithJsonSchema, model_validator

from leadkit.leads import Lead
from leadkit.values import Amount, Currency, Document, Identifier, Instant, JsonObject, Label, Text
from leadkit.values.text import Email, Phone

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "CalendarDate",
    "Contact",
    "ContactFields",
    "ConversionRequest",
    "ConversionResult",
    "NewOpportunity",
    "Opportunity",
]

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _read_date(value: object) -> date:
    # A time of day would be dropped in silence, and a number be taken for seconds.
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    message = "expected a date such as 2026-11-24"
    raise ValueError(message)


CalendarDate = Annotated[
    date,
    PlainValidator(_read_date),
    PlainSerializer(date.isoformat, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A day of the calendar, without a time."""


class ContactFields(Document):
    """What a contact holds of a person.

    Attributes:
        email: As it was given; matching is by its normalised form.
        first_name: Given name.
        last_name: Family name.
        phone: As it was given.
        company: The name of the company.
        properties: Free JSON of the host.
    """

    email: Email | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    phone: Phone | None = None
    company: Text | None = None
    properties: JsonObject = {}

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # Personal values stay out of logs and tracebacks.
        yield from ()


class Contact(ContactFields):
    """A person that the organisation deals with.

    Attributes:
        id: Its id.
        email: As it was given; matching is by its normalised form.
        first_name: Given name.
        last_name: Family name.
        phone: As it was given.
        company: The name of the company.
        properties: Free JSON of the host.
        created_at: When it was made.

    Example:
        >>> from datetime import UTC
        >>> made = datetime(2026, 11, 24, 9, tzinfo=UTC)
        >>> Contact(id="contact-1", email="alice@example.com", created_at=made)
        Contact(id='contact-1')
    """

    id: Identifier
    created_at: Instant

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # Personal values stay out of logs and tracebacks.
        yield "id", self.id


class _Deal(Document):
    amount: Amount | None = None
    currency: Currency | None = None
    expected_close_date: CalendarDate | None = None
    stage: Identifier | None = None


class NewOpportunity(_Deal):
    """What is sent to make an opportunity.

    Attributes:
        name: What people call it; left out, the lead's company or name.
        amount: What it may be worth; goes with a currency.
        currency: Of the amount, in ISO 4217.
        expected_close_date: The day on which it may be won.
        stage: The stage of the host's own sales process.

    Example:
        >>> NewOpportunity(name="Acme", amount=12000, currency="USD", expected_close_date="2026-12-31").amount
        Decimal('12000')
    """

    name: Label | None = None

    @model_validator(mode="after")
    def _amount_in_a_currency(self) -> Self:
        if (self.amount is None) != (self.currency is None):
            message = "amount and currency go together"
            raise ValueError(message)
        return self

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # A deal may bear the name of a person, which stays out of logs and tracebacks.
        yield from (("amount", self.amount), ("currency", self.currency), ("stage", self.stage))


class Opportunity(_Deal):
    """A deal that may be won.

    Attributes:
        id: Its id.
        name: What people call it.
        amount: What it may be worth.
        currency: Of the amount, in ISO 4217.
        expected_close_date: The day on which it may be won.
        stage: The stage of the host's own sales process.
        contact_id: The contact that it is made with.
        lead_id: The lead that it came from.
        created_at: When it was made.
    """

    id: Identifier
    name: Label
    contact_id: Identifier
    lead_id: Identifier
    created_at: Instant

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # A deal may bear the name of a person, which stays out of logs and tracebacks.
        yield from (("id", self.id), ("contact_id", self.contact_id), ("lead_id", self.lead_id))


class ConversionRequest(Document):
    """How a lead is to be converted.

    Attributes:
        create_opportunity: Whether an opportunity is made with the contact; left out, when one is described.
        opportunity: What it is; left out, it bears the name of the lead's company or person.
        contact_id: The contact that is meant, where several carry the lead's address.
    """

    create_opportunity: StrictBool | None = None
    opportunity: NewOpportunity | None = None
    contact_id: Identifier | None = None

    @model_validator(mode="after")
    def _wanted(self) -> Self:
        if self.opportunity is not None and self.create_opportunity is False:
            message = "an opportunity is described, but createOpportunity is false"
            raise ValueError(message)
        return self

    @property
    def wants_opportunity(self) -> bool:
        """Whether an opportunity is made with the contact."""
        return bool(self.create_opportunity) or self.opportunity is not None


class ConversionResult(Document):
    """What came of a conversion.

    Attributes:
        lead: The lead, converted.
        contact_id: The contact that it became.
        opportunity_id: The opportunity that was made with it.
    """

    lead: Lead
    contact_id: Identifier
    opportunity_id: Identifier | None
