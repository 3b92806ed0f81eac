"""The usual lists are read from an index that holds their order: the database says so itself."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("sqlalchemy", reason="sqlalchemy is an extra of leadkit")

from leadkit.leads.filtering import LeadQuery
from leadkit.sql import SqlStore
from leadkit.sql.transactions import Transaction
from leadkit.testing.builders import NOON
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is listed; the index that serves its page, and whether it counts the list too, without reading a lead.
_LISTS: tuple[tuple[dict[str, Any], str, bool], ...] = (
    ({}, "leads_created_ix", True),
    ({"filter": {"status": "new"}}, "leads_status_ix", True),
    ({"filter": {"status": "new", "priority": "high"}}, "leads_(status|priority)_ix", True),
    ({"filter": {"priority": "high"}}, "leads_priority_ix", True),
    ({"filter": {"source": "web"}}, "leads_source_ix", True),
    ({"filter": {"assignedTo": "user-7"}}, "leads_assigned_ix", True),
    ({"filter": {"assignedTo": "user-7", "status": "new"}}, "leads_assigned_ix", True),
    ({"filter": {"pipelineId": "inbound", "stage": "demo"}}, "leads_stage_ix", True),
    ({"filter": {"createdFrom": "2026-09-21T14:00:00Z"}}, "leads_created_ix", True),
    ({"filter": {"status": "new", "search": "doe 7"}}, "leads_status_ix", False),
    (
        {"filter": {"status": "new", "condition": {"field": "properties.size", "op": ">", "value": 7}}},
        "leads_status_ix",
        False,
    ),
    ({"sortField": "score"}, "leads_score_ix", True),
    ({"sortField": "score", "filter": {"scoreFrom": 90}}, "leads_score_ix", True),
    ({"sortField": "id", "sortDirection": "asc"}, "", True),
)
_ROWS = """
INSERT INTO leads (org, id, email, first_name, last_name, pipeline_id, stage, status, priority, score, score_breakdown,
                   source, utm_params, assigned_to, properties, enrichment, created_at, updated_at, version,
                   search_text, priority_rank)
SELECT 'acme', 'lead-' || n, 'a@example.com', 'Alice', 'Doe ' || n, 'inbound',
       CASE n % 4 WHEN 0 THEN 'new' WHEN 1 THEN 'demo' WHEN 2 THEN 'discovery' ELSE 'won' END,
       CASE n % 3 WHEN 0 THEN 'new' WHEN 1 THEN 'nurturing' ELSE 'disqualified' END,
       CASE n % 5 WHEN 0 THEN 'high' ELSE 'low' END, (n * 7919) % 10000, '[]',
       CASE n % 6 WHEN 0 THEN 'web' ELSE 'fair' END, '{{}}', 'user-' || (n % 40), '{{"size":' || (n % 50) || '}}',
       '{{}}', {time}, {time}, 1, 'a@example.com' || 'doe ' || n, CASE n % 5 WHEN 0 THEN 2 ELSE 0 END
