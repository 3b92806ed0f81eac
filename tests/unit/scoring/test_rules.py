from __future__ import annotations

from typing import Any

import pytest

from leadkit.conditions import RelatedKind, Vocabulary, read_condition
from leadkit.errors import RuleErrors
from leadkit.scoring import Decay, ScoringRule
from leadkit.values import parse_duration

TEAM: dict[str, Any] = {"field": "properties.team_size", "op": ">=", "value": 10}
VISITS: dict[str, Any] = {"related": "activities", "within": "30d", "op": ">=", "value": 3}

KEYS = "`condition`, `decay`, `description`, `enabled`, `group`, `name`, `points`"


def rule(**changes: Any) -> dict[str, Any]:
    return {"name": "team", "points": 20, "condition": TEAM, **changes}


def faults(data: object, **options: Any) -> list[str]:
    with pytest.raises(RuleErrors) as caught:
        ScoringRule.model_validate(data, **options)
    return [str(fault) for fault in caught.value.faults]


def test_a_rule_needs_a_name_points_and_a_condition() -> None:
    read = ScoringRule.model_validate(rule())
    assert (read.name, read.points, read.condition) == ("team", 20, read_condition(TEAM))
    assert (read.group, read.enabled, read.description, read.decay) == (None, True, None, None)
    assert faults({}) == [
        "$.name: required, but missing",
        "$.points: required, but missing",
        "$.condition: required, but missing",
    ]


def test_a_rule_is_made_from_keywords_too() -> None:
    made = ScoringRule(name="team", points=20, condition=read_condition(TEAM))
    assert made == ScoringRule.model_validate(rule())
    assert ScoringRule.model_validate(made) is made


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"points": True}, ["$.points: points are a number"]),
        ({"points": "20"}, ["$.points: points are a number"]),
        ({"points": 0.125}, ["$.points: points have at most two decimals"]),
        ({"enabled": "yes"}, ["$.enabled: input should be a valid boolean"]),
        ({"name": ""}, ["$.name: string should have at least 1 character"]),
        (
            {"name": "cap: team"},
            ["$.name: a rule cannot be called `cap: …` or `floor: …`: these are the lines of the limits"],
        ),
        ({"group": "total"}, ["$.group: a group cannot be called `total`: that is the whole score"]),
        (
            {"wieght": 3},
            [f"$.wieght: unknown key; possible are {KEYS}"],
        ),
        ({"pionts": 3}, ["$.pionts: unknown key; did you mean `points`?"]),
        ({"condition": {**TEAM, "op": "=>"}}, ["$.condition.op: unknown operator `=>`; did you mean `>=`?"]),
    ],
)
def test_each_fault_of_a_rule_is_told_with_its_place(changes: dict[str, Any], found: list[str]) -> None:
    assert faults(rule(**changes)) == found


def test_all_faults_of_a_rule_are_told_at_once() -> None:
    condition = {"and": [{**TEAM, "op": "=>"}, {"fild": "status"}]}
    assert faults(rule(condition=condition, points=None, colour="red", decay={"halfLife": "1y"})) == [
        "$.condition.and[0].op: unknown operator `=>`; did you mean `>=`?",
        "$.condition.and[1].fild: unknown key; did you mean `field`?",
        "$.points: points are a number",
        "$.decay.halfLife: a half-life has no months or years, whose length varies; write it in days, such as 30d",
        f"$.colour: unknown key; possible are {KEYS}",
    ]


@pytest.mark.parametrize("condition", [None, [], "score > 3", 7])
def test_what_is_no_condition_is_refused_as_one(condition: object) -> None:
    (fault,) = faults(rule(condition=condition))
    assert fault.startswith("$.condition: a condition is an object such as")


@pytest.mark.parametrize(("data", "kind"), [([], "a list"), ("team", "text"), (None, "null"), (7, "a number")])
def test_what_is_no_rule_is_refused_as_one(data: object, kind: str) -> None:
    assert faults(data) == [f"$: a rule is an object with a `name`, `points` and a `condition`, not {kind}"]


def test_the_points_for_dated_records_may_fade() -> None:
    read = ScoringRule.model_validate(rule(condition=VISITS, decay={"halfLife": "2w"}))
    assert read.decay == Decay(half_life=parse_duration("14d"))


@pytest.mark.parametrize(
    "condition",
    [TEAM, {"and": [VISITS]}, {"not": VISITS}, {"related": "company"}, {"field": "items", "any": TEAM}],
)
def test_points_fade_only_with_the_age_of_dated_records(condition: dict[str, Any]) -> None:
    assert faults(rule(condition=condition, decay={"halfLife": "2w"})) == [
        "$.decay: only points for related records that have a time can fade; this condition is none over such"
    ]


def test_that_a_condition_cannot_be_read_is_not_held_against_the_decay() -> None:
    assert faults(rule(condition={**VISITS, "related": "activites"}, decay={"halfLife": "2w"})) == [
        "$.condition.related: unknown related kind `activites`; did you mean `activities`?"
    ]
    assert faults({"name": "team", "points": 1, "decay": {"halfLife": "2w"}}) == ["$.condition: required, but missing"]


def test_a_host_may_bring_kinds_of_its_own() -> None:
    vocabulary = Vocabulary().with_related(RelatedKind(name="invoices", time="paid_at"))
    data = rule(condition={"related": "invoices"}, decay={"halfLife": "30d"})
    read = ScoringRule.model_validate(data, context={"vocabulary": vocabulary})
    assert read.condition == read_condition({"related": "invoices"}, vocabulary=vocabulary)
    for context in (None, {}, {"vocabulary": Vocabulary()}):
        assert faults(data, context=context)[0].startswith("$.condition.related: unknown related kind `invoices`")


def test_a_rule_is_written_back_in_camel_case() -> None:
    read = ScoringRule.model_validate(rule(condition=VISITS, decay={"half_life": "2w"}, points=20.0))
    assert read.model_dump() == {
        "name": "team",
        "points": 20,
        "condition": {"related": "activities", "within": "30d", "aggregate": "count", "op": ">=", "value": 3},
        "group": None,
        "enabled": True,
        "description": None,
        "decay": {"halfLife": "2w"},
    }
    assert ScoringRule.model_validate(read.model_dump()) == read
    assert ScoringRule.model_validate_json(read.model_dump_json()) == read


def test_the_schema_names_every_key_of_a_rule() -> None:
    schema = ScoringRule.model_json_schema()
    assert list(schema["properties"]) == ["name", "points", "condition", "group", "enabled", "description", "decay"]
    assert schema["required"] == ["name", "points", "condition"]
    assert schema["additionalProperties"] is False
