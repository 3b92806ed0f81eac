"""What is really said to a database: every statement, as its driver gets it, and whether it names its organisation."""

from __future__ import annotations

import contextlib
import functools
import re
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

# The number of the next row of the outbox, counted in SQLite where PostgreSQL has a counter: it tells nobody anything.
NUMBERING = "(SELECT coalesce(max(position), 0) + 1 FROM outbox)"


@functools.cache
def _touched() -> re.Pattern[str]:
    from leadkit.sql.schema import METADATA

    tables = "|".join(METADATA.tables)
    return re.compile(rf"\b(FROM|JOIN|UPDATE|INTO|,)\s+({tables})\b(?!\s*\.)(?:\s+AS\s+(\w+))?")


@attrs.frozen
class Statement:
    """A statement with its values written into it."""

    text: str

    @property
    def tables(self) -> set[str]:
        return {table for _, table, _ in self._touched}

    @property
    def _touched(self) -> list[tuple[str, str, str]]:
        return _touched().findall(self.text.replace(NUMBERING, "1"))

    def names(self, org: str) -> bool:
        """Answer whether every table in it is narrowed to the organisation."""
        return all(
            re.search(rf"INTO {table} \(org, .*?VALUES \('{org}'", self.text, re.DOTALL)
            if verb == "INTO"
            else re.search(rf"\b{alias or table}\.org = ('{org}'|\w+\.org)", self.text)
            for verb, table, alias in self._touched
        ) and (f"'{org}'" in self.text or not self._touched)


# A parameter, with the type and the order that SQLAlchemy writes behind it.
PARAMETER = r"{}(?:::[A-Z ]+(?:\[\])?)?(?: COLLATE \"C\")?"


def _written(query: object, values: object) -> str:
    text = str(query)
    named = values.items() if isinstance(values, dict) else ((None, value) for value in values or ())
    for name, value in named:
        said = "'" + str(value).replace("'", "''") + "'"
        pattern = PARAMETER.format("%s" if name is None else rf"%\({name}\)s")
        text = re.sub(pattern, lambda _, said=said: said, text, count=1 if name is None else 0)
    return text


@contextlib.contextmanager
def listening() -> Iterator[list[Statement]]:
    """Hear every statement on connections that are opened from now on, to SQLite and to PostgreSQL."""
    from sqlalchemy import Engine, event

    heard: list[Statement] = []

    def listen(connection, _record):
        if hasattr(connection, "set_trace_callback"):
            connection.set_trace_callback(lambda text: heard.append(Statement(text)))
            return
        import psycopg

        class Telling(psycopg.Cursor):
            def execute(self, query, params=None, **options):
                heard.append(Statement(_written(query, params)))
                return super().execute(query, params, **options)

            def executemany(self, query, params_seq, **options):
                rows = list(params_seq)
                heard.extend(Statement(_written(query, row)) for row in rows)
                return super().executemany(query, rows, **options)

        connection.cursor_factory = Telling

    event.listen(Engine, "connect", listen)
    try:
        yield heard
    finally:
        event.remove(Engine, "connect", listen)
