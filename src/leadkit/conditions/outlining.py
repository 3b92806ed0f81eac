"""Saying a whole condition in words, one line a clause, and what differs between two of them."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

from leadkit.conditions.ast import Items, Related
from leadkit.conditions.canonical import equivalent
from leadkit.conditions.dumping import dump_condition
from leadkit.conditions.phrasing import phrase
from leadkit.conditions.walking import children_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadkit.conditions.ast import Condition

__all__ = ["outline", "outline_changes"]


def outline(condition: Condition) -> list[str]:
    """Say a condition in words, one line a clause, the clauses inside another indented.

    Args:
        condition: Any condition.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> for line in outline(read_condition({"and": [
        ...     {"field": "status", "op": "==", "value": "new"},
        ...     {"related": "activities", "where": {"field": "type", "op": "==", "value": "call"}, "within": "7d"},
        ... ]})):
        ...     print(line)
        all of
          status is "new"
          number of matching activities in the last 7d is at least 1
            where type is "call"
    """
    return list(_lines(condition, ""))


def _lines(condition: Condition, indent: str, prefix: str = "") -> Iterator[str]:
    yield f"{indent}{prefix}{phrase(condition)}"
    inner = f"{indent}  "
    # `none of` is said of what stands in the `or` itself.
    shown = children_of(condition)
    if phrase(condition) == "none of":
        shown = children_of(shown[0])
    for child in shown:
        yield from _lines(child, inner)
    if isinstance(condition, Items):
        yield from _lines(condition.condition, inner)
    elif isinstance(condition, Related) and condition.where is not None:
        yield from _lines(condition.where, inner, "where ")


def outline_changes(old: Condition, new: Condition) -> list[str]:
    """Say what differs between two conditions: their lines, each with a mark in front.

    Args:
        old: A condition.
        new: Another.

    Returns:
        Lines that begin with `- ` where they are gone, `+ ` where they are new and two spaces where they stay; none
        when the conditions are equivalent. Where the same words stand for different conditions, as those of a long
        list do, the lines are JSON.

    Example:
        >>> from leadkit.conditions import read_condition
        >>> old = read_condition({"field": "team", "op": ">=", "value": 10})
        >>> outline_changes(old, read_condition({"field": "team", "op": ">=", "value": 20}))
        ['- team is at least 10', '+ team is at least 20']
    """
    if equivalent(old, new):
        return []
    before, after = outline(old), outline(new)
    if before == after:
        before, after = _json(old), _json(new)
    return list(_marked(before, after))


def _json(condition: Condition) -> list[str]:
    return [json.dumps(dump_condition(condition), ensure_ascii=True)]


def _marked(before: list[str], after: list[str]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            yield from (f"  {line}" for line in before[start:end])
        else:
            yield from (f"- {line}" for line in before[start:end])
            yield from (f"+ {line}" for line in after[new_start:new_end])
