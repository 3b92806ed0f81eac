from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Any, Generic, Literal, Optional, TypeVar, Union

import attrs
import pydantic
import pytest

from leadkit.conditions import Field, FieldCatalogue, Kind, parse_path
from leadkit.conditions.annotations import Meaning, hints_of, meaning_of


class Priority(StrEnum):
    LOW = "low"
    HIGH = "high"


class Mixed(Enum):
    ONE = 1
    TWO = "two"


class Person(pydantic.BaseModel):
    name: str
    born: date | None = None


@dataclasses.dataclass
class Company:
    size: int
    boss: Person | None
    people: list[Person]


@attrs.frozen
class Node:
    value: int
    next: Node | None
    children: list[Node]


T = TypeVar("T")


class Box(Generic[T]):
    """A class that declares no fields."""


@pytest.mark.parametrize(
    ("annotation", "meaning"),
    [
        (str, Meaning(kind=Kind.TEXT)),
        (int, Meaning(kind=Kind.NUMBER)),
        (float, Meaning(kind=Kind.NUMBER)),
        (Decimal, Meaning(kind=Kind.NUMBER)),
        (bool, Meaning(kind=Kind.BOOLEAN)),
        (datetime, Meaning(kind=Kind.INSTANT)),
        (date, Meaning(kind=Kind.INSTANT)),
        (list, Meaning(kind=Kind.LIST)),
        (list[int], Meaning(kind=Kind.LIST, item=int)),
        (tuple[str, ...], Meaning(kind=Kind.LIST, item=str)),
        (Sequence[bool], Meaning(kind=Kind.LIST, item=bool)),
        (dict, Meaning(kind=Kind.OBJECT)),
        (dict[str, int], Meaning(kind=Kind.OBJECT)),
        (Mapping[str, Any], Meaning(kind=Kind.OBJECT)),
        (Person, Meaning(kind=Kind.OBJECT, record=Person)),
        (Company, Meaning(kind=Kind.OBJECT, record=Company)),
        (Priority, Meaning(kind=Kind.TEXT, choices=("low", "high"))),
        (Mixed, Meaning()),
        (Literal["a", "b"], Meaning(kind=Kind.TEXT, choices=("a", "b"))),
        (Literal[1, 2], Meaning(kind=Kind.NUMBER, choices=(1, 2))),
        (Literal[1, "a"], Meaning()),
        (Annotated[int, "points"], Meaning(kind=Kind.NUMBER)),
        (int | None, Meaning(kind=Kind.NUMBER, optional=True)),
        (Optional[str], Meaning(kind=Kind.TEXT, optional=True)),  # noqa: UP045 - the old spelling is read too
        (Union[int, float], Meaning(kind=Kind.NUMBER)),  # noqa: UP007 - the old spelling is read too
        (int | Decimal | None, Meaning(kind=Kind.NUMBER, optional=True)),
        (int | str, Meaning()),
        (int | str | None, Meaning(optional=True)),
        (Literal["a"] | None, Meaning(kind=Kind.TEXT, optional=True, choices=("a",))),
        (list[int] | None, Meaning(kind=Kind.LIST, optional=True, item=int)),
        (list[int] | list[str], Meaning(kind=Kind.LIST)),
        (set[int], Meaning()),
        (bytes, Meaning(kind=Kind.LIST)),
        (Box[int], Meaning()),
        (Any, Meaning()),
        (None, Meaning()),
        ("text", Meaning()),
    ],
)
def test_an_annotation_says_what_its_values_are(annotation: Any, meaning: Meaning) -> None:
    assert meaning_of(annotation) == meaning


def test_the_fields_of_a_class_come_with_their_annotations() -> None:
    assert dict(hints_of(Person)) == {"name": str, "born": date | None}
    assert dict(hints_of(Company)) == {"size": int, "boss": Person | None, "people": list[Person]}
    assert [name for name, _ in hints_of(Node)] == ["value", "next", "children"]


