"""Names for properties, from the names that columns have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["plain", "property_key", "words_of"]

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 60


def words_of(header: str) -> list[str]:
    """Part the name of a column into its words, in lower case.

    Args:
        header: The name.

    Example:
        >>> words_of("TotalVisits (last_30 days)")
        ['total', 'visits', 'last', '30', 'days']
    """
    return [word.lower() for word in _WORD.findall(_HUMP.sub(" ", header))]


def plain(header: str) -> str:
    """Answer the letters and digits of a name alone, by which names are compared.

    Example:
        >>> plain("E-Mail Address") == plain("email_address")
        True
    """
    return "".join(_WORD.findall(header)).casefold()


def property_key(header: str, taken: Iterable[str] = ()) -> str:
    """Name a property after a column, in snake_case.

    Args:
        header: The name of the column.
        taken: Names that are used already.

    Example:
        >>> property_key("Total Time Spent on Website")
        'total_time_spent_on_website'
        >>> property_key("City", ["city"]), property_key("???")
        ('city_2', 'column')
    """
    stem = "_".join(words_of(header))[:_LONGEST].rstrip("_") or "column"
    used = set(taken)
    key, count = stem, 1
    while key in used:
        count += 1
        key = f"{stem}_{count}"
    return key
