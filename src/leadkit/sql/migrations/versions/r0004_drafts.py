"""Versions of rules say who published them, when and why; an organisation may have a draft of the next one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from leadkit.sql.types import Json, Moment, Words

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns, empty for the versions that there are, and the table of drafts."""
    for column in (sa.Column("author", Words), sa.Column("at", Moment), sa.Column("note", Words)):
        op.add_column("rules", column)
    op.create_table(
        "drafts",
        sa.Column("org", Words, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.PrimaryKeyConstraint("org", name="drafts_pkey"),
    )
