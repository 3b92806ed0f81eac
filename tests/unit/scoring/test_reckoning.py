from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from leadkit.conditions import RelatedKind, Vocabulary
from leadkit.errors import InvalidInput, NotFound
from leadkit.leads import Lead, Priority
from leadkit.scoring import Ruleset, Scorecard, needs, score
from leadkit.scoring.reckoning import interpreted

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
YES: dict[str, Any] = {"and": []}
NO: dict[str, Any] = {"or": []}


def rule(name: str, points: float = 10, condition: dict[str, Any] = YES, **parts: Any) -> dict[str, Any]:
    return {"name": name, "points": points, "condition": condition, **parts}


def ruleset(*rules: dict[str, Any], **parts: Any) -> Ruleset:
    return Ruleset.model_validate({"rules": list(rules), **parts})


def scored(ruled: Ruleset, lead: Any = None, **options: Any) -> Scorecard:
    return score({} if lead is None else lead, ruled, **{"as_of": NOW, **options})


def lines(card: Scorecard) -> list[tuple[str, float]]:
    return [(line.rule, line.points) for line in card.breakdown]


def visits(*days: float | None) -> dict[str, Any]:
    """Activities so many days old; None for one without a time."""
    return {"activities": [{"at": None if age is None else NOW - timedelta(days=age)} for age in days]}


# --- the sum ----------------------------------------------------------------------------------------------------------


def test_the_score_is_the_sum_of_the_rules_that_match_in_their_order() -> None:
    rules = ruleset(rule("c", 20), rule("no", 7, NO), rule("a", 12.5), rule("b", -4.25))
    card = scored(rules)
    assert lines(card) == [("c", 20), ("a", 12.5), ("b", -4.25)]
    assert card.score == 28.25


def test_a_line_that_is_always_the_same_is_made_once() -> None:
    rules = ruleset(rule("a", 20))
    assert scored(rules).breakdown[0] is scored(rules).breakdown[0]
    assert interpreted(rules, rules.rules, {}, {}, NOW).breakdown[0] is rules.lines["a"]


def test_points_add_up_without_the_errors_of_floats() -> None:
    card = scored(ruleset(*(rule(f"r{number}", 0.1) for number in range(3))))
    assert card.score == 0.3
    assert scored(ruleset(rule("a", 0.7), rule("b", 0.1), rule("c", 0.2))).score == 1


def test_a_negative_rule_reduces_and_never_blocks() -> None:
    card = scored(ruleset(rule("bad", -30), rule("good", 20)))
    assert (card.score, lines(card)) == (-10, [("bad", -30), ("good", 20)])


def test_nothing_matched_is_a_score_of_zero() -> None:
    assert (scored(ruleset(rule("no", 7, NO))).score, scored(ruleset()).score) == (0, 0)
    assert scored(ruleset(rule("no", 7, NO))).breakdown == ()


def test_a_rule_that_is_off_does_not_count() -> None:
    assert lines(scored(ruleset(rule("on"), rule("off", enabled=False)))) == [("on", 10)]


def test_a_rule_of_no_points_is_a_line_all_the_same() -> None:
    assert lines(scored(ruleset(rule("mark", 0)))) == [("mark", 0)]


