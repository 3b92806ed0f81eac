"""A file as a table: named columns, and the rows below them one by one."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import attrs

from leadkit.errors import UnreadableFile
from leadkit.importing.decoding import decoded
from leadkit.importing.dialects import Limits
from leadkit.importing.errorsheet import ERROR_COLUMNS
from leadkit.importing.formulas import restore
from leadkit.importing.lines import lines_of
from leadkit.importing.records import Record, records_of
from leadkit.importing.sniffing import EMPTY, SEPARATOR_LINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from leadkit.importing.dialects import Dialect

__all__ = ["Table", "column_names", "open_table"]


@attrs.frozen(kw_only=True)
class Table:
    """An opened file: its columns are known, its rows are read as they are asked for, once.

    Attributes:
        headers: The names of the columns, each of them unique.
        records: The rows in order, blank ones left out; the first is row 1.
        dialect: How the file is written.
    """

    headers: tuple[str, ...]
    records: Iterator[Record]
    dialect: Dialect


def open_table(
    chunks: Iterable[bytes], dialect: Dialect, *, limits: Limits | None = None, name: str = "the file"
) -> Table:
    r"""Read the column names of a file; its rows follow when they are asked for.

    An error file is known by its columns: those are left out, and what was made harmless in it is read as it was.

    Args:
        chunks: The bytes of the file, cut anywhere.
        dialect: How it is written, as `sniff` answers.
        limits: How long a cell and a record may be.
        name: What to call the file in errors.

    Raises:
        UnreadableFile: It has no line of column names, or that line cannot be read.

    Example:
        >>> from leadkit.importing import Dialect
        >>> table = open_table([b"Email;Phone\na@example.com;", b"12"], Dialect(delimiter=";"))
        >>> table.headers, [record.cells for record in table.records]
        (('Email', 'Phone'), [['a@example.com', '12']])
    """
    limits = limits or Limits()
    lines = lines_of(decoded(chunks, dialect.encoding), longest=limits.record)
    first = next(lines, "")
    said = SEPARATOR_LINE.fullmatch(first)
    fresh = lines if said else chain((first,), lines)
    records = records_of(fresh, dialect, limits, first_line=2 if said else 1)
    header = next(records, None)
    if header is None:
        raise UnreadableFile(name=name, reason=EMPTY)
    if header.flaw is not None:
        raise UnreadableFile(name=name, reason=f"the column names on line {header.line}: {header.flaw.message}")
    if ERROR_COLUMNS[-1] in header.cells:
        kept = [place for place, cell in enumerate(header.cells) if cell not in ERROR_COLUMNS]
        records = (_restored(record, kept, len(header.cells)) for record in records)
        headers = column_names([restore(header.cells[place]) for place in kept])
    else:
        headers = column_names(header.cells)
    return Table(headers=headers, records=records, dialect=dialect)


def _restored(record: Record, kept: list[int], width: int) -> Record:
    cells = [record.cells[place] for place in kept if place < len(record.cells)]
    return record._replace(cells=[restore(cell) for cell in (*cells, *record.cells[width:])])


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    r"""Name columns by the cells of a header: white space tidied, repeated names counted, empty ones numbered.

    Args:
        cells: The cells of the header.

    Example:
        >>> column_names([" First\nName ", "Email", "", "Email"])
        ('First Name', 'Email', 'Column 3', 'Email (2)')
    """
    names: dict[str, None] = {}
    for place, cell in enumerate(cells, 1):
        plain = " ".join(cell.split()) or f"Column {place}"
        name, count = plain, 1
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        names[name] = None
    return tuple(names)