FROM numbers
"""
_NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)"
_FIRST = "1790000000"


@pytest.fixture(scope="module")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    path = tmp_path_factory.mktemp("plans") / "leads.db"
    store = SqlStore.open(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        insert = _ROWS.format(time=f"({_FIRST} + n) * 1000000")
        head, _, tail = insert.partition("SELECT")
        connection.execute(f"{head} {_NUMBERS} SELECT {tail}")
    connection.close()
    yield store
    store.close()


@pytest.fixture(scope="module")
def postgres_store(postgres_server: Any, postgres_template: str) -> Iterator[SqlStore]:
    import psycopg

    name = postgres_server.create(template=postgres_template)
    address = postgres_server.address_of(name)
    store = SqlStore.open(address)
    with psycopg.connect(address, autocommit=True) as connection:
        insert = _ROWS.format(time=f"to_timestamp({_FIRST} + n)").replace("'[]'", "'[]'::json")
        insert = insert.replace("'{}'", "'{}'::json").replace("""(n % 50) || '}'""", """(n % 50) || '}')::json""")
        insert = insert.replace("""'{"size":'""", """('{"size":'""")
        head, _, tail = insert.partition("SELECT")
        connection.execute(f"{head} {_NUMBERS} SELECT {tail}")
        # Index-only scans ask which pages everybody sees.
        connection.execute("VACUUM ANALYZE leads")
    yield store
    store.close()
    postgres_server.drop(name)


def _asked(store: SqlStore, query: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Ask for a page, and for the one after it by its cursor; answer the statements that were sent."""
    sent: list[tuple[str, Any]] = []
    found = Transaction.found

    def noted(work: Transaction, prepared: Any, values: Any) -> Any:
        sent.append((prepared.text, prepared.parameters({**values, "org": work.org})))
        return found(work, prepared, values)

    monkeypatch.setattr(Transaction, "found", noted)
    with store.unit_of_work("acme") as work:
        page = work.leads.page(read(LeadQuery, query), as_of=NOON)
        assert page.next_cursor is not None
        assert page.total is not None
        work.leads.page(read(LeadQuery, {**query, "cursor": page.next_cursor, "total": False}), as_of=NOON)
    assert len(sent) >= 3
    assert all("acme" in (each.values() if isinstance(each, dict) else each) for _, each in sent)
    return sent


@pytest.mark.parametrize(("query", "index", "counted"), _LISTS, ids=lambda value: str(value) if value else "")
def test_sqlite_reads_a_list_from_its_index(
    sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch, *, query: dict[str, Any], index: str, counted: bool
) -> None:
    sent = _asked(sqlite_store, query, monkeypatch)
    connection = sqlite_store.database.connections.raw_connection()
    for text, parameters in sent:
        plan = [row[3] for row in connection.cursor().execute(f"EXPLAIN QUERY PLAN {text}", parameters)]
        assert len(plan) == 1, plan
        if "count(" in text:
            assert plan[0].startswith("SEARCH leads USING COVERING INDEX" if counted else "SEARCH leads USING INDEX")
        else:
            assert re.match(f"SEARCH leads USING INDEX {index}", plan[0]), plan
    connection.close()


@pytest.mark.parametrize(("query", "index", "counted"), _LISTS, ids=lambda value: str(value) if value else "")
def test_postgresql_reads_a_list_from_its_index(
    postgres_store: SqlStore, monkeypatch: pytest.MonkeyPatch, *, query: dict[str, Any], index: str, counted: bool
) -> None:
    sent = _asked(postgres_store, query, monkeypatch)
    connection = postgres_store.database.connections.raw_connection()
    # So few leads are as quick to sort. Made dear, sorting is left only where no index holds the order.
    for way in ("seqscan", "bitmapscan", "sort"):
        connection.cursor().execute(f"SET enable_{way} = off")
    for text, parameters in sent:
        plan = "\n".join(row[0] for row in connection.cursor().execute(f"EXPLAIN {text}", parameters).fetchall())
        assert "Sort" not in plan, plan
        if "count(" not in text:
            assert "Seq Scan" not in plan, plan
            # The few leads of one instant are as quickly found among all.
            held = f"({index}|leads_created_ix)" if "created_at = " in text else index
            assert re.search(f"Index Scan using {held}", plan), plan
        elif counted and "filter" in query:
            assert "Seq Scan" not in plan, plan
    connection.cursor().execute("RESET ALL")
    connection.close()


@pytest.mark.parametrize(
    ("given", "bound"),
    [
        ({"filter": {"scoreTo": 90}, "sortField": "score"}, "score"),
        ({"filter": {"createdBefore": "2026-09-21T16:00:00Z"}}, "created_at"),
    ],
)
def test_a_page_within_a_range_begins_at_the_cursor_and_not_at_the_end_of_the_range(
    sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], bound: str
) -> None:
    # Of two bounds on one column, SQLite begins at the first that it reads.
    text = _asked(sqlite_store, given, monkeypatch)[-1][0]
    bounds = re.findall(rf"leads\.{bound} (<=?) ", text)

    assert len(bounds) == 2
    assert bounds[0] == "<"
    assert text.index(f"leads.{bound} < ") < text.index("deleted_at IS NULL")


@pytest.mark.parametrize("field", ["createdAt", "score"])
def test_the_other_direction_sorts_no_more_than_what_is_equal(
    sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    sent = _asked(sqlite_store, {"sortField": field, "sortDirection": "asc"}, monkeypatch)
    connection = sqlite_store.database.connections.raw_connection()
    for text, parameters in sent:
        plan = [row[3] for row in connection.cursor().execute(f"EXPLAIN QUERY PLAN {text}", parameters)]
        assert plan[0].startswith("SEARCH leads USING")
        assert plan[1:] in ([], ["USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"])
    connection.close()
