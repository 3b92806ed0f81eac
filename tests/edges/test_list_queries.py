"""What a list cannot be asked for in SQL, what hostile values do to it, and how deep a condition may be."""

from __future__ import annotations

import base64
import itertools
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("sqlalchemy", reason="sqlalchemy is an extra of leadkit")

from leadkit.conditions import Comparison, parse_path
from leadkit.conditions.operands import Literal
from leadkit.errors import InvalidInput, QueryRefused
from leadkit.leads.filtering import SORT_FIELDS, LeadFilter, LeadQuery, page_of, selects
from leadkit.sql import SqlStore
from leadkit.sql.transactions import Transaction
from leadkit.testing.builders import NOON, build_activity, build_lead
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEADS = [
    build_lead("a", company="100% Acme", score=10, properties={"name": "Ann", "tags": [[1], "x"], "σ": "Σ"}),
    build_lead("b", company="a_b", properties={"name": "bo", 'say "hi"': 1, "back\\slash": 2, "line\nbreak": 3}),
    build_lead("c", email=None, external_id="x", first_name="O'Hara", properties={"name": None}),
]


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    if request.param == "SQLite":
        address = f"sqlite:///{tmp_path_factory.mktemp('lists') / 'leads.db'}"
    else:
        server, template = (request.getfixturevalue(name) for name in ("postgres_server", "postgres_template"))
        address = server.address_of(server.create(template=template))
    found = SqlStore.open(address)
    with found.unit_of_work("acme") as work:
        work.leads.add_many(_LEADS)
        work.activities.add(build_activity("1", lead_id="a", properties={"minutes": 5}))
        work.commit()
    yield found
    found.close()


def _name(store: SqlStore) -> str:
    return "SQLite" if store.database.is_sqlite else "PostgreSQL"


def _nested(levels: int) -> dict[str, Any]:
    condition: dict[str, Any] = {"field": "@", "op": "==", "value": 1}
    for _ in range(levels):
        condition = {"field": "@", "any": condition}
    return {"field": "properties.tags", "any": condition}


_ANN = {"field": "properties.name", "op": "==", "value": "Ann"}
_REFUSED = [
    (
        "PostgreSQL",
        {"and": [_ANN, {"not": {"field": "properties.name", "op": "matches", "value": "^A"}}]},
        "$.condition.and[1].not",
        "PostgreSQL has another language of regular expressions than RE2, and one that can hang",
    ),
    (
        "PostgreSQL",
        {"field": "properties.name", "op": "==", "value": "σ", "ignoreCase": True},
        "$.condition",
        "the lower case of 'σ' depends on the characters around it",
    ),
    (
        "PostgreSQL",
        {"field": "properties.name", "op": "==", "value": {"field": "company"}, "ignoreCase": True},
        "$.condition",
        "PostgreSQL lowers text by a locale; only text that is written in the condition folds case",
    ),
    (
        "SQLite",
        {"or": [_ANN, {"field": 'properties["say \\"hi\\""]', "op": "==", "value": 1}]},
        "$.condition.or[1]",
        "SQLite finds no key that holds a quotation mark, a backslash or a control character",
    ),
    (
        "SQLite",
        _nested(6),
        "$.condition.any",
        "SQLite reads a statement up to a depth, which lists within lists are soon beyond",
    ),
    (
        "both",
        {"field": "enrichment.company.value", "op": "==", "value": "Acme"},
        "$.condition",
        "of an enriched field, SQL knows the provider; its value and its time are kept as text",
    ),
    (
        "both",
        {"or": [{"jsonlogic": {"==": [{"var": "company"}, "a_b"]}}]},
        "$.condition.or[0]",
        "JSON Logic converts values from kind to kind in its own way, and SQL in another",
    ),
    (
        "both",
        {"related": "activities", "aggregate": "sum", "of": "properties.minutes", "op": ">=", "value": 5},
        "$.condition",
        "`sum` is exact in Python and rounded in SQL; `count`, `latest` and `earliest` are exact",
    ),
]


