"""Enriching leads: one at once, many as a job that survives a restart, new ones by themselves.

No provider is ever asked within a unit of work: a slow one must not hold a transaction open. The lead is read, the
providers are asked, and then what they know is merged into the lead as it is by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.enrichment import MOST_IDS, read_wanted
from leadkit.errors import Fault, InvalidInput
from leadkit.leads import AutoEnrichment, LeadStatus, commands, decide
from leadkit.leads.filtering import LeadFilter
from leadkit.services.asking import Answers, ask, chosen, refuse_within
from leadkit.services.enriching import Enrichment, persistently, queue_job, take_up
from leadkit.services.enrichment_jobs import job_named, run_job, submit_job
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadkit.enrichment import Deferred, EnrichmentJob, Match
    from leadkit.ports import EnrichmentProvider, UnitOfWork
    from leadkit.services.session import Session

__all__ = ["Enrichment", "LeadEnrichmentService"]

_CHANGEABLE: Final = tuple(status for status in LeadStatus if status is not LeadStatus.CONVERTED)


@attrs.frozen
class LeadEnrichmentService:
    """What providers know about the leads of the workspace's organisation."""

    _session: Session

    def enrich(
        self,
        lead_id: str,
        *,
        providers: Sequence[str] | None = None,
        wanted: Sequence[str] | None = None,
        overwrite: bool = False,
    ) -> Enrichment:
        """Enrich a lead now: ask one provider after the other until nothing is wanted.

        Args:
            lead_id: Which lead.
            providers: Whom to ask, in this order; left out, all.
            wanted: The fields for which they are asked; left out, whatever they know.
            overwrite: Whether values that are there already give way.

        Raises:
            NotFound: There is no such lead or provider.
            InvalidInput: A wanted field does not exist, no provider is wired, or a unit of work is open.
            InvalidTransition: The lead is converted.
            ProviderFailure: Providers failed, and no other one knew the lead.

        Example:
            >>> import leadkit as lk
            >>> from leadkit.memory import CompanyTable
            >>> table = CompanyTable({"acme.example": {"company": "Acme", "properties.team_size": 40}})
            >>> ws = lk.LeadKit.open("memory:", enrichment=(table,)).workspace(org="acme", actor="user-7")
            >>> lead = ws.leads.create(email="alice@acme.example")
            >>> done = ws.enrichment.enrich(lead.id)
            >>> done.lead.company, done.lead.enrichment["company"].provider, done.changed
            ('Acme', 'company-table', ('company', 'properties.team_size'))
        """
        refuse_within(self._session)
        whom = self._providers(providers)
        fields = None if wanted is None else read_wanted(wanted)
        with self._session.transaction() as work:
            lead = self._session.lead(work, lead_id)
            # What was carried out under this key is not paid for a second time.
            again = self._session.key is not None and work.idempotency.get(self._session.key) is not None
            if not again:
                # A lead that may not change is refused before anything is paid for.
                decide(lead, commands.Enrich(changes={}, provenance={}), self._session.context())
        answers = Answers()
        if not again:
            (answers,) = ask(whom, [lead], wanted=fields, overwrite=overwrite)
            if answers.failure is not None:
                raise answers.failure
        arguments = {"lead": lead_id, "providers": providers, "wanted": fields, "overwrite": overwrite}
        return self._take_up("enrichment.enrich", arguments, lead_id, answers, overwrite=overwrite)

    def accept(self, lead_id: str, outcome: Match | Deferred, *, overwrite: bool = False) -> Enrichment:
        """Take up what a provider answers later, such as at a webhook. The same answer again changes nothing.

        Args:
            lead_id: Which lead.
            outcome: The answer.
            overwrite: Whether values that are there already give way.

        Raises:
            NotFound: There is no such lead.
            InvalidTransition: The lead is converted.
        """
        answers = Answers([outcome])
        arguments = {"lead": lead_id, "outcome": attrs.asdict(outcome), "overwrite": overwrite}
        return self._take_up("enrichment.accept", arguments, lead_id, answers, overwrite=overwrite)

    def _take_up(
        self, name: str, arguments: Mapping[str, object], lead_id: str, answers: Answers, *, overwrite: bool
    ) -> Enrichment:
        session = self._session

        def body(work: UnitOfWork) -> Enrichment:
            return take_up(session, work, lead_id, answers, session.context(), overwrite=overwrite)

        return persistently(
            session,
            lambda: session.command(
                name,
                arguments,
                body,
                result=lambda done: {"lead": done.lead.id},
                again=lambda work, ids: Enrichment(lead=session.lead(work, ids["lead"], deleted=True)),
            ),
        )

    def enrich_batch(
        self,
        *,
        ids: Sequence[str] | None = None,
        filter: LeadFilter | Mapping[str, Any] | None = None,
        providers: Sequence[str] | None = None,
        wanted: Sequence[str] | None = None,
        overwrite: bool = False,
    ) -> EnrichmentJob:
        """Enrich many leads as a job.

        Args:
            ids: Which leads, at most ten thousand; or
            filter: those that a filter means, as `LeadFilter` reads it. Converted leads, which no longer change, are
                among them only where the filter names that status.
            providers: Whom to ask, in this order; left out, all.
            wanted: The fields for which they are asked; left out, whatever they know.
            overwrite: Whether values that are there already give way.

        Returns:
            The job as it is: run already when the kit's job runner runs work at once, else queued.

        Raises:
            NotFound: One of the leads or providers does not exist.
            InvalidInput: Neither or both of ids and filter are given, one of them is not acceptable, a wanted field
                does not exist, or no provider is wired.
        """
        self._providers(providers)
        fields = None if wanted is None else read_wanted(wanted)
        if (ids is None) == (filter is None):
            message = "name the leads by ids, or by a filter"
            raise InvalidInput(faults=(Fault(path="$", message=message, code="which-leads"),))
        names = tuple(dict.fromkeys(ids or ()))
        if len(names) > MOST_IDS:
            message = f"a job takes at most {MOST_IDS:,} ids; use a filter"
            raise InvalidInput(faults=(Fault(path="$.ids", message=message, code="too-many"),))
        meant = None if filter is None else _changeable(filter)

        def body(work: UnitOfWork) -> EnrichmentJob:
            total = len(names) if meant is None else work.leads.count(meant, as_of=self._session.now)
            for lead_id in names:
                self._session.lead(work, lead_id)
            job = queue_job(
                self._session,
                work,
                lead_ids=names,
                filter=meant,
                total=total,
                providers=tuple(providers or ()),
                wanted=fields,
                overwrite=overwrite,
            )
            submit_job(self._session, work, job.id)
            return job

        arguments = {"ids": names, "filter": meant, "providers": providers, "wanted": fields, "overwrite": overwrite}
        job = self._session.command(
            "enrichment.enrich_batch",
            arguments,
            body,
            result=lambda made: {"job": made.id},
            again=lambda work, found: job_named(work, found["job"]),
        )
        return self.status(job.id)

    def status(self, job_id: str) -> EnrichmentJob:
        """Answer how far a job is.

        Raises:
            NotFound: There is no such job.
        """
        with self._session.reading() as work:
            return job_named(work, job_id)

    def run(self, job_id: str) -> EnrichmentJob:
        """Run a job to its end, or on from where it was interrupted: no lead that was dealt with is asked for again.

        Raises:
            NotFound: There is no such job.
            InvalidInput: A unit of work is open.
        """
        return run_job(self._session, job_id)

    def run_pending(self) -> Sequence[EnrichmentJob]:
        """Run the jobs that wait, or that a restart interrupted, the oldest first.

        Raises:
            InvalidInput: A unit of work is open.
        """
        with self._session.reading() as work:
            waiting = [job.id for job in work.jobs.unfinished()]
        return [self.run(job_id) for job_id in waiting]

    def auto(self) -> AutoEnrichment:
        """Answer whether each new lead is enriched, and by whom."""
        with self._session.reading() as work:
            return work.settings.get().auto_enrichment

    def set_auto(self, *, enabled: bool, providers: Sequence[str] | None = None) -> AutoEnrichment:
        """Switch the enrichment of each new lead on or off. The leads that are there already stay as they are.

        Args:
            enabled: Whether new leads are enriched, by a job that is kept with them.
            providers: Whom to ask, in this order; left out, all.

        Raises:
            NotFound: There is no such provider.
            InvalidInput: It is switched on, and no provider is wired.
        """
        if enabled or providers:
            self._providers(providers)
        auto = read(AutoEnrichment, {"enabled": enabled, "providers": tuple(providers or ())})
        with self._session.transaction() as work:
            work.settings.put(work.settings.get(to_change=True).model_copy(update={"auto_enrichment": auto}))
        return auto

    def _providers(self, names: Sequence[str] | None) -> list[EnrichmentProvider]:
        return chosen(self._session.wiring.enrichment, names, kind="enrichment")


def _changeable(sent: LeadFilter | Mapping[str, Any]) -> LeadFilter:
    found = read(LeadFilter, sent if isinstance(sent, LeadFilter) else dict(sent), at="$.filter")
    return found if found.status is not None else found.model_copy(update={"status": _CHANGEABLE})
