from __future__ import annotations

from typing import Any

import pytest

from leadkit.scoring import Ruleset, Verb, diff


def clause(field: str, value: Any = 1, op: str = "==") -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def rule(name: str, points: float = 5, **more: Any) -> dict[str, Any]:
    return {"name": name, "points": points, "condition": clause(name), **more}


def ruleset(*rules: dict[str, Any], **more: Any) -> Ruleset:
    return Ruleset.model_validate({"rules": list(rules), **more})


def told(old: Ruleset, new: Ruleset) -> list[str]:
    return str(diff(old, new)).splitlines()


def test_equal_rulesets_have_no_difference_however_they_are_spelled() -> None:
    one = ruleset(
        rule("a", 5, group="fit", condition={"and": [clause("x", 1, "eq"), clause("firstName")]}),
        rule("b", 5.0, condition={"related": "tasks"}, decay={"halfLife": "30d"}),
        caps={"fit": {"max": 10}},
    )
    two = ruleset(
        rule("a", 5.0, group="fit", condition={"all": [clause("first_name"), clause("x", 1.0)]}),
        rule("b", 5, condition={"related": "tasks"}, decay={"halfLife": "P30D"}, description=None),
        caps={"fit": {"max": 10.0}},
    )
    found = diff(one, two)
    assert not found
    assert (found.rules, found.parts) == ((), ())
    assert str(found) == found.summary == "no difference"
    assert found.as_dict() == {"equal": True, "rules": [], "parts": []}


def test_rules_are_added_and_removed_with_their_conditions_in_words() -> None:
    old = ruleset(rule("stays"), rule("goes", -5, condition={"or": [clause("a"), clause("b")]}))
    new = ruleset(rule("comes", 1250), rule("stays"))
    assert told(old, new) == [
        "rules: 1 added, 1 removed",
        "+ comes  +1,250",
        "    comes is 1",
        "- goes  -5",
        "    any of",
        "      a is 1",
        "      b is 1",
    ]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({"points": 20}, {"points": 25.5}, ["    points: +20 → +25.5"]),
        ({"enabled": True}, {"enabled": False}, ["    enabled: on → off"]),
        ({"group": "fit"}, {}, ["    group: fit → none"]),
        ({}, {"description": "x\ny" * 40}, ["    description: none → " + "x\\u000ay" * 20 + "…"]),
        (
            {"condition": clause("team", 10, ">=")},
            {"condition": clause("team", 20, ">=")},
            ["    condition:", "      - team is at least 10", "      + team is at least 20"],
        ),
        (
            {"condition": {"related": "tasks"}},
            {"condition": {"related": "tasks"}, "decay": {"halfLife": "2w"}},
            ["    half-life: none → 2w"],
        ),
        (
            {"points": 1, "group": "a"},
            {"points": 2, "enabled": False, "group": "b"},
            ["    points: +1 → +2", "    enabled: on → off", "    group: a → b"],
        ),
    ],
)
def test_what_changes_of_a_rule_is_told(before: Any, after: Any, lines: list[str]) -> None:
    found = told(ruleset(rule("team", **before)), ruleset(rule("team", **after)))
    assert found == ["rules: 1 changed", "~ team", *lines]


def test_a_rule_that_only_got_another_name_is_told_as_such() -> None:
    old = ruleset(rule("a"), rule("b", condition=clause("x")), rule("c", condition=clause("x")))
    new = ruleset(rule("a"), rule("d", 7, condition=clause("x", 1.0)), rule("e", condition=clause("x")), rule("f"))
    assert told(old, new) == [
        "rules: 1 added, 2 changed",
        "~ b",
        "    name: b → d",
        "    points: +5 → +7",
        "~ c",
        "    name: c → e",
        "+ f  +5",
        "    f is 1",
    ]
    (renamed, *_) = diff(old, new).rules
    assert (renamed.name, renamed.was, renamed.verb) == ("d", "b", Verb.CHANGED)


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("abcd", "abdc", {"d": ("behind c", "behind b")}),
        ("abcd", "dabc", {"d": ("behind c", "first")}),
        ("abcd", "bcda", {"a": ("first", "behind d")}),
        ("abcde", "adcbe", {"d": ("behind c", "behind a"), "c": ("behind b", "behind d")}),
        ("abc", "axbyc", {}),
        ("abc", "ac", {}),
        ("abc", "cba", {"c": ("behind b", "first"), "b": ("behind a", "behind c")}),
        ("abc", "xcab", {"c": ("behind b", "behind x")}),
    ],
)
def test_the_fewest_moves_that_explain_the_order_are_told(old: str, new: str, places: dict[str, Any]) -> None:
    found = diff(ruleset(*map(rule, old)), ruleset(*map(rule, new)))
    moved = {
        each.name: (change.before, change.after)
        for each in found.rules
        for change in each.differences
        if change.subject == "place"
    }
    assert moved == places


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({}, {"total": {"max": 1200}}, "~ total: none → at most 1,200"),
        ({"total": {"min": 0, "max": 9}}, {"total": {"min": -2.5}}, "~ total: at least 0, at most 9 → at least -2.5"),
        ({"caps": {"fit": {"max": 9}}}, {}, "~ limits of fit: at most 9 → none"),
        ({}, {"caps": {"fit": {"max": 9}}}, "~ limits of fit: none → at most 9"),
        ({"name": "old"}, {"name": "new"}, "~ name: old → new"),
        ({"name": "old"}, {}, "~ name: old → none"),
        (
            {"bands": [{"min": 0, "priority": "low"}, {"min": 2500, "priority": "high"}]},
            {},
            "~ bands: low from 0, high from 2,500 → none",
        ),
    ],
)
def test_what_changes_around_the_rules_is_told(before: Any, after: Any, line: str) -> None:
    fit = rule("a", group="fit")
    assert told(ruleset(fit, **before), ruleset(fit, **after)) == ["around them: 1 changed", line]


def test_groups_stand_in_the_order_in_which_they_were_written() -> None:
    rules = (rule("a", group="a"), rule("b", group="b"), rule("c", group="c"))
    old = ruleset(*rules, caps={"c": {"max": 1}, "a": {"max": 1}})
    new = ruleset(*rules, caps={"b": {"max": 1}, "a": {"max": 2}})
    assert [part.subject for part in diff(old, new).parts] == ["limits of c", "limits of a", "limits of b"]


def test_a_diff_is_plain_json() -> None:
    found = diff(ruleset(rule("a"), rule("b")), ruleset(rule("a", 7, condition=clause("z")), total={"max": 4}))
    assert found.as_dict() == {
        "equal": False,
        "rules": [
            {
                "rule": "a",
                "was": "a",
                "verb": "changed",
                "points": 7,
                "differences": [
                    {"subject": "points", "before": "+5", "after": "+7", "lines": []},
                    {"subject": "condition", "before": "", "after": "", "lines": ["- a is 1", "+ z is 1"]},
                ],
                "outline": [],
            },
            {"rule": "b", "was": "b", "verb": "removed", "points": 5, "differences": [], "outline": ["b is 1"]},
        ],
        "parts": [{"subject": "total", "before": "none", "after": "at most 4", "lines": []}],
    }
    assert found.summary == "rules: 1 removed, 1 changed; around them: 1 changed"
    assert found.of(Verb.ADDED) == ()
