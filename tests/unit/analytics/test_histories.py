from __future__ import annotations

import attrs
import pytest
from lives import live, told

from leadkit.analytics.histories import Entry, History, Place, Stay, Step, histories_of
from leadkit.errors import InvalidInput
from leadkit.leads import Event, LeadStatus

NEW, QUALIFIED, DISQUALIFIED = LeadStatus.NEW, LeadStatus.QUALIFIED, LeadStatus.DISQUALIFIED
INBOUND, TALK = Place("inbound", "new"), Place("inbound", "talk")
LATE = told("12-01")

_, EVENTS = live(
    "lead-1",
    [
        (told("10-01"), "create", {"pipelineId": "inbound", "stage": "new", "source": "web"}),
        (told("10-02"), "assign", {"to": "bo"}),
        (told("10-03"), "qualify", {}),
        (told("10-04"), "move", {"stage": "talk"}),
        (told("10-05"), "disqualify", {}),
        (told("10-07"), "reopen", {}),
        (told("10-08"), "convert", {"opportunity": "deal-1"}),
    ],
)


def history(events: list[Event] = EVENTS, as_of: str = "12-01") -> History:
    found = History.of(events, as_of=told(as_of))
    assert found is not None
    return found


def test_a_history_has_a_step_for_each_change_of_status_or_place() -> None:
    assert history().steps == (
        Step(at=told("10-01"), status=NEW, place=INBOUND),
        Step(at=told("10-03"), status=QUALIFIED, place=INBOUND),
        Step(at=told("10-04"), status=QUALIFIED, place=TALK),
        Step(at=told("10-05"), status=DISQUALIFIED, place=TALK),
        Step(at=told("10-07"), status=NEW, place=TALK),
        Step(at=told("10-08"), status=QUALIFIED, place=TALK),
        Step(at=told("10-08"), status=LeadStatus.CONVERTED, place=TALK),
    )


def test_a_history_tells_the_lead_as_it_was_in_the_end() -> None:
    told_ = history()
    assert told_.lead_id == "lead-1"
    assert (told_.created_at, told_.status, told_.place) == (told("10-01"), LeadStatus.CONVERTED, TALK)
    assert (told_.contact_id, told_.opportunity_id) == ("contact-1", "deal-1")
    assert (told_.record["source"], told_.record["assignedTo"]) == ("web", "bo")
    assert not told_.is_open
    assert not told_.is_deleted


def test_a_history_ends_with_the_instant_up_to_which_it_is_told() -> None:
    before = history(as_of="10-02T23:59")
    assert [step.status for step in before.steps] == [NEW]
    assert before.record["assignedTo"] == "bo"
    assert before.contact_id is None
    assert before.opportunity_id is None
    assert before.is_open
    assert [step.status for step in history(as_of="10-03").steps] == [NEW, QUALIFIED]


def test_a_lead_that_was_created_later_has_no_history_yet() -> None:
    assert History.of(EVENTS, as_of=told("09-30")) is None
    assert History.of(EVENTS, as_of=told("10-01")) is not None


def test_entries_are_told_once_for_each_time() -> None:
    assert history().statuses == (
        Entry(NEW, told("10-01")),
        Entry(QUALIFIED, told("10-03")),
        Entry(DISQUALIFIED, told("10-05")),
        Entry(NEW, told("10-07")),
        Entry(QUALIFIED, told("10-08")),
        Entry(LeadStatus.CONVERTED, told("10-08")),
    )
    assert history().places == (Entry(INBOUND, told("10-01")), Entry(TALK, told("10-04")))


def test_a_stay_ends_when_the_lead_goes_or_is_closed() -> None:
    assert history().stays == (
        Stay(place=INBOUND, since=told("10-01"), until=told("10-04")),
        Stay(place=TALK, since=told("10-04"), until=told("10-05")),
        Stay(place=TALK, since=told("10-07"), until=told("10-08")),
    )
    assert history(as_of="10-04").stays == history().stays[:1]


