from __future__ import annotations

import itertools
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
from figures import Figures
from hypothesis import given
from hypothesis import strategies as st
from lives import PIPELINES, live

from leadkit.analytics import AnalyticsReport, History, Question, Tally, area_under_curve, report, report_of
from leadkit.leads import Context, commands, decide, redacted, zone_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadkit.leads import Event, Lead

FIRST = datetime(2026, 10, 20, tzinfo=UTC)
AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")

Lives = dict[str, tuple["Lead", list["Event"]]]

sayings = st.one_of(
    st.sampled_from(["qualify", "disqualify", "nurture", "reopen", "convert", "delete"]).map(lambda name: (name, {})),
    st.sampled_from([("inbound", "new"), ("inbound", "talk"), ("inbound", "deal"), ("partners", "intro")]).map(
        lambda place: ("move", {"pipeline": place[0], "stage": place[1]})
    ),
    st.sampled_from(["ann", "bo", None]).map(lambda user: ("assign", {"to": user})),
    st.sampled_from([-2.5, 0, 10, 10.25, 70]).map(lambda score: ("score", {"score": score})),
    st.sampled_from(["web", "ads", None]).map(lambda source: ("update", {"source": source})),
)
beginnings = st.fixed_dictionaries(
    {
        "source": st.sampled_from([None, "web", "ads", " "]),
        "campaign_id": st.sampled_from([None, "spring"]),
        "properties": st.fixed_dictionaries(
            {}, optional={"won": st.booleans(), "size": st.sampled_from([0, 125, 999, 10_000])}
        ),
    }
)
places = st.sampled_from(
    [{}, {"pipeline_id": "inbound", "stage": "new"}, {"pipeline_id": "partners", "stage": "intro"}]
)
# Minutes between one command and the next; a clock may run behind another.
pauses = st.one_of(st.integers(0, 4 * 24 * 60), st.sampled_from([-90, 0, 24 * 60]))


@st.composite
def lives(draw: st.DrawFn) -> Lives:
    """Draw what some leads went through; commands that the lifecycle refuses are passed over."""
    found: Lives = {}
    for number in range(draw(st.integers(0, 6))):
        moment = FIRST + timedelta(minutes=draw(st.integers(0, 20 * 24 * 60)))
        said: list[Any] = [(moment, "create", {**draw(beginnings), **draw(places)})]
        for pause, (name, arguments) in draw(st.lists(st.tuples(pauses, sayings), max_size=8)):
            moment += timedelta(minutes=pause)
            said.append((moment, name, arguments))
        lead, events = live(f"lead-{number}", said, refused=True)
        found[lead.id] = (lead, events)
    return found


days = st.integers(0, 30).map(lambda day: (FIRST + timedelta(days=day)).date())
ranges = st.tuples(days, days).filter(lambda both: both[0] != both[1]).map(sorted)
bases = st.sampled_from(["cohort", "event"])


def events_of(found: Lives) -> list[Event]:
    return [event for _, events in found.values() for event in events]


def ask(found: Lives, start: Any, end: Any, **question: Any) -> AnalyticsReport:
    return report(
        [lead for lead, _ in found.values()],
        events_of(found),
        PIPELINES,
        **{"start": start, "end": end, "as_of": AS_OF, **question},
    )


def wire(made: AnalyticsReport, *without: str) -> dict[str, Any]:
    dumped = made.model_dump(mode="json")
    return {key: value for key, value in dumped.items() if key not in without}


ASKED = ("basis", "timezone", "start", "end", "asOf")


