"""Records beside the lead, loaded for a whole batch in one call for each kind that the rules need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from leadkit.leads import Lead
    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["Related", "load_related"]

Related = dict[str, "Mapping[str, Sequence[Any]]"]
"""For each lead id, the records of each kind."""


def load_related(session: Session, work: UnitOfWork, leads: Sequence[Lead], kinds: Collection[str]) -> Related:
    """Load the related records that rules need.

    Args:
        session: The session.
        work: The unit of work.
        leads: The leads of the batch.
        kinds: The kinds that the rules name; none of them, and nothing is asked.

    Returns:
        For each lead, its records by kind; a kind without a source has none.
    """
    ids = [lead.id for lead in leads]
    loaded: dict[str, Mapping[str, Sequence[Any]]] = {}
    if "activities" in kinds:
        loaded["activities"] = work.activities.of_leads(ids)
    if "tasks" in kinds:
        loaded["tasks"] = work.activities.tasks_of(ids)
    if "opportunities" in kinds:
        loaded["opportunities"] = _opportunities(session, work, leads)
    others = set(kinds) - loaded.keys()
    if others and session.wiring.related is not None:
        loaded.update(session.wiring.related(session.org).load(leads, others))
    return {lead_id: {kind: records.get(lead_id, ()) for kind, records in loaded.items()} for lead_id in ids}


def _opportunities(session: Session, work: UnitOfWork, leads: Sequence[Lead]) -> dict[str, Sequence[Any]]:
    """A lead's opportunities are those of the contact that it came from or became."""
    contacts = {lead.id: lead.converted_to_contact_id or lead.origin_contact_id for lead in leads}
    wanted = {contact for contact in contacts.values() if contact is not None}
    if not wanted:
        return {}
    found = session.contacts(work).opportunities_of(wanted)
    return {lead_id: found.get(contact, ()) for lead_id, contact in contacts.items() if contact is not None}
