"""The documents of rule editors: tests/cases/editors.jsonl, as these editors write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadkit.conditions import (
    CustomOperation,
    FieldCatalogue,
    Limits,
    Vocabulary,
    dump_condition,
    from_jquery_querybuilder,
    from_react_querybuilder,
    read_condition,
    to_jquery_querybuilder,
    to_react_querybuilder,
)
from leadkit.conditions.editors.dialects import JQUERY_QUERYBUILDER, REACT_QUERYBUILDER
from leadkit.conditions.operators import OPERATORS
from leadkit.errors import NotExpressible, RuleErrors

CASES = Path(__file__).parents[2] / "cases" / "editors.jsonl"
FACTS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
KNOWN = FieldCatalogue.of(
    {"age": int, "isMusician": bool, "born": datetime, "firstName": str, "instruments": list[str], "note": None}
)
READ: dict[str, Any] = {"react": from_react_querybuilder, "jquery": from_jquery_querybuilder}
WRITE: dict[str, Any] = {"react": to_react_querybuilder, "jquery": to_jquery_querybuilder}


@pytest.mark.parametrize("fact", FACTS, ids=[f"{fact['editor']}: {fact['says']}" for fact in FACTS])
def test_a_document_means_what_the_table_says(fact: dict[str, Any]) -> None:
    if '"op": "matches"' in json.dumps(fact):
        pytest.importorskip("re2", reason="google-re2 is an extra of leadkit")
    options = {"catalogue": KNOWN} if fact.get("known") else {}
    if "faults" in fact:
        with pytest.raises(RuleErrors) as refused:
            READ[fact["editor"]](fact["document"], **options)
        assert [[fault.path, fault.message, fault.code] for fault in refused.value.faults] == fact["faults"]
    else:
        condition = READ[fact["editor"]](fact["document"], **options)
        assert dump_condition(condition) == fact["condition"]
        again = READ[fact["editor"]](json.loads(json.dumps(fact["document"])), **options)
        assert again == condition


@pytest.mark.parametrize("dialect", [REACT_QUERYBUILDER, JQUERY_QUERYBUILDER], ids=lambda dialect: dialect.editor)
def test_every_word_of_an_editor_has_a_meaning_and_a_fact(dialect: Any) -> None:
    assert all(word.operator in OPERATORS for word in dialect.words)
    assert len(dialect.by_name) == len(dialect.words)
    editor = {"react-querybuilder": "react", "jQuery QueryBuilder": "jquery"}[dialect.editor]
    used = json.dumps([fact["document"] for fact in FACTS if fact["editor"] == editor])
    assert [word.name for word in dialect.words if f'"operator": "{word.name}"' not in used] == []


# --- writing ----------------------------------------------------------------------------------------------------------


def asked(op: str, *value: Any, field: str = "x") -> dict[str, Any]:
    return {"field": field, "op": op, **({"value": value[0]} if value else {})}


def react(operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"field": "x", "operator": operator, "value": value, **more}


def jquery(kind: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"id": "x", "field": "x", "type": kind, "input": "text", "operator": operator, "value": value}


WRITTEN = [
    (asked("==", "a"), react("=", "a"), jquery("string", "equal", "a")),
    (asked("!=", 5), react("!=", 5), jquery("integer", "not_equal", 5)),
    (asked("==", ""), react("=", ""), jquery("string", "is_empty")),
    (asked("!=", ""), react("!=", ""), jquery("string", "not_equal", "")),
    (asked("<", 0.5), react("<", 0.5), jquery("double", "less", 0.5)),
    (asked("in", [1, 0.5]), react("in", [1, 0.5]), jquery("double", "in", [1, 0.5])),
    (asked("not_in", []), react("notIn", []), jquery("string", "not_in", [])),
    (asked("between", [1, 2]), react("between", [1, 2]), jquery("integer", "between", [1, 2])),
    ({"not": asked("between", [1, 2])}, react("notBetween", [1, 2]), jquery("integer", "not_between", [1, 2])),
    ({"not": asked("==", "a")}, react("!=", "a"), jquery("string", "not_equal", "a")),
    ({"not": asked("starts_with", "a")}, react("doesNotBeginWith", "a"), jquery("string", "not_begins_with", "a")),
    ({"not": asked("ends_with", "a")}, react("doesNotEndWith", "a"), jquery("string", "not_ends_with", "a")),
    (asked("exists"), react("notNull"), jquery("string", "is_not_null")),
    ({"not": asked("exists")}, react("null"), jquery("string", "is_null")),
]


@pytest.mark.parametrize(("condition", "in_react", "in_jquery"), WRITTEN, ids=[str(row[0]) for row in WRITTEN])
def test_a_comparison_is_written_as_a_rule_in_a_group(condition: Any, in_react: Any, in_jquery: Any) -> None:
    native = read_condition(condition)
    assert to_react_querybuilder(native) == {"combinator": "and", "rules": [in_react]}
    assert to_jquery_querybuilder(native) == {"condition": "AND", "rules": [in_jquery], "valid": True}


def test_groups_stand_in_groups() -> None:
    native = read_condition({"or": [{"and": [asked("exists")]}, {"none": []}, asked("exists")]})
    assert to_react_querybuilder(native) == {
        "combinator": "or",
        "rules": [
            {"combinator": "and", "rules": [react("notNull")]},
            {"combinator": "or", "rules": [], "not": True},
            react("notNull"),
        ],
    }


def test_a_negated_group_is_negated_once() -> None:
    once = to_react_querybuilder(read_condition({"not": {"or": [asked("exists")]}}))
    assert once == {"combinator": "or", "rules": [react("notNull")], "not": True}
    twice = to_react_querybuilder(read_condition({"not": {"not": {"or": [asked("exists")]}}}))
    assert twice == {"combinator": "and", "rules": [once], "not": True}
    assert to_jquery_querybuilder(read_condition({"not": {"or": []}})) == {
        "condition": "OR",
        "rules": [],
        "valid": True,
        "not": True,
    }


def test_a_comparison_without_an_opposite_is_negated_in_a_group() -> None:
    native = read_condition({"not": asked("<", 5)})
    assert to_react_querybuilder(native) == {"combinator": "and", "rules": [react("<", 5)], "not": True}


def test_fields_and_items_are_written_for_react_querybuilder() -> None:
    assert to_react_querybuilder(read_condition(asked("<", {"field": "y"})))["rules"] == [
        react("<", "y", valueSource="field")
    ]
    assert to_react_querybuilder(read_condition(asked("between", [{"field": "a"}, {"field": "b"}])))["rules"] == [
        react("between", ["a", "b"], valueSource="field")
    ]
    items = to_react_querybuilder(read_condition({"field": "x", "any": asked("==", "a", field="@")}))
    inner = {"combinator": "and", "rules": [{"field": "", "operator": "=", "value": "a"}]}
    assert items["rules"] == [{"field": "x", "operator": "=", "match": {"mode": "some"}, "value": inner}]
    every = to_react_querybuilder(read_condition({"field": "x", "all": {"or": []}}))
    assert every["rules"][0]["match"] == {"mode": "all"}
    assert every["rules"][0]["value"] == {"combinator": "or", "rules": []}


def test_a_whole_condition_over_items_is_a_group_in_react_querybuilder() -> None:
    either = {"or": [asked("exists", field="a"), {"not": asked("<", 5, field="b")}]}
    written = to_react_querybuilder(read_condition({"and": [{"field": "x", "none": either}]}))
    assert written["rules"][0]["value"] == {
        "combinator": "or",
        "rules": [
            {"field": "a", "operator": "notNull", "value": None},
            {"combinator": "and", "rules": [{"field": "b", "operator": "<", "value": 5}], "not": True},
        ],
    }


def test_an_instant_is_written_for_jquery_querybuilder() -> None:
    native = read_condition(asked("==", {"datetime": "2026-11-20"}))
    assert to_jquery_querybuilder(native)["rules"] == [jquery("datetime", "equal", "2026-11-20T00:00:00Z")]
    several = read_condition(asked("in", [{"datetime": "2026-11-20"}]))
    assert to_jquery_querybuilder(several)["rules"] == [jquery("datetime", "in", ["2026-11-20T00:00:00Z"])]


NO_INSTANTS = "the rules of {} do not say that a text is an instant"
REFUSED = [
    (asked("within", "30d"), "$.op", "{} has no operator `within`", "{} has no operator `within`"),
    (asked("<", {"now": "-1d"}), *(["$.value"] + ["{} knows no time relative to now"] * 2)),
    (asked("between", [{"now": "-1d"}, {"now": "+1d"}]), *(["$.value"] + ["{} knows no time relative to now"] * 2)),
    ({**asked("==", "a"), "ignoreCase": True}, *(["$.ignoreCase"] + ["{} cannot disregard case"] * 2)),
    ({"related": "tasks"}, *(["$.related"] + ["{} knows no related records"] * 2)),
    ({"jsonlogic": True}, *(["$.jsonlogic"] + ["{} knows no JSON Logic"] * 2)),
    ({"not": asked("within", "1d")}, *(["$.not.op"] + ["{} has no operator `within`"] * 2)),
    ({"none": [asked("within", "1d")]}, *(["$.none[0].op"] + ["{} has no operator `within`"] * 2)),
    ({"not": {"all": [asked("within", "1d")]}}, *(["$.not.all[0].op"] + ["{} has no operator `within`"] * 2)),
    (asked("<", {"field": "y"}), "$.value", None, "{} compares with values, not with fields"),
    (
        asked("between", [1, {"field": "y"}]),
        "$.value",
        "{} compares with two values or with two fields",
        "{} compares with values, not with fields",
    ),
    (asked("==", {"datetime": "2026-11-20"}), "$.value", NO_INSTANTS, None),
    (
        asked("in", [{"datetime": "2026-11-20"}]),
        "$.value",
        NO_INSTANTS,
        None,
    ),
    (asked("in", {"field": "y"}), "$.value", "{} does not look into a field that holds a list", None),
    (asked("in", [1, "a"]), "$.value", None, "the values of a rule of {} are of one type"),
    ({"field": "x", "any": asked("exists")}, "$.any", None, "{} does not look into lists"),
    ({"field": "x", "any": asked("within", "1d")}, "$.any.op", "{} has no operator `within`", None),
]


@pytest.mark.parametrize(("condition", "path", "in_react", "in_jquery"), REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_what_an_editor_cannot_say_is_refused(condition: Any, path: str, in_react: Any, in_jquery: Any) -> None:
    native = read_condition(condition)
    for editor, write, reason in (
        ("react-querybuilder", to_react_querybuilder, in_react),
        ("jQuery QueryBuilder", to_jquery_querybuilder, in_jquery),
    ):
        if reason is None:
            continue
        with pytest.raises(NotExpressible) as refused:
            write(native)
        assert [(fault.path, fault.message, fault.code) for fault in refused.value.faults] == [
            (path, reason.format(editor), "not-expressible")
        ]
        assert refused.value.target == editor


def test_everything_that_an_editor_cannot_say_is_named() -> None:
    native = read_condition({"and": [asked("within", "1d"), {"or": [{"related": "tasks"}]}]})
    with pytest.raises(NotExpressible) as refused:
        to_jquery_querybuilder(native, at="$.condition")
    assert [fault.path for fault in refused.value.faults] == [
        "$.condition.and[0].op",
        "$.condition.and[1].or[0].related",
    ]


# --- limits -----------------------------------------------------------------------------------------------------------


def nested(depth: int, joiner: str) -> Any:
    document: Any = {joiner: "and", "rules": []}
    for _ in range(depth - 1):
        document = {joiner: "and", "rules": [document]}
    return document


@pytest.mark.parametrize(("editor", "joiner"), [("react", "combinator"), ("jquery", "condition")])
def test_groups_stand_only_so_deep_and_are_only_so_many(editor: str, joiner: str) -> None:
    deep = Vocabulary(limits=Limits(depth=3))
    assert READ[editor](nested(3, joiner), vocabulary=deep)
    with pytest.raises(RuleErrors) as refused:
        READ[editor](nested(4, joiner), vocabulary=deep, at="$.query")
    assert [(fault.path, fault.message, fault.code) for fault in refused.value.faults] == [
        ("$.query.rules[0].rules[0].rules[0]", "groups may stand 3 deep inside each other", "too-deep")
    ]
    with pytest.raises(RuleErrors, match="deep inside each other"):
        READ[editor](nested(10_000, joiner))
    few = Vocabulary(limits=Limits(nodes=3))
    rule = {"field": "x", "operator": {"react": "notNull", "jquery": "is_not_null"}[editor]}
    assert READ[editor]({joiner: "or", "rules": [rule] * 2}, vocabulary=few)
    with pytest.raises(RuleErrors) as many:
        READ[editor]({joiner: "or", "rules": [rule] * 5}, vocabulary=few)
    assert [(fault.path, fault.message, fault.code) for fault in many.value.faults] == [
        ("$.rules[2]", "more than 3 rules", "too-many")
    ]


def test_the_words_of_the_host_are_known() -> None:
    lists = Vocabulary(limits=Limits(list_items=2)).with_operations(CustomOperation(name="lower", call=str.lower))
    rule = {"field": "x", "operator": "in", "value": "a,b,c"}
    with pytest.raises(RuleErrors) as refused:
        from_react_querybuilder({"combinator": "and", "rules": [rule]}, vocabulary=lists)
    assert str(refused.value) == "$.rules[0].value: holds 3 values, more than 2"


def test_written_instants_are_in_utc() -> None:
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    native = read_condition(asked("==", moment))
    assert to_jquery_querybuilder(native)["rules"][0]["value"] == "2026-11-24T12:00:00Z"
