"""Leads: the record, its lifecycle, and the catalogue of what can happen to it."""

from __future__ import annotations

from leadkit.leads.documents import PROTECTED, WRITABLE, LeadPatch, NewLead, protect, read_new_lead, read_patch
from leadkit.leads.duplicates import IdentityKey, filled_from, identity_keys
from leadkit.leads.erasure import PERSONAL, redacted
from leadkit.leads.events import EVENTS, Event, EventKind, event_schema, fold
from leadkit.leads.lead import CLOSED, Enriched, Lead, LeadStatus, Priority, ScoreLine, wire_name
from leadkit.leads.lifecycle import (
    LIFECYCLE,
    Context,
    Decision,
    Verdict,
    allowed_commands,
    cell,
    create,
    decide,
)
from leadkit.leads.settings import (
    AutoEnrichment,
    ConversionPolicy,
    DuplicatePolicy,
    OrganisationSettings,
    PropertyType,
    TimeZone,
    zone_named,
)

__all__ = [
    "CLOSED",
    "EVENTS",
    "LIFECYCLE",
    "PERSONAL",
    "PROTECTED",
    "WRITABLE",
    "AutoEnrichment",
    "Context",
    "ConversionPolicy",
    "Decision",
    "DuplicatePolicy",
    "Enriched",
    "Event",
    "EventKind",
    "IdentityKey",
    "Lead",
    "LeadPatch",
    "LeadStatus",
    "NewLead",
    "OrganisationSettings",
    "Priority",
    "PropertyType",
    "ScoreLine",
    "TimeZone",
    "Verdict",
    "allowed_commands",
    "cell",
    "create",
    "decide",
    "event_schema",
    "filled_from",
    "fold",
    "identity_keys",
    "protect",
    "read_new_lead",
    "read_patch",
    "redacted",
    "wire_name",
    "zone_named",
]
