"""Statements: written with SQLAlchemy, compiled once for a database, and run through its driver.

Compiling once and talking to the driver directly is what keeps a command within twice its bare transaction: a
statement that SQLAlchemy executes costs four times as much as the driver's own, most of it for what leadkit does not
need.
"""

from __future__ import annotations

from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import Insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.sql.selectable import Select
from sqlalchemy.types import NullType, Text, TypeDecorator

from leadkit.sql.types import dump_json, is_sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql import ClauseElement
    from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["Among", "InsertNew", "Prepared", "Upsert", "WordList", "among", "prepare"]


class InsertNew(Insert):
    """An insert that passes over rows whose key is taken; the count of rows tells."""

    inherit_cache = True


class Upsert(Insert):
    """An insert that puts the row in the place of the one with its key."""

    inherit_cache = True


@compiles(InsertNew)
def _insert_new(element: InsertNew, compiler: Any, **options: Any) -> str:
    return f"{compiler.visit_insert(element, **options)} ON CONFLICT DO NOTHING"


@compiles(Upsert)
def _upsert(element: Upsert, compiler: Any, **options: Any) -> str:
    table: Any = element.table
    key = [column.name for column in table.primary_key]
    rest = [column.name for column in table.c if column.name not in key]
    quoted = compiler.preparer.quote
    changes = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in rest)
    return (
        f"{compiler.visit_insert(element, **options)}"
        f" ON CONFLICT ({', '.join(quoted(name) for name in key)}) DO UPDATE SET {changes}"
    )


class WordList(TypeDecorator[list[str]]):
    """Any number of words as one parameter: an array, or a JSON list where the database has no arrays."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Answer the type of the parameter."""
        if is_sqlite(dialect):
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import ARRAY  # noqa: PLC0415 - a database that is not in use is not loaded

        return dialect.type_descriptor(ARRAY(Text()))

    def bind_processor(self, dialect: Dialect) -> Any:
        """Answer how the words are sent."""
        return dump_json if is_sqlite(dialect) else None


class Among(FunctionElement[Any]):
    """Whether a column is one of the words of one parameter: a statement whose text does not grow with them."""

    # No boolean: for one, SQLAlchemy would write `= 1` behind it where a database has none.
    type = NullType()
    name = "among"
    inherit_cache = True


@compiles(Among, "sqlite")
def _among_sqlite(element: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, words = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({words}))"  # noqa: S608 - compiled clauses, nobody's text


@compiles(Among, "postgresql")
def _among_postgresql(element: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, words = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({words})"


def among(column: ColumnElement[Any], words: ColumnElement[Any]) -> Among:
    """Answer the condition that a column is one of the words.

    Args:
        column: A column of words.
        words: A parameter of the type `WordList`.
    """
    return Among(column, words)


_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def _present(functions: Sequence[Any]) -> tuple[tuple[int, Any], ...]:
    # Where null is looked for here, a function need not do it once more.
    return tuple(
        (place, getattr(function, "plain", function))
        for place, function in enumerate(functions)
        if function is not None
    )


@attrs.frozen(kw_only=True)
class Prepared:
    """A statement as a driver takes it.

    Attributes:
        text: The statement.
        names: The names of its parameters, in their order.
        writers: For each parameter, how its value is written; None where it is taken as it is.
        columns: The names of the columns of the answer.
        readers: For each column of the answer, how its values are read; None where they are as they come.
        constants: The values of the parameters that the statement brings itself.
        positional: Whether the driver takes the parameters by their place, and not by name.
    """

    text: str
    names: tuple[str, ...]
    writers: tuple[Any, ...]
    columns: tuple[str, ...]
    readers: tuple[Any, ...]
    constants: Mapping[str, Any]
    positional: bool
    # Only those that there are, by their places.
    _writing: tuple[tuple[int, Any], ...] = attrs.field(
        default=attrs.Factory(lambda self: _present(self.writers), takes_self=True), init=False, repr=False
    )
    _reading: tuple[tuple[int, Any], ...] = attrs.field(
        default=attrs.Factory(lambda self: _present(self.readers), takes_self=True), init=False, repr=False
    )

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Answer the parameters as the driver takes them.

        Args:
            values: By name.
        """
        constants = self.constants
        written = [values[name] if name in values else constants[name] for name in self.names]
        for place, write in self._writing:
            if written[place] is not None:
                written[place] = write(written[place])
        return written if self.positional else dict(zip(self.names, written, strict=True))

    def parameters_of(self, rows: Iterable[Mapping[str, Any]], fixed: Mapping[str, Any]) -> list[Any]:
        """Answer the parameters of many rows, as the driver takes them.

        Args:
            rows: The values of each row, by name.
            fixed: The values of all of them.
        """
        every = {**self.constants, **fixed}
        found = [{**every, **row} for row in rows]
        return self.parameters_in(self.names, [tuple([row[name] for name in self.names]) for row in found])

    def parameters_in(
        self, order: Sequence[str], rows: Iterable[tuple[Any, ...]], fixed: Mapping[str, Any] = _NOTHING
    ) -> list[Any]:
        """Answer the parameters of many rows that come as tuples, which is the quickest.

        Args:
            order: The names of the values of each row.
            rows: The values of each row.
            fixed: The values of all of them.
        """
        rest = {name: value for name, value in {**self.constants, **fixed}.items() if name not in order}
        places = {name: place for place, name in enumerate((*order, *rest))}
        picked, behind = itemgetter(*[places[name] for name in self.names]), tuple(rest.values())
        answers: list[Any] = []
        for row in rows:
            written = list(picked(row + behind))
            for place, write in self._writing:
                if written[place] is not None:
                    written[place] = write(written[place])
            answers.append(written if self.positional else dict(zip(self.names, written, strict=True)))
        return answers

    def read(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Answer the values of rows as they came from the driver."""
        readers = self._reading
        if not readers:
            return [tuple(row) for row in rows]
        answers: list[tuple[Any, ...]] = []
        for row in rows:
            values = list(row)
            for place, read in readers:
                if values[place] is not None:
                    values[place] = read(values[place])
            answers.append(tuple(values))
        return answers


def prepare(statement: ClauseElement, dialect: Dialect) -> Prepared:
    """Compile a statement.

    Args:
        statement: A select, insert, update or delete.
        dialect: Of the database.
    """
    compiled: Any = statement.compile(dialect=dialect)
    positional = dialect.positional
    bound = {compiled.bind_names[parameter]: parameter for parameter in compiled.binds.values()}
    names = tuple(compiled.positiontup) if positional else tuple(bound)
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    return Prepared(
        text=compiled.string,
        names=names,
        writers=tuple(bound[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names),
        columns=tuple(str(column.key) for column in columns),
        readers=tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns),
        constants={name: parameter.effective_value for name, parameter in bound.items() if not parameter.required},
        positional=positional,
    )
