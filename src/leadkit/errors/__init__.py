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

from leadkit.errors.domain import (
    AlreadyExists,
    AmbiguousContact,
    ConversionConflict,
    DuplicateLead,
    InUse,
    InvalidInput,
    InvalidTransition,
    NotAPermutation,
    NotExpressible,
    NotFound,
    ProtectedField,
    QueryRefused,
    RuleErrors,
    UnknownStrategy,
)
from leadkit.errors.outside import (
    AddressRefused,
    ConcurrencyConflict,
    DeliveryFailed,
    DestinationGone,
    IdempotencyMismatch,
    InvalidSignature,
    MissingExtra,
    OutcomeUnknown,
    ProviderFailure,
    SchemaOutdated,
    SchemaTooNew,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnavailable,
    StoreUnusable,
    UnreadableFile,
)
from leadkit.errors.root import Fault, LeadkitError
from leadkit.errors.wording import closest, did_you_mean

__all__ = [
    "AddressRefused",
    "AlreadyExists",
    "AmbiguousContact",
    "ConcurrencyConflict",
    "ConversionConflict",
    "DeliveryFailed",
    "DestinationGone",
    "DuplicateLead",
    "Fault",
    "IdempotencyMismatch",
    "InUse",
    "InvalidInput",
    "InvalidSignature",
    "InvalidTransition",
    "LeadkitError",
    "MissingExtra",
    "NotAPermutation",
    "NotExpressible",
    "NotFound",
    "OutcomeUnknown",
    "ProtectedField",
    "ProviderFailure",
    "QueryRefused",
    "RuleErrors",
    "SchemaOutdated",
    "SchemaTooNew",
    "StoreFull",
    "StoreLocked",
    "StoreReadOnly",
    "StoreUnavailable",
    "StoreUnusable",
    "UnknownStrategy",
    "UnreadableFile",
    "closest",
    "did_you_mean",
]

# They belong to `leadkit.errors`, in tracebacks as in pickles, whichever file they stand in.
for _error in [each for each in globals().values() if isinstance(each, type)]:
    _error.__module__ = __name__
