"""Rows as conditions see them: each field by its name, of its own kind."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.activities import Activity, Task
from leadkit.conditions import Kind
from leadkit.conditions import catalogue as catalogues
from leadkit.leads import Lead
from leadkit.sql.schema import activities, leads, tasks
from leadkit.sql.values import Instants, Numbers, Refusal, Texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import FromClause

    from leadkit.conditions import Path
    from leadkit.sql.dialects import Dialect
    from leadkit.sql.values import Value

__all__ = ["ItemRecord", "RowRecord", "lead_row", "related_row"]

_HUNDREDTHS: Final = frozenset({"score"})
_ENRICHED: Final = 3
_TABLES: Final[Mapping[str, tuple[Any, type[Any]]]] = {"activities": (activities, Activity), "tasks": (tasks, Task)}
"""The related records that are kept beside the leads: their table and their model."""


@attrs.frozen
class RowRecord:
    """A row.

    Attributes:
        table: Its table.
        fields: Its columns as values, by the names of the fields.
    """

    table: FromClause
    fields: Mapping[str, Value]

    def find(self, path: Path) -> Value | None:
        """Answer what a path leads to, None where it leads nowhere in any row.

        Args:
            path: The path.

        Raises:
            Refusal: What is there cannot be asked in SQL.
        """
        segments = path.segments
        if segments[:1] == ("enrichment",) and len(segments) >= _ENRICHED and segments[2] != "provider":
            message = "of an enriched field, SQL knows the provider; its value and its time are kept as text"
            raise Refusal(message)
        found = self.fields.get(segments[0]) if segments else None
        return _within(found, segments[1:])


@attrs.frozen
class ItemRecord:
    """An item of a list, whose members are its fields.

    Attributes:
        item: The item.
    """

    item: Value

    def find(self, path: Path) -> Value | None:
        """Answer what a path leads to, None where it leads nowhere in any item."""
        if not path.segments:
            return self.item
        first, *others = path.spellings
        found = self.item.member(first)
        for other in others:
            found = None if found is None else found.instead(self.item.member(other))
        return _within(found, path.segments[1:])


def _within(found: Value | None, keys: tuple[str, ...]) -> Value | None:
    for key in keys:
        found = None if found is None else found.member(key)
    return found


def _row(table: Any, model: type[Any], dialect: Dialect) -> RowRecord:
    fields = catalogues.FieldCatalogue.for_record(model).fields
    kinds = {path.segments[0]: field.kind for path, field in fields.items() if len(path.segments) == 1}
    return RowRecord(table, {name: _value(table.c[name], kind, dialect) for name, kind in kinds.items()})


def _value(column: Any, kind: Kind | None, dialect: Dialect) -> Value:
    if kind is Kind.TEXT:
        return Texts(column)
    if kind is Kind.NUMBER:
        return Numbers(column, 100 if column.name in _HUNDREDTHS else 1, dialect.division)
    if kind is Kind.INSTANT:
        return Instants(column, dialect.micros)
    return dialect.document(column)


@functools.cache
def lead_row(dialect: Dialect) -> RowRecord:
    """Answer a lead's row."""
    return _row(leads, Lead, dialect)


@functools.cache
def related_row(kind: str, dialect: Dialect) -> RowRecord:
    """Answer the row of a record that is kept beside the leads.

    Raises:
        Refusal: Such records are not kept here.
    """
    if kind not in _TABLES:
        message = f"records of the kind `{kind}` are not kept beside the leads"
        raise Refusal(message)
    table, model = _TABLES[kind]
    return _row(table, model, dialect)
