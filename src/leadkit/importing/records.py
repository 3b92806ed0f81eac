"""Physical lines to records, whatever stands in them.

The standard `csv` reader would do for honest files. It cannot say on which line a quote was opened, takes the rest
of the file for one cell when it is never closed, raises at a cell beyond a limit that is one for the whole process,
and forgets what it had read by then. This reader does none of that, and since most lines hold no quote and are cut
by one `str.split`, it is no slower. On files without such faults both read the same cells; a property holds them to it.
"""

from __future__ import annotations

import csv
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

import attrs

from leadkit.importing.decoding import MARKED

if TYPE_CHECKING:
    from _csv import Dialect as ReadyDialect
    from collections.abc import Callable, Iterator

    from leadkit.importing.dialects import Dialect, Limits

__all__ = ["Flaw", "Record", "records_of"]

_QUOTE: Final = '"'


@attrs.frozen(kw_only=True)
class Flaw:
    """Why a record cannot be taken as it stands.

    Attributes:
        code: A stable word for the kind of flaw.
        message: What is wrong.
        column: The place of the cell, counted from 0; None where it is the whole record.
    """

    code: str
    message: str
    column: int | None = None


class Record(NamedTuple):
    """One record of a file. A tuple, and not a frozen class, because a million of them are made.

    Attributes:
        line: The physical line on which it starts, counted from 1.
        cells: The cells as they stand in the file.
        flaw: Why it cannot be taken, or None.
    """

    line: int
    cells: list[str]
    flaw: Flaw | None


def records_of(lines: Iterator[str], dialect: Dialect, limits: Limits, *, first_line: int = 1) -> Iterator[Record]:
    r"""Cut lines into records; blank ones, also those of empty cells only, are left out.

    A quote that is never closed costs the line it stands on and nothing else: that record has a flaw, and reading goes
    on with the next line. As never closed counts also one behind whose twin, on a later line, more text follows: that
    twin opens a later cell.

    Args:
        lines: Physical lines, each with its ending.
        dialect: What parts the cells.
        limits: How long a cell and a record may be.
        first_line: The number of the first line.

    Example:
        >>> from leadkit.importing import Dialect, Limits
        >>> lines = iter(['a,"b\n', 'c"\n', '\n', '"d,e\n', 'f,g\n'])
        >>> for record in records_of(lines, Dialect(), Limits()):
        ...     print(record.line, record.cells, record.flaw and record.flaw.code)
        1 ['a', 'b\nc'] None
        4 ['"d', 'e'] unclosed-quote
        5 ['f', 'g'] None
    """
    delimiter = dialect.delimiter
    by_the_book = _by_the_book(delimiter)
    again: deque[str] = deque()

    def pull() -> str | None:
        return again.popleft() if again else next(lines, None)

    number = first_line - 1
    for line in iter(pull, None):
        start = number = number + 1
        text, flaw = line, None
        if len(line) > limits.record:
            text = line[: limits.cell]
            flaw = Flaw(code="too-long", message=f"the line is longer than {limits.record:,} characters")
        if _QUOTE not in text or flaw is not None:
            cells = text.rstrip("\r\n").split(delimiter)
        elif (simple := _cut(text, by_the_book)) is not None:
            cells = simple
        else:
            record = _QuotedRecord(line=line, number=number, pull=pull, delimiter=delimiter, most=limits.record)
            flaw = record.read()
            cells, number = record.cells, record.number
            again.extendleft(reversed(record.unread))
            text = "".join(cells)
        if flaw is None:
            if not cells[0].strip() and not any(map(str.strip, cells)):
                continue
            if len(text) > limits.cell or "\x00" in text or (not text.isascii() and MARKED.search(text)):
                flaw = _flaw_in(cells, dialect, limits)
        yield Record(start, cells, flaw)


def _by_the_book(delimiter: str) -> ReadyDialect:
    # Taken from a reader, a dialect is ready for use; described by a class, it is built anew for each line.
    return csv.reader((), delimiter=delimiter, strict=True).dialect


