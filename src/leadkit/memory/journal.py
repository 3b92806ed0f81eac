"""A journal on disk: one line of JSON for each unit of work, from which the store is rebuilt when it is opened.

A line is whole or it is not there: a line that a crash cut short is dropped on opening, and with it the unit of work
that was never acknowledged.
"""

from __future__ import annotations

import contextlib
import json
import os
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Final, Self, cast

import attrs

from leadkit.activities import Activity, Task
from leadkit.conversion import Contact, Opportunity
from leadkit.enrichment import EnrichmentJob
from leadkit.errors import LeadkitError, StoreUnavailable, UnreadableFile
from leadkit.leads import Event, Lead, OrganisationSettings
from leadkit.memory.organisation import Waiting
from leadkit.memory.store import MemoryStore
from leadkit.pipelines import Pipeline
from leadkit.ports import KeyedRequest
from leadkit.scoring import Ruleset
from leadkit.values.document import adapter
from leadkit.values.times import isoformat, read_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from leadkit.memory.tables import Change

__all__ = ["JournalFile"]

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such lock; there a second process is not noticed
    fcntl = None  # type: ignore[assignment]  # None says that there is no lock


@attrs.frozen
class _Codec:
    """How the rows of one table are written and read."""

    write: Callable[[Any], object]
    read: Callable[[Any], Any]


def _document(kind: type[Any]) -> _Codec:
    return _Codec(
        write=lambda row: adapter(kind).dump_python(row, mode="json"),
        read=lambda data: adapter(kind).validate_python(data),
    )


def _record(kind: type[Any], moment: str) -> _Codec:
    """An attrs class of plain values and one instant."""

    def write(row: Any) -> object:
        data = attrs.asdict(row, recurse=False)
        return {**data, moment: isoformat(data[moment])}

    return _Codec(write=write, read=lambda data: kind(**{**data, moment: read_instant(data[moment])}))


def _plain(value: Any) -> Any:
    return value


def _written_waiting(row: Waiting) -> object:
    """What was never tried is its number alone, as in older journals."""
    if row == Waiting(number=row.number):
        return row.number
    return {**attrs.asdict(row), "due_at": None if row.due_at is None else isoformat(row.due_at)}


def _read_waiting(data: Any) -> Waiting:
    if isinstance(data, int):
        return Waiting(number=data)
    fields: dict[str, Any] = {**data, "due_at": None if data["due_at"] is None else read_instant(data["due_at"])}
    return Waiting(**fields)


def _row_key(key: Any) -> object:
    """JSON has no tuples: a key of several parts is written as a list."""
    return tuple(cast("list[object]", key)) if isinstance(key, list) else key


_CODECS: Final[Mapping[str, _Codec]] = MappingProxyType(
    {
        "leads": _document(Lead),
        "pipelines": _document(Pipeline),
        "rules": _document(Ruleset),
        "activities": _document(Activity),
        "tasks": _document(Task),
        "contacts": _document(Contact),
        "opportunities": _document(Opportunity),
        "gateway_keys": _Codec(write=_plain, read=_plain),
        "pointers": _Codec(
            write=lambda row: {member: str(pointer) for member, pointer in row.items()},
            read=lambda data: {member: Fraction(pointer) for member, pointer in data.items()},
        ),
        "requests": _record(KeyedRequest, "at"),
        "events": _record(Event, "time"),
        "outbox": _Codec(write=_written_waiting, read=_read_waiting),
        "jobs": _document(EnrichmentJob),
        "settings": _document(OrganisationSettings),
    }
)


@attrs.define(eq=False)
class JournalFile:
    """The journal of one store.

    Attributes:
        path: The file.
    """

    path: Path
    _file: IO[bytes] = attrs.field(repr=False)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> MemoryStore:
        """Open a store on a journal, a new one where there is no file.

        Args:
            path: The file.

        Raises:
            StoreUnavailable: The file cannot be opened, or another process has it open.
            UnreadableFile: It is no journal.
        """
        journal = cls._begin(Path(path))
        store = MemoryStore(journal=journal)
        try:
            journal.replay(store)
        except BaseException:
            journal.close()
            raise
        return store

    @classmethod
    def _begin(cls, path: Path) -> Self:
        try:
            # Binary appending: every write goes to the end, whatever was read before.
            file = path.open("a+b")
        except OSError as error:
            raise StoreUnavailable(reason=f"cannot open {path.name}: {error.strerror}") from None
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                raise StoreUnavailable(reason=f"{path.name} is in use by another process") from None
        return cls(path, file)

    def replay(self, store: MemoryStore) -> None:
        """Rebuild the store; a row that was written many times is read once, as it was last."""
        latest: dict[tuple[str, str, object], object] = {}
        self._file.seek(0)
        whole = 0
        for number, line in enumerate(self._file, start=1):
            if not line.endswith(b"\n"):
                # The process died while it wrote this line; nobody was told that it was kept.
                self._file.truncate(whole)
                break
            with self._reading(f"line {number}"):
                entry = json.loads(line)
                for name, key, data in entry["rows"]:
                    latest[entry["org"], name, _row_key(key)] = data
            whole += len(line)
        for (org, name, key), data in latest.items():
            if data is not None:
                with self._reading(f"{name} {key}"):
                    table = next(table for table in store.organisation(org).tables if table.name == name)
                    table.set(key, _CODECS[name].read(data))
        for _, organisation in store.organisations():
            organisation.written = max((row.number for row in organisation.outbox.rows.values()), default=0)

    @contextlib.contextmanager
    def _reading(self, what: str) -> Generator[None]:
        try:
            yield
        except (ValueError, KeyError, TypeError, RecursionError, StopIteration, LeadkitError) as error:
            reason = f"{what} is nothing that a leadkit journal holds ({type(error).__name__})"
            raise UnreadableFile(name=self.path.name, reason=reason) from None

    def write(self, org: str, changes: Sequence[Change]) -> None:
        """Make the changes of one unit of work permanent."""
        latest = {(change.table.name, change.key): change.table for change in changes}
        rows: list[list[object]] = []
        for (name, key), table in latest.items():
            row = table.rows.get(key)
            rows.append([name, key, None if row is None else _CODECS[name].write(row)])
        line = json.dumps({"org": org, "rows": rows}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        try:
            self._append(line)
        except (OSError, ValueError) as error:
            # ValueError: the file is closed.
            raise StoreUnavailable(reason=f"cannot write {self.path.name}: {error}") from None

    def _append(self, line: bytes) -> None:
        end = self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            # A half-written line must not join the next one.
            self._file.truncate(end)
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
