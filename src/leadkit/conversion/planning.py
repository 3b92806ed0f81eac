"""Deciding a conversion: all checks first, then what is to be made, so that nothing is made in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conversion.documents import Contact, ContactFields, NewOpportunity, Opportunity
from leadkit.conversion.mapping import DEFAULT_MAPPING, given_by
from leadkit.errors import AmbiguousContact, ConversionConflict, NotFound
from leadkit.leads import LeadStatus, commands, decide
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from leadkit.conversion.documents import ConversionRequest
    from leadkit.conversion.mapping import ContactMapping
    from leadkit.leads import Context, Lead

__all__ = [
    "ConversionPlan",
    "contact_key",
    "conversion_of",
    "opportunity_key",
    "opportunity_of",
    "plan_conversion",
]

_LONGEST_NAME: Final = 200


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
        fill: The empty fields of the existing contact that the lead fills, by their Python names.
        opportunity: What the opportunity will hold; None when none is wanted.
    """

    done: bool = False
    contact_id: str | None = None
    new_contact: ContactFields = attrs.field(factory=ContactFields)
    fill: dict[str, Any] = attrs.field(factory=dict, repr=False)
    opportunity: NewOpportunity | None = None

    def contact(self, *, id: str, now: datetime) -> Contact:
        """Answer the contact to be made.

        Args:
            id: The id that it gets.
            now: The present.
        """
        return Contact(**_fields(self.new_contact), id=id, created_at=now)


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
        InvalidInput: The contact cannot hold what the mapping gives it.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.conversion import ConversionRequest
        >>> from leadkit.leads import Context, Lead
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(
        ...     id="lead-1", email="a@example.com", company="Acme", status="qualified", qualified_at=now,
        ...     created_at=now, updated_at=now,
        ... )
        >>> request = ConversionRequest(create_opportunity=True)
        >>> plan = plan_conversion(lead, [], request, Context(now=now, actor="user-7"))
        >>> plan.contact_id is None, plan.new_contact.company, plan.opportunity.name
        (True, 'Acme', 'Acme')
    """
    # The lifecycle decides before anything is made; the ids do not matter for that.
    decide(lead, commands.Convert(contact_id="-"), context)
    if lead.status is LeadStatus.CONVERTED:
        return _converted(lead, request)
    contact = _chosen(candidates, request.contact_id)
    given = given_by(lead, mapping)
    opportunity = _opportunity(lead, request)
    if contact is None:
        return ConversionPlan(new_contact=given, opportunity=opportunity)
    return ConversionPlan(contact_id=contact.id, fill=_fill(contact, given), opportunity=opportunity)


def _converted(lead: Lead, request: ConversionRequest) -> ConversionPlan:
    if request.contact_id not in (None, lead.converted_to_contact_id):
        raise ConversionConflict(lead_id=lead.id, reason=f"it became contact {lead.converted_to_contact_id!r}")
    if request.wants_opportunity and lead.converted_to_opportunity_id is None:
        raise ConversionConflict(lead_id=lead.id, reason="no opportunity was made with it")
    return ConversionPlan(done=True, contact_id=lead.converted_to_contact_id)


def _chosen(candidates: Sequence[Contact], named: str | None) -> Contact | None:
    if named is not None:
        known = {contact.id: contact for contact in candidates}
        if named not in known:
            raise NotFound(kind="contact", id=named, known=tuple(known))
        return known[named]
    if len(candidates) > 1:
        raise AmbiguousContact(candidates=tuple(contact.id for contact in candidates))
    return candidates[0] if candidates else None


def _fields(document: ContactFields | NewOpportunity) -> dict[str, Any]:
    return {name: getattr(document, name) for name in type(document).model_fields}


def _fill(contact: Contact, given: ContactFields) -> dict[str, Any]:
    """Answer what is empty in the contact and given by the lead; of the properties, key by key."""
    fill: dict[str, Any] = {
        name: value
        for name, value in _fields(given).items()
        if isinstance(value, str) and not (getattr(contact, name) or "").strip()
    }
    lacking = {key: value for key, value in given.properties.items() if contact.properties.get(key) is None}
    if lacking:
        fill["properties"] = {**contact.properties, **lacking}
    # Together they may be more than one contact can hold.
    read(ContactFields, fill, at="$.contact")
    return fill


def _opportunity(lead: Lead, request: ConversionRequest) -> NewOpportunity | None:
    if not request.wants_opportunity:
        return None
    sent = request.opportunity or NewOpportunity()
    if sent.name is not None:
        return sent
    person = f"{lead.first_name or ''} {lead.last_name or ''}"
    names = (lead.company, person, lead.email, lead.phone, lead.external_id)
    name = next(name.strip() for name in names if name is not None and name.strip())
    return sent.model_copy(update={"name": name[:_LONGEST_NAME]})


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
    return Opportunity(**_fields(plan.opportunity), id=id, contact_id=contact_id, lead_id=lead.id, created_at=now)


def conversion_of(lead: Lead, contact_id: str, opportunity: Opportunity | None) -> commands.Convert:
    """Answer the command that records what was made.

    Args:
        lead: The lead.
        contact_id: The contact, as the gateway knows it.
        opportunity: What the gateway made, or had made already in an attempt before; None when none is wanted.

    Raises:
        ConversionConflict: An attempt before made the opportunity with another contact.
    """
    if opportunity is None:
        return commands.Convert(contact_id=contact_id)
    if opportunity.contact_id != contact_id:
        reason = f"an earlier attempt made its opportunity with contact {opportunity.contact_id!r}; name that one"
        raise ConversionConflict(lead_id=lead.id, reason=reason)
    return commands.Convert(contact_id=contact_id, opportunity_id=opportunity.id)