@given(
    found=lives(),
    span=ranges,
    basis=bases,
    zone=st.sampled_from(ZONES),
    outcome=st.sampled_from([None, "won"]),
    known=st.integers(0, 2),
)
def test_a_report_says_what_the_plainest_count_says(
    found: Lives, span: list[Any], basis: str, zone: str, outcome: str | None, known: int
) -> None:
    """`known` pipelines are still there; the others were removed."""
    start, end = (datetime(day.year, day.month, day.day, tzinfo=zone_named(zone)) for day in span)
    figures = Figures(
        {lead_id: events for lead_id, (_, events) in found.items()},
        PIPELINES[:known],
        start=start,
        end=end,
        as_of=AS_OF,
        by_event=basis == "event",
        outcome=outcome,
        value="size",
    )
    made = report(
        [lead for lead, _ in found.values()],
        events_of(found),
        PIPELINES[:known],
        start=span[0],
        end=span[1],
        as_of=AS_OF,
        timezone=zone,
        basis=basis,
        outcome=None if outcome is None else f"properties.{outcome}",
        value_field="properties.size",
        currency="USD",
    )
    assert wire(made, *ASKED) == figures.everything()


@given(found=lives(), span=ranges)
def test_the_leads_of_a_cohort_stand_somewhere(found: Lives, span: list[Any]) -> None:
    made = ask(found, *span)
    inside = sum(step.standing for pipeline in made.funnel.pipelines for step in pipeline.stages)
    created = sum(span[0] <= events[0].time.date() < span[1] for _, events in found.values() if events[0].time <= AS_OF)
    assert made.conversion.leads == created
    assert sum(step.standing for step in made.funnel.statuses) == created
    assert inside + made.funnel.outside == created


def summed(groups: Iterable[Any]) -> Counter[str]:
    total: Counter[str] = Counter()
    for group in groups:
        for name in ("leads", "qualified", "disqualified", "converted"):
            total[name] += getattr(group, name)
    return total


@given(found=lives(), span=ranges, basis=bases)
def test_every_breakdown_adds_up_to_the_whole(found: Lives, span: list[Any], basis: str) -> None:
    made = ask(found, *span, basis=basis)
    whole = summed([made.conversion])
    assert summed(made.sources or ()) == summed(made.campaigns or ()) == summed(made.assignees or ())
    assert {name: summed(made.sources or ())[name] for name in whole} == whole


def flows(made: AnalyticsReport) -> Counter[str]:
    """Answer what a range counts by events, which two halves of it must share."""
    counted: Counter[str] = Counter()
    for name in ("leads", "qualified", "disqualified", "converted", "deleted"):
        counted[name] = getattr(made.conversion, name)
    for where, steps in (
        ("status", made.funnel.statuses),
        *((pipeline.id, pipeline.stages) for pipeline in made.funnel.pipelines),
    ):
        for step in steps:
            for name in ("reached", "entries", "standing", "advanced"):
                counted[f"{where}/{step.id}/{name}"] = getattr(step, name) or 0
    counted.update({f"{pipeline.id}/reached": pipeline.reached for pipeline in made.funnel.pipelines})
    counted["outside"] = made.funnel.outside
    counted["to qualify"] = made.velocity.to_qualify.leads
    counted["to convert"] = made.velocity.to_convert.leads
    for group in made.sources or ():
        for name, count in summed([group]).items():
            counted[f"source {group.name}/{name}"] = count
    return counted


@given(
    found=lives(), three=st.lists(days, min_size=3, max_size=3, unique=True).map(sorted), zone=st.sampled_from(ZONES)
)
def test_by_events_the_halves_of_a_range_add_up(found: Lives, three: list[Any], zone: str) -> None:
    first, middle, last = three
    halves = flows(ask(found, first, middle, basis="event", timezone=zone)) + flows(
        ask(found, middle, last, basis="event", timezone=zone)
    )
    assert halves == +flows(ask(found, first, last, basis="event", timezone=zone))


@given(found=lives(), span=ranges, basis=bases, zone=st.sampled_from(ZONES))
def test_a_day_of_a_zone_is_the_time_between_its_midnights(
    found: Lives, span: list[Any], basis: str, zone: str
) -> None:
    instants = [datetime(day.year, day.month, day.day, tzinfo=zone_named(zone)) for day in span]
    by_day = ask(found, *span, basis=basis, timezone=zone)
    assert wire(by_day) == wire(ask(found, *instants, basis=basis, timezone=zone))
    assert wire(by_day, "timezone") == wire(ask(found, *instants, basis=basis), "timezone")


