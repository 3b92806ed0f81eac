from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from leadkit.errors import InvalidInput
from leadkit.leads.commands import Assign
from leadkit.routing.assignees import Exclusion
from leadkit.routing.decisions import RoutingDecision, RoutingOutcome, RoutingReport
from leadkit.values import read

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OFF = Exclusion(assignee="ann", code="inactive", reason="inactive")
FULL = Exclusion(assignee="bob", code="at-capacity", reason="at capacity: 2 of 2 open leads")


def decision(outcome: str, assigned_to: str | None = None, **fields: Any) -> RoutingDecision:
    return RoutingDecision.model_validate(
        {"lead_id": "lead-1", "outcome": outcome, "reason": "because", "assigned_to": assigned_to, **fields}
    )


def test_only_an_assignment_is_carried_out() -> None:
    assert decision("assigned", "ann").command == Assign(assigned_to="ann", reason="because")
    for outcome in set(RoutingOutcome) - {RoutingOutcome.ASSIGNED}:
        assert decision(outcome, "ann").command is None


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (decision("assigned", "zoe"), "lead-1 → zoe: because"),
        (
            decision("assigned", "zoe", excluded=[OFF, FULL]),
            "lead-1 → zoe: because; without ann (inactive), bob (at capacity: 2 of 2 open leads)",
        ),
        (decision("nobody-eligible", excluded=[OFF]), "lead-1 nobody eligible: because; without ann (inactive)"),
        (decision("unmatched"), "lead-1 unmatched: because"),
        (decision("skipped"), "lead-1 skipped: because"),
        (decision("already-assigned", "zoe"), "lead-1 already assigned: because"),
    ],
)
def test_a_decision_is_told_in_one_line(made: RoutingDecision, text: str) -> None:
    assert str(made) == text


def test_a_decision_travels_as_json() -> None:
    made = decision("assigned", "ann", excluded=[FULL], pointers={"ann": Fraction(1, 3)}, route="here", pool="ae")
    written = {
        "leadId": "lead-1",
        "outcome": "assigned",
        "reason": "because",
        "route": "here",
        "assignTo": None,
        "strategy": None,
        "pool": "ae",
        "assignedTo": "ann",
        "excluded": [{"assignee": "bob", "code": "at-capacity", "reason": "at capacity: 2 of 2 open leads"}],
        "pointers": {"ann": "1/3"},
    }
    assert made.model_dump(mode="json") == written
    assert read(RoutingDecision, written) == made


MANY = [
    decision("assigned", "bob"),
    decision("assigned", "ann"),
    decision("assigned", "bob"),
    decision("unmatched"),
    decision("unmatched"),
    decision("unmatched"),
    decision("unmatched"),
    decision("nobody-eligible"),
    decision("skipped"),
    decision("skipped"),
    decision("already-assigned", "ann"),
    decision("already-assigned", "zoe"),
    decision("already-assigned", "ann"),
    decision("already-assigned", "ann"),
    decision("already-assigned", "ann"),
]


def test_a_report_counts_every_decision_once() -> None:
    report = RoutingReport.of(iter(MANY), as_of=NOW)
    assert report == RoutingReport(
        as_of=NOW,
        dry_run=False,
        assigned=3,
        unmatched=4,
        nobody_eligible=1,
        skipped=2,
        already_assigned=5,
        by_assignee={"ann": 1, "bob": 2},
        decisions=tuple(MANY),
    )
    assert list(report.by_assignee) == ["ann", "bob"]


def test_a_report_of_nothing_is_empty() -> None:
    report = RoutingReport.of([], as_of=NOW, dry_run=True)
    assert (report.assigned, report.by_assignee, report.decisions, report.dry_run) == (0, {}, (), True)


def test_a_report_is_told_in_a_few_lines() -> None:
    assert str(RoutingReport.of(MANY, as_of=NOW)) == (
        "15 leads: 3 assigned, 4 unmatched, 1 nobody eligible, 2 skipped, 5 already assigned\n  ann: 1\n  bob: 2"
    )
    assert str(RoutingReport.of(MANY[3:4], as_of=NOW, dry_run=True)) == (
        "1 lead, dry run: 0 assigned, 1 unmatched, 0 nobody eligible, 0 skipped, 0 already assigned"
    )
    assert str(RoutingReport.of([], as_of=NOW)).startswith("0 leads: 0 assigned")


def test_a_report_is_written_in_camel_case() -> None:
    assert RoutingReport.of(MANY[:1], as_of=NOW).model_dump(mode="json", exclude={"decisions"}) == {
        "asOf": "2026-11-24T12:00:00Z",
        "dryRun": False,
        "assigned": 1,
        "unmatched": 0,
        "nobodyEligible": 0,
        "skipped": 0,
        "alreadyAssigned": 0,
        "byAssignee": {"bob": 1},
    }


def test_counts_are_never_negative() -> None:
    data = {**RoutingReport.of([], as_of=NOW).model_dump(mode="json"), "assigned": -1, "byAssignee": {"ann": -1}}
    with pytest.raises(InvalidInput) as caught:
        read(RoutingReport, data)
    assert [fault.path for fault in caught.value.faults] == ["$.assigned", "$.byAssignee.ann"]
