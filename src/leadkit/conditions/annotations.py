"""What Python annotations say about the kinds of values, for catalogues that are built from classes."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Final, Literal, TypeAlias, Union

import attrs

from leadkit.conditions.kinds import Kind, Scalar, kind_of
from leadkit.conditions.records import declared_fields

__all__ = ["Meaning", "hints_of", "meaning_of"]

_KINDS: Final[tuple[tuple[type[Any], Kind], ...]] = (
    # A boolean is an int to Python, and comes before it.
    (bool, Kind.BOOLEAN),
    (str, Kind.TEXT),
    (int, Kind.NUMBER),
    (float, Kind.NUMBER),
    (Decimal, Kind.NUMBER),
    (date, Kind.INSTANT),
    (Mapping, Kind.OBJECT),
    (Sequence, Kind.LIST),
)
"""The kinds of the values of a class, the first that fits."""

_Annotation: TypeAlias = Any


@attrs.frozen(kw_only=True)
class Meaning:
    """What an annotation says.

    Attributes:
        kind: The kind of the values, None when it may be any.
        optional: Whether the value may be None.
        choices: All the values that there are; empty when they are not listed.
        item: The annotation of the items of a list, None when nothing is said of them.
        record: The class whose fields an object has, None when it is free.
    """

    kind: Kind | None = None
    optional: bool = False
    choices: tuple[Scalar, ...] = ()
    item: _Annotation = None
    record: type[Any] | None = None


def meaning_of(annotation: _Annotation) -> Meaning:
    """Answer what an annotation says of values.

    Args:
        annotation: A class, a generic alias, a union, a literal; anything else may be anything.

    Example:
        >>> meaning_of(int | None)
        Meaning(kind=<Kind.NUMBER: 'number'>, optional=True, choices=(), item=None, record=None)
        >>> meaning_of(Literal["low", "high"]).choices
        ('low', 'high')
    """
    origin: Any = typing.get_origin(annotation)
    arguments: tuple[Any, ...] = typing.get_args(annotation)
    if origin is Annotated:
        return meaning_of(arguments[0])
    if origin is Union or origin is types.UnionType:
        return _either(arguments)
    if origin is Literal:
        return _one_of(arguments)
    return _of_class(origin or annotation, arguments)


def _of_class(cls: Any, arguments: Sequence[_Annotation]) -> Meaning:
    if not inspect.isclass(cls):
        return Meaning()
    if issubclass(cls, Enum):
        return _one_of([member.value for member in cls])
    if declared_fields(cls) is not None:
        return Meaning(kind=Kind.OBJECT, record=cls)
    kind = next((kind for known, kind in _KINDS if issubclass(cls, known)), None)
    return Meaning(kind=kind, item=arguments[0] if kind is Kind.LIST and arguments else None)


def _one_of(values: Sequence[Any]) -> Meaning:
    kinds = {kind_of(value) for value in values}
    kind = kinds.pop() if len(kinds) == 1 else None
    return Meaning(kind=kind, choices=tuple(values) if kind is not None else ())


def _either(annotations: Sequence[_Annotation]) -> Meaning:
    meanings = [meaning_of(annotation) for annotation in annotations if annotation is not types.NoneType]
    optional = len(meanings) < len(annotations)
    if len(meanings) == 1:
        return attrs.evolve(meanings[0], optional=optional)
    kinds = {meaning.kind for meaning in meanings}
    # Of several sorts only a kind that they share is told: choices and items of one are not those of the others.
    return Meaning(kind=kinds.pop() if len(kinds) == 1 else None, optional=optional)


def hints_of(cls: type[Any]) -> Iterator[tuple[str, _Annotation]]:
    """Answer the fields that a class declares, with their annotations.

    Args:
        cls: A pydantic model, a dataclass or an attrs class.
    """
    # pydantic has resolved the annotations of its models already, also those that only it can see.
    resolved: Mapping[str, Any] | None = getattr(cls, "__pydantic_fields__", None)
    if resolved is not None:
        yield from ((name, field.annotation) for name, field in resolved.items())
        return
    hints = typing.get_type_hints(cls)
    names = [field.name for field in (dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else attrs.fields(cls))]
    yield from ((name, hints.get(name, Any)) for name in names)
