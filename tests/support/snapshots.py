"""Everything that an organisation holds, read through the ports, to be compared before and after."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from leadkit.leads import fold

if TYPE_CHECKING:
    from leadkit.ports import Store

NOW = datetime(2030, 1, 1, tzinfo=UTC)
POOLS = ("ae",)


def snapshot(store: Store, org: str) -> dict[str, Any]:
    """Read all there is of one organisation.

    Also checks what must hold at every moment: the events of each lead fold into the lead.
    """
    with store.unit_of_work(org) as work:
        histories = work.events.scan(after=None, limit=100_000)
        ids = list(histories)
        leads = dict(work.leads.get_many(ids))
        assert set(leads) == set(ids)
        for lead_id, events in histories.items():
            assert fold(events) == leads[lead_id], f"the events of {lead_id} do not fold into it"
        contacts = {
            contact: work.contacts.get_contact(contact)
            for lead in leads.values()
            if (contact := lead.converted_to_contact_id) is not None
        }
        addresses = {lead.email for lead in leads.values() if lead.email is not None}
        return {
            "leads": leads,
            "events": {lead_id: tuple(events) for lead_id, events in histories.items()},
            "activities": {lead_id: tuple(rows) for lead_id, rows in work.activities.of_leads(ids).items()},
            "tasks": {lead_id: tuple(rows) for lead_id, rows in work.activities.tasks_of(ids).items()},
            "pipelines": tuple(work.pipelines.list()),
            "rules": (work.rules.latest(), work.rules.get(work.rules.latest()), work.rules.draft()),
            "pointers": {pool: dict(work.pointers.get(pool)) for pool in POOLS},
            "settings": work.settings.get(),
            "jobs": tuple(work.jobs.unfinished()),
            "contacts": contacts,
            "found": {address: tuple(work.contacts.find_contacts(address)) for address in sorted(addresses)},
            "opportunities": {
                contact: tuple(rows) for contact, rows in work.contacts.opportunities_of(list(contacts)).items()
            },
        }
