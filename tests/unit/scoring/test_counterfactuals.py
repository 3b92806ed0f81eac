# ruff: noqa: E501 - one fact a line, however long
from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from leadkit.conditions import Comparison, FieldCatalogue, parse_path
from leadkit.conditions import evaluating as language
from leadkit.conditions.changing import Replacement
from leadkit.errors import InvalidInput, NotFound
from leadkit.leads import Lead
from leadkit.leads.fields import FieldCatalogue as LeadCatalogue
from leadkit.scoring import Counterfactuals, Ruleset, Turn, counterfactual, score
from leadkit.scoring import counterfactuals as module

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def clause(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op, **({} if value is None else {"value": value})}


def ruleset(*rules: tuple[str, float, dict[str, Any]], **more: Any) -> Ruleset:
    written = [{"name": name, "points": points, "condition": condition} for name, points, condition in rules]
    return Ruleset.model_validate({"rules": written, **more})


def told(found: Counterfactuals) -> list[str]:
    return [f"{each} {each.result} ({each.effect})" for each in found]


TEAM = ("team", 20, clause("team", ">=", 10))
LARGE = ("large", 5, clause("team", ">=", 50))
PRO = ("pro", 15, clause("plan", "==", "pro"))
FREE = ("free", -5, clause("plan", "==", "free"))


def lead(**fields: Any) -> Lead:
    return Lead(id="lead-1", **{"email": "al@gmail.com", "created_at": NOW, "updated_at": NOW, **fields})


def test_those_that_bring_most_points_come_first() -> None:
    found = counterfactual({"team": 7, "plan": "free"}, ruleset(TEAM, LARGE, PRO, FREE), as_of=NOW)
    assert told(found) == [
        "team from 7 to 50: +25 to 20 (team matches, large matches)",
        'plan from "free" to "pro": +20 to 15 (pro matches, free no longer matches)',
        "team from 7 to 10: +20 to 15 (team matches)",
    ]
    assert found.score == -5
    assert found.complete is True
    assert found.unturned == ()
    assert len(found) == 3


def test_equal_points_stand_in_the_order_of_the_words() -> None:
    found = counterfactual({}, ruleset(("b", 5, clause("b", "==", 1)), ("a", 5, clause("a", "==", 1))), as_of=NOW)
    assert [str(each) for each in found] == ["a set to 1: +5", "b set to 1: +5"]


def test_of_equally_small_changes_the_one_is_offered_that_brings_most() -> None:
    rules = ruleset(
        ("source", 10, clause("source", "in", ["webinar", "referral", "event"])),
        ("best", 7, clause("source", "==", "referral")),
    )
    (only,) = counterfactual({}, rules, as_of=NOW)
    assert str(only) == 'source set to "referral": +17'
    assert only.turns == (Turn(rule="source", matches=True), Turn(rule="best", matches=True))


def test_limits_and_bands_are_reckoned_in() -> None:
    rules = Ruleset.model_validate(
        {
            "rules": [
                {"name": "team", "points": 20, "group": "fit", "condition": clause("team", ">=", 10)},
                {"name": "plan", "points": 15, "group": "fit", "condition": clause("plan", "==", "pro")},
                {"name": "seen", "points": 4.5, "condition": clause("seen", "==", True)},  # noqa: FBT003 - true is a value here
            ],
            "caps": {"fit": {"max": 25}},
            "total": {"max": 27},
            "bands": [{"min": 0, "priority": "low"}, {"min": 25, "priority": "high"}],
        }
    )
    found = counterfactual({"team": 12}, rules, as_of=NOW)
    assert told(found) == [
        'plan set to "pro": +5 to 25, high (plan matches)',
        "seen set to true: +4.5 to 24.5, low (seen matches)",
        "team from 12 to 9: -20 to 0, low (team no longer matches)",
    ]
    (capped, *_) = counterfactual({"team": 12, "plan": "pro"}, rules, as_of=NOW)
    assert told(Counterfactuals(score=0, changes=(capped,), unturned=(), complete=True)) == [
        "seen set to true: +2 to 27, high (seen matches)"
    ]


