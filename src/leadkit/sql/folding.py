"""Comparing text in lower case without a `lower` that agrees with Python's: by the characters that become a character.

PostgreSQL lowers by the rules of a locale and a version of Unicode that are not Python's. A regular expression of
explicit characters, made from Python's own table, depends on neither.
"""

from __future__ import annotations

import functools
import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from leadkit.sql.values import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["MOST_FOLDED", "folded_pattern"]

MOST_FOLDED: Final = 1_000
"""The longest text that is compared in lower case by a regular expression."""

# What depends on the characters around it: a capital sigma becomes one of these by its place in the word.
_BY_PLACE: Final = frozenset("σς")


@functools.cache
def _sources() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Answer for each character those that become it, and for each that begins a longer sequence, those that do so."""
    single: dict[str, str] = {}
    several: dict[str, str] = {}
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        lowered = character.lower()
        if len(lowered) > 1:
            several[lowered[0]] = several.get(lowered[0], "") + character
        elif lowered != character:
            single[lowered] = single.get(lowered, "") + character
    return MappingProxyType(single), MappingProxyType(several)


@functools.cache
def _tails() -> frozenset[str]:
    _, several = _sources()
    return frozenset(
        character for sources in several.values() for source in sources for character in source.lower()[1:]
    )


def folded_pattern(texts: Iterable[str], *, starts: bool, ends: bool) -> str:
    r"""Write the regular expression that matches what becomes, in lower case, one of some texts.

    Args:
        texts: Texts in lower case.
        starts: Whether it begins with the text.
        ends: Whether it ends with the text.

    Raises:
        Refusal: A text holds a character that comes about by its place in a word, or is too long.

    Example:
        >>> folded_pattern(["új"], starts=True, ends=True)
        '\\A(?:[\\u00fa\\u00da][jJ])\\Z'
    """
    written = "|".join(_written(text, ends=ends) for text in texts)
    return ("\\A" if starts else "") + f"(?:{written})" + ("\\Z" if ends else "")


def _written(text: str, *, ends: bool) -> str:
    if len(text) > MOST_FOLDED:
        message = f"text of more than {MOST_FOLDED:,} characters is not compared in lower case"
        raise Refusal(message)
    odd = sorted((_BY_PLACE | _tails()) & set(text))
    if odd:
        message = f"the lower case of {' and '.join(repr(each) for each in odd)} depends on the characters around it"
        raise Refusal(message)
    single, several = _sources()
    parts = [character + single.get(character, "") for character in text]
    if parts and not ends:
        # The text may end amid what one character became.
        parts[-1] += several.get(text[-1], "")
    return "".join(f"[{''.join(map(_escaped, part))}]" for part in parts)


def _escaped(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - four digits or eight
