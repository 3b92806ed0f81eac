"""What lists and routing look for gets columns and indexes of its own, filled for the leads that are there."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from leadkit.sql.types import Words

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0002"
down_revision = "0001"

_CHUNK: Final = 1_000
_SEARCHED: Final = ("email", "first_name", "last_name", "company", "phone")
_RANK: Final = {"low": 0, "medium": 1, "high": 2}


def upgrade() -> None:
    """Add the columns, fill them, and index what is looked for."""
    op.add_column(
        "leads",
        sa.Column(
            "search_text",
            Words,
            nullable=False,
            server_default="",
            comment="what a search looks in, in lower case, between U+001F",
        ),
    )
    op.add_column(
        "leads",
        sa.Column(
            "priority_rank",
            sa.SmallInteger,
            nullable=False,
            server_default="1",
            comment="0 for low, 1 for medium, 2 for high",
        ),
    )
    _fill()
    waiting = sa.text("deleted_at IS NULL AND status NOT IN ('disqualified', 'converted') AND assigned_to IS NULL")
    op.create_index(
        "leads_waiting_ix",
        "leads",
        ["org", "pipeline_id", sa.text("(-coalesce(score, -100000001))"), "created_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    newest: list[Any] = [sa.text("created_at DESC"), "id"]
    alive = sa.text("deleted_at IS NULL")
    # In SQLite nothing is less than any number; in PostgreSQL, that it comes last has to be said.
    last = "" if op.get_bind().dialect.name == "sqlite" else " NULLS LAST"
    lists: dict[str, list[Any]] = {
        "leads_created_ix": [*newest, "status"],
        "leads_status_ix": ["status", *newest, "priority_rank"],
        "leads_priority_ix": ["priority_rank", *newest, "status"],
        "leads_source_ix": ["source", *newest, "status"],
        "leads_assigned_ix": ["assigned_to", *newest, "status"],
        "leads_stage_ix": ["pipeline_id", "stage", *newest, "status"],
        "leads_score_ix": [sa.text(f"score DESC{last}"), "id", "status"],
    }
    for name, columns in lists.items():
        op.create_index(name, "leads", ["org", *columns, "deleted_at"], sqlite_where=alive, postgresql_where=alive)


def _fill() -> None:
    names = ("org", "id", "priority", *_SEARCHED)
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in (*names, "search_text", "priority_rank")]
    leads = sa.table("leads", *columns)
    place = sa.tuple_(leads.c.org, leads.c.id)
    chunk = sa.select(*(leads.c[name] for name in names)).order_by(leads.c.org, leads.c.id).limit(_CHUNK)
    filled = (
        sa.update(leads)
        .where(leads.c.org == sa.bindparam("of_org"), leads.c.id == sa.bindparam("of_id"))
        .values(search_text=sa.bindparam("text"), priority_rank=sa.bindparam("rank"))
    )
    connection = op.get_bind()
    rows = connection.execute(chunk).mappings().all()
    while rows:
        connection.execute(filled, [_values(row) for row in rows])
        after = sa.tuple_(sa.literal(rows[-1]["org"]), sa.literal(rows[-1]["id"]))
        rows = connection.execute(chunk.where(place > after)).mappings().all()


def _values(row: Any) -> dict[str, Any]:
    return {
        "of_org": row["org"],
        "of_id": row["id"],
        "text": "\x1f".join(row[name].lower() for name in _SEARCHED if row[name] is not None),
        "rank": _RANK[row["priority"]],
    }
