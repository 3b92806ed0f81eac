from datetime import UTC, datetime

import pytest

from leadkit.conversion import Contact, lead_from_contact
from leadkit.leads import Lead, NewLead

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CONTACT = Contact(
    id="c-1",
    email="alice@example.com",
    first_name="Alice",
    last_name="Doe",
    phone="+1 555 0100",
    company="Acme",
    properties={"plan": "pro"},
    created_at=NOW,
)


def lead(id, pipeline="inbound", **fields):
    place = {} if pipeline is None else {"pipeline_id": pipeline, "stage": "new"}
    return Lead(id=id, email="alice@example.com", created_at=NOW, updated_at=NOW, **place, **fields)


CLOSED = [
    lead("lost", status="disqualified", disqualified_at=NOW),
    lead("won", status="converted", qualified_at=NOW, converted_at=NOW),
    lead("gone", deleted_at=NOW),
]


def test_a_contact_becomes_its_open_lead_in_that_pipeline():
    first, second = lead("first"), lead("second")

    assert lead_from_contact(CONTACT, [lead("other", "partners"), first, second], pipeline_id="inbound") is first


def test_without_a_pipeline_it_becomes_whichever_lead_of_it_is_open():
    first = lead("first", "partners")

    assert lead_from_contact(CONTACT, [*CLOSED, first, lead("second", None)]) is first


@pytest.mark.parametrize(
    "leads", [[], CLOSED, [lead("other", "partners"), lead("nowhere", None)]], ids=["none", "closed", "elsewhere"]
)
def test_else_it_becomes_a_new_lead(leads):
    assert lead_from_contact(CONTACT, iter(leads), pipeline_id="inbound", stage="new") == NewLead(
        email="alice@example.com",
        first_name="Alice",
        last_name="Doe",
        phone="+1 555 0100",
        company="Acme",
        properties={"plan": "pro"},
        pipeline_id="inbound",
        stage="new",
    )


@pytest.mark.parametrize(
    ("known", "external_id"),
    [
        ({"email": "a@example.com"}, None),
        ({"phone": "555 0100"}, None),
        ({"first_name": "Alice"}, "c-1"),
    ],
)
def test_a_contact_that_cannot_be_reached_is_recognised_by_its_id(known, external_id):
    new = lead_from_contact(Contact(id="c-1", created_at=NOW, **known), [])

    assert isinstance(new, NewLead)
    assert new.external_id == external_id
    assert new.pipeline_id is None
