"""Tables are made and upgraded in one transaction, by one process at a time, and nothing in them is lost."""

import multiprocessing
import os
import re
import signal
import warnings

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, inspect, text

import leadkit as lk
from leadkit.leads.filtering import LeadFilter
from leadkit.sql import SqlStore, status, upgrade
from leadkit.sql.lead_rows import COLUMNS, row_of
from leadkit.sql.opening import opened
from leadkit.sql.schema import METADATA, leads
from leadkit.sql.statements import InsertNew
from leadkit.sql.upgrading import VERSIONS, upgrade_to
from leadkit.testing.builders import NOON, build_event, build_lead

DATABASES = ["sqlite", "postgresql"]
LATER = {"search_text", "priority_rank"}
LEADS = [
    build_lead(f"lead-{number:04}", company=f"Acme {number}", priority=["low", "medium", "high"][number % 3])
    for number in range(1_200)
]


def columns(lead):
    return dict(zip(COLUMNS, row_of(lead), strict=True))


@pytest.fixture(params=DATABASES)
def address(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'leads.db'}"
    return request.getfixturevalue("empty_postgres_address")


@pytest.fixture
def first(address):
    """Answer the address of a database of the first version, with leads and a waiting event in it."""
    database = opened(address)
    upgrade_to(database, "0001")
    with database.connections.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        rows = [
            {"org": "acme", **{name: each for name, each in columns(lead).items() if name not in LATER}}
            for lead in LEADS
        ]
        connection.execute(InsertNew(leads).values(dict.fromkeys(rows[0])), rows)
        connection.execute(
            text("INSERT INTO outbox (org, lead_id, sequence, position) VALUES ('acme', 'lead-0000', 1, 1)")
        )
        connection.exec_driver_sql("COMMIT")
    database.close()
    return address


def seen(address):
    """Look at a database as it is, without leadkit's own eyes."""
    connections = create_engine(opened(address).connections.url)
    with connections.connect() as connection:
        found = {
            "version": connection.execute(text("SELECT version_num FROM leadkit_version")).scalar(),
            "leads": connection.execute(text("SELECT count(*) FROM leads")).scalar(),
            "columns": {column["name"] for column in inspect(connection).get_columns("leads")},
            "inbox": inspect(connection).has_table("inbox"),
        }
    connections.dispose()
    return found


def test_a_new_database_gets_the_tables_that_the_schema_says(address):
    upgrade(address)
    connections = create_engine(opened(address).connections.url)
    with connections.connect() as connection, warnings.catch_warnings():
        # An index over an expression is compared below, by its text.
        warnings.simplefilter("ignore")
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "include_object": lambda thing, name, *_: name != "leadkit_version"},
        )
        differences = compare_metadata(context, METADATA)
    connections.dispose()

    assert [each for each in differences if not told_of_an_expression(each)] == []


def told_of_an_expression(difference):
    return difference[0] in ("add_index", "remove_index") and difference[1].name in (
        "leads_waiting_ix",
        "leads_score_ix",
    )


def indexes(connections):
    statement = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }[connections.dialect.name]
    with connections.connect() as connection:
        found = {name: re.sub(r"[\s\"]+", " ", sql) for name, sql in connection.execute(text(statement))}
    return {name: sql for name, sql in found.items() if not name.startswith("leadkit_version")}


def test_a_new_database_gets_the_indexes_that_the_schema_says(address):
    database = opened(address)
    METADATA.create_all(database.connections)
    said = indexes(database.connections)
    METADATA.drop_all(database.connections)
    upgrade(address)

    assert indexes(database.connections) == said
    assert {"leads_waiting_ix", "leads_score_ix", "leads_email_key_ix"} <= said.keys()
    database.close()


def test_the_versions_are_those_of_the_steps():
    config = Config()
    config.set_main_option("script_location", "leadkit.sql:migrations")
    steps = ScriptDirectory.from_config(config)

    assert tuple(step.revision for step in reversed(list(steps.walk_revisions()))) == VERSIONS


def test_an_upgrade_keeps_what_is_there_and_completes_it(first):
    assert upgrade(first).found == "0001"
    store = SqlStore.open(first, upgrade=False)
    with store.unit_of_work("acme") as work:
        found = work.leads.get_many([lead.id for lead in LEADS])
        meant = work.leads.scan(LeadFilter(search="acme 77"), after=None, limit=50, as_of=NOON)
    waiting = store.outbox.pending(5)
    with store.database.connections.connect() as connection:
        filled = connection.execute(text("SELECT id, search_text, priority_rank FROM leads ORDER BY id")).all()
    store.close()

    assert found == {lead.id: lead for lead in LEADS}
    assert [lead.id for lead in meant] == ["lead-0077", *(f"lead-077{number}" for number in range(10))]
    assert [tuple(row) for row in filled] == [
        (lead.id, columns(lead)["search_text"], columns(lead)["priority_rank"]) for lead in LEADS
    ]
    assert waiting == []
    assert status(first).is_current


