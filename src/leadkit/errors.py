"""One tree of errors: every class has a stable ``code`` and carries its data as attributes.

Catch ``LeadkitError`` for everything, ``InvalidInput`` for whatever the caller can mend by changing what was
sent, ``retryable`` to know whether trying the same thing again can help.

Example:
    >>> from leadkit.errors import NotFound
    >>> error = NotFound(kind="lead", id="lead-7")
    >>> error.code, error.as_dict()["id"]
    ('not-found', 'lead-7')
    >>> print(error)
    there is no lead with id 'lead-7'
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AlreadyExists",
    "AmbiguousContact",
    "ConcurrencyConflict",
    "ConversionConflict",
    "DuplicateLead",
    "Fault",
    "IdempotencyMismatch",
    "InUse",
    "InvalidInput",
    "InvalidTransition",
    "LeadkitError",
    "MissingExtra",
    "NotAPermutation",
    "NotFound",
    "ProtectedField",
    "ProviderFailure",
    "RuleErrors",
    "StoreUnavailable",
    "UnknownStrategy",
    "UnreadableFile",
    "closest",
    "did_you_mean",
]


def closest(word: str, known: Iterable[str]) -> str | None:
    """Answer the known word that a mistyped one most likely meant, or None.

    Args:
        word: What was typed.
        known: The words that would have been understood.

    Example:
        >>> closest("qualfied", ["qualified", "new"])
        'qualified'
    """
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Write the ending of a message that names what was probably meant, or what is possible.

    Args:
        word: What was typed.
        known: The words that would have been understood.

    Example:
        >>> did_you_mean("qualfied", ["qualified", "new"])
        '; did you mean `qualified`?'
        >>> did_you_mean("zzz", ["qualified", "new"])
        '; possible are `new`, `qualified`'
    """
    words = sorted(known)
    match = closest(word, words)
    if match is not None:
        return f"; did you mean `{match}`?"
    return f"; possible are {_listed(words)}" if words else ""


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


@attrs.frozen(kw_only=True)
class Fault:
    """One thing that is wrong in what was sent, and where.

    Attributes:
        path: A JSONPath into the document, `$` being the whole of it: `$.rules[3].condition.and[0].op`.
        message: What is wrong, and what is possible instead.
        code: A stable word for the kind of fault, such as `unknown-operator`.
    """

    path: str
    message: str
    code: str = "invalid"

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class LeadkitError(Exception):
    """The root of everything that leadkit raises on purpose."""

    code: ClassVar[str] = "leadkit-error"
    retryable: ClassVar[bool] = False

    @property
    def message(self) -> str:
        """What was wrong, where, and what is possible."""
        return self.code

    def as_dict(self) -> dict[str, Any]:
        """Answer the code, the message and the data of the error as plain values."""
        return {"code": self.code, "message": self.message, **attrs.asdict(self)}

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call the class with positional arguments, which these keyword-only ones refuse.
        return _revive, (type(self), attrs.asdict(self, recurse=False))


def _revive(cls: type[LeadkitError], data: dict[str, Any]) -> LeadkitError:
    return cls(**data)


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class InvalidInput(LeadkitError):
    """A document that was sent is not acceptable; every fault is listed, not just the first."""

    code: ClassVar[str] = "invalid-input"
    faults: tuple[Fault, ...]

    @property
    def message(self) -> str:
        """All the faults, one a line when there are several."""
        if len(self.faults) == 1:
            return str(self.faults[0])
        return "\n".join([f"{len(self.faults)} faults", *(f"  {fault}" for fault in self.faults)])


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class RuleErrors(InvalidInput):
    """A condition, rule or ruleset cannot be accepted; holds every fault with its JSON path."""

    code: ClassVar[str] = "rule-errors"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class ProtectedField(LeadkitError):
    """A field with a command behind it was written by create or update."""

    code: ClassVar[str] = "protected-field"
    fields: tuple[str, ...]
    commands: tuple[str, ...]

    @property
    def message(self) -> str:
        """Which fields, and the commands that change them."""
        pairs = ", ".join(
            f"`{field}` (use {command})" for field, command in zip(self.fields, self.commands, strict=True)
        )
        return f"these fields cannot be written directly: {pairs}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class NotFound(LeadkitError):
    """Something that was named does not exist in this organisation."""

    code: ClassVar[str] = "not-found"
    kind: str
    id: str
    known: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """What was looked for, and the nearest thing that exists when that may be told."""
        hint = did_you_mean(self.id, self.known)
        return f"there is no {self.kind} with id {self.id!r}{hint}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class AlreadyExists(LeadkitError):
    """Something with that id is already there."""

    code: ClassVar[str] = "already-exists"
    kind: str
    id: str

    @property
    def message(self) -> str:
        """What is there already."""
        return f"there is already a {self.kind} with id {self.id!r}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class DuplicateLead(LeadkitError):
    """An open lead with the same identity exists, and the duplicate policy is to refuse."""

    code: ClassVar[str] = "duplicate-lead"
    key: str
    candidates: tuple[str, ...]

    @property
    def message(self) -> str:
        """Which identity collides, and with which leads."""
        return f"a lead with the same {self.key} exists already: {_listed(self.candidates)}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class InvalidTransition(LeadkitError):
    """The lifecycle refuses this command in the lead's present status."""

    code: ClassVar[str] = "invalid-transition"
    status: str
    command: str
    allowed: tuple[str, ...]

    @property
    def message(self) -> str:
        """The status, the command, and what is allowed instead."""
        return f"a {self.status} lead cannot be asked to {self.command}; allowed are {_listed(self.allowed)}"


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
class InUse(LeadkitError):
    """Something cannot be removed while leads stand in it."""

    code: ClassVar[str] = "in-use"
    kind: str
    id: str
    leads: int

    @property
    def message(self) -> str:
        """What is in use, and by how many leads."""
        return f"{self.kind} {self.id!r} still holds {self.leads} lead{'s' if self.leads != 1 else ''}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class NotAPermutation(LeadkitError):
    """A new order must name each stage of the pipeline exactly once."""

    code: ClassVar[str] = "not-a-permutation"
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]

    @property
    def message(self) -> str:
        """Which stages are missing, unknown or named twice."""
        parts = [
            f"{name} {_listed(ids)}"
            for name, ids in (("missing", self.missing), ("unknown", self.unknown), ("repeated", self.repeated))
            if ids
        ]
        return f"the order must name each stage exactly once: {'; '.join(parts)}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class AmbiguousContact(LeadkitError):
    """Several contacts carry the lead's e-mail address; the caller must name the one that is meant."""

    code: ClassVar[str] = "ambiguous-contact"
    candidates: tuple[str, ...]

    @property
    def message(self) -> str:
        """The contacts to choose from."""
        return f"several contacts match: {_listed(self.candidates)}; name one as contact_id"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class ConversionConflict(LeadkitError):
    """The lead is converted already, in another way than is asked for now."""

    code: ClassVar[str] = "conversion-conflict"
    lead_id: str
    reason: str

    @property
    def message(self) -> str:
        """Which lead, and what contradicts the request."""
        return f"lead {self.lead_id!r} is converted already: {self.reason}"


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
class UnknownStrategy(LeadkitError):
    """A route names an assignment strategy that nobody registered."""

    code: ClassVar[str] = "unknown-strategy"
    name: str
    known: tuple[str, ...]

    @property
    def message(self) -> str:
        """The strategy, and those that are known."""
        return f"unknown assignment strategy `{self.name}`{did_you_mean(self.name, self.known)}"


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
