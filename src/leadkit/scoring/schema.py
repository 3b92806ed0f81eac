"""The JSON Schema of rulesets and of their tests, for editors: every key with what it means, conditions in full.

A schema accepts all that leadkit accepts, except for what an editor is better off to mark: the words of an operator in
capitals, and keys in snake_case. It cannot say all that leadkit refuses: that is what `check` is for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions import condition_schema
from leadkit.conditions.records import is_list, is_mapping
from leadkit.scoring.rule_tests import RuleTests
from leadkit.scoring.ruleset import Ruleset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadkit.values import Document

__all__ = ["rule_tests_schema", "ruleset_schema"]

_CONDITION: Final = {"$ref": "#/$defs/condition"}
# The sections of a docstring, and an entry of its attributes; what is indented further goes on with it.
_SECTION: Final = re.compile(r"\n\n(?=[A-Z][a-z]+:\n)")
_ENTRY: Final = re.compile(r"^ {4}(\w+): (.+(?:\n {8}.+)*)$", re.MULTILINE)


def ruleset_schema() -> dict[str, Any]:
    """Answer the JSON Schema of a ruleset.

    Example:
        >>> ruleset_schema()["properties"]["total"]["description"]
        'How far the score may go.'
    """
    schema = _schema_of(Ruleset)
    schema["$defs"]["ScoringRule"]["properties"]["condition"] = {
        **_CONDITION,
        "description": schema["$defs"]["ScoringRule"]["properties"]["condition"]["description"],
    }
    schema["$defs"].update(condition_schema()["$defs"])
    return schema


def rule_tests_schema() -> dict[str, Any]:
    """Answer the JSON Schema of tests of a ruleset.

    Example:
        >>> rule_tests_schema()["required"]
        ['tests']
    """
    return _schema_of(RuleTests)


def _schema_of(document: type[Document]) -> dict[str, Any]:
    found = document.model_json_schema()
    written: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_tidied(found)}
    for part in (written, *written.get("$defs", {}).values()):
        _described(part)
    return written


def _tidied(part: Any) -> Any:
    """Leave out titles, which repeat the names, and `multipleOf`, by which many validators refuse 0.07."""
    if is_list(part):
        return [_tidied(each) for each in part]
    if not is_mapping(part):
        return part
    members: Mapping[str, Any] = part
    tidied = {key: _tidied(value) for key, value in members.items() if key not in ("multipleOf", "properties", "title")}
    if "properties" in members:
        # Here the keys are names, whatever they are.
        tidied["properties"] = {name: _tidied(value) for name, value in members["properties"].items()}
        if "title" in members:
            tidied["title"] = members["title"]
    return tidied


def _described(part: dict[str, Any]) -> None:
    """Hand what a docstring says of its attributes to the properties; of the rest its first paragraph stays."""
    head, *sections = _SECTION.split(part["description"])
    part["description"] = " ".join(head.split())
    attributes = next((section for section in sections if section.startswith("Attributes:")), "")
    entries = {name: " ".join(text.split()) for name, text in _ENTRY.findall(attributes)}
    for name, member in part.get("properties", {}).items():
        member["description"] = entries[_snake(name)]


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)