def test_only_rules_that_count_are_turned() -> None:
    off = Ruleset.model_validate(
        {"rules": [{"name": "off", "points": 5, "enabled": False, "condition": clause("a", "==", 1)}]}
    )
    assert told(counterfactual({}, off, as_of=NOW)) == []
    both = ruleset(TEAM, PRO)
    assert told(counterfactual({}, both, as_of=NOW, rules=["pro"])) == ['plan set to "pro": +15 to 15 (pro matches)']
    with pytest.raises(NotFound):
        counterfactual({}, both, as_of=NOW, rules=["x"])
    with pytest.raises(InvalidInput):
        counterfactual({}, both, as_of=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("condition", "fields", "changes"),
    [
        (clause("email", "ends_with", "@gmail.com"), {}, ['email from "al@gmail.com" to another value, such as "al@example.com": -5']),
        (clause("email", "ends_with", "@acme.com"), {}, ['email from "al@gmail.com" to "al@acme.com": +5']),
        (clause("email", "missing"), {}, []),
        (clause("email", "missing"), {"phone": "+1 555"}, ['email from "al@gmail.com" to nothing: +5']),
        (clause("phone", "exists"), {}, ['phone known, such as "+1 555 0100": +5']),
        (clause("phone", "==", "none"), {}, []),
        (clause("priority", "==", "high"), {}, ['priority from "medium" to "high": +5']),
        (clause("priority", "!=", "medium"), {}, ['priority from "medium" to "low": +5']),
        (clause("priority", "missing"), {}, []),
        (clause("company", "==", 5), {}, []),
        (clause("properties.a", ">", 5), {}, ["properties.a set to 6: +5"]),
        (clause("properties.a", "==", "x"), {"properties": {"a": 1}}, ['properties.a from 1 to "x": +5']),
        (clause("utmParams.source", "==", "ad"), {}, ['utmParams.source set to "ad": +5']),
        (clause("properties", "missing"), {"properties": {"a": 1}}, []),
        (clause("status", "==", "qualified"), {}, []),
        (clause("score", ">", 5), {"score": 1}, []),
        (clause("nonsense", ">", 5), {}, []),
        (clause("nonsense.deep", ">", 5), {}, []),
    ],
)  # fmt: skip
def test_a_lead_is_offered_only_what_a_lead_can_hold(condition: Any, fields: Any, changes: list[str]) -> None:
    rules, held = ruleset(("rule", 5, condition)), lead(**fields)
    found = counterfactual(held, rules, as_of=NOW)
    assert [str(each) for each in found] == changes
    for each in found:
        changed, related = each.applied(held)
        assert score(changed, rules, as_of=NOW).score == each.score
        assert related == {}


def test_of_plain_values_the_fields_of_commands_are_not_offered_either() -> None:
    rules = ruleset(("status", 5, clause("status", "==", "new")), ("id", 5, clause("id", "==", 1)), TEAM)
    assert told(counterfactual({}, rules, as_of=NOW)) == ["team set to 10: +20 to 20 (team matches)"]


def test_the_properties_that_an_organisation_declared_are_kept_to() -> None:
    catalogue = LeadCatalogue.for_leads(properties={"plan": ["free", "pro"], "team": int})
    rules = ruleset(
        ("plan", 5, clause("properties.plan", "!=", "free")),
        ("team", 6, clause("properties.team", "==", "ten")),
        ("other", 7, clause("properties.other", "exists")),
    )
    found = counterfactual(lead(properties={"plan": "free"}), rules, as_of=NOW, catalogue=catalogue)
    assert [str(each) for each in found] == ['properties.plan from "free" to "pro": +5']
    assert [str(rule) for rule in found.unturned] == [
        "team: no single change that is offered turns it",
        "other: no single change that is offered turns it",
    ]
    free = counterfactual({}, rules, as_of=NOW, catalogue=FieldCatalogue.of({"properties": dict}))
    assert len(free) == 3


CALLS = {"related": "activities", "where": clause("type", "==", "call"), "within": "7d", "op": ">=", "value": 2}


def test_a_few_more_activities_are_offered_with_all_that_they_change() -> None:
    rules = Ruleset.model_validate(
        {
            "rules": [
                {"name": "calls", "points": 10, "condition": CALLS},
                {"name": "seen", "points": 20, "condition": {"related": "activities"}, "decay": {"halfLife": "30d"}},
                {"name": "tasks", "points": 3, "condition": {"related": "tasks"}},
            ]
        }
    )
    related = {"activities": [{"type": "call", "at": NOW - timedelta(days=6)}]}
    found = counterfactual({}, rules, related=related, as_of=NOW)
    assert told(found) == [
        'activities: 1 more with type "call", now: +12.59 to 30 (calls matches)',
        "tasks: 1 more, now: +3 to 20.41 (tasks matches)",
    ]
    changed, theirs = found.changes[0].applied({"team": 1}, related)
    assert changed == {"team": 1}
    assert len(theirs["activities"]) == 2
    assert [str(rule) for rule in found.unturned] == ["seen: no single change that is offered turns it"]


