from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from leadkit.conditions import RelatedKind, Vocabulary
from leadkit.errors import RuleErrors
from leadkit.leads import Priority, ScoreLine
from leadkit.scoring import Band, Limits, Ruleset, ScoringRule
from leadkit.values import fingerprint

TEAM: dict[str, Any] = {"field": "properties.team_size", "op": ">=", "value": 10}
NEW: dict[str, Any] = {"field": "status", "op": "==", "value": "new"}


def rule(name: str = "team", **changes: Any) -> dict[str, Any]:
    return {"name": name, "points": 20, "condition": TEAM, **changes}


def ruleset(*rules: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"rules": list(rules), **parts}


FULL = ruleset(
    rule("team", group="fit", description="Large teams pay."),
    rule("visits", points=-2.5, condition={"related": "activities"}, group="interest", decay={"halfLife": "2w"}),
    rule("off", enabled=False),
    name="Inbound",
    caps={"fit": {"max": 30}, "interest": {"min": -10, "max": 40}},
    total={"min": 0, "max": 100},
    bands=[{"min": 0, "priority": "low"}, {"min": 40, "priority": "medium"}, {"min": 80.5, "priority": "high"}],
)


def faults(data: object, **options: Any) -> list[str]:
    with pytest.raises(RuleErrors) as caught:
        Ruleset.model_validate(data, **options)
    return [str(fault) for fault in caught.value.faults]


def codes(data: object) -> list[str]:
    with pytest.raises(RuleErrors) as caught:
        Ruleset.model_validate(data)
    return [fault.code for fault in caught.value.faults]


def json_faults(text: str | bytes, **options: Any) -> list[str]:
    with pytest.raises(RuleErrors) as caught:
        Ruleset.model_validate_json(text, **options)
    return [str(fault) for fault in caught.value.faults]


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_ruleset_is_rules_limits_and_bands() -> None:
    read = Ruleset.model_validate(FULL)
    assert [each.name for each in read.rules] == ["team", "visits", "off"]
    assert read.name == "Inbound"
    assert read.caps == {"fit": Limits(max=30), "interest": Limits(min=-10, max=40)}
    assert read.total == Limits(min=0, max=100)
    assert read.bands[2] == Band(min=80.5, priority=Priority.HIGH)
    assert read.limits == (Limits(max=30), Limits(min=-10, max=40), Limits(min=0, max=100))


def test_a_ruleset_may_be_nothing_but_rules() -> None:
    read = Ruleset(rules=[ScoringRule.model_validate(rule())])  # type: ignore[arg-type] # pydantic takes any sequence
    assert (read.name, read.caps, read.total, read.bands, read.limits) == (None, {}, None, (), ())
    assert Ruleset(rules=()).rules == ()
    assert Ruleset.model_validate(read) is read


@pytest.mark.parametrize("rules", [[rule("a"), rule("b")], (rule("a"), rule("b")), iter([rule("a"), rule("b")])])
def test_the_rules_may_come_as_any_sequence(rules: Any) -> None:
    assert [each.name for each in Ruleset(rules=rules).rules] == ["a", "b"]


def test_every_fault_of_every_part_is_told_at_once() -> None:
    data = ruleset(
        rule("team", condition={"and": [NEW, {**TEAM, "op": "=>"}]}, grup="fit"),
        rule("team", points="many"),
        "team",
        rule("cap: fit"),
        caps={"fit": {"max": 1}, "b": {"min": 3, "max": 2}},
        total={},
        bands=[{"min": 3, "priority": "urgent"}],
        band=[],
    )
    assert faults(data) == [
        "$.rules[0].condition.and[1].op: unknown operator `=>`; did you mean `>=`?",
        "$.rules[0].grup: unknown key; did you mean `group`?",
        "$.rules[1].points: points are a number",
        "$.rules[2]: a rule is an object with a `name`, `points` and a `condition`, not text",
        "$.rules[3].name: a rule cannot be called `cap: …` or `floor: …`: these are the lines of the limits",
        "$.rules[1].name: each name stands once; $.rules[0] has this one already",
        "$.caps.fit: no rule is in this group",
        "$.caps.b: no rule is in this group",
        "$.caps.b: min 3 lies above max 2",
        "$.total: expected `min`, `max` or both",
        "$.bands[0].priority: input should be 'low', 'medium' or 'high'",
        "$.band: unknown key; did you mean `bands`?",
    ]


