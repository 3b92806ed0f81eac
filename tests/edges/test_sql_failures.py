"""Bad circumstances of the SQL store: a clear error each, retryable or not, and nothing half written."""

import contextlib
import sqlite3
import threading

import pytest
from sqlalchemy import bindparam, event, literal_column, select, update

import leadkit as lk
from leadkit.sql import SqlStore
from leadkit.sql.failures import translated
from leadkit.sql.schema import leads
from leadkit.testing.builders import build_event, build_lead
from leadkit.testing.contracts.snapshots import everything, fill

ORG = "acme"


@pytest.fixture
def path(tmp_path):
    """Answer the path of a SQLite store with a little of everything in it."""
    path = tmp_path / "leads.db"
    with opened(f"sqlite:///{path}") as store, store.unit_of_work(ORG) as work:
        fill(work)
        work.commit()
    return path


@pytest.fixture
def postgres(shared_postgres_address):
    """Answer the address of a PostgreSQL store with a little of everything in it."""
    with opened(shared_postgres_address) as store, store.unit_of_work(ORG) as work:
        fill(work)
        work.commit()
    return shared_postgres_address


def opened(address):
    return contextlib.closing(SqlStore.open(address))


def with_patience(address, seconds):
    return f"{address}{'&' if '?' in address else '?'}patience={seconds}"


def seen(address):
    with opened(address) as store, store.unit_of_work(ORG) as work:
        return everything(work)


def change(store, **more):
    with store.unit_of_work(ORG) as work:
        work.leads.save(build_lead(company="changed", version=2, **more), expected=1)
        work.events.append([build_event("lead-1", 2)])
        work.commit()


# --- locked -----------------------------------------------------------------------------------------------------------


