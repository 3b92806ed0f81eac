"""A diff is empty exactly where the fingerprints are equal, and says what it says on one line each."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leadkit.conditions import canonical, dump_condition
from leadkit.scoring import Ruleset, Verb, diff
from leadkit.testing.conditions import condition_data

NAMES = st.lists(st.sampled_from(["a", "b", "c", "d\n"]), max_size=4, unique=True)
CONDITIONS = condition_data(patterns=False, depth=2)
POINTS = st.sampled_from([-5, 0, 10, 2.5])


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    rules = [
        {
            "name": name,
            "points": draw(POINTS),
            "condition": draw(CONDITIONS),
            "group": draw(st.sampled_from([None, "fit"])),
            "enabled": draw(st.booleans()),
            "description": draw(st.none() | st.just("why")),
        }
        for name in draw(NAMES)
    ]
    fit = any(rule["group"] for rule in rules)
    limits = st.sampled_from([{"max": 10}, {"min": 0, "max": 20}])
    return Ruleset.model_validate(
        {
            "name": draw(st.none() | st.just("rules")),
            "rules": rules,
            "caps": {"fit": draw(limits)} if fit and draw(st.booleans()) else {},
            "total": draw(st.none() | limits),
            "bands": draw(st.sampled_from([[], [{"min": 0, "priority": "low"}]])),
        }
    )


def respelled(ruleset: Ruleset) -> Ruleset:
    data = ruleset.model_dump(mode="json")
    for written, rule in zip(data["rules"], ruleset.rules, strict=True):
        written["condition"] = dump_condition(canonical(rule.condition))
        written["points"] = float(written["points"])
    return Ruleset.model_validate(data)


@given(rulesets(), rulesets())
def test_a_diff_is_empty_exactly_where_the_fingerprints_are_equal(old: Ruleset, new: Ruleset) -> None:
    assert bool(diff(old, new)) is (old.fingerprint != new.fingerprint)
    assert not diff(old, respelled(old))


@given(rulesets(), rulesets())
def test_a_diff_accounts_for_every_rule(old: Ruleset, new: Ruleset) -> None:
    found = diff(old, new)
    assert len(new.rules) - len(found.of(Verb.ADDED)) == len(old.rules) - len(found.of(Verb.REMOVED))
    lines = str(found).split("\n")
    assert all(line.isprintable() for line in lines)
    assert lines[0] == found.summary
    back = diff(new, old)
    assert {rule.was for rule in found.of(Verb.REMOVED)} == {rule.was for rule in back.of(Verb.ADDED)}
    plain: Any = found.as_dict()
    assert json.loads(json.dumps(plain)) == plain
