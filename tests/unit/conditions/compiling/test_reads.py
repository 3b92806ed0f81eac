from __future__ import annotations

from collections import OrderedDict, UserDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pytest

from leadkit.conditions.compiling.reads import Reads
from leadkit.conditions.compiling.source import Program
from leadkit.conditions.paths import ITEM, parse_path


@dataclass
class Row:
    first_name: Any = None
    score: Any = None
    properties: Any = None
    firstName: Any = None  # noqa: N815 - declared in both spellings
    odd: dict[str, Any] = field(default_factory=dict)


@dataclass
class Late:
    score: Any = field(init=False)


class Declaring(Mapping[str, Any]):
    """A mapping of a class that declares fields too: its keys count."""

    __pydantic_fields__ = {"score": None}

    def __init__(self, **values: Any) -> None:
        self.values_ = values

    def __getitem__(self, key: str) -> Any:
        return self.values_[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)

    def __repr__(self) -> str:
        return f"Declaring({self.values_})"


PATHS = ["firstName", "score", "properties.a", 'properties["a.b"].c', "class", "Lead Number"]


def read(record: Any, paths: list[str], *classes: type[Any]) -> list[Any]:
    program = Program()
    reads = Reads(program=program, record="record", classes=classes)
    names = [reads.variable(parse_path(path)) for path in paths]
    lines = "\n        ".join(reads.lines())
    program.add([f"def answer(record):\n        {lines}\n        return [{', '.join(names)}]"])
    return list(program.ready(program.source("answer"))(None)(record))


RECORDS = [
    {},
    {"first_name": "A", "firstName": "B", "score": 1, "properties": {"a": 2, "a.b": {"c": 3}}},
    {"first_name": None, "firstName": "B", "properties": None, "class": 7, "Lead Number": 8},
    {"firstName": "B", "properties": UserDict({"a": 2, "a.b": MappingProxyType({"c": 3})})},
    {"properties": "text", "score": False},
    {"properties": {"a.b": Row(score=1)}},
    OrderedDict(firstName="B", score=1),
    UserDict({"first_name": "A", "properties": {"a": 5}}),
    Row(first_name="A", firstName="B", score=1, properties={"a": 2}),
    Row(firstName="B", properties={"a.b": {"c": 3}}),
    Declaring(score=3),
    None,
    "text",
    [1],
]


@pytest.mark.parametrize("record", RECORDS, ids=repr)
@pytest.mark.parametrize("classes", [(), (Row, Declaring, str)], ids=["any", "known"])
def test_what_is_read_is_what_a_path_finds(record: Any, classes: tuple[type[Any], ...]) -> None:
    assert read(record, PATHS, *classes) == [parse_path(path).find(record) for path in PATHS]


def test_the_record_itself_needs_no_reading() -> None:
    reads = Reads(program=Program(), record="item")
    assert (reads.variable(ITEM), reads.lines()) == ("item", [])


def test_each_field_is_read_once() -> None:
    reads = Reads(program=Program(), record="record")
    assert [reads.variable(parse_path(path)) for path in ("a.b", "a", "a.b", "a.c")] == ["v1", "v0", "v1", "v2"]
    assert reads.lines() == [
        "if type(record) is dict:",
        "    v0 = record.get(k3)",
        "else:",
        "    v0 = k4(record)",
        "if type(v0) is dict:",
        "    v1 = v0.get(k5)",
        "    v2 = v0.get(k6)",
        "elif v0 is None:",
        "    v1 = v2 = None",
        "else:",
        "    v1 = member(v0, k5)",
        "    v2 = member(v0, k6)",
    ]


def test_a_class_is_read_by_the_attributes_that_it_declares() -> None:
    reads = Reads(program=Program(), record="record", classes=(Row, str))
    for path in ("firstName", "score", "class"):
        reads.variable(parse_path(path))
    assert reads.lines() == [
        "if type(record) is dict:",
        "    if (v0 := record.get(k3)) is None: v0 = record.get(k4)",
        "    v1 = record.get(k5)",
        "    v2 = record.get(k6)",
        "elif type(record) is k7:",
        "    if (v0 := record.first_name) is None: v0 = record.firstName",
        "    v1 = record.score",
        "    v2 = None",
        "else:",
        "    v0 = k8(record)",
        "    v1 = k9(record)",
        "    v2 = k10(record)",
    ]


def test_the_careful_form_reads_no_attribute() -> None:
    with pytest.raises(AttributeError):
        read(Late(), ["score"], Late)
    reads = Reads(program=Program(hopeful=False), record="record", classes=(Late,))
    reads.variable(parse_path("score"))
    assert reads.lines() == ["if type(record) is dict:", "    v0 = record.get(k1)", "else:", "    v0 = k2(record)"]
