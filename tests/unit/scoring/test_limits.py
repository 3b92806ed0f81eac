from __future__ import annotations

from typing import Any

import pytest

from leadkit.errors import InvalidInput
from leadkit.scoring.limits import Group, Limits, RuleName, over
from leadkit.values import read


def refusal(kind: Any, data: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        read(kind, data)
    (fault,) = caught.value.faults
    return str(fault)


@pytest.mark.parametrize(
    ("limits", "total", "line"),
    [
        ({"max": 100}, 10000, None),
        ({"max": 100}, 10001, ("cap: engagement", -1)),
        ({"min": -5}, -500, None),
        ({"min": -5}, -501, ("floor: engagement", 1)),
        ({"min": 0, "max": 1.5}, 0, None),
        ({"min": 0, "max": 1.5}, 150, None),
        ({"min": 0, "max": 1.5}, 400, ("cap: engagement", -250)),
        ({"min": 0, "max": 1.5}, -400, ("floor: engagement", 400)),
        ({"min": 5}, 0, ("floor: engagement", 500)),
        ({"max": -5}, 0, ("cap: engagement", -500)),
        ({"max": 0}, 1, ("cap: engagement", -1)),
        ({"min": 0}, -1, ("floor: engagement", 1)),
    ],
)
def test_a_limit_bites_only_beyond_its_bound(
    limits: dict[str, float], total: int, line: tuple[str, int] | None
) -> None:
    assert over(Limits.model_validate(limits), "engagement", total) == line


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "$: expected `min`, `max` or both"),
        ({"min": None, "max": None}, "$: expected `min`, `max` or both"),
        ({"min": 3, "max": 2.5}, "$: min 3 lies above max 2.5"),
        ({"min": True}, "$.min: points are a number"),
        ({"max": 0.001}, "$.max: points have at most two decimals"),
        ({"max": 1, "mni": 0}, "$.mni: unknown key; did you mean `min`?"),
    ],
)
def test_limits_that_bound_nothing_are_refused(data: dict[str, Any], message: str) -> None:
    assert refusal(Limits, data) == message


def test_a_floor_may_meet_its_cap() -> None:
    assert Limits(min=2, max=2) == Limits(min=2.0, max=2.0)


def test_a_single_bound_leaves_the_other_side_open() -> None:
    assert Limits(min=0).max is None
    assert Limits(max=0).min is None


@pytest.mark.parametrize("name", ["cap: engagement", "floor: total", "cap:", "floor:x"])
def test_a_rule_cannot_take_the_name_of_a_limit_line(name: str) -> None:
    assert refusal(RuleName, name) == (
        "$: a rule cannot be called `cap: …` or `floor: …`: these are the lines of the limits"
    )


@pytest.mark.parametrize("name", ["cap", "capital: high", "floors", "the cap: engagement", "Cap: x", "total"])
def test_a_rule_may_have_any_other_name(name: str) -> None:
    assert read(RuleName, name) == name  # type: ignore[arg-type]


def test_the_whole_score_is_no_group() -> None:
    assert refusal(Group, "total") == "$: a group cannot be called `total`: that is the whole score"
    assert read(Group, "totals") == "totals"  # type: ignore[arg-type]


def test_the_line_of_a_group_is_a_label_too() -> None:
    longest = "g" * 193
    assert read(Group, longest) == longest  # type: ignore[arg-type]
    line = over(Limits(min=1), longest, 0)
    assert line is not None
    assert len(line[0]) == 200
    assert refusal(Group, "g" * 194) == "$: the name of a group has at most 193 characters"
