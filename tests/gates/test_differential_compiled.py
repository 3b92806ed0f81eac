"""Compiled rules answer as the reference interpreter does: a million pairs of a random rule and a random record.

Each condition, and each ruleset, is asked of many records, made of values that hypothesis drew for it: plain dicts in
both spellings, objects, odd mappings, and whatever odd value Python can hold.
"""

from __future__ import annotations

import os
import random
from collections import OrderedDict, UserDict
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.conditions import Related, compile_condition, evaluate
from leadkit.leads import LeadStatus
from leadkit.scoring import Ruleset, compile_ruleset
from leadkit.scoring.reckoning import interpreted
from leadkit.testing.conditions import AS_OF, conditions, hostile_values, json_values, moments, related_records

pytestmark = pytest.mark.gate

FULL = os.environ.get("LEADKIT_GATES") == "full"
CONDITIONS = 5_000 if FULL else 60
RULESETS = 1_000 if FULL else 15
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


POINTS = st.integers(-2_000, 2_000).map(lambda count: count / 100) | st.integers(-40, 40).map(lambda count: count / 4)
GROUPS = st.sampled_from([None, None, "fit", "reach"])


@st.composite
def rulesets(draw):
    rules = []
    for number, condition in enumerate(draw(st.lists(conditions(patterns=False), min_size=1, max_size=8))):
        rule = {"name": f"rule {number}", "points": draw(POINTS), "condition": condition, "group": draw(GROUPS)}
        if isinstance(condition, Related) and condition.time is not None and draw(st.booleans()):
            rule["decay"] = {"halfLife": "30d"}
        rules.append(rule)
    groups = {rule["group"] for rule in rules} - {None}
    limits = st.tuples(POINTS, POINTS).map(lambda ends: {"min": min(ends), "max": max(ends)})
    return Ruleset.model_validate(
        {
            "rules": rules,
            "caps": {group: draw(limits) for group in sorted(groups) if draw(st.booleans())},
            "total": draw(st.none() | limits),
            "bands": draw(st.sampled_from([[], [{"min": 0, "priority": "low"}, {"min": 7.5, "priority": "high"}]])),
        }
    )


@settings(max_examples=RULESETS, deadline=None)
@given(
    rulesets(),
    st.lists(values, min_size=4, max_size=12),
    st.lists(related_records(), min_size=1, max_size=3),
    moments() | st.just(AS_OF),
    st.integers(0, 2**32),
)
def test_a_compiled_ruleset_scores_as_the_reference_does(ruleset, drawn, related, as_of, seed):
    compiled = compile_ruleset(ruleset)
    score, card = compiled.score_at(as_of), compiled.card_at(as_of)
    chance, now = random.Random(seed), as_of.astimezone(UTC)
    for _ in range(RECORDS):
        record, beside = record_of(chance, drawn), chance.choice(related)
        expected = interpreted(ruleset, ruleset.rules, record, beside, now)
        assert card(record, beside) == expected
        found = score(record, beside)
        assert (found, type(found)) == (expected.score, type(expected.score))
