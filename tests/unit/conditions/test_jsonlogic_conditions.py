"""JSON Logic as a condition among conditions: read, written, explained, checked, reasoned about."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from pydantic import TypeAdapter

from leadkit.conditions import (
    Condition,
    CustomOperation,
    FieldCatalogue,
    JsonLogic,
    Limits,
    Vocabulary,
    always_holds,
    canonical,
    check_condition,
    dump_condition,
    equivalent,
    evaluate,
    explain_condition,
    fields_of,
    fingerprint_of,
    implies,
    never_holds,
    read_condition,
    read_condition_json,
    related_needs,
)
from leadkit.conditions.jsonlogic.looking import calls_in, path_of, paths_in
from leadkit.errors import InvalidInput, RuleErrors

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RULE = {"and": [{"<=": [{"var": "days"}, 14]}, {"===": [{"var": "properties.plan"}, "pro"]}]}
LEAF = {"jsonlogic": RULE}


def read(rule: Any, **options: Any) -> Any:
    return read_condition({"jsonlogic": rule}, **options)


# --- reading and writing ----------------------------------------------------------------------------------------------


def test_a_rule_is_read_and_written_back() -> None:
    node = read(RULE)
    assert isinstance(node, JsonLogic)
    assert node.rule == RULE
    assert dump_condition(node) == LEAF
    assert read_condition_json('{"jsonlogic": {"var": "a"}}') == read({"var": "a"})


def test_rules_are_equal_that_are_written_alike() -> None:
    assert read({"in": ["a", ["a"]]}) == read({"in": ("a", ["a"])})
    assert read({"===": [1, 1]}) != read({"===": [1, True]})
    assert hash(read(RULE)) == hash(copy.deepcopy(read(RULE)))
    assert pickle.loads(pickle.dumps(read(RULE))) == read(RULE)  # noqa: S301 - our own bytes
    assert repr(read({"var": "a"})) == """JsonLogic(text='{"var":"a"}', operations=())"""


class Plan(StrEnum):
    PRO = "pro"


def test_what_python_holds_is_written_as_json() -> None:
    rule = {"in": [Plan.PRO, [date(2026, 11, 20), NOW, Decimal("0.5"), Decimal("2.0"), True, None, {"a": 1, "b": 2}]]}
    written = ["2026-11-20", "2026-11-24T12:00:00Z", 0.5, 2, True, None, {"a": 1, "b": 2}]
    node = read(rule)
    assert node.rule == {"in": ["pro", written]}
    assert type(node.rule["in"][1][3]) is int


def test_pydantic_reads_and_writes_a_rule() -> None:
    condition: Any = TypeAdapter(Condition)
    assert condition.validate_python(LEAF) == read(RULE)
    assert condition.validate_python(read(RULE)) == read(RULE)
    assert condition.dump_python(read(RULE)) == LEAF


def test_a_rule_that_was_built_by_hand_knows_its_operations() -> None:
    with pytest.raises(RuleErrors) as refused:
        JsonLogic(text='{"lower":["a"]}')
    assert str(refused.value) == "$: unknown operation `lower`"
    assert refused.value.faults[0].code == "unknown-operation"


# --- limits -----------------------------------------------------------------------------------------------------------


def nested(depth: int) -> Any:
    rule: Any = {"var": "a"}
    for _ in range(depth - 1):
        rule = {"!": rule}
    return rule


def faults_of(data: Any, **limits: int) -> list[tuple[str, str, str]]:
    with pytest.raises(RuleErrors) as refused:
        read_condition(data, vocabulary=Vocabulary(limits=Limits(**limits)))
    return [(fault.path, fault.message, fault.code) for fault in refused.value.faults]


def test_operations_stand_only_so_deep() -> None:
    vocabulary = Vocabulary(limits=Limits(depth=3))
    assert read(nested(3), vocabulary=vocabulary)
    assert read_condition({"not": {"not": {"jsonlogic": {"var": "a"}}}}, vocabulary=vocabulary)
    at = '$.jsonlogic["!"]["!"]["!"]'
    assert faults_of({"jsonlogic": nested(4)}, depth=3) == [
        (at, "operations may stand 3 deep inside each other", "too-deep")
    ]
    assert faults_of({"not": {"jsonlogic": nested(3)}}, depth=3) == [
        ('$.not.jsonlogic["!"]["!"]', "operations may stand 3 deep inside each other", "too-deep")
    ]


def test_operations_count_as_conditions() -> None:
    limits = Limits(nodes=4)
    two = {"!": {"var": "a"}}
    assert read([two, two], vocabulary=Vocabulary(limits=limits))
    assert faults_of({"jsonlogic": [two, two, {"var": "a"}]}, nodes=4) == [
        ("$.jsonlogic", "more than 4 conditions", "too-many")
    ]
    assert faults_of({"and": [{"jsonlogic": two}, {"jsonlogic": two}]}, nodes=4) == [
        ("$.and[1].jsonlogic", "more than 4 conditions", "too-many")
    ]
    assert read_condition({"and": [{"jsonlogic": two}, {"jsonlogic": 1}]}, vocabulary=Vocabulary(limits=limits))


def test_a_bomb_is_refused_before_it_is_walked() -> None:
    with pytest.raises(RuleErrors, match="deep inside each other"):
        read(nested(10_000))


# --- the host's own operations ----------------------------------------------------------------------------------------

LOWER = CustomOperation(name="lower", call=str.lower, description="A text in lower case.")
VOCABULARY = Vocabulary().with_operations(LOWER)


def test_a_vocabulary_brings_operations() -> None:
    node = read({"in": ["a", {"lower": {"var": "x"}}]}, vocabulary=VOCABULARY)
    assert node.operations == (LOWER,)
    assert evaluate(node, {"x": "BAR"}, as_of=NOW)
    assert not evaluate(node, {"x": 5}, as_of=NOW)
    assert read({"var": "a"}, vocabulary=VOCABULARY).operations == ()
    upper = CustomOperation(name="upper", call=str.upper)
    assert sorted(VOCABULARY.with_operations(upper).operations) == ["lower", "upper"]


def test_an_operation_of_a_vocabulary_is_suggested() -> None:
    with pytest.raises(RuleErrors, match="unknown operation `lowr`; did you mean `lower`"):
        read({"lowr": "A"}, vocabulary=VOCABULARY)


def test_the_names_of_json_logic_are_taken() -> None:
    with pytest.raises(InvalidInput) as refused:
        Vocabulary().with_operations(
            CustomOperation(name="not", call=bool), LOWER, CustomOperation(name="in", call=bool)
        )
    assert [(fault.path, fault.message, fault.code) for fault in refused.value.faults] == [
        ("operations", "`not` is an operation of JSON Logic", "name-taken"),
        ("operations", "`in` is an operation of JSON Logic", "name-taken"),
    ]


# --- explaining -------------------------------------------------------------------------------------------------------


def test_an_explanation_tells_what_the_rule_saw() -> None:
    trace = explain_condition(read(RULE), {"days": 3, "properties": {"plan": "pro"}}, as_of=NOW)
    assert str(trace) == (
        '✓ JSON Logic {"and":[{"<=":[{"var":"days"},14]},{"===":[{"var":"propertie…   saw days 3, properties.plan "pro"'
    )
    assert trace.operator == "jsonlogic"
    assert trace.seen == [["days", 3], ["properties.plan", "pro"]]
    assert trace.held


def test_an_explanation_tells_what_the_rule_did_not_see() -> None:
    assert explain_condition(read({"var": "days"}), {}, as_of=NOW).why == "saw days nothing"
    assert explain_condition(read(1), {}, as_of=NOW).why == "saw nothing"


def test_an_explanation_tells_how_the_rule_failed() -> None:
    trace = explain_condition(read({"throw": "no team"}), {}, as_of=NOW)
    assert (trace.held, trace.why) == (False, 'it failed: "no team"')
    lower = explain_condition(read({"lower": [1]}, vocabulary=VOCABULARY), {}, as_of=NOW)
    assert lower.why == 'it failed: "TypeError"'


# --- looking through a rule -------------------------------------------------------------------------------------------


def test_the_operations_of_a_rule_have_their_places() -> None:
    rule = {"and": [{"var": "a"}, [{"!": {"some": [{"var": "b"}, {"var": "c"}]}}], {"a": {"var": "x"}, "b": 2}]}
    assert [(call.key, call.at, call.depth, call.root) for call in calls_in(rule)] == [
        ("and", "$", 1, True),
        ("var", "$.and[0]", 2, True),
        ("!", "$.and[1][0]", 2, True),
        ("some", '$.and[1][0]["!"]', 3, True),
        ("var", '$.and[1][0]["!"].some[0]', 4, True),
        ("var", '$.and[1][0]["!"].some[1]', 4, False),
    ]
    tried = {"try": [{"var": "a"}, {"var": "b"}, {"reduce": [1, 2, {"var": "c"}]}]}
    assert [call.root for call in calls_in(tried)] == [True, True, False, False, False]
    assert [call.root for call in calls_in({"reduce": [{"var": "a"}, {"var": "b"}, {"var": "c"}]})] == [
        *(True, True, False, True)
    ]
    assert [call.root for call in calls_in({"nope": [1, {"var": "a"}]})] == [True, True]


@pytest.mark.parametrize(
    ("rule", "paths"),
    [
        ({"var": "a.b"}, ["a.b"]),
        ({"var": ["a", {"var": "b"}]}, ["a", "b"]),
        ({"var": 1}, ["1"]),
        ({"var": ""}, []),
        ({"var": None}, []),
        ({"var": True}, []),
        ({"var": []}, []),
        ({"var": {"var": "a"}}, ["a"]),
        ({"val": ["a.b", "c"]}, ['["a.b"].c']),
        ({"val": ["a", 1]}, ["a.1"]),
        ({"val": ["a", {"var": "b"}]}, ["b"]),
        ({"val": []}, []),
        ({"exists": "firstName"}, ["firstName"]),
        ({"missing": ["a", "b.c"]}, ["a", "b.c"]),
        ({"missing": [["a", "b"]]}, ["a", "b"]),
        ({"missing": "a"}, ["a"]),
        ({"missing": []}, []),
        ({"missing_some": [1, ["a", "b"]]}, ["a", "b"]),
        ({"missing_some": [1, "a"]}, ["a"]),
        ({"missing_some": [1]}, []),
        ({"map": [{"var": "a"}, {"var": "b"}]}, ["a"]),
        ({"or": [{"var": "a"}, {"var": "a"}]}, ["a"]),
        (["a", {"var": "a..b"}], ['a[""].b']),
    ],
)
def test_the_fields_that_a_rule_reads_are_seen(rule: Any, paths: list[str]) -> None:
    assert [path.text for path in paths_in(rule)] == paths
    assert [path.text for path in fields_of(read(rule))] == paths


def test_keys_make_a_path() -> None:
    assert path_of(("firstName", "x")) == path_of(("first_name", "x"))
    assert path_of(("firstName",)).text == "firstName"
    assert path_of(("a", "b c", "@")).text == 'a.b c["@"]'
    assert path_of(("@",)).text == '["@"]'
    assert path_of(("",)).segments == ("",)
    assert path_of(("a.b",)).segments == ("a.b",)


def test_no_related_record_is_asked_for() -> None:
    assert related_needs(read(RULE)) == ()


# --- the normal form, and reasoning -----------------------------------------------------------------------------------


def test_a_rule_is_its_own_normal_form() -> None:
    node = read(RULE)
    assert canonical(node) is node
    assert canonical(read_condition({"not": {"not": LEAF}})) == node
    assert dump_condition(canonical(read_condition({"not": LEAF}))) == {"not": LEAF}
    assert equivalent(read_condition({"and": [LEAF, LEAF]}), node)
    assert fingerprint_of(node) == fingerprint_of(read_condition({"or": [LEAF]}))


def test_a_rule_holds_or_not_but_never_both() -> None:
    rule = read(RULE)
    assert never_holds(read_condition({"and": [LEAF, {"not": LEAF}]}))
    assert always_holds(read_condition({"or": [LEAF, {"not": LEAF}]}))
    assert implies(read_condition({"and": [LEAF, {"field": "a", "op": "exists"}]}), rule)
    assert not never_holds(rule)
    assert not always_holds(rule)
    assert not implies(rule, read({"var": "a"}))
    assert not never_holds(read_condition({"and": [LEAF, {"field": "days", "op": "missing"}]}))


# --- checking ---------------------------------------------------------------------------------------------------------

CATALOGUE = FieldCatalogue.of({"days": int, "tags": list[str], "status": str, "properties.plan": str})


def test_a_field_that_there_is_not_is_found() -> None:
    findings = check_condition(read({"and": [{"var": "dais"}, {"var": "properties.plan"}]}), CATALOGUE)
    assert [(fault.path, fault.message, fault.code) for fault in findings.errors] == [
        ("$.jsonlogic", "unknown field `dais`; did you mean `days`?", "unknown-field")
    ]


@pytest.mark.parametrize("path", ["days", "tags.0", "tags.length", "tags.0.name", "status.length", "properties.plan"])
def test_what_lies_in_a_list_or_a_text_is_no_unknown_field(path: str) -> None:
    assert not check_condition(read({"var": path}), CATALOGUE).errors


def test_what_lies_in_a_number_is_an_unknown_field() -> None:
    assert check_condition(read({"var": "days.x"}), CATALOGUE).errors


def test_a_rule_that_contradicts_itself_is_found() -> None:
    findings = check_condition(
        read_condition({"and": [{"jsonlogic": {"var": "a"}}, {"not": {"jsonlogic": {"var": "a"}}}]})
    )
    assert [(fault.path, fault.message, fault.code) for fault in findings.warnings] == [
        ("$", "never holds", "never-matches")
    ]
    twice = check_condition(read_condition({"and": [LEAF, LEAF]}))
    assert [(fault.path, fault.message) for fault in twice.warnings] == [("$.and[1]", "says the same as $.and[0]")]