def test_a_lead_outside_of_every_pipeline_enters_no_place() -> None:
    _, events = live(
        "lead-2",
        [
            (told("10-01"), "create", {}),
            (told("10-03"), "move", {"stage": "talk"}),
            (told("10-04"), "move", {"stage": "new"}),
        ],
    )
    found = history(events)
    assert found.steps[0].place is None
    assert found.places == (Entry(TALK, told("10-03")), Entry(INBOUND, told("10-04")))
    assert found.stays == (Stay(place=TALK, since=told("10-03"), until=told("10-04")),)


def test_the_order_in_which_events_come_says_nothing() -> None:
    assert history(EVENTS[::-1]) == history()


def test_an_event_happened_no_earlier_than_the_one_before_it() -> None:
    early = [attrs.evolve(event, time=told("09-01")) if event.sequence == 3 else event for event in EVENTS]
    assert history(early).steps[1].at == told("10-02")
    late = [attrs.evolve(event, time=told("11-01")) if event.sequence == 3 else event for event in EVENTS]
    assert {step.at for step in history(late).steps[1:]} == {told("11-01")}
    assert len(history(late, as_of="10-20").steps) == 1


def test_a_deleted_lead_is_not_open_whatever_its_status() -> None:
    _, events = live("lead-2", [(told("10-01"), "create", {}), (told("10-02"), "delete", {})])
    found = history(events)
    assert (found.status, found.is_deleted, found.is_open) == (NEW, True, False)


@pytest.mark.parametrize("name", ["disqualify", "convert"])
def test_a_closed_lead_is_not_open(name: str) -> None:
    _, events = live("lead-2", [(told("10-01"), "create", {}), (told("10-02"), name, {})])
    assert (history(events).is_deleted, history(events).is_open) == (False, False)


def test_a_lead_that_says_little_of_itself_begins_as_new_and_outside() -> None:
    made = Event(type="lead.created", lead_id="1", sequence=1, time=told("10-01"), actor="a", data={"lead": {}})
    assert history([made]).steps == (Step(at=told("10-01"), status=NEW, place=None),)
    assert not history([made]).is_deleted


def test_a_status_that_is_told_again_is_no_step() -> None:
    made = Event(
        type="lead.created",
        lead_id="1",
        sequence=1,
        time=told("10-01"),
        actor="a",
        data={"lead": {"status": "nurturing"}},
    )
    again = attrs.evolve(
        made, type="lead.nurtured", sequence=2, time=told("10-02"), data={"changes": {"status": "nurturing"}}
    )
    assert [step.status.value for step in history([made, again]).steps] == ["nurturing"]


@pytest.mark.parametrize(
    ("events", "fault"),
    [
        ([], "$: the history of a lead begins with lead.created"),
        (EVENTS[1:], "$[0]: expected event 1 of one lead, found lead-1.2"),
        ([EVENTS[0], EVENTS[2]], "$[1]: expected event 2 of one lead, found lead-1.3"),
        ([EVENTS[0], EVENTS[0]], "$[1]: expected event 2 of one lead, found lead-1.1"),
        (
            [EVENTS[0], attrs.evolve(EVENTS[1], lead_id="lead-9")],
            "$[1]: expected event 2 of one lead, found lead-9.2",
        ),
        ([attrs.evolve(EVENTS[1], sequence=1)], "$: the history of a lead begins with lead.created"),
    ],
)
def test_events_that_are_not_the_whole_history_of_a_lead_are_refused(events: list[Event], fault: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        History.of(events, as_of=LATE)
    assert [str(each) for each in caught.value.faults] == [fault]
    assert [each.code for each in caught.value.faults] == ["sequence"]


def test_events_after_the_instant_must_be_whole_too() -> None:
    with pytest.raises(InvalidInput, match="expected event 5"):
        History.of([*EVENTS[:4], *EVENTS[5:]], as_of=told("10-02"))


def test_histories_are_told_of_many_leads_and_twice_told_events_count_once() -> None:
    _, others = live("lead-2", [(told("11-01"), "create", {})])
    found = histories_of([*others, *EVENTS[::-1], *EVENTS], as_of=told("10-20"))
    assert found == {"lead-2": None, "lead-1": history(as_of="10-20")}


def test_a_history_keeps_personal_values_out_of_logs() -> None:
    _, events = live("lead-2", [(told("10-01"), "create", {"firstName": "Zerbinetta"})])
    assert "Zerbinetta" not in repr(history(events))
