"""A counterfactual, once applied, does what it promised, whatever the rules, the lead, its records and the time."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from leadkit.conditions import FieldCatalogue, evaluate, explain_condition, read_condition
from leadkit.conditions.changing import Addition, Replacement
from leadkit.conditions.counterfactuals import changes_that_turn
from leadkit.leads import Lead
from leadkit.leads.documents import PROTECTED, WRITABLE
from leadkit.scoring import Ruleset, counterfactual, explain, score
from leadkit.testing.conditions import (
    AS_OF,
    condition_data,
    conditions,
    hostile_values,
    json_records,
    json_values,
    python_records,
    related_records,
)
from leadkit.values import hundredths

CONDITIONS = condition_data(patterns=False)
POINTS = st.integers(-50_00, 50_00).map(lambda count: count / 100)
GROUPS = st.sampled_from([None, "fit", "reach"])


def acceptable(properties: dict[str, Any]) -> bool:
    """Tell whether a lead takes these properties: they are not too large, and hold no NUL."""
    written = json.dumps(properties)
    return len(written) < 10_000 and "\\u0000" not in written


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    rules = [
        {
            "name": f"rule {number}",
            "points": draw(POINTS),
            "condition": draw(CONDITIONS),
            "group": draw(GROUPS),
            "enabled": draw(st.booleans()) or draw(st.booleans()),
        }
        for number in range(draw(st.integers(1, 4)))
    ]
    for rule in rules:
        if rule["condition"].get("related") in ("activities", "tasks") and draw(st.booleans()):
            rule["decay"] = {"halfLife": "30d"}
    groups = {rule["group"] for rule in rules} - {None}
    limits = st.sampled_from([{"max": 10}, {"min": -5}, {"min": 0, "max": 30}])
    return Ruleset.model_validate(
        {
            "rules": rules,
            "caps": {group: draw(limits) for group in sorted(groups) if draw(st.booleans())},
            "total": draw(st.none() | limits),
            "bands": [{"min": 0, "priority": "medium"}, {"min": 20, "priority": "high"}],
        }
    )


def real_leads() -> st.SearchStrategy[Lead]:
    values = {name: json_values() for name in ("team_size", "tags", "a.b")}
    properties = st.fixed_dictionaries({}, optional=values)
    return st.builds(
        lambda properties, first_name, score: Lead(
            id="lead-1",
            email="alice@example.com",
            first_name=first_name,
            score=score,
            properties=properties,
            created_at=AS_OF,
            updated_at=AS_OF,
        ),
        properties.filter(acceptable),
        st.none() | st.sampled_from(["new", "New", "10", "2026-11-20"]),
        st.none() | st.integers(-3, 12),
    )


def matched(lead: Any, ruleset: Ruleset, related: Any) -> dict[str, bool]:
    return {
        rule.name: evaluate(rule.condition, lead, related=related, as_of=AS_OF)
        for rule in ruleset.rules
        if rule.enabled
    }


def holds_its_promise(lead: Any, ruleset: Ruleset, related: Any, **options: Any) -> None:
    before = copy.deepcopy(related)
    found = counterfactual(lead, ruleset, related=related, as_of=AS_OF, **options)
    card = score(lead, ruleset, related=related, as_of=AS_OF)
    answers = matched(lead, ruleset, related)
    assert found.score == card.score
    for promised in found:
        changed, theirs = promised.applied(lead, related)
        after = score(changed, ruleset, related=theirs, as_of=AS_OF)
        assert (after.score, after.priority) == (promised.score, promised.priority)
        assert hundredths(promised.points) == hundredths(after.score) - hundredths(card.score)
        turned = {name: held for name, held in matched(changed, ruleset, theirs).items() if held is not answers[name]}
        assert turned == {turn.rule: turn.matches for turn in promised.turns}
        assert turned
        change = promised.change
        if isinstance(change, Addition):
            assert change.kind in ("activities", "tasks")
        else:
            assert change.path.segments[0] not in PROTECTED
    assert related == before
    points = [promised.points for promised in found]
    assert points == sorted(points, reverse=True)
    turned = {turn.rule for promised in found for turn in promised.turns}
    assert {rule.rule for rule in found.unturned} | turned == set(answers)
    assert json.loads(json.dumps(found.as_dict(), allow_nan=False))["score"] == card.score
    assert all(line.isprintable() for line in str(found).split("\n"))


@given(rulesets(), json_records() | json_values(), related_records())
def test_a_counterfactual_of_plain_values_does_what_it_promised(ruleset: Ruleset, lead: Any, related: Any) -> None:
    holds_its_promise(lead, ruleset, related)
    found = counterfactual(lead, ruleset, related=related, as_of=AS_OF)
    explained = explain(lead, ruleset, related=copy.deepcopy(related), as_of=AS_OF)
    assert explained.changes.as_dict() == found.as_dict()
    # The trace agrees with the answer, rule by rule.
    assert {rule.name: rule.trace.held for rule in explained.rules if rule.rule.enabled} == matched(
        lead, ruleset, related
    )


@given(rulesets(), python_records() | hostile_values(), st.dictionaries(st.just("activities"), hostile_values()))
def test_a_counterfactual_of_whatever_python_can_hold_does_what_it_promised(
    ruleset: Ruleset, lead: Any, related: Any
) -> None:
    found = counterfactual(lead, ruleset, related=related, as_of=AS_OF)
    for promised in found:
        changed, theirs = promised.applied(lead, related)
        assert score(changed, ruleset, related=theirs, as_of=AS_OF).score == promised.score


@given(rulesets(), real_leads(), related_records())
def test_a_counterfactual_of_a_lead_does_what_it_promised(ruleset: Ruleset, lead: Lead, related: Any) -> None:
    holds_its_promise(lead, ruleset, related)
    for promised in counterfactual(lead, ruleset, related=related, as_of=AS_OF):
        changed, _ = promised.applied(lead, related)
        # What the change gives is a lead again, and of its fields one differs, one that can be written.
        assert Lead.model_validate(changed.model_dump()) == changed
        names = [field.name for field in attrs.fields(type(promised.change))]
        differing = [name for name in Lead.__slots__ if getattr(changed, name) != getattr(lead, name)]
        assert set(differing) <= set(WRITABLE)
        assert len(differing) == ("path" in names)


CATALOGUE = FieldCatalogue.of({"status": ["new", "old"], "score": int, "firstName": str, "properties.team_size": int})


@given(rulesets(), json_records(), related_records())
def test_with_a_catalogue_only_values_are_offered_that_a_field_can_have(
    ruleset: Ruleset, lead: Any, related: Any
) -> None:
    holds_its_promise(lead, ruleset, related, catalogue=CATALOGUE)
    for promised in counterfactual(lead, ruleset, related=related, as_of=AS_OF, catalogue=CATALOGUE):
        change = promised.change
        if isinstance(change, Replacement):
            assert change.path.canonical in ("first_name", "properties.team_size")
            wanted = str if change.path.canonical == "first_name" else (int, float)
            assert change.after is None or isinstance(change.after, wanted)
            assert not isinstance(change.after, bool)


@given(conditions(patterns=False), json_records() | json_values(), related_records())
def test_a_change_that_turns_a_condition_turns_it(condition: Any, record: Any, related: Any) -> None:
    held = evaluate(condition, record, related=related, as_of=AS_OF)
    for change in changes_that_turn(condition, record, related=related, as_of=AS_OF):
        changed, theirs = change.applied(record, related)
        assert evaluate(condition, changed, related=theirs, as_of=AS_OF) is not held
        assert explain_condition(condition, changed, related=theirs, as_of=AS_OF).held is not held


NUMBERS = st.integers(-30, 30) | st.integers(-300, 300).map(lambda tenths: tenths / 10)


@given(st.sampled_from([">", ">=", "<", "<=", "==", "!="]), NUMBERS, st.integers(-30, 30))
def test_the_change_of_a_whole_number_is_the_smallest_that_there_is(op: str, limit: float, seen: int) -> None:
    """Judged by trying every whole number around, nearest first."""
    condition = read_condition({"field": "team", "op": op, "value": limit})
    held = evaluate(condition, {"team": seen}, as_of=AS_OF)

    def turns(value: int) -> bool:
        return evaluate(condition, {"team": value}, as_of=AS_OF) is not held

    nearest = min((abs(value - seen) for value in range(-100, 100) if turns(value)), default=None)
    (change,) = changes_that_turn(condition, {"team": seen}, as_of=datetime(2026, 11, 24, tzinfo=UTC))
    assert isinstance(change, Replacement)
    if nearest is None:
        assert not isinstance(change.after, int)
    else:
        assert abs(change.after - seen) == nearest
