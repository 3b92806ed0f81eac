"""What scoring promises, whatever the rules, the lead, its records and the time."""

from __future__ import annotations

import contextlib
import copy
import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unaided import unaided

from leadkit.conditions import evaluate
from leadkit.scoring import Ruleset, Scorecard, check, compile_ruleset, explain, score
from leadkit.scoring.reckoning import asked_rules, interpreted
from leadkit.values import Points, hundredths
from leadkit.values.document import adapter

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

FIELDS = st.sampled_from(["score", "firstName", "first_name", "properties.a", "properties.b", 'properties["c.d"]'])
KINDS = st.sampled_from(["activities", "tasks", "opportunities", "company"])
NUMBERS = st.integers(-3, 3) | st.floats(-3, 3, width=16)
WORDS = st.sampled_from(["", "a", "b", "A", "2026-01-01"])
SCALARS = NUMBERS | WORDS | st.booleans()
DURATIONS = st.sampled_from(["1d", "24h", "2w", "3mo", "1y", "P1DT1H"])

COMPARISONS = st.one_of(
    st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value},
        FIELDS,
        st.sampled_from([">", ">=", "<", "<="]),
        NUMBERS | WORDS,
    ),
    st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value},
        FIELDS,
        st.sampled_from(["==", "!=", "contains", "eq", "ne"]),
        SCALARS,
    ),
    st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value},
        FIELDS,
        st.sampled_from(["in", "not_in"]),
        st.lists(SCALARS, max_size=3),
    ),
    st.builds(lambda field, op: {"field": field, "op": op}, FIELDS, st.sampled_from(["exists", "missing"])),
    st.builds(lambda field, value: {"field": field, "op": "within", "value": value}, FIELDS, DURATIONS),
)
RELATED = st.builds(
    lambda kind, within, where, op, value: {
        "related": kind,
        **({"within": within} if kind != "company" and within else {}),
        **({"where": where} if where else {}),
        "op": op,
        "value": value,
    },
    KINDS,
    st.none() | DURATIONS,
    st.none() | COMPARISONS,
    st.sampled_from([">=", "<", "=="]),
    st.integers(0, 2),
)
# What is asked of items cannot ask for the records of the lead.
ITEMS = st.builds(
    lambda quantifier, item: {"field": "properties.list", quantifier: item},
    st.sampled_from(["any", "all", "none"]),
    COMPARISONS,
)
CONDITIONS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    COMPARISONS | RELATED | ITEMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: {"and": items}),
        st.lists(inner, max_size=3).map(lambda items: {"any": items}),
        inner.map(lambda item: {"not": item}),
    ),
    max_leaves=5,
)

POINTS = st.integers(-100_00, 100_00).map(lambda count: count / 100)
GROUPS = st.sampled_from([None, "fit", "reach"])
LIMITS = st.tuples(st.none() | POINTS, st.none() | POINTS).map(
    lambda pair: dict(zip(("min", "max"), sorted(pair) if None not in pair else pair, strict=True))
)
REAL_LIMITS = LIMITS.filter(lambda limits: any(bound is not None for bound in limits.values()))


@st.composite
def rules_data(draw: st.DrawFn, *, most: int = 6) -> list[dict[str, Any]]:
    count = draw(st.integers(0, most))
    rules: list[dict[str, Any]] = []
    for number in range(count):
        condition = draw(CONDITIONS | RELATED)
        rule = {
            "name": f"rule {number}",
            "points": draw(POINTS),
            "condition": condition,
            "group": draw(GROUPS),
            "enabled": draw(st.booleans()) or draw(st.booleans()),
        }
        if condition.get("related", "company") != "company" and draw(st.booleans()):
            rule["decay"] = {"halfLife": draw(st.sampled_from(["1d", "24h", "2w", "P30D"]))}
        rules.append(rule)
    return rules