def test_the_constructor_tells_every_fault_too() -> None:
    with pytest.raises(RuleErrors) as caught:
        Ruleset(rules=[rule(points=True), rule(condition={})])  # type: ignore[list-item] # pydantic reads plain values
    assert [fault.path for fault in caught.value.faults] == [
        "$.rules[0].points",
        "$.rules[1].condition",
        "$.rules[1].name",
    ]


@pytest.mark.parametrize(("data", "kind"), [([], "a list"), ("rules", "text"), (None, "null"), (7, "a number")])
def test_what_is_no_ruleset_is_refused_as_one(data: object, kind: str) -> None:
    assert faults(data) == [f"$: a ruleset is an object with a list of `rules`, not {kind}"]
    assert codes(data) == ["wrong-type"]


@pytest.mark.parametrize("rules", ["team", b"team", {"team": rule()}, 7, None])
def test_what_is_no_list_of_rules_is_refused(rules: object) -> None:
    assert faults({"rules": rules}) == ["$.rules: input should be a valid tuple"]


def test_a_ruleset_without_rules_names_what_is_missing() -> None:
    assert faults({}) == ["$.rules: required, but missing"]


def test_each_rule_has_a_name_of_its_own() -> None:
    assert faults(ruleset(rule("a"), rule("b"), rule("a"), rule("b"), rule("a"))) == [
        "$.rules[2].name: each name stands once; $.rules[0] has this one already",
        "$.rules[3].name: each name stands once; $.rules[1] has this one already",
        "$.rules[4].name: each name stands once; $.rules[0] has this one already",
    ]
    made = ScoringRule.model_validate(rule("a"))
    assert codes({"rules": [made, made]}) == ["repeated-name"]


@pytest.mark.parametrize(
    ("group", "hint"),
    [
        ("ft", "; did you mean `fit`?"),
        ("zzz", "; possible are `fit`, `interest`"),
        ("total", "; the limits of the whole score stand under `total` beside `caps`"),
    ],
)
def test_a_cap_needs_a_rule_in_its_group(group: str, hint: str) -> None:
    rules = [rule("a", group="fit"), ScoringRule.model_validate(rule("b", group="interest")), rule("c", group=3)]
    (_, fault) = faults({"rules": rules, "caps": {group: {"max": 1}}})
    assert fault == f"$.caps.{group}: no rule is in this group{hint}"


def test_the_group_of_a_rule_that_is_off_or_faulty_can_have_a_cap() -> None:
    assert Ruleset.model_validate(ruleset(rule(group="fit", enabled=False), caps={"fit": {"max": 1}}))
    assert faults(ruleset(rule(group="fit", points=True), caps={"fit": {"max": 1}})) == [
        "$.rules[0].points: points are a number"
    ]


def test_the_place_of_a_cap_is_written_as_a_path() -> None:
    assert faults(ruleset(rule(), caps={"my group": {"max": 1}})) == ['$.caps["my group"]: no rule is in this group']
    assert codes(ruleset(rule(), caps={"x": {"max": 1}})) == ["unknown-group"]


@pytest.mark.parametrize("caps", [[], "fit", None, 7])
def test_caps_that_are_no_object_are_refused(caps: object) -> None:
    assert faults(ruleset(rule(), caps=caps)) == ["$.caps: input should be a valid dictionary"]


def test_a_group_is_named_by_text() -> None:
    assert faults(ruleset(rule(group="fit"), caps={7: {"max": 1}})) == [
        "$.caps[7].[key]: input should be a valid string"
    ]


@pytest.mark.parametrize(
    ("floors", "message"),
    [
        ([0, 40, 30], "bands stand in ascending order, each floor once, but 30 follows 40"),
        ([40, 40], "bands stand in ascending order, each floor once, but 40 follows 40"),
        ([80.5, 0], "bands stand in ascending order, each floor once, but 0 follows 80.5"),
    ],
)
def test_bands_stand_in_ascending_order(floors: list[float], message: str) -> None:
    bands = [{"min": floor, "priority": "low"} for floor in floors]
    assert faults(ruleset(rule(), bands=bands)) == [f"$.bands: {message}"]


def test_a_hundred_bands_are_enough() -> None:
    bands = [{"min": floor, "priority": "low"} for floor in range(101)]
    assert len(Ruleset.model_validate(ruleset(bands=bands[:100])).bands) == 100
    assert codes(ruleset(bands=bands)) == ["too-long"]


