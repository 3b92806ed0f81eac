"""Paths: how a condition names a field of a record.

`properties.team_size`, `properties["utm.source"]`, and `@` for the item itself inside `any`, `all` and `none`. The
first segment may be written in camelCase or snake_case and names the same field; the deeper ones are the host's own
keys and are taken exactly.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn

import attrs

from leadkit.conditions.records import opener_of
from leadkit.values.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ITEM", "Path", "camel", "parse_path", "quoted", "snake"]

_SNAKE: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*", re.ASCII)
_CAMEL: Final = re.compile(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)*", re.ASCII)
_BARE: Final = re.compile(r"[^.\[\]\"\x00-\x1f\x7f]+")
_QUOTED: Final = re.compile(r"\[(\"(?:[^\"\\]|\\.)*+\")\]", re.DOTALL)


def snake(name: str) -> str | None:
    """Answer the snake_case spelling of a name in either style, or None when the name is in neither.

    Args:
        name: The name of a field.

    Example:
        >>> snake("firstName"), snake("first_name"), snake("Lead Number")
        ('first_name', 'first_name', None)
    """
    if _SNAKE.fullmatch(name):
        return name
    if _CAMEL.fullmatch(name):
        return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)
    return None


def camel(name: str) -> str:
    """Answer the camelCase spelling of a snake_case name.

    Args:
        name: A name that `snake` answered.

    Example:
        >>> camel("first_name")
        'firstName'
    """
    return re.sub("_([a-z])", lambda start: start[1].upper(), name)


def quoted(segment: str) -> str:
    """Write one segment of a path in quotes.

    Args:
        segment: The key.
    """
    return f"[{json.dumps(segment, ensure_ascii=False)}]"


def _first_of(path: Path) -> str | None:
    return path.segments[0] if path.segments else None


def _other_of(path: Path) -> str | None:
    first = _first_of(path)
    if first is None or not _SNAKE.fullmatch(first):
        return None
    other = camel(first)
    return None if other == first else other


# `type` itself, typed so that it tells nothing of the members: `find` looks at classes for speed, not for proof.
_class: Final[Callable[[Any], Any]] = type


@attrs.frozen(kw_only=True)
class Path:
    """The way to a field of a record.

    Attributes:
        segments: The keys on the way, the first in snake_case where it has two spellings; none for `@`.
        text: The path as it was written, which takes no part in equality.

    Example:
        >>> parse_path("firstName") == parse_path("first_name")
        True
        >>> parse_path("properties.team_size").find({"properties": {"team_size": 7}})
        7
    """

    segments: tuple[str, ...]
    text: str = attrs.field(eq=False)
    # The two spellings of the first segment and the segments after it, made ready for `find`.
    _first: str | None = attrs.field(
        init=False, eq=False, repr=False, default=attrs.Factory(_first_of, takes_self=True)
    )
    _other: str | None = attrs.field(
        init=False, eq=False, repr=False, default=attrs.Factory(_other_of, takes_self=True)
    )
    _rest: tuple[str, ...] = attrs.field(
        init=False, eq=False, repr=False, default=attrs.Factory(lambda self: self.segments[1:], takes_self=True)
    )

    @property
    def canonical(self) -> str:
        """The one text of this path, whatever way it was written.

        Example:
            >>> parse_path('firstName["x"]').canonical
            'first_name.x'
        """
        if not self.segments:
            return "@"
        text = ""
        for segment in self.segments:
            if segment == "@" or not _BARE.fullmatch(segment) or segment != segment.strip():
                text += quoted(segment)
            else:
                text += f".{segment}" if text else segment
        return text

    @property
    def spellings(self) -> tuple[str, ...]:
        """The names under which the first segment may stand, in the order in which they are looked for.

        Example:
            >>> parse_path("firstName").spellings, parse_path("score").spellings, ITEM.spellings
            (('first_name', 'firstName'), ('score',), ())
        """
        return tuple(name for name in (self._first, self._other) if name is not None)

    def find(self, record: Any) -> Any:
        """Answer the value that the path leads to, None when it is missing.

        Args:
            record: A mapping, or an object with declared fields; nothing is found in anything else.
        """
        first = self._first
        if first is None:
            return record
        found: Any = None
        if _class(record) is dict:
            found = record.get(first)
            if found is None and self._other is not None:
                found = record.get(self._other)
        elif (member := opener_of(_class(record))) is not None:
            found = member(record, first)
            if found is None and self._other is not None:
                found = member(record, self._other)
        for name in self._rest:
            if _class(found) is dict:
                found = found.get(name)  # pyright: ignore[reportOptionalMemberAccess] # a dict
            elif (member := opener_of(_class(found))) is not None:
                found = member(found, name)
            else:
                return None
        return found

    def __str__(self) -> str:
        return self.text


ITEM: Final = Path(segments=(), text="@")
"""The item itself, inside a condition over the items of a list."""


def parse_path(text: str) -> Path:
    """Read a path.

    Args:
        text: Segments with dots between them; a key that holds a dot or a bracket stands in quotes.

    Raises:
        ValueError: It is no path; the message says what is possible.

    Example:
        >>> parse_path('properties["utm.source"]').segments
        ('properties', 'utm.source')
    """
    if text == "@":
        return ITEM
    segments = _segments(clean_text(text))
    return Path(segments=(snake(segments[0]) or segments[0], *segments[1:]), text=text)


def _segments(text: str) -> list[str]:
    segments: list[str] = []
    position = 0
    while position < len(text) or not segments:
        if text.startswith("[", position):
            segment, position = _quoted_segment(text, position)
        else:
            # Every bare segment but the first follows a dot.
            if segments:
                position = _after_dot(text, position)
            segment, position = _bare_segment(text, position)
        segments.append(segment)
    return segments


def _after_dot(text: str, position: int) -> int:
    if text[position] != ".":
        _refuse("after a quoted key comes a dot or another bracket")
    return position + 1


def _bare_segment(text: str, position: int) -> tuple[str, int]:
    match = _BARE.match(text, position)
    if match is None:
        _refuse('a path is written such as properties.team_size or properties["utm.source"]')
    segment = match[0]
    if segment == "@":
        _refuse("`@` stands alone: it is the item itself, and its fields are named directly")
    if segment != segment.strip():
        _refuse('a key with white space at its ends stands in quotes, such as properties[" a "]')
    return segment, match.end()


def _quoted_segment(text: str, position: int) -> tuple[str, int]:
    match = _QUOTED.match(text, position)
    if match is None:
        _refuse(
            'a bracket holds a key in quotes, such as ["utm.source"]; items of a list are asked with any, all or none'
        )
    try:
        segment = json.loads(match[1])
    except ValueError:
        _refuse('a quoted key is a JSON string, such as ["utm.source"]')
    return clean_text(segment), match.end()


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)
