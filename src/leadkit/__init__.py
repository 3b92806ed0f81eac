"""The lead-management domain of a CRM: capture, score, route, qualify, convert and measure leads.

Importing this package computes nothing: each public name is fetched from its home when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from leadkit.conditions import (
        CompiledCondition,
        Condition,
        compile_condition,
        dump_condition,
        evaluate,
        explain_condition,
        read_condition,
        read_condition_json,
    )
    from leadkit.errors import (
        AddressRefused,
        AlreadyExists,
        AmbiguousContact,
        ConcurrencyConflict,
        ConversionConflict,
        DeliveryFailed,
        DestinationGone,
        DuplicateLead,
        Fault,
        IdempotencyMismatch,
        InUse,
        InvalidInput,
        InvalidSignature,
        InvalidTransition,
        LeadkitError,
        MissingExtra,
        NotAPermutation,
        NotFound,
        OutcomeUnknown,
        ProtectedField,
        ProviderFailure,
        RuleErrors,
        SchemaOutdated,
        SchemaTooNew,
        StoreFull,
        StoreLocked,
        StoreReadOnly,
        StoreUnavailable,
        StoreUnusable,
        UnknownStrategy,
        UnreadableFile,
    )
    from leadkit.kit import LeadKit
    from leadkit.leads import (
        Context,
        ConversionPolicy,
        Decision,
        DuplicatePolicy,
        Enriched,
        Event,
        Lead,
        LeadPatch,
        LeadStatus,
        NewLead,
        OrganisationSettings,
        Priority,
        ScoreLine,
        decide,
        fold,
    )
    from leadkit.leads.fields import FieldCatalogue
    from leadkit.leads.filtering import LeadFilter, LeadQuery, Page
    from leadkit.memory import MemoryDirectory, MemoryPublisher, MemoryStore
    from leadkit.pipelines import Pipeline, RouteRule, Stage, reorder
    from leadkit.publishing import CallingPublisher, JsonLinesPublisher, WebhookPublisher, verify_webhook
    from leadkit.routing import (
        Assignee,
        RoutingDecision,
        RoutingReport,
        WorkingHours,
        route,
    )
    from leadkit.scoring import (
        CompiledRuleset,
        Counterfactual,
        Counterfactuals,
        FittedRuleset,
        Ruleset,
        Scorecard,
        ScoringRule,
        check,
        compile_ruleset,
        counterfactual,
        explain,
        fit_points,
        score,
    )
    from leadkit.services.relay import Delivered, Relay
    from leadkit.services.retrying import RetrySchedule
    from leadkit.services.workspace import Workspace

__all__ = [
    "AddressRefused",
    "AlreadyExists",
    "AmbiguousContact",
    "Assignee",
    "CallingPublisher",
    "CompiledCondition",
    "CompiledRuleset",
    "ConcurrencyConflict",
    "Condition",
    "Context",
    "ConversionConflict",
    "ConversionPolicy",
    "Counterfactual",
    "Counterfactuals",
    "Decision",
    "Delivered",
    "DeliveryFailed",
    "DestinationGone",
    "DuplicateLead",
    "DuplicatePolicy",
    "Enriched",
    "Event",
    "Fault",
    "FieldCatalogue",
    "FittedRuleset",
    "IdempotencyMismatch",
    "InUse",
    "InvalidInput",
    "InvalidSignature",
    "InvalidTransition",
    "JsonLinesPublisher",
    "Lead",
    "LeadFilter",
    "LeadKit",
    "LeadPatch",
    "LeadQuery",
    "LeadStatus",
    "LeadkitError",
    "MemoryDirectory",
    "MemoryPublisher",
    "MemoryStore",
    "MissingExtra",
    "NewLead",
    "NotAPermutation",
    "NotFound",
    "OrganisationSettings",
    "OutcomeUnknown",
    "Page",
    "Pipeline",
    "Priority",
    "ProtectedField",
    "ProviderFailure",
    "Relay",
    "RetrySchedule",
    "RouteRule",
    "RoutingDecision",
    "RoutingReport",
    "RuleErrors",
    "Ruleset",
    "SchemaOutdated",
    "SchemaTooNew",
    "ScoreLine",
    "Scorecard",
    "ScoringRule",
    "Stage",
    "StoreFull",
    "StoreLocked",
    "StoreReadOnly",
    "StoreUnavailable",
    "StoreUnusable",
    "UnknownStrategy",
    "UnreadableFile",
    "WebhookPublisher",
    "WorkingHours",
    "Workspace",
    "check",
    "compile_condition",
    "compile_ruleset",
    "counterfactual",
    "decide",
    "dump_condition",
    "evaluate",
    "explain",
    "explain_condition",
    "fit_points",
    "fold",
    "read_condition",
    "read_condition_json",
    "reorder",
    "route",
    "score",
    "verify_webhook",
]

# home: the public names that live there
_HOMES: Final[dict[str, tuple[str, ...]]] = {
    "conditions": (
        "CompiledCondition",
        "Condition",
        "compile_condition",
        "dump_condition",
        "evaluate",
        "explain_condition",
        "read_condition",
        "read_condition_json",
    ),
    "errors": (
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
        "NotFound",
        "OutcomeUnknown",
        "ProtectedField",
        "ProviderFailure",
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
    ),
    "kit": ("LeadKit",),
    "leads": (
        "Context",
        "ConversionPolicy",
        "Decision",
        "DuplicatePolicy",
        "Enriched",
        "Event",
        "Lead",
        "LeadPatch",
        "LeadStatus",
        "NewLead",
        "OrganisationSettings",
        "Priority",
        "ScoreLine",
        "decide",
        "fold",
    ),
    "leads.fields": ("FieldCatalogue",),
    "leads.filtering": (
        "LeadFilter",
        "LeadQuery",
        "Page",
    ),
    "memory": (
        "MemoryDirectory",
        "MemoryPublisher",
        "MemoryStore",
    ),
    "pipelines": (
        "Pipeline",
        "RouteRule",
        "Stage",
        "reorder",
    ),
    "publishing": (
        "CallingPublisher",
        "JsonLinesPublisher",
        "WebhookPublisher",
        "verify_webhook",
    ),
    "routing": (
        "Assignee",
        "RoutingDecision",
        "RoutingReport",
        "WorkingHours",
        "route",
    ),
    "scoring": (
        "Counterfactual",
        "Counterfactuals",
        "CompiledRuleset",
        "FittedRuleset",
        "Ruleset",
        "Scorecard",
        "ScoringRule",
        "check",
        "counterfactual",
        "compile_ruleset",
        "explain",
        "fit_points",
        "score",
    ),
    "services.relay": ("Delivered", "Relay"),
    "services.retrying": ("RetrySchedule",),
    "services.workspace": ("Workspace",),
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
