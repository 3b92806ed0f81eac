"""From events to a report: the one call of a notebook, and the writing down of what was counted."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from leadkit.analytics.histories import Place, histories_of
from leadkit.analytics.milestones import AHEAD, Milestones
from leadkit.analytics.questions import Basis, Dimension, Question
from leadkit.analytics.reports import (
    AnalyticsReport,
    Conversion,
    Funnel,
    FunnelStep,
    Group,
    PipelineFunnel,
    StageTime,
    Velocity,
)
from leadkit.analytics.separation import Separation
from leadkit.analytics.spreads import Spread
from leadkit.analytics.tallies import Tally
from leadkit.analytics.worth import PipelineValue, value_lines
from leadkit.errors import Fault, InvalidInput
from leadkit.leads import LeadStatus
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from leadkit.analytics.worth import Priced
    from leadkit.leads import Event, Lead
    from leadkit.pipelines import Pipeline

__all__ = ["report", "report_of"]

_NAMELESS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {Dimension.SOURCE: "unknown", Dimension.CAMPAIGN: "unknown", Dimension.ASSIGNEE: "unassigned"}
)
_FOUND: Final = (LeadStatus.QUALIFIED, LeadStatus.DISQUALIFIED, LeadStatus.CONVERTED)


def report(  # noqa: PLR0913 - the one call of a notebook: everything that can be asked, by name
    leads: Iterable[Lead],
    events: Iterable[Event],
    pipelines: Iterable[Pipeline],
    *,
    start: date | str,
    end: date | str,
    as_of: datetime | str,
    timezone: str = "UTC",
    basis: Basis | str = Basis.COHORT,
    group_by: Dimension | str | Iterable[Dimension | str] = tuple(Dimension),
    outcome: str | None = None,
    value_field: str | None = None,
    currency: str | None = None,
    opportunities: Mapping[str, Priced] | None = None,
) -> AnalyticsReport:
    """Report on leads, from their events.

    What a lead was worth, where it came from and who owned it is read from its events too, as of the report's instant;
    the leads that are given say on which ones is reported.

    Args:
        leads: The leads to report on, deleted ones too: they count like any other.
        events: All the events of each of these leads, in any order; those of other leads are passed over.
        pipelines: The pipelines, which give the order, the names and the probabilities of stages.
        start: Where the range begins: a day, an aware datetime, or either as ISO text.
        end: The first day, or instant, that is no longer in it.
        as_of: The instant up to which it is looked.
        timezone: The IANA name of the zone in which days begin.
        basis: `cohort` for the leads created in the range, followed up to `as_of`; `event` for what happened in it.
        group_by: The breakdowns that are wanted: source, campaign, assignee.
        outcome: A boolean field that scores are judged by; None for the conversion.
        value_field: A field with what an open lead may be worth; None for none.
        currency: The currency of that field.
        opportunities: What leads were converted into, by opportunity id.

    Raises:
        InvalidInput: The question is not acceptable, or the events of a lead are not complete.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Context, NewLead, create
        >>> made = create(NewLead(email="a@example.com"), id="1",
        ...               context=Context(now=datetime(2026, 10, 3, tzinfo=UTC), actor="user-7"))
        >>> october = report([made.lead], made.events, [], start="2026-10-01", end="2026-11-01",
        ...                  as_of="2026-11-24T09:00:00Z", timezone="Europe/Berlin")
        >>> october.conversion.leads, october.conversion.conversion_rate
        (1, 0.0)
    """
    question = {
        "start": start,
        "end": end,
        "as_of": as_of,
        "timezone": timezone,
        "basis": basis,
        "group_by": group_by,
        "outcome": outcome,
        "value_field": value_field,
        "currency": currency,
    }
    tally = Tally(question=read(Question, question), pipelines=tuple(pipelines))
    wanted = {lead.id for lead in leads}
    histories = histories_of((event for event in events if event.lead_id in wanted), as_of=tally.question.as_of)
    if silent := sorted(wanted - histories.keys()):
        message = f"no events were given of {len(silent)} of the leads, the first of them {silent[0]!r}"
        raise InvalidInput(faults=(Fault(path="$.events", message=message, code="missing-history"),))
    known = opportunities or {}
    for history in histories.values():
        if history is not None:
            tally.add(history, known.get(history.opportunity_id or ""))
    return report_of(tally)


def report_of(tally: Tally) -> AnalyticsReport:
    """Write a report from what was counted.

    Args:
        tally: The counts; more can be added to them afterwards, for another report.
    """
    question = tally.question
    probabilities = {
        Place(pipeline.id, stage.id): stage.probability for pipeline in tally.pipelines for stage in pipeline.stages
    }
    window = question.window
    return AnalyticsReport(
        basis=question.basis,
        timezone=question.timezone,
        start=window.start,
        end=window.end,
        as_of=question.as_of,
        conversion=Conversion(deleted=tally.deleted, **_outcomes(tally.leads, tally.statuses.reached)),
        funnel=Funnel(
            statuses=tuple(
                _step(status, tally.statuses, id=status.value, name=status.value, ahead=status in AHEAD)
                for status in LeadStatus
            ),
            pipelines=_pipeline_funnels(tally),
            outside=tally.outside,
        ),
        velocity=Velocity(
            to_qualify=Spread.of(tally.to_qualify),
            to_convert=Spread.of(tally.to_convert),
            stages=tuple(
                StageTime(pipeline_id=place.pipeline_id, stage=place.stage, time=Spread.of(tally.stays[place]))
                for place in _in_order(tally, tally.stays)
            ),
        ),
        sources=_groups(tally, Dimension.SOURCE),
        campaigns=_groups(tally, Dimension.CAMPAIGN),
        assignees=_groups(tally, Dimension.ASSIGNEE),
        value=PipelineValue(
            value_field=question.value_field,
            open_leads=tally.open_leads,
            valued_leads=tally.valued_leads,
            lines=value_lines(tally.sums, probabilities),
        ),
        scoring=Separation.of(tally.scores, outcome=question.outcome, unscored=tally.unscored, unknown=tally.unknown),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _outcomes(leads: int, reached: Mapping[LeadStatus | None, int]) -> dict[str, Any]:
    counts = {status.value: reached.get(status, 0) for status in _FOUND}
    return {
        "leads": leads,
        **counts,
        "qualification_rate": _share(counts["qualified"], leads),
        "conversion_rate": _share(counts["converted"], leads),
    }


def _groups(tally: Tally, dimension: Dimension) -> tuple[Group, ...] | None:
    counted = tally.groups.get(dimension)
    if counted is None:
        return None
    groups = (
        Group(key=key, name=_NAMELESS[dimension] if key is None else key, **_outcomes(reached[None], reached))
        for key, reached in counted.items()
    )
    # The largest first; a key that spells like the name for none comes after it.
    return tuple(sorted(groups, key=lambda group: (-group.leads, -group.converted, group.name, group.key is not None)))


def _step(point: object, milestones: Milestones, *, id: str, name: str | None, ahead: bool) -> FunnelStep:
    reached, advanced = milestones.reached[point], milestones.advanced[point]
    return FunnelStep(
        id=id,
        name=name,
        reached=reached,
        entries=milestones.entries[point],
        standing=milestones.standing[point],
        advanced=advanced if ahead else None,
        rate=_share(advanced, reached) if ahead else None,
    )


def _in_order(tally: Tally, places: Iterable[Place]) -> list[Place]:
    """Put places into the order of the pipelines and their stages; those that were removed come last, by id."""
    orders = {place: order for order, place in enumerate(_known(tally))}
    return sorted(places, key=lambda place: (orders.get(place, len(orders)), place))


def _known(tally: Tally) -> list[Place]:
    return [Place(pipeline.id, stage.id) for pipeline in tally.pipelines for stage in pipeline.stages]


def _pipeline_funnels(tally: Tally) -> tuple[PipelineFunnel, ...]:
    known = _known(tally)
    names = {pipeline.id: pipeline.name for pipeline in tally.pipelines}
    stage_names = {
        Place(pipeline.id, stage.id): stage.name for pipeline in tally.pipelines for stage in pipeline.stages
    }
    removed = [place for place in _in_order(tally, tally.places.entries) if place not in stage_names]
    ids = dict.fromkeys([*names, *(place.pipeline_id for place in removed)])
    return tuple(
        PipelineFunnel(
            id=pipeline_id,
            name=names.get(pipeline_id),
            reached=tally.entered[pipeline_id],
            stages=tuple(
                _step(
                    place,
                    tally.places,
                    id=place.stage,
                    name=stage_names.get(place),
                    ahead=place in stage_names,
                )
                for place in [*known, *removed]
                if place.pipeline_id == pipeline_id
            ),
        )
        for pipeline_id in ids
    )
