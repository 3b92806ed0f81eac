from __future__ import annotations

from typing import Any

import pytest
from lives import PIPELINES, live, told

from leadkit.analytics.histories import History, Place
from leadkit.analytics.questions import Question
from leadkit.analytics.tallies import Tally


def tally(**asked: Any) -> Tally:
    question = Question(**{"start": "2026-10-01", "end": "2026-11-01", "as_of": "2026-12-01", **asked})
    return Tally(question=question, pipelines=PIPELINES)


def history(created: str, converted: str | None, opportunity: str | None = "deal-1") -> History:
    said: list[Any] = [(told(created), "create", {"pipelineId": "inbound", "stage": "new"})]
    if converted is not None:
        said.append((told(converted), "convert", {"opportunity": opportunity}))
    found = History.of(live("lead-1", said)[1], as_of=told("12-01"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("basis", "created", "converted", "opportunity", "asks"),
    [
        ("cohort", "10-02", "11-05", "deal-1", True),
        ("cohort", "10-02", "11-05", None, False),
        ("cohort", "10-02", None, None, False),
        ("cohort", "09-02", "10-05", "deal-1", False),
        ("event", "09-02", "10-05", "deal-1", True),
        ("event", "10-02", "11-05", "deal-1", False),
    ],
)
def test_an_opportunity_is_asked_for_where_the_conversion_counts(
    basis: str, created: str, converted: str | None, opportunity: str | None, *, asks: bool
) -> None:
    assert tally(basis=basis).asks_for_opportunity(history(created, converted, opportunity)) is asks


def test_an_opportunity_without_a_conversion_is_not_asked_for() -> None:
    """A host's own events may name one before the lead is converted."""
    made = history("10-02", None)
    told_early = History(
        lead_id=made.lead_id, steps=made.steps, record={**made.record, "convertedToOpportunityId": "deal-1"}
    )
    assert not tally().asks_for_opportunity(told_early)


def test_a_lead_of_another_cohort_leaves_no_trace() -> None:
    counted = tally()
    counted.add(history("09-02", "10-05"))
    assert counted == tally()


def test_samples_take_eight_bytes_for_each_lead() -> None:
    counted = tally()
    for _ in range(1_000):
        counted.add(history("10-02", "10-05"))
    assert (counted.to_convert.itemsize, len(counted.to_convert)) == (8, 1_000)
    assert (counted.stays[Place("inbound", "new")].itemsize, len(counted.stays)) == (8, 1)
    assert set(counted.to_qualify) == {3 * 86_400 * 1_000_000}


def test_a_tally_is_ready_for_the_breakdowns_that_were_asked_for() -> None:
    assert [dimension.value for dimension in tally(group_by=["assignee"]).groups] == ["assignee"]
    assert tally(group_by=[]).groups == {}
