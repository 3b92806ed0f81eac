"""Converting leads into contacts and opportunities, and contacts into leads.

Everything is checked before anything is made. Where the host owns the contacts, a failure after they were made leaves
them there; the stable keys make sure that the next attempt finds them instead of making others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadkit.activities import linked
from leadkit.conversion import (
    Contact,
    ConversionRequest,
    ConversionResult,
    contact_key,
    conversion_of,
    lead_from_contact,
    opportunity_key,
    opportunity_of,
    plan_conversion,
)
from leadkit.errors import NotFound
from leadkit.leads import IdentityKey, Lead, decide
from leadkit.services.capture import capture
from leadkit.values import normalise_email, read

if TYPE_CHECKING:
    from leadkit.ports import ContactGateway, UnitOfWork
    from leadkit.services.session import Session

__all__ = ["convert", "from_contact"]


def convert(session: Session, lead_id: str, fields: dict[str, Any]) -> ConversionResult:
    """Convert a lead."""
    request = read(ConversionRequest, fields)

    def body(work: UnitOfWork) -> ConversionResult:
        lead = session.lead(work, lead_id)
        gateway = session.contacts(work)
        context = session.context_of_conversion(work)
        plan = plan_conversion(
            lead, _candidates(gateway, lead, request), request, context, mapping=session.wiring.contact_mapping
        )
        if plan.done:
            return _result(lead)
        if plan.contact_id is None:
            wanted = plan.contact(id=session.wiring.ids.new("contact"), now=context.now)
            contact_id = gateway.create_contact(wanted, key=contact_key(lead_id)).id
        else:
            contact_id = plan.contact_id
            if plan.fill:
                gateway.fill_contact(contact_id, plan.fill)
        opportunity = opportunity_of(
            plan, lead, id=session.wiring.ids.new("opportunity"), contact_id=contact_id, now=context.now
        )
        if opportunity is not None:
            opportunity = gateway.create_opportunity(opportunity, key=opportunity_key(lead_id))
        command = conversion_of(lead, contact_id, opportunity)
        converted = session.keep(work, lead, decide(lead, command, context))
        entered = work.activities.of_leads((lead_id,))[lead_id]
        for activity in linked(entered, contact_id=contact_id, opportunity_id=command.opportunity_id):
            work.activities.save(activity)
        return _result(converted)

    return session.command(
        "leads.convert",
        {"lead": lead_id, "request": request},
        body,
        result=lambda done: {"lead": done.lead.id},
        again=lambda work, ids: _result(session.lead(work, ids["lead"], deleted=True)),
    )


def _candidates(gateway: ContactGateway, lead: Lead, request: ConversionRequest) -> list[Contact]:
    if request.contact_id is not None:
        named = gateway.get_contact(request.contact_id)
        return [] if named is None else [named]
    return [] if lead.email is None else list(gateway.find_contacts(normalise_email(lead.email)))


def _result(lead: Lead) -> ConversionResult:
    return ConversionResult(
        lead=lead,
        contact_id=str(lead.converted_to_contact_id),
        opportunity_id=lead.converted_to_opportunity_id,
    )


def _leads_of(work: UnitOfWork, contact: Contact) -> list[Lead]:
    """Answer the leads that were made from a contact or became it, and then those with its address."""
    found = list(work.leads.from_contact(contact.id))
    if contact.email is not None:
        key = IdentityKey("email", normalise_email(contact.email))
        found.extend(work.leads.find((key,)).get(key, ()))
    return found


def from_contact(session: Session, contact_id: str, *, pipeline_id: str | None, stage: str | None) -> Lead:
    """Make a lead from a contact, or answer its open one in that pipeline."""

    def body(work: UnitOfWork) -> Lead:
        contact = session.contacts(work).get_contact(contact_id)
        if contact is None:
            raise NotFound(kind="contact", id=contact_id)
        if pipeline_id is not None:
            session.pipeline(work, pipeline_id)
        found = lead_from_contact(contact, _leads_of(work, contact), pipeline_id=pipeline_id, stage=stage)
        return found if isinstance(found, Lead) else capture(session, work, found, origin_contact_id=contact_id)

    arguments = {"contact": contact_id, "pipeline": pipeline_id, "stage": stage}
    return session.lead_command("leads.from_contact", arguments, body)
