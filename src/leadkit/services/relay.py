"""The relay: takes events out of the outbox and hands them to the publisher, in order for each lead, at least once.

It can be asked to (`run_once`), run in a thread (`start`, `stop`), or run as a process of its own (`leadkit relay`);
any number of relays may work on one store. Killed at any moment, it leaves what it had claimed to others.
"""

from __future__ import annotations

import logging
import os
import random
import secrets
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import attrs

from leadkit.errors import AddressRefused, DeliveryFailed, DestinationGone, Fault, InvalidInput
from leadkit.services.retrying import RetrySchedule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leadkit.ports import Clock, EventPublisher, OutboxEntry, Store

__all__ = ["Delivered", "Relay"]

_LOG: Final = logging.getLogger("leadkit")
# A worker stops publishing a good while before others may take its entries.
_SHARE_OF_LEASE: Final = 0.5


def _worker() -> str:
    """Name a worker: the process for people, and chance, for two relays must never share a name."""
    return f"relay-{os.getpid()}-{secrets.token_hex(6)}"


@attrs.frozen(kw_only=True)
class Delivered:
    """What came of a run.

    Attributes:
        published: How many events were published.
        failed: How many attempts failed.
        dead: How many of these were the last one.
    """

    published: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            published=self.published + other.published,
            failed=self.failed + other.failed,
            dead=self.dead + other.dead,
        )


