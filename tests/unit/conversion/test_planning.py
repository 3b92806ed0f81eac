from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest

from leadkit.conversion import (
    Contact,
    ContactFields,
    ContactMapping,
    ConversionPlan,
    ConversionRequest,
    NewOpportunity,
    Opportunity,
    contact_key,
    conversion_of,
    opportunity_key,
    opportunity_of,
    plan_conversion,
)
from leadkit.errors import AmbiguousContact, ConversionConflict, InvalidInput, InvalidTransition, NotFound
from leadkit.leads import Context, ConversionPolicy, Lead, commands

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CONTEXT = Context(now=NOW, actor="user-7")
AUTO = Context(now=NOW, actor="user-7", conversion=ConversionPolicy.AUTO_QUALIFY)
STAMPS = {
    "new": {},
    "nurturing": {},
    "qualified": {"qualified_at": NOW},
    "disqualified": {"disqualified_at": NOW},
    "converted": {"qualified_at": NOW, "converted_at": NOW, "converted_to_contact_id": "c-1"},
}
BARE = ConversionRequest()
DEAL = ConversionRequest(create_opportunity=True)


def lead(status="qualified", **fields):
    known = {"email": "alice@example.com", "company": "Acme", "properties": {"plan": "pro"}}
    return Lead(
        **{"id": "lead-1", "status": status, "created_at": NOW, "updated_at": NOW, **STAMPS[status], **known, **fields}
    )


def contact(id="c-1", **fields):
    return Contact(id=id, created_at=NOW, **fields)


# --- the lifecycle ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "context"),
    [("new", CONTEXT), ("nurturing", CONTEXT), ("disqualified", CONTEXT), ("disqualified", AUTO)],
)
def test_a_lead_that_may_not_convert_is_refused_before_anything_is_made(status, context):
    with pytest.raises(InvalidTransition) as caught:
        plan_conversion(lead(status), [contact(), contact("c-2")], BARE, context)
    assert (caught.value.status, caught.value.command) == (status, "convert")


@pytest.mark.parametrize("status", ["qualified", "converted"])
def test_a_deleted_lead_is_refused(status):
    with pytest.raises(InvalidTransition, match="a deleted lead cannot be asked to convert"):
        plan_conversion(lead(status, deleted_at=NOW), [], BARE, CONTEXT)


@pytest.mark.parametrize("status", ["new", "nurturing", "qualified"])
def test_where_the_policy_qualifies_by_itself_every_open_lead_converts(status):
    assert plan_conversion(lead(status), [], BARE, AUTO).done is False


# --- the contact -----------------------------------------------------------------------------------------------------


def test_without_a_match_a_contact_is_made():
    plan = plan_conversion(lead(), [], BARE, CONTEXT)

    given = ContactFields(email="alice@example.com", company="Acme", properties={"plan": "pro"})
    assert plan == ConversionPlan(new_contact=given)
    assert plan.contact(id="c-9", now=NOW) == Contact(
        id="c-9", email="alice@example.com", company="Acme", properties={"plan": "pro"}, created_at=NOW
    )


def test_a_lead_without_an_address_becomes_a_contact_without_one():
    plan = plan_conversion(lead(email=None, phone="555 0100"), [], BARE, CONTEXT)

    assert plan.contact_id is None
    assert plan.new_contact == ContactFields(phone="555 0100", company="Acme", properties={"plan": "pro"})


def test_one_match_is_linked_and_its_empty_fields_are_filled():
    known = contact(email="ALICE@example.com", first_name="Alice", last_name=" ", phone="1", properties={"size": 3})
    plan = plan_conversion(lead(first_name="Ally", last_name="Doe", phone="2"), [known], BARE, CONTEXT)

    assert plan == ConversionPlan(
        contact_id="c-1",
        fill={"last_name": "Doe", "company": "Acme", "properties": {"size": 3, "plan": "pro"}},
    )