@pytest.mark.parametrize(("which", "condition", "path", "reason"), _REFUSED)
def test_what_sql_cannot_say_is_refused_with_its_place_and_asked_by_python_in_a_scan(
    store: SqlStore, which: str, condition: dict[str, Any], path: str, reason: str
) -> None:
    lead_filter = LeadFilter(condition=condition)
    related = {"a": {"activities": [build_activity("1", lead_id="a", properties={"minutes": 5})]}}
    wanted = page_of(
        _LEADS, LeadQuery(filter=lead_filter), as_of=NOON, related=lambda lead: related.get(lead.id, {})
    ).items
    with store.unit_of_work("acme") as work:
        assert tuple(work.leads.scan(lead_filter, after=None, limit=50, as_of=NOON)) == wanted
        if which not in (_name(store), "both"):
            assert work.leads.count(lead_filter, as_of=NOON) == len(wanted)
            return
        for ask in (
            lambda: work.leads.count(lead_filter, as_of=NOON),
            lambda: work.leads.page(LeadQuery(filter=lead_filter), as_of=NOON),
        ):
            with pytest.raises(QueryRefused) as caught:
                ask()
            assert caught.value.store == _name(store)
            assert [(fault.path, fault.message) for fault in caught.value.faults] == [(path, reason)]


def test_every_clause_that_is_refused_is_named(store: SqlStore) -> None:
    sent = {"field": "enrichment.company.at", "op": "exists"}
    with store.unit_of_work("acme") as work, pytest.raises(QueryRefused) as caught:
        work.leads.count(LeadFilter(condition={"or": [sent, _ANN, {"not": sent}]}), as_of=NOON)

    assert [fault.path for fault in caught.value.faults] == ["$.condition.or[0]", "$.condition.or[2].not"]
    assert isinstance(caught.value, InvalidInput)


_HOSTILE = (
    "'; DROP TABLE leads; --",
    '" OR ""="',
    "' OR '1'='1",
    "%",
    "_",
    "\\",
    "%_\\%",
    "100%",
    ":org",
    "?",
    "$1",
    "%(org)s",
    "%s",
    "{}",
    "$.a",
    "1) OR (1=1",
    "a\x1fb",
    "\n--",
    "/* */",
    "х'00'",
    "🎉" * 50,
)


