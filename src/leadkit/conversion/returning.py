"""How a contact becomes a lead again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadkit.errors import Fault, InvalidInput
from leadkit.leads import Lead, NewLead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.conversion.documents import Contact

__all__ = ["lead_from_contact"]


def lead_from_contact(
    contact: Contact, leads: Sequence[Lead], *, pipeline_id: str | None = None, stage: str | None = None
) -> Lead | NewLead:
    """Decide which lead a contact becomes: its open lead in that pipeline, or a new one.

    Args:
        contact: The contact.
        leads: The leads that were made from it or converted into it, the oldest first.
        pipeline_id: The pipeline; None for none.
        stage: Where a new lead enters it.

    Returns:
        The open lead as it is, or what is to be captured.

    Raises:
        InvalidInput: The contact has neither e-mail address nor phone number.
    """
    present = next((lead for lead in leads if lead.is_open and lead.pipeline_id == pipeline_id), None)
    if present is not None:
        return present
    if not (contact.email or contact.phone):
        message = f"contact {contact.id!r} has neither e-mail address nor phone number, and a lead needs an identity"
        raise InvalidInput(faults=(Fault(path="$.contactId", message=message, code="no-identity"),))
    return NewLead(
        email=contact.email,
        first_name=contact.first_name,
        last_name=contact.last_name,
        phone=contact.phone,
        company=contact.company,
        properties=contact.properties,
        pipeline_id=pipeline_id,
        stage=stage,
    )
