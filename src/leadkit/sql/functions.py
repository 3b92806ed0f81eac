"""Functions of Python that SQLite calls: what it cannot express itself and PostgreSQL can, or what neither can.

SQLite runs in this process, so that a function of Python is a function of the database; nothing in a file depends on
them. Its own `lower` knows ASCII only, its dates accept what is none, and beyond 64 bits its whole numbers are
rounded.
"""

from __future__ import annotations

import functools
import json
from typing import Any, Final

from leadkit.conditions.kinds import ordered
from leadkit.conditions.patterns import compiled, searches
from leadkit.sql.types import microseconds
from leadkit.values.times import parse_instant

__all__ = ["instant_micros", "lower", "matches", "number_order", "register"]


def lower(text: str | None) -> str | None:
    """Answer text in lower case, as Python has it.

    Example:
        >>> lower("STRASSE Ä")
        'strasse ä'
    """
    return None if text is None else text.lower()


def instant_micros(text: str | None) -> int | None:
    """Answer ISO text as microseconds since 1970, None when it is no instant.

    Example:
        >>> instant_micros("1970-01-01T00:00:01Z"), instant_micros("1970-02-30")
        (1000000, None)
    """
    moment = None if text is None else parse_instant(text)
    return None if moment is None else microseconds(moment)


def number_order(left: str | None, right: str | None) -> int | None:
    """Answer -1, 0 or 1 as one number is less than, equal to or greater than another, both as JSON writes them.

    Where one of them is no number there is no answer: SQLite asks before it has looked at all that stands beside it.

    Example:
        >>> number_order("9223372036854775809", "9223372036854775808.0"), number_order("1", "null")
        (1, None)
    """
    one, other = (None if text is None else json.loads(text) for text in (left, right))
    pair = ordered(one, other)
    return None if pair is None else int(pair[0] > pair[1]) - int(pair[0] < pair[1])


def matches(pattern: str, ignore_case: int, text: str | None) -> bool | None:
    """Tell whether a pattern in RE2's syntax matches anywhere in a text."""
    return None if text is None else searches(_program(pattern, bool(ignore_case)), text)


@functools.lru_cache(maxsize=64)
def _program(pattern: str, ignore_case: bool) -> Any:  # noqa: FBT001 - a key of the cache
    return compiled(pattern, ignore_case=ignore_case)


_FUNCTIONS: Final = (
    ("leadkit_lower", 1, lower),
    ("leadkit_instant", 1, instant_micros),
    ("leadkit_order", 2, number_order),
    ("leadkit_matches", 3, matches),
)


def register(connection: Any) -> None:
    """Let a connection to SQLite know these functions.

    Args:
        connection: The driver's own.
    """
    for name, count, function in _FUNCTIONS:
        connection.create_function(name, count, function, deterministic=True)
