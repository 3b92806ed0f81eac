"""The store: files that are replaced whole, around leadkit's own store in memory."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, unquote

from leadkit.errors import StoreUnavailable, StoreUnusable
from leadkit.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from leadkit.memory import MemoryUnitOfWork

__all__ = ["FolderStore", "FolderUnitOfWork"]

_SUFFIX = ".leads"


class FolderStore:
    """A folder with a file for each organisation.

    Args:
        folder: Where; made when there is none.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Find the folder."""
        self.folder = Path(folder)
        self._here = threading.local()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(reason=f"cannot make {self.folder.name}: {error.strerror}") from None

    def unit_of_work(self, org: str) -> FolderUnitOfWork:
        """Answer a unit of work that reaches one organisation and no other."""
        return FolderUnitOfWork(self, org)

    def reading(self, org: str) -> FolderUnitOfWork:
        """Answer the same: units of work follow each other, whatever they do."""
        return self.unit_of_work(org)

    @property
    def outbox(self) -> FolderOutbox:
        """The events that wait to be published."""
        return FolderOutbox(self)

    def close(self) -> None:
        """Do nothing: no file stays open."""

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody else is at work in the folder, in this process or in another."""
        if getattr(self._here, "busy", False):
            raise StoreUnavailable(reason="a unit of work is open in this thread already; work within it")
        with (self.folder / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._here.busy = True
            try:
                yield
            finally:
                self._here.busy = False

    def load(self, memory: MemoryStore, org: str) -> bytes:
        """Read an organisation into a store in memory; answer what its file held."""
        path = self._path(org)
        content = path.read_bytes() if path.exists() else b""
        if content:
            try:
                kept = pickle.loads(content)  # noqa: S301 - the folder is the host's own, as the README says
                rows = memory.organisation(org)
                for table in rows.tables:
                    for key, row in kept["tables"][table.name].items():
                        table.set(key, row)
                rows.claims.update(kept["claims"])
                rows.written = kept["written"]
            except (pickle.UnpicklingError, LookupError, EOFError, AttributeError, TypeError) as error:
                raise StoreUnusable(reason=f"{path.name} is no file of this store ({type(error).__name__})") from None
        return content

    def save(self, memory: MemoryStore, org: str, before: bytes) -> None:
        """Put an organisation's file in its place, whole, unless it holds that already."""
        rows = memory.organisation(org)
        kept = {
            "tables": {table.name: dict(table.rows) for table in rows.tables},
            "claims": dict(rows.claims),
            "written": rows.written,
        }
        content = pickle.dumps(kept)
        if content == before:
            return
        path = self._path(org)
        try:
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError as error:
            raise StoreUnavailable(reason=f"cannot write {path.name}: {error.strerror}") from None

    def organisations(self) -> list[str]:
        """Answer the organisations that have a file."""
        return [unquote(path.stem) for path in sorted(self.folder.glob(f"*{_SUFFIX}"))]

    def _path(self, org: str) -> Path:
        return self.folder / f"{quote(org, safe='')}{_SUFFIX}"


class FolderUnitOfWork:
    """Everything of one organisation, changed together or not at all."""

    def __init__(self, store: FolderStore, org: str) -> None:
        """Prepare; nothing is read until it is entered."""
        self._store = store
        self._org = org
        self._ended = contextlib.ExitStack()
        self._memory = MemoryStore()
        self._before = b""
        self._work: MemoryUnitOfWork = self._memory.unit_of_work(org)

    def __enter__(self) -> Self:
        """Wait for the others, and read the file."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._store.alone())
            self._before = self._store.load(self._memory, self._org)
            stack.enter_context(self._work)
            self._ended = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget what was not committed."""
        self._ended.close()

    def commit(self) -> None:
        """Put the file in its place."""
        self._store.save(self._memory, self._org, self._before)
        self._work.commit()

    def __getattr__(self, name: str) -> Any:
        # leads, pipelines, rules and the others: those of the store in memory.
        return getattr(self._work, name)


class FolderOutbox:
    """The events of all organisations that wait to be published."""

    def __init__(self, store: FolderStore) -> None:
        """Prepare; every call reads the files anew."""
        self._store = store

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            memory = MemoryStore()
            with self._store.alone():
                before = {org: self._store.load(memory, org) for org in self._store.organisations()}
                answer = getattr(memory.outbox, name)(*arguments, **named)
                for org, content in before.items():
                    self._store.save(memory, org, content)
            return answer

        return call
