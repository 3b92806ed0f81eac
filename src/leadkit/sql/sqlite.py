"""The rule language in SQLite: JSON by paths, numbers by their own affinity, and Python's functions for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import attrs
from sqlalchemy import BigInteger, Boolean, Float, String, and_, case, false, func, literal, or_, true, type_coerce

from leadkit.conditions import Kind
from leadkit.sql.statements import WordList, among
from leadkit.sql.values import Refusal, compared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import FromClause

    from leadkit.sql.values import Bool, Sql, Value

__all__ = ["Sqlite"]

_TYPES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.TEXT: ("text",),
    Kind.NUMBER: ("integer", "real"),
    Kind.BOOLEAN: ("true", "false"),
    Kind.LIST: ("array",),
    Kind.OBJECT: ("object",),
}
"""What `json_type` answers for each kind; an instant has none in JSON."""

_WHOLE: Final = 2**63
"""Whole numbers from here on are rounded to a float by SQLite."""


def _word(text: str) -> Sql:
    return literal(text, String)


@attrs.frozen(eq=False)
class _Json:
    """A place in a JSON document.

    Attributes:
        document: The document.
        path: The way to the place, in SQLite's own syntax; text, or an expression for an item of a list.
    """

    kinds: ClassVar[frozenset[Kind]] = frozenset(_TYPES)

    document: Any
    path: Any

    def _type(self) -> Sql:
        return func.json_type(self.document, self.path, type_=String)

    def exists(self) -> Bool:
        return func.coalesce(self._type() != "null", false(), type_=Boolean)

    def guarded(self, kind: Kind, answer: Bool) -> Bool:
        if kind not in self.kinds:
            return false()
        types = [self._type() == name for name in _TYPES[kind]]
        return case((or_(*types), answer), else_=false())

    def _plain(self) -> Sql:
        return func.json_extract(self.document, self.path)

    def text(self) -> Sql:
        return type_coerce(self._plain(), String)

    def truth(self) -> Bool:
        return self._type() == "true"

    def number(self, operator: str, wanted: float) -> Bool:
        if abs(wanted) < _WHOLE:
            kind = Float if isinstance(wanted, float) else BigInteger
            return self.guarded(
                Kind.NUMBER, compared(type_coerce(self._plain(), kind), operator, literal(wanted, kind))
            )
        return case(
            (self._type() == "integer", _whole(self.verbatim(), operator, int(wanted))),
            (self._type() == "real", _real(type_coerce(self._plain(), Float), operator, wanted)),
            else_=false(),
        )

    def key(self) -> Sql:
        return type_coerce(self._plain(), Float)

    def verbatim(self) -> Sql:
        return type_coerce(self.document, String).op("->")(self.path)

    def rounded(self) -> Bool:
        """Tell whether it is a whole number that SQLite rounds."""
        return and_(self._type() == "integer", func.typeof(self._plain(), type_=String) == "real")

    def moment(self, operator: str, wanted: datetime) -> Bool:
        return false()

    def micros(self) -> Sql:
        raise NotImplementedError

    def items(self) -> tuple[FromClause, Value]:
        rows = func.json_each(self.document, self.path).table_valued("key", joins_implicitly=True)
        return rows, _Json(self.document, _joined(self.path, _word("[") + type_coerce(rows.c.key, String) + "]"))

    def member(self, key: str) -> Value:
        if any(character in '"\\' or character < " " for character in key):
            message = "SQLite finds no key that holds a quotation mark, a backslash or a control character"
            raise Refusal(message)
        return _Json(self.document, _joined(self.path, _word(f'."{key}"')))

    def instead(self, other: _Json) -> Value:
        return _Json(self.document, case((self.exists(), self.path), else_=other.path))


def _joined(path: Any, more: Any) -> Any:
    # Constant parts make one parameter.
    if hasattr(path, "value") and hasattr(more, "value"):
        return _word(path.value + more.value)
    return path + more


def _real(number: Sql, operator: str, wanted: float) -> Bool:
    """Compare a float with a number beyond 64 bits, by the float that lies next to it."""
    if isinstance(wanted, float):
        return compared(number, operator, literal(wanted, Float))
    try:
        nearest = float(wanted)
    except OverflowError:
        return true() if operator in (("<", "<=") if wanted > 0 else (">", ">=")) else false()
    bound = literal(nearest, Float)
    if nearest == wanted:
        return compared(number, operator, bound)
    if operator == "==":
        return false()
    # No float lies between the number and the one next to it.
    above = nearest > wanted
    return {">": number >= bound if above else number > bound, "<": number < bound if above else number <= bound}[
        operator[0]
    ]


def _whole(written: Sql, operator: str, wanted: int) -> Bool:
    """Compare a whole number, as it is written, with one beyond 64 bits: by sign, length and digits."""
    digits = str(wanted)
    length, shown = func.length(written, type_=BigInteger), _word(digits)
    if operator == "==":
        return written == shown
    same_length = and_(length == len(digits), compared(written, operator if wanted > 0 else _MIRRORED[operator], shown))
    negative = written.like("-%")
    longer, shorter = length > len(digits), length < len(digits)
    upwards = operator[0] == ">"
    if wanted > 0:
        return and_(~negative, or_(longer, same_length)) if upwards else or_(negative, shorter, same_length)
    return or_(~negative, shorter, same_length) if upwards else and_(negative, or_(longer, same_length))


_MIRRORED: Final = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


class Sqlite:
    """SQLite, with the functions of `leadkit.sql.functions`."""

    name = "SQLite"

    def document(self, column: Sql) -> Value:
        return _Json(column, _word("$"))

    def ordered(self, text: Sql) -> Sql:
        return text

    def holds(self, text: Sql, part: Sql) -> Bool:
        return func.instr(text, part, type_=BigInteger) > 0

    def starts(self, text: Sql, part: Sql) -> Bool:
        return func.substr(text, 1, func.length(part), type_=String) == part

    def ends(self, text: Sql, part: Sql) -> Bool:
        return or_(part == "", func.substr(text, -func.length(part, type_=BigInteger), type_=String) == part)

    def lowered(self, text: Sql) -> Sql:
        return func.leadkit_lower(text, type_=String)

    def folded(self, text: Sql, texts: Sequence[str], *, starts: bool, ends: bool) -> Bool:
        low = self.lowered(text)
        if starts and ends:
            return among(low, literal(list(texts), WordList()))
        test = self.starts if starts else self.ends if ends else self.holds
        return or_(false(), *(test(low, _word(each)) for each in texts))

    def matches(self, text: Sql, pattern: str, *, ignore_case: bool) -> Bool:
        return func.leadkit_matches(_word(pattern), int(ignore_case), text, type_=Boolean) == true()

    def micros_of_text(self, text: Sql) -> Sql:
        return func.leadkit_instant(text, type_=BigInteger)

    def micros(self, column: Sql) -> Sql:
        return type_coerce(column, BigInteger)

    def division(self, column: Sql, scale: int) -> Sql:
        return column if scale == 1 else type_coerce(column, Float) / literal(float(scale), Float)

    def numbers(self, left: Value, operator: str, right: Value) -> Bool:
        plain = compared(left.key(), operator, right.key())
        rounded = [value.rounded() for value in (left, right) if isinstance(value, _Json)]
        if not rounded:
            return plain
        order = func.leadkit_order(_written(left), _written(right), type_=BigInteger)
        return case((or_(*rounded), compared(order, operator, 0)), else_=plain)


def _written(value: Value) -> Sql:
    text = value.verbatim()
    return func.json_quote(value.key(), type_=String) if text is None else text
