"""What routing promises, whatever the pool, the leads and the order in which they come."""

from __future__ import annotations

import copy
import dataclasses
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from leadkit.leads import Lead
from leadkit.pipelines import Pipeline
from leadkit.routing import (
    STRATEGIES,
    Assignee,
    PoolState,
    Roster,
    RoutingOutcome,
    RoutingReport,
    Weekday,
    WorkingHours,
    exclusions,
    parse_pointer,
    pick,
    route,
    route_many,
    with_strategies,
    write_pointer,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadkit.routing import Pick, RoutingDecision

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEAD = Lead(id="lead-1", email="alice@example.com", created_at=NOW, updated_at=NOW)
USERS = ["ann", "bob", "cleo", "dan", "eve"]

user_ids = st.lists(st.sampled_from(USERS), min_size=1, unique=True)
weights = st.fixed_dictionaries({user: st.integers(1, 7) for user in USERS})


def pool_of(users: Iterable[str], weight: Mapping[str, int] | None = None, off: Iterable[str] = ()) -> list[Assignee]:
    return [Assignee(id=user, weight=(weight or {}).get(user, 1), active=user not in off) for user in users]


def picked(strategy: str, members: Sequence[Assignee], pointers: Mapping[str, Fraction]) -> Pick:
    state = PoolState(members=members, pointers=pointers)
    return pick(state, STRATEGIES[strategy], name=strategy, lead=LEAD, as_of=NOW)


def run(strategy: str, members: Sequence[Assignee], length: int) -> list[str]:
    pointers: dict[str, Fraction] = {}
    chosen = []
    for _ in range(length):
        done = picked(strategy, members, pointers)
        assert done.assigned_to is not None
        chosen.append(done.assigned_to)
        pointers |= done.moved
    return chosen


# --- turns -----------------------------------------------------------------------------------------------------------


@given(user_ids, st.data())
def test_in_turn_counts_differ_by_at_most_one_over_any_run(users: list[str], data: st.DataObject) -> None:
    chosen = run("round-robin", pool_of(users), 4 * len(users))
    start = data.draw(st.integers(0, len(chosen)))
    counts = Counter(chosen[start : data.draw(st.integers(start, len(chosen)))])
    assert max(counts[user] for user in users) - min(counts[user] for user in users) <= 1


@given(user_ids, weights, st.data())
def test_by_weight_shares_differ_by_less_than_one_lead_each(
    users: list[str], weight: dict[str, int], data: st.DataObject
) -> None:
    chosen = run("weighted", pool_of(users, weight), 3 * sum(weight[user] for user in users))
    start = data.draw(st.integers(0, len(chosen)))
    end = data.draw(st.integers(start, len(chosen)))
    whole, part = Counter(chosen[:end]), Counter(chosen[start:end])
    for one, other in combinations(users, 2):
        strides = Fraction(1, weight[one]), Fraction(1, weight[other])
        assert abs(Fraction(whole[one], weight[one]) - Fraction(whole[other], weight[other])) <= max(strides)
        assert abs(Fraction(part[one], weight[one]) - Fraction(part[other], weight[other])) <= sum(strides)


@given(weights)
def test_by_weight_a_full_round_gives_everybody_the_weight(weight: dict[str, int]) -> None:
    assert Counter(run("weighted", pool_of(USERS, weight), sum(weight.values()))) == weight


# For each assignment: who is in the pool, and who of them is off.
histories = st.lists(st.tuples(user_ids, st.sets(st.sampled_from(USERS))), min_size=1, max_size=30)


@given(histories, weights, st.sampled_from(["round-robin", "weighted"]))
def test_whatever_becomes_of_a_pool_nobody_leads_by_more_than_a_stride(
    history: list[tuple[list[str], set[str]]], weight: dict[str, int], strategy: str
) -> None:
    pointers: dict[str, Fraction] = {}
    for users, off in history:
        done = picked(strategy, pool_of(users, weight, off), pointers)
        before = {user: pointer for user, pointer in pointers.items() if user in users}
        pointers = {**before, **done.moved}
        assert all(pointers[user] >= pointer for user, pointer in before.items()), "no pointer ever goes back"
        for user, pointer in pointers.items():
            stride = Fraction(1, weight[user]) if strategy == "weighted" else Fraction(1)
            assert pointer - min(pointers.values()) <= stride


@given(histories, weights, st.sampled_from(["round-robin", "weighted"]))
def test_while_two_are_eligible_their_shares_stay_together_whoever_else_comes_and_goes(
    history: list[tuple[list[str], set[str]]], weight: dict[str, int], strategy: str
) -> None:
    pointers: dict[str, Fraction] = {}
    counts: Counter[str] = Counter()
    always = ["ann", "bob"]
    stride = {user: Fraction(1, weight[user]) if strategy == "weighted" else Fraction(1) for user in USERS}
    for users, off in history:
        members = pool_of({*users, *always}, weight, off - set(always))
        done = picked(strategy, members, pointers)
        pointers = {**{user: at for user, at in pointers.items() if user in users or user in always}, **done.moved}
        counts[str(done.assigned_to)] += 1
        assert abs(counts["ann"] * stride["ann"] - counts["bob"] * stride["bob"]) <= max(stride["ann"], stride["bob"])


@given(histories)
def test_a_night_off_is_no_debt(history: list[tuple[list[str], set[str]]]) -> None:
    """Who comes back gets no two leads more than anybody who was there, however long it was away."""
    pointers: dict[str, Fraction] = {}
    for users, off in history:
        done = picked("round-robin", pool_of(users, off=off), pointers)
        pointers = {**{user: at for user, at in pointers.items() if user in users}, **done.moved}
    counts: Counter[str] = Counter()
    for _ in range(3 * len(USERS)):
        done = picked("round-robin", pool_of(USERS), pointers)
        counts[str(done.assigned_to)] += 1
        pointers |= done.moved
        assert max(counts.values()) - min(counts[user] for user in USERS) <= 2


@given(st.fractions(min_value=0))
def test_a_pointer_is_read_as_it_was_written(pointer: Fraction) -> None:
    assert parse_pointer(write_pointer(pointer)) == pointer


# --- many leads ------------------------------------------------------------------------------------------------------

assignees = st.builds(
    Assignee,
    id=st.sampled_from(USERS),
    active=st.sampled_from([True, True, True, False]),
    weight=st.integers(1, 5),
    capacity=st.none() | st.integers(0, 4),
    working_hours=st.none()
    | st.just((WorkingHours(days=tuple(Weekday), start="12:00", end="12:01"),))
    | st.just((WorkingHours(days=tuple(Weekday), start="12:01", end="12:00"),)),
    time_zone=st.sampled_from(["UTC", "Europe/Berlin"]),
)
teams = st.lists(assignees, max_size=5, unique_by=lambda user: user.id)
targets = st.sampled_from(
    ["round-robin:ae", "weighted:ae", "least-loaded:ae", "odd:ae", "ann", "zoe", "round-robin:none"]
)
conditions = st.sampled_from(
    [
        {"field": "score", "op": ">=", "value": 50},
        {"field": "source", "op": "==", "value": "web"},
        {"field": "score", "op": "missing"},
        {"and": []},
    ]
)
rule_lists = st.lists(
    st.builds(lambda condition, to: {"if": condition, "assignTo": to}, conditions, targets), max_size=3
)


@st.composite
def leads(draw: st.DrawFn, number: int) -> Lead:
    state = draw(st.sampled_from(["open", "open", "open", "owned", "disqualified", "deleted"]))
    return Lead(
        id=f"lead-{number}",
        email="alice@example.com",
        pipeline_id="inbound",
        stage=draw(st.sampled_from(["new", "talks"])),
        score=draw(st.none() | st.integers(-10, 100)),
        source=draw(st.sampled_from([None, "web"])),
        assigned_to="bob" if state == "owned" else None,
        status="disqualified" if state == "disqualified" else "new",  # type: ignore[arg-type] - read from text
        disqualified_at=NOW if state == "disqualified" else None,
        deleted_at=NOW if state == "deleted" else None,
        created_at=NOW - timedelta(hours=draw(st.integers(0, 2))),
        updated_at=NOW,
    )


@st.composite
def jobs(draw: st.DrawFn) -> tuple[list[Lead], Pipeline, Roster]:
    pipeline = Pipeline.model_validate(
        {
            "id": "inbound",
            "name": "Inbound",
            "stages": [
                {"id": stage, "name": stage, "order": order, "autoRoute": {"rules": draw(rule_lists)}}
                for order, stage in enumerate(["new", "talks"])
            ],
            "autoRoute": {"rules": draw(rule_lists)},
            "createdAt": NOW,
        }
    )
    team = draw(teams)
    roster = Roster(
        users={user.id: user for user in team},
        pools={"ae": tuple(team)},
        open_counts=draw(st.dictionaries(st.sampled_from(USERS), st.integers(0, 4))),
        pointers={"round-robin:ae": draw(st.dictionaries(st.sampled_from(USERS), st.fractions(0, 3)))},
    )
    return [draw(leads(number)) for number in range(draw(st.integers(0, 12)))], pipeline, roster


# Answers anybody, eligible or not.
TABLE = with_strategies({"odd": lambda _, lead, __: USERS[len(lead.id + str(lead.score)) % 5]})


def routed(job: tuple[list[Lead], Pipeline, Roster]) -> tuple[tuple[RoutingDecision, ...], Roster]:
    given_leads, pipeline, roster = job
    return route_many(given_leads, pipeline, roster, as_of=NOW, strategies=TABLE)


@given(jobs())
def test_every_lead_gets_one_decision_that_says_why(job: Any) -> None:
    decisions, _ = routed(job)
    assert sorted(decision.lead_id for decision in decisions) == sorted(lead.id for lead in job[0])
    for decision in decisions:
        assert decision.reason
        assert (decision.outcome is RoutingOutcome.ASSIGNED) is (decision.command is not None)
        assert (decision.route is None) is (decision.outcome.value not in {"assigned", "nobody-eligible"})


@given(jobs())
def test_the_counts_of_a_report_add_up(job: Any) -> None:
    decisions, after = routed(job)
    report = RoutingReport.of(decisions, as_of=NOW)
    counted = report.assigned + report.unmatched + report.nobody_eligible + report.skipped + report.already_assigned
    assert counted == len(report.decisions) == len(job[0])
    assert sum(report.by_assignee.values()) == report.assigned
    gained = Counter(after.open_counts)
    gained.subtract(Counter(job[2].open_counts))
    assert {user: count for user, count in gained.items() if count} == report.by_assignee


@given(jobs(), st.randoms())
def test_decisions_do_not_depend_on_the_order_in_which_leads_come(job: Any, random: Any) -> None:
    shuffled = [*job[0], *job[0][:2]]
    random.shuffle(shuffled)
    assert routed((shuffled, *job[1:])) == routed(job)


@given(jobs())
def test_nobody_gets_more_than_the_capacity(job: Any) -> None:
    _, after = routed(job)
    for user in job[2].users.values():
        before = job[2].open_counts.get(user.id, 0)
        if user.capacity is not None:
            assert after.open_counts.get(user.id, 0) <= max(user.capacity, before)


@given(jobs())
def test_routing_twice_is_routing_once(job: Any) -> None:
    decisions, after = routed(job)
    owners = {decision.lead_id: decision.assigned_to for decision in decisions if decision.command}
    later = [dataclasses.replace(lead, assigned_to=owners.get(lead.id, lead.assigned_to)) for lead in job[0]]
    again, unmoved = routed((later, job[1], after))
    assert not [decision for decision in again if decision.command]
    assert unmoved == after
    kept = {decision.lead_id: decision.outcome for decision in decisions if not decision.command}
    assert {decision.lead_id: decision.outcome for decision in again if decision.lead_id in kept} == kept


@given(jobs())
def test_who_did_not_get_a_lead_was_passed_over_or_has_a_reason(job: Any) -> None:
    decisions, _ = routed(job)
    counts = Counter(job[2].open_counts)
    for decision in decisions:
        if decision.pool == "ae":
            members = {user.id: user for user in job[2].pools["ae"]}
            expected = [
                exclusion
                for user in sorted(members)
                for exclusion in exclusions(members[user], open_leads=counts[user], as_of=NOW)
            ]
            assert list(decision.excluded) == expected
            eligible = members.keys() - {exclusion.assignee for exclusion in expected}
            assert decision.assigned_to is None or decision.assigned_to in eligible
            assert decision.assigned_to is not None or not eligible or decision.strategy == "odd"
        if decision.command is not None:
            counts[str(decision.assigned_to)] += 1


@given(jobs())
def test_many_leads_are_routed_as_if_each_came_alone(job: Any) -> None:
    given_leads, pipeline, roster = job
    decisions, after = routed(job)
    by_id = {lead.id: lead for lead in given_leads}
    for decision in decisions:
        alone = route(by_id[decision.lead_id], pipeline, roster, as_of=NOW, strategies=TABLE)
        assert alone == decision
        if alone.command is not None:
            counts = Counter(roster.open_counts) + Counter([str(alone.assigned_to)])
            moved = {**roster.pointers.get(str(alone.assign_to), {}), **alone.pointers}
            pointers = {**roster.pointers, **({str(alone.assign_to): moved} if moved else {})}
            roster = attrs.evolve(roster, open_counts=dict(counts), pointers=pointers)
    assert after.pointers == roster.pointers


@given(jobs())
def test_routing_changes_nothing_that_it_was_given(job: Any) -> None:
    before = copy.deepcopy(job)
    routed(job)
    assert job == before


# --- working hours ---------------------------------------------------------------------------------------------------

clocks = st.integers(0, 24 * 60 - 1)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@given(st.sets(st.sampled_from(list(Weekday)), min_size=1), clocks, st.integers(1, 24 * 60), clocks, st.integers(0, 6))
def test_hours_cover_exactly_the_minutes_that_they_name(
    days: set[Weekday], start: int, length: int, minute: int, day: int
) -> None:
    end = start + length
    if end - start == 24 * 60 and start:
        end -= 1
    wraps = end > 24 * 60
    hours = WorkingHours(
        days=tuple(days), start=clock(start), end="24:00" if end == 24 * 60 else clock(end % (24 * 60))
    )
    worked = {
        (24 * 60 * number + offset) % (7 * 24 * 60)
        for number, name in enumerate(Weekday)
        if name in days
        for offset in range(start, end)
    }
    # 2026-11-23 is a Monday.
    local = datetime(2026, 11, 23 + day, minute // 60, minute % 60, 59)
    assert hours.cover(local) is (24 * 60 * day + minute in worked)
    assert wraps is (hours.end < hours.start)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=6))
def test_the_least_loaded_gets_the_next_lead(loads: list[int]) -> None:
    members = [Assignee(id=USERS[number % 5] + str(number)) for number in range(len(loads))]
    counts = {member.id: load for member, load in zip(members, loads, strict=True)}
    for _ in range(20):
        state = PoolState(members=members, open_counts=counts)
        done = pick(state, STRATEGIES["least-loaded"], name="least-loaded", lead=LEAD, as_of=NOW)
        lowest = min(counts.values())
        assert counts[str(done.assigned_to)] == lowest
        counts[str(done.assigned_to)] += 1