def test_a_scorecard_says_by_which_rules_and_for_when() -> None:
    rules = ruleset(rule("a"))
    card = scored(rules, as_of=NOW.astimezone(timezone(timedelta(hours=2))))
    assert (card.fingerprint, card.at, card.priority) == (rules.fingerprint, NOW, None)
    assert card.at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        scored(ruleset(), as_of=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("spelling", ["firstName", "first_name"])
def test_a_lead_is_scored_as_a_model_and_as_plain_values_alike(spelling: str) -> None:
    rules = ruleset(
        rule("named", 5, {"field": spelling, "op": "==", "value": "Alice"}),
        rule("large", 20, {"field": "properties.team_size", "op": ">=", "value": 10}),
        rule("fresh", 2, {"field": "created_at", "op": "within", "value": "1d"}),
    )
    lead = Lead(
        id="lead-1",
        email="alice@example.com",
        first_name="Alice",
        properties={"team_size": 12},
        created_at=NOW,
        updated_at=NOW,
    )
    card = scored(rules, lead)
    assert lines(card) == [("named", 5), ("large", 20), ("fresh", 2)]
    assert scored(rules, lead.model_dump()) == card
    assert scored(rules, {"first_name": "Alice", "properties": {"team_size": 12}, "created_at": NOW}) == card


def test_neither_lead_nor_records_are_changed() -> None:
    lead, related = {"tags": ["a"]}, visits(1, 2)
    before = copy.deepcopy((lead, related))
    scored(ruleset(rule("seen", condition={"related": "activities"}, decay={"halfLife": "1d"})), lead, related=related)
    assert (lead, related) == before


# --- limits -----------------------------------------------------------------------------------------------------------


def test_where_a_cap_bites_it_is_a_line_of_its_own() -> None:
    rules = ruleset(rule("a", 20, group="fit"), rule("b", 15, group="fit"), rule("c", 7), caps={"fit": {"max": 30}})
    card = scored(rules)
    assert lines(card) == [("a", 20), ("b", 15), ("c", 7), ("cap: fit", -5)]
    assert card.score == 37


def test_where_a_floor_bites_it_is_a_line_of_its_own() -> None:
    rules = ruleset(rule("a", -20, group="risk"), rule("c", 7), caps={"risk": {"min": -12.5}})
    card = scored(rules)
    assert lines(card) == [("a", -20), ("c", 7), ("floor: risk", 7.5)]
    assert card.score == -5.5


def test_a_limit_that_does_not_bite_is_no_line() -> None:
    rules = ruleset(rule("a", 30, group="fit"), caps={"fit": {"min": 30, "max": 30}}, total={"min": 30, "max": 30})
    assert lines(scored(rules)) == [("a", 30)]


def test_groups_have_their_lines_in_the_order_of_their_rules() -> None:
    parts = [rule("a", 5, group="z"), rule("b", 5, group="a"), rule("c", 5, group="z")]
    caps = {"a": {"max": 1}, "z": {"max": 2}}
    card = scored(ruleset(*parts, caps=caps))
    assert lines(card)[3:] == [("cap: z", -8), ("cap: a", -4)]
    other = scored(ruleset(*parts, caps=dict(reversed(caps.items()))))
    assert other == card


def test_the_whole_is_limited_after_the_groups() -> None:
    rules = ruleset(rule("a", 60, group="fit"), rule("b", 50), caps={"fit": {"max": 40}}, total={"min": 0, "max": 75.5})
    card = scored(rules)
    assert lines(card) == [("a", 60), ("b", 50), ("cap: fit", -20), ("cap: total", -14.5)]
    assert card.score == 75.5


def test_the_whole_has_a_floor() -> None:
    card = scored(ruleset(rule("a", -60), total={"min": 0, "max": 100}))
    assert (card.score, lines(card)) == (0, [("a", -60), ("floor: total", 60)])
    assert lines(scored(ruleset(total={"min": 5}))) == [("floor: total", 5)]


def test_a_group_without_a_match_comes_to_nothing_and_is_limited_too() -> None:
    parts = {"caps": {"fit": {"min": 5}}}
    assert lines(scored(ruleset(rule("a", 20, NO, group="fit"), **parts))) == [("floor: fit", 5)]
    assert lines(scored(ruleset(rule("a", 20, group="fit", enabled=False), **parts))) == []


def test_a_group_without_a_cap_adds_up_freely() -> None:
    rules = ruleset(rule("a", 20, group="fit"), rule("b", 20, group="reach"), caps={"reach": {"max": 5}})
    assert lines(scored(rules)) == [("a", 20), ("b", 20), ("cap: reach", -15)]


def test_the_largest_points_there_are_still_make_a_score() -> None:
    rules = ruleset(
        rule("a", 250_000, group="fit"), caps={"fit": {"max": -250_000}}, total={"min": 100_000, "max": 200_000}
    )
    assert lines(scored(rules)) == [("a", 250_000), ("cap: fit", -500_000), ("floor: total", 350_000)]


# --- bands ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "priority"),
    [
        (-0.01, None),
        (0, Priority.LOW),
        (39.99, Priority.LOW),
        (40, Priority.MEDIUM),
        (80.49, Priority.MEDIUM),
        (80.5, Priority.HIGH),
        (500, Priority.HIGH),
    ],
)
def test_the_highest_band_that_the_score_reaches_decides(points: float, priority: Priority | None) -> None:
    bands = [{"min": 0, "priority": "low"}, {"min": 40, "priority": "medium"}, {"min": 80.5, "priority": "high"}]
    assert scored(ruleset(rule("a", points), bands=bands)).priority is priority


