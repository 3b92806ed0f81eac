"""Runs the steps on the connection that `leadkit.sql.upgrading` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from leadkit.sql.schema import METADATA

__all__: list[str] = []

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=context.config.attributes["version_table"],
)
context.run_migrations()
