"""The tables, one for each kind of document; the key of every one of them begins with the organisation.

What is searched, joined or counted has a column of its own; the rest of a document is JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    and_,
    literal_column,
    text,
)
from sqlalchemy.ext.compiler import compiles

from leadkit.sql.types import ExactDecimal, Hundredths, Json, Moment, Words
from leadkit.values.numbers import MOST_POINTS

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler

__all__ = [
    "METADATA",
    "UNSCORED",
    "activities",
    "contacts",
    "drafts",
    "events",
    "gateway_keys",
    "idempotency",
    "inbox",
    "jobs",
    "leads",
    "opportunities",
    "outbox",
    "pipelines",
    "pointers",
    "route_rank",
    "rules",
    "settings",
    "still_open",
    "tasks",
    "unfinished",
]

METADATA: Final = MetaData(
    naming_convention={"pk": "%(table_name)s_pkey", "ix": "%(table_name)s_%(column_0_N_name)s_ix"}
)


def _key(name: str, kind: object = Words) -> Column[object]:
    return Column(name, kind, primary_key=True, nullable=False)  # type: ignore[arg-type]  # a column type, of any value


def _words(name: str, *, nullable: bool = True) -> Column[str]:
    return Column(name, Words, nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, Moment, nullable=nullable)


def _json(name: str) -> Column[object]:
    return Column(name, Json, nullable=False)


leads: Final = Table(
    "leads",
    METADATA,
    _key("org"),
    _key("id"),
    _words("email"),
    _words("first_name"),
    _words("last_name"),
    _words("phone"),
    _words("company"),
    _words("external_id"),
    _words("pipeline_id"),
    _words("stage"),
    _words("status", nullable=False),
    _words("priority", nullable=False),
    Column("score", Hundredths),
    _json("score_breakdown"),
    _moment("scored_at"),
    _words("source"),
    _words("campaign_id"),
    _words("referrer"),
    _json("utm_params"),
    _words("assigned_to"),
    _moment("assigned_at"),
    _moment("qualified_at"),
    _words("qualified_by"),
    _words("qualification_reason"),
    _moment("disqualified_at"),
    _words("disqualified_by"),
    _moment("converted_at"),
    _words("converted_to_contact_id"),
    _words("converted_to_opportunity_id"),
    _words("origin_contact_id"),
    _moment("stage_entered_at"),
    _json("properties"),
    _json("enrichment"),
    _moment("created_at", nullable=False),
    _moment("updated_at", nullable=False),
    _moment("deleted_at"),
    Column("version", BigInteger, nullable=False),
    # What follows is derived from the lead whenever it is written.
    Column("email_key", Words, comment="the normalised e-mail address"),
    Column(
        "search_text",
        Words,
        nullable=False,
        server_default="",
        comment="what a search looks in, in lower case, between U+001F",
    ),
    Column(
        "priority_rank", SmallInteger, nullable=False, server_default="1", comment="0 for low, 1 for medium, 2 for high"
    ),
)
"""The leads: a column for each field, by its Python name."""

_alive = leads.c.deleted_at.is_(None)

still_open: Final = and_(_alive, text("status NOT IN ('disqualified', 'converted')"))
"""Whether a lead is still worked, in the very words of the indexes that are for such leads only."""

UNSCORED: Final = 100 * MOST_POINTS + 1
"""The rank of a lead without a score: behind the lowest score that there can be."""

# Literals: an index over parameters is found by no statement.
route_rank: Final = literal_column(f"(-coalesce(score, {-UNSCORED}))", Integer)
"""Where a lead stands among those that are routed: the highest score first, none last."""

Index(
    "leads_email_key_ix",
    leads.c.org,
    leads.c.email_key,
    postgresql_where=and_(_alive, leads.c.email_key.is_not(None)),
    sqlite_where=and_(_alive, leads.c.email_key.is_not(None)),
)
Index(
    "leads_external_id_ix",
    leads.c.org,
    leads.c.external_id,
    postgresql_where=and_(_alive, leads.c.external_id.is_not(None)),
    sqlite_where=and_(_alive, leads.c.external_id.is_not(None)),
)
Index(
    "leads_origin_contact_ix",
    leads.c.org,
    leads.c.origin_contact_id,
    postgresql_where=leads.c.origin_contact_id.is_not(None),
    sqlite_where=leads.c.origin_contact_id.is_not(None),
)
Index(
    "leads_converted_contact_ix",
    leads.c.org,
    leads.c.converted_to_contact_id,
    postgresql_where=leads.c.converted_to_contact_id.is_not(None),
    sqlite_where=leads.c.converted_to_contact_id.is_not(None),
)
Index("leads_owner_ix", leads.c.org, leads.c.assigned_to, postgresql_where=still_open, sqlite_where=still_open)
_waiting = and_(still_open, leads.c.assigned_to.is_(None))
Index(
    "leads_waiting_ix",
    leads.c.org,
    leads.c.pipeline_id,
    route_rank,
    leads.c.created_at,
    leads.c.id,
    postgresql_where=_waiting,
    sqlite_where=_waiting,
)


class _HighestFirst(ColumnElement[Any]):
    """The score from the highest on, and none last: in SQLite by itself, in PostgreSQL where it is said."""

    inherit_cache = True
    type = leads.c.score.type


@compiles(_HighestFirst)
def _highest_first(_element: _HighestFirst, _compiler: SQLCompiler, **_options: Any) -> str:
    return "score DESC"


@compiles(_HighestFirst, "postgresql")
def _highest_first_then_none(_element: _HighestFirst, _compiler: SQLCompiler, **_options: Any) -> str:
    return "score DESC NULLS LAST"


# The lists. Each index holds the order of its list after what is asked for, and last what is asked for beside it, so
# that leads are counted and passed over without being read; SQLite looks at `deleted_at` even where the index is for
# such leads only.
_newest = (leads.c.created_at.desc(), leads.c.id)
for _name, _columns in {
    "leads_created_ix": (*_newest, leads.c.status),
    "leads_status_ix": (leads.c.status, *_newest, leads.c.priority_rank),
    "leads_priority_ix": (leads.c.priority_rank, *_newest, leads.c.status),
    "leads_source_ix": (leads.c.source, *_newest, leads.c.status),
    "leads_assigned_ix": (leads.c.assigned_to, *_newest, leads.c.status),
    "leads_score_ix": (_HighestFirst(), leads.c.id, leads.c.status),
    "leads_stage_ix": (leads.c.pipeline_id, leads.c.stage, *_newest, leads.c.status),
}.items():
    Index(_name, leads.c.org, *_columns, leads.c.deleted_at, postgresql_where=_alive, sqlite_where=_alive)

pipelines: Final = Table(
    "pipelines",
    METADATA,
    _key("org"),
    _key("id"),
    _moment("created_at", nullable=False),
    Column("version", BigInteger, nullable=False),
    _json("document"),
)

rules: Final = Table(
    "rules",
    METADATA,
    _key("org"),
    _key("version", Integer),
    _json("document"),
    _words("author"),
    _moment("at"),
    _words("note"),
)
"""The rulesets, one row for each version; a version never changes."""

drafts: Final = Table("drafts", METADATA, _key("org"), Column("revision", Integer, nullable=False), _json("document"))
"""The draft of the next rules, one row for an organisation that ever had one."""

activities: Final = Table(
    "activities",
    METADATA,
    _key("org"),
    _key("id"),
    _words("lead_id", nullable=False),
    _words("type", nullable=False),
    _words("notes"),
    _moment("at", nullable=False),
    _words("actor", nullable=False),
    _words("contact_id"),
    _words("opportunity_id"),
    _json("properties"),
)
Index("activities_lead_ix", activities.c.org, activities.c.lead_id, activities.c.at)

tasks: Final = Table(
    "tasks",
    METADATA,
    _key("org"),
    _key("id"),
    _words("lead_id", nullable=False),
    _words("title", nullable=False),
    _moment("due_at", nullable=False),
    _words("assigned_to"),
    _moment("created_at", nullable=False),
    _moment("done_at"),
    Column("version", BigInteger, nullable=False),
)
Index("tasks_lead_ix", tasks.c.org, tasks.c.lead_id, tasks.c.due_at)

contacts: Final = Table(
    "contacts",
    METADATA,
    _key("org"),
    _key("id"),
    _words("email"),
    _words("first_name"),
    _words("last_name"),
    _words("phone"),
    _words("company"),
    _json("properties"),
    _moment("created_at", nullable=False),
    Column("email_key", Words, comment="the normalised e-mail address"),
)
Index("contacts_email_key_ix", contacts.c.org, contacts.c.email_key)

opportunities: Final = Table(
    "opportunities",
    METADATA,
    _key("org"),
    _key("id"),
    _words("name", nullable=False),
    Column("amount", ExactDecimal),
    _words("currency"),
    Column("expected_close_date", Date),
    _words("stage"),
    _words("contact_id", nullable=False),
    _words("lead_id", nullable=False),
    _moment("created_at", nullable=False),
)
Index("opportunities_contact_ix", opportunities.c.org, opportunities.c.contact_id)

gateway_keys: Final = Table("gateway_keys", METADATA, _key("org"), _key("key"), _words("made_id", nullable=False))
"""Under which key which contact or opportunity was made."""

pointers: Final = Table("pointers", METADATA, _key("org"), _key("pool"), _json("members"))
"""Whose turn it is: for each pool one row, which is what an assignment locks; its members' pointers are fractions."""