def test_the_band_is_that_of_the_limited_score() -> None:
    bands = [{"min": 10, "priority": "low"}, {"min": 40, "priority": "high"}]
    assert scored(ruleset(rule("a", 50), total={"max": 39.99}, bands=bands)).priority is Priority.LOW


# --- named rules ------------------------------------------------------------------------------------------------------

NAMED = ruleset(
    rule("a", 20, group="fit"),
    rule("b", 30, group="fit"),
    rule("c", 40, group="reach"),
    rule("off", 50, enabled=False),
    caps={"fit": {"max": 25}, "reach": {"min": 45}},
    total={"max": 60},
)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["b", "a"], [("a", 20), ("b", 30), ("cap: fit", -25)]),
        (["b"], [("b", 30), ("cap: fit", -5)]),
        (("a", "a"), [("a", 20)]),
        (iter(["a", "c"]), [("a", 20), ("c", 40), ("floor: reach", 5), ("cap: total", -5)]),
        (["off"], []),
        ([], []),
    ],
)
def test_naming_rules_restricts_the_ruleset_to_them(names: Any, expected: list[tuple[str, float]]) -> None:
    card = scored(NAMED, rules=names)
    assert lines(card) == expected
    assert card.fingerprint == NAMED.fingerprint


def test_a_rule_that_does_not_exist_cannot_be_named() -> None:
    with pytest.raises(NotFound) as caught:
        scored(NAMED, rules=["a", "of"])
    assert (caught.value.kind, caught.value.id, caught.value.known) == ("rule", "of", ("a", "b", "c", "off"))
    assert str(caught.value) == "there is no rule with id 'of'; did you mean `off`?"


def test_a_text_is_no_list_of_names() -> None:
    with pytest.raises(InvalidInput) as caught:
        scored(NAMED, rules="a")
    assert str(caught.value) == "$.rules: expected a list of the names of rules"
    assert caught.value.faults[0].code == "wrong-type"


# --- related records and decay ----------------------------------------------------------------------------------------


def fading(condition: dict[str, Any] | None = None, points: float = 20, half_life: str = "30d") -> Ruleset:
    asked = {"related": "activities"} if condition is None else condition
    return ruleset(rule("seen", points, asked, decay={"halfLife": half_life}))


def test_rules_look_at_related_records() -> None:
    rules = ruleset(rule("seen", condition={"related": "activities", "within": "7d", "op": ">=", "value": 2}))
    assert scored(rules).score == 0
    assert scored(rules, related={}).score == 0
    assert scored(rules, related=visits(1, 8)).score == 0
    assert scored(rules, related=visits(1, 7)).score == 10


@pytest.mark.parametrize(
    ("days", "points"),
    [((0,), 20), ((30,), 10), ((60,), 5), ((30, 90), 10), ((90, 30, 60), 10), ((-5,), 20), ((15,), 14.14)],
)
def test_points_fade_from_the_latest_record(days: tuple[float, ...], points: float) -> None:
    assert lines(scored(fading(), related=visits(*days))) == [("seen", points)]


