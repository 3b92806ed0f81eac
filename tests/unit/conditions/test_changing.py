from __future__ import annotations

import dataclasses
from types import MappingProxyType
from typing import Any

import attrs
import pytest
from pydantic import BaseModel

from leadkit.conditions import parse_path
from leadkit.conditions.changing import Addition, Replacement


def replaced(path: str, record: Any, after: Any) -> Any:
    where = parse_path(path)
    changed, related = Replacement(path=where, before=where.find(record), after=after).applied(record, {"tasks": [1]})
    assert related == {"tasks": [1]}
    assert where.find(changed) == after
    return changed


@attrs.frozen
class Visit:
    pages: int
    place: Any = None


@dataclasses.dataclass(frozen=True)
class Person:
    first_name: str | None = None
    fixed: int = dataclasses.field(default=3, init=False)


class Company(BaseModel):
    name: str


@pytest.mark.parametrize(
    ("path", "record", "after", "changed"),
    [
        ("team", {"team": 7, "plan": "pro"}, 10, {"team": 10, "plan": "pro"}),
        ("team", {}, 10, {"team": 10}),
        ("team", {"team": 7}, None, {}),
        ("firstName", {"firstName": "Al"}, "Bo", {"firstName": "Bo"}),
        ("first_name", {"firstName": "Al"}, "Bo", {"firstName": "Bo"}),
        ("firstName", {"first_name": "Al", "firstName": "Cy"}, "Bo", {"first_name": "Bo", "firstName": "Cy"}),
        ("firstName", {"first_name": None, "firstName": "Cy"}, "Bo", {"first_name": None, "firstName": "Bo"}),
        ("firstName", {"first_name": "Al", "firstName": "Cy"}, None, {}),
        ("properties.a", {"properties": {"a": 1, "b": 2}}, 3, {"properties": {"a": 3, "b": 2}}),
        ("properties.a", {"properties": {"a": 1, "b": 2}}, None, {"properties": {"b": 2}}),
        ("properties.a.b", {}, 3, {"properties": {"a": {"b": 3}}}),
        (
            "properties.firstName",
            {"properties": {"first_name": 1}},
            2,
            {"properties": {"first_name": 1, "firstName": 2}},
        ),
        ("team", MappingProxyType({"team": 7}), 10, {"team": 10}),
        ("pages", Visit(1), 2, Visit(2)),
        ("place.city", Visit(1, {"city": "Ulm"}), "Bonn", Visit(1, {"city": "Bonn"})),
        ("firstName", Person("Al"), "Bo", Person("Bo")),
        ("firstName", Person("Al"), None, Person()),
        ("name", Company(name="Acme"), "Initech", Company(name="Initech")),
        ("properties.company.name", {"properties": {"company": Company(name="A")}}, "B", None),
    ],
)
def test_a_replacement_changes_one_field_of_a_copy(path: str, record: Any, after: Any, changed: Any) -> None:
    before = repr(record)
    answered = replaced(path, record, after)
    assert repr(record) == before
    assert changed is None or answered == changed


@pytest.mark.parametrize(
    ("path", "record"),
    [
        ("team", 7),
        ("team", None),
        ("team.size", {"team": 7}),
        ("fixed", Person()),
        ("wings", Visit(1)),
        ("fixed.deep", Person()),
    ],
)
def test_what_a_record_cannot_hold_is_refused(path: str, record: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Replacement(path=parse_path(path), before=None, after=1).applied(record, {})


def test_something_without_fields_is_named() -> None:
    with pytest.raises(ValueError, match=r"^a number has no fields$"):
        Replacement(path=parse_path("team"), before=None, after=1).applied(7, {})


SHARED = {"name": "demo"}


@pytest.mark.parametrize(
    ("before", "after", "example", "told"),
    [
        (7, 10, False, "tags from 7 to 10"),
        (None, "pro", False, 'tags set to "pro"'),
        ("pro", None, False, 'tags from "pro" to nothing'),
        (None, "+1 555", True, 'tags known, such as "+1 555"'),
        ("a@b", "c@d", True, 'tags from "a@b" to another value, such as "c@d"'),
        (None, ["x"], True, 'tags known, such as ["x"]'),
        (None, ["x"], False, 'tags with "x"'),
        (["a"], ["a", "x"], False, 'tags with "x"'),
        (("a",), ["a", "x", "y"], False, 'tags with "x", "y"'),
        (["a", "b", "c"], ["b"], False, 'tags without "a", "c"'),
        (["a", "b"], [], False, 'tags without "a", "b"'),
        (["b", SHARED, "b"], [SHARED], False, 'tags without "b", "b"'),
        ("a", ["x"], False, 'tags with "x"'),
    ],
)
def test_a_replacement_is_said_in_words(before: Any, after: Any, example: Any, told: str) -> None:
    assert str(Replacement(path=parse_path("tags"), before=before, after=after, example=example)) == told


def test_a_replacement_is_plain_json() -> None:
    change = Replacement(path=parse_path("firstName"), before=None, after=["x"], example=True)
    assert change.as_dict() == {"field": "firstName", "before": None, "after": ["x"], "example": True}


@pytest.mark.parametrize(
    ("present", "after"),
    [
        (None, [{"a": 1}, {"a": 1}]),
        ([], [{"a": 1}, {"a": 1}]),
        ([{"b": 2}], [{"b": 2}, {"a": 1}, {"a": 1}]),
        ({"b": 2}, [{"b": 2}, {"a": 1}, {"a": 1}]),
        ("nonsense", [{"a": 1}, {"a": 1}]),
    ],
)
def test_an_addition_comes_behind_the_records_that_there_are(present: Any, after: Any) -> None:
    record, related = {"team": 7}, {"tasks": present, "company": {}}
    changed, theirs = Addition(kind="tasks", record={"a": 1}, count=2).applied(record, related)
    assert changed is record
    assert theirs == {"tasks": after, "company": {}}
    assert related == {"tasks": present, "company": {}}


@pytest.mark.parametrize(
    ("record", "time", "told"),
    [
        ({}, None, "tasks: 3 more"),
        ({"type": "call", "open": True}, None, 'tasks: 3 more with type "call" and open true'),
        ({"due_at": "2026-01-01"}, "due_at", "tasks: 3 more, now"),
        ({"due_at": "2026-01-01", "type": "call"}, "dueAt", 'tasks: 3 more with type "call", now'),
        ({"a\n": "b"}, None, 'tasks: 3 more with a\\u000a "b"'),
    ],
)
def test_an_addition_is_said_in_words(record: dict[str, Any], time: str | None, told: str) -> None:
    path = None if time is None else parse_path(time)
    assert str(Addition(kind="tasks", record=record, count=3, time=path)) == told


def test_an_addition_is_plain_json() -> None:
    change = Addition(kind="tasks", record={"a": [float("nan")]}, count=2)
    assert change.as_dict() == {"related": "tasks", "record": {"a": ["nan"]}, "count": 2}
