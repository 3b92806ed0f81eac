import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import InvalidInput
from leadkit.leads import Lead
from leadkit.leads.filtering import (
    SORT_FIELDS,
    LeadFilter,
    LeadQuery,
    page_of,
    read_cursor,
    selects,
    sort_key,
    wire_sort_fields,
    write_cursor,
)
from leadkit.values import read

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def lead(lead_id="1", **fields):
    return Lead(**{"id": lead_id, "email": "alice@example.com", "created_at": NOW, "updated_at": NOW, **fields})


ALICE = lead(
    first_name="Alice",
    last_name="Doe",
    company="100% Acme",
    phone="+1 555 0100",
    priority="high",
    source="web",
    campaign_id="spring",
    assigned_to="ann",
    pipeline_id="inbound",
    stage="new",
    score=50,
    properties={"team_size": 12, "plan": "pro", "utm.source": "ads", "vip": True, "none": None},
)


@pytest.mark.parametrize(
    ("given_filter", "meant"),
    [
        ({}, True),
        ({"ids": ["1", "2"]}, True),
        ({"ids": ["2"]}, False),
        ({"ids": []}, False),
        ({"status": "new"}, True),
        ({"status": ["qualified", "new"]}, True),
        ({"status": "qualified"}, False),
        ({"priority": "high"}, True),
        ({"priority": "low"}, False),
        ({"source": "web"}, True),
        ({"source": "fair"}, False),
        ({"campaignId": "spring"}, True),
        ({"campaignId": "autumn"}, False),
        ({"assignedTo": "ann"}, True),
        ({"assignedTo": ["bo"]}, False),
        ({"unassigned": False}, True),
        ({"unassigned": True}, False),
        ({"pipelineId": "inbound"}, True),
        ({"pipelineId": "partners"}, False),
        ({"stage": "new"}, True),
        ({"stage": "won"}, False),
        ({"open": True}, True),
        ({"open": False}, False),
        ({"search": "aLiCe"}, True),
        ({"search": "doe"}, True),
        ({"search": "0% ac"}, True),
        ({"search": "555 01"}, True),
        ({"search": "example.com"}, True),
        ({"search": "a_ice"}, False),
        ({"search": "%x"}, False),
        ({"search": "web"}, False),
        ({"createdFrom": NOW}, True),
        ({"createdFrom": NOW + DAY}, False),
        ({"createdBefore": NOW}, False),
        ({"createdBefore": NOW + DAY}, True),
        ({"updatedFrom": NOW}, True),
        ({"updatedFrom": NOW + DAY}, False),
        ({"updatedBefore": NOW}, False),
        ({"updatedBefore": NOW + DAY}, True),
        ({"scoreFrom": 50}, True),
        ({"scoreFrom": 50.01}, False),
        ({"scoreTo": 50}, True),
        ({"scoreTo": 49.99}, False),
        ({"condition": {"field": "properties.team_size", "op": ">=", "value": 10}}, True),
        ({"condition": {"field": "properties.team_size", "op": ">=", "value": 13}}, False),
        ({"condition": {"field": "created_at", "op": "within", "value": "2d"}}, True),
        ({"status": "new", "search": "nobody"}, False),
        ({"properties": {}}, True),
        ({"properties": {"team_size": 12}}, True),
        ({"properties": {"team_size": 12.0}}, True),
        ({"properties": {"team_size": "12"}}, False),
        ({"properties": {"team_size": [11, 12]}}, True),
        ({"properties": {"team_size": []}}, False),
        ({"properties": {"team_size": 12, "plan": "pro"}}, True),
        ({"properties": {"team_size": 12, "plan": "team"}}, False),
        ({"properties": {"utm.source": "ads"}}, True),
        ({"properties": {"vip": True}}, True),
        ({"properties": {"vip": 1}}, False),
        ({"properties": {"none": ["x"]}}, False),
        ({"properties": {"elsewhere": "x"}}, False),
    ],
)
def test_a_filter_means_the_leads_for_which_all_of_it_holds(given_filter, meant):
    assert selects(read(LeadFilter, given_filter), ALICE, as_of=NOW + DAY) is meant


CALLED = {"related": "activities", "op": ">=", "value": 1}


def test_a_condition_on_related_records_is_asked_of_those_of_the_lead():
    called = LeadFilter(condition=CALLED)

    assert not selects(called, ALICE, as_of=NOW)
    assert selects(called, ALICE, as_of=NOW, related={"activities": [{"type": "call"}]})
    assert selects(LeadFilter(condition={"not": CALLED}), ALICE, as_of=NOW)


