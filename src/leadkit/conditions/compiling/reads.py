"""The fields that a function reads: each once, at its beginning, whatever shape the record has.

A plain dict is asked by key, an object of a class that is known by attribute, anything else as `Path.find` does.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.compiling.source import indented
from leadkit.conditions.paths import Path
from leadkit.conditions.records import declared_fields

if TYPE_CHECKING:
    from leadkit.conditions.compiling.source import Program

__all__ = ["Reads"]

_NOTHING: Final = "None"


@attrs.define(eq=False)
class _Place:
    """A value that is read: the name that holds it, and what is read within it, by key."""

    name: str
    inner: dict[str, _Place] = attrs.field(factory=dict)


@attrs.define(eq=False, kw_only=True)
class Reads:
    """What is read of one record.

    Attributes:
        program: Gives out the names.
        record: The name of the record.
        classes: Classes of record that are read by attribute.
    """

    program: Program
    record: str
    classes: tuple[type[Any], ...] = ()
    _places: dict[str, _Place] = attrs.field(factory=dict, init=False)

    def variable(self, path: Path) -> str:
        """Answer the name that holds what a path leads to.

        Args:
            path: The path.
        """
        name, places = self.record, self._places
        for segment in path.segments:
            place = places.get(segment)
            if place is None:
                place = places[segment] = _Place(self.program.fresh("v"))
            name, places = place.name, place.inner
        return name

    def lines(self) -> list[str]:
        """Answer the statements that read."""
        if not self._places:
            return []
        record, word = self.record, "if"
        lines = [f"if type({record}) is dict:", *indented(self._of_dict())]
        word = "elif"
        # An object may lack what its class declares, and raise.
        for cls in self.classes if self.program.hopeful else ():
            names = None if issubclass(cls, Mapping) else declared_fields(cls)
            if names is not None:
                lines.append(f"{word} type({record}) is {self.program.constant(cls)}:")
                lines.extend(indented(self._of_object(names)))
        lines.extend(["else:", *indented(self._of_any())])
        for place in self._places.values():
            lines.extend(self._within(place))
        return lines

    def _of_dict(self) -> list[str]:
        read = [f"{self.record}.get({{}})"]
        return [
            _first_of(place.name, [read[0].format(self.program.literal(name)) for name in _path(first).spellings])
            for first, place in self._places.items()
        ]

    def _of_object(self, names: frozenset[str]) -> list[str]:
        return [
            _first_of(
                place.name,
                # A name of a field that its class declares; what is no name in Python cannot be one.
                [f"{self.record}.{name}" for name in _path(first).spellings if name in names and _is_name(name)],
            )
            for first, place in self._places.items()
        ]

    def _of_any(self) -> list[str]:
        return [
            f"{place.name} = {self.program.constant(_path(first).find)}({self.record})"
            for first, place in self._places.items()
        ]

    def _within(self, outer: _Place) -> list[str]:
        if not outer.inner:
            return []
        found = [(place.name, self.program.literal(key)) for key, place in outer.inner.items()]
        lines = [
            f"if type({outer.name}) is dict:",
            *(f"    {name} = {outer.name}.get({key})" for name, key in found),
            f"elif {outer.name} is None:",
            f"    {' = '.join(name for name, _ in found)} = None",
            "else:",
            *(f"    {name} = member({outer.name}, {key})" for name, key in found),
        ]
        for place in outer.inner.values():
            lines.extend(self._within(place))
        return lines


def _path(first: str) -> Path:
    return Path(segments=(first,), text=first)


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _first_of(name: str, reads: list[str]) -> str:
    """Write the statement that gives a name the first value that is there."""
    if len(reads) == 1:
        return f"{name} = {reads[0]}"
    if not reads:
        return f"{name} = {_NOTHING}"
    return f"if ({name} := {reads[0]}) is None: {name} = {reads[1]}"
