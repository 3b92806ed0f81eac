import dataclasses
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from leadkit.leads import Enriched, Lead, LeadStatus, Priority, ScoreLine
from leadkit.leads.lead import trusted
from leadkit.leads.making import LEAD_FIELDS, begun, remade, values_of

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def lead(**fields):
    return Lead(**{"id": "lead-1", "email": "alice@example.com", "created_at": NOW, "updated_at": NOW, **fields})


FULL = lead(
    first_name="Alice",
    pipeline_id="inbound",
    stage="new",
    status="qualified",
    qualified_at=NOW,
    score=72.5,
    score_breakdown=[{"rule": "fit", "points": 72.5}],
    properties={"tags": ["a"]},
    enrichment={"company": {"provider": "x", "value": "Acme", "at": NOW}},
    version=3,
)


def told(error):
    """What a person reads of it."""
    return sorted((fault["loc"], fault["type"], fault["msg"]) for fault in error.errors())


# --- trusted ----------------------------------------------------------------------------------------------------------


def test_the_fields_are_those_of_the_model_in_its_order():
    assert LEAD_FIELDS[0] == "id"
    assert tuple(Lead.__dataclass_fields__) == LEAD_FIELDS
    assert values_of(FULL) == tuple(getattr(FULL, name) for name in LEAD_FIELDS)


@pytest.mark.parametrize("kept", [FULL, lead()])
def test_a_lead_that_is_restored_is_the_lead_that_was_kept(kept):
    back = trusted(Lead, values_of(kept))

    assert back == kept
    assert back is not kept
    assert type(back) is Lead
    assert repr(back) == repr(kept)


def test_a_restored_lead_is_as_frozen_as_any():
    with pytest.raises(dataclasses.FrozenInstanceError):
        trusted(Lead, values_of(FULL)).score = 1


@pytest.mark.parametrize("values", [values_of(FULL)[:-1], (*values_of(FULL), None)])
def test_values_that_are_not_as_many_as_the_fields_restore_nothing(values):
    with pytest.raises(TypeError):
        trusted(Lead, values)


# --- remade -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"version": 4, "updated_at": LATER},
        {"score": 12.0, "score_breakdown": [{"rule": "fit", "points": 12}], "priority": "high"},
        {"status": "new", "qualified_at": None},
        {"status": LeadStatus.CONVERTED, "converted_at": LATER},
        {"email": None, "phone": "+1 555 0100"},
        {"properties": {"a": {"b": [1, 2.5, None]}}},
        {"enrichment": {"phone": Enriched(provider="x", value="1", at=NOW)}},
        {"deleted_at": LATER, "email": None},
        {"assigned_to": "user-9", "assigned_at": datetime(2026, 11, 24, 11, tzinfo=timezone(timedelta(hours=2)))},
    ],
)
def test_a_changed_lead_is_the_one_that_the_model_would_make(changes):
    made = remade(FULL, changes)

    assert made == dataclasses.replace(FULL, **changes)
    assert [type(value) for value in values_of(made)] == [
        type(value) for value in values_of(dataclasses.replace(FULL, **changes))
    ]


def test_values_are_brought_into_their_one_form():
    made = remade(FULL, {"score": 12.0, "priority": "low", "score_breakdown": [{"rule": "a", "points": 1.0}]})

    assert repr(made.score) == "12"
    assert made.priority is Priority.LOW
    assert made.score_breakdown == (ScoreLine(rule="a", points=1),)


def test_what_does_not_change_is_the_very_same():
    made = remade(FULL, {"version": 4})

    assert made.properties is FULL.properties
    assert FULL.version == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 0},
        {"version": True, "score": "1", "company": 5},
        {"email": "nobody"},
        {"email": None},
        {"status": "new"},
        {"status": "won"},
        {"stage": None},
        {"disqualified_at": NOW},
        {"converted_at": NOW},
        {"updated_at": datetime(2026, 1, 1)},
        {"properties": {"a": float("nan")}},
    ],
)
def test_a_change_that_the_model_refuses_is_refused_alike(changes):
    with pytest.raises(ValidationError) as ours:
        remade(FULL, changes)
    with pytest.raises(ValidationError) as theirs:
        dataclasses.replace(FULL, **changes)

    assert told(ours.value) == told(theirs.value)


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        ({"email": None, "phone": "555"}, {"phone": None}),
        ({"email": None, "external_id": "crm-7"}, {"external_id": None}),
        ({}, {"pipeline_id": "inbound"}),
        ({}, {"qualified_at": NOW}),
        ({"email": None, "deleted_at": NOW}, {"deleted_at": None}),
    ],
)
def test_every_field_that_others_hang_on_is_looked_at(fields, changes):
    with pytest.raises(ValidationError):
        remade(lead(**fields), changes)


def test_a_field_that_there_is_not_cannot_change():
    with pytest.raises(ValidationError) as caught:
        remade(FULL, {"surname": "x"})

    assert [fault["type"] for fault in caught.value.errors()] == ["unexpected_keyword_argument"]


# --- begun ------------------------------------------------------------------------------------------------------------

GIVEN = {"id": "lead-1", "created_at": NOW, "updated_at": NOW}


def test_a_lead_begins_with_what_was_read_and_what_is_read_now():
    made = begun({"email": "alice@example.com", "priority": Priority.HIGH}, {**GIVEN, "stage": None})

    assert made == lead(priority="high")
    assert list(values_of(made)) == list(values_of(lead(priority="high")))


def test_every_lead_has_its_own_enrichment():
    first, second = (begun({"email": "a@example.com"}, GIVEN) for _ in range(2))

    assert first.enrichment is not second.enrichment


def test_what_was_read_is_not_read_again():
    properties = {"a": 1}

    assert begun({"email": "a@example.com", "properties": properties}, GIVEN).properties is properties


@pytest.mark.parametrize(
    ("read", "given", "fault"),
    [
        ({"email": "a@b"}, {"id": " x"}, "an identifier holds no control characters"),
        ({"email": "a@b"}, {"created_at": datetime(2026, 1, 1)}, "a date-time needs a time zone"),
        ({}, {}, "a lead needs an identity"),
        ({"email": "a@b", "pipeline_id": "p"}, {"stage": None}, "pipelineId and stage go together"),
    ],
)
def test_a_lead_that_the_model_refuses_does_not_begin(read, given, fault):
    with pytest.raises(ValidationError, match=fault):
        begun(read, {**GIVEN, **given})