def test_a_file_that_somebody_else_writes_is_locked_for_writers_and_open_for_readers(path):
    before = seen(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with opened(with_patience(f"sqlite:///{path}", 0.05)) as store:
        with pytest.raises(lk.StoreLocked, match=r"leads.db: others held it for longer than was waited") as caught:
            change(store)
        with store.reading(ORG) as work:
            assert everything(work) == before
        other.execute("ROLLBACK")
        other.close()
        assert caught.value.retryable
        assert seen(f"sqlite:///{path}") == before
        change(store)


def test_a_thread_that_waits_for_another_waits_no_longer_than_it_has_patience(path):
    with opened(with_patience(f"sqlite:///{path}", 0.05)) as store:
        caught = []

        def compete():
            try:
                change(store)
            except lk.StoreLocked as error:
                caught.append(error)

        with store.unit_of_work(ORG) as work:
            work.leads.save(build_lead(company="mine", version=2), expected=1)
            rival = threading.Thread(target=compete)
            rival.start()
            rival.join(timeout=60)
            work.commit()

        assert [error.code for error in caught] == ["store-locked"]
        with store.reading(ORG) as work:
            assert work.leads.get("lead-1").company == "mine"


def test_a_row_that_somebody_else_has_locked_is_waited_for_as_long_as_there_is_patience(postgres):
    import psycopg

    with psycopg.connect(postgres) as other:
        other.execute("SELECT * FROM leads WHERE org = 'acme' AND id = 'lead-1' FOR UPDATE")
        with opened(with_patience(postgres, 0.05)) as store:
            with pytest.raises(lk.StoreLocked) as caught:
                change(store)
            with store.reading(ORG) as work:
                assert work.leads.get("lead-1").version == 1
            other.rollback()
            assert caught.value.retryable
            change(store)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_unit_of_work_within_a_unit_of_work_is_refused_at_once(kind, request):
    address = (
        f"sqlite:///{request.getfixturevalue('path')}" if kind == "sqlite" else request.getfixturevalue("postgres")
    )
    with opened(address) as store, store.unit_of_work(ORG):
        with pytest.raises(lk.StoreUnavailable, match="open in this thread already"), store.unit_of_work(ORG):
            pass
        with store.reading(ORG) as work:
            assert work.leads.get("lead-1") is not None


# --- read-only --------------------------------------------------------------------------------------------------------


def test_a_file_that_may_only_be_read_is_read_and_not_written(path):
    before = seen(f"sqlite:///{path}")
    with opened(f"sqlite:///file:{path}?mode=ro&uri=true") as store:
        with store.reading(ORG) as work:
            assert everything(work) == before
        with pytest.raises(lk.StoreReadOnly, match="it can be read only") as caught:
            change(store)
        assert not caught.value.retryable
    assert seen(f"sqlite:///{path}") == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_unit_of_work_that_only_reads_refuses_to_write(kind, request):
    address = (
        f"sqlite:///{request.getfixturevalue('path')}" if kind == "sqlite" else request.getfixturevalue("postgres")
    )
    with opened(address) as store, store.reading(ORG) as work:
        with pytest.raises(lk.StoreReadOnly, match="opened for reading"):
            work.leads.add(build_lead("lead-9"))
        with pytest.raises(lk.StoreReadOnly):
            work.leads.save_many([(build_lead(version=2), 1)])
        assert dict(work.pointers.get("another pool")) == {}
        assert work.leads.get("lead-1") is not None


def test_a_user_who_may_not_write_is_told_so(postgres, postgres_server):
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS leadkit_reader")
        owner.execute("CREATE ROLE leadkit_reader LOGIN")
        owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO leadkit_reader")
    try:
        with opened(postgres.replace("postgres:@", "leadkit_reader@").replace("postgres@", "leadkit_reader@")) as store:
            with store.reading(ORG) as work:
                assert work.leads.get("lead-1").version == 1
            with pytest.raises(lk.StoreUnusable, match="the user may not do this") as caught:
                change(store)
        assert not caught.value.retryable
    finally:
        with psycopg.connect(postgres, autocommit=True) as owner:
            owner.execute("DROP OWNED BY leadkit_reader")
            owner.execute("DROP ROLE leadkit_reader")


# --- full -------------------------------------------------------------------------------------------------------------


def test_a_file_that_may_not_grow_is_full_and_keeps_what_it_has(path):
    before = seen(f"sqlite:///{path}")
    with opened(f"sqlite:///{path}") as store:

        @event.listens_for(store.database.connections, "checkout")
        def confined(connection, _record, _proxy):
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")

        with pytest.raises(lk.StoreFull, match="it is full") as caught, store.unit_of_work(ORG) as work:
            work.leads.save(build_lead(company="changed", version=2), expected=1)
            work.leads.add_many([build_lead(f"big-{n}", properties={"x": "y" * 9_000}) for n in range(50)])
            work.commit()
        assert not caught.value.retryable
        with store.reading(ORG) as work:
            assert everything(work) == before
    assert seen(f"sqlite:///{path}") == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_unit_of_work_that_failed_is_of_no_more_use(kind, request):
    address = (
        f"sqlite:///{request.getfixturevalue('path')}" if kind == "sqlite" else request.getfixturevalue("postgres")
    )
    ours = leads.c.org == bindparam("org")
    with opened(address) as store:
        work = store.database.transaction(ORG)
        assert work.change(update(leads).values(company="half").where(ours), {}) == 1
        with pytest.raises(lk.StoreUnusable, match="nothing"):
            work.rows(select(literal_column("nothing")).where(ours))
        with pytest.raises(lk.StoreUnavailable, match="nothing of it is kept"):
            work.commit()
        work.end()
        with store.reading(ORG) as after:
            assert after.leads.get("lead-1").company is None


# --- no store ---------------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "diary.db"
    path.write_text("dear diary, " * 100, encoding="utf-8")
    with pytest.raises(lk.StoreUnusable, match=r"diary.db: it is no SQLite database") as caught:
        lk.LeadKit.open(f"sqlite:///{path}")

    assert not caught.value.retryable
    assert path.read_text(encoding="utf-8") == "dear diary, " * 100


def test_a_damaged_file_is_told_to_be_damaged(path):
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(bytes(content))

    with pytest.raises(lk.StoreUnusable) as caught, opened(f"sqlite:///{path}") as store:
        change(store)
    assert "it is damaged" in caught.value.message


@pytest.mark.parametrize("name", ["nowhere/leads.db", "."])
def test_a_place_where_no_file_can_be_is_told_with_its_name(tmp_path, name):
    with pytest.raises(lk.StoreUnavailable, match="it cannot be opened"):
        lk.LeadKit.open(f"sqlite:///{tmp_path / name}")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("sqlite://", "SQLite needs a file"),
        ("sqlite:///:memory:", "SQLite needs a file"),
        ("sqlite:///x.db?patience=soon", "`patience` is a number of seconds"),
        ("sqlite:///x.db?patience=-1", "`patience` is a number of seconds"),
        ("sqlite:///x.db?synchronous=off", "`synchronous` is one of full, normal"),
        ("postgresql://host:port/x", "it is no address"),
    ],
)
def test_an_address_that_cannot_be_is_refused_with_what_is_possible(address, message):
    with pytest.raises(lk.InvalidInput, match=message):
        lk.LeadKit.open(address)


# --- gone -------------------------------------------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_unavailable_and_no_secret_is_told(tmp_path):
    with pytest.raises(lk.StoreUnavailable) as caught:
        lk.LeadKit.open(f"postgresql://admin:hunter2@/leads?host={tmp_path}")

    assert caught.value.retryable
    assert "hunter2" not in str(caught.value) + repr(caught.value)


