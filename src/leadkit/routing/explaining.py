"""Explaining which route a lead takes: every rule that was tried, and what each of its clauses saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadkit.conditions import Trace, explain_condition
from leadkit.routing.matching import NOTHING_RELATED, routes_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from leadkit.leads import Lead
    from leadkit.pipelines import Pipeline

__all__ = ["explain_route"]


def explain_route(
    lead: Lead, pipeline: Pipeline, *, related: Mapping[str, Any] = NOTHING_RELATED, as_of: datetime
) -> Trace:
    """Explain which rule decides about a lead: the rules in their order, up to the one that holds.

    Args:
        lead: The lead; whether it is open and without an owner does not matter here.
        pipeline: The pipeline whose rules are tried.
        related: The lead's related records by kind.
        as_of: The instant by which conditions are read.

    Returns:
        A trace that holds where a rule does, with one child for each rule that was tried.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Lead
        >>> from leadkit.pipelines import Pipeline
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> rules = [{"if": {"field": "score", "op": ">=", "value": 80}, "assignTo": "user-7"},
        ...          {"if": {"field": "source", "op": "==", "value": "web"}, "assignTo": "round-robin:ae"}]
        >>> inbound = Pipeline.model_validate({
        ...     "id": "inbound", "name": "Inbound", "stages": [{"id": "new", "name": "New", "order": 0}],
        ...     "autoRoute": {"rules": rules}, "createdAt": now})
        >>> lead = Lead(id="lead-1", email="a@example.com", source="web", score=7, created_at=now, updated_at=now)
        >>> print(explain_route(lead, inbound, as_of=now))
        ✓ route of lead-1                                 pipeline `inbound`, rule 2 decides
          ✗ pipeline `inbound`, rule 1 → user-7           does not hold
            ✗ score is at least 80                        saw 7
          ✓ pipeline `inbound`, rule 2 → round-robin:ae   holds
            ✓ source is "web"                             saw "web"
    """
    tried: list[Trace] = []
    why = "no rule holds"
    for route in routes_for(pipeline, lead.stage):
        trace = explain_condition(route.rule.condition, lead, related=related, as_of=as_of)
        tried.append(
            Trace(
                clause=f"{route.location} → {route.rule.assign_to}",
                operator="if",
                held=trace.held,
                why="holds" if trace.held else "does not hold",
                children=(trace,),
            )
        )
        if trace.held:
            why = f"{route.location} decides"
            break
    held = any(trace.held for trace in tried)
    return Trace(clause=f"route of {lead.id}", operator="first", held=held, why=why, children=tuple(tried))
