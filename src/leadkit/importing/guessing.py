"""A first mapping for a file nobody described: places by the names of the columns, types by what stands in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from leadkit.importing.cells import converter
from leadkit.importing.mapping import Column, Mapping
from leadkit.importing.naming import plain, property_key, words_of
from leadkit.importing.synonyms import CAMPAIGN_KEYS, PLACEHOLDERS, SYNONYMS, TEXTUAL_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["guess_mapping"]

_ZERO_IN_FRONT: Final = re.compile(r"[+-]?0[0-9]")
_YES_OR_NO: Final = re.compile("yes|no|true|false|ja|nein|oui|non", re.IGNORECASE)

_TEXT: Final[dict[str, str]] = {}
# What is tried on a property, in order; a date only as ISO writes it, since nobody can tell 10/11/12.
_TRIALS: Final = (
    {"type": "integer"},
    {"type": "number"},
    {"type": "date", "format": "iso"},
    {"type": "datetime", "format": "iso"},
)


def guess_mapping(headers: Sequence[str], sample: Iterable[Sequence[str]] = ()) -> Mapping:
    """Guess what the columns of a file mean.

    Each place is given to the column with the surest name; every other column becomes a property. Properties are typed
    where all the cells of the sample agree: yes and no, numbers, ISO dates. Cells such as `Select` or `N/A` are empty.

    Args:
        headers: The names of the columns.
        sample: Some rows, the more the surer; a thousand are plenty.

    Returns:
        A mapping to look at, change and keep. Whether it suffices is for `bind` to say: a file may have no column that
        looks like an identity.

    Example:
        >>> mapping = guess_mapping(["E-Mail", "Team Size"], [["a@example.com", "12"], ["b@example.com", "N/A"]])
        >>> {header: (column.to, column.type) for header, column in mapping.columns.items()}
        {'E-Mail': ('email', 'text'), 'Team Size': ('properties.team_size', 'integer')}
    """
    places = dict(_places(headers))
    cells = _sampled(headers, sample)
    columns: dict[str, Column] = {}
    keys: set[str] = set()
    for header in headers:
        if header in places:
            columns[header] = Column(to=places[header])
            continue
        key = property_key(header, keys)
        keys.add(key)
        columns[header] = Column.model_validate({"to": f"properties.{key}", **_kind(header, cells[header])})
    return Mapping(columns=columns, empty=PLACEHOLDERS)


def _places(headers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the columns whose names are known, each with its place."""
    by_name: dict[str, str] = {}
    for header in headers:
        by_name.setdefault(plain(header), header)
    found = {
        place: by_name[next(name for name in names if name in by_name)]
        for place, names in SYNONYMS.items()
        if any(name in by_name for name in names)
    }
    if "firstName" in found or "lastName" in found:
        found.pop("fullName", None)
    for key in CAMPAIGN_KEYS:
        if f"utm{key}" in by_name:
            found[f"utmParams.{key}"] = by_name[f"utm{key}"]
    return ((header, place) for place, header in found.items())


def _sampled(headers: Sequence[str], sample: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """Collect what stands in each column and means something."""
    cells: dict[str, list[str]] = {header: [] for header in headers}
    for row in sample:
        for header, cell in zip(headers, row, strict=False):
            text = cell.strip()
            if text and text not in PLACEHOLDERS:
                cells[header].append(text)
    return cells


def _kind(header: str, cells: list[str]) -> dict[str, str]:
    """Answer the first type that reads every cell; none, which is text, where there is no such type or no cell."""
    if not cells or not TEXTUAL_WORDS.isdisjoint(words_of(header)[-1:]):
        return _TEXT
    # `converter` also takes 1 for true and a lone f for false; a guess must not.
    if all(map(_YES_OR_NO.fullmatch, cells)):
        return {"type": "boolean"}
    if any(map(_ZERO_IN_FRONT.match, cells)):
        return _TEXT
    return next((trial for trial in _TRIALS if _reads(trial, cells)), _TEXT)


def _reads(trial: dict[str, str], cells: list[str]) -> bool:
    read = converter(Column.model_validate({"to": "properties.trial", **trial}))
    try:
        for cell in cells:
            read(cell)
    except ValueError:
        return False
    return True