@pytest.mark.parametrize(
    ("theirs", "ours", "filled"),
    [
        ({}, {"plan": "pro"}, {"plan": "pro"}),
        ({"plan": "free"}, {"plan": "pro"}, None),
        ({"plan": None, "size": 1}, {"plan": "pro"}, {"plan": "pro", "size": 1}),
        ({"plan": ""}, {"plan": "pro"}, None),
        ({"plan": False}, {"plan": True}, None),
        ({"plan": "free"}, {}, None),
        ({}, {"plan": None}, {"plan": None}),
    ],
)
def test_properties_are_filled_key_by_key(theirs, ours, filled):
    known = contact(email="alice@example.com", company="Acme", properties=theirs)
    plan = plan_conversion(lead(properties=ours), [known], BARE, CONTEXT)

    assert plan.fill == ({} if filled is None else {"properties": filled})


def test_a_contact_with_nothing_empty_is_left_alone():
    known = contact(email="other@example.com", company="Bolt", properties={"plan": "free"})

    assert plan_conversion(lead(), [known], BARE, CONTEXT).fill == {}


def test_what_contact_and_lead_hold_together_must_fit_into_a_contact():
    known = contact(email="alice@example.com", properties={f"theirs{n}": "x" * 9_000 for n in range(6)})
    ours = lead(properties={f"ours{n}": "x" * 9_000 for n in range(6)})
    with pytest.raises(InvalidInput) as caught:
        plan_conversion(ours, [known], BARE, CONTEXT)
    assert str(caught.value) == "$.contact.properties: larger than 64 KiB"


def test_of_several_matches_the_caller_must_name_one():
    with pytest.raises(AmbiguousContact) as caught:
        plan_conversion(lead(), [contact("c-1"), contact("c-2")], BARE, CONTEXT)
    assert caught.value.candidates == ("c-1", "c-2")


def test_the_contact_that_is_named_is_taken():
    named = ConversionRequest(contact_id="c-2")
    plan = plan_conversion(lead(), [contact("c-1"), contact("c-2", company="Bolt")], named, CONTEXT)

    assert plan.contact_id == "c-2"
    assert plan.fill == {"email": "alice@example.com", "properties": {"plan": "pro"}}


def test_a_contact_that_does_not_exist_cannot_be_named():
    with pytest.raises(NotFound) as caught:
        plan_conversion(lead(), [contact("c-1")], ConversionRequest(contact_id="c-3"), CONTEXT)
    assert (caught.value.kind, caught.value.id, caught.value.known) == ("contact", "c-3", ("c-1",))


def test_a_mapping_of_the_host_is_followed():
    mapping = ContactMapping(fields={"email": "email", "properties.plan_code": "properties.plan"})
    plan = plan_conversion(lead(), [], BARE, CONTEXT, mapping=mapping)

    assert plan.new_contact == ContactFields(email="alice@example.com", properties={"plan_code": "pro"})


def test_a_value_that_a_contact_cannot_hold_is_refused_before_anything_is_made():
    mapping = ContactMapping(fields={"phone": "properties.plan"})
    with pytest.raises(InvalidInput, match=r"\$\.contact\.phone"):
        plan_conversion(lead(), [], BARE, CONTEXT, mapping=mapping)


# --- the opportunity -------------------------------------------------------------------------------------------------


def test_without_being_asked_no_opportunity_is_made():
    plan = plan_conversion(lead(), [], BARE, CONTEXT)

    assert plan.opportunity is None
    assert opportunity_of(plan, lead(), id="o-1", contact_id="c-1", now=NOW) is None


