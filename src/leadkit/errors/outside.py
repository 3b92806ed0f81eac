"""What cannot be done for now, or not here: stores, files, providers, destinations, extras, and who came first."""

from __future__ import annotations

from typing import ClassVar

import attrs

from leadkit.errors.root import LeadkitError

__all__ = [
    "AddressRefused",
    "ConcurrencyConflict",
    "DeliveryFailed",
    "DestinationGone",
    "IdempotencyMismatch",
    "InvalidSignature",
    "MissingExtra",
    "OutcomeUnknown",
    "ProviderFailure",
    "SchemaOutdated",
    "SchemaTooNew",
    "StoreFull",
    "StoreLocked",
    "StoreReadOnly",
    "StoreUnavailable",
    "StoreUnusable",
    "UnreadableFile",
]


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class ConcurrencyConflict(LeadkitError):
    """Somebody else wrote first; read again and decide anew."""

    code: ClassVar[str] = "concurrency-conflict"
    retryable: ClassVar[bool] = True
    kind: str
    id: str
    expected: int
    found: int | None

    @property
    def message(self) -> str:
        """Which document, the version that was read, and the one that is there."""
        there = "it is gone" if self.found is None else f"it is now at version {self.found}"
        return f"{self.kind} {self.id!r} was read at version {self.expected}, but {there}; read it again"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class IdempotencyMismatch(LeadkitError):
    """An idempotency key came again with another request."""

    code: ClassVar[str] = "idempotency-mismatch"
    key: str

    @property
    def message(self) -> str:
        """The key that was used twice."""
        return f"the idempotency key {self.key!r} was used for another request"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class MissingExtra(LeadkitError):
    """A feature needs an optional dependency that is not installed."""

    code: ClassVar[str] = "missing-extra"
    extra: str
    feature: str

    @property
    def message(self) -> str:
        """The feature, and the command that installs what it needs."""
        return f"{self.feature} needs the extra `{self.extra}`: pip install 'leadkit[{self.extra}]'"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class UnreadableFile(LeadkitError):
    """A file cannot be read as what it should be."""

    code: ClassVar[str] = "unreadable-file"
    name: str
    reason: str

    @property
    def message(self) -> str:
        """Which file, and why."""
        return f"cannot read {self.name}: {self.reason}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class StoreUnavailable(LeadkitError):
    """The store could not carry out the work; nothing of it was kept."""

    code: ClassVar[str] = "store-unavailable"
    retryable: ClassVar[bool] = True
    reason: str

    @property
    def message(self) -> str:
        """Why the store could not."""
        return f"the store is unavailable: {self.reason}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class StoreLocked(StoreUnavailable):
    """Others held the store, or a row of it, for longer than was waited; trying again can help."""

    code: ClassVar[str] = "store-locked"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class StoreReadOnly(StoreUnavailable):
    """The store can be read, but not written."""

    code: ClassVar[str] = "store-read-only"
    retryable: ClassVar[bool] = False


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class StoreFull(StoreUnavailable):
    """There is no room for what was to be kept."""

    code: ClassVar[str] = "store-full"
    retryable: ClassVar[bool] = False


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class StoreUnusable(StoreUnavailable):
    """What the address names is no store of leadkit, or it is damaged."""

    code: ClassVar[str] = "store-unusable"
    retryable: ClassVar[bool] = False


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class SchemaTooNew(StoreUnusable):
    """The store was written by a later leadkit than this one."""

    code: ClassVar[str] = "schema-too-new"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class SchemaOutdated(StoreUnusable):
    """The store was written by an earlier leadkit, and is to be upgraded before it is used."""

    code: ClassVar[str] = "schema-outdated"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class OutcomeUnknown(LeadkitError):
    """The connection was lost while a unit of work was committed: it was kept whole, or nothing of it was."""

    code: ClassVar[str] = "outcome-unknown"
    retryable: ClassVar[bool] = True
    reason: str

    @property
    def message(self) -> str:
        """What happened, and how to be sure."""
        return f"whether the work was kept is unknown, {self.reason}; repeat it under the same idempotency key"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class ProviderFailure(LeadkitError):
    """A provider outside could not answer."""

    code: ClassVar[str] = "provider-failure"
    retryable: ClassVar[bool] = True
    provider: str
    reason: str

    @property
    def message(self) -> str:
        """Which provider, and why."""
        return f"provider `{self.provider}` failed: {self.reason}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class AddressRefused(LeadkitError):
    """A host has a network address that must not be reached."""

    code: ClassVar[str] = "address-refused"
    host: str
    reason: str

    @property
    def message(self) -> str:
        """Which host, and what kind of address it has."""
        return f"nothing is sent to {self.host!r}: it is {self.reason}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class DeliveryFailed(LeadkitError):
    """A destination did not take what was sent to it; it can be sent again."""

    code: ClassVar[str] = "delivery-failed"
    retryable: ClassVar[bool] = True
    destination: str
    reason: str
    retry_after: float | None = None

    @property
    def message(self) -> str:
        """Which destination, and what it did."""
        return f"{self.destination} did not take it: {self.reason}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class DestinationGone(LeadkitError):
    """A destination said that it wants nothing any more; nothing else is sent to it."""

    code: ClassVar[str] = "destination-gone"
    destination: str

    @property
    def message(self) -> str:
        """Which destination, and how to go on."""
        return f"{self.destination} wants nothing any more; what waits for it is kept: wire another publisher"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class InvalidSignature(LeadkitError):
    """A webhook that was received cannot be trusted."""

    code: ClassVar[str] = "invalid-signature"
    reason: str

    @property
    def message(self) -> str:
        """Why it cannot."""
        return f"this webhook cannot be trusted: {self.reason}"
