"""The figures of a report a second time, as plainly as they can be said.

Every lead is folded anew after each of its events, and every figure is a question to those snapshots; nothing is shared
with `leadkit.analytics`.
"""

from __future__ import annotations

import itertools
import statistics
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from leadkit.leads import Lead, LeadStatus, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from leadkit.leads import Event
    from leadkit.pipelines import Pipeline

AHEAD = {"new": "qualified", "nurturing": "qualified", "qualified": "converted"}
KEYS = {"sources": "source", "campaigns": "campaign_id", "assignees": "assigned_to"}


class Seen(NamedTuple):
    at: datetime
    lead: Lead


class Figures:
    """Everything that is asked about some leads.

    Args:
        lives: The events of each lead, in order.
        pipelines: The pipelines.
        start: The first instant of the range.
        end: The first instant after it.
        as_of: The instant up to which it is looked.
        by_event: Whether each transition's own time decides, and not the creation.
        outcome: The property that says which leads came to something; None for the conversion.
        value: The property that says what a lead may be worth, in dollars.
    """

    def __init__(
        self,
        lives: Mapping[str, Sequence[Event]],
        pipelines: Iterable[Pipeline],
        *,
        start: datetime,
        end: datetime,
        as_of: datetime,
        by_event: bool,
        outcome: str | None = None,
        value: str | None = None,
    ) -> None:
        self.start, self.end, self.by_event = start, end, by_event
        self.outcome, self.value = outcome, value
        self.stages = {(each.id, stage.id): stage for each in pipelines for stage in each.stages}
        self.pipelines = {each.id: each.name for each in pipelines}
        self.lives: list[list[Seen]] = []
        for events in lives.values():
            times = itertools.accumulate((event.time for event in events), max)
            seen = [Seen(at, fold(events[:count])) for count, at in enumerate(times, start=1) if at <= as_of]
            if seen:
                self.lives.append(seen)
        self.cohort = [seen for seen in self.lives if start <= seen[0].at < end]

    # --- what a lead went through -------------------------------------------------------------------------------------

    def counts(self, seen: Sequence[Seen], at: datetime) -> bool:
        return self.start <= (at if self.by_event else seen[0].at) < self.end

    def comings(self, seen: Sequence[Seen], where: Callable[[Lead], object], point: object) -> list[int]:
        """Answer at which snapshots a lead came to a point where it was not the moment before."""
        return [
            number
            for number, each in enumerate(seen)
            if where(each.lead) == point and (number == 0 or where(seen[number - 1].lead) != point)
        ]

    def reached(self, seen: Sequence[Seen], where: Callable[[Lead], object], point: object) -> bool:
        comings = self.comings(seen, where, point)
        return bool(comings) and self.counts(seen, seen[comings[0]].at)

    def step(
        self,
        where: Callable[[Lead], object],
        point: object,
        names: tuple[str, str | None],
        went_on: Callable[[Lead], bool] | None,
    ) -> dict[str, Any]:
        reached = [seen for seen in self.lives if self.reached(seen, where, point)]
        step = {
            "id": names[0],
            "name": names[1],
            "reached": len(reached),
            "entries": sum(
                self.counts(seen, seen[number].at) for seen in self.lives for number in self.comings(seen, where, point)
            ),
            "standing": sum(where(seen[-1].lead) == point for seen in reached),
            "advanced": None,
            "rate": None,
        }
        if went_on is not None:
            advanced = sum(
                any(went_on(later.lead) for later in seen[self.comings(seen, where, point)[0] + 1 :])
                for seen in reached
            )
            step.update(advanced=advanced, rate=advanced / len(reached) if reached else None)
        return step

    # --- the sections -------------------------------------------------------------------------------------------------

    def outcomes(self, wanted: Callable[[Lead], bool]) -> dict[str, Any]:
        leads = sum(wanted(seen[-1].lead) for seen in self.cohort)
        counts = {
            status: sum(
                wanted(seen[-1].lead) and self.reached(seen, status_of, LeadStatus(status)) for seen in self.lives
            )
            for status in ("qualified", "disqualified", "converted")
        }
        return {
            "leads": leads,
            **counts,
            "qualificationRate": counts["qualified"] / leads if leads else None,
            "conversionRate": counts["converted"] / leads if leads else None,
        }

    def conversion(self) -> dict[str, Any]:
        deleted = sum(seen[-1].lead.deleted_at is not None for seen in self.cohort)
        return {**self.outcomes(lambda lead: True), "deleted": deleted}

    def funnel(self) -> dict[str, Any]:
        statuses = [
            self.step(
                status_of,
                status,
                (status.value, status.value),
                None if (ahead := AHEAD.get(status.value)) is None else lambda lead, ahead=ahead: lead.status == ahead,
            )
            for status in LeadStatus
        ]
        places = {
            place_of(each.lead)
            for seen in self.lives
            for number, each in enumerate(seen)
            if each.lead.stage and number in self.comings(seen, place_of, place_of(each.lead))
            if self.counts(seen, each.at)
        }
        gone = sorted(places - set(self.stages))
        ids = [*self.pipelines, *sorted({pipeline for pipeline, _ in gone} - set(self.pipelines))]
        pipelines = [
            {
                "id": pipeline,
                "name": self.pipelines.get(pipeline),
                "reached": sum(self.reached(seen, lambda lead: lead.pipeline_id, pipeline) for seen in self.lives),
                "stages": [
                    self.step(place_of, place, (place[1], None), None)
                    if place in gone
                    else self.step(place_of, place, (place[1], self.stages[place].name), self.later_than(place))
                    for place in [*self.stages, *gone]
                    if place[0] == pipeline
                ],
            }
            for pipeline in ids
        ]
        outside = sum(seen[-1].lead.stage is None for seen in self.cohort)
        return {"statuses": statuses, "pipelines": pipelines, "outside": outside}

    def later_than(self, place: tuple[str, str]) -> Callable[[Lead], bool]:
        order = self.stages[place].order

        def later(lead: Lead) -> bool:
            if lead.pipeline_id != place[0]:
                return False
            stage = self.stages.get((place[0], str(lead.stage)))
            return lead.status is LeadStatus.CONVERTED or (stage is not None and stage.order > order)

        return later

    def velocity(self) -> dict[str, Any]:
        def until(status: LeadStatus) -> list[timedelta]:
            return [
                seen[self.comings(seen, status_of, status)[0]].at - seen[0].at
                for seen in self.lives
                if self.reached(seen, status_of, status)
            ]

        stays: dict[tuple[str, str], list[timedelta]] = {}
        for seen in self.lives:
            runs = [(place, next(run).at) for place, run in itertools.groupby(seen, lambda each: worked_in(each.lead))]
            ended: dict[tuple[str, str], timedelta] = {}
            for (place, since), (_, until_) in itertools.pairwise(runs):
                if place is not None and self.counts(seen, until_):
                    ended[place] = ended.get(place, timedelta()) + (until_ - since)
            for place, length in ended.items():
                stays.setdefault(place, []).append(length)
        ordered = [*(place for place in self.stages if place in stays), *sorted(set(stays) - set(self.stages))]
        return {
            "toQualify": spread(until(LeadStatus.QUALIFIED)),
            "toConvert": spread(until(LeadStatus.CONVERTED)),
            "stages": [{"pipelineId": place[0], "stage": place[1], "time": spread(stays[place])} for place in ordered],
        }

    def groups(self, section: str) -> list[dict[str, Any]]:
        def key_of(lead: Lead) -> str | None:
            key: str | None = getattr(lead, KEYS[section])
            return key if key is not None and key.strip() else None

        nameless = "unassigned" if section == "assignees" else "unknown"
        groups = []
        for key in {key_of(seen[-1].lead) for seen in self.lives}:
            counted = any(
                key_of(seen[-1].lead) == key and any(self.reached(seen, status_of, status) for status in LeadStatus)
                for seen in self.lives
            )
            if counted:
                outcomes = self.outcomes(lambda lead, key=key: key_of(lead) == key)
                groups.append({"key": key, "name": nameless if key is None else key, **outcomes})
        return sorted(
            groups, key=lambda each: (-each["leads"], -each["converted"], each["name"], each["key"] is not None)
        )

    def worth(self) -> dict[str, Any]:
        stock = self.lives if self.by_event else self.cohort
        open_ = [seen[-1].lead for seen in stock if seen[-1].lead.is_open]
        valued = [lead for lead in open_ if self.value is not None and self.value in lead.properties]
        amounts = [(Decimal(lead.properties[str(self.value)]), self.stages.get(place_of(lead))) for lead in valued]
        lines = [
            {
                "holding": "open",
                "currency": "USD",
                "leads": len(valued),
                "amount": cents(sum((amount for amount, _ in amounts), Decimal())),
                "weighted": cents(
                    sum((amount * Decimal(str(stage.probability)) for amount, stage in amounts if stage), Decimal())
                ),
            }
        ]
        return {
            "valueField": None if self.value is None else f"properties.{self.value}",
            "openLeads": len(open_),
            "valuedLeads": len(valued),
            "lines": lines if valued else [],
        }

    def scoring(self) -> dict[str, Any]:
        scores: dict[bool, list[Fraction]] = {True: [], False: []}
        unscored = unknown = 0
        for seen in self.lives:
            moved = [
                each for number, each in enumerate(seen) if number == 0 or state_of(each) != state_of(seen[number - 1])
            ]
            if not any(self.counts(seen, each.at) for each in moved):
                continue
            lead = seen[-1].lead
            came = (
                self.reached(seen, status_of, LeadStatus.CONVERTED)
                if self.outcome is None
                else lead.properties.get(self.outcome)
            )
            if came is None:
                unknown += 1
            elif lead.score is None:
                unscored += 1
            else:
                scores[came].append(Fraction(str(lead.score)))
        pairs = [(one, other) for one in scores[True] for other in scores[False]]
        wins = sum(Fraction((one > other) - (one < other) + 1, 2) for one, other in pairs)
        return {
            "outcome": None if self.outcome is None else f"properties.{self.outcome}",
            "converted": len(scores[True]),
            "rest": len(scores[False]),
            "unscored": unscored,
            "unknown": unknown,
            "meanConverted": float(statistics.mean(scores[True])) if scores[True] else None,
            "meanRest": float(statistics.mean(scores[False])) if scores[False] else None,
            "areaUnderCurve": float(Fraction(wins, len(pairs))) if pairs else None,
        }

    def everything(self) -> dict[str, Any]:
        """Answer every section, as the report writes it for the wire."""
        return {
            "conversion": self.conversion(),
            "funnel": self.funnel(),
            "velocity": self.velocity(),
            **{section: self.groups(section) for section in KEYS},
            "value": self.worth(),
            "scoring": self.scoring(),
        }


