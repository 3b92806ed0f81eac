"""A condition as a field of a pydantic document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic_core import CoreSchema, core_schema

from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Not, Or, Related
from leadkit.conditions.dumping import dump_condition
from leadkit.conditions.reading import read_condition
from leadkit.conditions.schema import condition_outline
from leadkit.conditions.vocabulary import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

__all__ = ["ConditionField", "core_schema_of_conditions"]

_NODES = (And, Or, Not, Comparison, Items, JsonLogic, Related)


class _AsField:
    """Tells pydantic how a condition is read, written and described."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema_of_conditions()

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return condition_outline()


def core_schema_of_conditions() -> CoreSchema:
    """Answer how pydantic reads a condition and writes it."""
    return core_schema.with_info_plain_validator_function(
        _read, serialization=core_schema.plain_serializer_function_ser_schema(dump_condition)
    )


def _read(value: Any, info: core_schema.ValidationInfo) -> Condition:
    if isinstance(value, _NODES):
        return value
    context: Mapping[str, Any] = info.context or {}
    vocabulary = context.get("vocabulary", DEFAULT)
    return read_condition(value, vocabulary=vocabulary)


ConditionField = Annotated[Condition, _AsField()]
"""A condition in a pydantic document: read from JSON, written back as JSON, described in the document's JSON Schema.

A host's own words come in through the validation context, as `{"vocabulary": Vocabulary(...)}`. A faulty condition
raises `RuleErrors`, which pydantic lets pass: it names every fault, with paths that begin at the condition.
"""