@st.composite
def rulesets(draw: st.DrawFn, *, limited: bool = True) -> dict[str, Any]:
    rules = draw(rules_data())
    data: dict[str, Any] = {"rules": rules}
    if limited:
        groups = sorted({rule["group"] for rule in rules} - {None})
        data["caps"] = {group: draw(REAL_LIMITS) for group in groups if draw(st.booleans())}
        data["total"] = draw(st.none() | REAL_LIMITS)
        floors = draw(st.lists(POINTS, max_size=3, unique=True))
        priorities = st.sampled_from(["low", "medium", "high"])
        data["bands"] = [{"min": floor, "priority": draw(priorities)} for floor in sorted(floors)]
    return data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | WORDS, inner, max_size=3),
    max_leaves=8,
)
KNOWN = st.fixed_dictionaries(
    {},
    optional={
        "score": JSON,
        "firstName": JSON,
        "first_name": JSON,
        "properties": JSON | st.dictionaries(st.sampled_from(["a", "b", "c.d", "list"]), JSON | SCALARS, max_size=4),
    },
)
LEADS = KNOWN | JSON
MOMENTS = st.datetimes(timezones=st.just(UTC))
TIMES = MOMENTS | st.sampled_from(["2026-01-01", "2026-01-01T10:00:00+02:00", "soon", None, 7])
RECORDS = JSON | st.fixed_dictionaries({"at": TIMES, "due_at": TIMES, "created_at": TIMES}, optional={"score": JSON})
BELONGING = st.dictionaries(KINDS, JSON | st.lists(RECORDS, max_size=3), max_size=3)


def summed(card: Scorecard) -> int:
    return sum(hundredths(line.points) for line in card.breakdown)


@given(data=rulesets(), lead=LEADS, related=BELONGING, as_of=MOMENTS)
def test_any_json_lead_has_a_score_that_is_the_sum_of_its_lines(
    data: dict[str, Any], lead: Any, related: dict[str, Any], as_of: datetime
) -> None:
    ruleset = Ruleset.model_validate(data)
    before = copy.deepcopy((lead, related))
    dumped = ruleset.model_dump_json()
    card = score(lead, ruleset, related=related, as_of=as_of)
    assert hundredths(card.score) == summed(card)
    assert adapter(Points).validate_python(card.score) == card.score  # type: ignore[arg-type] # an annotated type
    # Neither what was scored nor what it was scored by has changed, and once more gives the same.
    assert repr((lead, related)) == repr(before)
    assert ruleset.model_dump_json() == dumped
    assert score(lead, ruleset, related=related, as_of=as_of) == card


@given(data=rulesets(), lead=LEADS, related=BELONGING, as_of=MOMENTS)
def test_an_explanation_tells_the_very_score(
    data: dict[str, Any], lead: Any, related: dict[str, Any], as_of: datetime
) -> None:
    ruleset = Ruleset.model_validate(data)
    explained = explain(lead, ruleset, related=related, as_of=as_of)
    assert explained.card == score(lead, ruleset, related=related, as_of=as_of)
    lines = [(rule.name, rule.points) for rule in explained.rules if rule.held]
    lines += [(limit.line.rule, limit.line.points) for limit in explained.limits]
    assert lines == [(line.rule, line.points) for line in explained.card.breakdown]
    assert str(explained)
    assert json.dumps(explained.as_dict())


@given(
    data=rulesets(limited=False), lead=LEADS, related=BELONGING, as_of=MOMENTS, points=POINTS, place=st.integers(0, 6)
)
def test_another_matching_rule_moves_the_score_by_exactly_its_points(
    data: dict[str, Any], lead: Any, related: dict[str, Any], as_of: datetime, points: float, place: int
) -> None:
    more = copy.deepcopy(data)
    more["rules"].insert(place, {"name": "more", "points": points, "condition": {"and": []}, "group": "fit"})
    before = score(lead, Ruleset.model_validate(data), related=related, as_of=as_of)
    after = score(lead, Ruleset.model_validate(more), related=related, as_of=as_of)
    assert hundredths(after.score) - hundredths(before.score) == hundredths(points)
    assert [line for line in after.breakdown if line.rule != "more"] == list(before.breakdown)


