from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from leadkit.errors import InvalidInput
from leadkit.scoring.decay import Decay, faded
from leadkit.values import parse_duration, read

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MONTH = Decay(half_life=parse_duration("30d"))


@pytest.mark.parametrize(
    ("days", "left"),
    [(0, 2000), (30, 1000), (60, 500), (15, 1414), (90, 250), (-1, 2000), (-400, 2000), (100_000, 0)],
)
def test_half_of_the_points_is_left_after_each_half_life(days: int, left: int) -> None:
    assert faded(2000, MONTH, latest=NOW - timedelta(days=days), as_of=NOW) == left


def test_negative_points_fade_alike() -> None:
    assert faded(-2000, MONTH, latest=NOW - timedelta(days=15), as_of=NOW) == -1414


@pytest.mark.parametrize(("points", "left"), [(1, 0), (3, 2), (5, 2), (-1, 0), (-3, -2), (7, 4)])
def test_what_is_left_is_rounded_half_even(points: int, left: int) -> None:
    assert faded(points, MONTH, latest=NOW - timedelta(days=30), as_of=NOW) == left


def test_what_has_no_time_does_not_fade() -> None:
    assert faded(2000, MONTH, latest=None, as_of=NOW) == 2000


def test_the_half_life_counts_in_seconds() -> None:
    hours = Decay(half_life=parse_duration("12h"))
    assert faded(2000, hours, latest=NOW - timedelta(hours=12), as_of=NOW) == 1000
    assert faded(2000, hours, latest=NOW - timedelta(days=1), as_of=NOW) == 500


def test_the_oldest_earnings_are_nothing_and_no_error() -> None:
    shortest = Decay(half_life=parse_duration("PT1S"))
    oldest, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert faded(100_000_000, shortest, latest=oldest, as_of=last) == 0
    assert faded(100_000_000, shortest, latest=last, as_of=oldest) == 100_000_000


@pytest.mark.parametrize(
    ("half_life", "message"),
    [
        ("3mo", "a half-life has no months or years, whose length varies; write it in days, such as 30d"),
        ("1y", "a half-life has no months or years, whose length varies; write it in days, such as 30d"),
        ("P1M2D", "a half-life has no months or years, whose length varies; write it in days, such as 30d"),
        ("0d", "a half-life is longer than nothing"),
        ("soon", "expected a duration such as 45m, 12h, 30d, 2w, 3mo, 1y or P1M10D"),
        (30, "expected a duration such as 12h, 30d or 2w"),
        (None, "expected a duration such as 12h, 30d or 2w"),
    ],
)
def test_what_is_no_half_life_is_refused(half_life: object, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(Decay, {"halfLife": half_life})
    assert str(caught.value) == f"$.halfLife: {message}"


def test_a_half_life_is_written_back_as_it_was_written() -> None:
    decay = read(Decay, {"halfLife": "2w"})
    assert decay.model_dump() == {"halfLife": "2w"}
    assert decay.model_dump_json() == '{"halfLife":"2w"}'
    assert Decay.model_validate(decay.model_dump()) == decay == read(Decay, {"halfLife": "14d"})


def test_a_half_life_is_text_in_the_schema() -> None:
    assert Decay.model_json_schema()["properties"]["halfLife"]["type"] == "string"
