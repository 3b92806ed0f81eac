"""Finding what a path of JSON Logic leads to, in the data that a rule is asked of.

At the top stands a lead, a field of which goes by either spelling, as in native conditions: `firstName` finds
`first_name`. Everywhere else keys are taken exactly.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions.jsonlogic.values import plain
from leadkit.conditions.paths import camel, snake
from leadkit.conditions.records import declared_fields, is_list, is_mapping, opener_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ABSENT", "as_object", "found"]


class _Absent:
    """What a path leads to when it leads nowhere."""

    __slots__ = ()


ABSENT: Final = _Absent()
"""Stands for a member that is not there; null is a value."""

_INDEX: Final = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)


def found(data: Any, segments: Sequence[str], *, root: bool) -> Any:
    """Answer what a path leads to, `ABSENT` when it leads nowhere.

    Args:
        data: Where the path begins.
        segments: The keys and indexes on the way; none for the data itself.
        root: Whether the data is the record itself, whose fields go by either spelling.

    Example:
        >>> found({"firstName": "Ada"}, ["first_name"], root=True)
        'Ada'
        >>> found({"tags": ["a", "b"]}, ["tags", "1"], root=True), found({"a": None}, ["a"], root=False)
        ('b', None)
    """
    if not segments:
        return as_object(data) if root else plain(data)
    value = _field(data, segments[0]) if root else _member(data, segments[0])
    for name in segments[1:]:
        if value is None or value is ABSENT:
            return ABSENT
        value = _member(value, name)
    return plain(value)


def _field(record: Any, name: str) -> Any:
    one = snake(name)
    if one is None:
        return _member(record, name)
    # As for native paths: first in snake_case, then in camelCase.
    value = _member(record, one)
    other = camel(one)
    if other == one or not (value is None or value is ABSENT):
        return value
    twin = _member(record, other)
    return value if twin is ABSENT else twin


def _member(data: Any, name: str) -> Any:
    cls = _class_of(data)
    if is_mapping(data):
        return data.get(name, ABSENT)
    if is_list(data) or isinstance(data, str):
        if name == "length":
            return len(data)
        return data[int(name)] if _INDEX.fullmatch(name) and int(name) < len(data) else ABSENT
    opener = opener_of(cls)
    # A field that is declared and None is one that is not there.
    value = None if opener is None else opener(data, name)
    return ABSENT if value is None else value


def as_object(record: Any) -> Any:
    """Answer a record as the object that a rule sees: its fields in camelCase.

    Args:
        record: A mapping in either spelling, or an object with declared fields; anything else is answered as it is.

    Example:
        >>> as_object({"first_name": "Ada", "Lead Number": 7})
        {'firstName': 'Ada', 'Lead Number': 7}
    """
    cls = _class_of(record)
    declared = declared_fields(cls)
    if is_mapping(record):
        # A mapping of a host may have keys that are no text.
        keys: Sequence[Any] = tuple(record)
        names = [key for key in keys if _is_text(key)]
    elif declared is None:
        return plain(record)
    else:
        names = sorted(name for name in declared if not name.startswith("_"))
    return {camel(name) if snake(name) == name else name: plain(_field(record, name)) for name in names}


def _is_text(key: object) -> bool:
    return isinstance(key, str)


def _class_of(value: object) -> type[Any]:
    return type(value)