@given(data=rulesets(), lead=LEADS, related=BELONGING, as_of=MOMENTS)
def test_another_rule_that_does_not_match_changes_nothing_but_the_fingerprint(
    data: dict[str, Any], lead: Any, related: dict[str, Any], as_of: datetime
) -> None:
    more = copy.deepcopy(data)
    more["rules"].append({"name": "more", "points": 7, "condition": {"or": []}})
    before = score(lead, Ruleset.model_validate(data), related=related, as_of=as_of)
    after = score(lead, Ruleset.model_validate(more), related=related, as_of=as_of)
    assert (after.score, after.breakdown, after.priority) == (before.score, before.breakdown, before.priority)


@given(data=rulesets(), lead=LEADS, related=BELONGING, as_of=MOMENTS, order=st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_change_the_score(
    data: dict[str, Any], lead: Any, related: dict[str, Any], as_of: datetime, order: Any
) -> None:
    shuffled = copy.deepcopy(data)
    order.shuffle(shuffled["rules"])
    one = score(lead, Ruleset.model_validate(data), related=related, as_of=as_of)
    other = score(lead, Ruleset.model_validate(shuffled), related=related, as_of=as_of)
    assert (one.score, one.priority) == (other.score, other.priority)
    assert sorted(map(repr, one.breakdown)) == sorted(map(repr, other.breakdown))


@given(data=rulesets(limited=False), lead=LEADS, related=BELONGING, as_of=MOMENTS)
def test_without_limits_a_score_is_what_its_rules_bring_alone(
    data: dict[str, Any], lead: Any, related: dict[str, Any], as_of: datetime
) -> None:
    ruleset = Ruleset.model_validate(data)
    whole = score(lead, ruleset, related=related, as_of=as_of)
    alone = [score(lead, ruleset, related=related, as_of=as_of, rules=[rule.name]) for rule in ruleset.rules]
    assert hundredths(whole.score) == sum(hundredths(card.score) for card in alone)
    matched = {
        rule.name
        for rule in ruleset.rules
        if rule.enabled and evaluate(rule.condition, lead, related=related, as_of=as_of)
    }
    assert {line.rule for line in whole.breakdown} == matched


@given(data=rulesets(), lead=LEADS, related=BELONGING, as_of=MOMENTS)
def test_no_score_leaves_the_limits_of_the_whole(
    data: dict[str, Any], lead: Any, related: dict[str, Any], as_of: datetime
) -> None:
    ruleset = Ruleset.model_validate(data)
    result = score(lead, ruleset, related=related, as_of=as_of).score
    if ruleset.total is not None:
        assert ruleset.total.min is None or result >= ruleset.total.min
        assert ruleset.total.max is None or result <= ruleset.total.max


@given(data=rulesets())
def test_writing_and_reading_a_ruleset_are_inverse(data: dict[str, Any]) -> None:
    ruleset = Ruleset.model_validate(data)
    for again in (
        Ruleset.model_validate(ruleset.model_dump()),
        Ruleset.model_validate(ruleset.model_dump(mode="json", by_alias=False)),
        Ruleset.model_validate_json(ruleset.model_dump_json()),
        Ruleset.model_validate_json(json.dumps(data)),
    ):
        assert again == ruleset
        assert again.fingerprint == ruleset.fingerprint
        assert again.model_dump() == ruleset.model_dump()


ALIASES = {
    ">": "gt",
    ">=": "gte",
    "<": "lt",
    "<=": "lte",
    "==": "=",
    "!=": "ne",
    "eq": "==",
    "ne": "!=",
    "in": "IN",
    "not_in": "nin",
    "and": "all",
    "any": "or",
    "firstName": "first_name",
    "first_name": "firstName",
    "24h": "1d",
    "1d": "24h",
    "2w": "14d",
    "1y": "12mo",
}


def respelled(data: Any) -> Any:
    """The same in other words: what a quantifier is called, which stands beside `field`, has only one."""
    if isinstance(data, dict):
        kept = "field" in data
        return {
            key if kept else ALIASES.get(key, key): (
                ALIASES.get(value, value)
                if key in ("op", "field", "within", "halfLife") or (key == "value" and data.get("op") == "within")
                else respelled(value)
            )
            for key, value in data.items()
        }
    return [respelled(item) for item in data] if isinstance(data, list) else data


@given(data=rulesets(), lead=LEADS, related=BELONGING, as_of=MOMENTS)
def test_a_ruleset_in_other_words_has_the_same_fingerprint_and_scores(
    data: dict[str, Any], lead: Any, related: dict[str, Any], as_of: datetime
) -> None:
    one, other = Ruleset.model_validate(data), Ruleset.model_validate(respelled(data))
    assert one.fingerprint == other.fingerprint
    assert score(lead, one, related=related, as_of=as_of) == score(lead, other, related=related, as_of=as_of)


@given(
    points=POINTS,
    age=st.timedeltas(timedelta(), timedelta(days=400)),
    half_life=st.sampled_from([1, 7, 30]),
)
def test_points_fade_towards_nothing_and_never_grow(points: float, age: timedelta, half_life: int) -> None:
    ruleset = Ruleset.model_validate(
        {
            "rules": [
                {
                    "name": "seen",
                    "points": points,
                    "condition": {"related": "activities"},
                    "decay": {"halfLife": f"{half_life}d"},
                }
            ]
        }
    )
    now = datetime(2026, 11, 24, tzinfo=UTC)
    left = [
        score({}, ruleset, related={"activities": [{"at": now - each}]}, as_of=now).score
        for each in (age, age + timedelta(days=half_life))
    ]
    exact = Fraction(hundredths(points)) * Fraction(0.5 ** (age / timedelta(days=half_life)))
    assert abs(hundredths(left[0]) - exact) <= Fraction(1, 2) + Fraction(1, 10**6)
    assert abs(left[1]) <= abs(left[0]) <= abs(points)


@given(data=rulesets(), lead=LEADS, related=BELONGING, as_of=MOMENTS)
def test_what_a_check_warns_of_is_certain(
    data: dict[str, Any], lead: Any, related: dict[str, Any], as_of: datetime
) -> None:
    ruleset = Ruleset.model_validate(data)
    report = check(ruleset)
    card = score(lead, ruleset, related=related, as_of=as_of)
    warned = {warning.path for warning in report.warnings if warning.code in ("idle-limit", "unreachable-band")}
    lines = {line.rule for line in card.breakdown}
    for group in ruleset.caps:
        assert not (f"$.caps.{group}" in warned and {f"cap: {group}", f"floor: {group}"} & lines)
        assert not (f"$.caps.{group}.max" in warned and f"cap: {group}" in lines)
        assert not (f"$.caps.{group}.min" in warned and f"floor: {group}" in lines)
    assert not ("$.total.max" in warned and "cap: total" in lines)
    assert not ("$.total.min" in warned and "floor: total" in lines)
    reached = [index for index, band in enumerate(ruleset.bands) if band.min <= card.score]
    assert not (reached and f"$.bands[{reached[-1]}]" in warned)


@pytest.mark.parametrize(
    "alone",
    [contextlib.nullcontext, partial(unaided, hopeful=True), partial(unaided, hopeful=False)],
    ids=["each form behind the other", "the hopeful form alone", "the careful form alone"],
)
@given(data=rulesets(), lead=LEADS, related=BELONGING, as_of=MOMENTS)
def test_a_compiled_ruleset_scores_as_the_reference_does(
    data: dict[str, Any],
    lead: Any,
    related: dict[str, Any],
    as_of: datetime,
    alone: Callable[[], AbstractContextManager[None]],
) -> None:
    ruleset = Ruleset.model_validate(data)
    compiled = compile_ruleset(ruleset)
    expected = interpreted(ruleset, asked_rules(ruleset, None), lead, related, as_of)
    with alone():
        card = compiled.card(lead, related=related, as_of=as_of)
        found = compiled.score(lead, related=related, as_of=as_of)
    assert (card, card.model_dump()) == (expected, expected.model_dump())
    assert (found, type(found)) == (expected.score, type(expected.score))