def cut(address, server):
    """Cut every connection to a database, as a failing network or an operator does."""
    database = address.partition("?")[0].rpartition("/")[2]
    server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")  # noqa: S608 - a name of ours


def test_a_connection_that_dies_between_two_units_of_work_is_replaced(postgres, postgres_server):
    with opened(postgres) as store:
        for _ in range(2):
            with store.reading(ORG) as work:
                assert work.leads.get("lead-1") is not None
            cut(postgres, postgres_server)
        change(store)
    assert seen(postgres)["lead"].company == "changed"


def test_connections_that_all_die_are_replaced_and_none_is_left_open(postgres, postgres_server):
    def look_at_once(several):
        for number in range(5):
            several.enter_context(store.reading(f"org-{number}")).leads.get("lead-1")

    with opened(postgres) as store:
        with contextlib.ExitStack() as several:
            look_at_once(several)
        idle = [record.driver_connection for record in vars(store.database.connections.pool)["_pool"].queue]
        cut(postgres, postgres_server)
        with contextlib.ExitStack() as several:
            look_at_once(several)
        assert [connection.closed for connection in idle] == [True] * 5


def test_a_connection_that_dies_in_the_middle_of_a_command_keeps_nothing_of_it(postgres, postgres_server):
    before = seen(postgres)
    with opened(postgres) as store:
        with (
            pytest.raises(lk.StoreUnavailable, match="the connection is gone") as caught,
            store.unit_of_work(ORG) as work,
        ):
            work.leads.save(build_lead(company="changed", version=2), expected=1)
            cut(postgres, postgres_server)
            work.events.append([build_event("lead-1", 2)])
        assert caught.value.retryable
        with store.reading(ORG) as work:
            assert everything(work) == before
        change(store)


def test_a_connection_that_dies_as_a_command_is_committed_leaves_its_outcome_unknown(postgres, postgres_server):
    before = seen(postgres)
    with opened(postgres) as store:
        with pytest.raises(lk.OutcomeUnknown, match="same idempotency key") as caught, store.unit_of_work(ORG) as work:
            work.leads.save(build_lead(company="changed", version=2), expected=1)
            cut(postgres, postgres_server)
            work.commit()
        assert caught.value.retryable
        with store.reading(ORG) as work:
            assert everything(work) == before


def test_a_command_that_is_done_again_survives_the_loss_of_its_connection(postgres, postgres_server):
    with lk.LeadKit.open(postgres) as kit:
        ws, cuts = kit.workspace(org=ORG, actor="u"), iter([True, True, False])

        def qualify():
            with ws.keyed("once").unit_of_work() as work:
                lead = work.leads.create(email="new@example.com")
                if next(cuts):
                    cut(postgres, postgres_server)
                return work.leads.qualify(lead.id).id

        lead_id = lk.retrying(qualify, wait=0.001)
        assert [event.type for event in ws.leads.history(lead_id)] == ["lead.created", "lead.qualified"]
        assert ws.leads.count(search="new@") == 1


# --- in words ---------------------------------------------------------------------------------------------------------


class DriverError(Exception):
    def __init__(self, **attributes):
        super().__init__("Key (email)=(alice@example.com) already exists")
        self.__dict__.update(attributes)


@pytest.mark.parametrize(
    ("attributes", "code", "retryable"),
    [
        ({"sqlite_errorname": "SQLITE_BUSY_SNAPSHOT"}, "store-locked", True),
        ({"sqlite_errorname": "SQLITE_LOCKED_SHAREDCACHE"}, "store-locked", True),
        ({"sqlite_errorname": "SQLITE_READONLY_DBMOVED"}, "store-read-only", False),
        ({"sqlite_errorname": "SQLITE_FULL"}, "store-full", False),
        ({"sqlite_errorname": "SQLITE_IOERR_WRITE"}, "store-unavailable", True),
        ({"sqlstate": "40P01"}, "store-locked", True),
        ({"sqlstate": "40001"}, "store-locked", True),
        ({"sqlstate": "55P03"}, "store-locked", True),
        ({"sqlstate": "25006"}, "store-read-only", False),
        ({"sqlstate": "53100"}, "store-full", False),
        ({"sqlstate": "53300"}, "store-unavailable", True),
        ({"sqlstate": "57P01"}, "store-unavailable", True),
        ({"sqlstate": "08006"}, "store-unavailable", True),
        ({"sqlstate": "23505"}, "store-unusable", False),
        ({}, "store-unusable", False),
    ],
)
def test_what_a_driver_complains_of_is_told_without_what_somebody_sent(attributes, code, retryable):
    error = translated(DriverError(**attributes), name="leads.db")

    assert (error.code, error.retryable) == (code, retryable)
    assert "leads.db: " in error.message
    assert "alice" not in error.message
