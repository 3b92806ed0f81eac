"""The error file: the rows that failed as they stood, beside each what is wrong, to be mended and imported again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

from leadkit.importing.decoding import legible
from leadkit.importing.formulas import neutralise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.importing.reports import RowError

__all__ = ["ERROR_COLUMNS", "ERROR_ENCODING", "ErrorSheet"]

ERROR_COLUMNS: Final = ("leadkit_row", "leadkit_column", "leadkit_error")
"""The columns behind the original ones. A file is known by them, and they are left out when it is read."""

ERROR_ENCODING: Final = "utf-8-sig"
"""How the file is encoded: with the mark by which Excel knows UTF-8."""

_NEEDS_QUOTES: Final = re.compile(r'["\r\n]|^\s|\s$')


@attrs.frozen(kw_only=True)
class ErrorSheet:
    r"""Writes the lines of an error file.

    Attributes:
        headers: The original columns.
        delimiter: What parts the cells, as in the file that was read.

    Example:
        >>> from leadkit.importing import RowError
        >>> sheet = ErrorSheet(headers=("Email", "Phone"), delimiter=",")
        >>> sheet.header
        'Email,Phone,leadkit_row,leadkit_column,leadkit_error\r\n'
        >>> error = RowError(row=3, line=4, column="Email", value="alice", message="expected an e-mail address")
        >>> sheet.line(["alice", "+1 555 0100"], [error])
        "alice,'+1 555 0100,3,Email,expected an e-mail address\r\n"
    """

    headers: tuple[str, ...]
    delimiter: str

    @property
    def header(self) -> str:
        """The first line."""
        return self._joined([*self.headers, *ERROR_COLUMNS])

    def line(self, cells: Sequence[str], errors: Sequence[RowError]) -> str:
        """Write one row that failed.

        Cells beyond the last column stand behind the error's, where they are seen and counted as too many again.

        Args:
            cells: The cells as they were read.
            errors: What is wrong with them, at least one.
        """
        width = len(self.headers)
        columns = "; ".join(dict.fromkeys(error.column for error in errors if error.column is not None))
        messages = "; ".join(dict.fromkeys(error.message for error in errors))
        original = [*cells[:width], *[""] * (width - len(cells))]
        return self._joined([*original, str(errors[0].row), columns, messages, *cells[width:]])

    def _joined(self, cells: Sequence[str]) -> str:
        return f"{self.delimiter.join(self._written(cell) for cell in cells)}\r\n"

    def _written(self, cell: str) -> str:
        text = neutralise(legible(cell))
        if self.delimiter in text or _NEEDS_QUOTES.search(text):
            return '"' + text.replace('"', '""') + '"'
        return text
