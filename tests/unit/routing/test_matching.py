from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadkit.routing.matching import match_route, routes_for, rules_of

if TYPE_CHECKING:
    from leadkit.pipelines import Pipeline

    from .conftest import Given

HOT = {"field": "score", "op": ">=", "value": 80}
WARM = {"field": "score", "op": ">=", "value": 50}


@pytest.fixture
def inbound(given: Given) -> Pipeline:
    return given.pipeline(
        (WARM, "round-robin:warm"), (None, "user-9"), new=[(HOT, "round-robin:hot"), (WARM, "user-7")], talks=[]
    )


@pytest.mark.parametrize(
    ("stage", "score", "location"),
    [
        ("new", 80, "stage `new`, rule 1"),
        ("new", 79, "stage `new`, rule 2"),
        ("new", 49, "pipeline `inbound`, rule 2"),
        ("talks", 80, "pipeline `inbound`, rule 1"),
        ("talks", None, "pipeline `inbound`, rule 2"),
        ("gone", 80, "pipeline `inbound`, rule 1"),
    ],
)
def test_the_rules_of_the_stage_come_before_those_of_the_pipeline(
    given: Given, inbound: Pipeline, stage: str, score: int | None, location: str
) -> None:
    matched = match_route(given.lead(stage=stage, score=score), inbound, as_of=given.now)
    assert matched is not None
    assert matched.location == location


def test_a_lead_in_no_stage_is_tried_by_the_rules_of_the_pipeline(given: Given, inbound: Pipeline) -> None:
    matched = match_route(given.lead(pipeline_id=None, stage=None, score=90), inbound, as_of=given.now)
    assert matched is not None
    assert (matched.rule.assign_to, matched.number, matched.stage) == ("round-robin:warm", 1, None)


def test_where_no_rule_holds_there_is_no_match(given: Given) -> None:
    assert match_route(given.lead(score=10), given.pipeline((HOT, "ann"), new=[(HOT, "bob")]), as_of=given.now) is None


def test_the_rules_of_other_stages_are_not_tried(given: Given) -> None:
    pipeline = given.pipeline(new=[], talks=[(None, "ann")])
    assert match_route(given.lead(stage="new"), pipeline, as_of=given.now) is None


def test_rules_are_counted_from_one_where_they_stand(inbound: Pipeline) -> None:
    places = [(route.stage, route.pipeline, route.number, route.rule.assign_to) for route in routes_for(inbound, "new")]
    assert places == [
        ("new", "inbound", 1, "round-robin:hot"),
        ("new", "inbound", 2, "user-7"),
        (None, "inbound", 1, "round-robin:warm"),
        (None, "inbound", 2, "user-9"),
    ]


def test_a_rule_may_look_at_related_records(given: Given) -> None:
    active = {"related": "activities", "aggregate": "count", "op": ">=", "value": 2}
    pipeline = given.pipeline((active, "ann"))
    visit = {"type": "visit", "at": given.now}
    matched = match_route(given.lead(), pipeline, related={"activities": [visit, visit]}, as_of=given.now)
    assert matched is not None
    assert match_route(given.lead(), pipeline, related={"activities": [visit]}, as_of=given.now) is None
    assert match_route(given.lead(), pipeline, as_of=given.now) is None


def test_a_rule_may_look_at_the_time(given: Given) -> None:
    fresh = {"field": "created_at", "op": "within", "value": "1d"}
    pipeline = given.pipeline((fresh, "ann"))
    assert match_route(given.lead(), pipeline, as_of=given.now) is not None
    assert match_route(given.lead(), pipeline, as_of=given.now.replace(day=26)) is None


def test_all_rules_of_a_pipeline_are_those_of_its_stages_and_its_own(given: Given) -> None:
    pipeline = given.pipeline((None, "c"), new=[(HOT, "a"), (None, "b")], talks=[(HOT, "a")])
    assert [rule.assign_to for rule in rules_of(pipeline)] == ["a", "b", "a", "c"]
    assert rules_of(given.pipeline()) == ()
