"""What fields there are: their kinds, their choices, and which of them may be missing.

Checking a condition against a catalogue finds mistyped fields and impossible comparisons before a rule is saved.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Self, TypeAlias

import attrs

from leadkit.conditions.annotations import Meaning, hints_of, meaning_of
from leadkit.conditions.kinds import Kind, Scalar, kind_of
from leadkit.conditions.paths import ITEM, Path, parse_path
from leadkit.conditions.records import is_list
from leadkit.errors import closest

__all__ = ["Field", "FieldCatalogue", "Fields"]

# A class may hold itself; what lies deeper than any lead's properties is not declared.
_MOST_LEVELS: Final = 6


def _path(value: str | Path) -> Path:
    return parse_path(value) if isinstance(value, str) else value


@attrs.frozen(kw_only=True)
class Field:
    """One field of a record.

    Attributes:
        path: Where it stands.
        kind: The kind of its values; None when it may be any.
        choices: All the values that it can have; empty when there is no such list.
        items: Of a list, what can be said of its items; None when nothing can.
        free: Of an object, whether it may hold more than is declared.
        required: Whether it is there on every record.
        description: What it means, for people who write rules.
    """

    path: Path = attrs.field(converter=_path)
    kind: Kind | None = None
    choices: tuple[Scalar, ...] = ()
    items: FieldCatalogue | None = None
    free: bool = False
    required: bool = False
    description: str = ""


Fields: TypeAlias = Mapping[str, Any]
"""Fields by their paths: a Python type, a `Kind`, a list of choices, or a `Field`."""


def _by_path(fields: Iterable[Field]) -> Mapping[Path, Field]:
    return types.MappingProxyType({field.path: field for field in fields})


@attrs.frozen(kw_only=True)
class FieldCatalogue:
    """The fields of a record, and those of the records that are related to it.

    Attributes:
        fields: The fields by their paths.
        related: The catalogues of related records by kind; a kind that is not named here is not looked into.

    Example:
        >>> catalogue = FieldCatalogue.of({"score": int, "status": ["new", "qualified"], "properties.tags": list[str]})
        >>> catalogue.find(parse_path("score")).kind
        <Kind.NUMBER: 'number'>
        >>> catalogue.nearest(parse_path("scor"))
        'score'
    """

    fields: Mapping[Path, Field] = attrs.field(factory=lambda: _by_path(()))
    related: Mapping[str, FieldCatalogue] = attrs.field(factory=lambda: types.MappingProxyType({}))

    @classmethod
    def of(cls, fields: Fields, *, related: Mapping[str, FieldCatalogue] | None = None) -> Self:
        """Build a catalogue from paths and what stands at them.

        Args:
            fields: Fields by their paths: a Python type, a `Kind`, a list of choices, or a `Field`. A `dict` may hold
                more than is declared.
            related: The catalogues of related records by kind.

        Raises:
            ValueError: A path is none.
        """
        return cls._built((field for path, what in fields.items() for field in _fields(_path(path), what)), related)

    @classmethod
    def for_record(cls, record: type[Any], *, related: Mapping[str, FieldCatalogue] | None = None) -> Self:
        """Build a catalogue from the annotations of a class: a pydantic model, a dataclass or an attrs class.

        Args:
            record: The class. A field that cannot be None is required.
            related: The catalogues of related records by kind.

        Example:
            >>> @attrs.frozen
            ... class Visit:
            ...     pages: int
            ...     referrer: str | None
            >>> visits = FieldCatalogue.for_record(Visit)
            >>> [(field.path.text, str(field.kind), field.required) for field in visits.fields.values()]
            [('pages', 'number', True), ('referrer', 'text', False)]
        """
        return cls._built(_fields_of(record, (), _MOST_LEVELS, required=True), related)

    @classmethod
    def _built(cls, fields: Iterable[Field], related: Mapping[str, FieldCatalogue] | None) -> Self:
        return cls(fields=_by_path(fields), related=types.MappingProxyType(dict(related or {})))

    def extended(self, fields: Fields) -> Self:
        """Answer a catalogue with more fields; one that is known already is declared anew.

        Args:
            fields: Fields by their paths, as `of` takes them.

        Example:
            >>> catalogue = FieldCatalogue.of({"score": int}).extended({"properties.team_size": int})
            >>> catalogue.find(parse_path("properties")).kind
            <Kind.OBJECT: 'object'>
        """
        added = [field for path, what in fields.items() for field in _fields(_path(path), what)]
        return attrs.evolve(self, fields=_by_path([*self.fields.values(), *added]))

    def find(self, path: Path) -> Field | None:
        """Answer the field at a path, or None when there is none.

        What lies in a free object is a field of which nothing is known; what lies around a declared field is an object.

        Args:
            path: The path.
        """
        field = self.fields.get(path)
        if field is not None:
            return field
        for length in range(len(path.segments) - 1, 0, -1):
            around = self.fields.get(attrs.evolve(path, segments=path.segments[:length]))
            if around is not None:
                return Field(path=path) if around.free else None
        inside = any(other.segments[: len(path.segments)] == path.segments for other in self.fields)
        return Field(path=path, kind=Kind.OBJECT) if inside and path.segments else None

    def nearest(self, path: Path) -> str | None:
        """Answer the field that a mistyped path most likely meant, or None.

        Args:
            path: The path.
        """
        texts = {known.canonical: field.path.text for known, field in self.fields.items()}
        for known, field in self.fields.items():
            if path.segments and known.segments[-1:] == path.segments[-1:]:
                return field.path.text
        match = closest(path.canonical, texts)
        return None if match is None else texts[match]


def _fields(path: Path, what: Any) -> Iterator[Field]:
    if isinstance(what, Field):
        yield attrs.evolve(what, path=path)
    elif isinstance(what, Kind):
        yield Field(path=path, kind=what, free=what is Kind.OBJECT)
    elif is_list(what):
        kinds = {kind_of(value) for value in what}
        yield Field(path=path, kind=kinds.pop() if len(kinds) == 1 else None, choices=tuple(what))
    else:
        yield from _meant(path, meaning_of(what), _MOST_LEVELS, required=False)


def _fields_of(record: type[Any], prefix: tuple[str, ...], levels: int, *, required: bool) -> Iterator[Field]:
    for name, annotation in hints_of(record):
        path = parse_path(".".join((*prefix, name)))
        yield from _meant(path, meaning_of(annotation), levels, required=required)


def _meant(path: Path, meaning: Meaning, levels: int, *, required: bool) -> Iterator[Field]:
    required = required and not meaning.optional
    declared = meaning.record is not None and levels > 1
    yield Field(
        path=path,
        kind=meaning.kind,
        choices=meaning.choices,
        items=_items(meaning.item, levels - 1),
        free=meaning.kind is Kind.OBJECT and not declared,
        required=required,
    )
    if meaning.record is not None and declared:
        yield from _fields_of(meaning.record, path.segments, levels - 1, required=required)


def _items(annotation: Any, levels: int) -> FieldCatalogue | None:
    meaning = meaning_of(annotation)
    if levels < 1 or meaning.kind is None:
        return None
    if meaning.record is not None:
        return FieldCatalogue(fields=_by_path(_fields_of(meaning.record, (), levels, required=True)))
    return FieldCatalogue(fields=_by_path(_meant(ITEM, meaning, levels, required=False)))
