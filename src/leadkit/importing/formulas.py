"""Cells that a spreadsheet would run: made harmless on the way out, and read back without loss.

Excel, LibreOffice and Google Sheets take a cell that begins with ``=``, ``+``, ``-``, ``@`` or a control character for
a formula, wherever the file came from. An apostrophe in front turns it into text. So that this can be undone exactly, a
cell that begins with apostrophes and then a formula gets one more; `restore` takes one away from just these cells.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["neutralise", "restore"]

# The full-width twins are read as formulas too, where the spreadsheet speaks Japanese or Chinese.
_FORMULA: Final = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")  # noqa: RUF001 - meant as they are


def neutralise(cell: str) -> str:
    """Write a cell so that no spreadsheet runs it.

    Args:
        cell: What the cell holds.

    Example:
        >>> neutralise("=1+1"), neutralise("'=1+1"), neutralise("plain")
        ("'=1+1", "''=1+1", 'plain')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """Read a cell that `neutralise` wrote.

    Args:
        cell: The cell as it stands in the file.

    Example:
        >>> restore("'=1+1"), restore("''=1+1"), restore("'plain'")
        ('=1+1', "'=1+1", "'plain'")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
