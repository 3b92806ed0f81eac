from __future__ import annotations

from typing import Any

import pytest

from leadkit.leads.fields import FieldCatalogue
from leadkit.scoring import RuleReport, Ruleset, check

LARGE: dict[str, Any] = {"field": "properties.team_size", "op": ">=", "value": 10}
NEW: dict[str, Any] = {"field": "status", "op": "==", "value": "new"}
NEVER: dict[str, Any] = {"and": [NEW, {"field": "status", "op": "==", "value": "converted"}]}


def rule(name: str, points: float = 10, condition: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    own = {"field": f"properties.{name}", "op": "exists"}
    return {"name": name, "points": points, "condition": own if condition is None else condition, **parts}


def checked(*rules: dict[str, Any], catalogue: FieldCatalogue | None = None, **parts: Any) -> RuleReport:
    return check(Ruleset.model_validate({"rules": list(rules), **parts}), catalogue)


def warnings(*rules: dict[str, Any], **parts: Any) -> list[str]:
    report = checked(*rules, **parts)
    assert report.errors == ()
    assert report.ok
    return [str(warning) for warning in report.warnings]


def codes(*rules: dict[str, Any], **parts: Any) -> list[str]:
    return [warning.code for warning in checked(*rules, **parts).warnings]


def test_a_sound_ruleset_has_no_findings() -> None:
    report = checked(
        rule("a", 20, LARGE, group="fit"),
        rule("b", 15, NEW, group="fit"),
        rule("c", -10),
        catalogue=FieldCatalogue.for_leads(),
        caps={"fit": {"max": 30}},
        total={"min": 0, "max": 25},
        bands=[{"min": 0, "priority": "low"}, {"min": 20, "priority": "high"}],
    )
    assert (report.errors, report.warnings, report.ok, bool(report)) == ((), (), True, False)
    assert str(report) == "nothing found"


def test_fields_are_looked_up_in_the_catalogue() -> None:
    catalogue = FieldCatalogue.for_leads({"team_size": int})
    report = checked(
        rule("a", condition=NEW),
        rule("b", condition={"field": "properties.taem_size", "op": ">", "value": 3}),
        rule("c", condition={"and": [LARGE, {"field": "properties.team_size", "op": "==", "value": "ten"}]}),
        catalogue=catalogue,
    )
    assert not report.ok
    assert [(error.path, error.code) for error in report.errors] == [
        ("$.rules[1].condition.field", "unknown-field"),
        ("$.rules[2].condition.and[1].value", "wrong-kind"),
    ]
    assert "did you mean `properties.team_size`?" in str(report)


def test_the_conditions_of_rules_that_are_off_are_checked_too() -> None:
    report = checked(
        rule("a", condition={"field": "colour", "op": "exists"}, enabled=False), catalogue=FieldCatalogue.for_leads()
    )
    assert [error.path for error in report.errors] == ["$.rules[0].condition.field"]
    assert [warning.path for warning in report.warnings] == ["$.rules[0].enabled"]


def test_a_rule_that_never_matches_is_told() -> None:
    (warning,) = checked(rule("a", condition=NEVER)).warnings
    assert (warning.path.startswith("$.rules[0].condition"), warning.code) == (True, "never-matches")


def test_a_rule_that_is_off_or_brings_nothing_is_told() -> None:
    assert warnings(rule("a", 0), rule("b", enabled=False)) == [
        "$.rules[0].points: this rule brings no points",
        "$.rules[1].enabled: this rule is off and never counts",
    ]
    assert codes(rule("a", 0, enabled=False)) == ["rule-off", "no-points"]


def test_rules_of_the_same_condition_are_told() -> None:
    typed = {"all": [{**LARGE, "op": "gte"}, NEW]}
    assert warnings(
        rule("first"),
        rule("a", condition={"and": [NEW, LARGE]}),
        rule("b", condition=typed),
        rule("c", condition=LARGE),
        rule("d", 5, condition=typed, group="fit"),
    ) == [
        "$.rules[2].condition: the same condition as that of `a`, $.rules[1]",
        "$.rules[4].condition: the same condition as that of `a`, $.rules[1]",
    ]
    assert codes(rule("a", condition=LARGE), rule("b", condition=LARGE)) == ["duplicate-rule"]


def test_a_rule_that_is_off_is_no_duplicate() -> None:
    assert codes(rule("a", condition=LARGE), rule("b", condition=LARGE, enabled=False)) == ["rule-off"]
    found = warnings(
        rule("off", condition=LARGE, enabled=False), rule("a", condition=LARGE), rule("b", condition=LARGE)
    )
    assert found[1:] == ["$.rules[2].condition: the same condition as that of `a`, $.rules[1]"]


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({"max": 30}, []),
        ({"max": 34.99}, []),
        ({"max": 35}, ["$.caps.fit.max: never bites: the rules of this group come to 35 at most"]),
        ({"max": 36}, ["$.caps.fit.max: never bites: the rules of this group come to 35 at most"]),
        ({"min": -12.49}, []),
        ({"min": -12.5}, ["$.caps.fit.min: never bites: the rules of this group come to -12.5 at least"]),
        ({"min": -100, "max": 1000}, [
            "$.caps.fit.max: never bites: the rules of this group come to 35 at most",
            "$.caps.fit.min: never bites: the rules of this group come to -12.5 at least",
        ]),
        ({"min": 1}, []),
        ({"max": -1}, []),
    ],
)  # fmt: skip
def test_a_limit_of_a_group_that_never_bites_is_told(limits: dict[str, float], found: list[str]) -> None:
    rules = [
        rule("a", 20, group="fit"),
        rule("b", 15, group="fit"),
        rule("c", -12.5, group="fit"),
        rule("d", 1000),
        rule("e", -1000, group="other"),
    ]
    assert warnings(*rules, caps={"fit": limits}) == found
    assert set(codes(*rules, caps={"fit": limits})) <= {"idle-limit"}


