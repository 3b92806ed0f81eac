"""The meaning of JSON Logic, as a table of facts: tests/cases/jsonlogic.jsonl.

A fact that is not marked `beyond` is what the reference implementation answered; the others are what the public
compatibility tables agree on.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from leadkit.conditions import JSONLOGIC_OPERATIONS, CustomOperation
from leadkit.conditions.jsonlogic.operations import NAMES
from leadkit.conditions.jsonlogic.program import Program
from leadkit.conditions.jsonlogic.running import MOST_STEPS, Run, Thrown
from leadkit.conditions.jsonlogic.values import text_of

CASES = Path(__file__).parents[2] / "cases" / "jsonlogic.jsonl"
FACTS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
DATA = {
    "a": {"b": {"c": 1}},
    "n": None,
    "e": "",
    "z": 0,
    "t": "text",
    "l": [1, "x", None, {"k": "v"}],
    "team": [{"age": 17}, {"age": 40}],
    "days": 14,
    "s": "10",
    "f": False,
    "first_name": "Ada",
}


def written(value: Any) -> Any:
    """Write a value so that what JSON tells apart is told apart: true from 1, but not 1 from 1.0."""
    if isinstance(value, list | tuple):
        return [written(item) for item in value]
    if isinstance(value, dict) and "$float" in value:
        return written(float(value["$float"]))
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return repr(int(value))
    return repr(value)


def value_of(rule: Any, data: Any = None, *, root: bool = False) -> Any:
    return Program(rule, root=root).value(data)


@pytest.mark.parametrize("fact", FACTS, ids=[f"{line}: {fact['says']}" for line, fact in enumerate(FACTS, 1)])
@pytest.mark.parametrize("root", [False, True], ids=["plain", "root"])
def test_a_rule_answers_what_the_table_says(fact: dict[str, Any], *, root: bool) -> None:
    rule, data = fact["rule"], fact.get("data", DATA)
    if "firstName" in json.dumps(rule) and root:
        assert Program(rule).value(data) == "Ada"
        return
    if "fails" in fact:
        with pytest.raises(Thrown) as thrown:
            Program(rule, root=root).value(data)
        assert thrown.value.error["type"] == fact["fails"]
    else:
        assert written(Program(rule, root=root).value(data)) == written(fact["expected"])


def test_every_operation_has_a_fact_of_its_own() -> None:
    used: set[str] = set()
    open_ = [fact["rule"] for fact in FACTS]
    while open_:
        rule = open_.pop()
        if isinstance(rule, list):
            open_.extend(rule)
        elif isinstance(rule, dict):
            used |= rule.keys()
            open_.extend(rule.values())
    assert used >= NAMES.keys()


@pytest.mark.parametrize("name", JSONLOGIC_OPERATIONS)
def test_the_example_of_an_operation_is_true(name: str) -> None:
    row = JSONLOGIC_OPERATIONS[name]
    rule, data, expected = row.example
    assert written(value_of(rule, data)) == written(expected)
    assert f'"{name}"' in json.dumps(rule)
    assert row.description.endswith(".")


def test_what_came_after_the_reference_is_marked() -> None:
    later = [row.name for row in JSONLOGIC_OPERATIONS.values() if not row.reference]
    assert later == ["val", "exists", "??", "throw", "try"]
    assert {row.name for row in JSONLOGIC_OPERATIONS.values() if row.asks} == {
        *("map", "filter", "reduce", "all", "none", "some")
    }


def test_what_cannot_fail_is_marked() -> None:
    """What computes numbers can, in a `try`; what goes through lists and texts can take too long."""
    sure = [row.name for row in JSONLOGIC_OPERATIONS.values() if not row.fails]
    assert sure == [
        *("var", "missing", "missing_some", "if", "==", "===", "!=", "!==", "!", "!!", "or", "and", "??"),
        *(">", ">=", "<", "<=", "max", "min", "log"),
    ]


# --- what a program is ------------------------------------------------------------------------------------------------


def test_a_program_holds_where_its_value_counts_as_true() -> None:
    program = Program({"var": "tags"})
    assert program.holds({"tags": ["a"]})
    assert not program.holds({"tags": []})


def test_a_program_that_fails_does_not_hold() -> None:
    program = Program({"throw": "no team"})
    assert not program.holds({})
    assert program.failure({}) == {"type": "no team"}
    assert Program({"var": "a"}).failure({}) is None


def test_what_was_not_written_is_null_to_whoever_asks() -> None:
    assert value_of({"log": []}) is None


# --- how much it may do -----------------------------------------------------------------------------------------------

MANY = list(range(1000))
BOMBS = {
    "a loop in a loop": {"all": [MANY, {"all": [MANY, {"<": [0, 1]}]}]},
    "a growing list": {"reduce": [MANY, {"merge": [{"var": "accumulator"}, {"var": "accumulator"}]}, [1]]},
    "a growing text": {"reduce": [MANY, {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, "ab"]},
    "a list that holds itself twice": {
        "cat": [{"reduce": [MANY, [{"var": "accumulator"}, {"var": "accumulator"}], 1]}, "x"]
    },
    "long lists searched": {"map": [MANY, {"in": ["x", MANY]}]},
    "long texts searched": {"map": [MANY, {"in": ["ab", "a" * 5_000]}]},
    "long texts cut": {"map": [MANY, {"substr": ["a" * 5_000, 1]}]},
    "long texts compared": {"map": [MANY, {"<": ["a" * 20_000, "b"]}]},
    "long texts found equal": {"map": [MANY, {"==": ["a" * 20_000, "b"]}]},
    "long texts found the same": {"map": [MANY, {"===": ["a" * 20_000, "b"]}]},
    "long numbers read": {"map": [MANY, {"-": ["1" * 5_000]}]},
    "long numbers parsed": {"map": [MANY, {"+": ["1" * 5_000]}]},
    "long lists compared": {"map": [MANY, {"==": [MANY, "x"]}]},
    "long lists weighed": {"map": [MANY, {"max": MANY}]},
    "long lists weighed as one": {"map": [MANY, {"max": {"merge": MANY}}]},
    "long paths": {"map": [MANY, {"var": "a." * 1_000}]},
    "many keys": {"map": [MANY, {"missing": [MANY]}]},
    "many keys of which some": {"map": [MANY, {"missing_some": [1, MANY]}]},
    "lists made": {"map": [MANY, [{"var": ""}, *MANY]]},
    "items without a question": {"map": [[0] * (MOST_STEPS + 1)]},
    "items reduced": {"reduce": [[0] * (MOST_STEPS + 1), 1]},
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=list(BOMBS))
def test_a_rule_that_does_too_much_fails(bomb: Any) -> None:
    program = Program(bomb)
    assert program.failure({}) == {"type": "Too Long"}
    assert not program.holds({})


def test_a_try_does_not_save_a_rule_that_does_too_much() -> None:
    assert Program({"try": [{"map": [[0] * MOST_STEPS, 1]}, {"try": [True, True]}]}).failure({}) == {"type": "Too Long"}


OPERATIONS = {
    "var": {"var": "a"},
    "val": {"val": "a"},
    "exists": {"exists": "a"},
    "missing": {"missing": []},
    "missing_some": {"missing_some": [0, []]},
    "if": {"if": [True, 1]},
    "==": {"==": [1, 1]},
    "and": {"and": [1]},
    "map": {"map": [[], 1]},
    "reduce": {"reduce": [[], 1]},
    "!": {"!": 1},
    "max": {"max": {"merge": []}},
    "try": {"try": [1]},
}


@pytest.mark.parametrize("rule", OPERATIONS.values(), ids=list(OPERATIONS))
def test_an_operation_is_a_step(rule: Any) -> None:
    """Which costs a step of a run for itself, and one for its place in a list."""
    most = MOST_STEPS // (3 if "max" in rule else 2)
    assert Program([rule] * most).failure({}) is None
    assert Program([rule] * (most + 1)).failure({}) == {"type": "Too Long"}


def test_a_run_ends_at_its_last_step() -> None:
    run = Run()
    run.spend(MOST_STEPS)
    with pytest.raises(Thrown):
        run.spend()


# --- what is in the data ----------------------------------------------------------------------------------------------


@attrs.frozen
class Company:
    name: str
    founded: date | None = None
    _note: str = "x"


@attrs.frozen
class Lead:
    first_name: str
    created_at: datetime
    company: Company | None = None
    amount: Decimal = Decimal("0.1")


LEAD = Lead("Ada", datetime(2026, 11, 24, 12, tzinfo=UTC), Company("Acme", date(2001, 2, 3)))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("firstName", "Ada"),
        ("first_name", "Ada"),
        ("createdAt", "2026-11-24T12:00:00Z"),
        ("company.name", "Acme"),
        ("company.founded", "2001-02-03"),
        ("company.note", "d"),
        ("company._note", "x"),
        ("company.Name", "d"),
        ("First Name", "d"),
        ("amount", Decimal("0.1")),
    ],
)
def test_a_path_leads_through_declared_fields(path: str, expected: Any) -> None:
    assert value_of({"var": [path, "d"]}, LEAD, root=True) == expected


def test_a_declared_field_that_is_none_is_not_there() -> None:
    assert value_of({"var": ["company", "d"]}, attrs.evolve(LEAD, company=None), root=True) == "d"


def test_the_record_is_an_object_in_camel_case() -> None:
    assert value_of({"var": ""}, LEAD, root=True) == {
        "amount": Decimal("0.1"),
        "company": LEAD.company,
        "createdAt": "2026-11-24T12:00:00Z",
        "firstName": "Ada",
    }
    assert value_of({"val": []}, {"first_name": "Ada", "Lead Number": 7, 3: 4}, root=True) == {
        "firstName": "Ada",
        "Lead Number": 7,
    }
    assert list(value_of({"var": ""}, Company("Acme"), root=True)) == ["founded", "name"]
    assert value_of({"var": ""}, {"first_name": "Ada"}) == {"first_name": "Ada"}
    assert value_of({"var": ""}, 7, root=True) == 7
    assert value_of({"var": ""}, date(2026, 11, 24), root=True) == "2026-11-24"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"firstName": "Ada"}, "Ada"),
        ({"first_name": "Ada"}, "Ada"),
        ({"first_name": None, "firstName": "Ada"}, "Ada"),
        ({"first_name": "Ada", "firstName": "Bea"}, "Ada"),
        ({"first_name": None}, None),
        ({"firstName": None}, None),
        ({"FirstName": "Ada"}, "d"),
    ],
)
def test_a_field_of_the_record_goes_by_either_spelling(record: Any, expected: Any) -> None:
    assert value_of({"var": ["first_name", "d"]}, record, root=True) == expected


def test_snake_case_comes_first_whatever_was_written() -> None:
    record = {"first_name": "Ada", "firstName": "Bea"}
    assert value_of({"var": "firstName"}, record, root=True) == "Ada"
    assert value_of({"missing": ["firstName"]}, {"first_name": "Ada"}, root=True) == []
    assert value_of({"missing_some": [1, ["firstName"]]}, {"first_name": "Ada"}, root=True) == []
    assert value_of({"val": "firstName"}, {"first_name": "Ada"}, root=True) == "Ada"
    assert value_of({"exists": "firstName"}, {"first_name": "Ada"}, root=True) is True


def test_inside_a_list_and_after_a_failure_keys_are_taken_exactly() -> None:
    record = {"team": [{"first_name": "Ada"}]}
    for rule in (
        {"map": [{"var": "team"}, {"var": "firstName"}]},
        {"reduce": [{"var": "team"}, [{"var": "current.firstName"}], 0]},
        [{"try": [{"throw": {"var": "team.0"}}, {"var": "firstName"}]}],
    ):
        assert value_of(rule, record, root=True) == [None]


def test_instants_are_text_wherever_they_come_from() -> None:
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    record = {"at": moment, "all": [moment]}
    text = "2026-11-24T12:00:00Z"
    assert value_of({"===": [{"var": "at"}, text]}, record)
    assert value_of({"in": [text, {"var": "all"}]}, record)
    assert value_of({"cat": {"var": "all"}}, record) == text
    assert value_of({"map": [{"var": "all"}, {"var": ""}]}, record) == [text]
    assert value_of({"reduce": [{"var": "all"}, {"var": "current"}]}, record) == text
    assert value_of({"var": "at"}, {"at": datetime(2026, 11, 24)}) == "2026-11-24T00:00:00"


@pytest.mark.parametrize(
    ("value", "text", "counts"),
    [
        (Decimal("0.1"), "0.1", True),
        (Decimal(0), "0", False),
        (Decimal("sNaN"), "NaN", False),
        (Decimal("NaN"), "NaN", False),
        (float("nan"), "NaN", False),
        (Decimal("-Infinity"), "-Infinity", True),
        (10**400, "Infinity", True),
        (-(10**400), "-Infinity", True),
        ({1, 2}, "[object Object]", True),
        (b"", "[object Object]", True),
    ],
)
def test_whatever_python_can_hold_has_a_text_and_counts_or_not(value: Any, text: str, *, counts: bool) -> None:
    assert value_of({"cat": [{"var": "x"}]}, {"x": value}) == text
    assert value_of({"!!": [{"var": "x"}]}, {"x": value}) is counts


def test_a_list_that_holds_itself_is_written_in_part() -> None:
    endless: list[Any] = ["a"]
    endless.append(endless)
    assert text_of(endless, Run()) == ",".join(["a"] * 32) + ","


def test_exact_numbers_compare_exactly() -> None:
    assert value_of({"===": [{"var": "x"}, 0.1]}, {"x": Decimal("0.1")})
    assert not value_of({"===": [{"var": "x"}, 2**60]}, {"x": 2**60 + 1})


# --- the host's own ---------------------------------------------------------------------------------------------------


def test_a_host_adds_operations_of_its_own() -> None:
    lower = CustomOperation(name="lower", call=str.lower)
    program = Program({"lower": {"var": "city"}}, [lower])
    assert program.value({"city": "BONN"}) == "bonn"
    assert program.failure({}) == {"type": "TypeError", "operation": "lower"}
    assert not program.holds({})


def test_an_own_operation_that_fails_can_be_tried() -> None:
    lower = CustomOperation(name="lower", call=str.lower)
    assert Program({"try": [{"lower": [1]}, {"val": "operation"}]}, [lower]).value({}) == "lower"


def test_an_own_operation_gets_its_arguments_one_by_one() -> None:
    joined = CustomOperation(name="joined", call=lambda *texts: "-".join(texts))
    assert Program({"joined": ["a", {"cat": ["b", "c"]}]}, [joined]).value({}) == "a-bc"


def test_an_operation_that_nobody_knows_cannot_be_built() -> None:
    with pytest.raises(Thrown) as thrown:
        Program({"lower": 1})
    assert thrown.value.error == {"type": "Unknown Operator", "key": "lower"}


# --- what docs/howto/jsonlogic.md says is supported -------------------------------------------------------------------

AS_THE_REFERENCE = [
    ({"==": [None, 0]}, False),
    ({"!": [{"+": ["x"]}]}, True),
    ({"!=": ["x", 1]}, True),
    ({"+": ["3 pieces", 1]}, 4),
    ({"*": ["3 pieces", 1]}, 3),
    ({"!": [{"+": [None, 1]}]}, True),
    ({"!": [{"*": [True, 1]}]}, True),
    ({"<": [1]}, False),
    ({"and": True}, True),
    ({"map": [1, 1]}, []),
    ({"filter": [1, 1]}, []),
    ({"all": [1, 1]}, False),
    ({"some": [1, 1]}, False),
    ({"none": [1, 1]}, True),
]


@pytest.mark.parametrize(("rule", "expected"), AS_THE_REFERENCE, ids=[json.dumps(rule) for rule, _ in AS_THE_REFERENCE])
def test_where_the_tables_differ_the_reference_is_followed(rule: Any, expected: Any) -> None:
    assert written(value_of(rule)) == written(expected)
