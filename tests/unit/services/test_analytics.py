from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from lives import PIPELINES, live, told

from leadkit.analytics import report
from leadkit.conversion import Opportunity
from leadkit.errors import InvalidInput
from leadkit.leads import OrganisationSettings
from leadkit.memory import MemoryStore, TimeOrderedIds
from leadkit.services import analytics as service
from leadkit.services.session import Session, Wiring

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

NOW = datetime(2026, 12, 1, tzinfo=UTC)

LIVES = [
    live(
        f"lead-{number:03}",
        [
            (told("10-01") + timedelta(days=number), "create", {"pipelineId": "inbound", "stage": "talk"}),
            (told("10-02") + timedelta(days=number), "qualify", {}),
            *([(told("10-04") + timedelta(days=number), "convert", {"opportunity": f"deal-{number}"})] * (number % 2)),
        ],
    )
    for number in range(40)
]


class Clock:
    def now(self) -> datetime:
        return NOW


class Gateway:
    """Contacts of the host's own, that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Collection[str]] = []

    def opportunities_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Opportunity]]:
        self.asked.append(sorted(contact_ids))
        return dict.fromkeys(contact_ids, DEALS)


DEALS = [
    Opportunity(
        id=f"deal-{number}",
        name="Deal",
        amount=Decimal(100 + number),
        currency="USD",
        contact_id="contact-1",
        lead_id=f"lead-{number:03}",
        created_at=NOW,
    )
    for number in (1, 3, 5)
]


def session(store: MemoryStore | None = None, org: str = "acme", **ports: Any) -> Session:
    kept = MemoryStore() if store is None else store
    with kept.unit_of_work("acme") as work:
        work.settings.put(OrganisationSettings(time_zone="Europe/Berlin"))
        for pipeline in PIPELINES:
            work.pipelines.add(pipeline)
        for lead, events in LIVES:
            work.leads.add(lead)
            work.events.append(events)
        work.commit()
    return Session(wiring=Wiring(store=kept, clock=Clock(), ids=TimeOrderedIds(), **ports), org=org, actor="ann")


def expected(**asked: Any) -> Any:
    return report(
        [lead for lead, _ in LIVES],
        [event for _, events in LIVES for event in events],
        PIPELINES,
        **{"as_of": NOW, "timezone": "Europe/Berlin", **asked},
    )


@pytest.mark.parametrize("chunk", [1, 7, 40, 500])
def test_a_report_is_the_same_however_the_histories_are_read(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_CHUNK", chunk)
    made = service.AnalyticsService(session()).report(date(2026, 10, 5), "2026-10-20")
    assert made == expected(start="2026-10-05", end="2026-10-20")
    assert made.conversion.leads == 15
    assert made.value.lines == ()


def test_everything_that_is_asked_is_answered() -> None:
    asked: dict[str, Any] = {
        "timezone": "Asia/Tokyo",
        "basis": "event",
        "group_by": ["source"],
        "outcome": "properties.won",
        "value_field": "properties.size",
        "currency": "USD",
        "as_of": "2026-10-30",
    }
    made = service.AnalyticsService(session()).report("2026-10-05", "2026-10-20", **asked)
    assert made == expected(start="2026-10-05", end="2026-10-20", **asked)
    assert (made.timezone, made.basis.value, made.campaigns, made.scoring.unknown) == ("Asia/Tokyo", "event", None, 17)
    assert (made.value.value_field, made.as_of) == ("properties.size", datetime(2026, 10, 30, tzinfo=UTC))


def test_a_report_looks_up_the_opportunities_of_the_leads_that_count() -> None:
    gateway = Gateway()
    asked = session(contacts=lambda org: gateway)
    made = service.AnalyticsService(asked).report("2026-10-03", "2026-10-06")
    deals = {deal.id: deal for deal in DEALS}
    assert made == expected(start="2026-10-03", end="2026-10-06", opportunities=deals)
    assert [(line.leads, str(line.amount), str(line.weighted)) for line in made.value.lines] == [(1, "103.00", "51.50")]
    assert gateway.asked == [["contact-1"]]
    service.AnalyticsService(asked).report("2025-10-03", "2025-10-06")
    assert len(gateway.asked) == 1


def test_opportunities_of_the_store_itself_are_found() -> None:
    store = MemoryStore()
    asked = session(store)
    with store.unit_of_work("acme") as work:
        work.contacts.create_opportunity(DEALS[0], key="1")
        work.commit()
    made = service.AnalyticsService(asked).report("2026-10-01", "2026-12-01")
    assert [str(line.amount) for line in made.value.lines] == ["101.00"]


def test_another_organisation_has_its_own_figures() -> None:
    made = service.AnalyticsService(session(org="globex")).report("2026-10-01", "2026-12-01")
    assert (made.conversion.leads, made.funnel.pipelines, made.timezone) == (0, (), "UTC")


def test_a_range_that_makes_no_sense_is_refused_before_anything_is_read() -> None:
    with pytest.raises(InvalidInput) as caught:
        service.AnalyticsService(session()).report("2026-10-05", "2026-10-05")
    assert [fault.path for fault in caught.value.faults] == ["$"]
