"""Files that come in, however they are handed over, and the file that what failed goes out to."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final, Self

import attrs

from leadkit.errors import UnreadableFile
from leadkit.importing import ERROR_ENCODING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from leadkit.importing import ErrorSheet, RowError

__all__ = ["ErrorFile", "IncomingFile", "content", "opened"]

_CHUNK: Final = 64 * 1024
_HEAD: Final = 1024 * 1024


@attrs.define(kw_only=True)
class IncomingFile:
    """A file that is being read, once, from its start.

    Attributes:
        name: What it is called in errors.
        size: How many bytes it has; None where nobody knows before the end.
        head: Its first bytes, at most a mebibyte.
        read: How many bytes were read so far.
    """

    name: str
    size: int | None
    head: bytes
    read: int = 0
    _stream: BinaryIO = attrs.field(repr=False, alias="stream")

    @property
    def goes_on(self) -> bool:
        """Whether there is more of it than its head."""
        return len(self.head) == _HEAD

    def chunks(self) -> Iterator[bytes]:
        """Yield all its bytes from the start, in pieces."""
        for start in range(0, len(self.head), _CHUNK):
            chunk = self.head[start : start + _CHUNK]
            self.read += len(chunk)
            yield chunk
        while chunk := self._stream.read(_CHUNK):
            self.read += len(chunk)
            yield chunk


@contextlib.contextmanager
def opened(source: str | os.PathLike[str] | bytes | BinaryIO) -> Generator[IncomingFile]:
    """Open what is to be read.

    Args:
        source: A path, the bytes themselves, or a stream of bytes, which is left open.

    Yields:
        The file; what it holds is read as it is asked for.

    Raises:
        UnreadableFile: There is no such file, or it cannot be read.
    """
    if isinstance(source, bytes):
        yield _incoming("the file", io.BytesIO(source), len(source))
    elif isinstance(source, str | os.PathLike):
        path = Path(source)
        with _opened(path) as stream:
            yield _incoming(path.name, stream, path.stat().st_size)
    else:
        yield _incoming("the stream", source, None)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UnreadableFile(name=path.name or str(path), reason=error.strerror or type(error).__name__) from None


def content(path: Path) -> bytes:
    """Answer all that stands in a small file.

    Raises:
        UnreadableFile: There is no such file, or it cannot be read.
    """
    with _opened(path) as stream:
        return stream.read()


def _incoming(name: str, stream: BinaryIO, size: int | None) -> IncomingFile:
    return IncomingFile(name=name, size=size, head=_filled(stream), stream=stream)


def _filled(stream: BinaryIO) -> bytes:
    """Read the head of a stream, which may hand out less at a time than it is asked for."""
    parts: list[bytes] = []
    missing = _HEAD
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


class ErrorFile:
    """Takes the rows that failed, beginning with the first of them: where none fails, no file is made.

    A path is written beside its place and put there at the end, so that an error file can itself be imported and what
    still fails be written over it.
    """

    def __init__(self, target: str | os.PathLike[str] | IO[str] | None, sheet: ErrorSheet) -> None:
        """Begin without touching anything.

        Args:
            target: A path, a stream of text, or None to write nothing.
            sheet: What the lines look like.
        """
        self._path = Path(target) if isinstance(target, str | os.PathLike) else None
        self._stream = None if isinstance(target, str | os.PathLike) else target
        self._sheet = sheet
        self._out: IO[str] | None = None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def write(self, cells: Sequence[str], errors: Sequence[RowError]) -> None:
        """Write one row and what is wrong with it."""
        if self._out is None:
            self._out = self._stream if self._path is None else _text_file(self._part(self._path))
            if self._out is None:
                return
            self._out.write(self._sheet.header)
        self._out.write(self._sheet.line(cells, errors))

    def __exit__(self, *_: object) -> None:
        """Put the file into its place, also where the import ended early."""
        if self._path is not None and self._out is not None:
            self._out.close()
            self._part(self._path).replace(self._path)

    @staticmethod
    def _part(path: Path) -> Path:
        return path.with_name(f"{path.name}.part")


def _text_file(path: Path) -> IO[str]:
    return path.open("w", encoding=ERROR_ENCODING, newline="")
