from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lives import live, told

from leadkit.analytics.histories import Entry, History, Place
from leadkit.analytics.milestones import Milestones, advanced_places, advanced_statuses, firsts
from leadkit.leads import LeadStatus

if TYPE_CHECKING:
    from datetime import datetime

ORDERS = {Place("inbound", "new"): 0, Place("inbound", "talk"): 1, Place("inbound", "deal"): 2, Place("p", "a"): 0}


def history(*names: str, stages: tuple[str, ...] = (), convert: bool = False) -> History:
    said: list[Any] = [(told("10-01"), "create", {})]
    said += [(told(f"10-{day:02}"), name, {}) for day, name in enumerate(names, start=2)]
    said += [
        (told(f"11-{day:02}"), "move", dict(zip(("pipeline", "stage"), place.split("/"), strict=True)))
        for day, place in enumerate(stages, start=1)
    ]
    if convert:
        said.append((told("11-30"), "convert", {}))
    found = History.of(live("lead-1", said)[1], as_of=told("12-31"))
    assert found is not None
    return found


def statuses(*names: str) -> set[str]:
    return {status.value for status in advanced_statuses(history(*names))}


def places(*stages: str, convert: bool = False) -> set[str]:
    return {"/".join(place) for place in advanced_places(history(stages=stages, convert=convert), ORDERS)}


def test_the_first_time_is_the_one_that_stays() -> None:
    entries = (Entry("a", told("10-01")), Entry("b", told("10-02")), Entry("a", told("10-03")))
    assert firsts(entries) == {"a": told("10-01"), "b": told("10-02")}


def test_leads_go_on_to_the_status_that_lies_ahead_and_to_no_other() -> None:
    assert statuses() == set()
    assert statuses("nurture") == set()
    assert statuses("disqualify") == set()
    assert statuses("qualify") == {"new"}
    assert statuses("nurture", "qualify") == {"new", "nurturing"}
    assert statuses("qualify", "nurture") == {"new"}
    assert statuses("qualify", "nurture", "qualify") == {"new", "nurturing"}
    assert statuses("disqualify", "reopen", "qualify") == {"new"}
    assert statuses("nurture", "convert") == {"new", "nurturing", "qualified"}


def test_the_first_visit_to_a_status_decides_whether_a_lead_went_on() -> None:
    assert statuses("qualify", "nurture", "reopen") == {"new"}


def test_leads_go_on_to_a_later_stage_of_the_same_pipeline() -> None:
    assert places() == set()
    assert places("inbound/new") == set()
    assert places("inbound/new", "inbound/talk") == {"inbound/new"}
    assert places("inbound/new", "inbound/deal", "inbound/talk") == {"inbound/new"}
    assert places("inbound/deal", "inbound/new", "inbound/talk") == {"inbound/new"}
    assert places("inbound/talk", "inbound/new", "inbound/talk") == {"inbound/new"}
    assert places("inbound/talk", "inbound/new", "inbound/deal") == {"inbound/talk", "inbound/new"}
    assert places("p/a", "inbound/deal") == set()
    assert places("inbound/new", "p/a", "inbound/talk") == {"inbound/new"}


def test_a_stage_that_is_no_longer_there_lies_nowhere() -> None:
    assert places("inbound/new", "inbound/gone") == set()
    assert places("inbound/gone", "inbound/deal") == set()
    assert places("inbound/gone", convert=True) == set()


def test_a_conversion_lies_behind_every_stage_of_the_pipeline_in_which_it_happens() -> None:
    assert places("inbound/deal", convert=True) == {"inbound/deal"}
    assert places("inbound/deal", "inbound/gone", convert=True) == {"inbound/deal"}
    assert places("inbound/deal", "p/a", convert=True) == {"p/a"}
    assert places(convert=True) == set()


def test_milestones_count_leads_entries_and_who_stands_or_went_on() -> None:
    def from_the_third(at: datetime) -> bool:
        return at >= told("10-03")

    entries = [
        Entry("a", told("10-01")),
        Entry("b", told("10-03")),
        Entry("a", told("10-04")),
        Entry("b", told("10-05")),
    ]
    milestones = Milestones()
    assert milestones.add(entries, counts=from_the_third, standing="b", advanced={"a", "b"}) == {"b"}
    assert milestones.add(entries[2:3], counts=from_the_third, standing="a", advanced=set()) == {"a"}
    assert milestones.reached == {"a": 1, "b": 1}
    assert milestones.entries == {"a": 2, "b": 2}
    assert milestones.standing == {"a": 1, "b": 1}
    assert milestones.advanced == {"b": 1}


def test_a_lead_that_came_before_stands_for_another_range() -> None:
    milestones = Milestones()
    entries = [Entry(LeadStatus.NEW, told("10-01"))]
    assert milestones.add(entries, counts=lambda at: False, standing=LeadStatus.NEW, advanced=()) == set()
    assert milestones == Milestones()
