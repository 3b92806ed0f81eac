import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from leadkit.errors import InvalidInput
from leadkit.leads import (
    EVENTS,
    Context,
    Event,
    Lead,
    NewLead,
    ScoreLine,
    commands,
    create,
    decide,
    event_schema,
    fold,
)
from leadkit.leads.erasure import is_erased, redacted
from leadkit.leads.events import wire_changes, wire_lead, wire_value

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CONTEXT = Context(now=NOW, actor="user-7")


def event(type_="lead.updated", sequence=2, lead_id="lead-1", **data):
    return Event(type=type_, lead_id=lead_id, sequence=sequence, time=NOW, actor="user-7", data=data)


def test_the_catalogue_is_the_designs_and_the_deletion():
    assert set(EVENTS) == {
        f"lead.{name}"
        for name in (
            "created updated assigned scored qualified disqualified nurtured reopened converted stage_changed "
            "enriched merged deleted erased"
        ).split()
    }
    assert all(kind.meaning.endswith(".") for kind in EVENTS.values())


def test_every_event_has_a_schema_of_its_data():
    assert set(event_schema("lead.scored")["properties"]) == {
        "changes",
        "score",
        "scoreBreakdown",
        "previousScore",
        "ruleset",
    }
    assert "lead" in event_schema("lead.created")["properties"]


def test_an_event_travels_as_a_cloud_event():
    assert event(changes={"a": 1}).cloudevent(org="acme", source="https://crm.example.com") == {
        "specversion": "1.0",
        "id": "lead-1.2",
        "source": "https://crm.example.com/acme",
        "type": "lead.updated",
        "subject": "lead-1",
        "time": "2026-11-24T09:00:00Z",
        "datacontenttype": "application/json",
        "sequence": "2",
        "sequencetype": "Integer",
        "orgid": "acme",
        "actor": "user-7",
        "data": {"changes": {"a": 1}},
    }
    assert event().cloudevent(org="acme")["source"] == "/leadkit/acme"


def test_no_personal_value_stands_in_the_repr_of_an_event_or_a_command():
    assert "secret" not in repr(event(changes={"email": "secret"}))
    assert "secret" not in repr(commands.Update(changes={"email": "secret"}))
    assert "secret" not in repr(commands.Qualify(notes="secret"))
    assert "secret" not in repr(commands.Enrich(changes={"a": "secret"}, provenance={"a": "secret"}))


def test_the_fields_of_a_lead_are_written_as_plain_json_under_their_names_on_the_wire():
    lead = Lead(
        id="lead-1",
        external_id="crm-1",
        priority="high",
        score=1,
        scored_at=NOW,
        score_breakdown=[{"rule": "a", "points": 1}],
        enrichment={"company": {"provider": "x", "value": "Acme", "at": NOW}},
        utm_params={"a": [1]},
        version=2,
        created_at=NOW,
        updated_at=NOW,
    )
    names = ["scored_at", "priority", "score_breakdown", "enrichment", "utm_params", "version", "email"]

    written = wire_changes(lead, names)

    assert list(written.items()) == [
        ("scoredAt", "2026-11-24T09:00:00Z"),
        ("priority", "high"),
        ("scoreBreakdown", [{"rule": "a", "points": 1}]),
        ("enrichment", {"company": {"provider": "x", "value": "Acme", "at": "2026-11-24T09:00:00Z"}}),
        ("utmParams", {"a": [1]}),
        ("version", 2),
        ("email", None),
    ]
    assert type(written["priority"]) is str
    assert written["utmParams"] is not lead.utm_params


class OwnDatetime(datetime):
    """A host's own kind of datetime."""


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (OwnDatetime(2026, 11, 24, 9, tzinfo=UTC), "2026-11-24T09:00:00Z"),
        (Decimal("1.50"), Decimal("1.50")),
        (
            {"a": [{"b": NOW}, (ScoreLine(rule="a", points=1),), 2.5]},
            {"a": [{"b": "2026-11-24T09:00:00Z"}, [{"rule": "a", "points": 1}], 2.5]},
        ),
    ],
)
def test_a_value_is_written_by_what_it_is(value, written):
    assert wire_value(value) == written


