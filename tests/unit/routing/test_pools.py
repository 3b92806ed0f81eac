from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from leadkit.leads import Lead
from leadkit.routing.assignees import Assignee
from leadkit.routing.pools import Pick, PoolState, pick
from leadkit.routing.strategies import STRATEGIES, Strategy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from leadkit.routing.strategies import Candidate

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEAD = Lead(id="lead-1", email="alice@example.com", created_at=NOW, updated_at=NOW)


def pool(*members: str | dict[str, Any], counts: Mapping[str, int] | None = None, **pointers: float) -> PoolState:
    return PoolState(
        members=[Assignee.model_validate({"id": each} if isinstance(each, str) else each) for each in members],
        pointers={user: Fraction(pointer) for user, pointer in pointers.items()},
        open_counts=counts or {},
    )


def picked(state: PoolState, name: str = "round-robin") -> Pick:
    return pick(state, STRATEGIES[name], name=name, lead=LEAD, as_of=NOW)


def picked_by(choose: Callable[..., Any], state: PoolState) -> Pick:
    return pick(state, Strategy(choose=choose), name="vip", lead=LEAD, as_of=NOW)


def test_the_first_of_a_new_pool_is_the_first_by_id() -> None:
    assert picked(pool("cleo", "ann", "bob")) == Pick(
        assigned_to="ann", moved={"ann": Fraction(1), "bob": Fraction(0), "cleo": Fraction(0)}
    )


def test_only_pointers_that_are_new_or_changed_are_told() -> None:
    assert picked(pool("ann", "bob", ann=1, bob=0)).moved == {"bob": Fraction(1)}


def test_by_weight_a_pointer_advances_by_its_share() -> None:
    state = pool({"id": "ann", "weight": 3}, "bob", ann=0, bob=0)
    assert picked(state, "weighted").moved == {"ann": Fraction(1, 3)}
    assert picked(state, "round-robin").moved == {"ann": Fraction(1)}


def test_who_is_off_is_told_of_and_lifted() -> None:
    state = pool({"id": "ann", "active": False}, "bob", ann=2, bob=5)
    done = picked(state)
    assert (done.assigned_to, done.moved) == ("bob", {"ann": Fraction(5), "bob": Fraction(6)})
    assert list(map(str, done.excluded)) == ["ann (inactive)"]
    assert done.problem is None


def test_pointers_of_former_members_do_not_count() -> None:
    assert picked(pool("ann", "bob", ann=5, bob=6, zoe=0)).moved == {"ann": Fraction(6)}
    assert picked(pool("ann", zoe=9)).moved == {"ann": Fraction(1)}


def test_exclusions_come_by_id_and_are_complete() -> None:
    state = pool(
        {"id": "zoe", "capacity": 0}, "bob", {"id": "ann", "active": False, "capacity": 4}, counts={"ann": 4, "bob": 9}
    )
    assert [(each.assignee, each.code) for each in picked(state).excluded] == [
        ("ann", "inactive"),
        ("ann", "at-capacity"),
        ("zoe", "at-capacity"),
    ]


def test_the_open_leads_of_each_member_count() -> None:
    state = pool({"id": "ann", "capacity": 1}, {"id": "bob", "capacity": 1}, counts={"ann": 1})
    assert picked(state).assigned_to == "bob"
    assert picked(state, "least-loaded").assigned_to == "bob"
    assert picked(pool("ann", "bob", counts={"ann": 1}), "least-loaded") == Pick(assigned_to="bob")


def test_where_nobody_is_eligible_nothing_moves() -> None:
    done = picked(pool({"id": "ann", "active": False}, ann=2))
    assert (done.assigned_to, done.moved, done.problem) == (None, {}, "nobody is eligible")
    assert [each.assignee for each in done.excluded] == ["ann"]


def test_an_empty_pool_says_so() -> None:
    assert picked(pool()) == Pick(problem="the pool has no members")


def test_who_is_named_twice_counts_once() -> None:
    assert picked(pool("ann", "bob", "ann")).moved == {"ann": Fraction(1), "bob": Fraction(0)}
    assert len(picked(pool({"id": "ann", "active": False}, {"id": "ann", "active": False})).excluded) == 1


def test_a_host_strategy_sees_the_eligible_by_id() -> None:
    seen: list[Any] = []

    def choose(candidates: Sequence[Candidate], lead: Lead, as_of: datetime) -> str:
        seen.extend([*((each.id, each.open_leads, each.pointer) for each in candidates), lead, as_of])
        return "bob"

    state = pool("bob", "cleo", {"id": "dan", "active": False}, "ann", counts={"cleo": 3}, ann=7)
    assert picked_by(choose, state).assigned_to == "bob"
    assert seen == [("ann", 0, 0), ("bob", 0, 0), ("cleo", 3, 0), LEAD, NOW]


def test_a_host_strategy_may_take_turns_in_its_own_way() -> None:
    seen: list[Fraction] = []

    def choose(candidates: Sequence[Candidate], lead: Lead, as_of: datetime) -> str:
        seen.extend(each.pointer for each in candidates)
        return candidates[0].id

    row = Strategy(choose=choose, stride=lambda _: Fraction(2, 5))
    done = pick(pool("ann", "bob", ann=1, bob=3), row, name="vip", lead=LEAD, as_of=NOW)
    assert seen == [1, 3]
    assert done == Pick(assigned_to="ann", moved={"ann": Fraction(7, 5)})


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (None, "strategy `vip` chose nobody"),
        ("zoe", "strategy `vip` answered `zoe`, who is not in the pool"),
        ("ann", "strategy `vip` answered `ann`, who is not eligible: inactive; at capacity: 0 of 0 open leads"),
        (["bob"], "strategy `vip` answered no user id, but list"),
        (7, "strategy `vip` answered no user id, but int"),
    ],
)
def test_a_host_strategy_that_answers_nobody_eligible_is_refused(answer: object, problem: str) -> None:
    state = pool({"id": "ann", "active": False, "capacity": 0}, "bob")
    done = picked_by(lambda *_: answer, state)
    assert (done.assigned_to, done.moved, done.problem) == (None, {}, problem)
    assert [each.code for each in done.excluded] == ["inactive", "at-capacity"]


def test_picking_changes_nothing_that_it_was_given() -> None:
    state = pool({"id": "zoe", "active": False}, "bob", "ann", counts={"bob": 1}, zoe=0, bob=4)
    before = (list(state.members), dict(state.pointers), dict(state.open_counts))
    picked(state, "weighted")
    assert (state.members, state.pointers, state.open_counts) == before
