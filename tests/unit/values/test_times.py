from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from leadkit.values import Instant, parse_duration, parse_instant
from leadkit.values.times import isoformat, midnight, read_instant

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
        ("2026-11-24T12:00Z", NOON),
        ("2026-11-24T12:00:00Z", NOON),
        ("2026-11-24T12:00:00.5Z", NOON.replace(microsecond=500_000)),
        ("2026-11-24T12:00:00.123456Z", NOON.replace(microsecond=123_456)),
        ("2026-11-24T13:00:00+01:00", NOON),
        ("2026-11-24T06:30:00-05:30", NOON),
        ("2026-11-24T23:59:59Z", NOON.replace(hour=23, minute=59, second=59)),
        ("2026-11-24T19:00:00Z", NOON.replace(hour=19)),
        ("2026-11-25T11:59:00+23:59", NOON),
        ("2026-11-25T07:00:00+19:00", NOON),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_iso_text_with_a_zone_is_an_instant_in_utc(text, instant):
    found = parse_instant(text)

    assert found == instant
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-11",
        "2026-11-24T12:00:00",
        "2026-11-24 12:00:00Z",
        "2026-11-24T12Z",
        "2026-11-24T12:00:00.1234567Z",
        "2026-11-24T12:00:00+0100",
        "2026-11-24T12:00:00z",
        "2026-02-30",
        "2026-13-01",
        "2026-11-24T24:00:00Z",
        "2026-11-24T12:60:00Z",
        "2026-11-24T12:00:60Z",
        "2026-11-24T12:00:00+24:00",
        "2026-11-24T12:00:00+05:75",
        "0000-01-01",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2026-W48-2",
        "20261124",
        "٢٠٢٦-11-24",
        " 2026-11-24",
        "2026-11-24\n",
    ],
)
def test_anything_else_is_no_instant(text):
    assert parse_instant(text) is None


def test_an_aware_datetime_is_brought_to_utc():
    given_time = datetime(2026, 11, 24, 13, tzinfo=timezone(timedelta(hours=1)))

    assert read_instant(given_time) == NOON
    assert read_instant(given_time).tzinfo is UTC
    assert read_instant(NOON) is NOON


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (datetime(2026, 11, 24), "a date-time needs a time zone, such as 2026-11-24T09:00:00Z"),
        ("2026-11-24T12:00:00", "expected a date-time with a time zone, such as 2026-11-24T09:00:00Z"),
        (1_700_000_000, "expected a date-time with a time zone, such as 2026-11-24T09:00:00Z"),
        (None, "expected a date-time with a time zone, such as 2026-11-24T09:00:00Z"),
        (
            datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
            "a date-time must lie between the years 1 and 9999",
        ),
    ],
)
def test_what_is_no_instant_is_refused_with_the_reason(value, message):
    with pytest.raises(ValueError, match="date-time") as caught:
        read_instant(value)

    assert str(caught.value) == message


def test_an_instant_goes_over_the_wire_as_text_in_utc():
    kind = TypeAdapter(Instant)

    assert kind.dump_python(NOON, mode="json") == "2026-11-24T12:00:00Z"
    assert kind.dump_python(NOON) is NOON
    assert kind.json_schema() == {"type": "string", "format": "date-time"}
    assert isoformat(NOON.astimezone(timezone(timedelta(hours=3)))) == "2026-11-24T12:00:00Z"


@given(st.datetimes(timezones=st.just(UTC)))
def test_writing_and_reading_an_instant_are_inverse(moment):
    assert parse_instant(isoformat(moment)) == moment


def test_a_day_begins_at_midnight_utc():
    assert midnight(date(2026, 11, 24)) == datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "months", "seconds"),
    [
        ("45m", 0, 2_700),
        ("12h", 0, 43_200),
        ("30d", 0, 2_592_000),
        ("2w", 0, 1_209_600),
        ("3mo", 3, 0),
        ("1y", 12, 0),
        ("0d", 0, 0),
        ("P1Y2M", 14, 0),
        ("P2W", 0, 1_209_600),
        ("P10D", 0, 864_000),
        ("PT12H", 0, 43_200),
        ("PT45M", 0, 2_700),
        ("PT30S", 0, 30),
        ("P1Y2M3W4DT5H6M7S", 14, 3 * 604_800 + 4 * 86_400 + 5 * 3_600 + 6 * 60 + 7),
        ("1000y", 12_000, 0),
        ("366000d", 0, 366_000 * 86_400),
    ],
)
def test_a_duration_is_months_and_seconds(text, months, seconds):
    duration = parse_duration(text)

    assert (duration.months, duration.seconds, duration.text) == (months, seconds, text)


@pytest.mark.parametrize("text", ["", "P", "PT", "P1YT", "30", "d", "1.5d", "-1d", "30 d", "30D", "1s", "P1D ", "x30d"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duration") as caught:
        parse_duration(text)

    assert str(caught.value) == "expected a duration such as 45m, 12h, 30d, 2w, 3mo, 1y or P1M10D"


@pytest.mark.parametrize("text", ["1001y", "12001mo", "366001d", "999999999w"])
def test_a_duration_of_more_than_a_thousand_years_is_refused(text):
    with pytest.raises(ValueError, match="duration") as caught:
        parse_duration(text)

    assert str(caught.value) == "a duration is at most a thousand years"


def test_durations_are_equal_by_length_however_they_are_written():
    assert parse_duration("2w") == parse_duration("14d") == parse_duration("P2W")
    assert hash(parse_duration("1y")) == hash(parse_duration("12mo"))
    assert parse_duration("30d") != parse_duration("1mo")
    assert parse_duration("P1M10D").canonical == "P1MT864000S"


def test_calendar_months_keep_the_day_where_there_is_one():
    moment = datetime(2026, 5, 31, tzinfo=UTC)

    assert parse_duration("3mo").before(moment) == datetime(2026, 2, 28, tzinfo=UTC)
    assert parse_duration("1mo").after(moment) == datetime(2026, 6, 30, tzinfo=UTC)
    assert parse_duration("P1M1D").before(moment) == datetime(2026, 4, 29, tzinfo=UTC)
    assert parse_duration("P1M1D").after(moment) == datetime(2026, 7, 1, tzinfo=UTC)


def test_time_arithmetic_stops_at_the_edge_of_the_calendar():
    assert parse_duration("1000y").before(datetime(900, 1, 1, tzinfo=UTC)) == datetime.min.replace(tzinfo=UTC)
    assert parse_duration("366000d").before(datetime(900, 1, 1, tzinfo=UTC)) == datetime.min.replace(tzinfo=UTC)
    assert parse_duration("1000y").after(datetime(9900, 1, 1, tzinfo=UTC)) == datetime.max.replace(tzinfo=UTC)
    assert parse_duration("366000d").after(datetime(9900, 1, 1, tzinfo=UTC)) == datetime.max.replace(tzinfo=UTC)
