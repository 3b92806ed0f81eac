"""The lead-management domain of a CRM: capture, score, route, qualify, convert and measure leads.

Importing this package computes nothing: each public name is fetched from its home when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from leadkit.errors import (
        AlreadyExists,
        AmbiguousContact,
        ConcurrencyConflict,
        ConversionConflict,
        DuplicateLead,
        Fault,
        IdempotencyMismatch,
        InUse,
        InvalidInput,
        InvalidTransition,
        LeadkitError,
        MissingExtra,
        NotAPermutation,
        NotFound,
        ProtectedField,
        ProviderFailure,
        RuleErrors,
        StoreUnavailable,
        UnknownStrategy,
        UnreadableFile,
    )

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
]

# home: the public names that live there
_HOMES: Final[dict[str, tuple[str, ...]]] = {
    "errors": (
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
    ),
}
_HOME_OF: Final[dict[str, str]] = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - reading metadata is work, and few ask for it

        return version("leadkit")
    home = _HOME_OF.get(name)
    if home is None:
        message = f"module 'leadkit' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(importlib.import_module(f"leadkit.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