def test_a_thousand_rules_are_enough() -> None:
    rules = [rule(f"rule {number}", points=1, group="many") for number in range(1_001)]
    assert len(Ruleset.model_validate(ruleset(*rules[:1_000])).rules) == 1_000
    assert faults(ruleset(*rules, caps={"few": {"max": 1}})) == ["$.rules: a ruleset has at most 1,000 rules"]
    assert codes({"rules": iter(lambda: rule("endless"), None)}) == ["too-many"]


def test_after_a_hundred_faults_no_more_are_looked_for() -> None:
    assert len(faults(ruleset(*(rule(f"r{number}", points=True) for number in range(99)), rule("r0")))) == 100
    found = faults(ruleset(*(rule(f"r{number // 2}", points=True) for number in range(300)), caps={"fit": {"max": 1}}))
    assert found == [f"$.rules[{number}].points: points are a number" for number in range(100)]
    halves = [rule(f"r{number}", points=number >= 60 or 1) for number in range(110)]
    repeated = [rule(f"r{number}", points=1) for number in range(60)]
    found = faults(ruleset(*halves, *repeated))
    assert len(found) == 100
    assert found[49:51] == [
        "$.rules[109].points: points are a number",
        "$.rules[110].name: each name stands once; $.rules[0] has this one already",
    ]
    last = ruleset(*(rule(f"r{number}", points=number == 100 or 1, grup=1) for number in range(51)))
    assert len(faults(last)) == 51


def test_faults_of_one_rule_are_told_by_their_first_hundred_and_their_number() -> None:
    found = faults(ruleset(rule("a", **{f"key {number}": 1 for number in range(150)}), rule("b", points=True)))
    assert len(found) == 101
    assert found[-1] == "$.rules[0]: and 50 more faults"


def test_many_groups_are_not_compared_with_each_other() -> None:
    rules = [rule(f"r{number}", group=f"group {number}") for number in range(51)]
    assert "did you mean `group 1`?" in faults(ruleset(*rules[:50], caps={"grup 1": {"max": 1}}))[0]
    assert faults(ruleset(*rules, caps={"grup 1": {"max": 1}})) == ['$.caps["grup 1"]: no rule is in this group']
    assert "stand under `total`" in faults(ruleset(*rules, caps={"total": {"max": 1}}))[0]


def test_points_and_limits_stay_within_what_a_score_can_be() -> None:
    most = [rule("a", points=-400_000), rule("b", points=300_000, group="fit")]
    parts = {"caps": {"fit": {"min": -100_000, "max": 100_000}}, "total": {"max": 100_000}}
    assert Ruleset.model_validate(ruleset(*most, **parts))
    beyond = ruleset(*most, rule("c", points=0.01), **parts)
    assert faults(beyond) == ["$: the points and limits together, without their signs, may come to 1,000,000 at most"]
    assert codes(beyond) == ["too-many-points"]


def test_an_excess_of_points_is_told_beside_the_other_faults() -> None:
    assert faults(ruleset(rule("a", points=600_000), rule("b", points=600_000), rule("a"))) == [
        "$.rules[2].name: each name stands once; $.rules[0] has this one already",
        "$: the points and limits together, without their signs, may come to 1,000,000 at most",
    ]


def test_a_host_may_bring_kinds_of_its_own() -> None:
    context = {"vocabulary": Vocabulary().with_related(RelatedKind(name="invoices", time="paid_at"))}
    data = ruleset(rule(condition={"related": "invoices"}))
    read = Ruleset.model_validate(data, context=context)
    assert Ruleset.model_validate_json(json.dumps(data), context=context) == read
    assert faults(data)[0].startswith("$.rules[0].condition.related: unknown related kind `invoices`")
    assert json_faults(json.dumps(data))[0].startswith("$.rules[0].condition.related: unknown related kind `invoices`")


