"""Running the enrichment of many leads: chunk by chunk, each kept with the progress that it makes.

A chunk is read, its providers are asked outside of any unit of work, and then its leads and the job's progress are
kept in one. A process that dies has done what it kept; whoever runs the job again goes on behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from leadkit.enrichment import MOST_IDS, EnrichmentJob, advanced, begun, ended, finished
from leadkit.errors import InvalidInput, InvalidTransition, LeadkitError, NotFound
from leadkit.leads import commands, decide
from leadkit.services.asking import Answers, ask, chosen, refuse_within
from leadkit.services.enriching import persistently, queue_job, take_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadkit.leads import Context, Lead
    from leadkit.ports import EnrichmentProvider, UnitOfWork
    from leadkit.services.session import Session

__all__ = ["enrich_when_captured", "job_named", "run_job", "submit_job"]

# So many at least, that progress is not kept lead by lead; so many at most, that a crash loses little.
_LEAST_AT_ONCE: Final = 25
_MOST_AT_ONCE: Final = 100


def job_named(work: UnitOfWork, job_id: str) -> EnrichmentJob:
    """Load a job.

    Args:
        work: The unit of work.
        job_id: Which job.

    Raises:
        NotFound: There is none.
    """
    job = work.jobs.get(job_id)
    if job is None:
        raise NotFound(kind="job", id=job_id)
    return job


def submit_job(session: Session, work: UnitOfWork, job_id: str) -> None:
    """Hand a job to the kit's runner once the unit of work is kept; without a runner it waits for `run_pending`.

    Args:
        session: The session.
        work: The unit of work in which the job is kept.
        job_id: The job.
    """
    runner = session.wiring.jobs
    if runner is not None:
        outside = attrs.evolve(session, bound=None, key=None)
        session.wiring.agendas.of(work).after.append(lambda: runner.submit(lambda: void(run_job(outside, job_id))))


def void(_: object) -> None:
    """Drop what came of a job; its status is in the store."""


def enrich_when_captured(session: Session, work: UnitOfWork, lead_ids: Sequence[str]) -> None:
    """Have new leads enriched once they are kept, where the organisation has switched that on.

    All leads that one unit of work captures become one job, which is kept with them: none is forgotten, and none is
    enriched that was not kept.

    Args:
        session: The session.
        work: The unit of work that captures the leads.
        lead_ids: The leads.
    """
    agenda = session.wiring.agendas.of(work)
    captured = agenda.captured
    if not captured:
        agenda.before.append(lambda: _queue_captured(session, work, captured))
    captured += lead_ids


def _queue_captured(session: Session, work: UnitOfWork, lead_ids: Sequence[str]) -> None:
    auto = work.settings.get().auto_enrichment
    if not auto.enabled:
        return
    for start in range(0, len(lead_ids), MOST_IDS):
        ids = tuple(lead_ids[start : start + MOST_IDS])
        job = queue_job(session, work, lead_ids=ids, total=len(ids), providers=auto.providers)
        submit_job(session, work, job.id)


def run_job(session: Session, job_id: str) -> EnrichmentJob:
    """Run a job to its end, or as far as it was not run already.

    Args:
        session: The session.
        job_id: Which job.

    Returns:
        The job as it is then. Where another process runs it at the same time, that one goes on with it.

    Raises:
        NotFound: There is no such job.
        InvalidInput: The session is part of a unit of work.
        StoreUnavailable: The store could not keep a chunk. Those before it are kept, and the job can be run again.
    """
    refuse_within(session)
    session = attrs.evolve(session, key=None)
    with session.transaction() as work:
        stored = job_named(work, job_id)
        job = begun(stored, at=session.now)
        if job is not stored:
            work.jobs.put(job)
    if job.state.is_final:
        return job
    session = attrs.evolve(session, actor=job.actor or session.actor)
    try:
        providers = chosen(session.wiring.enrichment, job.providers, kind="enrichment")
    except (NotFound, InvalidInput) as error:
        with session.transaction() as work:
            job = ended(job, _told(error), at=session.now)
            work.jobs.put(job)
        return job
    run = _Run(session, providers)
    while not job.state.is_final:
        kept = run.chunk(job)
        if kept is None:
            with session.transaction() as work:
                return job_named(work, job_id)
        job = kept
    return job


def _told(error: LeadkitError) -> str:
    return f"{error.code}: {error}"


def _progress(job: EnrichmentJob) -> tuple[object, ...]:
    return job.state, job.done, job.failed, job.after


@attrs.frozen
class _Run:
    """One process at work on one job."""

    session: Session
    providers: Sequence[EnrichmentProvider]

    @property
    def size(self) -> int:
        """How many leads are dealt with at a time."""
        largest = max(provider.max_batch for provider in self.providers)
        return min(max(largest, _LEAST_AT_ONCE), _MOST_AT_ONCE)

    def chunk(self, job: EnrichmentJob) -> EnrichmentJob | None:
        """Deal with the next leads; answer the job after them, or None when somebody else has dealt with them."""
        with self.session.transaction() as work:
            ids, leads = self._next(work, job)
            context = self.session.context()
        reasons: dict[str, str] = {}
        fit: list[Lead] = []
        for lead_id in ids:
            try:
                fit.append(_enrichable(lead_id, leads.get(lead_id), context))
            except (NotFound, InvalidTransition) as error:
                reasons[lead_id] = _told(error)
        answers = ask(self.providers, fit, wanted=job.wanted, overwrite=job.overwrite)
        asked = {lead.id: each for lead, each in zip(fit, answers, strict=True)}
        last = len(ids) == len(job.lead_ids) if job.filter is None else len(ids) < self.size
        return persistently(self.session, lambda: self._keep(job, ids, asked, dict(reasons), last=last))

    def _next(self, work: UnitOfWork, job: EnrichmentJob) -> tuple[list[str], dict[str, Lead]]:
        if job.filter is None:
            ids = list(job.lead_ids[: self.size])
            return ids, dict(work.leads.get_many(ids))
        # The instant of the filter's condition stays that of the job, however long it takes.
        found = work.leads.scan(job.filter, after=job.after, limit=self.size, as_of=job.created_at)
        return [lead.id for lead in found], {lead.id: lead for lead in found}

    def _keep(
        self,
        job: EnrichmentJob,
        ids: Sequence[str],
        asked: Mapping[str, Answers],
        reasons: dict[str, str],
        *,
        last: bool,
    ) -> EnrichmentJob | None:
        """Keep what is known of the leads, and the job's progress, in one unit of work."""
        with self.session.transaction() as work:
            if _progress(job_named(work, job.id)) != _progress(job):
                return None
            context = self.session.context()
            changed = 0
            for lead_id, answers in asked.items():
                if answers.failure is not None:
                    reasons[lead_id] = _told(answers.failure)
                    continue
                try:
                    done = take_up(self.session, work, lead_id, answers, context, overwrite=job.overwrite)
                except (NotFound, InvalidTransition, InvalidInput) as error:
                    reasons[lead_id] = _told(error)
                else:
                    changed += bool(done.changed)
            faults = [(lead_id, reasons[lead_id]) for lead_id in ids if lead_id in reasons]
            after = advanced(job, ids, faults, changed=changed, at=context.now)
            if last:
                after = finished(after, at=context.now)
            work.jobs.put(after)
            return after


def _enrichable(lead_id: str, lead: Lead | None, context: Context) -> Lead:
    if lead is None or lead.deleted_at is not None:
        raise NotFound(kind="lead", id=lead_id)
    # A lead that may not change is refused before anything is paid for.
    decide(lead, commands.Enrich(changes={}, provenance={}), context)
    return lead
