from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from leadkit.conversion import Contact, ContactFields, ConversionRequest, ConversionResult, NewOpportunity, Opportunity
from leadkit.errors import InvalidInput
from leadkit.leads import Lead
from leadkit.values import read

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CONTACT = Contact(id="c-1", email="alice@example.com", first_name="Alice", properties={"plan": "pro"}, created_at=NOW)
OPPORTUNITY = Opportunity(
    id="o-1",
    name="Acme",
    amount=Decimal("12000.50"),
    currency="USD",
    expected_close_date=date(2026, 12, 31),
    stage="proposal",
    contact_id="c-1",
    lead_id="lead-1",
    created_at=NOW,
)


def fault_of(kind, sent):
    with pytest.raises(InvalidInput) as caught:
        read(kind, sent)
    return str(caught.value)


@pytest.mark.parametrize("sent", [date(2026, 2, 28), "2026-02-28"])
def test_a_day_is_a_date_or_its_text(sent):
    assert NewOpportunity(expected_close_date=sent).expected_close_date == date(2026, 2, 28)


@pytest.mark.parametrize(
    "sent",
    [NOW, 20, 20.5, True, "2026-02-30", "2026-2-28", "2026-02-28T00:00:00Z", "20260228", "٢٠٢٦-٠٢-٢٨", "soon"],
)
def test_nothing_else_is_a_day(sent):
    assert (
        fault_of(NewOpportunity, {"expectedCloseDate": sent})
        == "$.expectedCloseDate: expected a date such as 2026-11-24"
    )


def test_a_day_is_told_as_such_in_the_schema():
    schema = NewOpportunity.model_json_schema()["properties"]["expectedCloseDate"]
    assert schema["anyOf"][0] == {"type": "string", "format": "date"}


@pytest.mark.parametrize("sent", [{"amount": 5}, {"currency": "USD"}])
def test_an_amount_needs_its_currency_and_a_currency_its_amount(sent):
    assert fault_of(NewOpportunity, sent) == "$: amount and currency go together"


def test_money_is_exact():
    sent = read(NewOpportunity, {"amount": 0.1, "currency": "EUR"})
    assert sent.amount == Decimal("0.1")
    assert fault_of(NewOpportunity, {"amount": 5, "currency": "usd"}) == (
        "$.currency: expected an ISO 4217 currency code such as USD"
    )


def test_an_opportunity_of_the_host_may_have_a_currency_alone():
    assert OPPORTUNITY.model_copy(update={"amount": None}) == read(
        Opportunity, {**OPPORTUNITY.model_dump(mode="json"), "amount": None}
    )


@pytest.mark.parametrize(
    ("sent", "wants"),
    [
        ({}, False),
        ({"createOpportunity": False}, False),
        ({"createOpportunity": True}, True),
        ({"opportunity": {}}, True),
        ({"createOpportunity": True, "opportunity": {"name": "Acme"}}, True),
    ],
)
def test_an_opportunity_is_wanted_when_it_is_asked_for_or_described(sent, wants):
    assert read(ConversionRequest, sent).wants_opportunity is wants


def test_an_opportunity_cannot_be_described_and_not_wanted():
    assert fault_of(ConversionRequest, {"createOpportunity": False, "opportunity": {}}) == (
        "$: an opportunity is described, but createOpportunity is false"
    )


def test_the_faults_of_a_request_are_told_with_their_places():
    sent = {"opportunity": {"amount": -1, "currency": "USD", "close": "x"}, "contactId": ""}
    with pytest.raises(InvalidInput) as caught:
        read(ConversionRequest, sent)

    assert [fault.path for fault in caught.value.faults] == [
        "$.opportunity.amount",
        "$.opportunity.close",
        "$.contactId",
    ]


@pytest.mark.parametrize("shown", [repr, str])
def test_nothing_of_the_person_is_shown(shown):
    lead = Lead(id="lead-1", email="alice@example.com", created_at=NOW, updated_at=NOW)
    texts = [
        shown(CONTACT),
        shown(ContactFields(email="alice@example.com")),
        shown(OPPORTUNITY),
        shown(NewOpportunity(name="Alice")),
        shown(ConversionRequest(opportunity=NewOpportunity(name="Alice"))),
        shown(ConversionResult(lead=lead, contact_id="c-1", opportunity_id=None)),
    ]

    assert not [text for text in texts if "alice" in text.lower() or "acme" in text.lower()]
    assert repr(CONTACT) == "Contact(id='c-1')"
    assert repr(ContactFields()) == "ContactFields()"
    assert repr(OPPORTUNITY) == "Opportunity(id='o-1', contact_id='c-1', lead_id='lead-1')"
    assert repr(NewOpportunity(name="Alice", stage="proposal")) == (
        "NewOpportunity(amount=None, currency=None, stage='proposal')"
    )


@pytest.mark.parametrize(
    ("document", "wire"),
    [
        (
            CONTACT,
            {
                "id": "c-1",
                "email": "alice@example.com",
                "firstName": "Alice",
                "lastName": None,
                "phone": None,
                "company": None,
                "properties": {"plan": "pro"},
                "createdAt": "2026-11-24T09:00:00Z",
            },
        ),
        (
            OPPORTUNITY,
            {
                "id": "o-1",
                "name": "Acme",
                "amount": "12000.50",
                "currency": "USD",
                "expectedCloseDate": "2026-12-31",
                "stage": "proposal",
                "contactId": "c-1",
                "leadId": "lead-1",
                "createdAt": "2026-11-24T09:00:00Z",
            },
        ),
    ],
    ids=["contact", "opportunity"],
)
def test_a_document_goes_over_the_wire_in_camel_case_and_comes_back(document, wire):
    assert document.model_dump(mode="json") == wire
    assert read(type(document), wire) == document
