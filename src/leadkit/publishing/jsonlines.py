"""A file of JSON lines: one CloudEvents envelope a line, whole or not there, and on disk before it counts as published.

Several processes may write the same file: each line is written under the file's lock. A line that a crash cut short was
never told to be published; whoever writes next takes it away, and its event comes again.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from leadkit.errors import DeliveryFailed
from leadkit.publishing.messages import message_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from leadkit.leads import Event

__all__ = ["JsonLinesPublisher"]

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such lock; there one process alone may write the file
    fcntl = None  # type: ignore[assignment]  # None says that there is no lock

_LOOK_BACK: Final = 64 * 1024


class JsonLinesPublisher:
    """Appends events to a file, made when there is none.

    Args:
        path: The file.
        source: A URI reference that names the emitting service.

    Raises:
        DeliveryFailed: The file cannot be opened.

    Example:
        >>> import json, pathlib, tempfile
        >>> import leadkit as lk
        >>> with tempfile.TemporaryDirectory() as place:
        ...     path = pathlib.Path(place, "events.jsonl")
        ...     with lk.LeadKit.open("memory:", publisher=lk.JsonLinesPublisher(path)) as kit:
        ...         lead = kit.workspace(org="acme", actor="user-7").leads.create(email="alice@example.com")
        ...     [json.loads(line)["type"] for line in path.read_text().splitlines()]
        ['lead.created']
    """

    def __init__(self, path: str | os.PathLike[str], *, source: str = "/leadkit") -> None:
        """Open the file."""
        self._name = Path(path).name
        self._source = source
        # The lock of the file is the process's; threads need one of their own.
        self._lock = threading.Lock()
        self._written = False
        self._file = -1
        try:
            # Read and write: the end of a line that was cut short must be found, and taken away.
            self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            self._keep_name(Path(path))
        except OSError as error:
            self.close()
            raise self._failure(error) from None

    @staticmethod
    def _keep_name(path: Path) -> None:
        """Make the name of a new file as permanent as its lines will be."""
        if hasattr(os, "O_DIRECTORY"):
            folder = os.open(path.resolve().parent, os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def __repr__(self) -> str:
        return f"JsonLinesPublisher({self._name!r})"

    def publish(self, org: str, event: Event) -> None:
        """Append an event; `flush` makes it permanent.

        Raises:
            DeliveryFailed: The file cannot be written; nothing of the line is left in it.
        """
        line = message_of(org, event, source=self._source).body + b"\n"
        try:
            with self._alone():
                end = self._whole_end()
                try:
                    self._append(line)
                except OSError:
                    with contextlib.suppress(OSError):
                        os.ftruncate(self._file, end)
                    raise
                self._written = True
        except OSError as error:
            raise self._failure(error) from None

    def flush(self) -> None:
        """Make everything that was appended permanent.

        Raises:
            DeliveryFailed: It cannot be done.
        """
        if not self._written:
            return
        try:
            os.fsync(self._file)
        except OSError as error:
            raise self._failure(error) from None
        self._written = False

    def close(self) -> None:
        """Let go of the file; closing again does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    @contextlib.contextmanager
    def _alone(self) -> Generator[None]:
        with self._lock:
            if fcntl is not None:
                fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                if fcntl is not None:
                    fcntl.flock(self._file, fcntl.LOCK_UN)

    def _append(self, line: bytes) -> None:
        written = 0
        while written < len(line):
            written += os.write(self._file, line[written:])

    def _whole_end(self) -> int:
        """Answer where the last whole line ends, and take away what a crash left behind it."""
        end = os.lseek(self._file, 0, os.SEEK_END)
        if end == 0 or self._read(end - 1, 1) == b"\n":
            return end
        start, found = end, -1
        while start > 0 and found < 0:
            begin = max(0, start - _LOOK_BACK)
            found = self._read(begin, start - begin).rfind(b"\n")
            start = begin
        whole = start + found + 1
        os.ftruncate(self._file, whole)
        return whole

    def _read(self, start: int, count: int) -> bytes:
        os.lseek(self._file, start, os.SEEK_SET)
        return os.read(self._file, count)

    def _failure(self, error: OSError) -> DeliveryFailed:
        return DeliveryFailed(destination=self._name, reason=error.strerror or type(error).__name__)
