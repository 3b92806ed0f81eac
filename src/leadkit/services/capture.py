"""Capturing leads: where a new one enters, whether it is known already, and what then becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadkit.errors import NotFound
from leadkit.leads import Lead, LeadPatch, commands, create, decide, identity_keys
from leadkit.services.enrichment_jobs import enrich_when_captured

if TYPE_CHECKING:
    from leadkit.leads import NewLead
    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["capture", "known_leads", "starting_stage", "update_known"]


def starting_stage(session: Session, work: UnitOfWork, pipeline_id: str | None, stage: str | None) -> str | None:
    """Answer the stage in which a lead enters a pipeline: the one that is named, or the first.

    Args:
        session: The session.
        work: The unit of work.
        pipeline_id: The pipeline; None for none.
        stage: The stage that is asked for; None for the first.

    Raises:
        NotFound: There is no such pipeline, or it has no such stage.
    """
    if pipeline_id is None:
        return None
    pipeline = session.pipeline(work, pipeline_id)
    if stage is None:
        return pipeline.stages[0].id
    if pipeline.stage(stage) is None:
        raise NotFound(kind="stage", id=stage, known=pipeline.stage_ids)
    return stage


def capture(session: Session, work: UnitOfWork, new: NewLead, *, origin_contact_id: str | None = None) -> Lead:
    """Create a lead without asking whether it is known already.

    Args:
        session: The session.
        work: The unit of work.
        new: What was sent.
        origin_contact_id: The contact that it is made from.

    Raises:
        NotFound: There is no such pipeline or stage.
    """
    stage = starting_stage(session, work, new.pipeline_id, new.stage)
    decision = create(
        new,
        id=session.wiring.ids.new("lead"),
        context=session.context(),
        stage=stage,
        origin_contact_id=origin_contact_id,
    )
    work.leads.add(decision.lead)
    work.events.append(decision.events)
    enrich_when_captured(session, work, [decision.lead.id])
    return decision.lead


def known_leads(work: UnitOfWork, new: NewLead) -> tuple[str, tuple[Lead, ...]]:
    """Answer by which key a new lead is known already, and the leads that it may be, the oldest first.

    Args:
        work: The unit of work.
        new: What was sent.

    Returns:
        The kind of the strongest key that matches, and its leads; an empty text and none when nothing does.
    """
    keys = identity_keys(new)
    found = work.leads.find(keys)
    return next(((key.kind, tuple(found[key])) for key in keys if key in found), ("", ()))


def update_known(session: Session, work: UnitOfWork, lead: Lead, new: NewLead) -> Lead:
    """Write what was sent for a lead that is known already; its place in a pipeline stays.

    Args:
        session: The session.
        work: The unit of work.
        lead: The lead that is known.
        new: What was sent.

    Raises:
        InvalidTransition: The lead is converted and no longer changes.
    """
    sent = {name: getattr(new, name) for name in new.model_fields_set & set(LeadPatch.model_fields)}
    changes = LeadPatch(**sent).applied_to(lead)
    return session.keep(work, lead, decide(lead, commands.Update(changes=changes), session.context()))
