"""Reading one cell as its column declares: one row of `TYPES` for each type."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NoReturn

import attrs

from leadkit.importing.dates import date_text, instant_text, moment_by
from leadkit.importing.numbers import integer_by, number_by
from leadkit.leads import zone_named
from leadkit.values.text import MOST_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadkit.importing.mapping import Column, Scalar

__all__ = ["TYPES", "CellType", "Convert", "converter"]

Convert = Callable[[str], Any]
"""Reads a cell that is not blank; None means that it is empty all the same. Raises ValueError, in words for people."""

_MOST_NAMED: Final = 10
_SEPARATOR: Final = ";"
_NUMBER: Final = "plain"

_TRUE: Final[tuple[str, ...]] = ("yes", "true", "1", "y", "t", "on", "x", "ja", "oui", "si", "sí")
_FALSE: Final[tuple[str, ...]] = ("no", "false", "0", "n", "f", "off", "nein", "non")
_WORDS: Final[dict[str, bool]] = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)


def _meanings(column: Column) -> Mapping[str, Scalar | None]:
    """The column's map, so that a cell is found as it stands and else in whatever case it stands."""
    meant = column.map or {}
    return {cell.casefold(): value for cell, value in meant.items()} | meant


def _text(column: Column) -> Convert:
    def text(cell: str) -> str:
        return cell if len(cell) <= MOST_TEXT else _refuse(f"longer than {MOST_TEXT:,} characters")

    return text


def _boolean(column: Column) -> Convert:
    def boolean(text: str) -> bool:
        answer = _WORDS.get(text.casefold())
        return _refuse("expected yes or no, true or false, 1 or 0") if answer is None else answer

    return boolean


def _number(column: Column) -> Convert:
    return number_by(column.format or _NUMBER)


def _integer(column: Column) -> Convert:
    return integer_by(column.format or _NUMBER)


def _date(column: Column) -> Convert:
    moment = moment_by(column.format or "")
    return lambda text: date_text(moment(text))


def _datetime(column: Column) -> Convert:
    moment = moment_by(column.format or "")
    zone = None if column.timezone is None else zone_named(column.timezone)
    return lambda text: instant_text(moment(text), zone)


def _choice(column: Column) -> Convert:
    possible = {str(value).casefold(): value for value in (column.map or {}).values() if value is not None}
    named = ", ".join(f"`{value}`" for value in list(possible.values())[:_MOST_NAMED])

    def choice(text: str) -> Scalar:
        value = possible.get(text.casefold())
        return _refuse(f"expected one of {named}") if value is None else value

    return choice


@attrs.frozen(kw_only=True)
class CellType:
    """How cells of one type are read.

    Attributes:
        build: Answers what reads a cell, given the column.
        takes: The options that mean something to it, each with what refuses a bad one.
        needs: Those that it cannot do without.
        values: The Python types that a mapped value or a default may have.
    """

    build: Callable[[Column], Convert]
    takes: Mapping[str, Callable[[Any], object]]
    needs: tuple[str, ...] = ()
    values: tuple[type, ...] = ()


_ANY: Final = {"map": bool, "default": bool}

TYPES: Final[Mapping[str, CellType]] = MappingProxyType(
    {
        "text": CellType(build=_text, takes=_ANY, values=(str,)),
        "number": CellType(build=_number, takes={**_ANY, "format": number_by}, values=(int, float)),
        "integer": CellType(build=_integer, takes={**_ANY, "format": integer_by}, values=(int,)),
        "boolean": CellType(build=_boolean, takes=_ANY, values=(bool,)),
        "date": CellType(build=_date, takes={"format": moment_by}, needs=("format",)),
        "datetime": CellType(build=_datetime, takes={"format": moment_by, "timezone": zone_named}, needs=("format",)),
        "list": CellType(build=_text, takes={"map": bool, "separator": bool}, values=(str,)),
        "choice": CellType(build=_choice, takes=_ANY, needs=("map",), values=(str, bool, int, float)),
    }
)
"""Each type of column; a new one is a row here and its name in `ColumnType`."""


def converter(column: Column) -> Convert:
    """Answer what reads the cells of a column.

    Args:
        column: A column in which `misfits` finds nothing.

    Example:
        >>> from leadkit.importing import Column
        >>> converter(Column(to="properties.tags", type="list", map={"vip": "VIP"}))("vip; new;")
        ['VIP', 'new']
    """
    read = TYPES[column.type].build(column)
    if column.map is not None:
        read = _mapped(read, _meanings(column))
    return _each(read, column.separator or _SEPARATOR) if column.type == "list" else read


def _mapped(read: Convert, meant: Mapping[str, Scalar | None]) -> Convert:
    def mapped(text: str) -> Any:
        for spelling in (text, text.casefold()):
            if spelling in meant:
                return meant[spelling]
        return read(text)

    return mapped


def _each(read: Convert, separator: str) -> Convert:
    def each(text: str) -> list[Any] | None:
        items = [read(item) for part in text.split(separator) if (item := part.strip())]
        return [item for item in items if item is not None] or None

    return each
