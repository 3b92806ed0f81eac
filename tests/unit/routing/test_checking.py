from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from leadkit.conditions.catalogue import FieldCatalogue
from leadkit.routing.checking import check_routes
from leadkit.routing.strategies import with_strategies

if TYPE_CHECKING:
    from .conftest import Given


def field(name: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": name, "op": op} if value is None else {"field": name, "op": op, "value": value}


HOT = field("score", ">=", 80)
WARM = field("score", ">=", 50)
COLD = field("score", "<", 50)
UNSCORED = field("score", "missing")
WEB = field("source", "==", "web")
NEVER = {"and": [field("score", ">", 90), field("score", "<", 50)]}
EVER = {"or": [field("source", "==", "web"), field("source", "!=", "web")]}


def faults(pipeline: Any, **known: Any) -> list[tuple[str, str, str, str]]:
    found = check_routes(pipeline, **known)
    return [("error", each.path, each.code, each.message) for each in found.errors] + [
        ("warning", each.path, each.code, each.message) for each in found.warnings
    ]


def unreached(pipeline: Any, **known: Any) -> list[tuple[str, str]]:
    found = check_routes(pipeline, **known)
    return [(each.path, each.message) for each in found.warnings if each.code == "unreachable"]


def test_routes_in_order_have_no_findings(given: Given) -> None:
    pipeline = given.pipeline((WARM, "ann"), (None, "least-loaded:ae"), new=[(HOT, "weighted:ae"), (WEB, "user:bob")])
    found = check_routes(pipeline, pools=["ae"], users=["ann", "bob"])
    assert not found
    assert str(found) == "nothing found"


# --- targets ---------------------------------------------------------------------------------------------------------


def test_an_unknown_strategy_is_an_error_with_a_suggestion(given: Given) -> None:
    pipeline = given.pipeline((None, "wieghted:ae"), new=[], talks=[(WEB, "ann"), (HOT, "bob"), (None, "luck:ae")])
    assert faults(pipeline) == [
        (
            "error",
            "$.stages[1].autoRoute.rules[2].assignTo",
            "unknown-strategy",
            "unknown assignment strategy `luck`; possible are `least-loaded`, `round-robin`, `user`, `weighted`",
        ),
        (
            "error",
            "$.autoRoute.rules[0].assignTo",
            "unknown-strategy",
            "unknown assignment strategy `wieghted`; did you mean `weighted`?",
        ),
    ]


def test_a_strategy_of_the_host_is_known(given: Given) -> None:
    table = with_strategies({"luck": lambda *_: None})
    assert faults(given.pipeline((None, "luck:ae")), strategies=table, pools=["ae"]) == []


def test_pools_and_users_are_looked_for_where_they_are_known(given: Given) -> None:
    pipeline = given.pipeline((HOT, "round-robin:senior-ea"), (None, "anne"))
    assert faults(pipeline) == []
    assert faults(pipeline, pools=["senior-ae"], users=["ann", "bob"]) == [
        (
            "error",
            "$.autoRoute.rules[0].assignTo",
            "unknown-pool",
            "unknown pool `senior-ea`; did you mean `senior-ae`?",
        ),
        ("error", "$.autoRoute.rules[1].assignTo", "unknown-user", "unknown user `anne`; did you mean `ann`?"),
    ]
    assert [code for _, _, code, _ in faults(pipeline, pools=["senior-ea"], users=[])] == ["unknown-user"]
    assert [code for _, _, code, _ in faults(pipeline, pools=[], users=["anne"])] == ["unknown-pool"]


# --- conditions ------------------------------------------------------------------------------------------------------


def test_conditions_are_checked_against_the_catalogue(given: Given) -> None:
    catalogue = FieldCatalogue.of({"score": int, "source": str})
    pipeline = given.pipeline((field("scor", ">", 5), "ann"), new=[(field("score", "==", "high"), "bob")])
    found = check_routes(pipeline, catalogue=catalogue)
    assert [error.path.rpartition(".")[0] for error in found.errors] == [
        "$.stages[0].autoRoute.rules[0].if",
        "$.autoRoute.rules[0].if",
    ]
    assert not check_routes(pipeline).errors


def test_a_condition_that_never_holds_is_told_once(given: Given) -> None:
    ((kind, path, code, _),) = faults(given.pipeline((EVER, "ann"), new=[(WARM, "ann"), (NEVER, "bob")]))[:1]
    assert (kind, path, code) == ("warning", "$.stages[0].autoRoute.rules[1].if", code)
    assert unreached(given.pipeline(new=[(WARM, "ann"), (NEVER, "bob")])) == []
    assert unreached(given.pipeline((WARM, "ann"), (NEVER, "bob"))) == []


def test_a_rule_without_a_condition_may_match_always(given: Given) -> None:
    assert faults(given.pipeline((None, "ann"))) == []
    assert [path for _, path, _, _ in faults(given.pipeline((EVER, "ann")))] == ["$.autoRoute.rules[0].if"]


# --- rules that are never reached ------------------------------------------------------------------------------------


@pytest.mark.parametrize("always", [None, EVER])
def test_behind_a_rule_that_always_matches_nothing_is_reached(given: Given, always: dict[str, Any] | None) -> None:
    pipeline = given.pipeline(new=[(HOT, "ann"), (always, "bob"), (WEB, "cleo"), (None, "dan")])
    assert unreached(pipeline) == [
        ("$.stages[0].autoRoute.rules[2]", "never reached: stage `new`, rule 2 always matches"),
        ("$.stages[0].autoRoute.rules[3]", "never reached: stage `new`, rule 2 always matches"),
    ]


def test_a_condition_that_stands_before_is_never_reached_again(given: Given) -> None:
    again = {"not": field("score", "<", 80.0)}
    pipeline = given.pipeline((HOT, "ann"), (WEB, "bob"), (HOT, "cleo"), ({"and": [WEB]}, "dan"), (again, "eve"))
    assert unreached(pipeline) == [
        ("$.autoRoute.rules[2]", "never reached: pipeline `inbound`, rule 1 has the same condition"),
        ("$.autoRoute.rules[3]", "never reached: pipeline `inbound`, rule 2 has the same condition"),
    ]


def test_a_narrower_condition_behind_a_wider_one_is_never_reached(given: Given) -> None:
    assert unreached(given.pipeline((WARM, "ann"), (HOT, "bob"))) == [
        ("$.autoRoute.rules[1]", "never reached: pipeline `inbound`, rule 1 matches wherever this one does")
    ]
    assert unreached(given.pipeline((HOT, "ann"), (WARM, "bob"))) == []


def test_several_rules_together_leave_nothing(given: Given) -> None:
    pipeline = given.pipeline((WARM, "ann"), (COLD, "bob"), (UNSCORED, "cleo"), (WEB, "dan"))
    typed = FieldCatalogue.of({"score": int, "source": str})
    assert unreached(pipeline) == []
    assert unreached(pipeline, catalogue=typed) == [
        ("$.autoRoute.rules[3]", "never reached: the rules before it, together, match wherever this one does")
    ]


def test_the_rules_of_one_stage_hide_nothing_from_another(given: Given) -> None:
    assert unreached(given.pipeline(new=[(None, "ann")], talks=[(WEB, "bob")])) == []


def test_a_rule_of_the_pipeline_is_reached_while_one_stage_lets_its_leads_through(given: Given) -> None:
    assert unreached(given.pipeline((WEB, "zoe"), new=[(None, "ann")], talks=[(HOT, "bob")])) == []
    assert unreached(given.pipeline((WEB, "zoe"), new=[(None, "ann")], talks=[])) == []


def test_where_every_stage_catches_its_leads_the_rules_of_the_pipeline_are_never_reached(given: Given) -> None:
    assert unreached(given.pipeline((WEB, "zoe"), (HOT, "ann"), new=[(None, "ann")], talks=[(WEB, "bob")])) == [
        ("$.autoRoute.rules[0]", "never reached: the rules of every stage match wherever this one does")
    ]


def test_stages_and_the_pipeline_may_catch_a_lead_between_them(given: Given) -> None:
    pipeline = given.pipeline((WARM, "ann"), (HOT, "zoe"), (WEB, "bob"), new=[(WEB, "cleo")], talks=[(WEB, "cleo")])
    assert unreached(pipeline) == [
        ("$.autoRoute.rules[1]", "never reached: pipeline `inbound`, rule 1 matches wherever this one does"),
        ("$.autoRoute.rules[2]", "never reached: the rules of every stage match wherever this one does"),
    ]


def test_what_the_catalogue_says_decides_what_is_reached(given: Given) -> None:
    choices = FieldCatalogue.of({"source": ["web", "fair"]})
    pipeline = given.pipeline((WEB, "ann"), (field("source", "==", "fair"), "bob"), (field("source", "exists"), "zoe"))
    assert unreached(pipeline) == []
    assert unreached(pipeline, catalogue=choices) == [
        ("$.autoRoute.rules[2]", "never reached: the rules before it, together, match wherever this one does")
    ]


def test_rules_that_overlap_are_all_reached(given: Given) -> None:
    rules = [
        ({"and": [field("score", ">=", number), field("source", "==", f"s{number}")]}, "ann") for number in range(30)
    ]
    assert faults(given.pipeline(*rules)) == []
