from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from leadkit.conditions import (
    OPERATORS,
    And,
    ConditionField,
    RelatedKind,
    Vocabulary,
    condition_schema,
    read_condition,
)
from leadkit.conditions.operators import ALIASES, Shape
from leadkit.conditions.related import AGGREGATES
from leadkit.conditions.schema import condition_outline
from leadkit.errors import RuleErrors

SCHEMAS = Path(__file__).parents[2] / "cases" / "condition_schemas.json"


class Rule(BaseModel):
    name: str
    condition: ConditionField = And(items=())


NEW = {"field": "status", "op": "==", "value": "new"}


def test_a_document_reads_a_condition_and_writes_it_back() -> None:
    rule = Rule.model_validate({"name": "r", "condition": {**NEW, "op": "eq"}})
    assert rule.condition == read_condition(NEW)
    assert rule.model_dump() == {"name": "r", "condition": NEW}
    assert json.loads(rule.model_dump_json()) == {"name": "r", "condition": NEW}
    assert Rule.model_validate_json(rule.model_dump_json()) == rule


def test_a_document_takes_a_condition_that_was_read_already() -> None:
    condition = read_condition({"none": [NEW, {"field": "x", "any": NEW}, {"related": "tasks"}]})
    assert Rule(name="r", condition=condition).condition is condition
    for each in (read_condition(NEW), read_condition({"related": "tasks"}), And(items=())):
        assert Rule(name="r", condition=each).condition is each
    assert Rule(name="r").condition == And(items=())


def test_faults_of_a_condition_pass_through_pydantic() -> None:
    with pytest.raises(RuleErrors) as caught:
        Rule.model_validate({"name": 5, "condition": {"field": "a", "op": "=>", "value": 1}})
    assert [str(fault) for fault in caught.value.faults] == ["$.op: unknown operator `=>`; did you mean `>=`?"]


def test_a_hosts_words_come_in_through_the_context() -> None:
    vocabulary = Vocabulary().with_related(RelatedKind(name="invoices"))
    data = {"name": "r", "condition": {"related": "invoices"}}
    assert Rule.model_validate(data, context={"vocabulary": vocabulary}).name == "r"
    with pytest.raises(RuleErrors):
        Rule.model_validate(data, context={"other": 1})
    with pytest.raises(RuleErrors):
        Rule.model_validate(data)


def test_the_schema_of_a_document_outlines_its_conditions() -> None:
    schema = Rule.model_json_schema()["properties"]["condition"]
    outline = condition_outline()
    assert schema == {**outline, "default": {"and": []}}
    assert outline["title"] == "Condition"
    assert outline["type"] == "object"
    assert [form["required"] for form in outline["anyOf"]] == [
        *(["field", "op"], ["and"], ["or"], ["not"], ["all"], ["any"], ["none"], ["related"], ["jsonlogic"])
    ]
    assert outline["anyOf"][0]["properties"]["op"]["examples"] == list(OPERATORS)
    for example in outline["examples"]:
        TypeAdapter(ConditionField).validate_python(example)


def forms_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return schema["$defs"]["condition"]["anyOf"]


def test_the_schema_of_the_language_has_a_form_for_every_operator() -> None:
    schema = condition_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$ref"] == "#/$defs/condition"
    comparisons = {
        form["properties"]["op"]["enum"][0]: form
        for form in forms_of(schema)
        if "op" in form.get("properties", {}) and "field" in form["properties"]
    }
    assert list(comparisons) == list(OPERATORS)
    for name, form in comparisons.items():
        row = OPERATORS[name]
        assert form["properties"]["op"]["enum"] == [name, *row.aliases]
        assert form["properties"]["op"]["description"] == row.description
        assert ("ignoreCase" in form["properties"]) is row.folds_case
        assert form["required"] == (["field", "op"] if row.shape is Shape.NOTHING else ["field", "op", "value"])
        assert form["additionalProperties"] is False
    assert all(meant in OPERATORS for meant in ALIASES.values())


def test_the_schema_of_the_language_has_every_other_form() -> None:
    connectives, *_, items, related, jsonlogic = forms_of(condition_schema())
    assert [form["required"] for form in connectives["anyOf"]] == [["and"], ["or"], ["all"], ["any"], ["none"], ["not"]]
    assert [form["required"] for form in items["anyOf"]] == [["field", "any"], ["field", "all"], ["field", "none"]]
    assert related["required"] == ["related"]
    assert (jsonlogic["properties"], jsonlogic["required"]) == ({"jsonlogic": {}}, ["jsonlogic"])
    assert related["properties"]["aggregate"]["enum"] == list(AGGREGATES)
    assert set(related["properties"]) == {"related", "where", "within", "aggregate", "of", "op", "value", "ignoreCase"}


def test_the_schemas_are_those_that_editors_were_given() -> None:
    """A change of the language shows here; when it is meant, the file is written anew."""
    given = json.loads(SCHEMAS.read_text(encoding="utf-8"))
    assert condition_schema() == given["condition"]
    assert condition_outline() == given["outline"]


def test_every_reference_of_the_schema_leads_somewhere() -> None:
    schema = condition_schema()
    text = json.dumps(schema)
    for name in ("condition", "scalar", "reference", "datetime"):
        assert name in schema["$defs"]
        assert f"#/$defs/{name}" in text
    _, *references = schema["$defs"]["reference"]["anyOf"]
    assert [form["required"] for form in references] == [["field"], ["now"]]
