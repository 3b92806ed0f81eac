from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from leadkit.analytics.questions import Basis, Dimension, Question, Window, first_instant, read_bound
from leadkit.errors import InvalidInput
from leadkit.values import read
from leadkit.values.document import adapter

ASKED: dict[str, Any] = {"start": "2026-10-01", "end": "2026-11-01", "asOf": "2026-12-01"}
EXPECTED = "expected a day such as 2026-10-01, or a date-time with a time zone such as 2026-10-01T09:00:00Z"


def faults(**changes: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read(Question, {**ASKED, **changes})
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (date(2026, 10, 1), date(2026, 10, 1)),
        ("2026-10-01", date(2026, 10, 1)),
        ("2026-10-01T02:00:00+02:00", datetime(2026, 10, 1, tzinfo=UTC)),
        (
            datetime(2026, 10, 1, 2, tzinfo=timezone(timedelta(hours=2))),
            datetime(2026, 10, 1, tzinfo=UTC),
        ),
    ],
)
def test_a_bound_is_a_day_or_an_instant(value: object, bound: object) -> None:
    assert read_bound(value) == bound
    assert type(read_bound(value)) is type(bound)


@pytest.mark.parametrize("value", ["20261001", "2026-W40-4", "2026-13-01", "2026-10-01T00:00:00", "soon", 7, None])
def test_nothing_else_is_a_bound(value: object) -> None:
    with pytest.raises(ValueError, match="expected a day") as caught:
        read_bound(value)
    assert str(caught.value) == EXPECTED


def test_a_datetime_without_a_zone_is_no_bound() -> None:
    with pytest.raises(ValueError, match="a date-time needs a time zone"):
        read_bound(datetime(2026, 10, 1))


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        (date(2026, 10, 1), "UTC", "2026-10-01T00:00:00+00:00"),
        (date(2026, 10, 1), "Europe/Berlin", "2026-09-30T22:00:00+00:00"),
        (date(2026, 11, 1), "Europe/Berlin", "2026-10-31T23:00:00+00:00"),
        # The clocks of Beirut go from midnight to one: the day begins at the change.
        (date(2026, 3, 29), "Asia/Beirut", "2026-03-28T22:00:00+00:00"),
        # Those of Havana show midnight twice: the day begins at the first.
        (date(2026, 11, 1), "America/Havana", "2026-11-01T04:00:00+00:00"),
        # Samoa had no 30 December 2011.
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00+00:00"),
        (date(2011, 12, 31), "Pacific/Apia", "2011-12-30T10:00:00+00:00"),
    ],
)
def test_a_day_begins_at_midnight_on_the_clocks_of_the_zone(day: date, zone: str, instant: str) -> None:
    assert first_instant(day, zone).isoformat() == instant


def test_an_instant_stands_for_itself_in_every_zone() -> None:
    moment = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
    assert first_instant(moment, "Asia/Tokyo") is moment


def test_a_question_has_defaults() -> None:
    question = read(Question, ASKED)
    assert (question.timezone, question.basis, question.group_by) == ("UTC", Basis.COHORT, tuple(Dimension))
    assert (question.outcome, question.value_field, question.currency) == (None, None, None)
    assert question.window == Window(
        start=datetime(2026, 10, 1, tzinfo=UTC), end=datetime(2026, 11, 1, tzinfo=UTC), basis=Basis.COHORT
    )
    assert question.outcome_path is None
    assert question.value_path is None


def test_a_question_names_fields_by_their_paths() -> None:
    question = read(
        Question, {**ASKED, "outcome": "properties.converted", "valueField": 'properties["deal"]', "currency": "USD"}
    )
    assert question.outcome_path is not None
    assert question.outcome_path.segments == ("properties", "converted")
    assert question.value_path is not None
    assert question.value_path.segments == ("properties", "deal")


AFTER = "the end, which is not in the range, must lie after the start; for one day, give the next as end"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"end": "2026-10-01"}, f"$: {AFTER}"),
        ({"end": "2026-09-30"}, f"$: {AFTER}"),
        ({"start": "2011-12-30", "end": "2011-12-31", "timezone": "Pacific/Apia"}, f"$: {AFTER}"),
        ({"start": "soon"}, f"$.start: {EXPECTED}"),
        ({"end": 20261101}, f"$.end: {EXPECTED}"),
        ({"start": "0001-01-01", "timezone": "Asia/Tokyo"}, "$: a date-time must lie between the years 1 and 9999"),
        ({"valueField": "properties.size"}, "$: valueField and currency go together"),
        ({"currency": "USD"}, "$: valueField and currency go together"),
        ({"outcome": "propertis.won"}, "$.outcome: a lead has no field `propertis`; did you mean `properties`?"),
        ({"outcome": "@"}, "$.outcome: a lead has no field `@`; possible are"),
        ({"valueField": "a..b"}, "$.valueField: a path is written such as"),
        ({"groupBy": ["source", "colour"]}, "$.groupBy[1]: input should be 'source', 'campaign' or 'assignee'"),
        ({"basis": "events"}, "$.basis: input should be 'cohort' or 'event'"),
        ({"timezone": "Europe/Berln"}, "$.timezone: there is no time zone 'Europe/Berln'"),
        ({"zone": "UTC"}, "$.zone: unknown key"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(changes: dict[str, Any], told: str) -> None:
    (fault,) = faults(**changes)
    assert fault.startswith(told)
    if told.startswith("$: "):
        assert fault == told


def test_a_field_may_be_named_in_either_style() -> None:
    assert read(Question, {**ASKED, "outcome": "assignedTo"}).outcome == "assignedTo"
    assert read(Question, {**ASKED, "outcome": "assigned_to"}).outcome == "assigned_to"


def test_the_fields_of_a_lead_are_suggested_as_they_are_written_on_the_wire() -> None:
    assert faults(outcome="asignedTo") == ["$.outcome: a lead has no field `asigned_to`; did you mean `assignedTo`?"]


@pytest.mark.parametrize(
    ("group_by", "read_as"),
    [("source", ("source",)), (["assignee", "campaign"], ("assignee", "campaign")), ([], ())],
)
def test_breakdowns_are_chosen(group_by: Any, read_as: tuple[str, ...]) -> None:
    assert read(Question, {**ASKED, "groupBy": group_by}).group_by == read_as


def test_the_schema_says_that_a_bound_is_a_day_or_an_instant() -> None:
    schema = adapter(Question).json_schema()["properties"]["start"]
    assert schema["anyOf"] == [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]


@pytest.mark.parametrize(
    ("basis", "created", "at", "counted"),
    [
        ("cohort", 1, 40, True),
        ("cohort", 0, 1, False),
        ("cohort", 30, 31, True),
        ("cohort", 31, 31, False),
        ("event", 0, 1, True),
        ("event", 0, 30, True),
        ("event", 1, 31, False),
        ("event", -5, 0, False),
    ],
)
def test_a_window_counts_from_its_start_until_before_its_end(
    basis: str, created: int, at: int, *, counted: bool
) -> None:
    day = timedelta(days=1)
    zero = datetime(2026, 9, 30, tzinfo=UTC)
    window = Window(start=zero + day, end=zero + 31 * day, basis=Basis(basis))
    assert window.of(zero + created * day)(zero + at * day) is counted
