"""Checking the routes of a pipeline before they are saved: targets that do not exist, rules that are never reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from leadkit.conditions import Condition, FieldCatalogue, Findings, canonical, check_condition
from leadkit.conditions.reasoning import Reasoner
from leadkit.errors import Fault, did_you_mean
from leadkit.pipelines import parse_target
from leadkit.routing.matching import Route
from leadkit.routing.strategies import STRATEGIES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from leadkit.pipelines import Pipeline, RouteRule
    from leadkit.routing.strategies import Strategy

__all__ = ["check_routes"]


@attrs.frozen(kw_only=True)
class _Place:
    """A rule, where it stands for people, and where it stands in the document."""

    route: Route
    path: str

    @property
    def condition(self) -> Condition:
        return self.route.rule.condition


def _places(pipeline: Pipeline, rules: Sequence[RouteRule], at: str, stage: str | None = None) -> tuple[_Place, ...]:
    return tuple(
        _Place(
            route=Route(rule=rule, number=number, pipeline=pipeline.id, stage=stage),
            path=f"{at}.autoRoute.rules[{number - 1}]",
        )
        for number, rule in enumerate(rules, start=1)
    )


def check_routes(
    pipeline: Pipeline,
    *,
    strategies: Mapping[str, Strategy] = STRATEGIES,
    pools: Collection[str] | None = None,
    users: Collection[str] | None = None,
    catalogue: FieldCatalogue | None = None,
) -> Findings:
    """Check the routes of a pipeline.

    Args:
        pipeline: The pipeline.
        strategies: The table of strategies.
        pools: The names of the pools that there are; None when that is not known.
        users: The ids of the users that there are; None when that is not known.
        catalogue: The fields that there are; None when that is not known.

    Returns:
        Errors: strategies, pools, users and fields that do not exist. Warnings: rules that are never reached, and
        conditions that never or always hold. Whatever is said of conditions is certain.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.pipelines import Pipeline
        >>> rules = [{"if": {"field": "score", "op": ">=", "value": 50}, "assignTo": "round-robin:ae"},
        ...          {"if": {"field": "score", "op": ">=", "value": 80}, "assignTo": "wieghted:ae"}]
        >>> print(check_routes(Pipeline.model_validate({
        ...     "id": "inbound", "name": "Inbound", "stages": [{"id": "new", "name": "New", "order": 0}],
        ...     "autoRoute": {"rules": rules}, "createdAt": datetime(2026, 11, 24, tzinfo=UTC)})))
        error    $.autoRoute.rules[1].assignTo: unknown assignment strategy `wieghted`; did you mean `weighted`?
        warning  $.autoRoute.rules[1]: never reached: pipeline `inbound`, rule 1 matches wherever this one does
    """
    of_stages = [
        _places(pipeline, stage.auto_route.rules, f"$.stages[{position}]", stage.id)
        for position, stage in enumerate(pipeline.stages)
    ]
    own = _places(pipeline, pipeline.auto_route.rules, "$")
    errors: list[Fault] = []
    warnings: list[Fault] = []
    for place in [*(place for places in of_stages for place in places), *own]:
        errors.extend(_wrong_target(place, strategies, pools, users))
        found = check_condition(place.condition, catalogue, at=f"{place.path}.if")
        errors.extend(found.errors)
        warnings.extend(found.warnings)
    warnings.extend(_unreachable(of_stages, own, catalogue or FieldCatalogue()))
    return Findings(errors=tuple(errors), warnings=tuple(warnings))


def _wrong_target(
    place: _Place,
    strategies: Mapping[str, Strategy],
    pools: Collection[str] | None,
    users: Collection[str] | None,
) -> Iterator[Fault]:
    target = parse_target(place.route.rule.assign_to)
    strategy = strategies.get(target.strategy)
    known: Collection[str] | None
    if strategy is None:
        kind, name, known = "assignment strategy", target.strategy, strategies
    elif strategy.of_pool:
        kind, name, known = "pool", target.name, pools
    else:
        kind, name, known = "user", target.name, users
    if known is not None and name not in known:
        message = f"unknown {kind} `{name}`{did_you_mean(name, known)}"
        yield Fault(path=f"{place.path}.assignTo", message=message, code=f"unknown-{kind.rpartition(' ')[2]}")


def _unreachable(
    of_stages: Sequence[Sequence[_Place]], own: Sequence[_Place], catalogue: FieldCatalogue
) -> Iterator[Fault]:
    """Find the rules that no lead comes to, because those before them match wherever they do."""
    chains = [_Chain([*places, *own], catalogue) for places in of_stages]
    for places, chain in zip(of_stages, chains, strict=True):
        for position, place in enumerate(places):
            yield from _told(place, chain.shadow(position))
    alone = _Chain(own, catalogue)
    for position, place in enumerate(own):
        shadow = alone.shadow(position)
        # Each stage may catch its leads in its own way, and leave none for this rule, which stands as far from the end
        # of each stage's chain as from that of the pipeline's own.
        if shadow is None and all(chain.shadow(position - len(own)) for chain in chains):
            shadow = "the rules of every stage match wherever this one does"
        yield from _told(place, shadow)


def _told(place: _Place, shadow: str | None) -> Iterator[Fault]:
    if shadow is not None:
        yield Fault(path=place.path, message=f"never reached: {shadow}", code="unreachable")


class _Chain:
    """Rules in the order in which they are tried, all weighed at once."""

    def __init__(self, places: Sequence[_Place], catalogue: FieldCatalogue) -> None:
        self._places = places
        self._reasoner = Reasoner([place.condition for place in places], catalogue)
        self._normal = [canonical(place.condition) for place in places]
        self._always = [self._reasoner.always(place.condition) for place in places]

    def shadow(self, position: int) -> str | None:
        """Say which of the rules before it leave nothing for a rule, or answer None."""
        condition = self._places[position].condition
        if self._reasoner.never(condition):
            # Its own condition says enough.
            return None
        normal = self._normal[position]
        before = list(zip(self._places, self._normal, self._always, strict=True))[:position]
        for other, form, always in before:
            if always:
                return f"{other.route.location} always matches"
            if form == normal:
                return f"{other.route.location} has the same condition"
            if self._reasoner.contradictory((condition, True), (other.condition, False)):
                return f"{other.route.location} matches wherever this one does"
        if self._reasoner.contradictory((condition, True), *((other.condition, False) for other, _, _ in before)):
            return "the rules before it, together, match wherever this one does"
        return None