@given(found=lives(), span=ranges, basis=bases, hours=st.sampled_from([-11, -3, 5, 12]))
def test_moving_all_times_and_the_zone_together_changes_nothing(
    found: Lives, span: list[Any], basis: str, hours: int
) -> None:
    """On clocks that are five hours ahead, what happened five hours earlier happened at the same time of day."""
    moved = {
        lead_id: (lead, [attrs.evolve(event, time=event.time - timedelta(hours=hours)) for event in events])
        for lead_id, (lead, events) in found.items()
    }
    # The names of these zones say what to add to reach UTC.
    there = ask(moved, *span, basis=basis, timezone=f"Etc/GMT{-hours:+d}", as_of=AS_OF - timedelta(hours=hours))
    assert wire(there, *ASKED) == wire(ask(found, *span, basis=basis), *ASKED)


@given(found=lives(), span=ranges, basis=bases, seed=st.integers())
def test_the_order_in_which_leads_and_events_come_says_nothing(
    found: Lives, span: list[Any], basis: str, seed: int
) -> None:
    events = events_of(found) * 2  # each comes twice
    random.Random(seed).shuffle(events)
    leads = [lead for lead, _ in found.values()][::-1]
    made = report(leads, events, PIPELINES, start=span[0], end=span[1], as_of=AS_OF, basis=basis)
    assert made == ask(found, *span, basis=basis)


@given(found=lives(), span=ranges, basis=bases)
def test_histories_fed_one_by_one_make_the_same_report(found: Lives, span: list[Any], basis: str) -> None:
    tally = Tally(question=Question(start=span[0], end=span[1], as_of=AS_OF, basis=basis), pipelines=PIPELINES)
    for _, events in found.values():
        history = History.of(events, as_of=AS_OF)
        if history is not None:
            tally.add(history)
    assert report_of(tally) == ask(found, *span, basis=basis)


def erased(lead: Lead, events: Sequence[Event], at: datetime) -> tuple[Lead, list[Event]]:
    decision = decide(lead, commands.Erase(), Context(now=at, actor="ann"))
    return decision.lead, [redacted(event) for event in (*events, *decision.events)]


@given(found=lives(), span=ranges, basis=bases, which=st.sets(st.integers(0, 5)))
def test_erasing_leads_changes_no_count(found: Lives, span: list[Any], basis: str, which: set[int]) -> None:
    after: Lives = {
        lead_id: erased(lead, events, max(AS_OF, events[-1].time)) if number in which else (lead, events)
        for number, (lead_id, (lead, events)) in enumerate(found.items())
    }
    late = AS_OF + timedelta(days=60)
    before, then = (ask(each, *span, basis=basis, as_of=late) for each in (found, after))
    assert wire(then, "conversion", "value") == wire(before, "conversion", "value")
    assert summed([then.conversion]) == summed([before.conversion])
    assert then.value.open_leads <= before.value.open_leads


@given(found=lives(), basis=bases)
def test_what_lies_after_the_instant_of_the_report_is_not_seen(found: Lives, basis: str) -> None:
    span = (FIRST.date(), (AS_OF + timedelta(days=90)).date())
    cut: Lives = {}
    for lead_id, (lead, events) in found.items():
        latest = itertools.accumulate((event.time for event in events), max)
        kept = [event for event, at in zip(events, latest, strict=True) if at <= AS_OF]
        if kept:
            cut[lead_id] = (lead, kept)
    assert ask(found, *span, basis=basis) == ask(cut, *span, basis=basis)


counted_scores = st.dictionaries(st.integers(-5, 5), st.integers(1, 4), max_size=5)


@given(one=counted_scores, other=counted_scores, rising=st.sampled_from([lambda x: 3 * x + 1, lambda x: x**3]))
def test_the_area_under_the_curve_looks_at_ranks_alone(
    one: Mapping[int, int], other: Mapping[int, int], rising: Any
) -> None:
    area, turned = area_under_curve(one, other), area_under_curve(other, one)
    moved = area_under_curve(*({rising(score): times for score, times in each.items()} for each in (one, other)))
    assert moved == area
    assert (area is None) == (turned is None) == (not one or not other)
    assert area is None or turned is None or area + turned == 1
