"""Counting: one lead's history at a time, so that a store can feed millions of them and keep none.

What is kept grows with the number of stages, sources, owners and scores; only the samples behind the percentiles grow
with the number of leads, by eight bytes each.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.analytics.histories import Place
from leadkit.analytics.milestones import Milestones, advanced_places, advanced_statuses, firsts
from leadkit.analytics.questions import Basis, Dimension
from leadkit.analytics.worth import Holding, Sums, exact_money
from leadkit.leads import LeadStatus
from leadkit.values import hundredths

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from leadkit.analytics.histories import History
    from leadkit.analytics.questions import Question, Window
    from leadkit.analytics.worth import Priced
    from leadkit.conditions.paths import Path
    from leadkit.pipelines import Pipeline

__all__ = ["Tally"]

_KEYS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {Dimension.SOURCE: "source", Dimension.CAMPAIGN: "campaignId", Dimension.ASSIGNEE: "assignedTo"}
)
_MICROSECOND: Final = timedelta(microseconds=1)


def _samples() -> array[int]:
    return array("q")


def _places(pipelines: tuple[Pipeline, ...]) -> dict[Place, int]:
    return {
        Place(pipeline.id, stage.id): order for pipeline in pipelines for order, stage in enumerate(pipeline.stages)
    }


@attrs.define(kw_only=True)
class Tally:
    """The counts behind a report, to which histories are added one by one, in any order.

    Attributes:
        question: What is asked.
        pipelines: The pipelines as they are now, which give the order and the probabilities of stages.
        leads: How many were created.
        deleted: How many of them have been deleted since.
        outside: How many of them stand in no pipeline.
        statuses: The funnel by status.
        places: The funnel by stage.
        entered: How many leads came into each pipeline.
        groups: For each breakdown and key, how many leads were created (under None) and reached each status.
        to_qualify: From creation to the first qualification, in microseconds, for each lead.
        to_convert: From creation to conversion, likewise.
        stays: For each place, how long each lead was worked there.
        open_leads: How many are open.
        valued_leads: How many of them have a worth.
        sums: What they may bring.
        scores: For each score, in hundredths, and whether its leads came to something, how many there are.
        unscored: How many were never scored.
        unknown: Of how many it is not known whether they came to something.
    """

    question: Question
    pipelines: tuple[Pipeline, ...]
    leads: int = 0
    deleted: int = 0
    outside: int = 0
    statuses: Milestones = attrs.Factory(Milestones)
    places: Milestones = attrs.Factory(Milestones)
    entered: Counter[str] = attrs.Factory(Counter[str])
    groups: dict[Dimension, defaultdict[str | None, Counter[LeadStatus | None]]] = attrs.field(init=False)
    to_qualify: array[int] = attrs.Factory(_samples)
    to_convert: array[int] = attrs.Factory(_samples)
    stays: defaultdict[Place, array[int]] = attrs.Factory(lambda: defaultdict(_samples))
    open_leads: int = 0
    valued_leads: int = 0
    sums: Sums = attrs.Factory(Sums)
    scores: Counter[tuple[int, bool]] = attrs.Factory(Counter[tuple[int, bool]])
    unscored: int = 0
    unknown: int = 0
    _window: Window = attrs.field(init=False, repr=False)
    _outcome: Path | None = attrs.field(init=False, repr=False)
    _value: Path | None = attrs.field(init=False, repr=False)
    _orders: dict[Place, int] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Work out once what every lead is held against."""
        self._window = self.question.window
        self._outcome = self.question.outcome_path
        self._value = self.question.value_path
        self._orders = _places(self.pipelines)
        self.groups = {dimension: defaultdict(Counter) for dimension in self.question.group_by}

    def asks_for_opportunity(self, history: History) -> bool:
        """Answer whether the report looks at the opportunity that a lead was converted into.

        Args:
            history: The lead's way.
        """
        converted_at = firsts(history.statuses).get(LeadStatus.CONVERTED)
        return (
            history.opportunity_id is not None
            and converted_at is not None
            and self._window.of(history.created_at)(converted_at)
        )

    def add(self, history: History, opportunity: Priced | None = None) -> None:
        """Count one lead.

        Args:
            history: Its way, up to the question's instant.
            opportunity: What it was converted into.
        """
        counts = self._window.of(history.created_at)
        created = counts(history.created_at)
        if self.question.basis is Basis.COHORT and not created:
            return
        if created:
            self.leads += 1
            self.deleted += history.is_deleted
            self.outside += history.place is None
        reached = self._come(history, counts)
        self._group(history.record, reached, created=created)
        self._time(history, reached, counts)
        self._value_open(history)
        if LeadStatus.CONVERTED in reached and opportunity is not None:
            self._value_converted(history, opportunity)
        if any(counts(step.at) for step in history.steps):
            self._judge(history.record, converted=LeadStatus.CONVERTED in reached)

    def _come(self, history: History, counts: Callable[[datetime], bool]) -> set[LeadStatus]:
        self.places.add(
            history.places,
            counts=counts,
            standing=history.place,
            advanced=advanced_places(history, self._orders),
        )
        pipelines = {place.pipeline_id: at for place, at in reversed(history.places)}
        for pipeline_id, at in pipelines.items():
            if counts(at):
                self.entered[pipeline_id] += 1
        return self.statuses.add(
            history.statuses, counts=counts, standing=history.status, advanced=advanced_statuses(history)
        )

    def _group(self, record: Mapping[str, Any], reached: set[LeadStatus], *, created: bool) -> None:
        if created or reached:
            milestones = [*reached, None] if created else [*reached]
            for dimension, groups in self.groups.items():
                key: str | None = record.get(_KEYS[dimension])
                # White space is no source.
                group = groups[key if key and key.strip() else None]
                for milestone in milestones:
                    group[milestone] += 1

    def _time(self, history: History, reached: set[LeadStatus], counts: Callable[[datetime], bool]) -> None:
        first = firsts(history.statuses)
        for status, samples in ((LeadStatus.QUALIFIED, self.to_qualify), (LeadStatus.CONVERTED, self.to_convert)):
            if status in reached:
                samples.append((first[status] - history.created_at) // _MICROSECOND)
        worked: Counter[Place] = Counter()
        for stay in history.stays:
            if counts(stay.until):
                worked[stay.place] += (stay.until - stay.since) // _MICROSECOND
        for place, microseconds in worked.items():
            self.stays[place].append(microseconds)

    def _value_open(self, history: History) -> None:
        if not history.is_open:
            return
        self.open_leads += 1
        if self._value is not None and self.question.currency is not None:
            amount = exact_money(self._value.find(history.record))
            if amount is not None:
                self.valued_leads += 1
                self.sums.add(Holding.OPEN, self.question.currency, history.place, amount)

    def _value_converted(self, history: History, opportunity: Priced) -> None:
        if opportunity.amount is None or opportunity.currency is None:
            return
        place = history.place
        if place is not None and opportunity.stage is not None:
            own = Place(place.pipeline_id, opportunity.stage)
            place = own if own in self._orders else place
        self.sums.add(Holding.CONVERTED, opportunity.currency, place, opportunity.amount)

    def _judge(self, record: Mapping[str, Any], *, converted: bool) -> None:
        came_to_something = converted if self._outcome is None else self._outcome.find(record)
        score = record.get("score")
        if not isinstance(came_to_something, bool):
            self.unknown += 1
        elif score is None:
            self.unscored += 1
        else:
            self.scores[hundredths(score), came_to_something] += 1