@attrs.define(eq=False, kw_only=True)
class Relay:
    """Hands events on.

    Attributes:
        store: Whose outbox.
        publisher: Where events go; None hands nothing on.
        clock: Where the present comes from.
        schedule: When what failed is tried again.
        batch: How many events are claimed at a time.
        lease: For how long a claim holds; longer than a few requests to the publisher may take.
        patience: After how many failures in a row a run ends, since the destination seems to be down.
        chance: Answers a number from 0 to 1.
        seconds: Time that only goes forward.
        worker: Its name; no two relays on one store may share one.

    Example:
        >>> import leadkit as lk
        >>> publisher = lk.MemoryPublisher()
        >>> kit = lk.LeadKit.open("memory:")
        >>> lead = kit.workspace(org="acme", actor="user-7").leads.create(email="alice@example.com")
        >>> Relay(store=kit.store, publisher=publisher, clock=lk.SystemClock()).run_once()
        Delivered(published=1, failed=0, dead=0)
    """

    store: Store
    publisher: EventPublisher | None
    clock: Clock
    schedule: RetrySchedule = attrs.field(factory=RetrySchedule)
    batch: int = 500
    lease: timedelta = timedelta(seconds=60)
    patience: int = 10
    chance: Callable[[], float] = attrs.field(default=random.random, repr=False)
    seconds: Callable[[], float] = attrs.field(default=time.monotonic, repr=False)
    worker: str = attrs.field(factory=_worker)
    _running: threading.Lock = attrs.field(factory=threading.Lock, init=False, repr=False)
    _wanted: bool = attrs.field(default=False, init=False, repr=False)
    _failures: int = attrs.field(default=0, init=False, repr=False)
    _thread: threading.Thread | None = attrs.field(default=None, init=False, repr=False)
    _stopping: threading.Event = attrs.field(factory=threading.Event, init=False, repr=False)
    _awake: threading.Event = attrs.field(factory=threading.Event, init=False, repr=False)

    def run_once(self) -> Delivered:
        """Hand on everything that waits and is due.

        An event that the publisher refuses waits for its next attempt, and with it the later ones of its lead; the
        others go on. One run is under way at a time: who comes meanwhile leaves the events to that one.

        Raises:
            DestinationGone: The publisher wants nothing any more; everything waits on, untried.
            StoreUnavailable: The outbox cannot be read or written; what was published may come again.
        """
        delivered = Delivered()
        self._wanted = True
        while self.publisher is not None and self._wanted and self._running.acquire(blocking=False):
            try:
                self._wanted = False
                delivered += self._drain(self.publisher)
            finally:
                self._running.release()
        return delivered

    def deliver(self) -> int:
        """Hand on everything that waits, due or not, except dead letters and what is behind them.

        Returns:
            How many were published.

        Raises:
            DestinationGone: The publisher wants nothing any more.
            StoreUnavailable: The outbox cannot be read or written.
        """
        if self.publisher is None:
            return 0
        self.store.outbox.hasten()
        return self.run_once().published

    def _drain(self, publisher: EventPublisher) -> Delivered:
        delivered = Delivered()
        self._failures = 0
        while self._failures < self.patience and not self._stopping.is_set():
            until = self.seconds() + self.lease.total_seconds() * _SHARE_OF_LEASE
            entries = self.store.outbox.claim(
                worker=self.worker, limit=self.batch, now=self.clock.now(), lease=self.lease
            )
            if not entries:
                break
            delivered += self._hand_on(publisher, entries, until)
        return delivered

    def _hand_on(self, publisher: EventPublisher, entries: Sequence[OutboxEntry], until: float) -> Delivered:
        """Publish a batch; whatever interrupts it, what became of each entry is noted."""
        done: list[OutboxEntry] = []
        failed: list[tuple[OutboxEntry, Exception]] = []
        held: set[tuple[str, str]] = set()
        try:
            for entry in entries:
                # The first one always goes: a batch that never began would be claimed for ever.
                if (done or failed) and (self._stopping.is_set() or self.seconds() > until):
                    break
                if self._failures >= self.patience:
                    break
                lead = (entry.org, entry.event.lead_id)
                if lead in held:
                    continue
                try:
                    publisher.publish(entry.org, entry.event)
                except DestinationGone:
                    raise
                except Exception as error:  # noqa: BLE001 - whatever a host's publisher raises, the event must wait
                    held.add(lead)
                    failed.append((entry, error))
                    self._failures += 1
                else:
                    done.append(entry)
                    self._failures = 0
        finally:
            done, unsafe = self._flushed(publisher, done)
            dead = self._settle(entries, done, failed + unsafe)
        return Delivered(published=len(done), failed=len(failed) + len(unsafe), dead=dead)

    def _flushed(
        self, publisher: EventPublisher, done: list[OutboxEntry]
    ) -> tuple[list[OutboxEntry], list[tuple[OutboxEntry, Exception]]]:
        """Make what the publisher gathered safe; where that fails, the first event of each lead has failed."""
        flush = getattr(publisher, "flush", None)
        if flush is None or not done:
            return done, []
        try:
            flush()
        except Exception as error:  # noqa: BLE001 - as above
            self._failures += 1
            heads = {(entry.org, entry.event.lead_id): entry for entry in reversed(done)}
            return [], [(entry, error) for entry in heads.values()]
        return done, []

    def _settle(
        self,
        entries: Sequence[OutboxEntry],
        done: Sequence[OutboxEntry],
        failed: Sequence[tuple[OutboxEntry, Exception]],
    ) -> int:
        outbox, dead = self.store.outbox, 0
        if done:
            outbox.published(done)
        for entry, error in failed:
            tried = entry.attempts + 1
            retry_at = self.schedule.next_attempt(
                tried=tried, now=self.clock.now(), chance=self.chance(), asked=getattr(error, "retry_after", None)
            )
            what = _told(error)
            if retry_at is None:
                dead += 1
                _LOG.error("event %s is a dead letter after %d attempts: %s", entry.event.id, tried, what)
            else:
                _LOG.warning("event %s was not published: %s", entry.event.id, what)
            outbox.failed(entry, error=what, retry_at=retry_at)
        settled = {id(entry) for entry in done} | {id(entry) for entry, _ in failed}
        rest = [entry for entry in entries if id(entry) not in settled]
        if rest:
            outbox.release(rest)
        return dead

    @property
    def is_started(self) -> bool:
        """Whether a thread hands events on."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, *, every: float = 1.0) -> None:
        """Hand events on in a thread of this process; starting again does nothing.

        A command of the same kit wakes it; it looks for the events of other processes by itself.

        Args:
            every: After how many seconds it looks again.

        Raises:
            InvalidInput: There is no publisher.
        """
        if self.publisher is None:
            message = "no publisher is wired; give one to the kit: LeadKit.open(…, publisher=…)"
            raise InvalidInput(faults=(Fault(path="$.publisher", message=message, code="no-publisher"),))
        if not self.is_started:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._work, args=(every,), name="leadkit-relay", daemon=True)
            self._thread.start()

    def stop(self, *, timeout: float | None = 30.0) -> bool:
        """End the thread; the event that is being published is still published, the others are given back.

        Args:
            timeout: How many seconds to wait for it; None for as long as it takes.

        Returns:
            Whether it has ended.
        """
        thread = self._thread
        if thread is None:
            return True
        self._stopping.set()
        self._awake.set()
        thread.join(timeout)
        if thread.is_alive():
            return False
        self._thread = None
        self._stopping.clear()
        return True

    def wake(self) -> None:
        """Let the thread look at once."""
        self._awake.set()

    def halt(self) -> None:
        """Let `follow` end after the event that is being published; for signal handlers."""
        self._stopping.set()
        self._awake.set()

    def follow(self, every: float = 1.0) -> Delivered:
        """Hand events on until the relay is halted.

        Args:
            every: After how many seconds it looks again.

        Returns:
            What came of all runs.

        Raises:
            DestinationGone: The publisher wants nothing any more.
        """
        delivered = Delivered()
        while not self._stopping.is_set():
            self._awake.clear()
            try:
                delivered += self.run_once()
            except DestinationGone:
                raise
            except Exception as error:  # noqa: BLE001 - a store that is away comes back
                _LOG.warning("the outbox was not delivered: %s", type(error).__name__)
            self._awake.wait(every)
        return delivered

    def _work(self, every: float) -> None:
        try:
            self.follow(every)
        except DestinationGone as error:
            _LOG.error("the relay has stopped: %s", error)


def _told(error: Exception) -> str:
    """Tell a failure without anything that it may have repeated of the event."""
    return str(error) if isinstance(error, DeliveryFailed | AddressRefused) else type(error).__name__