def test_the_smallest_points_there_are_count_for_a_limit() -> None:
    assert codes(rule("a", 0.01, group="fit"), caps={"fit": {"min": 0.01}}) == []
    assert codes(rule("a", 0.01, group="fit"), caps={"fit": {"max": 0}}) == []
    assert codes(rule("a", 0.01, group="fit"), caps={"fit": {"max": 0.01}}) == ["idle-limit"]
    assert codes(rule("a", -0.01, group="fit"), caps={"fit": {"min": 0}}) == []


def test_every_limit_is_looked_at() -> None:
    rules = [rule("off", group="old", enabled=False), rule("a", 5, group="fit"), rule("b", 5, group="reach")]
    found = warnings(*rules, caps={"old": {"max": 1}, "fit": {"max": 5}, "reach": {"max": 4}})
    assert [each.split(":")[0] for each in found] == ["$.rules[0].enabled", "$.caps.old", "$.caps.fit.max"]


def test_the_limit_of_a_group_that_is_off_never_bites() -> None:
    assert warnings(rule("a", group="my fit", enabled=False), caps={"my fit": {"min": 5}})[1:] == [
        '$.caps["my fit"]: never bites: no rule of this group is on'
    ]
    assert codes(rule("a", group="fit", enabled=False), caps={"fit": {"min": 5}}) == ["rule-off", "idle-limit"]


def test_the_floor_of_a_group_that_never_matches_bites() -> None:
    assert codes(rule("a", 20, NEVER, group="fit"), caps={"fit": {"min": 5}}) == ["never-matches"]
    assert codes(rule("a", 20, NEVER, group="fit"), caps={"fit": {"max": 5}}) == ["never-matches", "idle-limit"]


@pytest.mark.parametrize(
    ("total", "found"),
    [
        ({"max": 1029.99}, []),
        ({"max": 1030}, ["$.total.max: never bites: the rules come to 1,030 at most"]),
        ({"min": -9.99}, []),
        ({"min": -10}, ["$.total.min: never bites: the rules come to -10 at least"]),
    ],
)
def test_a_limit_of_the_whole_that_never_bites_is_told(total: dict[str, float], found: list[str]) -> None:
    rules = [rule("a", 25, group="fit"), rule("b", 25, group="fit"), rule("c", 1000), rule("d", -10)]
    assert warnings(*rules, rule("never", 5000, NEVER), caps={"fit": {"max": 30}}, total=total)[1:] == found


