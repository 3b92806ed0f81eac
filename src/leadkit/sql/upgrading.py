"""The version of a database's tables, and how they come to the present one.

All steps of an upgrade are one transaction, in both databases: a process that is killed in the middle leaves the tables
as they were. Two that start at once follow each other, and the second finds nothing left to do.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import attrs
from sqlalchemy import Text, column, inspect, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from leadkit.errors import SchemaOutdated, SchemaTooNew, StoreUnavailable, StoreUnusable
from leadkit.sql.failures import translated
from leadkit.sql.opening import opened
from leadkit.sql.schema import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from leadkit.sql.database import Database

__all__ = ["VERSIONS", "SchemaStatus", "ready", "status", "upgrade", "upgrade_to"]

VERSIONS: Final = ("0001", "0002", "0003", "0004")
"""Every version that there was, the present one last."""

_TABLE: Final = "leadkit_version"
# Any number will do, as long as it is always the same.
_LOCK: Final = 7_323_105_510_944


@attrs.frozen(kw_only=True)
class SchemaStatus:
    """How the tables of a database stand to this leadkit.

    Attributes:
        found: The version of the tables; None where there are none.
        wanted: The version that this leadkit works with.
    """

    found: str | None
    wanted: str

    @property
    def is_current(self) -> bool:
        """Whether there is nothing to upgrade."""
        return self.found == self.wanted


def status(address: str) -> SchemaStatus:
    """Answer how the tables of a database stand to this leadkit.

    Args:
        address: The address of the database.

    Raises:
        StoreUnavailable: It cannot be reached, or is no store.
    """
    database = opened(address)
    try:
        return SchemaStatus(found=_version(database), wanted=VERSIONS[-1])
    finally:
        database.close()


def upgrade(address: str) -> SchemaStatus:
    """Bring the tables of a database to the present version, making them where there are none.

    Args:
        address: The address of the database.

    Returns:
        How they stood before.

    Raises:
        SchemaTooNew: A later leadkit has written them.
        StoreUnavailable: The database cannot be reached, or is no store.
    """
    database = opened(address)
    try:
        before = SchemaStatus(found=_version(database), wanted=VERSIONS[-1])
        ready(database, upgrade=True)
    finally:
        database.close()
    return before


def ready(database: Database, *, upgrade: bool) -> None:
    """Make sure that the tables of a database are those of this leadkit.

    Args:
        database: The database.
        upgrade: Whether older tables, or none, are brought to the present version.

    Raises:
        SchemaTooNew: A later leadkit has written them.
        SchemaOutdated: They are older, and may not be upgraded.
        StoreUnusable: There are tables of somebody else.
    """
    found = _version(database)
    if found == VERSIONS[-1]:
        return
    if found is not None and found not in VERSIONS:
        reason = (
            f"{database.name}: its tables are of version {found}, and this leadkit knows {VERSIONS[-1]} at the most"
        )
        raise SchemaTooNew(reason=f"{reason}; upgrade leadkit")
    if not upgrade:
        reason = f"its tables are of version {found}" if found else "it has no tables"
        raise SchemaOutdated(reason=f"{database.name}: {reason}; run `leadkit db upgrade`")
    upgrade_to(database, VERSIONS[-1])


def upgrade_to(database: Database, version: str) -> None:
    """Bring the tables of a database to a version, in one transaction.

    Args:
        database: The database.
        version: One of `VERSIONS`, not older than what is there.
    """
    with database.connections.connect() as connection:
        try:
            if database.is_sqlite:
                _write_ahead(database, connection)
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql("BEGIN")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            _walk(database, connection, version)
            connection.exec_driver_sql("COMMIT")
        except DBAPIError as error:
            raise translated(error.orig or error, name=database.name) from None


def _walk(database: Database, connection: Connection, version: str) -> None:
    # Somebody else may have been here while this process waited.
    found = _read_version(connection)
    if found in VERSIONS[VERSIONS.index(version) :]:
        return
    if found is None:
        strange = sorted(set(inspect(connection).get_table_names()) & set(METADATA.tables))
        if strange:
            reason = (
                f"{database.name}: there is a table `{strange[0]}` of somebody else; give leadkit a place of its own"
            )
            raise StoreUnusable(reason=reason)
    from alembic import command  # noqa: PLC0415 - a tenth of a second, which only an upgrade is to pay
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config(attributes={"connection": connection, "version_table": _TABLE})
    config.set_main_option("script_location", "leadkit.sql:migrations")
    command.upgrade(config, version)


def _write_ahead(database: Database, connection: Connection) -> None:
    """Let readers read while somebody writes; two that open a new file at once may be in each other's way."""
    end = time.monotonic() + database.patience
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode = wal")
        except DBAPIError as error:
            failure = translated(error.orig or error, name=database.name)
            if not failure.retryable or time.monotonic() > end:
                raise failure from None
            time.sleep(0.01)
        else:
            return


def _version(database: Database) -> str | None:
    try:
        with database.connections.connect() as connection:
            return _read_version(connection)
    except NoConnectionFree:
        raise StoreUnavailable(reason=f"{database.name}: no connection is free") from None
    except DBAPIError as error:
        raise translated(error.orig or error, name=database.name) from None


def _read_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_TABLE):
        return None
    return connection.scalar(select(column("version_num", Text)).select_from(table(_TABLE)))
