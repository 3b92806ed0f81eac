"""What conversion promises: nothing of a contact is replaced, nothing of a lead is lost, and again is the same."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from leadkit.conversion import (
    Contact,
    ContactMapping,
    ConversionRequest,
    conversion_of,
    given_by,
    lead_from_contact,
    opportunity_of,
    plan_conversion,
)
from leadkit.errors import InvalidTransition
from leadkit.leads import Context, ConversionPolicy, Lead, LeadStatus, NewLead, decide
from leadkit.values import canonical_json

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIELDS = ("email", "first_name", "last_name", "phone", "company")

keys = st.sampled_from(["size", "title", "a.b"])
plain = st.none() | st.booleans() | st.integers(-5, 5) | st.text(st.characters(codec="ascii", exclude_categories=["C"]))
people = st.fixed_dictionaries(
    {"properties": st.dictionaries(keys, plain, max_size=3)},
    optional={
        "email": st.sampled_from(["a@example.com", "A@Example.com"]),
        "first_name": st.sampled_from(["Ann", " ", ""]),
        "last_name": st.sampled_from(["Doe", "Roe"]),
        "phone": st.sampled_from(["5", "+1 555 0100"]),
        "company": st.sampled_from(["Acme", "", "  "]),
    },
)
policies = st.sampled_from(ConversionPolicy)
requests = st.builds(ConversionRequest, create_opportunity=st.sampled_from([None, True, False]))
STAMPS = {
    "qualified": {"qualified_at": NOW},
    "disqualified": {"disqualified_at": NOW},
    "converted": {"qualified_at": NOW, "converted_at": NOW, "converted_to_contact_id": "c-0"},
}


@st.composite
def leads(draw, statuses=tuple(LeadStatus)):
    status = draw(st.sampled_from(statuses)).value
    return Lead(
        id="lead-1",
        external_id="crm-1",
        status=status,
        created_at=NOW,
        updated_at=NOW,
        **STAMPS.get(status, {}),
        **draw(people),
    )


contacts = people.map(lambda fields: Contact(id="c-1", created_at=NOW, **fields))
open_leads = leads([LeadStatus.NEW, LeadStatus.NURTURING, LeadStatus.QUALIFIED])
AUTO = Context(now=NOW, actor="user-7", conversion=ConversionPolicy.AUTO_QUALIFY)


def is_blank(value):
    return value is None or (isinstance(value, str) and not value.strip())


@given(leads(), requests, policies)
def test_a_plan_is_made_exactly_where_the_lifecycle_allows_a_conversion(lead, request, policy):
    context = Context(now=NOW, actor="user-7", conversion=policy)
    allowed = (
        lead.status is LeadStatus.QUALIFIED
        or (lead.status in (LeadStatus.NEW, LeadStatus.NURTURING) and policy is ConversionPolicy.AUTO_QUALIFY)
        or lead.status is LeadStatus.CONVERTED
    )
    try:
        plan = plan_conversion(lead, [], ConversionRequest(), context)
    except InvalidTransition:
        assert not allowed
    else:
        assert allowed
        assert plan.done == (lead.status is LeadStatus.CONVERTED)


@given(open_leads, contacts)
def test_nothing_that_a_contact_holds_is_replaced_and_what_it_lacks_is_filled(lead, contact):
    plan = plan_conversion(lead, [contact], ConversionRequest(), AUTO)
    filled = contact.model_copy(update=plan.fill)

    assert Contact.model_validate(filled.model_dump()) == filled
    for name in FIELDS:
        before, ours, after = getattr(contact, name), getattr(lead, name), getattr(filled, name)
        assert after == (ours if is_blank(before) and not is_blank(ours) else before)
    for key in {*contact.properties, *lead.properties}:
        before, ours = contact.properties.get(key), lead.properties.get(key)
        expected = ours if before is None else before
        assert canonical_json(filled.properties.get(key)) == canonical_json(expected)


@given(open_leads, contacts)
def test_a_contact_that_was_filled_has_nothing_left_to_fill(lead, contact):
    plan = plan_conversion(lead, [contact], ConversionRequest(), AUTO)
    filled = contact.model_copy(update=plan.fill)
    again = plan_conversion(lead, [filled], ConversionRequest(), AUTO).fill

    assert contact.model_copy(update={**plan.fill, **again}) == filled


@given(open_leads)
def test_a_new_contact_holds_what_the_lead_held(lead):
    made = plan_conversion(lead, [], ConversionRequest(), AUTO).contact(id="c-9", now=NOW)

    for name in FIELDS:
        ours = getattr(lead, name)
        assert getattr(made, name) == (None if is_blank(ours) else ours)
    assert made.properties == lead.properties
    assert made.model_dump(exclude={"id", "created_at"}) == given_by(lead, ContactMapping(fields=IDENTITY)).model_dump()


IDENTITY = {name: name for name in (*FIELDS, "properties")}


@given(open_leads, requests, contacts | st.none())
def test_what_was_converted_once_converts_to_the_same_again(lead, request, contact):
    candidates = [] if contact is None else [contact]
    plan = plan_conversion(lead, candidates, request, AUTO)
    contact_id = plan.contact_id or plan.contact(id="c-9", now=NOW).id
    made = opportunity_of(plan, lead, id="o-1", contact_id=contact_id, now=NOW)
    assert (made is not None) == request.wants_opportunity
    converted = decide(lead, conversion_of(lead, contact_id, made), AUTO).lead

    again = plan_conversion(converted, [], request, AUTO)
    assert (again.done, again.contact_id) == (True, contact_id)
    assert decide(converted, conversion_of(converted, contact_id, made), AUTO).lead is converted


@given(contacts, st.lists(leads(), max_size=4), st.sampled_from([None, "inbound"]))
def test_a_contact_becomes_an_open_lead_or_a_new_one_that_can_be_captured(contact, known, pipeline_id):
    found = lead_from_contact(contact, known, pipeline_id=pipeline_id)

    if isinstance(found, NewLead):
        assert pipeline_id is not None or not any(lead.is_open for lead in known)
        assert (found.email, found.phone, found.properties) == (contact.email, contact.phone, contact.properties)
    else:
        assert found.is_open
        assert any(found is lead for lead in known)
