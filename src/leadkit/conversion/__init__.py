"""Conversion: what a qualified lead becomes, and how a contact becomes a lead."""

from __future__ import annotations

from leadkit.conversion.documents import (
    Contact,
    ConversionRequest,
    ConversionResult,
    NewOpportunity,
    Opportunity,
)
from leadkit.conversion.mapping import DEFAULT_MAPPING, ContactMapping
from leadkit.conversion.planning import (
    ConversionPlan,
    contact_key,
    opportunity_key,
    opportunity_of,
    plan_conversion,
)
from leadkit.conversion.returning import lead_from_contact

__all__ = [
    "DEFAULT_MAPPING",
    "Contact",
    "ContactMapping",
    "ConversionPlan",
    "ConversionRequest",
    "ConversionResult",
    "NewOpportunity",
    "Opportunity",
    "contact_key",
    "lead_from_contact",
    "opportunity_key",
    "opportunity_of",
    "plan_conversion",
]