@pytest.mark.parametrize("value", _HOSTILE)
def test_a_hostile_value_is_sent_beside_the_statement_and_never_in_it(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    sent: list[str] = []
    found = Transaction.found

    def noted(work: Transaction, prepared: Any, values: Any) -> Any:
        sent.append(prepared.text)
        return found(work, prepared, values)

    monkeypatch.setattr(Transaction, "found", noted)
    filters: tuple[dict[str, Any], ...] = (
        {"search": value},
        {"source": value},
        {"source": [value, "web"]},
        {"campaignId": value},
        {"properties": {"name": value}},
        {"condition": {"field": "company", "op": "contains", "value": value}},
        {"condition": {"field": "company", "op": "starts_with", "value": value, "ignoreCase": True}},
        {"condition": {"field": "properties.name", "op": "in", "value": [value, 1]}},
        {"condition": {"field": "properties.name", "op": ">", "value": value}},
    )
    for each in filters:
        query = LeadQuery(filter=read(LeadFilter, each))
        with store.unit_of_work("acme") as work:
            assert work.leads.page(query, as_of=NOON) == page_of(_LEADS, query, as_of=NOON)
    assert len(sent) >= len(filters)
    marked = "%(" if _name(store) == "PostgreSQL" else "?"
    assert all(marked in text for text in sent)
    if len(value) > 2 and value not in ("%(org)s", "{}"):
        assert not any(value in text for text in sent)


@pytest.mark.parametrize("value", _HOSTILE)
def test_a_hostile_sort_field_is_refused_and_a_hostile_property_name_is_a_name(store: SqlStore, value: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(LeadQuery, {"sortField": value})
    assert caught.value.faults[0].path == "$.sortField"
    lead_filter = read(LeadFilter, {"properties": {value: "x"}})
    with store.unit_of_work("acme") as work:
        assert work.leads.scan(lead_filter, after=None, limit=5, as_of=NOON) == []


@pytest.mark.parametrize(("field", "value"), list(itertools.product(SORT_FIELDS, _HOSTILE[::3])))
def test_a_hostile_key_in_a_cursor_is_a_key_or_refused(store: SqlStore, field: str, value: str) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([field, value, value]).encode()).decode()
    query = LeadQuery(sort_field=field, cursor=cursor)
    with store.unit_of_work("acme") as work:
        try:
            wanted = page_of(_LEADS, query, as_of=NOON)
        except InvalidInput:
            with pytest.raises(InvalidInput):
                work.leads.page(query, as_of=NOON)
        else:
            assert work.leads.page(query, as_of=NOON) == wanted


def test_now_is_the_same_moment_in_every_zone(store: SqlStore) -> None:
    # A month before the first of March is another day in another zone.
    here = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    there = here.astimezone(timezone(timedelta(hours=2)))
    lead_filter = LeadFilter(condition={"field": "properties.seen", "op": "within", "value": "1mo"})
    seen = [build_lead(f"seen-{day}", properties={"seen": f"2026-0{day}T23:00:00Z"}) for day in ("2-28", "3-01")]
    with store.unit_of_work("acme") as work:
        work.leads.add_many(seen)
        answers = {work.leads.count(lead_filter, as_of=each) for each in (here, there)}
    assert answers == {sum(selects(lead_filter, lead, as_of=here) for lead in seen)}


def test_text_that_no_database_holds_is_refused(store: SqlStore) -> None:
    for text in ("\ud800", "\x00"):
        condition = Comparison(path=parse_path("company"), operator="==", operand=Literal(text))
        with store.unit_of_work("acme") as work, pytest.raises(QueryRefused) as caught:
            work.leads.count(LeadFilter(condition=condition), as_of=NOON)
        assert caught.value.faults[0].message.startswith("text cannot hold")


def test_the_largest_filters_and_the_deepest_conditions_are_answered(store: SqlStore) -> None:
    many = [str(number) for number in range(10_000)]
    deep: dict[str, Any] = _ANN
    for level in range(26):
        deep = {"not": {"or": [_ANN, deep]}} if level % 4 == 0 and level < 8 else {"and": [_ANN, deep]}
    every = {"field": "properties.name", "op": "in", "value": [*range(500), *(f"t{number}" for number in range(500))]}
    wide = {"or": [{"field": "properties.name", "op": "==", "value": number} for number in range(490)]}
    for each in (
        {"ids": [*many[1:], "a"], "assignedTo": many, "stage": many, "pipelineId": many, "source": many[:1_000]},
        {"ids": [*many[1:], "a"]},
        {"properties": {"name": [*range(999), "Ann"]}},
        {"condition": deep},
        {"condition": every},
        {"condition": wide},
        {"condition": {**every, "value": [f"t{number}" for number in range(1_000)], "ignoreCase": True}},
        {"condition": {"field": "score", "op": "in", "value": list(range(1_000))}},
    ):
        query = LeadQuery(filter=read(LeadFilter, each))
        with store.unit_of_work("acme") as work:
            assert work.leads.page(query, as_of=NOON) == page_of(_LEADS, query, as_of=NOON)


@pytest.mark.parametrize("key", [5, 8, 10, 12, 13, None])
def test_a_cursor_within_a_range_of_its_own_field_goes_on_as_the_reference_does(store: SqlStore, key: float) -> None:
    leads = [build_lead(f"in-{number}", score=8 + number // 3 * 2) for number in range(9)]
    place = ["score", key, "in-4"]
    cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
    for direction, given in itertools.product(
        ("asc", "desc"), ({"scoreFrom": 8}, {"scoreTo": 12}, {"scoreFrom": 8, "scoreTo": 12}, {"scoreFrom": 9})
    ):
        sent = {
            "filter": {**given, "search": "in-"},
            "sortField": "score",
            "sortDirection": direction,
            "cursor": cursor,
        }
        query = read(LeadQuery, {**sent, "pageSize": 2})
        with store.unit_of_work("acme") as work:
            work.leads.add_many(leads)
            assert work.leads.page(query, as_of=NOON) == page_of(leads, query, as_of=NOON)


def test_a_page_beyond_every_number_is_empty(store: SqlStore) -> None:
    query = LeadQuery(page=10**30, page_size=200)
    with store.unit_of_work("acme") as work:
        assert work.leads.page(query, as_of=NOON) == page_of(_LEADS, query, as_of=NOON)
