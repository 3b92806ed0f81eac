"""The store, as it was first."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from leadkit.sql.types import ExactDecimal, Hundredths, Json, Moment, Words

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0001"
down_revision = None


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, Words, nullable=False)


def _table(name: str, *columns: sa.Column[Any], key: tuple[str, ...]) -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=f"{name}_pkey"))


def _index(name: str, table: str, *columns: str, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    """Make the tables."""
    _leads()
    _timeline()
    _contacts()
    _rest()


def _leads() -> None:
    _table(
        "leads",
        _key("org"),
        _key("id"),
        *(sa.Column(name, Words) for name in ("email", "first_name", "last_name", "phone", "company", "external_id")),
        sa.Column("pipeline_id", Words),
        sa.Column("stage", Words),
        sa.Column("status", Words, nullable=False),
        sa.Column("priority", Words, nullable=False),
        sa.Column("score", Hundredths),
        sa.Column("score_breakdown", Json, nullable=False),
        sa.Column("scored_at", Moment),
        *(sa.Column(name, Words) for name in ("source", "campaign_id", "referrer")),
        sa.Column("utm_params", Json, nullable=False),
        sa.Column("assigned_to", Words),
        sa.Column("assigned_at", Moment),
        sa.Column("qualified_at", Moment),
        sa.Column("qualified_by", Words),
        sa.Column("qualification_reason", Words),
        sa.Column("disqualified_at", Moment),
        sa.Column("disqualified_by", Words),
        sa.Column("converted_at", Moment),
        sa.Column("converted_to_contact_id", Words),
        sa.Column("converted_to_opportunity_id", Words),
        sa.Column("origin_contact_id", Words),
        sa.Column("stage_entered_at", Moment),
        sa.Column("properties", Json, nullable=False),
        sa.Column("enrichment", Json, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("deleted_at", Moment),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("email_key", Words, comment="the normalised e-mail address"),
        key=("org", "id"),
    )
    alive, still_open = "deleted_at IS NULL", "deleted_at IS NULL AND status NOT IN ('disqualified', 'converted')"
    _index("leads_email_key_ix", "leads", "org", "email_key", where=f"{alive} AND email_key IS NOT NULL")
    _index("leads_external_id_ix", "leads", "org", "external_id", where=f"{alive} AND external_id IS NOT NULL")
    _index("leads_origin_contact_ix", "leads", "org", "origin_contact_id", where="origin_contact_id IS NOT NULL")
    _index(
        "leads_converted_contact_ix",
        "leads",
        "org",
        "converted_to_contact_id",
        where="converted_to_contact_id IS NOT NULL",
    )
    _index("leads_owner_ix", "leads", "org", "assigned_to", where=still_open)


def _timeline() -> None:
    _table(
        "activities",
        _key("org"),
        _key("id"),
        _key("lead_id"),
        _key("type"),
        sa.Column("notes", Words),
        sa.Column("at", Moment, nullable=False),
        _key("actor"),
        sa.Column("contact_id", Words),
        sa.Column("opportunity_id", Words),
        sa.Column("properties", Json, nullable=False),
        key=("org", "id"),
    )
    _index("activities_lead_ix", "activities", "org", "lead_id", "at")
    _table(
        "tasks",
        _key("org"),
        _key("id"),
        _key("lead_id"),
        _key("title"),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("assigned_to", Words),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("done_at", Moment),
        sa.Column("version", sa.BigInteger, nullable=False),
        key=("org", "id"),
    )
    _index("tasks_lead_ix", "tasks", "org", "lead_id", "due_at")
    _table(
        "events",
        _key("org"),
        _key("lead_id"),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        _key("type"),
        sa.Column("time", Moment, nullable=False),
        _key("actor"),
        sa.Column("data", Json, nullable=False),
        key=("org", "lead_id", "sequence"),
    )
    _table(
        "outbox",
        _key("org"),
        _key("lead_id"),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, sa.Identity(), nullable=False),
        key=("org", "lead_id", "sequence"),
    )
    _index("outbox_position_ix", "outbox", "position")


def _contacts() -> None:
    _table(
        "contacts",
        _key("org"),
        _key("id"),
        *(sa.Column(name, Words) for name in ("email", "first_name", "last_name", "phone", "company")),
        sa.Column("properties", Json, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("email_key", Words, comment="the normalised e-mail address"),
        key=("org", "id"),
    )
    _index("contacts_email_key_ix", "contacts", "org", "email_key")
    _table(
        "opportunities",
        _key("org"),
        _key("id"),
        _key("name"),
        sa.Column("amount", ExactDecimal),
        sa.Column("currency", Words),
        sa.Column("expected_close_date", sa.Date),
        sa.Column("stage", Words),
        _key("contact_id"),
        _key("lead_id"),
        sa.Column("created_at", Moment, nullable=False),
        key=("org", "id"),
    )
    _index("opportunities_contact_ix", "opportunities", "org", "contact_id")
    _table("gateway_keys", _key("org"), _key("key"), _key("made_id"), key=("org", "key"))


def _rest() -> None:
    _table(
        "pipelines",
        _key("org"),
        _key("id"),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("document", Json, nullable=False),
        key=("org", "id"),
    )
    _table(
        "rules",
        _key("org"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", Json, nullable=False),
        key=("org", "version"),
    )
    _table("pointers", _key("org"), _key("pool"), sa.Column("members", Json, nullable=False), key=("org", "pool"))
    _table(
        "idempotency",
        _key("org"),
        _key("key"),
        _key("fingerprint"),
        sa.Column("result", Json, nullable=False),
        sa.Column("at", Moment, nullable=False),
        key=("org", "key"),
    )
    _table(
        "jobs",
        _key("org"),
        _key("id"),
        _key("state"),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("document", Json, nullable=False),
        key=("org", "id"),
    )
    _index("jobs_unfinished_ix", "jobs", "org", "created_at", where="state IN ('queued', 'running')")
    _table("settings", _key("org"), sa.Column("document", Json, nullable=False), key=("org",))