# --- JSON text --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encode", [str, str.encode, lambda text: bytearray(text.encode()), lambda text: "\ufeff" + text]
)
def test_a_ruleset_is_read_from_text_and_bytes(encode: Any) -> None:
    assert Ruleset.model_validate_json(encode(json.dumps(FULL))) == Ruleset.model_validate(FULL)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"rules": [', ["$: not JSON: Expecting value at line 1, column 12"]),
        ('{"rules": [], "rules": []}', ["$.rules: this key stands here more than once"]),
        (
            '{"rules": [{"name": "a", "points": 1, "points": 2, "condition": {"and": []}}]}',
            ["$.rules[0].points: this key stands here more than once"],
        ),
        ('{"rules": [], "total": {"max": NaN}}', ["$.total.max: a number is finite; JSON has no NaN and no infinity"]),
        (
            '{"rules": [], "total": {"max": 1e999}}',
            ["$.total.max: a number is finite; JSON has no NaN and no infinity"],
        ),
        ('{"rules": [], "name": "a\\u0000"}', ["$.name: text cannot hold a NUL character"]),
        ("[]", ["$: a ruleset is an object with a list of `rules`, not a list"]),
        (b'{"rules": "\xff"}', ["$: not UTF-8: byte 12 is wrong"]),
        ('{"rules": [{"condition": ' + '{"not": ' * 10_000, ["$: conditions may stand 32 deep inside each other"]),
        ("[" * 100_000, ["$: conditions may stand 32 deep inside each other"]),
        (" " * (256 * 1024 + 1), ["$: larger than 262,144 bytes"]),
    ],
)
def test_hostile_text_is_refused_with_its_place(text: str | bytes, found: list[str]) -> None:
    assert json_faults(text) == found


def nested(levels: int) -> dict[str, Any]:
    condition = TEAM
    for _ in range(levels - 1):
        condition = {"and": [condition]}
    return condition


def test_a_condition_in_text_may_be_as_deep_as_one_alone() -> None:
    deepest = ruleset(rule(condition={"and": [nested(31)]}))
    assert Ruleset.model_validate_json(json.dumps(deepest)) == Ruleset.model_validate(deepest)
    between = {"field": "a", "op": "between", "value": [{"datetime": "2026-01-01"}, {"now": "-1d"}]}
    operand = ruleset(rule(condition=json.loads(json.dumps(nested(32)).replace(json.dumps(TEAM), json.dumps(between)))))
    assert Ruleset.model_validate_json(json.dumps(operand)) == Ruleset.model_validate(operand)
    assert json_faults(json.dumps(ruleset(rule(condition=nested(33)))))[0].endswith(
        "conditions may stand 32 deep inside each other"
    )


def test_what_is_too_deep_in_its_place_is_told_with_its_place() -> None:
    # As deep as the deepest condition that a reader looks into, with the ruleset, its list and the rule around it.
    description: Any = "text"
    for _ in range(68):
        description = [description]
    assert json_faults(json.dumps(ruleset(rule(description=description)))) == [
        "$.rules[0].description: input should be a valid string"
    ]
    assert json_faults(json.dumps(ruleset(rule(description=[description])))) == [
        "$: conditions may stand 32 deep inside each other"
    ]


def test_the_limits_of_a_host_hold_for_text() -> None:
    text = json.dumps(ruleset(rule()))
    small = Vocabulary().limits
    assert json_faults(text, context={"vocabulary": Vocabulary(limits=type(small)(document_bytes=len(text) - 1))}) == [
        f"$: larger than {len(text) - 1} bytes"
    ]
    assert Ruleset.model_validate_json(
        text, context={"vocabulary": Vocabulary(limits=type(small)(document_bytes=len(text)))}
    )


# --- writing and comparing --------------------------------------------------------------------------------------------


def test_what_is_written_is_read_back_equal() -> None:
    read = Ruleset.model_validate(FULL)
    # What is worked out of a ruleset and kept is no part of it.
    assert read.fingerprint
    assert read.lines
    assert Ruleset.model_validate(read.model_dump()) == read
    assert Ruleset.model_validate_json(read.model_dump_json()) == read
    assert Ruleset.model_validate(read.model_dump()).model_dump() == read.model_dump()
    assert read.model_dump()["rules"][1]["decay"] == {"halfLife": "2w"}
    assert read.model_dump()["bands"][2] == {"min": 80.5, "priority": "high"}


def test_a_ruleset_is_copied_and_pickled() -> None:
    read = Ruleset.model_validate(FULL)
    assert read.fingerprint
    assert pickle.loads(pickle.dumps(read)) == read == copy.deepcopy(read)  # noqa: S301 - our own bytes


