"""What a lead converts into, and what is sent to convert it."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import StrictBool, model_validator

from leadkit.leads import Lead
from leadkit.values import Amount, Currency, Document, Identifier, Instant, JsonObject, Label, Text
from leadkit.values.text import Email, Phone

__all__ = ["Contact", "ConversionRequest", "ConversionResult", "NewOpportunity", "Opportunity"]


class Contact(Document):
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
    """

    id: Identifier
    email: Email | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    phone: Phone | None = None
    company: Text | None = None
    properties: JsonObject = {}
    created_at: Instant

    def __repr__(self) -> str:
        # Personal values stay out of logs and tracebacks.
        return f"Contact(id={self.id!r})"


class NewOpportunity(Document):
    """What is sent to make an opportunity.

    Attributes:
        name: What people call it; left out, the lead's company or name.
        amount: What it may be worth; goes with a currency.
        currency: Of the amount, in ISO 4217.
        expected_close_date: The day on which it may be won.
        stage: The stage of the host's own sales process.
    """

    name: Label | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    expected_close_date: date | None = None
    stage: Identifier | None = None

    @model_validator(mode="after")
    def _amount_in_a_currency(self) -> Self:
        if (self.amount is None) != (self.currency is None):
            message = "amount and currency go together"
            raise ValueError(message)
        return self


class Opportunity(Document):
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
    amount: Amount | None = None
    currency: Currency | None = None
    expected_close_date: date | None = None
    stage: Identifier | None = None
    contact_id: Identifier
    lead_id: Identifier
    created_at: Instant


class ConversionRequest(Document):
    """How a lead is to be converted.

    Attributes:
        create_opportunity: Whether an opportunity is made with the contact.
        opportunity: What it is; only with `create_opportunity`.
        contact_id: The contact that is meant, where several carry the lead's address.
    """

    create_opportunity: StrictBool = False
    opportunity: NewOpportunity | None = None
    contact_id: Identifier | None = None

    @model_validator(mode="after")
    def _wanted(self) -> Self:
        if self.opportunity is not None and not self.create_opportunity:
            message = "an opportunity is described, but createOpportunity is false"
            raise ValueError(message)
        return self


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
