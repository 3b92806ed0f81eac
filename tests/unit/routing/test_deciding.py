from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from leadkit.leads import commands
from leadkit.routing.assignees import Assignee, Exclusion
from leadkit.routing.deciding import route, route_many, routing_order
from leadkit.routing.decisions import RoutingDecision, RoutingOutcome
from leadkit.routing.rosters import Roster
from leadkit.routing.strategies import with_strategies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from leadkit.leads import Lead
    from leadkit.routing.strategies import Candidate

    from .conftest import Given

HOT = {"field": "score", "op": ">=", "value": 80}


def user(user_id: str, **changes: Any) -> Assignee:
    return Assignee.model_validate({"id": user_id, **changes})


ANN, BOB, CLEO = user("ann"), user("bob"), user("cleo", capacity=1)
TEAM = Roster(users={"ann": ANN, "cleo": CLEO}, pools={"ae": (ANN, BOB, CLEO)})


def last(candidates: Sequence[Candidate], lead: Lead, as_of: datetime) -> str:
    return candidates[-1].id


# --- one lead --------------------------------------------------------------------------------------------------------


def test_a_lead_goes_to_the_next_of_the_pool(given: Given) -> None:
    pipeline = given.pipeline(new=[(HOT, "ann"), (None, "round-robin:ae")])
    assert route(given.lead(), pipeline, TEAM, as_of=given.now) == RoutingDecision(
        lead_id="lead-1",
        outcome=RoutingOutcome.ASSIGNED,
        reason="stage `new`, rule 2 (round-robin:ae)",
        route="stage `new`, rule 2",
        assign_to="round-robin:ae",
        strategy="round-robin",
        pool="ae",
        assigned_to="ann",
        pointers={"ann": Fraction(1), "bob": Fraction(0), "cleo": Fraction(0)},
    )


def test_a_lead_goes_to_the_user_that_the_rule_names(given: Given) -> None:
    decision = route(given.lead(), given.pipeline((None, "ann")), TEAM, as_of=given.now)
    assert decision == RoutingDecision(
        lead_id="lead-1",
        outcome=RoutingOutcome.ASSIGNED,
        reason="pipeline `inbound`, rule 1 (ann)",
        route="pipeline `inbound`, rule 1",
        assign_to="ann",
        strategy="user",
        assigned_to="ann",
    )
    assert decision.command == commands.Assign(assigned_to="ann", reason="pipeline `inbound`, rule 1 (ann)")


def test_pointers_and_open_leads_of_the_roster_count(given: Given) -> None:
    team = Roster(
        pools={"ae": (ANN, BOB, CLEO)},
        open_counts={"cleo": 1},
        pointers={"round-robin:ae": {"ann": Fraction(3), "bob": Fraction(2), "cleo": Fraction(2)}},
    )
    decision = route(given.lead(), given.pipeline((None, "round-robin:ae")), team, as_of=given.now)
    assert (decision.assigned_to, decision.pointers) == ("bob", {"bob": Fraction(3)})
    assert decision.excluded == (
        Exclusion(assignee="cleo", code="at-capacity", reason="at capacity: 1 of 1 open leads"),
    )


def test_a_lead_for_whom_no_rule_holds_is_unmatched(given: Given) -> None:
    assert route(given.lead(score=10), given.pipeline((HOT, "ann")), TEAM, as_of=given.now) == RoutingDecision(
        lead_id="lead-1", outcome=RoutingOutcome.UNMATCHED, reason="no rule of pipeline `inbound` matches"
    )


def test_a_lead_in_no_pipeline_is_unmatched(given: Given) -> None:
    assert route(given.lead(pipeline_id=None, stage=None), None, TEAM, as_of=given.now) == RoutingDecision(
        lead_id="lead-1", outcome=RoutingOutcome.UNMATCHED, reason="the lead is in no pipeline"
    )


def test_a_lead_that_has_an_owner_keeps_it(given: Given) -> None:
    decision = route(given.lead(assigned_to="zoe"), given.pipeline((None, "ann")), TEAM, as_of=given.now)
    assert decision == RoutingDecision(
        lead_id="lead-1",
        outcome=RoutingOutcome.ALREADY_ASSIGNED,
        reason="the lead is with zoe",
        assigned_to="zoe",
    )
    assert decision.command is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "disqualified", "disqualified_at": "now"}, "the lead is disqualified"),
        ({"status": "converted", "converted_at": "now", "qualified_at": "now"}, "the lead is converted"),
        ({"deleted_at": "now"}, "the lead is deleted"),
        ({"deleted_at": "now", "status": "disqualified", "disqualified_at": "now"}, "the lead is deleted"),
        ({"status": "disqualified", "disqualified_at": "now", "assigned_to": "zoe"}, "the lead is disqualified"),
    ],
)
def test_a_closed_lead_is_skipped(given: Given, changes: dict[str, Any], reason: str) -> None:
    lead = given.lead(**{name: given.now if value == "now" else value for name, value in changes.items()})
    assert route(lead, given.pipeline((None, "ann")), TEAM, as_of=given.now) == RoutingDecision(
        lead_id="lead-1", outcome=RoutingOutcome.SKIPPED, reason=reason
    )


