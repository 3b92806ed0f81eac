"""Matching: the first rule that holds, those of the lead's stage before those of the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions import compiled
from leadkit.leads import Lead

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from leadkit.pipelines import Pipeline, RouteRule

__all__ = ["NOTHING_RELATED", "Route", "match_route", "routes_for", "rules_of"]

NOTHING_RELATED: Final[Mapping[str, Any]] = {}
"""The related records of a lead without any."""


@attrs.frozen(kw_only=True)
class Route:
    """A rule and where it stands.

    Attributes:
        rule: The rule.
        number: Its place among the rules there, from 1.
        pipeline: The id of the pipeline.
        stage: The id of the stage whose rule it is; None for one of the pipeline's own.
    """

    rule: RouteRule
    number: int
    pipeline: str
    stage: str | None = None

    @property
    def location(self) -> str:
        """Where it stands, for people."""
        place = f"pipeline `{self.pipeline}`" if self.stage is None else f"stage `{self.stage}`"
        return f"{place}, rule {self.number}"


def rules_of(pipeline: Pipeline) -> tuple[RouteRule, ...]:
    """Answer all rules of a pipeline: those of its stages in order, then its own.

    Args:
        pipeline: The pipeline.
    """
    return (*(rule for stage in pipeline.stages for rule in stage.auto_route.rules), *pipeline.auto_route.rules)


def routes_for(pipeline: Pipeline, stage_id: str | None) -> Iterator[Route]:
    """Answer the rules for leads in a stage, in the order in which they are tried.

    Args:
        pipeline: The pipeline.
        stage_id: The stage; for None, or one that the pipeline does not have, its own rules alone are tried.
    """
    for stage in pipeline.stages:
        if stage.id == stage_id:
            for number, rule in enumerate(stage.auto_route.rules, start=1):
                yield Route(rule=rule, number=number, pipeline=pipeline.id, stage=stage.id)
    for number, rule in enumerate(pipeline.auto_route.rules, start=1):
        yield Route(rule=rule, number=number, pipeline=pipeline.id)


def match_route(
    lead: Lead, pipeline: Pipeline, *, related: Mapping[str, Any] = NOTHING_RELATED, as_of: datetime
) -> Route | None:
    """Answer the first rule that holds for a lead, or None.

    Args:
        lead: The lead.
        pipeline: The pipeline whose rules are tried; the lead's stage says which stage's rules come first.
        related: The lead's related records by kind.
        as_of: The instant by which conditions are read.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Lead
        >>> from leadkit.pipelines import Pipeline
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> rules = [{"if": {"field": "score", "op": ">=", "value": 80}, "assignTo": "round-robin:senior-ae"}]
        >>> stages = [{"id": "new", "name": "New", "order": 0, "autoRoute": {"rules": rules}}]
        >>> inbound = Pipeline.model_validate({"id": "inbound", "name": "Inbound", "stages": stages, "createdAt": now})
        >>> lead = Lead(id="lead-1", email="a@example.com", pipeline_id="inbound", stage="new", score=90,
        ...             created_at=now, updated_at=now)
        >>> match_route(lead, inbound, as_of=now).location
        'stage `new`, rule 1'
    """
    return next(
        (
            route
            for route in routes_for(pipeline, lead.stage)
            if compiled(route.rule.condition, Lead).holds(lead, related=related, as_of=as_of)
        ),
        None,
    )
