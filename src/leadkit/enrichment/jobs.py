"""Enriching many leads: how far it is, what failed, and what is left to do after a restart."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StrictBool, StrictInt

from leadkit.values import Document, Identifier, Instant, Text

__all__ = ["MOST_FAULTS", "EnrichmentJob", "JobFault", "JobState", "advanced", "begun", "ended"]

MOST_FAULTS: Final = 100


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobFault(Document):
    """A lead that could not be enriched.

    Attributes:
        lead_id: Which lead.
        reason: Why, without personal values.
    """

    lead_id: Identifier
    reason: Text


class EnrichmentJob(Document):
    """The enrichment of many leads.

    Attributes:
        id: Its id.
        state: Where it is.
        lead_ids: The leads that are still to be enriched, in order; empty at the end.
        providers: Whom to ask; empty for all.
        overwrite: Whether values that are there already give way.
        total: How many leads there were at the beginning.
        done: How many of them were enriched or had nothing to gain.
        failed: How many could not be.
        errors: The first hundred of those.
        created_at: When it was asked for.
        updated_at: When it moved last.
    """

    id: Identifier
    state: JobState = JobState.QUEUED
    lead_ids: tuple[Identifier, ...]
    providers: tuple[Identifier, ...] = ()
    overwrite: StrictBool = False
    total: Annotated[StrictInt, Field(ge=0)]
    done: Annotated[StrictInt, Field(ge=0)] = 0
    failed: Annotated[StrictInt, Field(ge=0)] = 0
    errors: Annotated[tuple[JobFault, ...], Field(max_length=MOST_FAULTS)] = ()
    created_at: Instant
    updated_at: Instant


def begun(job: EnrichmentJob, *, at: datetime) -> EnrichmentJob:
    """Answer the job as running; one without leads is done at once.

    Args:
        job: A job that is queued, or was running when the process died.
        at: The present.
    """
    state = JobState.RUNNING if job.lead_ids else JobState.DONE
    return job.model_copy(update={"state": state, "updated_at": at})


def advanced(job: EnrichmentJob, lead_id: str, *, at: datetime, reason: str | None = None) -> EnrichmentJob:
    """Answer the job after one of its leads; after the last one it is done.

    Args:
        job: A running job.
        lead_id: The lead; one that is no longer to be enriched changes nothing.
        at: The present.
        reason: Why it could not be enriched; None when it was.
    """
    if lead_id not in job.lead_ids:
        return job
    left = tuple(other for other in job.lead_ids if other != lead_id)
    changes: dict[str, object] = {"lead_ids": left, "updated_at": at}
    if reason is None:
        changes["done"] = job.done + 1
    else:
        fault = JobFault(lead_id=lead_id, reason=reason)
        changes |= {"failed": job.failed + 1, "errors": (*job.errors, fault)[:MOST_FAULTS]}
    if not left:
        changes["state"] = JobState.DONE
    return job.model_copy(update=changes)


def ended(job: EnrichmentJob, *, at: datetime) -> EnrichmentJob:
    """Answer the job as failed: it cannot go on, and what it did stays done.

    Args:
        job: The job.
        at: The present.
    """
    return job.model_copy(update={"state": JobState.FAILED, "updated_at": at})
