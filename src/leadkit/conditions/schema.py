"""The JSON Schema of the language, built from the table of operators, for editors and for API descriptions."""

from __future__ import annotations

from typing import Any, Final

from leadkit.conditions.operators import ALIASES, OPERATORS, Shape
from leadkit.conditions.patterns import MOST_PATTERN
from leadkit.conditions.related import AGGREGATES

__all__ = ["condition_outline", "condition_schema"]

_SELF: Final = {"$ref": "#/$defs/condition"}
_SCALAR: Final = {"$ref": "#/$defs/scalar"}
_PATH: Final[dict[str, Any]] = {"type": "string", "minLength": 1}
_DURATION: Final[dict[str, Any]] = {"type": "string", "examples": ["30d", "12h", "3mo", "P1M10D"]}
_REFERENCE: Final = {"$ref": "#/$defs/reference"}
_DATETIME: Final = {"$ref": "#/$defs/datetime"}
_VALUES: Final[dict[Shape, dict[str, Any]]] = {
    Shape.NOTHING: {"const": True},
    Shape.SCALAR: {"anyOf": [_SCALAR, _REFERENCE]},
    Shape.ORDERED: {"anyOf": [{"type": ["string", "number"]}, _REFERENCE]},
    Shape.PAIR: {
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "items": {"anyOf": [{"type": ["string", "number"]}, _REFERENCE]},
    },
    Shape.SCALARS: {"anyOf": [{"type": "array", "items": {"anyOf": [_SCALAR, _DATETIME]}}, _REFERENCE]},
    Shape.TEXT: {"anyOf": [{"type": "string"}, _REFERENCE]},
    Shape.PATTERN: {"type": "string", "maxLength": MOST_PATTERN},
    Shape.INSTANT: {"anyOf": [{"type": "string", "examples": ["2026-01-01T00:00:00Z"]}, _REFERENCE]},
    Shape.DURATION: _DURATION,
}


def condition_schema() -> dict[str, Any]:
    """Answer the JSON Schema of a condition, as a document of its own.

    Example:
        >>> condition_schema()["$ref"]
        '#/$defs/condition'
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Condition",
        **_SELF,
        "$defs": {
            "condition": {
                "anyOf": [
                    _connectives(),
                    *_comparisons(),
                    _items(),
                    _related(),
                    _object({"jsonlogic": {}}, "jsonlogic"),
                ]
            },
            "scalar": {"type": ["string", "number", "boolean"]},
            "datetime": _object({"datetime": {"type": "string"}}, "datetime"),
            "reference": {
                "anyOf": [_DATETIME, *(_object({name: {"type": "string"}}, name) for name in ("field", "now"))]
            },
        },
    }


def condition_outline() -> dict[str, Any]:
    """Answer the JSON Schema of a condition as a part of another document: its forms, one level deep.

    Example:
        >>> condition_outline()["title"]
        'Condition'
    """
    nested: dict[str, Any] = {"type": "object", "title": "Condition"}
    listed = {"type": "array", "items": nested}
    operators = {"type": "string", "examples": list(OPERATORS)}
    return {
        "title": "Condition",
        "description": "A condition of the rule language; conditions stand inside each other at will.",
        "type": "object",
        "anyOf": [
            {"properties": {"field": _PATH, "op": operators, "value": {}}, "required": ["field", "op"]},
            *({"properties": {key: listed}, "required": [key]} for key in ("and", "or")),
            {"properties": {"not": nested}, "required": ["not"]},
            *({"properties": {key: {}}, "required": [key]} for key in ("all", "any", "none")),
            {"properties": {"related": {"type": "string"}, "where": nested}, "required": ["related"]},
            {"properties": {"jsonlogic": {}}, "required": ["jsonlogic"]},
        ],
        "examples": [OPERATORS["=="].example, {"and": [OPERATORS[">="].example, OPERATORS["within"].example]}],
    }


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _connectives() -> dict[str, Any]:
    listed = {"type": "array", "items": _SELF}
    forms = [_object({key: listed}, key) for key in ("and", "or", "all", "any", "none")]
    return {"anyOf": [*forms, _object({"not": _SELF}, "not")]}


def _comparisons() -> list[dict[str, Any]]:
    return [_object({"field": _PATH, **_criterion(name)}, "field", *_required(name)) for name in OPERATORS]


def _criterion(name: str) -> dict[str, Any]:
    row = OPERATORS[name]
    spellings = [name, *(alias for alias, meant in ALIASES.items() if meant == name)]
    written: dict[str, Any] = {
        "op": {"enum": spellings, "description": row.description},
        "value": _VALUES[row.shape],
    }
    return {**written, "ignoreCase": {"type": "boolean"}} if row.folds_case else written


def _required(name: str) -> tuple[str, ...]:
    return ("op",) if OPERATORS[name].shape is Shape.NOTHING else ("op", "value")


def _items() -> dict[str, Any]:
    return {"anyOf": [_object({"field": _PATH, key: _SELF}, "field", key) for key in ("any", "all", "none")]}


def _related() -> dict[str, Any]:
    asked: dict[str, Any] = {"op": {"type": "string"}, "value": {}, "ignoreCase": {"type": "boolean"}}
    of: dict[str, Any] = {"aggregate": {"enum": list(AGGREGATES)}, "of": _PATH}
    return _object({"related": {"type": "string"}, "where": _SELF, "within": _DURATION, **of, **asked}, "related")