def status_of(lead: Lead) -> LeadStatus:
    return lead.status


def place_of(lead: Lead) -> tuple[str, str]:
    # A lead outside of every pipeline stands in a place that no stage has.
    return (lead.pipeline_id or "", lead.stage or "")


def worked_in(lead: Lead) -> tuple[str, str] | None:
    closed = lead.status in (LeadStatus.DISQUALIFIED, LeadStatus.CONVERTED)
    return None if closed or lead.stage is None else place_of(lead)


def state_of(seen: Seen) -> tuple[LeadStatus, tuple[str, str]]:
    return seen.lead.status, place_of(seen.lead)


def cents(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN))


def spread(lengths: list[timedelta]) -> dict[str, Any]:
    if not lengths:
        return {"leads": 0, "median": None, "p90": None}
    seconds = [Fraction(length // timedelta(microseconds=1), 1_000_000) for length in lengths]
    nine_tenths = seconds[0] if len(seconds) == 1 else statistics.quantiles(seconds, n=10, method="inclusive")[8]
    return {"leads": len(lengths), "median": length(statistics.median(seconds)), "p90": length(nine_tenths)}


def length(seconds: Fraction) -> dict[str, Any]:
    def told(exact: Fraction) -> int | float:
        rounded = Fraction(round(exact * 100), 100)
        return int(rounded) if rounded.denominator == 1 else float(rounded)

    return {"seconds": told(seconds), "days": told(seconds / 86_400)}
