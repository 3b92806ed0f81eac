"""What a record is: anything whose members can be asked for by name without running its code.

A mapping answers with its keys; an object with the fields that its class declares (pydantic, dataclasses, attrs)
and with nothing else, so that no rule can reach a method, a property or a private attribute.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeGuard, cast

import attrs

__all__ = ["LISTS", "Opener", "declared_fields", "is_list", "is_mapping", "is_record", "opener_of", "records_in"]

Opener: TypeAlias = Callable[[Any, str], Any]
"""Answers the member of a record by its name, None when there is none."""

# A tuple, since `isinstance(value, list | tuple)` builds its union anew each time.
LISTS: Final = (list, tuple)
"""The classes whose values are lists to a condition."""


def _opener_of(cls: type[Any]) -> Opener | None:
    if issubclass(cls, Mapping):
        return _member_of_mapping
    names = declared_fields(cls)
    if names is None:
        return None

    def member_of_object(record: Any, name: str) -> Any:
        return getattr(record, name, None) if name in names else None

    return member_of_object


# Typed as what it is for its callers: a function of a class.
opener_of = cast("Callable[[type[Any]], Opener | None]", functools.lru_cache(maxsize=1024)(_opener_of))
"""Answers how records of a class are opened, None when its values have no members."""


def _member_of_mapping(record: Any, name: str) -> Any:
    return record.get(name)


def declared_fields(cls: type[Any]) -> frozenset[str] | None:
    """Answer the names of the fields that a class declares, or None when it is no class of records.

    Args:
        cls: A pydantic model, a dataclass, an attrs class, or any other class.
    """
    # pydantic first: its dataclasses are dataclasses too, and declare the same names.
    declared: dict[str, Any] | None = getattr(cls, "__pydantic_fields__", None)
    if declared is not None:
        return frozenset(declared)
    if dataclasses.is_dataclass(cls):
        return frozenset(field.name for field in dataclasses.fields(cls))
    if attrs.has(cls):
        return frozenset(field.name for field in attrs.fields(cls))
    return None


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Tell whether a value is a list to a condition.

    Args:
        value: Any value.
    """
    return isinstance(value, LISTS)


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether a value is an object in the sense of JSON.

    Args:
        value: Any value.
    """
    return isinstance(value, Mapping)


def is_record(value: object) -> bool:
    """Tell whether a value has members that a path can lead to.

    Args:
        value: Any value.
    """
    return opener_of(type(value)) is not None


def records_in(value: object) -> tuple[Any, ...]:
    """Answer the records of one kind: a list of them, a single one, or none.

    Args:
        value: What a host gave as the related records of a kind.

    Example:
        >>> records_in({"name": "Acme"}), records_in(None)
        (({'name': 'Acme'},), ())
    """
    if is_list(value):
        return tuple(value)
    return (value,) if is_record(value) else ()
