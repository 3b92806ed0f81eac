from datetime import UTC, datetime

import pytest

from leadkit.activities import COMMON_TYPES, Activity, NewActivity, enter_activity, linked, noted
from leadkit.errors import InvalidInput
from leadkit.leads import Context, Decision, Lead, commands, decide
from leadkit.values import read

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
EARLIER = datetime(2026, 11, 20, tzinfo=UTC)
LEAD = Lead(id="lead-1", email="alice@example.com", created_at=EARLIER, updated_at=EARLIER)
CONVERTED = Lead(
    id="lead-2",
    email="bob@example.com",
    status="converted",
    qualified_at=EARLIER,
    converted_at=EARLIER,
    converted_to_contact_id="c-1",
    converted_to_opportunity_id="o-1",
    created_at=EARLIER,
    updated_at=EARLIER,
)


def activity(**fields):
    return Activity(**{"id": "a-1", "lead_id": "lead-1", "type": "call", "at": NOW, "actor": "user-7", **fields})


def test_the_common_types_are_listed_and_any_other_is_as_welcome():
    assert COMMON_TYPES == ("call", "email", "meeting", "note", "form", "visit", "download", "webinar")
    assert NewActivity(type="fax").type == "fax"
    schema = NewActivity.model_json_schema()["properties"]["type"]
    assert schema["examples"] == list(COMMON_TYPES)


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({}, "$.type: required, but missing"),
        ({"type": ""}, "$.type: string should have at least 1 character"),
        ({"type": "call", "notes": "\x00"}, "$.notes: text cannot hold a NUL character"),
        (
            {"type": "call", "at": "2026-11-24T09:00:00"},
            "$.at: expected a date-time with a time zone, such as 2026-11-24T09:00:00Z",
        ),
        ({"type": "call", "properties": []}, "$.properties: expected an object"),
        (
            {"type": "call", "leadId": "x"},
            "$.leadId: unknown key; possible are `at`, `notes`, `properties`, `type`",
        ),
    ],
)
def test_what_is_sent_is_checked(sent, fault):
    with pytest.raises(InvalidInput) as caught:
        read(NewActivity, sent)
    assert str(caught.value) == fault


def test_an_entry_carries_what_was_sent_and_who_entered_it():
    sent = NewActivity(type="visit", notes="saw the prices", at=EARLIER, properties={"page": "/prices"})

    assert enter_activity(LEAD, sent, id="a-9", actor="website", now=NOW) == Activity(
        id="a-9",
        lead_id="lead-1",
        type="visit",
        notes="saw the prices",
        at=EARLIER,
        actor="website",
        contact_id=None,
        opportunity_id=None,
        properties={"page": "/prices"},
    )


def test_an_entry_without_a_time_is_of_now():
    assert enter_activity(LEAD, NewActivity(type="call"), id="a-9", actor="user-7", now=NOW).at == NOW


def test_an_entry_of_a_converted_lead_belongs_to_what_it_became():
    entered = enter_activity(CONVERTED, NewActivity(type="call"), id="a-9", actor="user-7", now=NOW)

    assert (entered.lead_id, entered.contact_id, entered.opportunity_id) == ("lead-2", "c-1", "o-1")


def test_what_was_said_with_a_command_becomes_a_note():
    decision = decide(LEAD, commands.Qualify(notes="met at the fair"), Context(now=NOW, actor="user-7"))

    assert noted(decision, id="a-9") == Activity(
        id="a-9", lead_id="lead-1", type="note", notes="met at the fair", at=NOW, actor="user-7"
    )


def test_a_command_that_said_nothing_leaves_no_note():
    assert noted(decide(LEAD, commands.Qualify(), Context(now=NOW, actor="user-7")), id="a-9") is None


def test_a_command_that_changed_nothing_leaves_no_note():
    assert noted(Decision(lead=LEAD, notes="said in vain"), id="a-9") is None


def test_activities_are_linked_to_what_their_lead_became():
    first, second = linked([activity(), activity(id="a-2", notes="hi")], contact_id="c-1", opportunity_id=None)

    assert first == activity(contact_id="c-1")
    assert second == activity(id="a-2", notes="hi", contact_id="c-1")


@pytest.mark.parametrize(
    ("links", "count"),
    [
        ({"contact_id": "c-1", "opportunity_id": "o-1"}, 0),
        ({"contact_id": "c-1"}, 1),
        ({"contact_id": "c-2", "opportunity_id": "o-1"}, 1),
        ({}, 1),
    ],
)
def test_only_activities_whose_links_change_are_answered(links, count):
    changed = linked([activity(**links)], contact_id="c-1", opportunity_id="o-1")

    assert changed == (activity(contact_id="c-1", opportunity_id="o-1"),) * count


@pytest.mark.parametrize("shown", [repr, str])
def test_what_is_written_about_a_person_is_not_shown(shown):
    entered = activity(notes="secret", properties={"said": "secret"})

    assert "secret" not in shown(entered)
    assert "secret" not in shown(NewActivity(type="call", notes="secret", properties={"said": "secret"}))
    assert repr(entered) == "Activity(id='a-1', lead_id='lead-1', type='call')"
    assert repr(NewActivity(type="call", notes="secret")) == "NewActivity(type='call')"


def test_an_activity_goes_over_the_wire_in_camel_case_and_comes_back():
    entered = activity(notes="hi", contact_id="c-1", properties={"page_no": 1})
    wire = entered.model_dump(mode="json")

    assert wire == {
        "id": "a-1",
        "leadId": "lead-1",
        "type": "call",
        "notes": "hi",
        "at": "2026-11-24T09:00:00Z",
        "actor": "user-7",
        "contactId": "c-1",
        "opportunityId": None,
        "properties": {"page_no": 1},
    }
    assert read(Activity, wire) == entered
