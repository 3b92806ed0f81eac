"""A mapping held against the columns of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from leadkit.errors import Fault, InvalidInput, did_you_mean
from leadkit.importing.cells import converter
from leadkit.importing.checking import checked, keyed
from leadkit.importing.mapping import Column
from leadkit.importing.naming import property_key
from leadkit.importing.places import LEAD, choices_of, place_named
from leadkit.importing.rows import RowReader, Step

if TYPE_CHECKING:
    from collections.abc import Mapping as AnyMapping
    from collections.abc import Sequence

    from leadkit.importing.cells import Convert
    from leadkit.importing.mapping import Mapping, Scalar

__all__ = ["bind"]

# What a spreadsheet makes of a long number, which cannot be undone: 15550100123 becomes 1.555E+10.
_SHORTENED: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+")


def bind(
    mapping: Mapping, headers: Sequence[str], *, defaults: AnyMapping[str, Scalar] | None = None, at: str = "$"
) -> RowReader:
    """Hold a mapping against the columns of a file.

    Args:
        mapping: The mapping. Its columns are found by name, in any case where the case tells nothing apart.
        headers: The columns of the file.
        defaults: Values for places to which neither a column nor a constant leads, such as `pipelineId`.
        at: The JSON path that faults begin with.

    Returns:
        What reads the rows of the file.

    Raises:
        InvalidInput: With every fault of the mapping, or every column that the file lacks, or has and should not have.

    Example:
        >>> from leadkit.importing import Mapping, Record
        >>> reader = bind(Mapping.model_validate({"columns": {"Mail": "email"}}), ["mail", "City"])
        >>> result = reader.read(1, Record(line=2, cells=[" a@example.com ", "Rome"], flaw=None))
        >>> result.lead.email, reader.ignored
        ('a@example.com', ('City',))
    """
    checked(mapping, at=at)
    found = _found(tuple(mapping.columns), headers)
    unwanted = {name.casefold() for name in mapping.ignore}
    rest = [header for header in headers if header not in found.values() and header.casefold() not in unwanted]
    faults = [
        Fault(
            path=keyed(f"{at}.columns", name),
            message=f"the file has no column `{name}`{did_you_mean(name, headers)}",
            code="unknown-column",
        )
        for name in mapping.columns
        if name not in found
    ]
    if mapping.others == "refuse":
        faults += [
            Fault(path=f"{at}.others", message=f"column `{header}` is neither mapped nor ignored", code="other-column")
            for header in rest
        ]
    if faults:
        raise InvalidInput(faults=tuple(faults))
    columns = {found[name]: column for name, column in mapping.columns.items()}
    if mapping.others == "properties":
        columns |= _as_properties(rest, mapping)
        rest = []
    order = {header: index for index, header in enumerate(headers)}
    return RowReader(
        headers=tuple(headers),
        ignored=tuple(rest),
        steps=tuple(_step(order[header], column) for header, column in columns.items()),
        constants=tuple(
            (place.holder, place.key, value)
            for place, value in (
                (place_named(target), value) for target, value in {**(defaults or {}), **mapping.constants}.items()
            )
        ),
        empty=frozenset({"", *(cell.strip() for cell in mapping.empty)}),
        columns={
            f"$.{part.key}": order[header]
            for header, column in columns.items()
            for part in place_named(column.to).parts
            if part.holder == LEAD
        },
    )


def _found(names: Sequence[str], headers: Sequence[str]) -> dict[str, str]:
    """Find the column of each name: as it stands, else in another case; no column is found twice."""
    found = {name: name for name in names if name in headers}
    left = [header for header in headers if header not in found]
    for name in names:
        alike = [header for header in left if header.casefold() == name.casefold()]
        if name not in found and len(alike) == 1:
            found[name] = alike[0]
            left.remove(alike[0])
    return found


def _as_properties(headers: Sequence[str], mapping: Mapping) -> dict[str, Column]:
    targets = [*mapping.constants, *(column.to for column in mapping.columns.values())]
    taken = {place_named(target).key for target in targets}
    columns: dict[str, Column] = {}
    for header in headers:
        key = property_key(header, taken)
        taken.add(key)
        columns[header] = Column(to=f"properties.{key}")
    return columns


def _step(index: int, column: Column) -> Step:
    place = place_named(column.to)
    choices = choices_of(place)
    if choices is not None:
        meant = {**{choice: choice for choice in choices}, **(column.map or {})}
        column = column.model_copy(update={"type": "choice", "map": meant})
    convert = converter(column)
    return Step(
        column=index,
        holder=place.holder,
        key=place.key,
        convert=_unshortened(convert) if place.is_identity else convert,
        default=column.default,
        required=column.required,
        anchored=column.required or place.is_identity,
    )


def _unshortened(convert: Convert) -> Convert:
    """Refuse a number whose digits a spreadsheet has thrown away, where it identifies somebody."""

    def unshortened(text: str) -> object:
        if _SHORTENED.fullmatch(text):
            message = "a spreadsheet has shortened this number and lost its digits; format the column as text there"
            raise ValueError(message)
        return convert(text)

    return unshortened