idempotency: Final = Table(
    "idempotency",
    METADATA,
    _key("org"),
    _key("key"),
    _words("fingerprint", nullable=False),
    _json("result"),
    _moment("at", nullable=False),
)

events: Final = Table(
    "events",
    METADATA,
    _key("org"),
    _key("lead_id"),
    _key("sequence", BigInteger),
    _words("type", nullable=False),
    _moment("time", nullable=False),
    _words("actor", nullable=False),
    _json("data"),
)
"""The history of every lead; the id of an event is its lead and its sequence."""

outbox: Final = Table(
    "outbox",
    METADATA,
    _key("org"),
    _key("lead_id"),
    _key("sequence", BigInteger),
    # Grows in the order of writing. SQLite has no counter beside the row's own; there the insert counts.
    Column("position", BigInteger, Identity(), nullable=False),
    Column("state", Words, nullable=False, server_default="pending", comment="pending, or dead"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _moment("due_at"),
    _moment("claimed_until"),
    _words("claimed_by"),
    _words("last_error"),
)
"""The events that wait to be published; what was published is gone from it."""

Index("outbox_position_ix", outbox.c.position)
_dead = text("state = 'dead'")
Index("outbox_dead_ix", outbox.c.position, postgresql_where=_dead, sqlite_where=_dead)

inbox: Final = Table("inbox", METADATA, _key("org"), _key("consumer"), _key("event_id"), _moment("at", nullable=False))
"""The events that a consumer has dealt with."""

jobs: Final = Table(
    "jobs",
    METADATA,
    _key("org"),
    _key("id"),
    _words("state", nullable=False),
    _moment("created_at", nullable=False),
    _json("document"),
)
unfinished: Final = text("state IN ('queued', 'running')")
"""Whether a job is still to be done, in the very words of its index."""

Index("jobs_unfinished_ix", jobs.c.org, jobs.c.created_at, postgresql_where=unfinished, sqlite_where=unfinished)

settings: Final = Table("settings", METADATA, _key("org"), _json("document"))
