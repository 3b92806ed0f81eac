"""A mapping held against a file, and each of its rows read: a new lead, or what is wrong with the row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import attrs
from pydantic import ValidationError

from leadkit.importing.decoding import legible
from leadkit.importing.places import FULL_NAME, LEAD, PROPERTIES, UTM_PARAMS
from leadkit.importing.records import Flaw
from leadkit.importing.reports import RowError, excerpt
from leadkit.leads import NewLead, wire_name
from leadkit.values import fingerprint, normalise_phone
from leadkit.values.document import faults_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.errors import Fault
    from leadkit.importing.cells import Convert
    from leadkit.importing.mapping import Scalar
    from leadkit.importing.records import Record

__all__ = ["RowReader", "RowResult", "Step"]

_WHOLE: Final = "$"
"""The path of a fault that is no single field's: the lead has no identity."""


@attrs.frozen(kw_only=True)
class RowResult:
    """What became of one row.

    Attributes:
        row: Which row, the first below the header being 1.
        record: What stands in it, and where.
        lead: The new lead, or None when something is wrong.
        errors: What is wrong.
    """

    row: int
    record: Record = attrs.field(repr=False)
    lead: NewLead | None
    errors: tuple[RowError, ...]


class Step(NamedTuple):
    """What is done with one column. A tuple, since all of them are walked for each row.

    Attributes:
        column: Which column.
        holder: Where its value goes: the lead, or its `properties` or `utm_params`.
        key: The name there.
        convert: Reads a cell.
        default: What an empty cell means.
        required: Whether a row without it is refused.
        anchored: Whether a row that ends before it is refused: it is required, or an identity.
    """

    column: int
    holder: str
    key: str
    convert: Convert
    default: Scalar | None
    required: bool
    anchored: bool


@attrs.frozen(kw_only=True)
class RowReader:
    """Reads the rows of one file by one mapping; `bind` makes it.

    Attributes:
        headers: The columns of the file.
        ignored: Those that lead nowhere.
        steps: Those that lead somewhere.
        constants: Holder, key and value of what every lead gets.
        empty: Cells that mean nothing.
        columns: For the path of each field of a draft, the column that fills it.
    """

    headers: tuple[str, ...]
    ignored: tuple[str, ...]
    steps: tuple[Step, ...]
    constants: tuple[tuple[str, str, Scalar], ...]
    empty: frozenset[str]
    columns: dict[str, int]

    def read(self, row: int, record: Record) -> RowResult:
        """Read one row.

        A lead that is known by its phone alone gets an external id made of phone and name: a phone is no key, and
        without one the same file would make the same lead again.

        Args:
            row: Its number.
            record: What stands in it.
        """
        flaws = [record.flaw] if record.flaw is not None else self._misshapen(record.cells)
        lead = None
        if not flaws:
            draft = self._draft(record.cells, flaws)
            try:
                lead = NewLead.model_validate(draft)
            except ValidationError as error:
                # Where a cell could not be read, the identity that is missed may stand in it.
                found = [fault for fault in faults_of(error, NewLead) if fault.path != _WHOLE or not flaws]
                flaws += [self._as_flaw(fault) for fault in found]
        if not flaws:
            return RowResult(row=row, record=record, lead=lead, errors=())
        return RowResult(
            row=row,
            record=record,
            lead=None,
            errors=tuple(self._told(row, record, flaw) for flaw in flaws),
        )

    def _misshapen(self, cells: Sequence[str]) -> list[Flaw]:
        """Find too many cells, or too few; a row that ends early but holds all that matters is let pass."""
        width = len(self.headers)
        if len(cells) == width:
            return []
        counts = f"the row has {len(cells)} cells where the header has {width}"
        if any(cell.strip() for cell in cells[width:]):
            hint = "a cell that holds the delimiter must stand in quotes"
            return [Flaw(code="long-row", message=f"{counts}; {hint}")]
        lost = [self.headers[step.column] for step in self.steps if step.anchored and step.column >= len(cells)]
        if lost:
            return [Flaw(code="short-row", message=f"{counts}, and ends before {', '.join(lost)}")]
        return []

    def _draft(self, cells: Sequence[str], flaws: list[Flaw]) -> dict[str, Any]:
        """Read the cells into what a new lead is made of; what cannot be read is added to the flaws."""
        holders: dict[str, dict[str, Any]] = {LEAD: {}, PROPERTIES: {}, UTM_PARAMS: {}}
        width = len(cells)
        for holder, key, constant in self.constants:
            holders[holder][key] = constant
        for column, holder, key, convert, default, required, _ in self.steps:
            text = cells[column].strip() if column < width else ""
            value: object = default
            if text not in self.empty:
                try:
                    read = convert(text)
                except ValueError as error:
                    flaws.append(Flaw(code="unreadable-cell", message=str(error), column=column))
                    continue
                if read is not None:
                    value = read
            if value is not None:
                holders[holder][key] = value
            elif required:
                flaws.append(Flaw(code="empty-cell", message="required, but empty", column=column))
        return _completed(**holders)

    def _as_flaw(self, fault: Fault) -> Flaw:
        column = self.columns.get(fault.path)
        message = fault.message
        if column is None and fault.path != _WHOLE:
            message = f"{wire_name(fault.path.removeprefix('$.'))}: {message}"
        return Flaw(code=fault.code, message=message, column=column)

    def _told(self, row: int, record: Record, flaw: Flaw) -> RowError:
        column, cells = flaw.column, record.cells
        return RowError(
            row=row,
            line=record.line,
            column=None if column is None or column >= len(self.headers) else self.headers[column],
            value=None if column is None or column >= len(cells) else excerpt(legible(cells[column])),
            message=flaw.message,
            code=flaw.code,
        )


def _completed(*, lead: dict[str, Any], properties: dict[str, Any], utm_params: dict[str, Any]) -> dict[str, Any]:
    if FULL_NAME in lead:
        lead |= _parted(lead.pop(FULL_NAME))
    if "phone" in lead and "email" not in lead and "external_id" not in lead:
        lead["external_id"] = _known_by_phone(lead)
    if properties:
        lead[PROPERTIES] = properties
    if utm_params:
        lead[UTM_PARAMS] = utm_params
    return lead


def _parted(name: str) -> dict[str, str]:
    """Part a full name: `Last, First`, else the first word and the rest."""
    if "," in name:
        last, _, first = name.partition(",")
    else:
        first, _, last = name.partition(" ")
    parts = {"first_name": first.strip(), "last_name": last.strip()}
    return {key: part for key, part in parts.items() if part}


def _known_by_phone(lead: dict[str, Any]) -> str:
    names = [str(lead.get(key, "")).casefold() for key in ("first_name", "last_name", "company")]
    return f"phone-{fingerprint([normalise_phone(lead['phone']), *names])[:32]}"
