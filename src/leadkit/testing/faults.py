"""Ports that fail when they are told to: for showing that nothing is ever half done.

`FaultyStore` counts every call that goes to a store (beginning a unit of work, each method of its parts, the commit)
and lets one of them fail, once or for ever after. A commit fails before it takes effect, as a store's must.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Self

import attrs

from leadkit.errors import StoreUnavailable

if TYPE_CHECKING:
    from types import TracebackType

    from leadkit.ports import Store, UnitOfWork

__all__ = ["CallCounter", "FaultyPort", "FaultyStore", "FaultyUnitOfWork"]


@attrs.define(eq=False)
class CallCounter:
    """Counts port calls and says which of them fail.

    Attributes:
        fail_at: The number of the call that fails, from 1; None lets all pass.
        for_ever: Whether every later call fails too.
        calls: How many there were.
        failed: The names of the calls that failed.
    """

    fail_at: int | None = None
    for_ever: bool = False
    calls: int = 0
    failed: list[str] = attrs.Factory(list[str])
    _lock: threading.Lock = attrs.field(factory=threading.Lock, repr=False)

    def note(self, name: str) -> None:
        """Count a call.

        Raises:
            StoreUnavailable: It is one of those that fail.
        """
        with self._lock:
            self.calls += 1
            hit = self.fail_at is not None and (
                self.calls == self.fail_at or (self.for_ever and self.calls > self.fail_at)
            )
            if hit:
                self.failed.append(name)
        if hit:
            raise StoreUnavailable(reason=f"told to fail at call {self.calls}: {name}")


@attrs.frozen
class FaultyPort:
    """Any port, counted: a call that is told to fail does so before it reaches the real one.

    Attributes:
        port: The real port.
        name: What it is called in failures.
        counter: Counts and decides.
    """

    port: Any
    name: str
    counter: CallCounter

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self.port, attribute)
        if not callable(found):
            return found

        def call(*arguments: Any, **keywords: Any) -> Any:
            self.counter.note(f"{self.name}.{attribute}")
            return found(*arguments, **keywords)

        return call


class FaultyUnitOfWork:
    """A unit of work whose every part is counted."""

    def __init__(self, work: UnitOfWork, counter: CallCounter) -> None:
        """Wrap a unit of work that has not begun."""
        self._work = work
        self._counter = counter

    def __getattr__(self, part: str) -> FaultyPort:
        return FaultyPort(getattr(self._work, part), part, self._counter)

    def commit(self) -> None:
        """Commit, or fail before anything took effect."""
        self._counter.note("commit")
        self._work.commit()

    def __enter__(self) -> Self:
        """Begin, or fail to."""
        self._counter.note("begin")
        self._work.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo what was not committed; that never fails."""
        self._work.__exit__(kind, error, trace)


@attrs.frozen
class FaultyStore:
    """A store whose calls are counted.

    Attributes:
        store: The real store.
        counter: Counts and decides.

    Example:
        >>> import leadkit as lk
        >>> from leadkit.memory import MemoryStore
        >>> store = FaultyStore(MemoryStore(), CallCounter(fail_at=1))
        >>> ws = lk.LeadKit(store).workspace(org="acme", actor="user-7")
        >>> ws.leads.create(email="alice@example.com")
        Traceback (most recent call last):
        leadkit.errors.StoreUnavailable: the store is unavailable: told to fail at call 1: begin
    """

    store: Store
    counter: CallCounter

    def unit_of_work(self, org: str) -> FaultyUnitOfWork:
        """Answer a counted unit of work."""
        return FaultyUnitOfWork(self.store.unit_of_work(org), self.counter)

    def reading(self, org: str) -> FaultyUnitOfWork:
        """Answer a counted unit of work that only reads."""
        return FaultyUnitOfWork(self.store.reading(org), self.counter)

    @property
    def outbox(self) -> FaultyPort:
        """The counted outbox."""
        return FaultyPort(self.store.outbox, "outbox", self.counter)

    def close(self) -> None:
        """Close the real store."""
        self.store.close()
