from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from lives import PIPELINES, live, told

from leadkit.analytics import AnalyticsReport, Tally, report, report_of
from leadkit.analytics.questions import Question
from leadkit.errors import InvalidInput

if TYPE_CHECKING:
    from leadkit.leads import Event, Lead

CASES = Path(__file__).resolve().parents[2] / "cases" / "analytics.jsonl"
OCTOBER: dict[str, Any] = {"start": "2026-10-01", "end": "2026-11-01", "as_of": "2026-12-01"}


class Opportunity(NamedTuple):
    amount: Decimal | None
    currency: str | None
    stage: str | None


def cases() -> list[Any]:
    told_cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [pytest.param(case, id=case["case"].replace(" ", "_")) for case in told_cases]


def lives_of(case: dict[str, Any]) -> dict[str, tuple[Lead, list[Event]]]:
    return {
        lead_id: live(lead_id, [(told(moment), name, dict(*arguments)) for moment, name, *arguments in said])
        for lead_id, said in case["leads"].items()
    }


def found(dumped: Any, place: str) -> Any:
    """Follow a place such as `sources.web.leads`; an item of a list is found by what names it, `*` means all."""
    for number, part in enumerate(parts := place.split(".")):
        if part == "*":
            return [found(item, ".".join(parts[number + 1 :])) for item in dumped]
        if part == "[]":
            return len(dumped)
        if isinstance(dumped, list):
            (dumped,) = (item for item in dumped if part in (item.get("id"), item.get("name"), item.get("stage")))
        else:
            dumped = dumped[part]
    return dumped


@pytest.mark.parametrize("case", cases())
def test_a_case_worked_out_by_hand(case: dict[str, Any]) -> None:
    lives = lives_of(case)
    opportunities = {
        key: Opportunity(None if amount is None else Decimal(amount), *rest)
        for key, (amount, *rest) in case.get("opportunities", {}).items()
    }
    names = {"asOf": "as_of", "groupBy": "group_by", "valueField": "value_field"}
    asked = {names.get(key, key): value for key, value in case.get("ask", {}).items()}
    made = report(
        [lead for lead, _ in lives.values()],
        [event for _, events in lives.values() for event in events],
        PIPELINES,
        opportunities=opportunities,
        **{**OCTOBER, **asked},
    )
    dumped = made.model_dump(mode="json")
    assert {place: found(dumped, place) for place in case["expect"]} == case["expect"]
    assert AnalyticsReport.model_validate_json(made.model_dump_json()) == made


def test_the_cases_are_many_and_each_has_a_name_of_its_own() -> None:
    names = [case.values[0]["case"] for case in cases()]
    assert len(names) == len(set(names)) > 40


def test_leads_that_are_not_asked_about_are_passed_over() -> None:
    one, events = live("lead-1", [(told("10-02"), "create", {})])
    _, others = live("lead-2", [(told("10-02"), "create", {})])
    assert report([one], [*others, *events], PIPELINES, **OCTOBER).conversion.leads == 1


def test_a_lead_without_events_is_a_fault_that_names_it() -> None:
    one, events = live("lead-1", [(told("10-02"), "create", {})])
    lost = [live(f"lead-{number}", [(told("10-02"), "create", {})])[0] for number in (3, 2)]
    with pytest.raises(InvalidInput) as caught:
        report([*lost, one], events, PIPELINES, **OCTOBER)
    (fault,) = caught.value.faults
    assert str(fault) == "$.events: no events were given of 2 of the leads, the first of them 'lead-2'"
    assert fault.code == "missing-history"


def test_a_lead_with_a_gap_in_its_events_is_a_fault() -> None:
    one, events = live("lead-1", [(told("10-02"), "create", {}), (told("10-03"), "qualify", {})])
    with pytest.raises(InvalidInput) as caught:
        report([one], events[1:], PIPELINES, **OCTOBER)
    assert [fault.code for fault in caught.value.faults] == ["sequence"]


def test_every_fault_of_the_question_is_told() -> None:
    with pytest.raises(InvalidInput) as caught:
        report(
            [], [], [], start="1 Oct", end="2026-11-01", as_of="2026-12-01", timezone="Mars", basis="x", group_by="y"
        )
    assert [fault.path for fault in caught.value.faults] == ["$.start", "$.timezone", "$.basis", "$.group_by[0]"]


def test_a_tally_goes_on_after_a_report() -> None:
    tally = Tally(question=Question(**OCTOBER), pipelines=PIPELINES)
    assert report_of(tally).conversion.leads == 0
    assert report_of(tally) == report([], [], PIPELINES, **OCTOBER)


def test_a_report_speaks_camel_case_in_a_stated_order() -> None:
    dumped = report([], [], PIPELINES, **OCTOBER).model_dump(mode="json")
    assert list(dumped) == [
        "basis",
        "timezone",
        "start",
        "end",
        "asOf",
        "conversion",
        "funnel",
        "velocity",
        "sources",
        "campaigns",
        "assignees",
        "value",
        "scoring",
    ]
