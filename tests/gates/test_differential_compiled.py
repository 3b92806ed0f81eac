"""Compiled rules answer as the reference interpreter does: a million pairs of a random condition and a random record.

Each condition is asked of many records, made of values that hypothesis drew for it: plain dicts in both spellings,
objects, odd mappings, and whatever odd value Python can hold.
"""

from __future__ import annotations

import os
import random
from collections import OrderedDict, UserDict
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.conditions import evaluate
from leadkit.conditions.compiling import compile_condition
from leadkit.leads import LeadStatus
from leadkit.testing.conditions import AS_OF, conditions, hostile_values, json_values, moments, related_records

pytestmark = pytest.mark.gate

FULL = os.environ.get("LEADKIT_GATES") == "full"
CONDITIONS = 5_000 if FULL else 60
RECORDS = 200


@dataclass(frozen=True)
class Row:
    """A record of a class that is compiled for."""

    status: Any = None
    score: Any = None
    first_name: Any = None
    created_at: Any = None
    properties: Any = None


class Stranger(Row):
    """The same, of a class that is not."""


class Size(IntEnum):
    TEN = 10


class Word(StrEnum):
    NEW = "new"


ODD = [
    True,
    False,
    Decimal(10),
    Decimal("0.5"),
    Decimal("0.1"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Size.TEN,
    Word.NEW,
    LeadStatus.NEW,
    float("inf"),
    float("-inf"),
    float("nan"),
    2**60,
    10**400,
    "2026-11-24T12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-W48-2T12:00:00Z",
    "2026-11-24T12:00:00.5Z",
    "2026-11-20",
    AS_OF,
    ["new", "10", 10],
    ("new",),
    [True, 1, Decimal(10)],
]

values = st.one_of(json_values(), hostile_values(), st.sampled_from(ODD), moments())
NAMES = ("status", "score", "firstName", "first_name", "createdAt", "created_at")


def record_of(chance: random.Random, drawn: list[Any]) -> Any:
    """Put values together to one record, of one shape or another."""

    def some(names: tuple[str, ...]) -> dict[str, Any]:
        return {name: chance.choice(drawn) for name in names if chance.random() < 0.75}

    properties: Any = some(("team_size", "tags", "a.b"))
    if chance.random() < 0.2:
        properties = chance.choice([*drawn, UserDict(properties), MappingProxyType(properties), None])
    shape = chance.randrange(10)
    if shape == 0:
        return chance.choice(drawn)
    fields = some(NAMES)
    if shape in (1, 2):
        own = {name: fields[name] for name in ("status", "score", "first_name", "created_at") if name in fields}
        return (Row if shape == 1 else Stranger)(**own, properties=properties)
    record = {**fields, "properties": properties}
    return {3: OrderedDict, 4: UserDict, 5: MappingProxyType}.get(shape, dict)(record)


@settings(max_examples=CONDITIONS, deadline=None)
@given(
    conditions(patterns=False),
    st.lists(values, min_size=4, max_size=12),
    st.lists(related_records(), min_size=1, max_size=3),
    moments() | st.just(AS_OF),
    st.integers(0, 2**32),
)
def test_a_compiled_condition_answers_as_the_reference_does(condition, drawn, related, as_of, seed):
    compiled = compile_condition(condition, classes=(Row,))
    answer = compiled.at(as_of)
    chance = random.Random(seed)
    for _ in range(RECORDS):
        record, beside = record_of(chance, drawn), chance.choice(related)
        assert answer(record, beside) is evaluate(condition, record, related=beside, as_of=as_of)
