"""Writing conditions as JSON Logic that every engine answers alike, and reading rules back into native form."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.conditions import (
    CustomOperation,
    FieldCatalogue,
    JsonLogic,
    Limits,
    Vocabulary,
    dump_condition,
    evaluate,
    from_jsonlogic,
    read_condition,
    to_jsonlogic,
)
from leadkit.conditions.jsonlogic.program import Program
from leadkit.errors import NotExpressible, RuleErrors

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
X = {"var": "x"}
TEXT = {"===": [{"cat": [X]}, X]}
LIST = {"!==": [X, {"reduce": [{"merge": [X]}, {"var": "current"}, None]}]}
YES: Any = True
DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "-"]
NUMBER = {"and": [{"!": [LIST]}, {"!": [TEXT]}, {"in": [{"substr": [{"cat": [X]}, 0, 1]}, DIGITS]}]}
TRUE = {"and": [{"!": [LIST]}, {"!": [TEXT]}, {"in": [{"cat": [X]}, ["true", "True"]]}]}
BEFORE = {"var": "accumulator"}
ITEM = {"var": "current"}


def export(condition: Any, **options: Any) -> Any:
    return to_jsonlogic(read_condition(condition), **options)


def asked(op: str, *value: Any, field: str = "x") -> dict[str, Any]:
    return {"field": field, "op": op, **({"value": value[0]} if value else {})}


WRITTEN = [
    (asked("exists"), {"!==": [X, None]}),
    (asked("missing"), {"===": [X, None]}),
    (asked("==", "new"), {"===": [X, "new"]}),
    (asked("!=", "new"), {"!==": [X, "new"]}),
    (asked("==", "1d"), {"and": [TEXT, {"in": [X, "1d"]}, {"in": ["1d", X]}]}),
    (asked("!=", "1d"), {"!": [{"and": [TEXT, {"in": [X, "1d"]}, {"in": ["1d", X]}]}]}),
    (asked("==", 10), {"===": [X, 10]}),
    (asked("==", 1), {"and": [{"===": [X, 1]}, NUMBER]}),
    (asked("==", YES), {"and": [{"===": [X, True]}, TRUE]}),
    (asked(">=", 80), {"and": [NUMBER, {">=": [X, 80]}]}),
    (asked("<", "m"), {"and": [TEXT, {"<": [X, "m"]}]}),
    (
        asked("between", [1, 2]),
        {"and": [{"and": [NUMBER, {">=": [X, 1]}]}, {"and": [NUMBER, {"<=": [X, 2]}]}]},
    ),
    (asked("in", ["a", "b"]), {"in": [X, ["a", "b"]]}),
    (asked("in", ["a", 5]), {"or": [{"in": [X, ["a"]]}, {"===": [X, 5]}]}),
    (asked("in", []), False),
    (asked("not_in", []), True),
    (asked("not_in", ["a"]), {"!": [{"in": [X, ["a"]]}]}),
    (
        asked("contains", "a"),
        {
            "or": [
                {"and": [TEXT, {"in": ["a", X]}]},
                {"and": [LIST, {"reduce": [X, {"or": [BEFORE, {"===": [ITEM, "a"]}]}, False]}]},
            ]
        },
    ),
    (
        asked("contains", ""),
        {"or": [TEXT, {"and": [LIST, {"reduce": [X, {"or": [BEFORE, {"===": [ITEM, ""]}]}, False]}]}]},
    ),
    (asked("contains", 5), {"and": [LIST, {"reduce": [X, {"or": [BEFORE, {"===": [ITEM, 5]}]}, False]}]}),
    (asked("starts_with", "ab"), {"and": [TEXT, {"in": ["ab", {"substr": [X, 0, 2]}]}]}),
    (asked("ends_with", "ab"), {"and": [TEXT, {"in": ["ab", {"substr": [X, -2]}]}]}),
    (asked("starts_with", ""), TEXT),
    (
        {"field": "x", "any": asked("==", "a", field="@")},
        {"and": [LIST, {"reduce": [X, {"or": [BEFORE, {"===": [ITEM, "a"]}]}, False]}]},
    ),
    (
        {"field": "x", "all": asked("==", "a", field="@")},
        {"and": [LIST, {"reduce": [X, {"and": [BEFORE, {"===": [ITEM, "a"]}]}, True]}]},
    ),
    ({"field": "x", "none": {"and": []}}, {"!": [{"and": [LIST, {"reduce": [X, True, False]}]}]}),
    ({"and": []}, True),
    ({"or": []}, False),
    ({"none": []}, True),
    ({"not": asked("==", "a")}, {"!": [{"===": [X, "a"]}]}),
    ({"and": [asked("exists"), {"and": []}]}, {"!==": [X, None]}),
    ({"and": [asked("exists"), {"or": []}]}, False),
    ({"or": [asked("exists"), {"and": []}]}, True),
    ({"or": [asked("exists"), asked("==", "a")]}, {"or": [{"!==": [X, None]}, {"===": [X, "a"]}]}),
    (
        {"jsonlogic": {"not": [[{"?:": [X, 1, {"a": 1, "b": 2}]}]]}},
        {"!!": [{"!": [[{"?:": [X, 1, {"a": 1, "b": 2}]}]]}]},
    ),
    (asked("exists", field="first_name"), {"!==": [{"var": "firstName"}, None]}),
    (asked("exists", field="Lead Number.x_y"), {"!==": [{"var": "Lead Number.x_y"}, None]}),
]


@pytest.mark.parametrize(("condition", "rule"), WRITTEN, ids=[str(condition) for condition, _ in WRITTEN])
def test_a_condition_is_written_with_its_guards(condition: Any, rule: Any) -> None:
    assert export(condition) == rule


def test_a_field_of_an_item_goes_by_either_spelling() -> None:
    rule = export({"field": "x", "any": asked("exists", field="first_name")})
    one, other = {"var": "current.first_name"}, {"var": "current.firstName"}
    either = {"if": [{"!==": [one, None]}, one, other]}
    assert rule["and"][1]["reduce"][1] == {"or": [BEFORE, {"!==": [either, None]}]}


@pytest.mark.parametrize("key", ["length", "0", "-1", "1_0", "map", "search"])
def test_a_key_that_lists_and_texts_have_is_looked_for_in_objects(key: str) -> None:
    outer = {"var": "properties"}
    text = {"===": [{"cat": [outer]}, outer]}
    listed = {"!==": [outer, {"reduce": [{"merge": [outer]}, {"var": "current"}, None]}]}
    found = {"if": [{"or": [text, listed]}, None, {"var": f"properties.{key}"}]}
    assert export(asked("exists", field=f"properties.{key}")) == {"!==": [found, None]}
    assert export(asked("exists", field=key)) == {"!==": [{"var": key}, None]}


HIGH = "\U0001f600"
REFUSED = [
    (asked("before", "2026-01-01"), "$.op", "JSON Logic knows no times"),
    (asked("within", "30d"), "$.op", "JSON Logic knows no times"),
    (asked("==", {"datetime": "2026-01-01"}), "$.value", "JSON Logic knows no times"),
    (asked(">", {"now": "-1d"}), "$.value", "JSON Logic knows no times"),
    (asked("in", ["a", {"datetime": "2026-01-01"}]), "$.value", "JSON Logic knows no times"),
    ({**asked("==", "A"), "ignoreCase": True}, "$.ignoreCase", "JSON Logic cannot disregard case"),
    (asked("in", {"field": "y"}), "$.value", "from inside a list, JSON Logic does not see the lead"),
    (asked("contains", {"field": "y"}), "$.value", "JSON Logic cannot ask that of two fields so that engines agree"),
    (asked("starts_with", {"field": "y"}), "$.value", "JSON Logic cannot ask that of two fields so that engines agree"),
    (
        asked("<", {"field": "y"}),
        "$.value",
        "two texts have no order in which engines agree; a catalogue may say: numbers",
    ),
    (asked("<", "1d"), "$.value", "text with a digit may be a time or a duration, which engines order otherwise"),
    (asked("<", "\ue000"), "$.value", "not every engine orders such text by code point"),
    (asked("starts_with", HIGH), "$.value", "not every engine counts such characters as one"),
    (asked("==", 2**53), "$.value", "not every engine tells such large numbers apart"),
    (asked(">", -(2**53)), "$.value", "not every engine tells such large numbers apart"),
    ({"related": "activities"}, "$.related", "JSON Logic sees the lead, and nothing that belongs to it"),
    (asked("exists", field='["a.b"]'), "$.field", "`var` takes the dots of a key for steps"),
    (asked("exists", field='a[""]'), "$.field", "`var` cannot name an empty key"),
    (asked("exists", field="a.toString"), "$.field", "every object of JavaScript has `toString`"),
    (asked("==", {"field": "constructor"}), "$.value", "every object of JavaScript has `constructor`"),
    ({"jsonlogic": {"??": [{"val": "a"}]}}, "$.jsonlogic", "not every engine has `??`, `val`"),
    ({"field": "x", "any": {"jsonlogic": {"var": "a"}}}, "$.any.jsonlogic", "in a list, it would have to be rewritten"),
    ({"not": {"none": [{"and": []}, asked("within", "1d")]}}, "$.not.none[1].op", "JSON Logic knows no times"),
    ({"all": [asked("within", "1d")]}, "$.all[0].op", "JSON Logic knows no times"),
]


@pytest.mark.parametrize(("condition", "path", "reason"), REFUSED, ids=[str(condition) for condition, *_ in REFUSED])
def test_what_cannot_be_said_is_refused_with_its_place(condition: Any, path: str, reason: str) -> None:
    with pytest.raises(NotExpressible) as refused:
        export(condition)
    (fault,) = refused.value.faults
    assert (fault.path, fault.message, fault.code) == (path, reason, "not-expressible")
    assert str(refused.value) == f"JSON Logic cannot say it: {path}: {reason}"


def test_a_regular_expression_cannot_be_said() -> None:
    pytest.importorskip("re2", reason="google-re2 is an extra of leadkit")
    with pytest.raises(NotExpressible, match="JSON Logic knows no regular expressions"):
        export(asked("matches", "a+"))


def test_everything_that_cannot_be_said_is_named() -> None:
    with pytest.raises(NotExpressible) as refused:
        export({"and": [asked("within", "1d"), {"or": [{"related": "tasks"}]}]}, at="$.rules[2].condition")
    assert [fault.path for fault in refused.value.faults] == [
        *("$.rules[2].condition.and[0].op", "$.rules[2].condition.and[1].or[0].related")
    ]
    assert refused.value.target == "JSON Logic"


def test_an_operation_of_the_host_cannot_be_said() -> None:
    vocabulary = Vocabulary().with_operations(CustomOperation(name="lower", call=str.lower))
    condition = read_condition({"jsonlogic": {"lower": "A"}}, vocabulary=vocabulary)
    with pytest.raises(NotExpressible, match="not every engine has `lower`"):
        to_jsonlogic(condition)


def test_two_numbers_are_ordered_where_a_catalogue_says_that_one_is() -> None:
    catalogue = FieldCatalogue.of({"y": int, "x": str})
    rule = export(asked("<", {"field": "y"}), catalogue=catalogue)
    assert rule["and"][2] == {"<": [X, {"var": "y"}]}
    assert rule["and"][0] == NUMBER
    assert export(asked("<", {"field": "x"}, field="y"), catalogue=catalogue)["and"][1] == NUMBER
    with pytest.raises(NotExpressible):
        export(asked("<", {"field": "x"}), catalogue=catalogue)


# Each value with each comparison, answered by our own evaluator as by the interpreter; properties ask other engines.
VALUES: list[Any] = [
    *(None, True, False, 0, 1, 5, 10, -3, 0.5, 1.0, "", "a", "ab", "b", "1", "10", "1d", "24h", "true", "True", "None"),
    *([], ["a"], ["ab", 5], [5], [1], [True], [None], [["a"]], {}, {"a": 1}, {"length": 1}, "2026-11-20", "😀a"),
]
ASKED = [condition for condition, _ in WRITTEN if "x" in str(condition)] + [
    *(asked("==", value) for value in ("", "a", "10", 0, 5, False, 0.5)),
    *(asked(op, value) for op in ("<", "<=", ">", ">=") for value in (0, 5, "a", "b")),
    *(asked("contains", value) for value in ("1", 1, True, "b")),
    *(asked("starts_with", value) for value in ("1", "a")),
    *(asked("==", {"field": "y"}), asked("!=", {"field": "y"})),
]


@pytest.mark.parametrize("condition", ASKED, ids=[str(condition) for condition in ASKED])
def test_what_is_written_answers_as_the_condition_does(condition: Any) -> None:
    native = read_condition(condition)
    program = Program(to_jsonlogic(native), root=False)
    back = from_jsonlogic(to_jsonlogic(native))
    for value in VALUES:
        for other in (value, "a", 1):
            lead = {"x": value, "y": other}
            expected = evaluate(native, lead, as_of=NOW)
            assert program.value(lead) is expected
            assert evaluate(back, lead, as_of=NOW) is expected


# --- reading rules into native form -----------------------------------------------------------------------------------

NATIVE = [
    ({"===": [X, "new"]}, asked("==", "new")),
    ({"===": ["new", X]}, asked("==", "new")),
    ({"!==": [X, 5]}, asked("!=", 5)),
    ({"===": [X, True]}, asked("==", YES)),
    ({"===": [X, None]}, asked("missing")),
    ({"!==": [None, X]}, asked("exists")),
    ({"==": [X, None]}, asked("missing")),
    ({"!=": [X, None]}, asked("exists")),
    ({"===": [{"val": ["a.b", "c"]}, 5]}, asked("==", 5, field='["a.b"].c')),
    ({"===": [{"var": ["x"]}, 5]}, asked("==", 5)),
    ({"in": [X, ["a", 5, True]]}, asked("in", ["a", 5, True])),
    ({"in": ["a", X]}, asked("contains", "a")),
    ({"and": [{"===": [X, "a"]}, {"!": [{"===": [X, 5]}]}]}, {"and": [asked("==", "a"), {"not": asked("==", 5)}]}),
    ({"or": [{"===": [X, "a"]}, {"!!": {"===": [X, 5]}}]}, {"or": [asked("==", "a"), asked("==", 5)]}),
    ({"not": [{"===": [X, 5]}]}, {"not": asked("==", 5)}),
    ({"missing": ["x"]}, {"or": [asked("missing"), asked("==", "")]}),
    ({"missing": [["x"]]}, {"or": [asked("missing"), asked("==", "")]}),
    ({"!": {"missing": "x"}}, {"not": {"or": [asked("missing"), asked("==", "")]}}),
    ({"some": [X, {"===": [{"var": ""}, "a"]}]}, {"field": "x", "any": asked("==", "a", field="@")}),
    ({"none": [X, {"===": [{"var": "name"}, "a"]}]}, {"field": "x", "none": asked("==", "a", field="name")}),
    (
        {"all": [X, {"===": [{"var": ""}, "a"]}]},
        {"and": [{"field": "x", "any": {"and": []}}, {"field": "x", "all": asked("==", "a", field="@")}]},
    ),
    (True, {"and": []}),
    ("a", {"and": []}),
    (0, {"or": []}),
    ([], {"or": []}),
    ({"and": []}, {"or": []}),
    ({"or": []}, {"or": []}),
    ({"!": []}, {"not": {"or": []}}),
    ({"!!": []}, {"or": []}),
]


@pytest.mark.parametrize(("rule", "condition"), NATIVE, ids=[str(rule) for rule, _ in NATIVE])
def test_a_rule_that_means_the_same_becomes_native(rule: Any, condition: Any) -> None:
    assert dump_condition(from_jsonlogic(rule)) == condition


LEFT = [
    {"==": [X, "new"]},
    {"<=": [X, 14]},
    {"===": [X, "2026-11-20"]},
    {"===": [X]},
    {"===": [X, "a", "a"]},
    {"===": [X, {"var": "y"}]},
    {"===": [X, ["a"]]},
    {"===": [1, 1]},
    {"===": [{"var": ["x", "d"]}, "a"]},
    {"===": [{"var": []}, "a"]},
    {"===": [{"var": ""}, "a"]},
    {"===": [{"var": 1}, "a"]},
    {"===": [{"var": "x.0"}, "a"]},
    {"===": [{"var": "x.length"}, 5]},
    {"in": [X, ["a", None]]},
    {"in": [X, ["2026-11-20"]]},
    {"in": [X, "abc"]},
    {"in": ["", X]},
    {"in": [5, X]},
    {"in": ["2026-11-20", X]},
    {"in": [X]},
    {"missing": ["x", 5]},
    {"missing": ["x", ""]},
    {"missing": ["x.0"]},
    {"some": [X, {"===": [{"var": "firstName"}, "a"]}]},
    {"some": [X, {"===": [{"var": "0"}, "a"]}]},
    {"some": [X, {"<": [{"var": ""}, 5]}]},
    {"some": [X]},
    {"some": [[1], {"===": [{"var": ""}, 1]}]},
    {"or": [{"===": [X, "a"]}, {"throw": "x"}]},
    {"or": [{"==": [X, "a"]}, {"==": [X, "b"]}]},
    {"!": [{"==": [X, "a"]}]},
    {"if": [X, 1]},
    [{"var": "x"}],
    X,
]


@pytest.mark.parametrize("rule", LEFT, ids=[str(rule) for rule in LEFT])
def test_a_rule_that_means_something_else_stays_one(rule: Any) -> None:
    condition = from_jsonlogic(rule)
    assert isinstance(condition, JsonLogic)
    assert condition.rule == rule


MIXED = [
    (
        {"and": [{"===": [X, "a"]}, {"throw": "x"}, {"and": [{"===": [X, 5]}, X]}]},
        {"and": [asked("==", "a"), {"jsonlogic": {"throw": "x"}}, {"and": [asked("==", 5), {"jsonlogic": X}]}]},
    ),
    ({"or": [{"===": [X, "a"]}, X]}, {"or": [asked("==", "a"), {"jsonlogic": X}]}),
    (
        {"or": [X, {"and": [X, {"===": [X, "a"]}]}]},
        {"or": [{"jsonlogic": X}, {"and": [{"jsonlogic": X}, asked("==", "a")]}]},
    ),
    ({"!": {"or": [X, {"===": [X, "a"]}]}}, {"not": {"or": [{"jsonlogic": X}, asked("==", "a")]}}),
    ({"!!": [{"or": [X, {"===": [X, "a"]}]}, 1]}, {"or": [{"jsonlogic": X}, asked("==", "a")]}),
]


@pytest.mark.parametrize(("rule", "condition"), MIXED, ids=[str(rule) for rule, _ in MIXED])
def test_what_is_native_stands_among_what_is_not(rule: Any, condition: Any) -> None:
    assert dump_condition(from_jsonlogic(rule)) == condition


KNOWN = FieldCatalogue.of({"score": int, "status": str, "vip": bool, "tags": list[str]})
SCORE, STATUS = {"var": "score"}, {"var": "status"}
BY_CATALOGUE = [
    ({"==": [STATUS, "new"]}, asked("==", "new", field="status")),
    ({"!=": ["new", STATUS]}, asked("!=", "new", field="status")),
    ({"==": [{"var": "vip"}, True]}, asked("==", YES, field="vip")),
    ({">=": [SCORE, 80]}, asked(">=", 80, field="score")),
    ({">=": [80, SCORE]}, {"or": [asked("missing", field="score"), asked("<=", 80, field="score")]}),
    ({"<": [SCORE, 5]}, {"or": [asked("missing", field="score"), asked("<", 5, field="score")]}),
    ({"<": [SCORE, 0]}, asked("<", 0, field="score")),
    ({"<=": [SCORE, 0]}, {"or": [asked("missing", field="score"), asked("<=", 0, field="score")]}),
    ({">": [SCORE, -1]}, {"or": [asked("missing", field="score"), asked(">", -1, field="score")]}),
]


@pytest.mark.parametrize(("rule", "condition"), BY_CATALOGUE, ids=[str(rule) for rule, _ in BY_CATALOGUE])
def test_what_is_known_of_the_fields_makes_more_native(rule: Any, condition: Any) -> None:
    native = from_jsonlogic(rule, catalogue=KNOWN)
    assert dump_condition(native) == condition
    for lead in ({}, {"score": 0}, {"score": 80}, {"score": -5.5}, {"status": "new"}, {"status": ""}, {"vip": True}):
        assert evaluate(native, lead, as_of=NOW) is Program(rule).holds(lead)


@pytest.mark.parametrize(
    "rule",
    [
        {"==": [STATUS, 5]},
        {"==": [SCORE, "5"]},
        {"<": [STATUS, "b"]},
        {"<": [SCORE, "b"]},
        {"==": [{"var": "tags"}, "a"]},
    ],
)
def test_what_is_known_of_the_fields_makes_no_more_native_than_that(rule: Any) -> None:
    assert isinstance(from_jsonlogic(rule, catalogue=KNOWN), JsonLogic)


@pytest.mark.parametrize(
    "condition",
    [
        *(
            asked(">=", 80),
            asked("<", "m"),
            asked("==", 1),
            asked("==", YES),
            asked("==", "1d"),
            asked("contains", "a"),
        ),
        *(asked("starts_with", "ab"), asked("ends_with", "1"), asked("contains", "7")),
    ],
    ids=str,
)
def test_a_guarded_comparison_is_read_back(condition: Any) -> None:
    assert dump_condition(from_jsonlogic(export(condition))) == condition


def test_the_operations_of_the_host_stay_with_the_rules_that_call_them() -> None:
    lower = CustomOperation(name="lower", call=str.lower)
    vocabulary = Vocabulary().with_operations(lower)
    condition: Any = from_jsonlogic({"and": [{"lower": X}, X]}, vocabulary=vocabulary)
    assert [item.operations for item in condition.items] == [(lower,), ()]


def test_a_faulty_rule_is_refused_with_its_place() -> None:
    with pytest.raises(RuleErrors) as refused:
        from_jsonlogic({"and": [{"vra": "a"}]}, at="$.rule")
    assert str(refused.value) == "$.rule.and[0].vra: unknown operation `vra`; did you mean `var`?"
    with pytest.raises(RuleErrors, match="more than 2 conditions"):
        from_jsonlogic([X, X, X], vocabulary=Vocabulary(limits=Limits(nodes=2)))
    bomb: Any = 1
    for _ in range(10_000):
        bomb = [bomb]
    with pytest.raises(RuleErrors, match="deep inside each other"):
        from_jsonlogic(bomb)
