"""Routing: each lead without an owner goes to somebody, in turn, and the turns are kept with the assignments.

Two processes may route at once. Whoever comes second waits where the first has locked the pointers of a pool, claims
leads only then, and finds those that are left. Pointers are always locked before leads, and in one order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from leadkit.conditions import related_needs
from leadkit.errors import ConcurrencyConflict, NotFound
from leadkit.leads import decide
from leadkit.leads.fields import FieldCatalogue
from leadkit.leads.filtering import LeadFilter
from leadkit.routing import RoutingOutcome, RoutingReport, check_routes, explain_route, route_many, rules_of
from leadkit.services.bundle import Bundle
from leadkit.services.related import load_related
from leadkit.services.rosters import roster_of, team_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from fractions import Fraction

    from leadkit.conditions import Findings, Trace
    from leadkit.leads import Lead
    from leadkit.pipelines import Pipeline
    from leadkit.ports import UnitOfWork
    from leadkit.routing import Roster, RoutingDecision
    from leadkit.services.rosters import Team
    from leadkit.services.session import Session

__all__ = ["RoutingService"]

_ROUTED_AT_ONCE: Final = 1_000
_TRIES: Final = 5


def _kinds(pipeline: Pipeline | None) -> set[str]:
    """Name the kinds of related record that the rules of a pipeline look at."""
    rules = () if pipeline is None else rules_of(pipeline)
    return {need.kind for need in related_needs(*(rule.condition for rule in rules))}


@attrs.define
class _Run:
    """The routing of many leads, under way.

    Attributes:
        pipeline: The pipeline.
        team: Everybody whom its rules name.
        as_of: The instant of the assignments.
        dry_run: Whether to decide only.
        decisions: What was decided so far.
        left: The leads that were left without an owner.
        running: The roster after the last chunk, where the store does not know it.
    """

    pipeline: Pipeline
    team: Team
    as_of: datetime
    dry_run: bool = attrs.field(kw_only=True)
    decisions: list[RoutingDecision] = attrs.field(factory=list, init=False)
    left: set[str] = attrs.field(factory=set, init=False)
    running: Roster | None = attrs.field(default=None, init=False)


@attrs.frozen
class RoutingService:
    """The routing of the workspace's organisation."""

    _session: Session

    def route(self, lead_id: str, *, dry_run: bool = False) -> RoutingDecision:
        """Find an owner for a lead by the rules of its stage and pipeline. One that has an owner keeps it.

        Args:
            lead_id: Which lead.
            dry_run: Whether to decide only: nothing is assigned, and no pointer moves.

        Returns:
            Who got it and why, or why nobody did.

        Raises:
            NotFound: There is no such lead.
            ConcurrencyConflict: The lead was changed meanwhile; nothing is kept, and trying again can help.
        """

        def body(work: UnitOfWork, *, dry_run: bool) -> RoutingDecision:
            seen = self._session.lead(work, lead_id)
            pipeline = None if seen.pipeline_id is None else self._session.pipeline(work, seen.pipeline_id)
            team = team_of(self._session, pipeline)
            as_of = self._session.now
            roster = roster_of(work, team)
            # Read again, now that the pointers are locked: whoever held them may have given the lead away.
            lead = self._session.lead(work, lead_id)
            self._session.expect(lead, seen.version)
            decisions, _ = self._routed(work, [lead], pipeline, team, roster, as_of=as_of, dry_run=dry_run)
            return decisions[0]

        return self._session.command(
            "routing.route",
            {"lead": lead_id, "dry_run": dry_run},
            lambda work: body(work, dry_run=dry_run),
            result=lambda decision: {"lead": decision.lead_id},
            # Told anew, since decisions are not kept; nobody is assigned a second time.
            again=lambda work, _: body(work, dry_run=True),
        )

    def route_unassigned(self, pipeline_id: str, *, dry_run: bool = False) -> RoutingReport:
        """Find owners for all open leads of a pipeline that have none, in any stage, the highest score first.

        The leads are routed in chunks, each a unit of work: a run that is cut short has done its part, and the next
        one does the rest. A second run finds nothing to do, so that it needs no idempotency key.

        Args:
            pipeline_id: Which pipeline.
            dry_run: Whether to decide only: nothing is assigned, and no pointer moves.

        Returns:
            The counts, and a decision for each lead.

        Raises:
            NotFound: There is no such pipeline.
            ConcurrencyConflict: Leads of one chunk were changed by others again and again.
        """
        as_of = self._session.now
        with self._session.reading() as work:
            # The rules and the directory as they are now hold for the whole run.
            pipeline = self._session.pipeline(work, pipeline_id)
            team = team_of(self._session, pipeline)
        run = _Run(pipeline, team, as_of, dry_run=dry_run)
        for _ in range(_TRIES):
            self._sweep(run)
            if dry_run or not self._overlooked(run):
                break
        return RoutingReport.of(run.decisions, as_of=as_of, dry_run=dry_run)

    def explain(self, lead_id: str) -> Trace:
        """Explain which rule decides about a lead, and what each rule that is tried before it saw.

        Args:
            lead_id: Which lead.

        Raises:
            NotFound: There is no such lead, or it is in no pipeline.
        """
        with self._session.reading() as work:
            lead = self._session.lead(work, lead_id)
            if lead.pipeline_id is None:
                raise NotFound(kind="pipeline of lead", id=lead_id)
            pipeline = self._session.pipeline(work, lead.pipeline_id)
            related = load_related(self._session, work, [lead], _kinds(pipeline))
            return explain_route(lead, pipeline, related=related[lead_id], as_of=self._session.now)

    def check(self, pipeline_id: str) -> Findings:
        """Check the routes of a pipeline: targets and fields that do not exist, rules never reached.

        Args:
            pipeline_id: Which pipeline.

        Raises:
            NotFound: There is no such pipeline.
        """
        with self._session.reading() as work:
            pipeline = self._session.pipeline(work, pipeline_id)
            properties = work.settings.get().properties
        team = team_of(self._session, pipeline)
        return check_routes(
            pipeline,
            strategies=team.strategies,
            pools=team.pools,
            users=team.users,
            catalogue=FieldCatalogue.for_leads(properties),
        )

    def _sweep(self, run: _Run) -> None:
        """Route the leads that wait, chunk by chunk, each lead at most once in the run."""
        after: Lead | None = None
        while True:
            claimed, decisions, roster = self._chunk(run, after)
            run.decisions += decisions
            run.left.update(each.lead_id for each in decisions if each.outcome is not RoutingOutcome.ASSIGNED)
            # What a dry run does not keep, its next chunk has to be told.
            run.running = roster if run.dry_run else None
            if len(claimed) < _ROUTED_AT_ONCE:
                return
            after = claimed[-1]

    def _overlooked(self, run: _Run) -> bool:
        """Answer whether leads wait that were passed over, since others were changing them when they were claimed."""
        unassigned = LeadFilter(pipeline_id=(run.pipeline.id,), unassigned=True, open=True)
        with self._session.transaction() as work:
            return work.leads.count(unassigned, as_of=run.as_of) > len(run.left)

    def _chunk(self, run: _Run, after: Lead | None) -> tuple[Sequence[Lead], tuple[RoutingDecision, ...], Roster]:
        """Route some leads in a unit of work; where another writer came first, in another one."""
        # In a unit of work that others share, what happened before it cannot be tried again here.
        tries = _TRIES if self._session.bound is None else 1
        while True:
            tries -= 1
            try:
                with self._session.transaction() as work:
                    roster = roster_of(work, run.team) if run.running is None else run.running
                    claimed = work.leads.claim_unassigned(run.pipeline.id, after=after, limit=_ROUTED_AT_ONCE)
                    leads = [lead for lead in claimed if lead.id not in run.left]
                    made = self._routed(
                        work, leads, run.pipeline, run.team, roster, as_of=run.as_of, dry_run=run.dry_run
                    )
                    return claimed, *made
            except ConcurrencyConflict:
                if not tries:
                    raise

    def _routed(
        self,
        work: UnitOfWork,
        leads: Sequence[Lead],
        pipeline: Pipeline | None,
        team: Team,
        roster: Roster,
        *,
        as_of: datetime,
        dry_run: bool,
    ) -> tuple[tuple[RoutingDecision, ...], Roster]:
        """Decide, and keep what was decided: assignments and pointers together."""
        related = load_related(self._session, work, leads, _kinds(pipeline))
        decisions, after = route_many(leads, pipeline, roster, as_of=as_of, related=related, strategies=team.strategies)
        if not dry_run:
            self._keep(work, {lead.id: lead for lead in leads}, decisions)
            self._move_pointers(work, team, roster.pointers, after.pointers)
        return decisions, after

    def _keep(self, work: UnitOfWork, leads: Mapping[str, Lead], decisions: Iterable[RoutingDecision]) -> None:
        context = self._session.context()
        bundle = Bundle(session=self._session, work=work)
        for decision in decisions:
            if (command := decision.command) is not None:
                lead = leads[decision.lead_id]
                bundle.take(lead, decide(lead, command, context))
        bundle.keep()

    def _move_pointers(
        self,
        work: UnitOfWork,
        team: Team,
        before: Mapping[str, Mapping[str, Fraction]],
        after: Mapping[str, Mapping[str, Fraction]],
    ) -> None:
        for name, members in team.rotations.items():
            if after[name] != before[name]:
                present = {member.id for member in members}
                # A member who left is forgotten, and is a newcomer on the day of return.
                work.pointers.put(name, {user: at for user, at in after[name].items() if user in present})
