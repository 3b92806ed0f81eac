"""Finding out how a file is written, from its first bytes."""

from __future__ import annotations

import codecs
import re
from itertools import islice
from typing import Final

import attrs

from leadkit.errors import UnreadableFile
from leadkit.importing.decoding import MARKED, decoded
from leadkit.importing.dialects import DELIMITERS, Dialect, Limits
from leadkit.importing.lines import lines_of
from leadkit.importing.records import records_of

__all__ = ["EMPTY", "SEPARATOR_LINE", "sniff"]

# The longer mark first: UTF-32 LE begins as UTF-16 LE does.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# start: what a file that begins so is
_OTHERS: Final = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"%PDF-": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"SQLite format 3\x00": "a SQLite database",
    b"PAR1": "a Parquet file",
}

SEPARATOR_LINE: Final = re.compile(r'sep=([^"\r\n ])[\r\n]*', re.IGNORECASE)
"""The line that Excel writes and reads above the header: `sep=;`."""

EMPTY: Final = "it is empty; a line of column names is needed, and rows below it"

# Of all bytes half are the upper halves of characters; some of these characters may be beyond ASCII.
_NULS_OF_UTF_16: Final = 0.2
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_NOT_WINDOWS_1252: Final = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_MOST_LINES: Final = 1_000


def sniff(
    head: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    goes_on: bool = False,
    name: str = "the file",
) -> Dialect:
    r"""Find out how a file is written.

    UTF-8, UTF-16 and UTF-32 are known by their marks; UTF-16 without one by its NULs; else it is UTF-8 where as much
    of it reads as UTF-8 as does not, and Windows-1252 otherwise (Latin-1 where it has bytes that Windows-1252 has not).
    The delimiter is the one that gives the header at least two cells and most records as many as the header.

    Args:
        head: The first bytes; a mebibyte is plenty, the more the surer.
        encoding: The encoding, where it is known.
        delimiter: The delimiter, where it is known.
        goes_on: Whether the file is longer than its head, so that the last line of the head is half a line.
        name: What to call the file in errors.

    Raises:
        UnreadableFile: It is empty, or no text at all.
        InvalidInput: There is no such encoding, or the delimiter cannot be one.

    Example:
        >>> sniff("Name;E-Mail\nJürgen;j@example.com\n".encode("cp1252")).described
        'cp1252, semicolon'
    """
    if not head:
        raise UnreadableFile(name=name, reason=EMPTY)
    kind = next((kind for start, kind in _OTHERS.items() if head.startswith(start)), None)
    if kind is not None and encoding is None:
        raise UnreadableFile(name=name, reason=f"it is {kind}; save it as CSV")
    known = Dialect(encoding=encoding or "utf-8", delimiter=delimiter or ",")
    whole = head[: head.rfind(b"\n") + 1] or head if goes_on else head
    found = encoding or _encoding(whole)
    return attrs.evolve(known, encoding=found, delimiter=delimiter or _delimiter(whole, found))


def _encoding(head: bytes) -> str:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    # ASCII letters in UTF-16 have a NUL each, always on the same side.
    first, second = head[0::2].count(0), head[1::2].count(0)
    if max(first, second) > len(head) * _NULS_OF_UTF_16 and min(first, second) * 10 <= max(first, second):
        return "utf-16-le" if second > first else "utf-16-be"
    text = "".join(decoded([head], "utf-8"))
    broken = len(MARKED.findall(text))
    # Characters that read as UTF-8 hardly ever do so by chance: where they are as many as the broken bytes, they win.
    if broken * 2 <= len(_BEYOND_ASCII.findall(text)):
        return "utf-8"
    return "latin-1" if any(byte in head for byte in _NOT_WINDOWS_1252) else "cp1252"


def _delimiter(head: bytes, encoding: str) -> str:
    limits = Limits()
    lines = list(islice(lines_of(decoded([head], encoding), longest=limits.record), _MOST_LINES))
    if lines and (said := SEPARATOR_LINE.fullmatch(lines[0])):
        return said[1]

    def agreeing(delimiter: str) -> int:
        records = records_of(iter(lines), Dialect(delimiter=delimiter), limits)
        width = next((len(record.cells) for record in records), 1)
        # A header of one cell is no table; one without rows agrees with itself.
        return 0 if width == 1 else 1 + sum(len(record.cells) == width for record in records)

    votes = {delimiter: agreeing(delimiter) for delimiter in DELIMITERS}
    # Of equals the first wins, which is the one least likely to stand in texts by chance.
    best = max(votes, key=votes.__getitem__)
    return best if votes[best] else ","