def test_a_field_without_an_annotation_may_be_anything() -> None:
    made = attrs.make_class("Made", {"bare": attrs.field()})
    assert dict(hints_of(made)) == {"bare": Any}


def facts(catalogue: FieldCatalogue) -> dict[str, tuple[Kind | None, bool]]:
    return {field.path.text: (field.kind, field.required) for field in catalogue.fields.values()}


def found(catalogue: FieldCatalogue, path: str) -> Field:
    field = catalogue.find(parse_path(path))
    assert field is not None
    return field


def test_a_catalogue_is_built_from_the_annotations_of_a_class() -> None:
    catalogue = FieldCatalogue.for_record(Company)
    assert facts(catalogue) == {
        "size": (Kind.NUMBER, True),
        "boss": (Kind.OBJECT, False),
        "boss.name": (Kind.TEXT, False),
        "boss.born": (Kind.INSTANT, False),
        "people": (Kind.LIST, True),
    }
    assert found(catalogue, "boss").free is False
    items = found(catalogue, "people").items
    assert items is not None
    assert facts(items) == {"name": (Kind.TEXT, True), "born": (Kind.INSTANT, False)}


def test_choices_of_a_class_are_found() -> None:
    @attrs.frozen
    class Deal:
        stage: Literal["open", "won"]
        priority: Priority | None

    catalogue = FieldCatalogue.for_record(Deal)
    assert found(catalogue, "stage").choices == ("open", "won")
    assert found(catalogue, "priority").choices == ("low", "high")


def test_a_class_that_holds_itself_is_declared_six_levels_deep() -> None:
    catalogue = FieldCatalogue.for_record(Node)
    deepest = max(catalogue.fields, key=lambda path: len(path.segments))
    assert deepest.text.count("next") in (5, 6)
    assert len(deepest.segments) == 6
    assert found(catalogue, "next.next.next.next.next.next").free is True
    levels = 0
    inner: FieldCatalogue | None = catalogue
    while inner is not None:
        levels += 1
        inner = found(inner, "children").items
    assert levels == 6


def test_a_catalogue_is_built_from_paths() -> None:
    catalogue = FieldCatalogue.of(
        {
            "score": int,
            "firstName": Kind.TEXT,
            "status": ["new", "won"],
            "odd": ["new", 1],
            "properties": dict,
            "extra": Kind.OBJECT,
            "tags": list[str],
            "boss": Person,
            "level": Field(path="ignored", kind=Kind.NUMBER, required=True, description="How far."),
        }
    )
    assert facts(catalogue) == {
        "score": (Kind.NUMBER, False),
        "firstName": (Kind.TEXT, False),
        "status": (Kind.TEXT, False),
        "odd": (None, False),
        "properties": (Kind.OBJECT, False),
        "extra": (Kind.OBJECT, False),
        "tags": (Kind.LIST, False),
        "boss": (Kind.OBJECT, False),
        "boss.name": (Kind.TEXT, False),
        "boss.born": (Kind.INSTANT, False),
        "level": (Kind.NUMBER, True),
    }
    assert found(catalogue, "status").choices == ("new", "won")
    assert found(catalogue, "odd").choices == ("new", 1)
    assert found(catalogue, "properties").free is True
    assert found(catalogue, "extra").free is True
    assert found(catalogue, "level").description == "How far."
    items = found(catalogue, "tags").items
    assert items is not None
    assert found(items, "@").kind is Kind.TEXT
    assert found(items, "@").required is False


def test_lists_of_lists_and_of_anything() -> None:
    catalogue = FieldCatalogue.of({"deep": list[list[int]], "any": list[Any], "bare": list, "scores": list[int | None]})
    outer = found(catalogue, "deep").items
    assert outer is not None
    inner = found(outer, "@").items
    assert inner is not None
    assert found(inner, "@").kind is Kind.NUMBER
    assert found(catalogue, "any").items is None
    assert found(catalogue, "bare").items is None
    scores = found(catalogue, "scores").items
    assert scores is not None
    assert found(scores, "@").kind is Kind.NUMBER


