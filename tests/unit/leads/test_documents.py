import dataclasses
from datetime import UTC, datetime

import pytest

from leadkit.errors import InvalidInput, ProtectedField
from leadkit.leads import PROTECTED, WRITABLE, Lead, LeadPatch, NewLead, protect, read_new_lead, read_patch, wire_name

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LEAD = Lead(
    id="lead-1",
    email="alice@example.com",
    company="Acme",
    properties={"plan": "pro", "size": 1, "gone": None},
    created_at=NOW,
    updated_at=NOW,
)


def test_every_field_of_a_lead_is_writable_or_has_a_command():
    fields = {field.name for field in dataclasses.fields(Lead)}

    assert set(WRITABLE) | set(PROTECTED) == fields
    assert not set(WRITABLE) & set(PROTECTED)
    assert set(LeadPatch.model_fields) == set(WRITABLE)
    assert set(NewLead.model_fields) == {*WRITABLE, "pipeline_id", "stage"}


@pytest.mark.parametrize("name", sorted(set(PROTECTED) - {"pipeline_id", "stage"}))
@pytest.mark.parametrize("reading", [read_new_lead, read_patch])
@pytest.mark.parametrize("spelling", [str, wire_name])
def test_no_field_with_a_command_behind_it_can_be_written(reading, name, spelling):
    with pytest.raises(ProtectedField) as caught:
        reading({"email": "a@b", spelling(name): "x"})

    assert caught.value.fields == (spelling(name),)
    assert caught.value.commands == (PROTECTED[name],)


@pytest.mark.parametrize("name", ["pipelineId", "pipeline_id", "stage"])
def test_the_place_in_a_pipeline_is_given_at_the_start_and_then_changes_by_moving(name):
    assert read_new_lead({"email": "a@b", "pipelineId": "p", "stage": "s"}).stage == "s"
    with pytest.raises(ProtectedField) as caught:
        read_patch({name: "x"})
    assert caught.value.commands == ("move",)


def test_all_protected_fields_of_a_document_are_named_at_once():
    with pytest.raises(ProtectedField) as caught:
        protect({"status": 1, "email": 2, "score": 3})

    assert caught.value.fields == ("status", "score")
    assert caught.value.commands == ("qualify, disqualify, nurture, reopen or convert", "score")
    protect({"status": 1}, allowed=frozenset({"status"}))


@pytest.mark.parametrize(
    ("sent", "faults"),
    [
        ({"company": "x"}, ["$: a lead needs an identity: email, phone or externalId"]),
        ({"email": "a@b", "stage": "s"}, ["$: a stage needs its pipelineId"]),
        (
            {"email": "ab", "emial": 1},
            [
                "$.email: expected an e-mail address such as alice@example.com",
                "$.emial: unknown key; did you mean `email`?",
            ],
        ),
        ([], ["$: expected an object"]),
        (None, ["$: expected an object"]),
    ],
)
def test_a_bad_new_lead_is_refused_with_every_fault(sent, faults):
    with pytest.raises(InvalidInput) as caught:
        read_new_lead(sent)

    assert [str(fault) for fault in caught.value.faults] == faults


def test_what_is_no_object_is_refused_by_its_type():
    with pytest.raises(InvalidInput) as caught:
        read_new_lead([])

    assert [fault.code for fault in caught.value.faults] == ["type"]


def test_documents_are_taken_as_they_are():
    new, patch = NewLead(email="a@b"), LeadPatch(company="x")

    assert read_new_lead(new) is new
    assert read_patch(patch) is patch


@pytest.mark.parametrize("identity", ["email", "phone", "externalId"])
def test_any_identity_makes_a_new_lead(identity):
    assert read_new_lead({identity: "5@5"}).priority.value == "medium"


@pytest.mark.parametrize(
    ("sent", "changes"),
    [
        ({}, {}),
        ({"company": "Acme"}, {}),
        ({"company": "Bolt"}, {"company": "Bolt"}),
        ({"company": None}, {"company": None}),
        ({"phone": None}, {}),
        ({"priority": "medium"}, {}),
        ({"priority": "high"}, {"priority": "high"}),
        ({"properties": {}}, {}),
        ({"properties": {"plan": "pro"}}, {}),
        ({"properties": {"plan": None}}, {"properties": {"size": 1, "gone": None}}),
        ({"properties": {"absent": None}}, {}),
        ({"properties": {"size": 2}}, {"properties": {"plan": "pro", "size": 2, "gone": None}}),
        ({"properties": {"size": True}}, {"properties": {"plan": "pro", "size": True, "gone": None}}),
        ({"properties": {"size": 1.0}}, {"properties": {"plan": "pro", "size": 1.0, "gone": None}}),
        ({"utmParams": {"a": 1}}, {"utm_params": {"a": 1}}),
    ],
)
def test_a_patch_answers_what_differs_and_leaves_the_rest(sent, changes):
    found = read_patch(sent).applied_to(LEAD)

    assert found == changes
    assert repr(found.get("properties")) == repr(changes.get("properties"))


@pytest.mark.parametrize("name", ["priority", "properties", "utmParams"])
def test_what_must_have_a_value_cannot_be_cleared(name):
    with pytest.raises(InvalidInput) as caught:
        read_patch({name: None})

    assert str(caught.value) == f"$.{name}: cannot be null; leave it out to keep it as it is"


def test_no_personal_value_stands_in_the_repr_of_what_was_sent():
    assert repr(NewLead(email="alice@example.com", company="x")) == "NewLead(sent=['company', 'email'])"
    assert repr(LeadPatch(email="alice@example.com")) == "LeadPatch(sent=['email'])"
