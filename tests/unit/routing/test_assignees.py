from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.errors import InvalidInput
from leadkit.routing.assignees import Assignee, Exclusion, exclusions
from leadkit.routing.working_hours import WorkingHours
from leadkit.values import read

# A Tuesday; 22:15 in Berlin, 06:15 on Wednesday in Tokyo.
NOW = datetime(2026, 11, 24, 21, 15, tzinfo=UTC)
OFFICE = WorkingHours(days=("mon", "tue", "wed", "thu", "fri"), start="09:00", end="17:30")
EVENING = WorkingHours(days=("tue",), start="20:00", end="22:00")


def user(**changes: Any) -> Assignee:
    return Assignee.model_validate({"id": "ann", **changes})


def reasons(assignee: Assignee, *, open_leads: int = 0, as_of: datetime = NOW) -> list[tuple[str, str]]:
    found = exclusions(assignee, open_leads=open_leads, as_of=as_of)
    assert {exclusion.assignee for exclusion in found} <= {"ann"}
    return [(exclusion.code, exclusion.reason) for exclusion in found]


def test_a_user_of_whom_nothing_is_said_is_always_eligible() -> None:
    assert reasons(user(), open_leads=1_000_000) == []


def test_an_inactive_user_gets_nothing() -> None:
    assert reasons(user(active=False)) == [("inactive", "inactive")]


@pytest.mark.parametrize(
    ("capacity", "open_leads", "reason"),
    [
        (12, 11, None),
        (12, 12, "at capacity: 12 of 12 open leads"),
        (12, 14, "at capacity: 14 of 12 open leads"),
        (0, 0, "at capacity: 0 of 0 open leads"),
        (1, 0, None),
    ],
)
def test_a_user_is_full_from_the_capacity_on(capacity: int, open_leads: int, reason: str | None) -> None:
    expected = [] if reason is None else [("at-capacity", reason)]
    assert reasons(user(capacity=capacity), open_leads=open_leads) == expected


@pytest.mark.parametrize(
    ("zone", "reason"),
    [
        ("UTC", "outside working hours: Tue 21:15 in UTC"),
        ("Europe/Berlin", "outside working hours: Tue 22:15 in Europe/Berlin"),
        ("Asia/Tokyo", "outside working hours: Wed 06:15 in Asia/Tokyo"),
        ("America/New_York", None),
    ],
)
def test_working_hours_are_those_where_the_user_is(zone: str, reason: str | None) -> None:
    expected = [] if reason is None else [("off-hours", reason)]
    assert reasons(user(working_hours=[OFFICE], time_zone=zone)) == expected


def test_the_clock_of_the_user_follows_summer_time() -> None:
    # 07:00 UTC is 09:00 in Berlin in July, 08:00 in November.
    berlin = user(working_hours=[OFFICE], time_zone="Europe/Berlin")
    assert reasons(berlin, as_of=datetime(2026, 7, 7, 7, tzinfo=UTC)) == []
    assert reasons(berlin, as_of=datetime(2026, 11, 24, 7, tzinfo=UTC)) == [
        ("off-hours", "outside working hours: Tue 08:00 in Europe/Berlin")
    ]


def test_one_of_several_stretches_is_enough() -> None:
    assert reasons(user(working_hours=[OFFICE, EVENING]), as_of=NOW.replace(hour=20)) == []
    assert reasons(user(working_hours=[OFFICE, EVENING]), as_of=NOW.replace(hour=10)) == []
    assert len(reasons(user(working_hours=[OFFICE, EVENING]), as_of=NOW.replace(hour=18))) == 1


def test_every_reason_is_told() -> None:
    busy = user(active=False, capacity=2, working_hours=[OFFICE])
    assert reasons(busy, open_leads=3) == [
        ("inactive", "inactive"),
        ("at-capacity", "at capacity: 3 of 2 open leads"),
        ("off-hours", "outside working hours: Tue 21:15 in UTC"),
    ]


def test_an_exclusion_names_who_and_why() -> None:
    assert str(Exclusion(assignee="ann", code="inactive", reason="inactive")) == "ann (inactive)"


def test_what_is_left_out_restricts_nothing() -> None:
    assert user().model_dump() == {
        "id": "ann",
        "name": None,
        "active": True,
        "weight": 1,
        "capacity": None,
        "workingHours": None,
        "timeZone": "UTC",
    }


@pytest.mark.parametrize("weight", [1, 1000])
def test_a_weight_lies_between_one_and_a_thousand(weight: int) -> None:
    assert user(weight=weight).weight == weight


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"weight": 0}, "$.weight: input should be greater than or equal to 1"),
        ({"weight": 1001}, "$.weight: input should be less than or equal to 1000"),
        ({"weight": 1.5}, "$.weight: input should be a valid integer"),
        ({"weight": True}, "$.weight: input should be a valid integer"),
        ({"capacity": -1}, "$.capacity: input should be greater than or equal to 0"),
        ({"active": "yes"}, "$.active: input should be a valid boolean"),
        ({"workingHours": []}, "$.workingHours: tuple should have at least 1 item after validation, not 0"),
        (
            {"workingHours": [OFFICE] * 101},
            "$.workingHours: tuple should have at most 100 items after validation, not 101",
        ),
        (
            {"timeZone": "Mars/Olympus"},
            "$.timeZone: there is no time zone 'Mars/Olympus'; expected an IANA name such as Europe/Berlin",
        ),
        ({"id": ""}, "$.id: string should have at least 1 character"),
        ({"wieght": 2}, "$.wieght: unknown key; did you mean `weight`?"),
    ],
)
def test_an_assignee_that_makes_no_sense_is_refused(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(Assignee, {"id": "ann", **changes})
    assert str(caught.value) == fault
