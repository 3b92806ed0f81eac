"""Places in a document, as the JSON paths that faults carry."""

from __future__ import annotations

import re
from typing import Final

from leadkit.conditions.paths import quoted

__all__ = ["at_index", "at_key"]

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_MOST_KEY: Final = 80


def at_key(at: str, key: str) -> str:
    """Answer the JSON path of a member of an object.

    Args:
        at: The path of the object.
        key: The member's key.

    Example:
        >>> at_key("$.rules[0]", "if"), at_key("$", "a b")
        ('$.rules[0].if', '$["a b"]')
    """
    return f"{at}.{key}" if _PLAIN.fullmatch(key) else f"{at}{quoted(key[:_MOST_KEY])}"


def at_index(at: str, index: int) -> str:
    """Answer the JSON path of an item of a list.

    Args:
        at: The path of the list.
        index: The item's index.
    """
    return f"{at}[{index}]"
