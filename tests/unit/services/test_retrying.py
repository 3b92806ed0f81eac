from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import InvalidInput
from leadkit.services.retrying import RetrySchedule

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tried", "seconds"),
    [(1, 5), (2, 300), (3, 1_800), (4, 7_200), (5, 18_000), (6, 36_000), (7, 50_400), (8, 72_000), (9, 86_400)],
)
def test_the_standard_waits_are_those_of_standard_webhooks(tried, seconds):
    assert RetrySchedule().next_attempt(tried=tried, now=NOON, chance=0) == NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize("tried", [10, 11, 1_000])
def test_after_the_tenth_attempt_there_is_no_other(tried):
    assert RetrySchedule().attempts == 10
    assert RetrySchedule().next_attempt(tried=tried, now=NOON, chance=0) is None


def test_chance_prolongs_a_wait_by_its_share_at_the_most():
    schedule = RetrySchedule(delays=[timedelta(seconds=100)], jitter=0.5)

    assert schedule.next_attempt(tried=1, now=NOON, chance=0) == NOON + timedelta(seconds=100)
    assert schedule.next_attempt(tried=1, now=NOON, chance=0.5) == NOON + timedelta(seconds=125)
    assert schedule.next_attempt(tried=1, now=NOON, chance=1) == NOON + timedelta(seconds=150)


@pytest.mark.parametrize(("asked", "seconds"), [(None, 5), (0.0, 5), (4.0, 5), (60.0, 60)])
def test_a_destination_is_left_alone_for_as_long_as_it_asks(asked, seconds):
    found = RetrySchedule().next_attempt(tried=1, now=NOON, chance=0, asked=asked)

    assert found == NOON + timedelta(seconds=seconds)


def test_a_schedule_may_have_one_attempt_only():
    assert RetrySchedule(delays=()).next_attempt(tried=1, now=NOON, chance=0) is None


@pytest.mark.parametrize(
    ("options", "path"), [({"delays": [timedelta(-1)]}, "$.delays"), ({"jitter": -0.1}, "$.jitter")]
)
def test_a_schedule_that_runs_backwards_is_refused(options, path):
    with pytest.raises(InvalidInput) as caught:
        RetrySchedule(**options)

    assert [fault.path for fault in caught.value.faults] == [path]


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=3)), max_size=12), st.floats(0, 2), st.floats(0, 1))
def test_every_wait_is_at_least_what_the_schedule_says_and_the_attempts_end(delays, jitter, chance):
    schedule = RetrySchedule(delays=delays, jitter=jitter)
    moments = [schedule.next_attempt(tried=tried, now=NOON, chance=chance) for tried in range(1, schedule.attempts + 1)]

    assert moments[-1] is None
    assert all(NOON + delay <= moment for delay, moment in zip(delays, moments, strict=False))
