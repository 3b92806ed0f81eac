"""What the lists of a lead store must hold to: the reference is `leadkit.leads.filtering`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from leadkit.leads.filtering import SORT_FIELDS, LeadFilter, LeadQuery, page_of, selects
from leadkit.testing.builders import NOON, build_lead
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
    {"condition": {"field": "properties.team_size", "op": ">=", "value": 10}},
    {"condition": {"not": {"field": "company", "op": "exists"}}},
    {"condition": {"field": "createdAt", "op": "within", "value": "4d"}},
    {"status": "new", "search": "acme", "scoreFrom": 1},
)


def _leads() -> list[Lead]:
    return [
        build_lead("a", company="Acme", score=10, source="web", priority="high", properties={"team_size": 12}),
        build_lead("b", company="100% Bolt", score=12.5, source="fair", assigned_to="ann", created_at=NOON - _DAY),
        build_lead("c", status="qualified", pipeline_id="inbound", stage="new", campaign_id="spring", score=10),
        build_lead("d", status="converted", first_name="Zoë", last_name="a_b", updated_at=NOON + _DAY),
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