def test_a_rule_that_nothing_turns_is_told_with_the_reason() -> None:
    rules = ruleset(
        ("status", 5, {"and": [clause("status", "==", "new"), clause("stage", "exists")]}),
        ("company", 5, {"related": "company", "where": clause("size", ">", 9)}),
        ("deals", 5, {"and": [{"related": "opportunities"}, {"related": "campaign"}, {"related": "tasks"}]}),
        ("both", 5, {"and": [clause("a", "==", 1), clause("b", "==", 1)]}),
        ("a\n", 5, {"and": []}),
    )
    found = counterfactual({}, rules, as_of=NOW)
    assert found.changes == ()
    assert [str(rule) for rule in found.unturned] == [
        "status: no single change that is offered turns it; status changes by a command: qualify, disqualify, nurture, reopen or convert; stage changes by a command: move",
        "company: no single change that is offered turns it; nothing is offered for related company",
        "deals: no single change that is offered turns it; nothing is offered for related campaign; nothing is offered for related opportunities",
        "both: no single change that is offered turns it",
        "a\\u000a: no single change that is offered turns it",
    ]


def test_a_change_reaches_the_rules_that_look_above_and_below_it() -> None:
    rules = ruleset(
        ("deep", 1, clause("properties.a.b", "==", 1)),
        ("above", 10, clause("properties", "exists")),
        ("beside", 100, clause("properties.c", "exists")),
    )
    found = counterfactual({}, rules, as_of=NOW)
    assert told(found)[:2] == [
        'properties.c known, such as "something": +110 to 110 (above matches, beside matches)',
        "properties.a.b set to 1: +11 to 11 (deep matches, above matches)",
    ]


def test_a_form_of_condition_that_is_not_known_is_asked_again_after_every_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @attrs.frozen
    class Foreign:
        """Holds for ten and more, in a way that nothing here can see."""

    def answer(_node: Any, record: Any, _related: Any, _as_of: datetime) -> bool:
        return (record.get("team") or 0) >= 10

    monkeypatch.setattr(language, "_HOLDS", {**language._HOLDS, Foreign: answer})  # noqa: SLF001 - the one table of the interpreter
    known = ruleset(TEAM, ("foreign", 7, {"and": []}))
    foreign: Any = Foreign()
    rules = (known.rules[0], known.rules[1].model_copy(update={"condition": foreign}))
    monkeypatch.setattr(module, "asked_rules", lambda *_: rules)
    found = counterfactual({"team": 7}, known, as_of=NOW)
    assert told(found) == ["team from 7 to 10: +27 to 27 (team matches, foreign matches)"]


def test_work_is_bounded_and_what_was_left_out_is_told() -> None:
    many = ruleset(*((f"rule {number}", 1, clause("team", ">=", number)) for number in range(300)))
    found = counterfactual({"team": -1}, many, as_of=NOW)
    assert found.complete is False
    assert len(found) < 300
    assert str(found).splitlines()[-1].startswith("  not turned: rule 299: ")
    few = counterfactual({"team": -1}, many, as_of=NOW, rules=["rule 250", "rule 10"])
    assert few.complete is True
    assert [str(each.change) for each in few] == ["team from -1 to 250", "team from -1 to 10"]


def test_so_many_answers_are_asked_for_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = ruleset(("a", 1, clause("a", "==", "x")), ("b", 1, clause("b", "==", "x")))
    # In each of the two fields two values are worth trying, at one answer each.
    for most, complete, found in ((4, True, 2), (3, False, 2), (1, False, 0)):
        monkeypatch.setattr(module, "_MOST_ASKED", most)
        answered = counterfactual({}, rules, as_of=NOW)
        assert (answered.complete, len(answered)) == (complete, found)


def test_counterfactuals_are_plain_json() -> None:
    found = counterfactual({"team": 7}, ruleset(TEAM, ("status", 5, clause("status", "==", "new"))), as_of=NOW)
    plain = found.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain == {
        "score": 0,
        "changes": [
            {
                "change": {"field": "team", "before": 7, "after": 10, "example": False},
                "points": 20,
                "score": 20,
                "priority": None,
                "turns": [{"rule": "team", "matches": True}],
                "text": "team from 7 to 10: +20",
            }
        ],
        "unturned": [
            {
                "rule": "status",
                "why": "no single change that is offered turns it; "
                "status changes by a command: qualify, disqualify, nurture, reopen or convert",
            }
        ],
        "complete": True,
    }
    banded = ruleset(TEAM, bands=[{"min": 20, "priority": "high"}])
    assert counterfactual({}, banded, as_of=NOW).as_dict()["changes"][0]["priority"] == "high"


def test_the_change_itself_can_be_looked_at() -> None:
    (only,) = counterfactual({"team": 7}, ruleset(TEAM), as_of=NOW)
    assert only.change == Replacement(path=parse_path("team"), before=7, after=10)
    assert isinstance(ruleset(TEAM).rules[0].condition, Comparison)
