"""The rule language in SQLite: JSON by paths, numbers by their own affinity, and Python's functions for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import attrs
from sqlalchemy import BigInteger, Boolean, Float, String, and_, case, false, func, literal, or_, true, type_coerce

from leadkit.conditions import Kind
from leadkit.sql.statements import WordList, among
from leadkit.sql.values import OfNoKind, Refusal, any_of, compared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
class _Json(OfNoKind):
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
        """Tell whether it is there."""
        return func.coalesce(self._type() != "null", false(), type_=Boolean)

    def guarded(self, kind: Kind, answer: Bool) -> Bool:
        """Answer what is only asked of a value of one kind, and false for every other."""
        if kind not in self.kinds:
            return false()
        types = [self._type() == name for name in _TYPES[kind]]
        return case((or_(*types), answer), else_=false())

    def _plain(self) -> Sql:
        return func.json_extract(self.document, self.path)

    def text(self) -> Sql:
        """Answer the text, where it is one."""
        return type_coerce(self._plain(), String)

    def truth(self) -> Bool:
        """Answer the truth value, where it is one."""
        return self._type() == "true"

    def number(self, operator: str, wanted: float, /) -> Bool:
        """Compare it with a number; false where it is none."""
        if abs(wanted) < _WHOLE:
            kind: type[Any] = Float if type(wanted) is float else BigInteger
            return self.guarded(
                Kind.NUMBER, compared(type_coerce(self._plain(), kind), operator, literal(wanted, kind))
            )
        return case(
            (self._type() == "integer", _whole(self.verbatim(), operator, int(wanted))),
            (self._type() == "real", _real(type_coerce(self._plain(), Float), operator, wanted)),
            else_=false(),
        )

    def one_of(self, wanted: Sequence[float], /) -> Bool:
        """Tell whether it is one of some numbers."""
        plain = [number for number in wanted if abs(number) < _WHOLE]
        held = self.guarded(Kind.NUMBER, among(self._plain(), literal(plain, WordList())))
        return any_of([held, *(self.number("==", number) for number in wanted if abs(number) >= _WHOLE)])

    def key(self) -> Sql:
        """Answer the number, where it is one."""
        return type_coerce(self._plain(), Float)

    def verbatim(self) -> Sql:
        """Answer the number as it is written."""
        return type_coerce(self.document, String).op("->")(self.path)

    def rounded(self) -> Bool:
        """Tell whether it is a whole number that SQLite rounds."""
        return and_(self._type() == "integer", func.typeof(self._plain(), type_=String) == "real")

    def items(self) -> tuple[FromClause, Value]:
        """Answer the items of the list as rows, with what an item is."""
        rows = func.json_each(self.document, self.path).table_valued("key", joins_implicitly=True)
        return rows, _Json(self.document, _joined(self.path, _word("[") + type_coerce(rows.c.key, String) + "]"))

    def member(self, key: str, /) -> Value:
        """Answer what stands under a key."""
        if any(character in '"\\' or character < " " for character in key):
            raise Refusal(Sqlite.cannot["keys"])
        return _Json(self.document, _joined(self.path, _word(f'."{key}"')))

    def instead(self, other: _Json, /) -> Value:
        """Answer this, or where it is missing, another."""
        return _Json(self.document, case((self.exists(), self.path), else_=other.path))


def _joined(path: Any, more: Any) -> Any:
    # Constant parts make one parameter.
    if hasattr(path, "value") and hasattr(more, "value"):
        return _word(path.value + more.value)
    return path + more


def _real(number: Sql, operator: str, wanted: float) -> Bool:
    """Compare a float with a number beyond 64 bits, by the float that lies next to it."""
    if type(wanted) is float:
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
    cannot: ClassVar[Mapping[str, str]] = {
        "keys": "SQLite finds no key that holds a quotation mark, a backslash or a control character",
        "depth": "SQLite reads a statement up to a depth, which lists within lists are soon beyond",
    }

    # Its parser holds a hundred.
    deepest: int | None = 96

    def document(self, column: Sql) -> Value:
        """Answer a column of JSON as a value with members."""
        return _Json(column, _word("$"))

    def ordered(self, text: Sql) -> Sql:
        """Answer text that is ordered by code point."""
        return text

    def holds(self, text: Sql, part: Sql) -> Bool:
        """Tell whether a text holds another somewhere."""
        return func.instr(text, part, type_=BigInteger) > 0

    def starts(self, text: Sql, part: Sql) -> Bool:
        """Tell whether a text begins with another."""
        return func.substr(text, 1, func.length(part), type_=String) == part

    def ends(self, text: Sql, part: Sql) -> Bool:
        """Tell whether a text ends with another."""
        return or_(part == "", func.substr(text, -func.length(part, type_=BigInteger), type_=String) == part)

    def lowered(self, text: Sql) -> Sql:
        """Answer text in lower case, as Python has it."""
        return func.leadkit_lower(text, type_=String)

    def folded(self, text: Sql, texts: Sequence[str], *, starts: bool, ends: bool) -> Bool:
        """Tell whether a text, in lower case, equals one of some, begins with one, ends with one or holds one."""
        low = self.lowered(text)
        if starts and ends:
            return among(low, literal(list(texts), WordList()))
        test = self.starts if starts else self.ends if ends else self.holds
        return any_of([test(low, _word(each)) for each in texts])

    def matches(self, text: Sql, pattern: str, ignore_case: bool, /) -> Bool:  # noqa: FBT001 - the dialect's form
        """Tell whether a pattern in RE2's syntax matches somewhere in a text."""
        return func.leadkit_matches(_word(pattern), int(ignore_case), text, type_=Boolean) == true()

    def micros_of_text(self, text: Sql) -> Sql:
        """Answer ISO text as microseconds since 1970, NULL where it is no instant."""
        return func.leadkit_instant(text, type_=BigInteger)

    def micros(self, column: Sql) -> Sql:
        """Answer a column of instants as microseconds since 1970."""
        return type_coerce(column, BigInteger)

    def division(self, column: Sql, scale: int) -> Sql:
        """Answer a column of whole multiples as the number itself."""
        return column if scale == 1 else type_coerce(column, Float) / literal(float(scale), Float)

    def numbers(self, left: Value, operator: str, right: Value) -> Bool:
        """Compare two values that are numbers, exactly."""
        plain = compared(left.key(), operator, right.key())
        rounded = [value.rounded() for value in (left, right) if isinstance(value, _Json)]
        if not rounded:
            return plain
        order = func.leadkit_order(_written(left), _written(right), type_=BigInteger)
        return case((or_(*rounded), compared(order, operator, 0)), else_=plain)


def _written(value: Value) -> Sql:
    text = value.verbatim()
    return func.json_quote(value.key(), type_=String) if text is None else text