def test_a_page_is_told_the_related_records_of_each_lead():
    page = page_of(
        LEADS,
        LeadQuery(filter=LeadFilter(condition=CALLED)),
        as_of=NOW,
        related=lambda each: {"activities": [{}] if each.id in "bd" else []},
    )

    assert [each.id for each in page.items] == ["d", "b"]
    assert page.total == 2


def test_a_deleted_lead_is_never_meant():
    assert not selects(LeadFilter(), lead(deleted_at=NOW), as_of=NOW)


def test_a_lead_without_a_score_is_in_no_range_of_scores():
    assert not selects(LeadFilter(score_from=-5), lead(), as_of=NOW)
    assert not selects(LeadFilter(score_to=5), lead(), as_of=NOW)


def test_a_lead_without_an_owner_is_unassigned():
    assert selects(LeadFilter(unassigned=True), lead(), as_of=NOW)
    assert not selects(LeadFilter(unassigned=False), lead(), as_of=NOW)


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"statsu": "new"}, "$.statsu: unknown key; did you mean `status`?"),
        ({"status": "won"}, "$.status[0]: input should be 'new', 'nurturing', 'qualified', 'disqualified' or"),
        ({"unassigned": "yes"}, "$.unassigned: input should be a valid boolean"),
        ({"ids": [str(i) for i in range(10_001)]}, "$.ids: value should have at most 10000 items"),
        ({"source": [str(i) for i in range(1_001)]}, "$.source: value should have at most 1000 items"),
    ],
)
def test_a_bad_filter_is_refused_with_the_place(sent, fault):
    with pytest.raises(InvalidInput) as caught:
        read(LeadFilter, sent)

    assert str(caught.value).startswith(fault)


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"sortField": "creatdAt"}, "$.sortField: leads cannot be sorted by `creatdAt`; did you mean `createdAt`?"),
        ({"sortField": "properties"}, "$.sortField: leads cannot be sorted by `properties`; possible are `assignedAt`"),
        ({"sortField": 5}, "$.sortField: leads cannot be sorted by `5`"),
        ({"sortDirection": "up"}, "$.sortDirection: input should be 'asc' or 'desc'"),
        ({"page": 0}, "$.page: input should be greater than or equal to 1"),
        ({"pageSize": 0}, "$.pageSize: input should be greater than or equal to 1"),
        ({"pageSize": 201}, "$.pageSize: input should be less than or equal to 200"),
        ({"cursor": "x" * 60_001}, "$.cursor: string should have at most 60000 characters"),
    ],
)
def test_a_bad_query_is_refused_with_the_place(sent, fault):
    with pytest.raises(InvalidInput) as caught:
        read(LeadQuery, sent)

    assert str(caught.value).startswith(fault)


def test_leads_are_counted_unless_the_query_says_no():
    assert LeadQuery().total is True
    assert page_of(LEADS, LeadQuery(page_size=2), as_of=NOW).total == 5
    assert page_of(LEADS, LeadQuery(page_size=2, total=False), as_of=NOW).total is None


def test_a_query_has_the_defaults_of_the_list():
    query = LeadQuery()

    assert (query.sort_field, query.sort_direction, query.page, query.page_size) == ("created_at", "desc", 1, 50)
    assert read(LeadQuery, {"sortField": "lastName"}).sort_field == "last_name"
    assert read(LeadQuery, {"sort_field": "last_name", "page_size": 200}).page_size == 200
    assert wire_sort_fields()[:2] == ("createdAt", "updatedAt")


LEADS = [
    lead("a", score=10, priority="high", created_at=NOW),
    lead("b", score=None, priority="low", created_at=NOW + DAY),
    lead("c", score=30, priority="medium", created_at=NOW),
    lead("d", score=10, priority="high", created_at=NOW + 2 * DAY),
    lead("e", score=None, priority="low", created_at=NOW),
]


@pytest.mark.parametrize(
    ("field", "direction", "order"),
    [
        ("score", "desc", "cadbe"),
        ("score", "asc", "adcbe"),
        ("priority", "asc", "becad"),
        ("priority", "desc", "adcbe"),
        ("createdAt", "asc", "acebd"),
        ("createdAt", "desc", "dbace"),
        ("id", "desc", "edcba"),
        ("company", "asc", "abcde"),
    ],
)
def test_ties_are_broken_by_id_and_leads_without_a_value_come_last(field, direction, order):
    page = page_of(reversed(LEADS), read(LeadQuery, {"sortField": field, "sortDirection": direction}), as_of=NOW)

    assert "".join(each.id for each in page.items) == order
    assert page.total == 5
    assert page.next_cursor is None