def test_points_that_have_faded_away_are_still_a_line() -> None:
    assert lines(scored(fading(), related=visits(1000))) == [("seen", 0)]


def test_only_the_records_that_count_keep_points_fresh() -> None:
    call, open_ = {"type": "call", "at": NOW - timedelta(days=30)}, {"type": "open", "at": NOW}
    where = {"related": "activities", "where": {"field": "type", "op": "==", "value": "call"}}
    assert lines(scored(fading(where), related={"activities": [open_, call]})) == [("seen", 10)]
    assert lines(scored(fading(), related={"activities": [open_, call]})) == [("seen", 20)]


def test_the_window_of_a_rule_holds_for_its_decay() -> None:
    within = {"related": "activities", "within": "40d"}
    # What lies ahead is not within the last forty days.
    assert lines(scored(fading(within), related=visits(-3, 30))) == [("seen", 10)]
    assert lines(scored(fading(within), related=visits(41))) == []


def test_records_without_a_time_do_not_fade() -> None:
    assert lines(scored(fading(), related=visits(None))) == [("seen", 20)]
    assert lines(scored(fading(), related=visits(None, 30))) == [("seen", 10)]


def test_a_rule_for_no_records_does_not_fade() -> None:
    none = {"related": "activities", "op": "==", "value": 0}
    assert lines(scored(fading(none, -20), related=visits())) == [("seen", -20)]


def test_times_may_be_text() -> None:
    related = {"activities": [{"at": "2026-10-25T12:00:00Z"}, {"at": "last week"}]}
    assert lines(scored(fading(), related=related)) == [("seen", 10)]


def test_any_aggregate_fades_with_the_latest_record() -> None:
    amounts = {"related": "opportunities", "aggregate": "sum", "of": "amount", "op": ">", "value": 100}
    related = {
        "opportunities": [
            {"amount": 90, "created_at": NOW - timedelta(days=30)},
            {"amount": 20, "created_at": NOW - timedelta(days=60)},
        ]
    }
    assert lines(scored(fading(amounts), related=related)) == [("seen", 10)]


def test_the_kinds_of_a_host_fade_by_their_own_time() -> None:
    vocabulary = Vocabulary().with_related(RelatedKind(name="invoices", time="paid_at"))
    data = {"rules": [rule("paid", 20, {"related": "invoices"}, decay={"halfLife": "30d"})]}
    rules = Ruleset.model_validate(data, context={"vocabulary": vocabulary})
    related = {"invoices": [{"paid_at": NOW - timedelta(days=30), "at": NOW}]}
    assert lines(scored(rules, related=related)) == [("paid", 10)]


def test_limits_see_what_is_left_of_points() -> None:
    rules = ruleset(
        rule("seen", 20, {"related": "activities"}, group="interest", decay={"halfLife": "30d"}),
        caps={"interest": {"max": 8}},
    )
    assert lines(scored(rules, related=visits(30))) == [("seen", 10), ("cap: interest", -2)]


def test_what_a_ruleset_needs_is_what_its_rules_look_at() -> None:
    rules = ruleset(
        rule("a", condition={"and": [{"related": "activities"}, {"not": {"related": "company"}}]}),
        rule("b", condition={"related": "activities", "within": "7d"}),
        rule("c", condition={"related": "tasks"}),
        rule("off", condition={"related": "campaign"}, enabled=False),
        rule("plain"),
    )
    assert needs(rules) == {"activities", "company", "tasks"}
    assert needs(rules, rules=["b", "plain", "off"]) == {"activities"}
    assert needs(rules, rules=["plain"]) == frozenset()
    assert needs(rules, disabled=True) == needs(rules, rules=["b"], disabled=True) == {*needs(rules), "campaign"}
    with pytest.raises(NotFound):
        needs(rules, rules=["d"])
