"""How a contact becomes a lead again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadkit.leads import Lead, NewLead

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadkit.conversion.documents import Contact

__all__ = ["lead_from_contact"]


def lead_from_contact(
    contact: Contact, leads: Iterable[Lead], *, pipeline_id: str | None = None, stage: str | None = None
) -> Lead | NewLead:
    """Decide which lead a contact becomes: its open lead in that pipeline, or a new one.

    Args:
        contact: The contact.
        leads: The leads of the contact, those that were made from it first, the oldest first.
        pipeline_id: The pipeline; None for whichever its open lead is in, and for none when it has no open lead.
        stage: Where a new lead enters it.

    Returns:
        The open lead as it is, or what is to be captured. A contact that can be neither written to nor called is
        recognised by its id.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.conversion import Contact
        >>> made = datetime(2026, 11, 24, tzinfo=UTC)
        >>> alice = Contact(id="contact-1", email="alice@example.com", first_name="Alice", created_at=made)
        >>> lead_from_contact(alice, [], pipeline_id="upsell").first_name
        'Alice'
    """
    for lead in leads:
        if lead.is_open and pipeline_id in (None, lead.pipeline_id):
            return lead
    return NewLead(
        email=contact.email,
        first_name=contact.first_name,
        last_name=contact.last_name,
        phone=contact.phone,
        company=contact.company,
        external_id=None if contact.email or contact.phone else contact.id,
        properties=contact.properties,
        pipeline_id=pipeline_id,
        stage=stage,
    )
