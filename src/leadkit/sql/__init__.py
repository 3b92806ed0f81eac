"""The SQL store: SQLite in the process, PostgreSQL in production. Needs the extra `sql`, or `postgres`."""

from __future__ import annotations

from leadkit.sql.inbox import MessageInbox
from leadkit.sql.store import SqlStore, SqlUnitOfWork
from leadkit.sql.upgrading import SchemaStatus, status, upgrade

__all__ = ["MessageInbox", "SchemaStatus", "SqlStore", "SqlUnitOfWork", "status", "upgrade"]
