"""Enriching leads: one at once, many as a job that survives a restart.

No provider is ever asked within a unit of work: a slow one must not hold a transaction open. The lead is read, the
providers are asked, and then what they know is merged into the lead as it is by then.
"""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.enrichment import (
    EnrichmentJob,
    Match,
    Merged,
    advanced,
    begun,
    merge,
    still_wanted,
)
from leadkit.errors import LeadkitError, NotFound, ProviderFailure
from leadkit.leads import WRITABLE, AutoEnrichment, Lead, commands, decide
from leadkit.leads.filtering import LeadFilter
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadkit.enrichment import Refused
    from leadkit.ports import EnrichmentProvider, UnitOfWork
    from leadkit.services.session import Session

__all__ = ["Enrichment", "LeadEnrichmentService", "queue_enrichment"]

_LOG: Final = logging.getLogger("leadkit")
_SCANNED_AT_ONCE: Final = 500
# The fields for which another provider is asked while they are empty.
_WANTED: Final = tuple(name for name in WRITABLE if name in ("first_name", "last_name", "phone", "company"))


@attrs.frozen(kw_only=True)
class Enrichment:
    """What came of enriching a lead.

    Attributes:
        lead: The lead after it.
        refused: What providers offered and was left out, with the reasons.
        deferred: Request ids under which providers will answer later, by provider.
        credits: What it cost, by provider, in the providers' own credits.
    """

    lead: Lead
    refused: tuple[Refused, ...]
    deferred: Mapping[str, str]
    credits: Mapping[str, float]


def queue_enrichment(
    session: Session, work: UnitOfWork, lead_ids: Sequence[str], *, providers: Sequence[str], overwrite: bool = False
) -> EnrichmentJob:
    """Keep a job, within the unit of work of whoever wants it.

    Args:
        session: The session.
        work: The unit of work.
        lead_ids: The leads.
        providers: Whom to ask; empty for all.
        overwrite: Whether values that are there already give way.
    """
    now = session.now
    job = EnrichmentJob(
        id=session.wiring.ids.new("job"),
        lead_ids=tuple(lead_ids),
        providers=tuple(providers),
        overwrite=overwrite,
        total=len(lead_ids),
        created_at=now,
        updated_at=now,
    )
    work.jobs.put(job)
    return job


