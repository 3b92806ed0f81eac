"""A little of everything that a store holds, written and read back."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from leadkit.leads import OrganisationSettings
from leadkit.ports import KeyedRequest
from leadkit.testing.builders import (
    NOON,
    build_activity,
    build_contact,
    build_draft,
    build_event,
    build_job,
    build_lead,
    build_opportunity,
    build_pipeline,
    build_rules,
    build_task,
)

if TYPE_CHECKING:
    from leadkit.ports import UnitOfWork

__all__ = ["everything", "fill"]


def fill(work: UnitOfWork) -> None:
    """Write a little of everything."""
    work.leads.add(build_lead())
    work.pipelines.add(build_pipeline())
    work.rules.add(build_rules())
    work.rules.put_draft(build_draft(), expected=0)
    work.activities.add(build_activity())
    work.activities.add_task(build_task())
    work.contacts.create_contact(build_contact(), key="lead:lead-1:contact")
    work.contacts.create_opportunity(build_opportunity(), key="lead:lead-1:opportunity")
    work.pointers.put("pool", {"user-1": Fraction(1, 3)})
    work.idempotency.add(KeyedRequest(key="key-1", fingerprint="f" * 64, result={"lead": "lead-1"}, at=NOON))
    work.events.append([build_event()])
    work.jobs.put(build_job())
    work.settings.put(OrganisationSettings(time_zone="Europe/Berlin"))


def everything(work: UnitOfWork) -> dict[str, Any]:
    """Read everything that `fill` may have written."""
    return {
        "lead": work.leads.get("lead-1"),
        "others": dict(work.leads.get_many(["lead-2", "lead-9"])),
        "pipelines": list(work.pipelines.list()),
        "rules": (work.rules.latest(), work.rules.get(1), work.rules.draft()),
        "activities": list(work.activities.of_leads(["lead-1"])["lead-1"]),
        "tasks": list(work.activities.tasks_of(["lead-1"])["lead-1"]),
        "contact": work.contacts.get_contact("contact-1"),
        "opportunity": work.contacts.get_opportunity("opportunity-1"),
        "pointers": dict(work.pointers.get("pool")),
        "request": work.idempotency.get("key-1"),
        "events": {lead_id: list(events) for lead_id, events in work.events.of_leads(["lead-1", "lead-9"]).items()},
        "jobs": list(work.jobs.unfinished()),
        "settings": work.settings.get(),
    }
