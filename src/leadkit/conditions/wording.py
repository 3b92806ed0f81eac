"""How values are shown to people: short, on one line, and with nothing in them that a terminal would obey."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from leadkit.conditions.kinds import Kind, instant_of, kind_of
from leadkit.conditions.records import is_list, is_mapping
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["as_json", "described", "named", "printable", "shortened", "shown"]

_MOST_TEXT: Final = 60
_MOST_ITEMS: Final = 5
_MOST_BITS: Final = 256
_MOST_JSON_ITEMS: Final = 20
# Every number below this is read alike by every reader of JSON.
_MOST_NUMBER: Final = 2**53

_KINDS: Final = {
    Kind.TEXT: "text",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.INSTANT: "an instant",
    Kind.LIST: "a list",
    Kind.OBJECT: "an object",
}


def named(kind: Kind) -> str:
    """Say a kind in words.

    Args:
        kind: The kind.

    Example:
        >>> named(Kind.NUMBER)
        'a number'
    """
    return _KINDS[kind]


def described(value: object) -> str:
    """Say what sort of value something is.

    Args:
        value: Any value.

    Example:
        >>> described([]), described(None), described(float("nan"))
        ('a list', 'null', 'a number that is not finite')
    """
    if value is None:
        return "null"
    kind = kind_of(value)
    if kind is not None:
        return _KINDS[kind]
    if isinstance(value, float | Decimal):
        return "a number that is not finite"
    if isinstance(value, datetime):
        return "a date-time without a time zone"
    return f"a {type(value).__name__}"


def shown(value: Any) -> str:
    """Write a value as people know it from JSON, cut short where it is long.

    Args:
        value: Any value.

    Example:
        >>> shown("new"), shown(True), shown([1, "a"]), shown(None)
        ('"new"', 'true', '[1, "a"]', 'nothing')
    """
    if value is None:
        return "nothing"
    if is_mapping(value):
        return _object(value)
    if is_list(value):
        return _list(value)
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        # Python refuses to write very long integers.
        return f"a whole number of {value.bit_length()} bits"
    if isinstance(value, date):
        moment = instant_of(value)
        return value.isoformat() if moment is None else isoformat(moment)
    if isinstance(value, int | float | Decimal):
        return shortened(str(value))
    return described(value)


def shortened(text: str) -> str:
    """Cut a long text short.

    Args:
        text: Any text.
    """
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"


def printable(text: str) -> str:
    """Write out the characters that a terminal would obey, and those that turn the direction of a line.

    Args:
        text: Any text.

    Example:
        >>> printable("a" + chr(27)) == "a" + chr(92) + "u001b"
        True
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)


def _text(text: str) -> str:
    escaped = shortened(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{printable(escaped)}"'


def _list(values: Any) -> str:
    written = [_nested(value) for value in values[:_MOST_ITEMS]]
    more = len(values) - _MOST_ITEMS
    return f"[{', '.join([*written, f'… {more} more'] if more > 0 else written)}]"


def _object(record: Mapping[Any, Any]) -> str:
    return f"an object with {_counted(len(record))}"


def _counted(count: int) -> str:
    return "1 key" if count == 1 else f"{count} keys"


def _nested(value: Any) -> str:
    # One level deep and no more: a list may hold itself.
    return "[…]" if is_list(value) else shown(value)


def as_json(value: Any) -> Any:
    """Answer a value as JSON can hold it: what it cannot hold, or would hold at length, as people would read it.

    Args:
        value: Any value.

    Example:
        >>> as_json([1, float("nan"), {"a": 1}])
        [1, 'nan', 'an object with 1 key']
    """
    if is_list(value):
        return [_plain(item) for item in value[:_MOST_JSON_ITEMS]]
    return _plain(value)


def _plain(value: Any) -> Any:
    kind = kind_of(value)
    if value is None or kind in (Kind.TEXT, Kind.BOOLEAN):
        return value
    if isinstance(value, int | float) and kind is Kind.NUMBER and abs(value) < _MOST_NUMBER:
        return value
    return shown(value)
