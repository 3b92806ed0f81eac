"""Bytes to text, losing nothing: a byte that the encoding does not know is carried along, marked.

A marked byte is the character U+DC00 plus its value, a lone surrogate that no honest text can hold. The row it
stands in is reported; in the error file it is written as Windows-1252 reads it, which is what it mostly is.
"""

from __future__ import annotations

import codecs
import re
from itertools import chain
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["MARKED", "decoded", "legible"]

MARKED: Final = re.compile("[\ud800-\udfff]")
"""Finds a character that was no character in the file."""

_MARK: Final = 0xDC00
# Python's own decoders of these names raise where the mark is missing.
_UNORDERED: Final = {"utf-16": codecs.BOM_UTF16_BE, "utf-32": codecs.BOM_UTF32_BE}
_LONGEST_MARK: Final = 4
_HANDLER: Final = "leadkit.mark"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(_MARK + byte) for byte in error.object[error.start : error.end]), error.end


def decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Decode chunks of bytes as they come; a byte order mark at the start is left out.

    Args:
        chunks: The bytes, cut anywhere.
        encoding: The name of a codec.

    Yields:
        Pieces of text, none of them empty.

    Example:
        >>> list(decoded([b"caf", bytes([0xC3]), bytes([0xA9])], "utf-8"))
        ['caf', 'é']
    """
    # `surrogateescape` would do for bytes beyond ASCII, but half a UTF-16 character may be an ASCII byte. Naming a
    # handler is the one way to have another; the name is ours, and naming it again changes nothing.
    codecs.register_error(_HANDLER, _mark)
    name, whole = _ordered(codecs.lookup(encoding).name, chunks)
    started = False
    for text in _pieces(codecs.getincrementaldecoder(name)(_HANDLER), whole):
        if text:
            piece = text if started else text.removeprefix("\ufeff")
            started = True
            if piece:
                yield piece


def _ordered(name: str, chunks: Iterable[bytes]) -> tuple[str, Iterable[bytes]]:
    """Say of UTF-16 and UTF-32 which byte comes first: what the mark says, else the little end, as on most machines."""
    if name not in _UNORDERED:
        return name, chunks
    rest, start = iter(chunks), b""
    while len(start) < _LONGEST_MARK and (chunk := next(rest, None)) is not None:
        start += chunk
    order = "be" if start.startswith(_UNORDERED[name]) else "le"
    return f"{name}-{order}", chain((start,), rest)


def _pieces(decoder: codecs.IncrementalDecoder, chunks: Iterable[bytes]) -> Iterator[str]:
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def legible(text: str) -> str:
    """Answer text with its marked bytes as Windows-1252 reads them, so that it can be written and mended.

    Args:
        text: A cell.

    Example:
        >>> legible("caf" + chr(0xDC00 + 0xE9))
        'café'
    """
    if text.isascii():
        return text
    return MARKED.sub(lambda match: _as_windows_1252(ord(match[0]) & 0xFF), text)


def _as_windows_1252(byte: int) -> str:
    one = bytes((byte,))
    try:
        return one.decode("cp1252")
    except UnicodeDecodeError:
        # Windows-1252 leaves five places empty; Latin-1 has none.
        return one.decode("latin-1")
