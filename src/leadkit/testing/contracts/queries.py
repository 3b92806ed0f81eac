"""What the lists of a lead store must hold to: the reference is `leadkit.leads.filtering`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from leadkit.errors import InvalidInput, QueryRefused
from leadkit.leads.filtering import SORT_FIELDS, LeadFilter, LeadQuery, page_of, selects
from leadkit.testing.builders import NOON, build_activity, build_lead, build_task
from leadkit.testing.contracts.opening import ORG, StoreFixture
from leadkit.values import read

if TYPE_CHECKING:
    from leadkit.leads import Lead
    from leadkit.ports import Store

__all__ = ["LeadQueryContract"]

_DAY = timedelta(days=1)
_LATER = NOON + 3 * _DAY

_FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"ids": ["a", "c", "zz"]},
    {"ids": []},
    {"status": "new"},
    {"status": ["qualified", "converted"]},
    {"priority": "high"},
    {"source": "web"},
    {"source": ["web", "fair"]},
    {"campaignId": "spring"},
    {"assignedTo": "ann"},
    {"unassigned": True},
    {"unassigned": False},
    {"pipelineId": "inbound"},
    {"stage": "new"},
    {"open": True},
    {"open": False},
    {"search": "ACME"},
    {"search": "100%"},
    {"search": "_"},
    {"search": "\\"},
    {"search": "'; drop table leads; --"},
    {"search": "zoë"},
    {"createdFrom": NOON},
    {"createdBefore": NOON},
    {"updatedFrom": NOON + _DAY},
    {"updatedBefore": NOON + _DAY},
    {"scoreFrom": 10},
    {"scoreTo": 10},
    {"scoreFrom": 5, "scoreTo": 12.5},
    {"scoreFrom": 10.01},
    {"scoreTo": -3},
    {"priority": ["low", "high"]},
    {"assignedTo": ["ann", "bo", "cy"]},
    {"campaignId": ["spring", "autumn"]},
    {"pipelineId": ["inbound", "partners"], "stage": ["new", "won"]},
    {"status": []},
    {"createdFrom": NOON - _DAY, "createdBefore": NOON},
    {"updatedFrom": NOON, "updatedBefore": NOON + _DAY},
    {"search": ""},
    {"search": "%"},
    {"search": "a_b"},
    {"search": "\x1f"},
    {"search": "acmea"},
    {"search": "ZOË"},
    {"search": "ΣΊΣΥΦΟΣ"},
    {"search": "555 0100"},
    {"search": "EXAMPLE.com"},
    {"search": "e\x1fz"},
    {"source": "' or 1=1 --"},
    {"ids": ['"', "'", "%", "\\"]},
    {"properties": {}},
    {"properties": {"team_size": 12}},
    {"properties": {"team_size": "12"}},
    {"properties": {"team_size": [12, "12"]}},
    {"properties": {"team_size": 12.0, "vip": True}},
    {"properties": {"vip": 1}},
    {"properties": {"utm.source": "ads"}},
    {"properties": {"team_size": []}},
    {"properties": {"nothing": "x"}},
    {"condition": {"field": "score", "op": "==", "value": 12.5}},
    {"condition": {"field": "score", "op": "!=", "value": 10}},
    {"condition": {"not": {"field": "score", "op": ">", "value": 5}}},
    {"condition": {"field": "priority", "op": "in", "value": ["low", "high"]}},
    {"condition": {"field": "company", "op": "contains", "value": "ACME", "ignoreCase": True}},
    {"condition": {"field": "company", "op": "starts_with", "value": "100%"}},
    {"condition": {"field": "lastName", "op": "ends_with", "value": "_b"}},
    {"condition": {"field": "assignedTo", "op": "missing"}},
    {"condition": {"field": "properties.tags", "op": "contains", "value": "b"}},
    {"condition": {"field": "properties.tags", "all": {"field": "@", "op": "<", "value": "b"}}},
    {"condition": {"field": "properties.seen", "op": "within", "value": "1w"}},
    {"condition": {"field": "properties.seen", "op": "before", "value": {"field": "createdAt"}}},
    {"condition": {"field": "properties.big", "op": ">", "value": 9223372036854775807}},
    {"condition": {"field": "properties.vip", "op": "==", "value": True}},
    {"condition": {"field": "email", "op": "==", "value": "a@example.com"}},
    {"condition": {"field": "nothing", "op": "missing"}},
    {"condition": {"field": "properties.team_size", "op": ">=", "value": 10}},
    {"condition": {"not": {"field": "company", "op": "exists"}}},
    {"condition": {"field": "createdAt", "op": "within", "value": "4d"}},
    {"status": "new", "search": "acme", "scoreFrom": 1},
)


_RELATED: tuple[dict[str, Any], ...] = (
    {"related": "activities", "aggregate": "count", "op": ">=", "value": 1},
    {"related": "activities", "aggregate": "count", "op": "==", "value": 0},
    {"related": "activities", "aggregate": "count", "op": "between", "value": [2, 3]},
    {"related": "activities", "within": "30d", "aggregate": "count", "op": ">=", "value": 2},
    {
        "related": "activities",
        "where": {"field": "type", "op": "==", "value": "call"},
        "aggregate": "count",
        "op": ">",
        "value": 1,
    },
    {
        "related": "activities",
        "where": {"or": [{"field": "properties.minutes", "op": ">", "value": 4}, {"field": "notes", "op": "exists"}]},
        "within": "2w",
        "aggregate": "count",
        "op": ">=",
        "value": 1,
    },
    {"related": "activities", "aggregate": "latest", "op": "within", "value": "1w"},
    {"related": "activities", "aggregate": "latest", "op": "missing"},
    {"related": "activities", "aggregate": "earliest", "op": "older_than", "value": "30d"},
    {"related": "activities", "aggregate": "sum", "of": "properties.minutes", "op": ">=", "value": 5},
    {"related": "tasks", "aggregate": "count", "op": ">=", "value": 1},
    {
        "related": "tasks",
        "where": {"field": "doneAt", "op": "missing"},
        "aggregate": "count",
        "op": ">=",
        "value": 1,
    },
)
_ALWAYS = frozenset({"created_at", "updated_at", "priority", "status", "id"})


def _leads() -> list[Lead]:
    return [
        build_lead(
            "a",
            company="Acme",
            score=10,
            source="web",
            priority="high",
            properties={"team_size": 12, "vip": True, "utm.source": "ads", "big": 2**63, "seen": "2026-11-24"},
        ),
        build_lead("b", company="100% Bolt", score=12.5, source="fair", assigned_to="ann", created_at=NOON - _DAY),
        build_lead("c", status="qualified", pipeline_id="inbound", stage="new", campaign_id="spring", score=10),
        build_lead(
            "d",
            status="converted",
            first_name="Zoë",
            last_name="a_b",
            company="Σίσυφος",
            updated_at=NOON + _DAY,
            properties={"tags": ["a", "b"], "seen": "2026-11-24T13:00:00.5+01:00"},
        ),
        build_lead("e", status="disqualified", score=-3, source="web", phone="+1 555 0100", priority="low"),
        build_lead("f", status="nurturing", company="acme", properties={"team_size": "12"}, assigned_to="bo"),
        build_lead("g", company="Acme", deleted_at=NOON),
    ]


class LeadQueryContract(StoreFixture):
    """A page, a scan and a count are those of the reference."""

    @pytest.mark.parametrize("given", _FILTERS, ids=str)
    def test_a_filter_means_the_leads_that_the_reference_means(self, store: Store, given: dict[str, Any]) -> None:
        with self.writing(store) as work:
            for lead in _leads():
                work.leads.add(lead)
        lead_filter = read(LeadFilter, given)
        wanted = [lead for lead in _leads() if selects(lead_filter, lead, as_of=_LATER)]

        assert (
            list(self.seen(store, lambda work: work.leads.scan(lead_filter, after=None, limit=50, as_of=_LATER)))
            == wanted
        )
        assert self.seen(store, lambda work: work.leads.count(lead_filter, as_of=_LATER)) == len(wanted)
        query = LeadQuery(filter=lead_filter)
        assert self.seen(store, lambda work: work.leads.page(query, as_of=_LATER)) == page_of(
            _leads(), query, as_of=_LATER
        )

    @pytest.mark.parametrize("direction", ["asc", "desc"])
    @pytest.mark.parametrize("field", SORT_FIELDS)
    def test_an_order_is_the_references_page_by_page(self, store: Store, field: str, direction: str) -> None:
        with self.writing(store) as work:
            for lead in _leads():
                work.leads.add(lead)
        query = read(LeadQuery, {"sortField": field, "sortDirection": direction, "pageSize": 2})
        found: list[Lead] = []
        for number in (1, 2, 3):
            numbered = query.model_copy(update={"page": number})
            with store.unit_of_work(ORG) as work:
                page = work.leads.page(numbered, as_of=_LATER)
            assert page == page_of(_leads(), numbered, as_of=_LATER)
            found.extend(page.items)
        by_cursor: list[Lead] = []
        cursor = None
        while True:
            following = query.model_copy(update={"cursor": cursor})
            with store.unit_of_work(ORG) as work:
                page = work.leads.page(following, as_of=_LATER)
            by_cursor.extend(page.items)
            cursor = page.next_cursor
            if cursor is None:
                break
        assert by_cursor == found
        assert len({lead.id for lead in found}) == 6

    @pytest.mark.parametrize("direction", ["asc", "desc"])
    @pytest.mark.parametrize("field", SORT_FIELDS)
    def test_pages_by_cursor_neither_skip_nor_repeat_when_leads_come_in(
        self, store: Store, field: str, direction: str
    ) -> None:
        with self.writing(store) as work:
            for lead in _leads():
                work.leads.add(lead)
        query = read(LeadQuery, {"sortField": field, "sortDirection": direction, "pageSize": 1, "total": False})
        with store.unit_of_work(ORG) as work:
            wanted = [
                lead.id for lead in work.leads.page(query.model_copy(update={"page_size": 50}), as_of=_LATER).items
            ]
        found: list[str] = []
        while True:
            with self.writing(store) as work:
                page = work.leads.page(query, as_of=_LATER)
                # One before all that were there, one amid them, one after them.
                for letter in "!cz" if len(found) < 3 else "":
                    work.leads.add(build_lead(f"{letter}{len(found)}", company="Acme", score=11, stage=None))
            assert page.total is None
            found.extend(lead.id for lead in page.items)
            if page.next_cursor is None:
                break
            query = query.model_copy(update={"cursor": page.next_cursor})

        assert [lead_id for lead_id in found if len(lead_id) == 1] == wanted
        assert len(set(found)) == len(found)

    @pytest.mark.parametrize("direction", ["asc", "desc"])
    @pytest.mark.parametrize("field", [name for name in SORT_FIELDS if name not in _ALWAYS])
    def test_leads_without_a_value_come_last_in_both_directions(self, store: Store, field: str, direction: str) -> None:
        value = {"score": 5, "assigned_at": NOON, "email": "z@example.com"}.get(field, "v")
        identity: dict[str, Any] = {"email": None, "external_id": "x"}
        fields = {"pipeline_id": "inbound", "stage": value} if field == "stage" else {field: value}
        with self.writing(store) as work:
            work.leads.add(build_lead("a", **identity))
            work.leads.add(build_lead("b", **{**identity, **fields}))
        query = read(LeadQuery, {"sortField": field, "sortDirection": direction})
        with store.unit_of_work(ORG) as work:
            assert [lead.id for lead in work.leads.page(query, as_of=_LATER).items] == ["b", "a"]

    def test_text_is_ordered_by_code_point(self, store: Store) -> None:
        names = ["", "A", "Z", "_", "a", "b", "z", "Ä", "é", "\uff5a", "🎉"]
        with self.writing(store) as work:
            for number, name in enumerate(reversed(names)):
                work.leads.add(build_lead(str(number), company=name))
        query = read(LeadQuery, {"sortField": "company", "sortDirection": "asc"})
        with store.unit_of_work(ORG) as work:
            assert [lead.company for lead in work.leads.page(query, as_of=_LATER).items] == names

    @pytest.mark.parametrize("number", [1, 2, 3, 4, 1_000_000])
    def test_a_page_beyond_the_last_is_empty(self, store: Store, number: int) -> None:
        with self.writing(store) as work:
            for lead in _leads():
                work.leads.add(lead)
        query = LeadQuery(page=number, page_size=3)
        with store.unit_of_work(ORG) as work:
            assert work.leads.page(query, as_of=_LATER) == page_of(_leads(), query, as_of=_LATER)

    @pytest.mark.parametrize("cursor", ["", "x", "' or 1=1 --", "WyJzY29yZSIsMSwiYSJd", "WyJjcmVhdGVkX2F0IiwxLCJhIl0="])
    def test_what_is_no_cursor_of_the_list_is_refused(self, store: Store, cursor: str) -> None:
        with store.unit_of_work(ORG) as work, pytest.raises(InvalidInput) as caught:
            work.leads.page(LeadQuery(cursor=cursor), as_of=_LATER)
        assert [fault.path for fault in caught.value.faults] == ["$.cursor"]

    @pytest.mark.parametrize("given", _RELATED, ids=str)
    def test_a_condition_on_activities_and_tasks_is_asked_of_those_of_each_lead(
        self, store: Store, given: dict[str, Any]
    ) -> None:
        related: dict[str, dict[str, list[Any]]] = {
            "a": {
                "activities": [
                    build_activity("1", lead_id="a", type="call", at=NOON - _DAY, properties={"minutes": 5}),
                    build_activity("2", lead_id="a", type="call", at=NOON),
                    build_activity("3", lead_id="a", type="visit", at=NOON - 40 * _DAY, notes="100%"),
                ],
                "tasks": [build_task("1", lead_id="a", done_at=NOON)],
            },
            "b": {"activities": [build_activity("4", lead_id="b", type="visit", at=NOON + 9 * _DAY)]},
            "g": {"activities": [build_activity("5", lead_id="g", type="call")]},
        }
        with self.writing(store) as work:
            for lead in _leads():
                work.leads.add(lead)
            for records in related.values():
                for activity in records.get("activities", ()):
                    work.activities.add(activity)
                for task in records.get("tasks", ()):
                    work.activities.add_task(task)
        for condition in (given, {"not": given}):
            query = read(LeadQuery, {"filter": {"condition": condition}})
            wanted = page_of(_leads(), query, as_of=_LATER, related=lambda lead: related.get(lead.id, {}))
            with store.unit_of_work(ORG) as work:
                scanned = list(work.leads.scan(query.filter, after=None, limit=50, as_of=_LATER))
                assert [lead.id for lead in scanned] == sorted(lead.id for lead in wanted.items)
                try:
                    page = work.leads.page(query, as_of=_LATER)
                except QueryRefused:
                    continue
                assert page == wanted
                assert work.leads.count(query.filter, as_of=_LATER) == wanted.total

    @pytest.mark.parametrize("limit", [1, 2, 50])
    def test_a_scan_in_chunks_is_the_whole(self, store: Store, limit: int) -> None:
        with self.writing(store) as work:
            for lead in reversed(_leads()):
                work.leads.add(lead)
        found: list[str] = []
        while True:
            after = found[-1] if found else None
            with store.unit_of_work(ORG) as work:
                chunk = work.leads.scan(LeadFilter(), after=after, limit=limit, as_of=NOON)
            if not chunk:
                break
            found.extend(lead.id for lead in chunk)

        assert found == ["a", "b", "c", "d", "e", "f"]