@attrs.frozen
class LeadEnrichmentService:
    """What providers know about the leads of the workspace's organisation."""

    _session: Session

    def enrich(self, lead_id: str, *, providers: Sequence[str] = (), overwrite: bool = False) -> Enrichment:
        """Enrich a lead now: ask one provider after the other until nothing is wanted.

        Args:
            lead_id: Which lead.
            providers: Whom to ask, in this order; empty for all.
            overwrite: Whether values that are there already give way.

        Raises:
            NotFound: There is no such lead or provider.
            InvalidTransition: The lead is converted.
            ProviderFailure: Every provider that was asked failed.
        """
        chosen = self._providers(providers)
        with self._session.transaction() as work:
            lead = self._session.lead(work, lead_id)
            # A lead that may not change is refused before anything is paid for.
            decide(lead, commands.Enrich(changes={}, provenance={}), self._session.context(work))
        matches, deferred, credits = self._ask(chosen, lead, overwrite=overwrite)
        with self._session.transaction() as work:
            present = self._session.lead(work, lead_id)
            merged = merge(present, matches, at=self._session.now, overwrite=overwrite)
            kept = self._keep(work, present, merged)
        return Enrichment(lead=kept, refused=merged.refused, deferred=deferred, credits=credits)

    def enrich_batch(
        self,
        *,
        ids: Sequence[str] | None = None,
        filter: Mapping[str, Any] | None = None,
        providers: Sequence[str] = (),
        overwrite: bool = False,
    ) -> EnrichmentJob:
        """Enrich many leads as a job.

        Args:
            ids: Which leads; or
            filter: those that a filter means, as `LeadFilter` reads it.
            providers: Whom to ask; empty for all.
            overwrite: Whether values that are there already give way.

        Returns:
            The job as it is: run already when the kit's job runner runs work at once, else queued.

        Raises:
            NotFound: One of the leads or providers does not exist.
            InvalidInput: The filter is not acceptable.
        """
        self._providers(providers)
        with self._session.transaction() as work:
            if ids is None:
                chosen = self._meant(work, read(LeadFilter, dict(filter or {})))
            else:
                chosen = [self._session.lead(work, lead_id).id for lead_id in dict.fromkeys(ids)]
            job = queue_enrichment(self._session, work, chosen, providers=providers, overwrite=overwrite)
        self.submit(job.id)
        return self.status(job.id)

    def submit(self, job_id: str) -> None:
        """Hand a job to the kit's runner; without one it waits for `run_pending`."""
        if self._session.wiring.jobs is not None and self._session.bound is None:
            self._session.wiring.jobs.submit(functools.partial(self.run, job_id))

    def status(self, job_id: str) -> EnrichmentJob:
        """Answer how far a job is.

        Raises:
            NotFound: There is no such job.
        """
        with self._session.transaction() as work:
            job = work.jobs.get(job_id)
        if job is None:
            raise NotFound(kind="job", id=job_id)
        return job

    def run(self, job_id: str) -> EnrichmentJob:
        """Run a job to its end. Each lead is kept as soon as it is enriched, and one that was is never asked for again.

        Raises:
            NotFound: There is no such job.
        """
        job = self.status(job_id)
        with self._session.transaction() as work:
            job = begun(job, at=self._session.now)
            work.jobs.put(job)
        for lead_id in job.lead_ids:
            reason = self._enrich_one(job, lead_id)
            with self._session.transaction() as work:
                job = advanced(job, lead_id, at=self._session.now, reason=reason)
                work.jobs.put(job)
        return job

    def run_pending(self) -> Sequence[EnrichmentJob]:
        """Run the jobs that wait, or that a restart interrupted, the oldest first."""
        with self._session.transaction() as work:
            waiting = [job.id for job in work.jobs.unfinished()]
        return [self.run(job_id) for job_id in waiting]

    def set_auto(self, *, enabled: bool, providers: Sequence[str] = ()) -> AutoEnrichment:
        """Switch the enrichment of each new lead on or off.

        Args:
            enabled: Whether new leads are enriched.
            providers: Whom to ask; empty for all.

        Raises:
            NotFound: There is no such provider.
        """
        self._providers(providers)
        auto = AutoEnrichment(enabled=enabled, providers=tuple(providers))
        with self._session.transaction() as work:
            work.settings.put(work.settings.get().model_copy(update={"auto_enrichment": auto}))
        return auto

    def _providers(self, names: Sequence[str]) -> Sequence[EnrichmentProvider]:
        known = {provider.name: provider for provider in self._session.wiring.enrichment}
        for name in names:
            if name not in known:
                raise NotFound(kind="enrichment provider", id=name, known=tuple(known))
        return [known[name] for name in names] if names else list(known.values())

    def _meant(self, work: UnitOfWork, lead_filter: LeadFilter) -> list[str]:
        found: list[str] = []
        while chunk := work.leads.scan(
            lead_filter,
            after=found[-1] if found else None,
            limit=_SCANNED_AT_ONCE,
            as_of=self._session.now,
        ):
            found.extend(lead.id for lead in chunk)
        return found

    def _ask(
        self, providers: Sequence[EnrichmentProvider], lead: Lead, *, overwrite: bool
    ) -> tuple[list[Match], dict[str, str], dict[str, float]]:
        """Ask one provider after the other, until nothing is wanted or all were asked."""
        matches: list[Match] = []
        deferred: dict[str, str] = {}
        credits: dict[str, float] = {}
        failures: list[ProviderFailure] = []
        for provider in providers:
            if matches and not overwrite and not still_wanted(lead, matches, _WANTED):
                break
            try:
                (outcome,) = provider.match([lead])
            except LeadkitError as error:
                failures.append(ProviderFailure(provider=provider.name, reason=_told(error)))
                continue
            except Exception as error:  # noqa: BLE001 - a provider is a stranger; its text may be personal
                failures.append(ProviderFailure(provider=provider.name, reason=type(error).__name__))
                continue
            credits[provider.name] = outcome.credits
            if isinstance(outcome, Match):
                matches.append(outcome)
            else:
                request_id = getattr(outcome, "request_id", None)
                if request_id is not None:
                    deferred[provider.name] = request_id
        if failures and len(failures) == len(providers):
            raise failures[0]
        for failure in failures:
            _LOG.warning("enrichment went on without a provider: %s", failure)
        return matches, deferred, credits

    def _keep(self, work: UnitOfWork, lead: Lead, merged: Merged) -> Lead:
        command = commands.Enrich(changes=merged.changes, provenance=merged.provenance)
        return self._session.keep(work, lead, decide(lead, command, self._session.context(work)))

    def _enrich_one(self, job: EnrichmentJob, lead_id: str) -> str | None:
        """Enrich one lead of a job; answer why it could not be, or None."""
        try:
            self.enrich(lead_id, providers=job.providers, overwrite=job.overwrite)
        except LeadkitError as error:
            if error.retryable and not isinstance(error, ProviderFailure):
                # The store, not the lead, is at fault: the job stays where it is and can be run again.
                raise
            return f"{error.code}: {error}"
        return None


def _told(error: LeadkitError) -> str:
    return error.reason if isinstance(error, ProviderFailure) else error.code
