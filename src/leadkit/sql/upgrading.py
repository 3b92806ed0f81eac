"""The schema of a database: which version it has, and how it comes to the present one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadkit.sql.schema import METADATA

if TYPE_CHECKING:
    from leadkit.sql.database import Database

__all__ = ["ready"]


def ready(database: Database, *, upgrade: bool) -> None:
    """Make a database ready."""
    if database.is_sqlite:
        c = database.connections.raw_connection()
        c.cursor().execute("PRAGMA journal_mode = wal")
        c.close()
    METADATA.create_all(database.connections)
