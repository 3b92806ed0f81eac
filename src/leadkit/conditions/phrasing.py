"""Saying a condition in words, for explanations and warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Not, Or, Related
from leadkit.conditions.operands import FieldOperand, Literal, Literals, Operand, Pair, Pattern, Span
from leadkit.conditions.operators import OPERATORS
from leadkit.conditions.related import AGGREGATES
from leadkit.conditions.wording import printable, shortened, shown

if TYPE_CHECKING:
    from leadkit.conditions.kinds import Scalar
    from leadkit.conditions.paths import Path
    from leadkit.values.times import Duration

__all__ = ["phrase", "phrase_operand", "phrase_path", "subject"]

_MOST_LISTED: Final = 5
_JOINED: Final = {And: "all of", Or: "any of"}


def phrase(condition: Condition) -> str:
    """Say a condition in words; of one that holds others only what it asks of them.

    Args:
        condition: Any condition.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> phrase(read_condition({"field": "score", "op": "between", "value": [50, 80]}))
        'score is between 50 and 80'
        >>> phrase(read_condition({"related": "activities", "within": "30d", "op": ">", "value": 2}))
        'number of activities in the last 30d is more than 2'
    """
    match condition:
        case And() | Or():
            return _JOINED[type(condition)]
        case Not(item=Or()):
            return "none of"
        case Not():
            return "not"
        case Items():
            return f"{condition.quantifier} of {phrase_path(condition.path)}"
        case JsonLogic(text=text):
            return f"JSON Logic {printable(shortened(text))}"
        case _:
            return f"{subject(condition)} {_predicate(condition)}"


def subject(node: Comparison | Related) -> str:
    """Name what is compared: a field, or an aggregate of related records.

    Args:
        node: A comparison, or a condition over related records.
    """
    if isinstance(node, Comparison):
        return phrase_path(node.path)
    of = "" if node.of is None else f"{phrase_path(node.of)} of "
    matching = "" if node.where is None else "matching "
    window = "" if node.within is None else f" in the last {node.within.text}"
    return f"{AGGREGATES[node.aggregate].label} {of}{matching}{node.kind}{window}"


def _predicate(node: Comparison | Related) -> str:
    words = [OPERATORS[node.operator].label]
    if node.operand is not None:
        words.append(phrase_operand(node.operand))
    if node.ignore_case:
        words.append("(in any case)")
    return " ".join(words)


def phrase_operand(operand: Operand) -> str:
    """Say what a field is compared with.

    Args:
        operand: Any operand.
    """
    match operand:
        case Literal(value):
            return shown(value)
        case Literals(values):
            return _listed(values)
        case Pattern(text):
            return shown(text)
        case Span(duration):
            return duration.text
        case FieldOperand(path):
            return phrase_path(path)
        case Pair(low, high):
            return f"{phrase_operand(low)} and {phrase_operand(high)}"
        case _:
            return _from_now(operand.offset, ahead=operand.ahead)


def phrase_path(path: Path) -> str:
    """Name a field.

    Args:
        path: Where it stands.
    """
    return printable(shortened(path.text)) if path.segments else "the item"


def _listed(values: tuple[Scalar, ...]) -> str:
    words = [shown(value) for value in values[:_MOST_LISTED]]
    if len(values) > _MOST_LISTED:
        words.append(f"{len(values) - _MOST_LISTED} more")
    return " or ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part) or "nothing"


def _from_now(offset: Duration, *, ahead: bool) -> str:
    if not offset.months and not offset.seconds:
        return "now"
    return f"{offset.text} from now" if ahead else f"{offset.text} ago"
