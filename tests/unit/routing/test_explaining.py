from __future__ import annotations

from typing import TYPE_CHECKING

from leadkit.routing.explaining import explain_route

if TYPE_CHECKING:
    from leadkit.conditions import Trace

    from .conftest import Given

HOT = {"field": "score", "op": ">=", "value": 80}
WEB = {"field": "source", "op": "==", "value": "web"}


def told(trace: Trace) -> list[tuple[str, bool, str, str]]:
    return [(child.clause, child.held, child.why, child.children[0].clause) for child in trace.children]


def test_every_rule_that_was_tried_is_told(given: Given) -> None:
    pipeline = given.pipeline((None, "bob"), new=[(HOT, "ann"), (WEB, "round-robin:ae")])
    trace = explain_route(given.lead(source="web", score=7), pipeline, as_of=given.now)
    assert (trace.clause, trace.operator, trace.held, trace.why) == (
        "route of lead-1",
        "first",
        True,
        "stage `new`, rule 2 decides",
    )
    assert told(trace) == [
        ("stage `new`, rule 1 → ann", False, "does not hold", "score is at least 80"),
        ("stage `new`, rule 2 → round-robin:ae", True, "holds", 'source is "web"'),
    ]
    assert {child.operator for child in trace.children} == {"if"}


def test_where_no_rule_holds_all_of_them_are_told(given: Given) -> None:
    trace = explain_route(given.lead(), given.pipeline((WEB, "bob"), new=[(HOT, "ann")]), as_of=given.now)
    assert (trace.held, trace.why) == (False, "no rule holds")
    assert [clause for clause, *_ in told(trace)] == ["stage `new`, rule 1 → ann", "pipeline `inbound`, rule 1 → bob"]


def test_a_pipeline_without_rules_has_nothing_to_tell(given: Given) -> None:
    trace = explain_route(given.lead(), given.pipeline(), as_of=given.now)
    assert (trace.held, trace.why, trace.children) == (False, "no rule holds", ())


def test_related_records_and_the_time_are_seen(given: Given) -> None:
    recent = {"related": "activities", "within": "1d", "op": ">=", "value": 1}
    pipeline = given.pipeline((recent, "ann"))
    records = {"activities": [{"at": given.now}]}
    assert explain_route(given.lead(), pipeline, related=records, as_of=given.now).held
    assert not explain_route(given.lead(), pipeline, related=records, as_of=given.now.replace(day=26)).held
    assert not explain_route(given.lead(), pipeline, as_of=given.now).held


def test_an_explanation_is_read_as_text(given: Given) -> None:
    lines = str(explain_route(given.lead(score=90), given.pipeline((HOT, "ann")), as_of=given.now)).splitlines()
    assert [line.split("  ")[0] or line.strip().split("  ")[0] for line in lines] == [
        "✓ route of lead-1",
        "✓ pipeline `inbound`, rule 1 → ann",
        "✓ score is at least 80",
    ]
