from datetime import UTC, datetime

import pytest

from leadkit.conversion import DEFAULT_MAPPING, ContactFields, ContactMapping, given_by
from leadkit.errors import InvalidInput
from leadkit.leads import Lead
from leadkit.values import read

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LEAD = Lead(
    id="lead-1",
    email="alice@example.com",
    first_name="Alice",
    last_name="Doe",
    phone="+1 555 0100",
    company="Acme",
    external_id="crm-7",
    properties={"team_size": 5, "mobile": "+1 555 0199", "utm.source": "ads", "gone": None},
    utm_params={"source": "fair"},
    created_at=NOW,
    updated_at=NOW,
)


def given(fields, lead=LEAD):
    return given_by(lead, ContactMapping(fields=fields))


def fault_of(fields):
    with pytest.raises(InvalidInput) as caught:
        read(ContactMapping, {"fields": fields})
    return str(caught.value)


def test_by_default_a_contact_takes_over_the_fields_of_the_same_name():
    assert DEFAULT_MAPPING.fields == {
        name: name for name in ("email", "first_name", "last_name", "phone", "company", "properties")
    }
    assert given_by(LEAD, DEFAULT_MAPPING) == ContactFields(
        email="alice@example.com",
        first_name="Alice",
        last_name="Doe",
        phone="+1 555 0100",
        company="Acme",
        properties=LEAD.properties,
    )


def test_what_the_lead_has_not_is_not_given():
    lead = Lead(id="lead-1", external_id="crm-7", first_name="", last_name="  ", created_at=NOW, updated_at=NOW)

    assert given_by(lead, DEFAULT_MAPPING) == ContactFields()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"company": "external_id"}, {"company": "crm-7"}),
        ({"lastName": "firstName"}, {"last_name": "Alice"}),
        ({"phone": "properties.mobile"}, {"phone": "+1 555 0199"}),
        ({"properties.size": "properties.team_size"}, {"properties": {"size": 5}}),
        ({"properties.origin": "utmParams.source"}, {"properties": {"origin": "fair"}}),
        ({"properties.a.b": "properties.utm.source"}, {"properties": {"a.b": "ads"}}),
        ({"properties.level": "priority"}, {"properties": {"level": "medium"}}),
        ({"properties": "utm_params"}, {"properties": {"source": "fair"}}),
        ({"properties.crm": "externalId"}, {"properties": {"crm": "crm-7"}}),
        ({"company": "properties.gone", "properties.x": "properties.missing"}, {}),
        (
            {"properties.source": "company", "properties": "utm_params"},
            {"properties": {"source": "Acme"}},
        ),
        (
            {"properties": "utm_params", "properties.source": "company"},
            {"properties": {"source": "Acme"}},
        ),
        ({}, {}),
    ],
)
def test_a_mapping_says_what_becomes_what(fields, expected):
    assert given(fields) == ContactFields(**expected)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        (
            {"score": "company"},
            "a contact has no field `score`; possible are `company`, `email`, `first_name`, `last_name`, `phone`, ",
        ),
        ({"compny": "company"}, "a contact has no field `compny`; did you mean `company`?"),
        ({"company": "compny"}, "a lead has no field `compny`; did you mean `company`?"),
        ({"company.name": "company"}, "a contact has no field `company.name`; did you mean `company`?"),
        ({"properties.": "company"}, "a contact has no field `properties.`; did you mean `properties`?"),
        ({"company": "status"}, "a lead has no field `status`; possible are "),
        (
            {"company": "properties"},
            "`company` cannot take over `properties`: one of them is a free object and the other is not",
        ),
        (
            {"properties": "company"},
            "`properties` cannot take over `company`: one of them is a free object and the other is not",
        ),
        (
            {"properties.all": "properties"},
            "`properties.all` cannot take over `properties`: one of them is a free object and the other is not",
        ),
        (
            {"properties": "properties.team_size"},
            "`properties` cannot take over `properties.team_size`: one of them is a free object and the other is not",
        ),
        ({"first_name": "company", "firstName": "last_name"}, "`firstName` is the same as `first_name`"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(fields, fault):
    assert fault_of(fields).startswith(f"$.fields: {fault}")


def test_all_faults_of_a_mapping_are_told_at_once():
    assert fault_of({"compny": "company", "email": "emial", "phone": "phone"}) == (
        "$.fields: a contact has no field `compny`; did you mean `company`?; "
        "a lead has no field `emial`; did you mean `email`?"
    )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"phone": "company"}, "$.contact.phone: expected a phone number such as +1 555 0100"),
        ({"company": "properties.team_size"}, "$.contact.company: input should be a valid string"),
    ],
)
def test_a_value_that_a_contact_cannot_hold_is_told_by_its_field(fields, fault):
    with pytest.raises(InvalidInput) as caught:
        given(fields)
    assert str(caught.value) == fault


def test_the_lead_stays_as_it_is():
    before = LEAD.model_dump()
    given({"properties": "properties", "properties.extra": "company"})

    assert LEAD.model_dump() == before
