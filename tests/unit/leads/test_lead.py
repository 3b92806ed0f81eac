import dataclasses
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from leadkit.errors import InvalidInput
from leadkit.leads import Enriched, Lead, LeadStatus, Priority, ScoreLine, wire_name
from leadkit.leads.lead import trusted
from leadkit.values import read

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def lead(**fields):
    return Lead(**{"id": "lead-1", "email": "alice@example.com", "created_at": NOW, "updated_at": NOW, **fields})


def test_a_new_lead_has_the_defaults_of_its_field():
    fresh = lead()

    assert fresh.status is LeadStatus.NEW
    assert fresh.priority is Priority.MEDIUM
    assert (fresh.score, fresh.score_breakdown, fresh.scored_at) == (None, (), None)
    assert (fresh.properties, fresh.utm_params, fresh.enrichment) == ({}, {}, {})
    assert fresh.version == 1
    assert fresh.is_open


def test_a_lead_goes_over_the_wire_in_camel_case_and_comes_back_the_same():
    full = lead(
        first_name="Alice",
        pipeline_id="inbound",
        stage="new",
        stage_entered_at=NOW,
        status="qualified",
        qualified_at=NOW,
        qualified_by="user-7",
        priority="high",
        score=72.5,
        score_breakdown=[{"rule": "fit", "points": 72.5}],
        scored_at=NOW,
        utm_params={"utm_source": "ads"},
        properties={"team_size": 12, "tags": ["a"]},
        enrichment={"company": {"provider": "apollo", "value": "Acme", "at": "2026-11-24T09:00:00Z"}},
        version=3,
    )
    wire = full.model_dump()

    assert wire["firstName"] == "Alice"
    assert wire["qualifiedAt"] == "2026-11-24T09:00:00Z"
    assert wire["scoreBreakdown"] == [{"rule": "fit", "points": 72.5}]
    assert wire["enrichment"]["company"] == {"provider": "apollo", "value": "Acme", "at": "2026-11-24T09:00:00Z"}
    assert Lead.model_validate(wire) == full
    assert Lead.model_validate_json(full.model_dump_json()) == full
    assert full.score_breakdown == (ScoreLine(rule="fit", points=72.5),)
    assert full.enrichment["company"] == Enriched(provider="apollo", value="Acme", at=NOW)


def test_a_lead_tells_its_schema():
    schema = Lead.model_json_schema()

    assert schema["properties"]["firstName"]["anyOf"][0]["maxLength"] == 10_000
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"id", "createdAt", "updatedAt"}


@pytest.mark.parametrize("identity", [{"email": "a@b"}, {"phone": "555"}, {"external_id": "crm-7"}])
def test_one_identity_is_enough(identity):
    assert Lead(id="1", created_at=NOW, updated_at=NOW, **identity).id == "1"


def test_a_deleted_lead_needs_no_identity():
    assert Lead(id="1", created_at=NOW, updated_at=NOW, deleted_at=NOW).is_open is False


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": None}, "a lead needs an identity: email, phone or externalId"),
        ({"pipeline_id": "p"}, "pipelineId and stage go together"),
        ({"stage": "s"}, "pipelineId and stage go together"),
        ({"status": "qualified"}, "qualifiedAt is set exactly while the lead is qualified or converted"),
        ({"qualified_at": NOW}, "qualifiedAt is set exactly while the lead is qualified or converted"),
        (
            {"status": "converted", "converted_at": NOW},
            "qualifiedAt is set exactly while the lead is qualified or converted",
        ),
        ({"status": "disqualified"}, "disqualifiedAt is set exactly while the lead is disqualified"),
        ({"disqualified_at": NOW}, "disqualifiedAt is set exactly while the lead is disqualified"),
        ({"status": "converted", "qualified_at": NOW}, "convertedAt is set exactly while the lead is converted"),
        ({"converted_at": NOW}, "convertedAt is set exactly while the lead is converted"),
    ],
)
def test_what_contradicts_itself_is_no_lead(fields, message):
    with pytest.raises(ValidationError, match=message):
        lead(**fields)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"score": True}, "$.score: points are a number"),
        ({"version": 0}, "$.version: input should be greater than or equal to 1"),
        ({"version": True}, "$.version: input should be a valid integer"),
        ({"version": "1"}, "$.version: input should be a valid integer"),
        ({"status": "won"}, "$.status: input should be 'new', 'nurturing', 'qualified', 'disqualified' or 'converted'"),
        ({"priority": "urgent"}, "$.priority: input should be 'low', 'medium' or 'high'"),
        ({"company": "\x00"}, "$.company: text cannot hold a NUL character"),
        ({"properties": {"a": float("nan")}}, "$.properties: a must be a finite number"),
        ({"surname": "x"}, "$.surname: unknown key"),
        ({"created_at": datetime(2026, 1, 1)}, "$.created_at: a date-time needs a time zone"),
        ({"score_breakdown": [{"rule": "", "points": 1}]}, "$.score_breakdown[0].rule: string should have at least 1"),
    ],
)
def test_every_limit_is_the_models_own(fields, fault):
    with pytest.raises(InvalidInput) as caught:
        read(Lead, {"id": "1", "email": "a@b", "created_at": NOW, "updated_at": NOW, **fields})

    assert str(caught.value).startswith(fault)


def test_a_change_is_validated_like_a_new_lead():
    with pytest.raises(ValidationError):
        dataclasses.replace(lead(), status="qualified")


def test_a_lead_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        lead().email = "x@y"


def test_no_personal_value_stands_in_the_repr_of_a_lead():
    shown = repr(lead(first_name="Alice", pipeline_id="p", stage="s"))

    assert shown == "Lead(id='lead-1', status='new', stage='s', version=1)"


@pytest.mark.parametrize(
    ("status", "stamps", "open_"),
    [
        ("new", {}, True),
        ("nurturing", {}, True),
        ("qualified", {"qualified_at": NOW}, True),
        ("disqualified", {"disqualified_at": NOW}, False),
        ("converted", {"qualified_at": NOW, "converted_at": NOW}, False),
    ],
)
def test_a_lead_is_open_until_it_is_disqualified_converted_or_deleted(status, stamps, open_):
    assert lead(status=status, **stamps).is_open is open_
    assert lead(status=status, deleted_at=NOW, **stamps).is_open is False


def test_a_field_has_one_name_in_python_and_one_on_the_wire():
    assert wire_name("converted_to_contact_id") == "convertedToContactId"


def test_a_trusted_lead_is_the_one_that_its_values_came_from():
    first = lead(score=12.5, score_breakdown=[{"rule": "fit", "points": 12.5}], properties={"a": [1]})
    copy = trusted(Lead, [getattr(first, field.name) for field in dataclasses.fields(Lead)])

    assert copy == first
    assert type(copy) is Lead
    assert copy.model_dump() == first.model_dump()
    assert dataclasses.replace(copy, version=2).version == 2


def test_a_trusted_value_needs_every_field():
    with pytest.raises(TypeError):
        trusted(ScoreLine, ["fit"])
