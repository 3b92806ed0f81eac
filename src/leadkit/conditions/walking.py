"""Walking over the tree: every condition in it, the fields that it reads, the related records that it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from leadkit.conditions.ast import And, Comparison, Condition, Items, JsonLogic, Not, Or, Related
from leadkit.conditions.jsonlogic.looking import paths_in
from leadkit.conditions.operands import operand_fields
from leadkit.conditions.places import at_index, at_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from leadkit.conditions.paths import Path
    from leadkit.values.times import Duration

__all__ = ["RelatedNeed", "children_of", "fields_of", "placed_children", "related_needs"]


def children_of(condition: Condition) -> tuple[Condition, ...]:
    """Answer the conditions that stand directly in another and speak of the same record.

    Args:
        condition: Any condition. What is asked of items and of related records speaks of other records.
    """
    match condition:
        case And(items=items) | Or(items=items):
            return items
        case Not(item=item):
            return (item,)
        case _:
            return ()


def placed_children(condition: Condition, at: str) -> list[tuple[Condition, str]]:
    """Answer the conditions that `children_of` does, each with its JSON path, as it was written.

    Args:
        condition: Any condition.
        at: Its JSON path.
    """
    match condition:
        case And(items=items, spelling=key) | Or(items=items, spelling=key):
            return [(item, at_index(at_key(at, key), index)) for index, item in enumerate(items)]
        case Not(item=item, spelling="none"):
            # `none` was written over the items of what is an `or` here.
            return [(item, at)]
        case Not(item=item):
            return [(item, at_key(at, "not"))]
        case _:
            return []


def _of_one_record(condition: Condition) -> Iterator[Condition]:
    yield condition
    for child in children_of(condition):
        yield from _of_one_record(child)


def fields_of(condition: Condition) -> tuple[Path, ...]:
    """Answer the fields of the record that a condition reads, each once, in the order in which they stand.

    Args:
        condition: Any condition.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> fields = fields_of(read_condition({"field": "score", "op": ">", "value": {"field": "properties.bar"}}))
        >>> [path.text for path in fields]
        ['score', 'properties.bar']
    """
    found: dict[Path, None] = {}
    for node in _of_one_record(condition):
        if isinstance(node, Comparison | Items):
            found.setdefault(node.path)
        if isinstance(node, Comparison | Related):
            for path in operand_fields(node.operand):
                found.setdefault(path)
        if isinstance(node, JsonLogic):
            for path in paths_in(node.rule):
                found.setdefault(path)
    return tuple(found)


@attrs.frozen(kw_only=True)
class RelatedNeed:
    """What a condition asks of one kind of related record.

    Attributes:
        kind: The kind.
        fields: The fields of such records that are read, each once.
        windows: How far back they are wanted; empty when all of them are.
    """

    kind: str
    fields: tuple[Path, ...]
    windows: tuple[Duration, ...]

    def since(self, as_of: datetime) -> datetime | None:
        """Answer the instant from which such records are wanted, None when all of them are.

        Args:
            as_of: Now.
        """
        return min((window.before(as_of) for window in self.windows), default=None)


def related_needs(*conditions: Condition) -> tuple[RelatedNeed, ...]:
    """Answer what conditions together ask of related records, one need a kind, in the order in which they stand.

    Args:
        conditions: Any conditions, such as all of a ruleset.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> (need,) = related_needs(read_condition({"related": "activities", "within": "30d"}))
        >>> need.kind, [path.text for path in need.fields], [window.text for window in need.windows]
        ('activities', ['at'], ['30d'])
    """
    nodes: dict[str, list[Related]] = {}
    for condition in conditions:
        for node in _of_one_record(condition):
            for found in _related_in(node):
                nodes.setdefault(found.kind, []).append(found)
    return tuple(_need(kind, found) for kind, found in nodes.items())


def _related_in(node: Condition) -> Iterator[Related]:
    if isinstance(node, Related):
        yield node


def _need(kind: str, nodes: list[Related]) -> RelatedNeed:
    fields: dict[Path, None] = {}
    for node in nodes:
        wanted = () if node.where is None else fields_of(node.where)
        timed = node.within is not None or (node.of is None and node.aggregate != "count")
        for path in (*wanted, node.of, node.time if timed else None):
            if path is not None:
                fields.setdefault(path)
    windows = tuple(dict.fromkeys(node.within for node in nodes if node.within is not None))
    bounded = all(node.within is not None for node in nodes)
    return RelatedNeed(kind=kind, fields=tuple(fields), windows=windows if bounded else ())
