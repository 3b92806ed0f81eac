from __future__ import annotations

import locale
from datetime import datetime
from typing import Any

import pytest

from leadkit.errors import InvalidInput
from leadkit.routing.working_hours import Weekday, WorkingHours, day_and_clock
from leadkit.values import read

# 2026-11-23 is a Monday.
DAY = {day: number for number, day in enumerate(Weekday, start=23)}


def at(day: str, clock: str) -> datetime:
    hour, minute, second = map(int, (clock + ":00").split(":")[:3])
    return datetime(2026, 11, DAY[Weekday(day)], hour, minute, second)


def hours(days: str, start: str, end: str) -> WorkingHours:
    return WorkingHours(days=tuple(Weekday(day) for day in days.split()), start=start, end=end)


@pytest.mark.parametrize(
    ("clock", "covered"),
    [("08:59:59", False), ("09:00", True), ("12:00", True), ("17:29:59", True), ("17:30", False), ("00:00", False)],
)
def test_the_start_belongs_to_the_hours_and_the_end_does_not(clock: str, covered: bool) -> None:  # noqa: FBT001 - a cell
    assert hours("mon", "09:00", "17:30").cover(at("mon", clock)) is covered


@pytest.mark.parametrize("day", list(Weekday))
def test_hours_cover_their_own_days_and_no_other(day: Weekday) -> None:
    office = hours("mon wed sun", "09:00", "17:30")
    assert office.cover(at(day, "09:00")) is (day in {"mon", "wed", "sun"})


@pytest.mark.parametrize(
    ("day", "clock", "covered"),
    [
        ("fri", "21:59", False),
        ("fri", "22:00", True),
        ("fri", "23:59:59", True),
        ("sat", "00:00", True),
        ("sat", "05:59:59", True),
        ("sat", "06:00", False),
        ("sat", "22:00", False),
        ("fri", "05:59", False),
        ("sun", "00:00", False),
    ],
)
def test_a_night_shift_goes_on_into_the_next_day(day: str, clock: str, covered: bool) -> None:  # noqa: FBT001 - a cell
    assert hours("fri", "22:00", "06:00").cover(at(day, clock)) is covered


def test_the_night_of_sunday_goes_on_into_monday() -> None:
    night = hours("sun", "22:00", "06:00")
    assert night.cover(at("mon", "05:00"))
    assert not night.cover(at("tue", "05:00"))


@pytest.mark.parametrize("end", ["24:00", "00:00"])
def test_hours_may_last_until_midnight(end: str) -> None:
    late = hours("mon", "18:00", end)
    assert late.cover(at("mon", "23:59:59"))
    assert not late.cover(at("tue", "00:00"))
    assert not late.cover(at("mon", "00:00"))


def test_a_whole_day_runs_from_midnight_to_midnight() -> None:
    day = hours("mon", "00:00", "24:00")
    assert day.cover(at("mon", "00:00"))
    assert day.cover(at("mon", "23:59:59"))
    assert not day.cover(at("sun", "23:59:59"))
    assert not day.cover(at("tue", "00:00"))


NO_CLOCK = "expected a time of day such as 09:00"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"start": "9:00"}, f"$.start: {NO_CLOCK}"),
        ({"start": "24:00"}, f"$.start: {NO_CLOCK}"),
        ({"start": "23:60"}, f"$.start: {NO_CLOCK}"),
        ({"start": "09:00\n"}, f"$.start: {NO_CLOCK}"),
        ({"start": "٠٩:00"}, f"$.start: {NO_CLOCK}"),
        ({"start": 9}, "$.start: input should be a valid string"),
        ({"end": "24:01"}, f"$.end: {NO_CLOCK}"),
        ({"end": "25:00"}, f"$.end: {NO_CLOCK}"),
        ({"end": 17}, "$.end: input should be a valid string"),
        ({"end": "09:00"}, "$: start and end are the same; for a whole day write 00:00 to 24:00"),
        ({"days": []}, "$.days: tuple should have at least 1 item after validation, not 0"),
        ({"days": ["mon"] * 8}, "$.days: tuple should have at most 7 items after validation, not 8"),
        (
            {"days": ["mon", "Tue"]},
            "$.days[1]: input should be 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun'",
        ),
        ({"until": "17:00"}, "$.until: unknown key; possible are `days`, `end`, `start`"),
    ],
)
def test_hours_that_nobody_could_keep_are_refused(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(WorkingHours, {"days": ["mon"], "start": "09:00", "end": "17:30", **changes})
    assert str(caught.value) == fault


@pytest.mark.parametrize(("start", "end"), [("00:00", "00:01"), ("19:59", "20:00"), ("23:59", "24:00")])
def test_every_minute_of_the_day_can_be_written(start: str, end: str) -> None:
    assert hours("mon", start, end).cover(at("mon", start))


def test_hours_are_written_as_they_are_read() -> None:
    written = {"days": ["mon", "fri"], "start": "22:00", "end": "24:00"}
    assert hours("mon fri", "22:00", "24:00").model_dump(mode="json") == written
    assert read(WorkingHours, written) == hours("mon fri", "22:00", "24:00")


def test_the_days_are_named_in_english_whatever_the_locale() -> None:
    before = locale.setlocale(locale.LC_TIME)
    assert [day_and_clock(at(day, "07:05")) for day in Weekday] == [
        f"{name} 07:05" for name in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    ]
    assert locale.setlocale(locale.LC_TIME) == before
