"""Enriching many leads: how far it is, what failed, and what is left to do after a restart."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, StrictBool, StrictInt

from leadkit.enrichment.places import told
from leadkit.leads.filtering import LeadFilter
from leadkit.values import Document, Identifier, Instant, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = [
    "MOST_FAULTS",
    "MOST_IDS",
    "EnrichmentJob",
    "JobFault",
    "JobState",
    "advanced",
    "begun",
    "ended",
    "finished",
]

MOST_FAULTS: Final = 100
MOST_IDS: Final = 10_000

_Count = Annotated[StrictInt, Field(ge=0)]
_LONGEST_REASON: Final = 500


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will be done."""
        return self in (JobState.DONE, JobState.FAILED)


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
        lead_ids: The leads that are still to be enriched, in order; empty where a filter says which.
        filter: Which leads are to be enriched, where they are not named; they are taken in the order of their ids.
        after: The last lead of the filter that was dealt with.
        providers: Whom to ask; empty for all.
        wanted: The fields for which providers are asked; None for whatever they know.
        overwrite: Whether values that are there already give way.
        actor: Who asked for it, in whose name leads are changed; None for whoever runs it.
        total: How many leads there are to be enriched.
        done: How many of them were enriched or had nothing to gain.
        changed: How many of these gained something.
        failed: How many could not be enriched.
        errors: The first hundred of those.
        reason: Why the job as a whole failed.
        created_at: When it was asked for.
        updated_at: When it moved last.
    """

    id: Identifier
    state: JobState = JobState.QUEUED
    lead_ids: Annotated[tuple[Identifier, ...], Field(max_length=MOST_IDS)] = ()
    filter: LeadFilter | None = None
    after: Identifier | None = None
    providers: tuple[Identifier, ...] = ()
    wanted: tuple[Text, ...] | None = None
    overwrite: StrictBool = False
    actor: Identifier | None = None
    total: _Count
    done: _Count = 0
    changed: _Count = 0
    failed: _Count = 0
    errors: Annotated[tuple[JobFault, ...], Field(max_length=MOST_FAULTS)] = ()
    reason: Text | None = None
    created_at: Instant
    updated_at: Instant


def begun(job: EnrichmentJob, *, at: datetime) -> EnrichmentJob:
    """Answer the job as running; one that has ended stays as it is.

    Args:
        job: A job that is queued, or was running when the process died.
        at: The present.
    """
    if job.state.is_final:
        return job
    return job.model_copy(update={"state": JobState.RUNNING, "updated_at": at})


def advanced(
    job: EnrichmentJob, lead_ids: Sequence[str], faults: Sequence[tuple[str, str]], *, changed: int, at: datetime
) -> EnrichmentJob:
    """Answer the job after some of its leads.

    Args:
        job: A running job.
        lead_ids: The leads that were dealt with, in order.
        faults: Those of them that could not be enriched, and why.
        changed: How many of the others gained something.
        at: The present.

    Example:
        >>> from datetime import UTC, datetime
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> job = EnrichmentJob(id="job-1", lead_ids=("a", "b", "c"), total=3, created_at=now, updated_at=now)
        >>> job = advanced(job, ["a", "b"], [("b", "not-found: it is gone")], changed=1, at=now)
        >>> job.lead_ids, job.done, job.failed, job.errors[0].lead_id
        (('c',), 1, 1, 'b')
    """
    dealt = set(lead_ids)
    errors = [JobFault(lead_id=lead_id, reason=told(reason, most=_LONGEST_REASON)) for lead_id, reason in faults]
    return job.model_copy(
        update={
            "lead_ids": tuple(lead_id for lead_id in job.lead_ids if lead_id not in dealt),
            "after": lead_ids[-1] if job.filter is not None and lead_ids else job.after,
            "done": job.done + len(lead_ids) - len(faults),
            "changed": job.changed + changed,
            "failed": job.failed + len(faults),
            "errors": (*job.errors, *errors)[:MOST_FAULTS],
            "updated_at": at,
        }
    )


def finished(job: EnrichmentJob, *, at: datetime) -> EnrichmentJob:
    """Answer the job at its end: done, or failed where not one lead could be enriched.

    The total is what was dealt with: leads that a filter meant in the beginning may be gone by now.

    Args:
        job: A job without leads that are still to be enriched.
        at: The present.
    """
    state = JobState.FAILED if job.failed and not job.done else JobState.DONE
    return job.model_copy(update={"state": state, "total": job.done + job.failed, "updated_at": at})


def ended(job: EnrichmentJob, reason: str, *, at: datetime) -> EnrichmentJob:
    """Answer the job as failed: it cannot go on, and what it did stays done.

    Args:
        job: The job.
        reason: Why.
        at: The present.
    """
    return job.model_copy(
        update={"state": JobState.FAILED, "reason": told(reason, most=_LONGEST_REASON), "updated_at": at}
    )