def test_what_waited_in_the_outbox_waits_after_an_upgrade(first):
    database = opened(first)
    with database.connections.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        told = build_event("lead-0000")
        values = {"org": "acme", "lead_id": "lead-0000", "sequence": 1, "type": told.type, "time": told.time}
        connection.execute(InsertNew(METADATA.tables["events"]), [{**values, "actor": "u", "data": {"lead": {}}}])
        connection.exec_driver_sql("COMMIT")
    database.close()
    with lk.LeadKit.open(first) as kit:
        assert [entry.event.id for entry in kit.store.outbox.pending(5)] == ["lead-0000.1"]


def upgrade_and_die(address, statements, *, transaction=True):
    """Upgrade in another process, which is killed after so many statements; answer how it ended."""

    def child():
        database, left = opened(address), [statements]

        @event.listens_for(database.connections, "after_cursor_execute")
        def counted(*_):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        @event.listens_for(database.connections, "before_cursor_execute", retval=True)
        def said(_connection, _cursor, statement, parameters, *_):
            left_out = not transaction and statement.startswith(("BEGIN", "COMMIT"))
            return ("SELECT 1" if left_out else statement), parameters

        upgrade_to(database, VERSIONS[-1])
        database.close()

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(timeout=120)
    return process.exitcode


def test_an_upgrade_that_is_killed_leaves_either_version_whole(first, gate_size):
    before = seen(first)
    after = {
        "version": VERSIONS[-1],
        "leads": len(LEADS),
        "columns": {column.name for column in leads.c},
        "inbox": True,
    }
    found = [before]
    for number in range(1, 100, gate_size(9, 1)):
        ended = upgrade_and_die(first, number)
        found.append(seen(first))
        assert ended in (0, -signal.SIGKILL)
        if ended == 0:
            break

    assert (before["version"], before["inbox"], before["columns"] & LATER) == ("0001", False, set())
    assert all(each in (before, after) for each in found)
    assert found.count(before) >= 4
    upgrade(first)
    assert seen(first) == after


def test_an_upgrade_without_its_transaction_is_found_out(first):
    before = seen(first)

    assert upgrade_and_die(first, 12, transaction=False) == -signal.SIGKILL
    halfway = seen(first)
    assert halfway != before
    assert halfway["version"] != VERSIONS[-1]


def test_tables_that_are_made_when_the_process_is_killed_are_made_the_next_time(address, gate_size):
    killed = 0
    for number in range(3, 60, gate_size(17, 3)):
        killed += upgrade_and_die(address, number) == -signal.SIGKILL
    with lk.LeadKit.open(address) as kit:
        lead = kit.workspace(org="acme", actor="u").leads.create(email="a@example.com")

    assert killed >= 2
    assert lead.version == 1


def test_processes_that_open_a_new_database_at_once_all_succeed(address):
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(4)

    def child():
        barrier.wait(timeout=60)
        SqlStore.open(address).close()

    running = [fork.Process(target=child) for _ in range(4)]
    for process in running:
        process.start()
    for process in running:
        process.join(timeout=120)

    assert [process.exitcode for process in running] == [0] * 4
    assert status(address).is_current


def test_a_database_of_a_later_leadkit_is_refused(address):
    upgrade(address)
    database = opened(address)
    with database.connections.begin() as connection:
        connection.execute(text("UPDATE leadkit_version SET version_num = '9999'"))
    database.close()

    with pytest.raises(
        lk.SchemaTooNew, match=r"its tables are of version 9999, and this leadkit knows 0004 at the most"
    ):
        lk.LeadKit.open(address)
    with pytest.raises(lk.SchemaTooNew):
        upgrade(address)


def test_an_older_database_is_refused_where_it_may_not_be_upgraded(first):
    with pytest.raises(lk.SchemaOutdated, match=r"its tables are of version 0001; run `leadkit db upgrade`"):
        lk.LeadKit.open(first, upgrade=False)
    assert status(first).found == "0001"


def test_an_empty_database_is_refused_where_it_may_not_be_upgraded(address):
    with pytest.raises(lk.SchemaOutdated, match=r"it has no tables; run `leadkit db upgrade`"):
        lk.LeadKit.open(address, upgrade=False)
    assert status(address).found is None


def test_tables_of_somebody_else_are_left_alone(address):
    database = opened(address)
    with database.connections.begin() as connection:
        connection.execute(text("CREATE TABLE contacts (id integer)"))
    database.close()

    with pytest.raises(lk.StoreUnusable, match=r"there is a table `contacts` of somebody else"):
        lk.LeadKit.open(address)
    assert status(address).found is None
