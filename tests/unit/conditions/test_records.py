from __future__ import annotations

import dataclasses
from collections import ChainMap, defaultdict
from types import MappingProxyType
from typing import Any, ClassVar

import attrs
import pydantic
import pytest

from leadkit.conditions import records
from leadkit.conditions.paths import parse_path
from leadkit.conditions.records import declared_fields, is_list, is_mapping, is_record, opener_of, records_in


@pytest.fixture(autouse=True)
def _unknown_classes() -> None:
    """Each test finds its classes for the first time."""
    records.opener_of.cache_clear()  # type: ignore[attr-defined] # typed as what it is for its callers


class Model(pydantic.BaseModel):
    first_name: str = "Al"
    shared: ClassVar[int] = 1

    @property
    def secret(self) -> str:
        return "x"


@pydantic.dataclasses.dataclass(frozen=True, slots=True)
class Slotted:
    first_name: str = "Al"


@dataclasses.dataclass
class Plain:
    first_name: str = "Al"
    shared: ClassVar[int] = 1

    def method(self) -> None:
        """Is no field."""


@attrs.frozen
class Attrs:
    first_name: str = "Al"


class Other:
    first_name = "Al"


@pytest.mark.parametrize("record", [Model(), Slotted(), Plain(), Attrs()], ids=lambda record: type(record).__name__)
def test_the_declared_fields_of_an_object_are_found(record: Any) -> None:
    assert parse_path("firstName").find(record) == "Al"
    assert parse_path("first_name").find(record) == "Al"
    assert parse_path("a.first_name").find({"a": record}) == "Al"
    assert is_record(record)


@pytest.mark.parametrize("record", [Model(), Slotted(), Plain(), Attrs()], ids=lambda record: type(record).__name__)
@pytest.mark.parametrize("path", ["shared", "secret", "method", "__class__", "model_fields", "__dict__", "model_dump"])
def test_nothing_else_of_an_object_is(record: Any, path: str) -> None:
    assert parse_path(path).find(record) is None
    assert parse_path(f"a.{path}").find({"a": record}) is None


def test_a_field_that_was_never_set_is_missing() -> None:
    assert parse_path("first_name").find(Model.model_construct().__class__.__new__(Model)) is None


@pytest.mark.parametrize("record", [Other(), Other, 5, "text", None, [1], {1}])
def test_what_declares_no_fields_has_no_members(record: Any) -> None:
    assert parse_path("first_name").find(record) is None
    assert parse_path("a.first_name").find({"a": record}) is None
    assert not is_record(record)


@pytest.mark.parametrize(
    "record",
    [MappingProxyType({"firstName": "Al"}), ChainMap({}, {"firstName": "Al"}), defaultdict(str, firstName="Al")],
)
def test_any_mapping_is_a_record(record: Any) -> None:
    assert parse_path("first_name").find(record) == "Al"
    assert parse_path("a.firstName").find({"a": record}) == "Al"


def test_a_default_is_not_made_by_looking() -> None:
    record: defaultdict[str, int] = defaultdict(int)
    assert parse_path("score").find(record) is None
    assert not record


def test_keys_that_are_no_text_do_no_harm() -> None:
    assert parse_path("a").find({None: 1, 2: 3, ("a",): 4}) is None
    assert parse_path("@").find({None: 1}) == {None: 1}


def test_the_fields_of_a_class_are_named() -> None:
    assert declared_fields(Model) == {"first_name"}
    assert declared_fields(Plain) == {"first_name"}
    assert declared_fields(Attrs) == {"first_name"}
    assert declared_fields(Other) is None
    assert opener_of(Other) is None


def test_lists_and_mappings_are_told_apart() -> None:
    assert [is_list(value) for value in ([], (), "", {}, {1})] == [True, True, False, False, False]
    assert [is_mapping(value) for value in ({}, MappingProxyType({}), [], Model())] == [True, True, False, False]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([{"a": 1}, 2], ({"a": 1}, 2)),
        ((1, 2), (1, 2)),
        ({"a": 1}, ({"a": 1},)),
        (Plain("B"), (Plain("B"),)),
        (None, ()),
        ("text", ()),
        (5, ()),
    ],
)
def test_related_records_come_as_a_list_or_alone(given: Any, expected: tuple[Any, ...]) -> None:
    assert records_in(given) == expected