def _cut(line: str, dialect: ReadyDialect) -> list[str] | None:
    """Cut a line that holds quotes, when it is a whole record and written by the book."""
    # A space before a quote means different things to different writers; the careful reading below knows it.
    if ' "' in line:
        return None
    try:
        return next(csv.reader((line,), dialect))
    except csv.Error:
        return None


def _flaw_in(cells: list[str], dialect: Dialect, limits: Limits) -> Flaw | None:
    """Find the first cell that no lead can hold."""
    for column, cell in enumerate(cells):
        if len(cell) > limits.cell:
            message = f"the cell has {len(cell):,} characters; at most {limits.cell:,} are read"
            return Flaw(code="too-long", message=message, column=column)
        if "\x00" in cell:
            return Flaw(code="nul", message="the cell holds a NUL character, which is no text", column=column)
        if found := MARKED.search(cell):
            byte = ord(found[0]) & 0xFF
            message = f"the cell holds the byte 0x{byte:02X}, which is not {dialect.encoding}"
            return Flaw(code="undecodable", message=message, column=column)
    return None


class _QuotedRecord:
    """Reads one record that holds quotes, going on to the next lines where a cell does."""

    def __init__(self, *, line: str, number: int, pull: Callable[[], str | None], delimiter: str, most: int) -> None:
        self.cells: list[str] = []
        self.number = number
        self.unread: list[str] = []
        self._pull = pull
        self._delimiter = delimiter
        self._most = most
        self._size = 0
        self._start_on(line)

    def read(self) -> Flaw | None:
        """Fill the cells; afterwards `number` is the last line that belongs to them, `unread` what was read in vain."""
        while self._at <= self._end:
            start = self._at
            while self._line.startswith(" ", start):
                start += 1
            if not self._line.startswith(_QUOTE, start):
                self.cells.append(self._up_to_delimiter())
            elif (flaw := self._quoted_cell(start + 1)) is not None:
                return flaw
        return None

    def _start_on(self, line: str) -> None:
        self._line = line
        self._at = 0
        self._end = len(line.rstrip("\r\n"))
        self._size += len(line)

    def _up_to_delimiter(self) -> str:
        stop = self._line.find(self._delimiter, self._at, self._end)
        if stop < 0:
            stop = self._end
        text = self._line[self._at : stop]
        self._at = stop + 1
        return text

    def _quoted_cell(self, start: int) -> Flaw | None:
        line, number = self._line[self._at : self._end], self.number
        taken: list[str] = []
        parts: list[str] = []
        trouble = self._content(start, parts, taken)
        if trouble is None:
            rest = self._up_to_delimiter()
            # Text behind the closing quote is kept, as everybody does; but not behind one on a later line.
            if not taken or not rest.strip():
                self.cells.append("".join(parts) + rest)
                return None
            trouble = f"the next one, on line {self.number}, opens another cell"
        column = len(self.cells)
        self.cells += line.split(self._delimiter)
        self.number, self.unread = number, taken
        return Flaw(
            code="unclosed-quote",
            message=f"the quote that is opened on line {number} is not closed: {trouble}",
            column=column,
        )

    def _content(self, start: int, parts: list[str], taken: list[str]) -> str | None:
        """Collect the text up to the closing quote and stop behind it; or answer what stands in the way."""
        while True:
            close = self._line.find(_QUOTE, start)
            if close >= 0:
                twice = self._line.startswith(_QUOTE, close + 1)
                parts.append(self._line[start : close + twice])
                start = self._at = close + 1 + twice
                if not twice:
                    return None
                continue
            parts.append(self._line[start:])
            following = self._pull()
            if following is None:
                return "the file ends"
            taken.append(following)
            self._start_on(following)
            self.number += 1
            if self._size > self._most:
                return f"{self._most:,} characters further there is no other"
            start = 0
