"""The kit: the ports of a host, wired once, from which workspaces are opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import attrs

from leadkit.errors import Fault, InvalidInput, MissingExtra
from leadkit.memory import MemoryStore, SystemClock, TimeOrderedIds
from leadkit.services.session import Session, Wiring
from leadkit.services.workspace import Workspace
from leadkit.values import read
from leadkit.values.text import Identifier

if TYPE_CHECKING:
    from types import TracebackType

    from leadkit.ports import Store
    from leadkit.services.relay import Relay

__all__ = ["LeadKit"]


_SQL: Final = ("sqlite", "postgresql", "postgres")


def _open(address: str, *, upgrade: bool) -> Store:
    scheme, colon, rest = address.partition(":")
    if colon and scheme == "memory" and rest in ("", "//"):
        return MemoryStore()
    if colon and scheme.partition("+")[0] in _SQL:
        return _sql_store(address, upgrade=upgrade)
    possible = "`sqlite:///leads.db`, `postgresql://user@host/name` and `memory:`"
    message = f"cannot open a store at `{scheme}:`; possible are {possible}"
    raise InvalidInput(faults=(Fault(path="$.address", message=message, code="unknown-store"),))


def _sql_store(address: str, *, upgrade: bool) -> Store:
    try:
        from leadkit.sql import SqlStore  # noqa: PLC0415 - an extra, loaded when it is asked for
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "leadkit":
            raise
        raise MissingExtra(extra="sql", feature="a store in a database") from None
    return SqlStore.open(address, upgrade=upgrade)


class LeadKit:
    """leadkit, wired for one host.

    Args:
        store: Where everything is kept.
        **ports: The other ports, as `Wiring` names them: clock, ids, directory, contacts, related, enrichment,
            prospecting, publisher, retries, jobs, strategies.

    Example:
        >>> kit = LeadKit.open("memory:")
        >>> ws = kit.workspace(org="acme", actor="user-7")
        >>> ws.leads.create(email="alice@example.com").status.value
        'new'
    """

    def __init__(self, store: Store, **ports: Any) -> None:
        """Wire the ports."""
        known = {field.name for field in attrs.fields(Wiring) if field.init} - {"store"}
        unknown = sorted(ports.keys() - known)
        if unknown:
            message = f"there is no port `{unknown[0]}`; possible are {', '.join(sorted(known))}"
            raise InvalidInput(faults=(Fault(path=f"$.{unknown[0]}", message=message, code="unknown-port"),))
        wired: dict[str, Any] = {"store": store, "clock": SystemClock(), "ids": TimeOrderedIds(), **ports}
        self._wiring = Wiring(**wired)

    @classmethod
    def open(cls, address: str, *, upgrade: bool = True, **ports: Any) -> Self:
        """Open a kit on a store by its address.

        Args:
            address: `sqlite:///leads.db` for a file (four slashes for an absolute path),
                `postgresql://user@host/name`, or `memory:` for a store that is gone with the process.
            upgrade: Whether the tables of an empty or older database are brought to the present version; where not,
                such a database is refused.
            **ports: The other ports.

        Raises:
            InvalidInput: The address is of no known kind.
            StoreUnavailable: The store cannot be opened.
        """
        return cls(_open(address, upgrade=upgrade), **ports)

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self._wiring.store

    def workspace(self, *, org: str, actor: str) -> Workspace:
        """Open a workspace.

        Args:
            org: The organisation; nothing of another one can be reached from it.
            actor: Who asks; written into stamps and events.

        Raises:
            InvalidInput: One of them is no identifier.
        """
        organisation: str = read(Identifier, org, at="$.org")
        return Workspace(Session(wiring=self._wiring, org=organisation, actor=read(Identifier, actor, at="$.actor")))

    def rewired(self, **ports: Any) -> Self:
        """Answer a kit on the same store, with some ports changed.

        Args:
            **ports: The ports that change.

        Raises:
            InvalidInput: There is no such port.
        """
        present = {field.name: getattr(self._wiring, field.name) for field in attrs.fields(Wiring) if field.init}
        return type(self)(**{**present, **ports})

    def deliver(self) -> int:
        """Hand the events that wait to the publisher now, those that it refused before among them.

        Returns:
            How many were published.
        """
        return self._wiring.relay.deliver()

    @property
    def relay(self) -> Relay:
        """What hands events on: in a thread after `kit.relay.start()`, and otherwise after each command."""
        return self._wiring.relay

    def close(self) -> None:
        """End the relay's thread, and let go of the store's files and connections."""
        self._wiring.relay.stop()
        self._wiring.store.close()

    def __enter__(self) -> Self:
        """Answer the kit itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the kit."""
        self.close()
