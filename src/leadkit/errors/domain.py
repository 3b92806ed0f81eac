"""What the domain refuses."""

from __future__ import annotations

from typing import ClassVar

import attrs

from leadkit.errors.root import Fault, LeadkitError
from leadkit.errors.wording import did_you_mean, listed

__all__ = [
    "AlreadyExists",
    "AmbiguousContact",
    "ConversionConflict",
    "DuplicateLead",
    "InUse",
    "InvalidInput",
    "InvalidTransition",
    "NotAPermutation",
    "NotExpressible",
    "NotFound",
    "ProtectedField",
    "QueryRefused",
    "RuleErrors",
    "UnknownStrategy",
]


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
class QueryRefused(InvalidInput):
    """A store cannot look for this by itself; each fault is a clause of the filter, and why."""

    code: ClassVar[str] = "query-refused"
    store: str

    @property
    def message(self) -> str:
        """Which store, the clauses, and what is possible instead."""
        told = "\n".join(f"  {fault}" for fault in self.faults)
        return f"{self.store} cannot look for this; going through all leads can (`leads.each`)\n{told}"


@attrs.define(kw_only=True, auto_exc=True, eq=False)
class NotExpressible(InvalidInput):
    """A condition cannot be written in another form so that it means the same there; holds every place and reason."""

    code: ClassVar[str] = "not-expressible"
    target: str

    @property
    def message(self) -> str:
        """In which form, where, and why."""
        faults = "; ".join(map(str, self.faults))
        return f"{self.target} cannot say it: {faults}"


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
        return f"a lead with the same {self.key} exists already: {listed(self.candidates)}"


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
        return f"a {self.status} lead cannot be asked to {self.command}; allowed are {listed(self.allowed)}"


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
            f"{name} {listed(ids)}"
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
        return f"several contacts match: {listed(self.candidates)}; name one as contact_id"


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
class UnknownStrategy(LeadkitError):
    """A route names an assignment strategy that nobody registered."""

    code: ClassVar[str] = "unknown-strategy"
    name: str
    known: tuple[str, ...]

    @property
    def message(self) -> str:
        """The strategy, and those that are known."""
        return f"unknown assignment strategy `{self.name}`{did_you_mean(self.name, self.known)}"
