"""The normal form of a condition, by which rules are compared and rulesets get their fingerprints.

What differs only in spelling, in order or in where its negations stand has the same normal form, and means the
same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.conditions.ast import And, Atom, Comparison, Condition, Items, JsonLogic, Not, Or, Quantifier, Related
from leadkit.conditions.dumping import dump_condition
from leadkit.conditions.kinds import Scalar, lowered
from leadkit.conditions.operands import FieldOperand, Literal, Literals, NowOperand, Operand, Pair, Span
from leadkit.conditions.operators import OPPOSITES
from leadkit.values.json import canonical_json, fingerprint
from leadkit.values.times import Duration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadkit.conditions.paths import Path

__all__ = ["canonical", "canonical_atom", "duplicates", "equivalent", "fingerprint_of"]


def canonical(condition: Condition) -> Condition:
    """Answer the normal form of a condition, which holds exactly where the condition does.

    Args:
        condition: Any condition.

    Example:
        >>> from leadkit.conditions import dump_condition, read_condition
        >>> dump_condition(canonical(read_condition({"not": {"field": "firstName", "op": "in", "value": ["Al"]}})))
        {'field': 'first_name', 'op': '!=', 'value': 'Al'}
    """
    match condition:
        case And(items=items):
            return _joined(And, items)
        case Or(items=items):
            return _joined(Or, items)
        case Not(item=item):
            return _opposite(item)
        case _:
            return canonical_atom(condition)


def canonical_atom(atom: Atom) -> Atom:
    """Answer the normal form of a node that holds no other of the same record.

    Args:
        atom: The node.
    """
    match atom:
        case Comparison():
            return _comparison(atom)
        case Items():
            return attrs.evolve(atom, path=_path(atom.path), condition=canonical(atom.condition))
        case JsonLogic():
            return atom
        case _:
            return _related(atom)


def equivalent(one: Condition, other: Condition) -> bool:
    """Tell whether two conditions differ in nothing but how they are written.

    Conditions that mean the same for deeper reasons may be told apart; conditions held equivalent always mean the same.

    Args:
        one: A condition.
        other: Another.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> one = read_condition({"not": {"field": "status", "op": "==", "value": "new"}})
        >>> equivalent(one, read_condition({"field": "status", "op": "ne", "value": "new"}))
        True
    """
    return canonical(one) == canonical(other)


def fingerprint_of(condition: Condition) -> str:
    """Answer 64 hexadecimal digits that equivalent conditions share.

    Args:
        condition: Any condition.
    """
    return fingerprint(dump_condition(canonical(condition)))


def duplicates(conditions: Iterable[Condition]) -> tuple[tuple[int, ...], ...]:
    """Answer the positions of conditions that are equivalent to each other, one group for each that stands repeatedly.

    Args:
        conditions: Any conditions, such as those of the rules of a set.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> rule = {"field": "score", "op": ">", "value": 1}
        >>> duplicates(map(read_condition, [rule, {"and": []}, {"and": [rule]}]))
        ((0, 2),)
    """
    places: dict[Condition, list[int]] = {}
    for position, condition in enumerate(conditions):
        places.setdefault(canonical(condition), []).append(position)
    return tuple(tuple(group) for group in places.values() if len(group) > 1)


def _joined(cls: type[And | Or], items: Iterable[Condition]) -> Condition:
    flat: list[Condition] = []
    for item in map(canonical, items):
        flat.extend(item.items if isinstance(item, cls) else (item,))
    unique = sorted(dict.fromkeys(flat), key=_sort_key)
    return unique[0] if len(unique) == 1 else cls(items=tuple(unique))


def _sort_key(condition: Condition) -> str:
    return canonical_json(dump_condition(condition))


def _opposite(condition: Condition) -> Condition:
    """Answer the normal form of the opposite: negations move inward until none is left, or an atom holds the last."""
    match condition:
        case And(items=items):
            return _joined(Or, [Not(item=item) for item in items])
        case Or(items=items):
            return _joined(And, [Not(item=item) for item in items])
        case Not(item=item):
            return canonical(item)
        case Comparison(operator=operator) | Related(operator=operator) if operator in OPPOSITES:
            return canonical(attrs.evolve(condition, operator=OPPOSITES[operator]))
        case Items(quantifier="any" | "none"):
            opposite: Quantifier = "none" if condition.quantifier == "any" else "any"
            return canonical(attrs.evolve(condition, quantifier=opposite))
        case _:
            return Not(item=canonical(condition))


def _comparison(node: Comparison) -> Comparison:
    return Comparison(path=_path(node.path), **_criterion(node))


def _related(node: Related) -> Related:
    return attrs.evolve(
        node,
        where=None if node.where is None else canonical(node.where),
        within=None if node.within is None else _duration(node.within),
        of=None if node.of is None else _path(node.of),
        **_criterion(node),
    )


def _criterion(node: Comparison | Related) -> dict[str, Any]:
    operator, operand = node.operator, _operand(node.operand, ignore_case=node.ignore_case)
    # One value in a list is that value.
    if isinstance(operand, Literals) and len(operand.values) == 1 and operator in _OF_ONE:
        operator, operand = _OF_ONE[operator], Literal(operand.values[0])
    return {"operator": operator, "operand": operand, "ignore_case": node.ignore_case}


_OF_ONE = {"in": "==", "not_in": "!="}


def _operand(operand: Operand | None, *, ignore_case: bool) -> Operand | None:
    match operand:
        case Literal(value):
            return Literal(_scalar(value, ignore_case=ignore_case))
        case Literals(values):
            unique = dict.fromkeys(Literal(_scalar(value, ignore_case=ignore_case)) for value in values)
            return Literals(tuple(literal.value for literal in sorted(unique, key=repr)))
        case Pair(low, high):
            return Pair(_operand(low, ignore_case=False), _operand(high, ignore_case=False))  # type: ignore[arg-type] # a basic operand stays one
        case FieldOperand(path):
            return FieldOperand(_path(path))
        case NowOperand(offset, ahead):
            return NowOperand(_duration(offset), ahead=ahead and offset != _NONE)
        case Span(duration):
            return Span(_duration(duration))
        case _:
            return operand


_NONE = Duration(months=0, seconds=0, text="")


def _scalar(value: Scalar, *, ignore_case: bool) -> Scalar:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    plain: Scalar = lowered(value) if ignore_case else value
    return plain


def _duration(duration: Duration) -> Duration:
    return attrs.evolve(duration, text=duration.canonical)


def _path(path: Path) -> Path:
    return attrs.evolve(path, text=path.canonical)