def test_what_is_written_can_be_changed_without_changing_the_lead():
    tags = {"tags": ["a"]}
    wire_value(tags)["tags"].append("b")

    assert tags == {"tags": ["a"]}


def every_field(**fields):
    """A lead with something in every field that can stand beside the others."""
    texts = ("first_name", "last_name", "phone", "company", "external_id", "pipeline_id", "stage", "source", "referrer")
    texts += ("campaign_id", "assigned_to", "qualified_by", "disqualified_by", "qualification_reason")
    texts += ("converted_to_contact_id", "converted_to_opportunity_id", "origin_contact_id")
    moments = ("scored_at", "assigned_at", "stage_entered_at", "deleted_at", "created_at", "updated_at")
    given = {**dict.fromkeys(texts, "1"), **dict.fromkeys(moments, NOW)}
    given |= {"id": "lead-1", "email": "a@b", "score": 1.5, "score_breakdown": [{"rule": "a", "points": 1.5}]}
    given |= {"properties": {"a": [1]}, "utm_params": {"b": {"c": None}}, "version": 7, "priority": "high"}
    given |= {"enrichment": {"company": {"provider": "x", "value": "Acme", "at": NOW}}}
    return Lead(**given, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "converted", "qualified_at": NOW, "converted_at": NOW},
        {"status": "disqualified", "disqualified_at": NOW},
    ],
)
def test_a_whole_lead_is_written_as_it_dumps_itself(fields):
    lead = every_field(**fields)

    assert len([value for value in lead.model_dump().values() if value is None]) <= 2
    assert wire_lead(lead) == lead.model_dump()
    assert list(wire_lead(lead)) == list(lead.model_dump())
    assert json.loads(json.dumps(wire_lead(lead))) == wire_lead(lead)
    assert {type(value) for value in wire_lead(lead).values()} <= {str, int, float, dict, list, type(None)}


def history():
    began = create(NewLead(email="alice@example.com", company="Acme"), id="lead-1", context=CONTEXT)
    done = decide(began.lead, commands.Qualify(reason="fit"), CONTEXT)
    return [*began.events, *done.events], done.lead


def test_the_events_of_a_lead_fold_into_the_lead():
    events, lead = history()

    assert fold(events) == lead


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda events: [], "$: the first event must be lead.created"),
        (lambda events: events[1:], "$[0]: expected event 1 of one lead, found lead-1.2"),
        (lambda events: [events[0], events[0]], "$[1]: expected event 2 of one lead, found lead-1.1"),
        (lambda events: [events[0], event(lead_id="other")], "$[1]: expected event 2 of one lead, found other.2"),
        (lambda events: [event(sequence=1, changes={})], "$: the first event must be lead.created"),
    ],
)
def test_a_history_with_a_gap_is_refused_with_the_place(broken, message):
    with pytest.raises(InvalidInput) as caught:
        fold(broken(history()[0]))

    assert str(caught.value) == message
    assert [fault.code for fault in caught.value.faults] == ["sequence"]


def test_a_redacted_history_tells_what_happened_and_nothing_of_the_person():
    events, lead = history()
    erased = decide(lead, commands.Erase(), CONTEXT)
    told = [redacted(each) for each in (*events, *erased.events)]

    assert "alice" not in str([each.data for each in told])
    assert "Acme" not in str([each.data for each in told])
    assert [each.type for each in told] == ["lead.created", "lead.qualified", "lead.erased"]
    assert told[1].data["reason"] is None
    assert told[1].data["changes"]["status"] == "qualified"
    assert fold(told) == erased.lead
    assert is_erased(erased.lead)
    assert not is_erased(lead)
    assert [redacted(each) for each in told] == told


def test_redaction_leaves_the_original_as_it_is_and_other_values_in_place():
    told = event(changes={"email": "a@b", "source": "web"}, previous="user-1", reason="said so")

    assert redacted(told).data == {"changes": {"email": None, "source": "web"}, "previous": "user-1", "reason": None}
    assert told.data["changes"]["email"] == "a@b"
    assert "reason" not in redacted(event(changes={})).data