def bands(*floors: float) -> list[dict[str, Any]]:
    return [{"min": floor, "priority": "low"} for floor in floors]


@pytest.mark.parametrize(
    ("floors", "found"),
    [
        ([0, 100], []),
        ([0, 100.01], ["$.bands[1]: no score reaches this band: the highest is 100"]),
        ([0, 200, 300], [
            "$.bands[1]: no score reaches this band: the highest is 100",
            "$.bands[2]: no score reaches this band: the highest is 100",
        ]),
        ([-500, -200], ["$.bands[0]: no score falls into this band: the lowest is -20"]),
        ([-500, -20], ["$.bands[0]: no score falls into this band: the lowest is -20"]),
        ([-500, -19.99], []),
        ([-500], []),
        ([500], ["$.bands[0]: no score reaches this band: the highest is 100"]),
    ],
)  # fmt: skip
def test_a_band_that_no_score_reaches_is_told(floors: list[float], found: list[str]) -> None:
    rules = [rule("a", 100), rule("b", -20)]
    assert warnings(*rules, bands=bands(*floors)) == found
    assert set(codes(*rules, bands=bands(*floors))) <= {"unreachable-band"}


@pytest.mark.parametrize(
    ("parts", "reached", "beyond"),
    [
        ({"total": {"max": 80}}, 80, 80.01),
        ({"total": {"min": 120}}, 120, 120.01),
        ({"caps": {"fit": {"max": 40}}}, 90, 90.01),
        # A floor of a group counts although its rules bring less.
        ({"caps": {"fit": {"min": 70}}}, 120, 120.01),
        ({"caps": {"fit": {"max": -10}}}, 50, 50.01),
    ],
)
def test_limits_decide_what_the_highest_score_is(parts: dict[str, Any], reached: float, beyond: float) -> None:
    rules = [rule("a", 50, group="fit"), rule("b", 50)]
    assert "unreachable-band" not in codes(*rules, bands=bands(reached), **parts)
    assert "unreachable-band" in codes(*rules, bands=bands(beyond), **parts)


@pytest.mark.parametrize(
    ("parts", "reached"),
    [
        ({"total": {"min": -30}}, -30),
        ({"caps": {"risk": {"min": -10}}}, -60),
        ({"caps": {"risk": {"max": -70}}}, -120),
        ({"caps": {"risk": {"min": 10}}}, -50),
    ],
)
def test_limits_decide_what_the_lowest_score_is(parts: dict[str, Any], reached: float) -> None:
    rules = [rule("a", -50, group="risk"), rule("b", -50)]
    assert "unreachable-band" not in codes(*rules, bands=bands(-500, reached + 0.01), **parts)
    assert "unreachable-band" in codes(*rules, bands=bands(-500, reached), **parts)


def test_a_cap_below_every_score_leaves_one_score_alone() -> None:
    rules = [rule("a", -50), rule("b", -50)]
    found = warnings(*rules, total={"max": -120}, bands=bands(-500, -120, -119.99))
    assert found == [
        "$.bands[0]: no score falls into this band: the lowest is -120",
        "$.bands[2]: no score reaches this band: the highest is -120",
    ]


def test_rules_that_are_off_bring_no_score_anywhere() -> None:
    rules = [rule("a", 50), rule("b", 50, enabled=False)]
    assert codes(*rules, bands=bands(0, 51)) == ["rule-off", "unreachable-band"]


def test_a_report_reads_as_one_finding_a_line() -> None:
    report = checked(
        rule("a", condition={"field": "colour", "op": "exists"}), rule("b", 0), catalogue=FieldCatalogue.for_leads()
    )
    first, second = str(report).splitlines()
    assert first.startswith("error    $.rules[0].condition.field: unknown field `colour`")
    assert second == "warning  $.rules[1].points: this rule brings no points"
    plain = report.as_dict()
    assert plain["ok"] is False
    assert plain["warnings"] == [
        {
            "path": "$.rules[1].points",
            "severity": "warning",
            "code": "no-points",
            "message": "this rule brings no points",
        }
    ]
    assert [(fault["severity"], fault["code"]) for fault in plain["errors"]] == [("error", "unknown-field")]
    assert checked(rule("a")).as_dict() == {"ok": True, "errors": [], "warnings": []}
