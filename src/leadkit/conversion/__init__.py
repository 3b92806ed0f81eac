"""Conversion: what a qualified lead becomes, and how a contact becomes a lead."""

from __future__ import annotations

from leadkit.conversion.documents import (
    CalendarDate,
    Contact,
    ContactFields,
    ConversionRequest,
    ConversionResult,
    NewOpportunity,
    Opportunity,
)
from leadkit.conversion.mapping import DEFAULT_MAPPING, ContactMapping, given_by
from leadkit.conversion.planning import (
    ConversionPlan,
    contact_key,
    conversion_of,
    opportunity_key,
    opportunity_of,
    plan_conversion,
)
from leadkit.conversion.returning import lead_from_contact

__all__ = [
    "DEFAULT_MAPPING",
    "CalendarDate",
    "Contact",
    "ContactFields",
    "ContactMapping",
    "ConversionPlan",
    "ConversionRequest",
    "ConversionResult",
    "NewOpportunity",
    "Opportunity",
    "contact_key",
    "conversion_of",
    "given_by",
    "lead_from_contact",
    "opportunity_key",
    "opportunity_of",
    "plan_conversion",
]