@pytest.mark.parametrize("status", ["new", "nurturing", "qualified"])
def test_an_open_lead_of_any_status_is_routed(given: Given, status: str) -> None:
    stamps = {"qualified_at": given.now} if status == "qualified" else {}
    decision = route(given.lead(status=status, **stamps), given.pipeline((None, "ann")), TEAM, as_of=given.now)
    assert decision.assigned_to == "ann"


@pytest.mark.parametrize(
    ("assign_to", "problem", "strategy", "pool", "excluded"),
    [
        ("round-robin:off", "nobody is eligible", "round-robin", "off", ["ann (inactive)"]),
        ("weighted:empty", "the pool has no members", "weighted", "empty", []),
        ("least-loaded:none", "there is no pool `none`", "least-loaded", "none", []),
        ("zoe", "nobody is eligible", "user", None, ["zoe (unknown user)"]),
        ("user:cleo", "nobody is eligible", "user", None, ["cleo (at capacity: 1 of 1 open leads)"]),
        (
            "round-robbin:ae",
            "unknown assignment strategy `round-robbin`; did you mean `round-robin`?",
            "round-robbin",
            "ae",
            [],
        ),
    ],
)
def test_a_rule_with_nobody_eligible_leaves_the_lead_unassigned(
    given: Given, assign_to: str, problem: str, strategy: str, pool: str | None, excluded: list[str]
) -> None:
    team = Roster(
        users={"cleo": CLEO}, pools={"off": (user("ann", active=False),), "empty": ()}, open_counts={"cleo": 1}
    )
    decision = route(given.lead(), given.pipeline((None, assign_to), (None, "ann")), team, as_of=given.now)
    assert decision == RoutingDecision(
        lead_id="lead-1",
        outcome=RoutingOutcome.NOBODY_ELIGIBLE,
        reason=f"pipeline `inbound`, rule 1 ({assign_to}): {problem}",
        route="pipeline `inbound`, rule 1",
        assign_to=assign_to,
        strategy=strategy,
        pool=pool,
        excluded=decision.excluded,
    )
    assert list(map(str, decision.excluded)) == excluded
    assert decision.command is None


def test_a_user_who_is_unknown_is_told_by_a_code(given: Given) -> None:
    (excluded,) = route(given.lead(), given.pipeline((None, "zoe")), Roster(), as_of=given.now).excluded
    assert (excluded.assignee, excluded.code) == ("zoe", "unknown-user")


def test_a_strategy_of_the_host_is_asked(given: Given) -> None:
    table = with_strategies({"last": last})
    decision = route(given.lead(), given.pipeline((None, "last:ae")), TEAM, as_of=given.now, strategies=table)
    assert (decision.assigned_to, decision.strategy, decision.pool, decision.pointers) == ("cleo", "last", "ae", {})


def test_a_strategy_of_the_host_that_is_refused_is_named(given: Given) -> None:
    table = with_strategies({"nobody": lambda *_: None})
    decision = route(given.lead(), given.pipeline((None, "nobody:ae")), TEAM, as_of=given.now, strategies=table)
    assert decision.reason == "pipeline `inbound`, rule 1 (nobody:ae): strategy `nobody` chose nobody"
    assert decision.outcome is RoutingOutcome.NOBODY_ELIGIBLE


def test_related_records_reach_the_rules(given: Given) -> None:
    pipeline = given.pipeline(({"related": "activities", "op": ">=", "value": 1}, "ann"))
    assert route(given.lead(), pipeline, TEAM, as_of=given.now).outcome == "unmatched"
    records = {"activities": [{"at": given.now}]}
    assert route(given.lead(), pipeline, TEAM, as_of=given.now, related=records).assigned_to == "ann"


def test_working_hours_count_at_the_instant_of_the_assignment(given: Given) -> None:
    office = user("ann", working_hours=[{"days": ["tue"], "start": "09:00", "end": "12:00"}])
    team = Roster(pools={"ae": (office,)})
    pipeline = given.pipeline((None, "round-robin:ae"))
    assert route(given.lead(), pipeline, team, as_of=given.now).outcome == "nobody-eligible"
    assert route(given.lead(), pipeline, team, as_of=given.now - timedelta(minutes=1)).assigned_to == "ann"


# --- many leads ------------------------------------------------------------------------------------------------------


def test_leads_are_routed_by_score_then_age_then_id(given: Given) -> None:
    older = given.now - timedelta(days=1)
    leads = [
        given.lead("none"),
        given.lead("b", score=50),
        given.lead("minus", score=-1),
        given.lead("a", score=50),
        given.lead("zero", score=0),
        given.lead("half", score=0.5),
        given.lead("old", score=50, created_at=older),
        given.lead("best", score=50.5),
        given.lead("oldest none", created_at=older),
    ]
    expected = ["best", "old", "a", "b", "half", "zero", "minus", "oldest none", "none"]
    assert [lead.id for lead in sorted(leads, key=routing_order)] == expected
    decisions, _ = route_many(leads, given.pipeline(), TEAM, as_of=given.now)
    assert [decision.lead_id for decision in decisions] == expected


