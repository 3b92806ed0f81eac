"""Reading a rule of JSON Logic as a condition: every operation known, every fault in its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions.ast import JsonLogic
from leadkit.conditions.jsonlogic.building import arguments_of
from leadkit.conditions.jsonlogic.looking import Call, calls_in
from leadkit.conditions.jsonlogic.operations import NAMES
from leadkit.conditions.jsonlogic.values import plain
from leadkit.conditions.operators import MISTAKEN
from leadkit.conditions.places import at_index, at_key
from leadkit.conditions.records import is_list, is_mapping
from leadkit.errors import Fault, did_you_mean
from leadkit.values.json import canonical_json

if TYPE_CHECKING:
    from leadkit.conditions.vocabulary import Vocabulary

__all__ = ["read_rule"]

_MOST_SHOWN: Final = 80
# What other engines have, and why it is not here.
_ELSEWHERE: Final = {
    "preserve": "a literal is a list, or an object with none or several keys",
    "method": "it would call the methods of objects",
    "regex": "the operator `matches` of native conditions has regular expressions",
    "**": "no engine but its own has it",
}


def read_rule(
    rule: Any, at: str, faults: list[Fault], vocabulary: Vocabulary, *, depth: int = 1
) -> tuple[JsonLogic | None, int]:
    """Read a rule that has passed `within_bounds`: the condition, None when a fault was added; and its operations.

    Args:
        rule: Plain JSON values.
        at: The JSON path of the rule.
        faults: Where faults are added.
        vocabulary: The words and limits to go by.
        depth: How deep the condition stands.
    """
    before, count = len(faults), 0
    own: dict[str, None] = {}
    for call in calls_in(rule, at, depth=depth):
        count += 1
        if call.depth > vocabulary.limits.depth:
            message = f"operations may stand {vocabulary.limits.depth} deep inside each other"
            faults.append(Fault(path=call.at, message=message, code="too-deep"))
            break
        if count > vocabulary.limits.nodes:
            faults.append(Fault(path=at, message=f"more than {vocabulary.limits.nodes} conditions", code="too-many"))
            break
        faults.extend(_faults_of(call, vocabulary))
        own.setdefault(call.key)
    faults.extend(_of_several(rule, at))
    if len(faults) > before:
        return None, count
    operations = tuple(vocabulary.operations[key] for key in own if key in vocabulary.operations)
    return JsonLogic(text=canonical_json(as_json(rule)), operations=operations), count


def _faults_of(call: Call, vocabulary: Vocabulary) -> list[Fault]:
    if call.key in vocabulary.operations:
        return []
    name = NAMES.get(call.key)
    if name is None:
        text = call.key[:_MOST_SHOWN]
        known = _ELSEWHERE.get(call.key)
        meant = MISTAKEN.get(text)
        hint = did_you_mean(text, [*NAMES, *vocabulary.operations]) if meant is None else f"; did you mean `{meant}`?"
        message = f"unknown operation `{text}`{hint if known is None else f': {known}'}"
        return [Fault(path=at_key(call.at, call.key), message=message, code="unknown-operation")]
    arguments = arguments_of(call.given)
    if name in ("val", "exists") and arguments and is_list(arguments[0]):
        message = f"`{name}` takes keys; the scopes around an item are a proposal that engines do not agree on"
        return [Fault(path=at_key(call.at, call.key), message=message, code="unsupported")]
    return []


def _of_several(rule: Any, at: str) -> list[Fault]:
    """Find objects with several keys of which one is an operation: literals to JSON Logic, which nobody meant."""
    if is_list(rule):
        return [fault for index, item in enumerate(rule) for fault in _of_several(item, at_index(at, index))]
    if not is_mapping(rule):
        return []
    if len(rule) == 1:
        ((key, given),) = rule.items()
        return _of_several(given, at_key(at, key))
    called = next((key for key in rule if key in NAMES and not key.isalpha()), None)
    if called is None:
        return []
    message = f"an operation is an object with one key; `{called}` stands beside others"
    return [Fault(path=at, message=message, code="wrong-keys")]


def as_json(value: Any) -> Any:
    """Answer what was built in Python as JSON has it.

    Args:
        value: What has passed `within_bounds`.
    """
    if is_mapping(value):
        return {str.__str__(key): as_json(item) for key, item in value.items()}
    if is_list(value):
        return [as_json(item) for item in value]
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return plain(value) if isinstance(value, date) else value
