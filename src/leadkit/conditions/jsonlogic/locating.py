"""Where a field lies in the data of JSON Logic: what `var` is told, so that every engine finds the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.jsonlogic.guards import either, is_list, is_text
from leadkit.conditions.paths import camel, snake

if TYPE_CHECKING:
    from leadkit.conditions.paths import Path

__all__ = ["ITEM_DATA", "LEAD", "Place", "Unreachable"]


class Unreachable(Exception):
    """A field that `var` cannot name, and why."""


# Every object of JavaScript has these, and numbers have the last three.
_INHERITED: Final = frozenset(
    "constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf __proto__ "
    "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ toExponential toFixed toPrecision".split()
)
# Every list or text of JavaScript has these; in an object they are keys as others.
_OF_LISTS_AND_TEXTS: Final = frozenset(
    "length anchor at big blink bold charAt charCodeAt codePointAt concat copyWithin endsWith entries every fill "
    "filter find findIndex findLast findLastIndex fixed flat flatMap fontcolor fontsize forEach includes indexOf "
    "isWellFormed italics join keys lastIndexOf link localeCompare map match matchAll normalize padEnd padStart pop "
    "push reduce reduceRight repeat replace replaceAll reverse search shift slice small some sort splice split "
    "startsWith strike sub substr substring sup toLowerCase toReversed toSorted toSpliced toUpperCase toWellFormed "
    "trim trimEnd trimLeft trimRight trimStart unshift values with toLocaleLowerCase toLocaleUpperCase".split()
)


@attrs.frozen
class Place:
    """Where the fields of a record lie.

    Attributes:
        before: The keys that lead to the record.
        spelled_once: Whether its fields are in camelCase; otherwise they go by either spelling.
    """

    before: tuple[str, ...]
    spelled_once: bool

    def of(self, path: Path) -> Any:
        """Answer the rule that finds a field.

        Args:
            path: The field.

        Raises:
            Unreachable: `var` cannot name it.
        """
        if not path.segments:
            return _var(self.before)
        first, *others = path.segments
        other = camel(first) if snake(first) == first else first
        if self.spelled_once or other == first:
            return self._found((other, *others))
        one = self._found((first,))
        # A field that goes by either spelling is found under the first that leads to anything.
        return {"if": [{"!==": [one, None]}, self._found((first, *others)), self._found((other, *others))]}

    def _found(self, keys: tuple[str, ...]) -> Any:
        for key in keys:
            if not key or "." in key:
                message = "`var` takes the dots of a key for steps" if key else "`var` cannot name an empty key"
                raise Unreachable(message)
            if key in _INHERITED:
                message = f"every object of JavaScript has `{key}`"
                raise Unreachable(message)
        whole = (*self.before, *keys)
        # The lead itself is an object; whatever else stands around a field may be a list, or text.
        outer = [whole[:length] for length in range(1, len(whole)) if _of_lists_and_texts(whole[length])]
        if not outer:
            return _var(whole)
        guards = [either(is_text(_var(around)), is_list(_var(around))) for around in outer]
        return {"if": [either(*guards), None, _var(whole)]}


def _of_lists_and_texts(key: str) -> bool:
    try:
        int(key)
    except ValueError:
        return key in _OF_LISTS_AND_TEXTS
    return True


def _var(keys: tuple[str, ...]) -> Any:
    return {"var": ".".join(keys)}


LEAD: Final = Place((), spelled_once=True)
"""The data is the lead, as JSON writes it."""

ITEM_DATA: Final = Place(("current",), spelled_once=False)
"""The data is what `reduce` asks of: an item, and what was answered before."""