def test_pages_by_number_are_parts_of_one_list():
    def page(number):
        return page_of(LEADS, LeadQuery(sort_field="id", sort_direction="asc", page=number, page_size=2), as_of=NOW)

    assert ["".join(each.id for each in page(number).items) for number in (1, 2, 3, 4)] == ["ab", "cd", "e", ""]
    assert page(1).total == page(4).total == 5
    assert (page(2).page, page(2).page_size) == (2, 2)
    assert [page(number).next_cursor is None for number in (1, 2, 3, 4)] == [False, False, True, True]


def test_a_page_that_is_just_full_is_the_last():
    page = page_of(LEADS, LeadQuery(page_size=5), as_of=NOW)

    assert len(page.items) == 5
    assert page.next_cursor is None


@pytest.mark.parametrize("field", SORT_FIELDS)
@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_by_cursor_are_the_whole_list_without_gap_or_repetition(field, direction, size):
    query = LeadQuery(sort_field=field, sort_direction=direction, page_size=size)
    found, cursor = [], None
    while True:
        page = page_of(LEADS, query.model_copy(update={"cursor": cursor}), as_of=NOW)
        found.extend(page.items)
        cursor = page.next_cursor
        if cursor is None:
            break

    assert found == list(page_of(LEADS, query.model_copy(update={"page_size": 50}), as_of=NOW).items)


def test_pages_by_cursor_neither_skip_nor_repeat_when_leads_come_in():
    query = LeadQuery(sort_field="id", sort_direction="asc", page_size=2)
    first = page_of(LEADS, query, as_of=NOW)
    second = page_of([lead("aa"), *LEADS], query.model_copy(update={"cursor": first.next_cursor}), as_of=NOW)

    assert [each.id for each in second.items] == ["c", "d"]


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "====",
        encoded("x"),
        encoded(["score", 1]),
        encoded(["score", 1, 5]),
        encoded(["score", [1], "a"]),
        encoded(["score", True, "a"]),
        encoded(["score", 0.125, "a"]),
        encoded(["score", 1_000_001, "a"]),
        encoded(["score", 1, "\ud800"]),
        encoded(["score", 1, "a", "b"]),
        encoded({"score": 1}),
        f"!{encoded(['score', 1, 'a'])}",
        encoded(["created_at", None, "a"]),
        encoded(["score", "text", "a"]),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
)
def test_what_is_no_cursor_of_this_list_is_refused(cursor):
    query = LeadQuery(sort_field="score").model_copy(update={"cursor": cursor})

    with pytest.raises(InvalidInput) as caught:
        page_of(LEADS, query, as_of=NOW)
    assert str(caught.value) == "$.cursor: this is no cursor of this list; begin again without one"
    assert [fault.code for fault in caught.value.faults] == ["cursor"]


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("created_at", "soon"),
        ("created_at", 5),
        ("created_at", None),
        ("assigned_at", "2026-11-24T09:00:00"),
        ("priority", "high"),
        ("priority", None),
        ("priority", -1),
        ("priority", 3),
        ("priority", True),
        ("priority", 1.0),
        ("status", None),
        ("id", None),
        ("email", 5),
        ("email", ["a"]),
        ("email", "\x00"),
        ("company", "\ud800"),
    ],
)
def test_a_cursor_holds_a_key_of_its_order(field, key):
    with pytest.raises(InvalidInput) as caught:
        read_cursor(encoded([field, key, "a"]), field)

    assert str(caught.value) == "$.cursor: this is no cursor of this list; begin again without one"


@pytest.mark.parametrize(
    ("field", "written", "key"),
    [
        ("created_at", "2026-11-24T09:00:00Z", NOW),
        ("assigned_at", None, None),
        ("priority", 0, 0),
        ("priority", 2, 2),
        ("score", None, None),
        ("score", 12.5, 12.5),
        ("company", None, None),
        ("company", "Zoë", "Zoë"),
        ("id", "x", "x"),
    ],
)
def test_a_cursor_is_read_as_the_key_and_the_id(field, written, key):
    assert read_cursor(encoded([field, written, "a"]), field) == (key, "a")


def test_the_longest_text_that_leads_are_sorted_by_has_a_cursor():
    company = "🎉" * 10_000
    leads = [lead("a", company=company), lead("b" * 200, company=company)]
    query = LeadQuery(sort_field="company", page_size=1)
    cursor = page_of(leads, query, as_of=NOW).next_cursor

    assert page_of(leads, LeadQuery(**{**dict(query), "cursor": cursor}), as_of=NOW).items == (leads[1],)


@given(st.sampled_from(LEADS), st.sampled_from(SORT_FIELDS))
def test_writing_and_reading_a_cursor_are_inverse(each, field):
    assert read_cursor(write_cursor(each, field), field) == (sort_key(each, field), each.id)