def test_a_field_is_found_in_either_spelling() -> None:
    catalogue = FieldCatalogue.of({"firstName": str})
    assert found(catalogue, "first_name") == found(catalogue, "firstName")
    assert catalogue.find(parse_path("firstname")) is None


def test_what_lies_in_a_free_object_is_a_field_of_which_nothing_is_known() -> None:
    catalogue = FieldCatalogue.of({"properties": dict, "properties.size": int})
    assert found(catalogue, "properties.size").kind is Kind.NUMBER
    assert found(catalogue, "properties.other") == Field(path="properties.other")
    assert found(catalogue, "properties.a.b.c").kind is None
    assert catalogue.find(parse_path("properties.size.x")) is None


def test_what_lies_in_other_fields_is_none() -> None:
    catalogue = FieldCatalogue.of({"email": str, "boss": Field(path="boss", kind=Kind.OBJECT), "boss.name": str})
    assert catalogue.find(parse_path("email.domain")) is None
    assert catalogue.find(parse_path("boss.age")) is None
    assert catalogue.find(parse_path("@")) is None


def test_what_lies_around_a_declared_field_is_an_object() -> None:
    catalogue = FieldCatalogue.of({"a.b.c": int})
    assert found(catalogue, "a").kind is Kind.OBJECT
    assert found(catalogue, "a.b").kind is Kind.OBJECT
    assert found(catalogue, "a.b").free is False
    assert catalogue.find(parse_path("a.c")) is None
    assert catalogue.find(parse_path("b")) is None
    assert FieldCatalogue().find(parse_path("a")) is None


def test_the_nearest_field_is_found_by_its_last_name_then_by_likeness() -> None:
    catalogue = FieldCatalogue.of({"score": int, "properties.team_size": int, "firstName": str})
    assert catalogue.nearest(parse_path("team_size")) == "properties.team_size"
    assert catalogue.nearest(parse_path("props.team_size")) == "properties.team_size"
    assert catalogue.nearest(parse_path("properties.teamSize")) == "properties.team_size"
    assert catalogue.nearest(parse_path("frstName")) == "firstName"
    assert catalogue.nearest(parse_path("scor")) == "score"
    assert catalogue.nearest(parse_path("zzz")) is None
    deep = FieldCatalogue.of({"some.long.way.x": int, "x.other.one": int, "way": int})
    assert deep.nearest(parse_path("x")) == "some.long.way.x"
    assert deep.nearest(parse_path("y.other.x")) == "some.long.way.x"
    assert catalogue.nearest(parse_path("@")) is None
    assert FieldCatalogue.of({"list": list[int]}).nearest(parse_path("@")) is None


def test_a_catalogue_is_extended() -> None:
    tasks = FieldCatalogue.of({"title": str})
    catalogue = FieldCatalogue.of({"score": int, "name": str}, related={"tasks": tasks})
    more = catalogue.extended({"score": str, "size": int})
    assert facts(more) == {
        "score": (Kind.TEXT, False),
        "name": (Kind.TEXT, False),
        "size": (Kind.NUMBER, False),
    }
    assert more.related == {"tasks": tasks}
    assert facts(catalogue)["score"] == (Kind.NUMBER, False)
    assert FieldCatalogue.for_record(Person, related={"tasks": tasks}).related == {"tasks": tasks}


def test_a_catalogue_of_a_hosts_own_class_stays_of_that_class() -> None:
    class LeadCatalogue(FieldCatalogue):
        """A host's own."""

    assert type(LeadCatalogue.of({"a": int})) is LeadCatalogue
    assert type(LeadCatalogue.for_record(Person).extended({"a": int})) is LeadCatalogue


def test_a_path_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="a path is written such as"):
        FieldCatalogue.of({"a..b": int})
