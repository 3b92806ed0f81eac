"""Builders: valid documents with sensible defaults, of which a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from leadkit.activities import Activity, Task
from leadkit.conversion import Contact, Opportunity
from leadkit.enrichment import EnrichmentJob
from leadkit.leads import Event, Lead, LeadStatus
from leadkit.pipelines import Pipeline
from leadkit.routing import Assignee
from leadkit.scoring import DraftState, RulesDraft, Ruleset, RulesVersion

__all__ = [
    "NOON",
    "build_activity",
    "build_assignee",
    "build_contact",
    "build_draft",
    "build_event",
    "build_job",
    "build_lead",
    "build_opportunity",
    "build_pipeline",
    "build_rules",
    "build_ruleset",
    "build_task",
]

NOON: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""The instant at which everything here happens."""

T = TypeVar("T")


def _built(kind: type[T], fields: dict[str, Any]) -> T:
    return kind(**fields)


_STAMPS: Final[dict[str, dict[str, Any]]] = {
    LeadStatus.QUALIFIED: {"qualified_at": NOON, "qualified_by": "user-1"},
    LeadStatus.DISQUALIFIED: {"disqualified_at": NOON, "disqualified_by": "user-1"},
    LeadStatus.CONVERTED: {
        "qualified_at": NOON,
        "qualified_by": "user-1",
        "converted_at": NOON,
        "converted_to_contact_id": "contact-1",
    },
}


def build_lead(id: str = "lead-1", **fields: Any) -> Lead:
    """Build a lead; the stamps follow the status.

    Args:
        id: Its id; the address is made of it.
        **fields: Whatever the test is about.

    Example:
        >>> build_lead("lead-7", status="qualified").qualified_at == NOON
        True
    """
    status = fields.get("status", LeadStatus.NEW)
    return _built(
        Lead,
        {
            "id": id,
            "email": f"{id}@example.com",
            "created_at": NOON,
            "updated_at": NOON,
            **_STAMPS.get(status, {}),
            **fields,
        },
    )


def build_pipeline(id: str = "inbound", *stage_ids: str, **fields: Any) -> Pipeline:
    """Build a pipeline of empty stages.

    Args:
        id: Its id.
        stage_ids: Its stages, in order; `new`, `discovery` and `won` when none is named.
        **fields: Whatever the test is about.

    Example:
        >>> build_pipeline("partners", "intro", "deal").stage_ids
        ('intro', 'deal')
    """
    stages = [
        {"id": stage_id, "name": stage_id.title(), "order": order}
        for order, stage_id in enumerate(stage_ids or ("new", "discovery", "won"))
    ]
    return _built(Pipeline, {"id": id, "name": id.title(), "stages": stages, "created_at": NOON, **fields})


def build_ruleset(**fields: Any) -> Ruleset:
    """Build a ruleset of one rule, or of those that are named."""
    rule = {"name": "fit", "points": 20, "condition": {"field": "company", "op": "exists"}}
    return Ruleset.model_validate({"rules": [rule], **fields})


def build_rules(version: int = 1, **fields: Any) -> RulesVersion:
    """Build a version of the rules."""
    return _built(RulesVersion, {"version": version, "ruleset": build_ruleset(), **fields})


def build_draft(revision: int = 1, **fields: Any) -> DraftState:
    """Build the draft of the next rules, at a revision."""
    data = {"revision": revision, "ruleset": build_ruleset(), "based_on": 0, "author": "user-1", "at": NOON, **fields}
    return DraftState(revision=revision, draft=RulesDraft.model_validate(data))


def build_event(lead_id: str = "lead-1", sequence: int = 1, **fields: Any) -> Event:
    """Build an event: the first of a lead creates it, later ones update it."""
    type_ = "lead.created" if sequence == 1 else "lead.updated"
    data = {"lead": build_lead(lead_id).model_dump()} if sequence == 1 else {"changes": {"company": f"C{sequence}"}}
    return _built(
        Event,
        {
            "type": type_,
            "lead_id": lead_id,
            "sequence": sequence,
            "time": NOON,
            "actor": "user-1",
            "data": data,
            **fields,
        },
    )


def build_activity(id: str = "activity-1", **fields: Any) -> Activity:
    """Build an activity of a lead."""
    return _built(Activity, {"id": id, "lead_id": "lead-1", "type": "call", "at": NOON, "actor": "user-1", **fields})


def build_task(id: str = "task-1", **fields: Any) -> Task:
    """Build a task of a lead."""
    return _built(Task, {"id": id, "lead_id": "lead-1", "title": "call", "due_at": NOON, "created_at": NOON, **fields})


def build_contact(id: str = "contact-1", **fields: Any) -> Contact:
    """Build a contact."""
    return _built(Contact, {"id": id, "email": f"{id}@example.com", "created_at": NOON, **fields})


def build_opportunity(id: str = "opportunity-1", **fields: Any) -> Opportunity:
    """Build an opportunity."""
    return _built(
        Opportunity,
        {"id": id, "name": "Deal", "contact_id": "contact-1", "lead_id": "lead-1", "created_at": NOON, **fields},
    )


def build_job(id: str = "job-1", **fields: Any) -> EnrichmentJob:
    """Build a job of one lead."""
    return _built(
        EnrichmentJob, {"id": id, "lead_ids": ("lead-1",), "total": 1, "created_at": NOON, "updated_at": NOON, **fields}
    )


def build_assignee(id: str = "user-1", **fields: Any) -> Assignee:
    """Build a user who can own leads."""
    return _built(Assignee, {"id": id, "name": id.title(), **fields})
