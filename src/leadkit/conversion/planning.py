"""Deciding a conversion: all checks first, then what is to be made, so that nothing is made in vain."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from leadkit.conversion.documents import Contact, NewOpportunity, Opportunity
from leadkit.conversion.mapping import DEFAULT_MAPPING, ContactMapping
from leadkit.errors import AmbiguousContact, ConversionConflict, NotFound
from leadkit.leads import LeadStatus, commands, decide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.conversion.documents import ConversionRequest
    from leadkit.leads import Context, Lead

__all__ = ["ConversionPlan", "contact_key", "opportunity_key", "plan_conversion"]


def contact_key(lead_id: str) -> str:
    """Answer the key under which a lead's contact is made, the same for every attempt.

    Example:
        >>> contact_key("lead-7")
        'lead:lead-7:contact'
    """
    return f"lead:{lead_id}:contact"


def opportunity_key(lead_id: str) -> str:
    """Answer the key under which a lead's opportunity is made, the same for every attempt.

    Example:
        >>> opportunity_key("lead-7")
        'lead:lead-7:opportunity'
    """
    return f"lead:{lead_id}:opportunity"


@attrs.frozen(kw_only=True)
class ConversionPlan:
    """What a conversion will do.

    Attributes:
        done: Whether the lead is converted already, so that nothing is to be done.
        contact_id: The contact that is there already; None when one is to be made.
        new_contact: What the new contact will hold, where one is to be made.
        fill: The empty fields of the existing contact that the lead fills.
        opportunity: What the opportunity will hold; None when none is wanted.
    """

    done: bool = False
    contact_id: str | None = None
    new_contact: dict[str, Any] = attrs.field(factory=dict, repr=False)
    fill: dict[str, Any] = attrs.field(factory=dict, repr=False)
    opportunity: NewOpportunity | None = None

    def contact(self, *, id: str, now: datetime) -> Contact:
        """Answer the contact to be made.

        Args:
            id: The id that it gets.
            now: The present.
        """
        return Contact(**self.new_contact, id=id, created_at=now)


def plan_conversion(
    lead: Lead,
    candidates: Sequence[Contact],
    request: ConversionRequest,
    context: Context,
    *,
    mapping: ContactMapping = DEFAULT_MAPPING,
) -> ConversionPlan:
    """Decide what converting a lead will do.

    Args:
        lead: The lead.
        candidates: The contacts with the lead's normalised address, and the one that the request names, where they
            exist.
        request: What is asked for.
        context: Time, actor and policy.
        mapping: Which field of the lead becomes which of the contact.

    Raises:
        InvalidTransition: The lead's status does not allow it.
        AmbiguousContact: Several contacts match and none is named.
        NotFound: The contact that is named does not exist.
        ConversionConflict: The lead is converted already, to another contact, or without the opportunity that is
            asked for now.
    """
    if lead.status is LeadStatus.CONVERTED and lead.deleted_at is None:
        return _converted(lead, request)
    # The lifecycle decides before anything is made; the ids do not matter for that.
    decide(lead, commands.Convert(contact_id="-"), context)
    contact = _chosen(candidates, request.contact_id)
    given = mapping.values(lead)
    opportunity = _opportunity(lead, request)
    if contact is None:
        return ConversionPlan(new_contact=given, opportunity=opportunity)
    fill = {name: value for name, value in given.items() if getattr(contact, name) in (None, {})}
    return ConversionPlan(contact_id=contact.id, fill=fill, opportunity=opportunity)


def _converted(lead: Lead, request: ConversionRequest) -> ConversionPlan:
    if request.contact_id not in (None, lead.converted_to_contact_id):
        raise ConversionConflict(lead_id=lead.id, reason=f"to contact {lead.converted_to_contact_id!r}")
    if request.create_opportunity and lead.converted_to_opportunity_id is None:
        raise ConversionConflict(lead_id=lead.id, reason="without an opportunity")
    return ConversionPlan(done=True, contact_id=lead.converted_to_contact_id)


def _chosen(candidates: Sequence[Contact], named: str | None) -> Contact | None:
    if named is not None:
        chosen = next((contact for contact in candidates if contact.id == named), None)
        if chosen is None:
            raise NotFound(kind="contact", id=named)
        return chosen
    if len(candidates) > 1:
        raise AmbiguousContact(candidates=tuple(contact.id for contact in candidates))
    return candidates[0] if candidates else None


def _opportunity(lead: Lead, request: ConversionRequest) -> NewOpportunity | None:
    if not request.create_opportunity:
        return None
    sent = request.opportunity or NewOpportunity()
    if sent.name is not None:
        return sent
    person = " ".join(part for part in (lead.first_name, lead.last_name) if part)
    name = lead.company or person or lead.email or lead.phone or lead.id
    return sent.model_copy(update={"name": name[:200]})


def opportunity_of(plan: ConversionPlan, lead: Lead, *, id: str, contact_id: str, now: datetime) -> Opportunity | None:
    """Answer the opportunity to be made, or None when none is wanted.

    Args:
        plan: What was decided.
        lead: The lead.
        id: The id that it gets.
        contact_id: The contact that it is made with.
        now: The present.
    """
    if plan.opportunity is None:
        return None
    given = {name: getattr(plan.opportunity, name) for name in NewOpportunity.model_fields}
    return Opportunity(**given, id=id, contact_id=contact_id, lead_id=lead.id, created_at=now)