def test_a_changed_copy_is_read_anew() -> None:
    read = Ruleset.model_validate(FULL)
    before = read.fingerprint
    renamed = read.model_copy(update={"name": "Outbound"})
    assert (renamed.name, renamed.rules) == ("Outbound", read.rules)
    assert renamed.fingerprint != before == read.fingerprint
    assert read.model_copy() == read
    with pytest.raises(RuleErrors) as caught:
        read.model_copy(update={"rules": read.rules[:1]})
    assert str(caught.value) == "$.caps.interest: no rule is in this group; possible are `fit`"


def test_the_lines_of_a_breakdown_are_known_beforehand() -> None:
    read = Ruleset.model_validate(FULL)
    assert read.lines["visits"] == ScoreLine(rule="visits", points=-2.5)
    assert list(read.lines) == ["team", "visits", "off"]


SPELLINGS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (rule(condition={**TEAM, "op": "gte"}), rule()),
    (
        rule(condition={"field": "firstName", "op": "==", "value": "Al"}),
        rule(condition={"field": "first_name", "op": "eq", "value": "Al"}),
    ),
    (rule(condition={"all": [TEAM, NEW]}), rule(condition={"and": [NEW, TEAM]})),
    (rule(points=20.0), rule(points=20)),
    (rule(enabled=True, group=None, decay=None, description=None), rule()),
    (
        rule(condition={"related": "activities", "within": "14d"}, decay={"halfLife": "14d"}),
        rule(condition={"related": "activities", "within": "2w"}, decay={"half_life": "P14D"}),
    ),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_spelling_does_not_show_in_the_fingerprint(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert Ruleset.model_validate(ruleset(one)).fingerprint == Ruleset.model_validate(ruleset(other)).fingerprint


def test_the_order_of_caps_does_not_show_in_the_fingerprint() -> None:
    other = {**FULL, "caps": dict(reversed(FULL["caps"].items()))}
    assert Ruleset.model_validate(other).fingerprint == Ruleset.model_validate(FULL).fingerprint


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(name="Outbound"),
        lambda data: data["rules"].reverse(),
        lambda data: data["rules"][0].update(points=20.01),
        lambda data: data["rules"][0].update(name="teams"),
        lambda data: data["rules"][0].update(description=None),
        lambda data: data["rules"][0].update(condition=NEW),
        lambda data: data["rules"][0]["condition"].update(value=11),
        lambda data: data["rules"][1].update(decay={"halfLife": "3w"}),
        lambda data: data["rules"][1].update(decay=None),
        lambda data: data["rules"][2].update(enabled=True),
        lambda data: data["rules"][2].update(group="fit"),
        lambda data: data["caps"]["fit"].update(max=31),
        lambda data: data["total"].update(min=1),
        lambda data: data["bands"][0].update(priority="medium"),
    ],
)
def test_any_other_change_shows_in_the_fingerprint(change: Any) -> None:
    data = copy.deepcopy(FULL)
    change(data)
    assert Ruleset.model_validate(data).fingerprint != Ruleset.model_validate(FULL).fingerprint


def test_the_fingerprint_is_that_of_the_canonical_json() -> None:
    written = {
        "name": None,
        "rules": [
            {
                "name": "visits",
                "points": 5,
                "condition": {
                    "related": "activities",
                    "within": "P0MT1209600S",
                    "aggregate": "count",
                    "op": ">=",
                    "value": 1,
                },
                "group": None,
                "enabled": True,
                "description": None,
                "decay": "P0MT86400S",
            },
            {
                "name": "team",
                "points": 20,
                "condition": TEAM,
                "group": None,
                "enabled": True,
                "description": None,
                "decay": None,
            },
        ],
        "caps": {},
        "total": None,
        "bands": [{"min": 1, "priority": "low"}],
    }
    read = Ruleset.model_validate(
        ruleset(
            rule("visits", points=5, condition={"related": "activities", "within": "2w"}, decay={"halfLife": "24h"}),
            rule(),
            bands=[{"min": 1, "priority": "low"}],
        )
    )
    assert read.fingerprint == fingerprint(written)
    assert read.fingerprint is read.fingerprint


def test_the_schema_names_every_key_of_a_ruleset() -> None:
    schema = Ruleset.model_json_schema()
    assert list(schema["properties"]) == ["name", "rules", "caps", "total", "bands"]
    assert schema["required"] == ["rules"]
    assert schema["properties"]["rules"]["maxItems"] == 1_000
