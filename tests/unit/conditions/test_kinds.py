# ruff: noqa: FBT003 - true and false are values and answers here, no switches
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from leadkit.conditions.kinds import (
    Kind,
    Members,
    aligned,
    as_instant,
    instant_of,
    kind_of,
    lowered,
    ordered,
    same,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))


class Status(StrEnum):
    NEW = "new"


class Level(IntEnum):
    ONE = 1


@attrs.frozen
class Company:
    name: str


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("", Kind.TEXT),
        (Status.NEW, Kind.TEXT),
        (0, Kind.NUMBER),
        (Level.ONE, Kind.NUMBER),
        (-0.5, Kind.NUMBER),
        (10**4000, Kind.NUMBER),
        (Decimal("1E+999999"), Kind.NUMBER),
        (True, Kind.BOOLEAN),
        (False, Kind.BOOLEAN),
        (NOON, Kind.INSTANT),
        (date(2026, 11, 24), Kind.INSTANT),
        ([], Kind.LIST),
        ((1,), Kind.LIST),
        ({}, Kind.OBJECT),
        (Company("Acme"), Kind.OBJECT),
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
        (float("-inf"), None),
        (Decimal("NaN"), None),
        (Decimal("sNaN"), None),
        (Decimal("-Infinity"), None),
        (NOON.replace(tzinfo=None), None),
        (datetime.min.replace(tzinfo=TOKYO), None),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), None),
        (b"new", None),
        ({1}, None),
        (object(), None),
        (Company, None),
        (1j, None),
    ],
)
def test_every_value_is_of_one_kind_or_of_none(value: Any, kind: Kind | None) -> None:
    assert kind_of(value) is kind


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("a", "a"),
        (Status.NEW, "new"),
        (1, 1.0),
        (0, -0.0),
        (Level.ONE, 1),
        (Decimal("0.10"), 0.1),
        (0.1, Decimal("0.1")),
        (Decimal(10**30), 10**30),
        (10**400, 10**400),
        (True, True),
        (NOON, NOON.astimezone(TOKYO)),
        (date(2026, 11, 24), datetime(2026, 11, 24, tzinfo=UTC)),
    ],
)
def test_values_are_the_same_whatever_form_they_come_in(seen: Any, expected: Any) -> None:
    assert same(seen, expected) is True
    assert same(expected, seen) is True


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("a", "A"),
        ("1", 1),
        (1, True),
        (0, False),
        (0.1, Decimal("0.1000000000000000055511151231257827")),
        (2**53 + 1, float(2**53)),
        (10**400, float("inf")),
        (float("inf"), float("inf")),
        (float("nan"), float("nan")),
        (Decimal("sNaN"), Decimal("sNaN")),
        (1, float("nan")),
        (NOON, NOON.isoformat()),
        (NOON, NOON.replace(tzinfo=None)),
        ([], []),
        ({}, {}),
        (None, None),
    ],
)
def test_values_of_different_kinds_or_of_none_are_never_the_same(seen: Any, expected: Any) -> None:
    assert same(seen, expected) is False
    assert same(expected, seen) is False


def test_an_hour_that_the_clock_repeats_equals_the_instants_that_it_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    assert same(first, datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert same(first.replace(fold=1), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


def test_booleans_have_no_order() -> None:
    assert aligned(True, False) == (True, False)
    assert ordered(True, False) is None


def test_what_compares_is_answered_in_one_form() -> None:
    assert ordered(0.5, Decimal(1)) == (Decimal("0.5"), Decimal(1))
    assert ordered(Decimal(1), 0.5) == (Decimal(1), Decimal("0.5"))
    assert ordered(1, 2.5) == (1, 2.5)
    assert ordered("a", 1) is None
    assert ordered(1, float("inf")) is None
    assert ordered(float("-inf"), 1) is None


def test_a_float_subclass_meets_a_decimal_by_its_digits() -> None:
    class Measured(float):
        def __repr__(self) -> str:
            return "measured"

    assert same(Measured(0.1), Decimal("0.1"))


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-24T12:00:00Z", NOON),
        (NOON, NOON),
        (NOON.astimezone(TOKYO), NOON),
        (date(2026, 11, 24), NOON.replace(hour=0)),
        ("noon", None),
        (NOON.replace(tzinfo=None), None),
        (datetime.min.replace(tzinfo=TOKYO), None),
        (0, None),
        (None, None),
    ],
)
def test_an_instant_is_read_from_what_is_one(value: Any, moment: datetime | None) -> None:
    assert instant_of(value) == moment


def test_an_instant_in_another_zone_is_answered_in_utc() -> None:
    moment = instant_of(NOON.astimezone(TOKYO))
    assert moment is not None
    assert moment.tzinfo is UTC


def test_a_zone_that_refuses_a_time_makes_it_no_instant() -> None:
    class Refusing(tzinfo):
        def utcoffset(self, _moment: datetime | None) -> timedelta:
            message = "out of the table"
            raise ValueError(message)

    assert kind_of(datetime(2026, 1, 1, tzinfo=Refusing())) is None


def test_text_is_read_as_an_instant_alone_and_in_lists() -> None:
    assert as_instant("2026-11-24T12:00:00Z") == NOON
    assert as_instant("noon") == "noon"
    assert as_instant(["2026-11-24T12:00:00Z", 1, ["2026-11-24T12:00:00Z"]]) == [NOON, 1, ["2026-11-24T12:00:00Z"]]
    assert as_instant(("noon",)) == ["noon"]
    assert as_instant(5) == 5


def test_text_is_lowered_alone_and_in_lists() -> None:
    assert lowered("ÄB") == "äb"
    assert lowered(["A", 1, ["B"]]) == ["a", 1, ["B"]]
    assert lowered(("A",)) == ["a"]
    assert lowered(5) == 5


@pytest.mark.parametrize(
    "value", ["new", 1, 1.0, Decimal("1.0"), 0.1, Decimal("0.1"), True, NOON, "2026-11-24T12:00:00Z"]
)
def test_members_are_found_by_the_same_equality(value: Any) -> None:
    assert Members(["new", 1, 0.1, True, NOON.astimezone(TOKYO)]).has(value) is True


@pytest.mark.parametrize(
    "value", ["old", 2, "1", False, Decimal("0.2"), Decimal("sNaN"), float("nan"), None, [], [1], {}, "noon"]
)
def test_others_are_no_members(value: Any) -> None:
    assert Members(["new", 1, 0.1, True, NOON]).has(value) is False


def test_text_that_is_an_instant_is_no_member_where_no_instant_is() -> None:
    assert Members(["x"]).has("2026-11-24") is False
    assert Members([None, "x"]).has(None) is False  # type: ignore[list-item] # what compares with nothing is left out
