from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from leadkit.pipelines import Target
from leadkit.routing.assignees import Assignee
from leadkit.routing.pools import PoolState
from leadkit.routing.rosters import Roster, rotation, targets_of

if TYPE_CHECKING:
    from .conftest import Given

ANN, BOB = Assignee(id="ann"), Assignee(id="bob")
TURN = {"ann": Fraction(1)}
TEAM = Roster(users={"ann": ANN}, pools={"ae": (ANN, BOB)}, open_counts={"ann": 3}, pointers={"round-robin:ae": TURN})


def test_each_strategy_has_its_own_turns_in_a_pool() -> None:
    assert rotation(Target(strategy="round-robin", name="ae")) == "round-robin:ae"
    assert rotation(Target(strategy="weighted", name="ae")) == "weighted:ae"


def test_a_pool_comes_with_its_open_leads_and_its_turns() -> None:
    assert TEAM.state(Target(strategy="round-robin", name="ae"), of_pool=True) == PoolState(
        members=(ANN, BOB), open_counts={"ann": 3}, pointers=TURN
    )


def test_pointers_of_another_strategy_do_not_count() -> None:
    assert TEAM.state(Target(strategy="weighted", name="ae"), of_pool=True) == PoolState(
        members=(ANN, BOB), open_counts={"ann": 3}, pointers={}
    )


def test_a_user_is_a_pool_of_one() -> None:
    assert TEAM.state(Target(strategy="user", name="ann"), of_pool=False) == PoolState(
        members=(ANN,), open_counts={"ann": 3}, pointers={}
    )


def test_users_and_pools_are_looked_up_apart() -> None:
    assert TEAM.state(Target(strategy="user", name="ae"), of_pool=False) is None
    assert TEAM.state(Target(strategy="round-robin", name="ann"), of_pool=True) is None
    assert TEAM.state(Target(strategy="user", name="bob"), of_pool=False) is None


def test_an_empty_roster_knows_nobody() -> None:
    empty = Roster()
    assert (empty.users, empty.pools, empty.open_counts, empty.pointers) == ({}, {}, {}, {})


def test_what_the_rules_of_a_pipeline_assign_to_is_named_once(given: Given) -> None:
    pipeline = given.pipeline(
        (None, "weighted:ae"), new=[(None, "zoe"), (None, "weighted:ae")], talks=[(None, "user:zoe"), (None, "bob")]
    )
    assert targets_of(pipeline) == (
        Target(strategy="user", name="bob"),
        Target(strategy="user", name="zoe"),
        Target(strategy="weighted", name="ae"),
    )
    assert targets_of(given.pipeline()) == ()