def test_each_lead_finds_what_the_former_left_behind(given: Given) -> None:
    leads = [given.lead(f"lead-{number}") for number in range(6)]
    team = Roster(pools={"ae": (ANN, BOB, CLEO)}, open_counts={"zoe": 4})
    decisions, after = route_many(leads, given.pipeline((None, "round-robin:ae")), team, as_of=given.now)
    assert [decision.assigned_to for decision in decisions] == ["ann", "bob", "cleo", "ann", "bob", "ann"]
    assert [[str(each) for each in decision.excluded] for decision in decisions[2:4]] == [
        [],
        ["cleo (at capacity: 1 of 1 open leads)"],
    ]
    assert after.open_counts == {"zoe": 4, "ann": 3, "bob": 2, "cleo": 1}
    assert after.pointers == {"round-robin:ae": {"ann": Fraction(3), "bob": Fraction(2), "cleo": Fraction(2)}}
    assert after.pools == team.pools


def test_open_leads_count_over_all_pools_and_routes(given: Given) -> None:
    team = Roster(users={"cleo": CLEO}, pools={"ae": (CLEO,), "vip": (CLEO, BOB)})
    pipeline = given.pipeline(
        (HOT, "least-loaded:vip"), ({"field": "source", "op": "==", "value": "web"}, "cleo"), (None, "round-robin:ae")
    )
    leads = [given.lead("a", score=90), given.lead("b", score=80), given.lead("c", source="web"), given.lead("d")]
    decisions, after = route_many(leads, pipeline, team, as_of=given.now)
    assert [decision.assigned_to for decision in decisions] == ["bob", "cleo", None, None]
    assert after.open_counts == {"bob": 1, "cleo": 1}
    assert after.pointers == {}


def test_strategies_of_one_pool_take_turns_apart(given: Given) -> None:
    pipeline = given.pipeline((HOT, "weighted:ae"), (None, "round-robin:ae"))
    team = Roster(pools={"ae": (user("ann", weight=2), BOB)}, pointers={"weighted:old": {"ann": Fraction(9)}})
    leads = [given.lead("a", score=90), given.lead("b", score=85), given.lead("c"), given.lead("d")]
    decisions, after = route_many(leads, pipeline, team, as_of=given.now)
    assert [decision.assigned_to for decision in decisions] == ["ann", "bob", "ann", "bob"]
    assert after.pointers == {
        "weighted:old": {"ann": Fraction(9)},
        "weighted:ae": {"ann": Fraction(1, 2), "bob": Fraction(1)},
        "round-robin:ae": {"ann": Fraction(1), "bob": Fraction(1)},
    }


def test_a_lead_that_comes_twice_is_routed_once(given: Given) -> None:
    decisions, after = route_many([given.lead(), given.lead()], given.pipeline((None, "ann")), TEAM, as_of=given.now)
    assert len(decisions) == 1
    assert after.open_counts == {"ann": 1}


def test_what_is_not_assigned_moves_nothing(given: Given) -> None:
    team = Roster(users={"ann": ANN}, pools={"ae": (CLEO,)}, open_counts={"cleo": 1}, pointers={"round-robin:ae": {}})
    leads = [given.lead("a"), given.lead("b", assigned_to="ann"), given.lead("c", deleted_at=given.now)]
    decisions, after = route_many(leads, given.pipeline((None, "round-robin:ae")), team, as_of=given.now)
    assert [decision.outcome.value for decision in decisions] == ["nobody-eligible", "already-assigned", "skipped"]
    assert after == team


def test_the_roster_that_was_given_stays_as_it_was(given: Given) -> None:
    kept = {"ann": Fraction(1), "bob": Fraction(0)}
    team = Roster(pools={"ae": (ANN, BOB)}, open_counts={"ann": 1}, pointers={"round-robin:ae": kept})
    _, after = route_many([given.lead()], given.pipeline((None, "round-robin:ae")), team, as_of=given.now)
    assert team.open_counts == {"ann": 1}
    assert team.pointers == {"round-robin:ae": {"ann": Fraction(1), "bob": Fraction(0)}}
    assert kept == {"ann": Fraction(1), "bob": Fraction(0)}
    assert after.open_counts == {"ann": 1, "bob": 1}


def test_each_lead_has_its_own_related_records(given: Given) -> None:
    pipeline = given.pipeline(({"related": "activities", "op": ">=", "value": 1}, "ann"))
    records = {"b": {"activities": [{"at": given.now}]}}
    decisions, _ = route_many([given.lead("a"), given.lead("b")], pipeline, TEAM, as_of=given.now, related=records)
    assert [decision.outcome.value for decision in decisions] == ["unmatched", "assigned"]


def test_strategies_of_the_host_reach_every_lead(given: Given) -> None:
    table = with_strategies({"last": last})
    decisions, _ = route_many(
        [given.lead()], given.pipeline((None, "last:ae")), TEAM, as_of=given.now, strategies=table
    )
    assert decisions[0].assigned_to == "cleo"
