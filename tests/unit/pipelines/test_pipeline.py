from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from leadkit.conditions import And
from leadkit.errors import InvalidInput, RuleErrors
from leadkit.pipelines import (
    RESERVED_IDS,
    AutoRoute,
    NewPipeline,
    Pipeline,
    PipelinePatch,
    RouteRule,
    Stage,
    StagePatch,
)
from leadkit.values import read

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def stage(name, order=0, **fields):
    return {"id": name, "name": name.title(), "order": order, **fields}


def test_the_stages_of_a_pipeline_are_always_in_order():
    pipeline = Pipeline(id="p", name="P", stages=[stage("b", 7), stage("a", 2)], created_at=NOW)

    assert pipeline.stage_ids == ("a", "b")
    assert pipeline.stage("b").name == "B"
    assert pipeline.stage("c") is None
    assert pipeline.version == 1
    assert pipeline.auto_route == AutoRoute(rules=())


def test_a_stage_has_the_defaults_of_its_field():
    new = read(Stage, stage("new"))

    assert (new.probability, new.expected_duration_days, new.terminal) == (0.0, None, False)
    assert new.auto_route.rules == ()


def test_a_pipeline_travels_in_camel_case():
    sent = {
        "id": "inbound",
        "name": "Inbound",
        "stages": [
            {
                "id": "new",
                "name": "New",
                "order": 0,
                "probability": 0.1,
                "expectedDurationDays": 3,
                "terminal": False,
                "autoRoute": {
                    "rules": [{"if": {"field": "score", "op": ">=", "value": 80}, "assignTo": "round-robin:ae"}]
                },
            }
        ],
        "autoRoute": {"rules": [{"assignTo": "user-1"}]},
        "createdAt": "2026-11-24T00:00:00Z",
    }
    pipeline = read(Pipeline, sent)
    wire = pipeline.model_dump(mode="json")

    assert wire["stages"][0]["autoRoute"] == sent["stages"][0]["autoRoute"]
    assert wire["stages"][0]["expectedDurationDays"] == 3
    assert read(Pipeline, wire) == pipeline
    assert pipeline.auto_route.rules[0].condition == And(items=())
    assert pipeline.auto_route.rules[0].assign_to == "user-1"


@pytest.mark.parametrize("reserved", sorted(RESERVED_IDS))
def test_words_of_the_http_paths_are_no_ids(reserved):
    for kind, sent in ((Stage, stage(reserved)), (NewPipeline, {"id": reserved, "name": "P", "stages": [stage("a")]})):
        with pytest.raises(InvalidInput) as caught:
            read(kind, sent)
        assert str(caught.value) == (
            f"$.id: `{reserved}` is reserved; so are auto, batch, contact, reorder, stages, status"
        )


def test_the_reserved_words_are_those_of_the_design():
    assert {"reorder", "stages", "batch", "auto", "contact", "status"} == RESERVED_IDS


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"probability": 1.01}, "$.probability: input should be less than or equal to 1"),
        ({"probability": -0.01}, "$.probability: input should be greater than or equal to 0"),
        ({"probability": True}, "$.probability: input should be a valid number"),
        ({"expectedDurationDays": 0}, "$.expectedDurationDays: input should be greater than 0"),
        ({"expectedDurationDays": 36_501}, "$.expectedDurationDays: input should be less than or equal to 36500"),
        ({"order": -1}, "$.order: input should be greater than or equal to 0"),
        ({"order": 1_000_001}, "$.order: input should be less than or equal to 1000000"),
        ({"order": 1.5}, "$.order: input should be a valid integer"),
        ({"terminal": 1}, "$.terminal: input should be a valid boolean"),
        ({"name": ""}, "$.name: string should have at least 1 character"),
        ({"propability": 1}, "$.propability: unknown key; did you mean `probability`?"),
        (
            {"autoRoute": {"rules": [{"assignTo": ":pool"}]}},
            "$.autoRoute.rules[0].assignTo: expected a user id, or a strategy and a pool such as round-robin:senior-ae",
        ),
    ],
)
def test_a_bad_stage_is_refused_with_the_place(fields, fault):
    with pytest.raises(InvalidInput) as caught:
        read(Stage, {**stage("a"), **fields})

    assert str(caught.value) == fault


@pytest.mark.parametrize(
    "fields", [{"probability": 0}, {"probability": 1}, {"expectedDurationDays": 36_500}, {"order": 1_000_000}]
)
def test_the_limits_themselves_are_allowed(fields):
    assert read(Stage, {**stage("a"), **fields})


@pytest.mark.parametrize(
    ("stages", "fault"),
    [
        ([], "$.stages: tuple should have at least 1 item after validation, not 0"),
        ([stage("a"), stage("a", 1)], "$.stages: two stages have the same id: a"),
        ([stage("a", 3), stage("b", 3)], "$.stages: two stages have the same order: 3"),
        ([stage(f"s{i}", i) for i in range(101)], "$.stages: tuple should have at most 100 items after validation"),
    ],
)
def test_bad_stages_are_refused_with_the_reason(stages, fault):
    with pytest.raises(InvalidInput) as caught:
        read(NewPipeline, {"name": "P", "stages": stages})

    assert str(caught.value).startswith(fault)


def test_a_hundred_stages_are_allowed():
    assert len(read(NewPipeline, {"name": "P", "stages": [stage(f"s{i}", i) for i in range(100)]}).stages) == 100


def test_a_bad_route_condition_is_told_with_its_faults():
    with pytest.raises(RuleErrors) as caught:
        read(RouteRule, {"if": {"field": "score", "op": "=>", "value": 80}, "assignTo": "u"})

    assert "did you mean `>=`?" in str(caught.value)


def test_a_pipeline_is_frozen_and_knows_its_version():
    pipeline = Pipeline(id="p", name="P", stages=[stage("a")], created_at=NOW)

    with pytest.raises(ValidationError):
        pipeline.name = "Q"
    with pytest.raises(InvalidInput):
        read(Pipeline, {**pipeline.model_dump(mode="json"), "version": 0})


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (PipelinePatch, "name"),
        (PipelinePatch, "autoRoute"),
        (StagePatch, "name"),
        (StagePatch, "probability"),
        (StagePatch, "autoRoute"),
        (StagePatch, "terminal"),
    ],
)
def test_what_must_have_a_value_cannot_be_cleared(kind, name):
    with pytest.raises(InvalidInput) as caught:
        read(kind, {name: None})

    assert str(caught.value) == f"$.{name}: cannot be null; leave it out to keep it as it is"


def test_a_patch_knows_what_was_sent():
    assert read(StagePatch, {"expectedDurationDays": None, "probability": 0.5}).changes == {
        "expected_duration_days": None,
        "probability": 0.5,
    }
    assert read(PipelinePatch, {}).changes == {}