def test_an_opportunity_is_made_as_it_is_described():
    deal = NewOpportunity(
        name="Big", amount=Decimal(5), currency="EUR", expected_close_date=date(2026, 12, 31), stage="proposal"
    )
    plan = plan_conversion(lead(), [], ConversionRequest(opportunity=deal), CONTEXT)

    assert plan.opportunity is deal
    assert opportunity_of(plan, lead(), id="o-1", contact_id="c-1", now=NOW) == Opportunity(
        id="o-1",
        name="Big",
        amount=Decimal(5),
        currency="EUR",
        expected_close_date=date(2026, 12, 31),
        stage="proposal",
        contact_id="c-1",
        lead_id="lead-1",
        created_at=NOW,
    )


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"company": " Acme ", "first_name": "Alice"}, "Acme"),
        ({"company": "  ", "first_name": "Alice", "last_name": "Doe"}, "Alice Doe"),
        ({"company": None, "first_name": "Alice"}, "Alice"),
        ({"company": None, "last_name": "Doe"}, "Doe"),
        ({"company": None}, "alice@example.com"),
        ({"company": None, "email": None, "phone": "555 0100", "external_id": "crm-7"}, "555 0100"),
        ({"company": None, "email": None, "external_id": "crm-7"}, "crm-7"),
        ({"company": "x" * 201}, "x" * 200),
    ],
)
def test_an_opportunity_without_a_name_is_called_after_the_lead(fields, name):
    plan = plan_conversion(lead(**fields), [], DEAL, CONTEXT)

    assert plan.opportunity == NewOpportunity(name=name)


def test_what_is_said_of_an_opportunity_without_a_name_is_kept():
    deal = NewOpportunity(amount=Decimal(5), currency="EUR")
    plan = plan_conversion(lead(), [contact()], ConversionRequest(opportunity=deal), CONTEXT)

    assert plan.opportunity == NewOpportunity(name="Acme", amount=Decimal(5), currency="EUR")


# --- again -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "made"),
    [
        (BARE, None),
        (BARE, "o-1"),
        (DEAL, "o-1"),
        (ConversionRequest(contact_id="c-1"), None),
        (ConversionRequest(contact_id="c-1", create_opportunity=True), "o-1"),
    ],
)
def test_converting_again_does_nothing(request_, made):
    done = lead("converted", converted_to_opportunity_id=made)

    # Whatever contacts carry the address by now, the lead became the one that it became.
    candidates = [contact("c-2"), contact("c-3")]
    assert plan_conversion(done, candidates, request_, CONTEXT) == ConversionPlan(done=True, contact_id="c-1")


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (DEAL, "lead 'lead-1' is converted already: no opportunity was made with it"),
        (
            ConversionRequest(opportunity=NewOpportunity(name="Big")),
            "lead 'lead-1' is converted already: no opportunity was made with it",
        ),
        (ConversionRequest(contact_id="c-2"), "lead 'lead-1' is converted already: it became contact 'c-1'"),
    ],
)
def test_a_converted_lead_cannot_be_converted_in_another_way(request_, message):
    with pytest.raises(ConversionConflict) as caught:
        plan_conversion(lead("converted"), [contact("c-2")], request_, CONTEXT)
    assert str(caught.value) == message


def test_the_keys_of_a_lead_are_the_same_for_every_attempt():
    assert contact_key("lead-1") == "lead:lead-1:contact"
    assert opportunity_key("lead-1") == "lead:lead-1:opportunity"


# --- what is recorded ------------------------------------------------------------------------------------------------

MADE = Opportunity(id="o-1", name="Acme", contact_id="c-1", lead_id="lead-1", created_at=NOW)


def test_what_the_gateway_made_is_recorded():
    assert conversion_of(lead(), "c-1", None) == commands.Convert(contact_id="c-1", opportunity_id=None)
    assert conversion_of(lead(), "c-1", MADE) == commands.Convert(contact_id="c-1", opportunity_id="o-1")


def test_an_opportunity_that_an_earlier_attempt_made_with_another_contact_is_a_conflict():
    with pytest.raises(ConversionConflict) as caught:
        conversion_of(lead(), "c-2", MADE)
    assert str(caught.value) == (
        "lead 'lead-1' is converted already: an earlier attempt made its opportunity with contact 'c-1'; name that one"
    )


def test_a_plan_shows_nothing_of_the_person():
    plan = plan_conversion(lead(), [contact()], DEAL, CONTEXT)

    assert "alice" not in repr(plan)
    assert "alice" not in repr(attrs.evolve(plan, new_contact=ContactFields(email="alice@example.com")))
