from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from leadkit.errors import AlreadyExists, InvalidInput
from leadkit.leads import Lead
from leadkit.routing.assignees import Assignee
from leadkit.routing.strategies import STRATEGIES, Candidate, Strategy, with_strategies

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEAD = Lead(id="lead-1", email="alice@example.com", created_at=NOW, updated_at=NOW)


def candidate(user: str, *, pointer: float = 0, open_leads: int = 0) -> Candidate:
    return Candidate(assignee=Assignee(id=user), open_leads=open_leads, pointer=Fraction(pointer))


def chosen(name: str, *candidates: Candidate) -> str | None:
    return STRATEGIES[name].choose(candidates, LEAD, NOW)


def newest(candidates: Sequence[Candidate], lead: Lead, as_of: datetime) -> str:
    return candidates[-1].id


@pytest.mark.parametrize("name", ["round-robin", "weighted"])
def test_the_lowest_pointer_goes_next(name: str) -> None:
    assert (
        chosen(name, candidate("ann", pointer=2), candidate("bob", pointer=1.5), candidate("cleo", pointer=3)) == "bob"
    )


@pytest.mark.parametrize("name", ["round-robin", "weighted", "least-loaded"])
def test_ties_are_decided_by_id(name: str) -> None:
    assert chosen(name, candidate("ann"), candidate("bob"), candidate("cleo")) == "ann"


def test_the_least_loaded_has_the_fewest_open_leads() -> None:
    pool = (candidate("ann", open_leads=2), candidate("bob", open_leads=1, pointer=9), candidate("cleo", open_leads=1))
    assert chosen("least-loaded", *pool) == "bob"


def test_a_user_is_the_only_candidate() -> None:
    assert chosen("user", candidate("ann")) == "ann"
    assert [name for name, row in STRATEGIES.items() if not row.of_pool] == ["user"]


@pytest.mark.parametrize(
    ("name", "stride"), [("user", None), ("round-robin", 1), ("weighted", Fraction(1, 4)), ("least-loaded", None)]
)
def test_a_pointer_advances_by_the_stride_of_the_strategy(name: str, stride: Fraction | None) -> None:
    row = STRATEGIES[name]
    assert (None if row.stride is None else row.stride(Assignee(id="ann", weight=4))) == stride


def test_a_host_adds_a_function() -> None:
    table = with_strategies({"newest": newest})
    assert table["newest"] == Strategy(choose=newest, stride=None, of_pool=True)
    assert {name: row for name, row in table.items() if name != "newest"} == dict(STRATEGIES)


def test_a_host_adds_a_whole_row() -> None:
    row = Strategy(choose=newest, stride=lambda _: Fraction(2))
    assert with_strategies({"newest": row})["newest"] is row


def test_the_table_itself_stays_as_it_is() -> None:
    with_strategies({"newest": newest})
    assert list(STRATEGIES) == ["user", "round-robin", "weighted", "least-loaded"]


@pytest.mark.parametrize("name", ["user", "round-robin", "weighted", "least-loaded"])
def test_a_host_cannot_take_a_name_that_leadkit_gave_a_meaning(name: str) -> None:
    with pytest.raises(AlreadyExists) as caught:
        with_strategies({name: newest})
    assert str(caught.value) == f"there is already a strategy with id '{name}'"


@pytest.mark.parametrize("name", ["", "a:b"])
def test_a_strategy_that_no_route_could_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        with_strategies({"newest": newest, name: newest})
    (fault,) = caught.value.faults
    assert (fault.path, fault.code) == (f"$.strategies[{name!r}]", "strategy-name")
    assert fault.message == "a strategy's name is not empty and holds no colon"
