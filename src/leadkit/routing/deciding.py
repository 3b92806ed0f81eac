"""Routing itself, purely: a lead, a pipeline and a roster in, an explained decision out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.errors import did_you_mean
from leadkit.leads import Verdict, cell
from leadkit.pipelines import parse_target
from leadkit.routing.assignees import Exclusion
from leadkit.routing.decisions import RoutingDecision, RoutingOutcome
from leadkit.routing.matching import NOTHING_RELATED, match_route
from leadkit.routing.pools import Pick, pick
from leadkit.routing.strategies import STRATEGIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from fractions import Fraction

    from leadkit.leads import Lead
    from leadkit.pipelines import Pipeline, Target
    from leadkit.routing.rosters import Roster
    from leadkit.routing.strategies import Strategy

__all__ = ["route", "route_many", "routing_order"]


def route(
    lead: Lead,
    pipeline: Pipeline | None,
    roster: Roster,
    *,
    as_of: datetime,
    related: Mapping[str, Any] = NOTHING_RELATED,
    strategies: Mapping[str, Strategy] = STRATEGIES,
) -> RoutingDecision:
    """Decide who gets a lead.

    Nothing is refused here: a rule that names a pool or a strategy that does not exist leaves the lead unassigned, with
    that for a reason. `check_routes` finds such rules before they are saved.

    Args:
        lead: The lead.
        pipeline: The pipeline whose rules are tried; None for a lead in no pipeline.
        roster: Everybody to whom it could go.
        as_of: The instant of the assignment, by which conditions are read and working hours count.
        related: The lead's related records by kind.
        strategies: The table of strategies, `with_strategies` for a host's own.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Lead
        >>> from leadkit.pipelines import Pipeline
        >>> from leadkit.routing import Assignee, Roster
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> inbound = Pipeline.model_validate({
        ...     "id": "inbound", "name": "Inbound", "stages": [{"id": "new", "name": "New", "order": 0}],
        ...     "autoRoute": {"rules": [{"assignTo": "round-robin:senior-ae"}]}, "createdAt": now})
        >>> team = Roster(pools={"senior-ae": [Assignee(id="ann", active=False), Assignee(id="bob")]})
        >>> lead = Lead(id="lead-1", email="a@example.com", created_at=now, updated_at=now)
        >>> print(route(lead, inbound, team, as_of=now))
        lead-1 → bob: pipeline `inbound`, rule 1 (round-robin:senior-ae); without ann (inactive)
    """
    settled = _settled(lead)
    if settled is not None:
        return settled
    if pipeline is None:
        return _unmatched(lead, "the lead is in no pipeline")
    matched = match_route(lead, pipeline, related=related, as_of=as_of)
    if matched is None:
        return _unmatched(lead, f"no rule of pipeline `{pipeline.id}` matches")
    assign_to = matched.rule.assign_to
    target = parse_target(assign_to)
    strategy = strategies.get(target.strategy)
    if strategy is None:
        picked = Pick(
            problem=f"unknown assignment strategy `{target.strategy}`{did_you_mean(target.strategy, strategies)}"
        )
    else:
        picked = _picked(lead, target, strategy, roster, as_of=as_of)
    reason = f"{matched.location} ({assign_to})"
    return RoutingDecision(
        lead_id=lead.id,
        outcome=RoutingOutcome.ASSIGNED if picked.problem is None else RoutingOutcome.NOBODY_ELIGIBLE,
        reason=reason if picked.problem is None else f"{reason}: {picked.problem}",
        route=matched.location,
        assign_to=assign_to,
        strategy=target.strategy,
        pool=target.name if strategy is None or strategy.of_pool else None,
        assigned_to=picked.assigned_to,
        excluded=picked.excluded,
        pointers=dict(picked.moved),
    )


def _settled(lead: Lead) -> RoutingDecision | None:
    """Decide about a lead that is not to be routed."""
    if lead.deleted_at is not None or cell("route", lead.status) is Verdict.SKIPPED:
        state = lead.status.value if lead.deleted_at is None else "deleted"
        return RoutingDecision(lead_id=lead.id, outcome=RoutingOutcome.SKIPPED, reason=f"the lead is {state}")
    if lead.assigned_to is not None:
        return RoutingDecision(
            lead_id=lead.id,
            outcome=RoutingOutcome.ALREADY_ASSIGNED,
            reason=f"the lead is with {lead.assigned_to}",
            assigned_to=lead.assigned_to,
        )
    return None


def _unmatched(lead: Lead, reason: str) -> RoutingDecision:
    return RoutingDecision(lead_id=lead.id, outcome=RoutingOutcome.UNMATCHED, reason=reason)


def _picked(lead: Lead, target: Target, strategy: Strategy, roster: Roster, *, as_of: datetime) -> Pick:
    state = roster.state(target, of_pool=strategy.of_pool)
    if state is not None:
        return pick(state, strategy, name=target.strategy, lead=lead, as_of=as_of)
    if strategy.of_pool:
        return Pick(problem=f"there is no pool `{target.name}`")
    unknown = Exclusion(assignee=target.name, code="unknown-user", reason="unknown user")
    return Pick(excluded=(unknown,), problem="nobody is eligible")


def routing_order(lead: Lead) -> tuple[bool, float, datetime, str]:
    """Answer the key by which leads are ordered for routing: the highest score first, none last, then age, then id.

    Args:
        lead: The lead.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Lead
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> leads = [Lead(id=str(score), email="a@example.com", score=score, created_at=now, updated_at=now)
        ...          for score in (None, 0, 80, -5)]
        >>> [lead.id for lead in sorted(leads, key=routing_order)]
        ['80', '0', '-5', 'None']
    """
    return lead.score is None, -(lead.score or 0), lead.created_at, lead.id


def route_many(
    leads: Iterable[Lead],
    pipeline: Pipeline | None,
    roster: Roster,
    *,
    as_of: datetime,
    related: Mapping[str, Mapping[str, Any]] = NOTHING_RELATED,
    strategies: Mapping[str, Strategy] = STRATEGIES,
) -> tuple[tuple[RoutingDecision, ...], Roster]:
    """Decide about many leads, one after the other, each with the open leads and pointers that the former left behind.

    Args:
        leads: The leads, in any order: they are routed by `routing_order`. One that comes twice is routed once.
        pipeline: The pipeline whose rules are tried.
        roster: Everybody to whom they could go, as it was before; it stays as it is.
        as_of: The instant of the assignments.
        related: For each lead by id, its related records by kind.
        strategies: The table of strategies.

    Returns:
        The decisions in the order in which they were made, and the roster after them.
    """
    open_counts = dict(roster.open_counts)
    pointers = {name: dict(kept) for name, kept in roster.pointers.items()}
    # One roster over two dicts that move on: a copy for each lead would cost more than routing it.
    running = attrs.evolve(roster, open_counts=open_counts, pointers=pointers)
    decisions: list[RoutingDecision] = []
    for lead in sorted({lead.id: lead for lead in leads}.values(), key=routing_order):
        decision = route(
            lead,
            pipeline,
            running,
            as_of=as_of,
            related=related.get(lead.id, NOTHING_RELATED),
            strategies=strategies,
        )
        _settle(decision, open_counts, pointers)
        decisions.append(decision)
    return tuple(decisions), running


def _settle(decision: RoutingDecision, open_counts: dict[str, int], pointers: dict[str, dict[str, Fraction]]) -> None:
    """Count an assignment and move the pointers that go with it."""
    if decision.outcome is RoutingOutcome.ASSIGNED:
        owner, rotation = str(decision.assigned_to), str(decision.assign_to)
        open_counts[owner] = open_counts.get(owner, 0) + 1
        if decision.pointers:
            # What names a pool is the name of its rotation, word for word.
            pointers.setdefault(rotation, {}).update(decision.pointers)
