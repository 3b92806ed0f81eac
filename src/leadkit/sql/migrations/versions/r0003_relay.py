"""Events that wait are claimed, tried again and set aside; consumers remember what they have dealt with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from leadkit.sql.types import Moment, Words

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns of the outbox; what waits there is due at once."""
    for column in (
        sa.Column("state", Words, nullable=False, server_default="pending", comment="pending, or dead"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due_at", Moment),
        sa.Column("claimed_until", Moment),
        sa.Column("claimed_by", Words),
        sa.Column("last_error", Words),
    ):
        op.add_column("outbox", column)
    dead = sa.text("state = 'dead'")
    op.create_index("outbox_dead_ix", "outbox", ["position"], sqlite_where=dead, postgresql_where=dead)
    op.create_table(
        "inbox",
        sa.Column("org", Words, nullable=False),
        sa.Column("consumer", Words, nullable=False),
        sa.Column("event_id", Words, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("org", "consumer", "event_id", name="inbox_pkey"),
    )
