"""The rule language in PostgreSQL: JSON as the text that was written, and numbers as exact decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final

import attrs
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Double,
    Integer,
    Numeric,
    Text,
    case,
    cast,
    false,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY

from leadkit.conditions import Kind
from leadkit.sql.folding import folded_pattern
from leadkit.sql.statements import among
from leadkit.sql.values import EXACT, OfNoKind, Refusal, compared, exact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import FromClause

    from leadkit.sql.values import Bool, Sql, Value

__all__ = ["Postgres"]

_TYPES: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "string",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "boolean",
    Kind.LIST: "array",
    Kind.OBJECT: "object",
}
"""What `json_typeof` answers for each kind; an instant has none in JSON."""


def _word(text: str) -> Sql:
    return cast(literal(text, Text), Text)


@attrs.frozen(eq=False)
class _Json(OfNoKind):
    """A value within a JSON document.

    Attributes:
        value: The value, of the type json; NULL where there is none.
    """

    kinds: ClassVar[frozenset[Kind]] = frozenset(_TYPES)

    value: Any

    def _type(self) -> Sql:
        return func.json_typeof(self.value, type_=Text)

    def exists(self) -> Bool:
        """Tell whether it is there."""
        return func.coalesce(self._type() != "null", false(), type_=Boolean)

    def guarded(self, kind: Kind, answer: Bool) -> Bool:
        """Answer what is only asked of a value of one kind, and false for every other."""
        # In a CASE, since AND promises no order, and a cast of the wrong kind of value fails.
        return case((self._type() == _TYPES[kind], answer), else_=false()) if kind in self.kinds else false()

    def text(self) -> Sql:
        """Answer the text, where it is one."""
        text: Sql = self.value.op("#>>", return_type=Text())(cast(literal("{}", Text), ARRAY(Text)))
        return text

    def truth(self) -> Bool:
        """Answer the truth value, where it is one."""
        return self.text() == "true"

    def number(self, operator: str, wanted: float, /) -> Bool:
        """Compare it with a number; false where it is none."""
        return self.guarded(Kind.NUMBER, compared(self._key_beside([wanted]), operator, _number(wanted)))

    def one_of(self, wanted: Sequence[float], /) -> Bool:
        """Tell whether it is one of some numbers."""
        decimals = [_decimal(number) for number in wanted]
        return self.guarded(Kind.NUMBER, among(self._key_beside(wanted), literal(decimals, ARRAY(Numeric))))

    def _key_beside(self, wanted: Sequence[float]) -> Sql:
        # A float from 2^53 on is beyond a smaller number by its shortest decimal too.
        return cast(self.text(), Numeric) if all(abs(number) < EXACT for number in wanted) else self.key()

    def key(self) -> Sql:
        """Answer the number: a whole one as it stands, a float as the decimal that orders as the float does."""
        text = self.text()
        real = cast(text, Double)
        return case(
            (text.regexp_match("[.eE]") & (func.abs(real) >= float(EXACT)), _from_double(real)),
            else_=cast(text, Numeric),
        )

    def items(self) -> tuple[FromClause, Value]:
        """Answer the items of the list as rows, with what an item is."""
        listed = case((self._type() == "array", self.value), else_=cast(literal("[]", Text), JSON))
        rows = func.json_array_elements(type_coerce(listed, JSON)).table_valued("value", joins_implicitly=True)
        return rows, _Json(type_coerce(rows.c.value, JSON))

    def member(self, key: str, /) -> Value:
        """Answer what stands under a key."""
        return _Json(self.value.op("->", return_type=JSON())(_word(key)))

    def instead(self, other: _Json, /) -> Value:
        """Answer this, or where it is missing, another."""
        return _Json(type_coerce(case((self.exists(), self.value), else_=other.value), JSON))


def _decimal(wanted: float) -> Decimal:
    fraction = exact(wanted)
    return Decimal(float.__repr__(wanted)) if fraction.denominator != 1 else Decimal(fraction.numerator)


def _number(wanted: float) -> Sql:
    return cast(literal(_decimal(wanted), Numeric), Numeric)


def _from_double(real: Sql) -> Sql:
    """Answer a float from 2^53 on as the whole number that it is; a cast would keep fifteen digits of it.

    It is brought below 2^63 by a power of two, which loses nothing, and taken back up among exact numbers.
    """
    power = func.greatest(0, cast(func.floor(func.ln(func.abs(real)) / func.ln(cast(2, Double))), Integer) - 60)
    small = cast(real / func.power(cast(2, Double), power), BigInteger)
    return cast(small, Numeric) * func.power(cast(2, Numeric), cast(power, Numeric), type_=Numeric)


# The grammar of `leadkit.values.times`, with the ranges that Python checks afterwards.
_INSTANT: Final = (
    r"\A(?!0000)([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"(?:T([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{1,6}))?)?(?:Z|([+-])([01][0-9]|2[0-3]):([0-5][0-9])))?\Z"
)
_MICROS: Final = 1_000_000
_DAY: Final = 86_400 * _MICROS
_EARLIEST: Final = -62_135_596_800 * _MICROS
_LATEST: Final = 253_402_300_800 * _MICROS - 1


def _micros_of_text(text: Sql) -> Sql:
    found = (
        func.regexp_match(text, literal(_INSTANT, Text), type_=ARRAY(Text))
        .table_valued("found", joins_implicitly=True)
        .render_derived()
    )
    match = type_coerce(found.c.found, ARRAY(Text))
    group = [match, *(match[number] for number in range(1, 11))]

    def whole(number: int) -> Sql:
        return cast(func.coalesce(group[number], "0"), BigInteger)

    first = func.make_date(cast(group[1], Integer), cast(group[2], Integer), 1)
    next_month = first + func.make_interval(0, 1)
    days = func.extract("day", next_month - func.make_interval(0, 0, 0, 1))
    midnight = (first - func.make_date(1970, 1, 1)) + whole(3) - 1
    micros = cast(func.rpad(func.coalesce(group[7], "0"), 6, "0"), BigInteger)
    offset = (whole(9) * 60 + whole(10)) * 60 * _MICROS * case((group[8] == "-", -1), else_=1)
    counted = (
        cast(midnight, BigInteger) * literal(_DAY, BigInteger)
        + ((whole(4) * 60 + whole(5)) * 60 + whole(6)) * _MICROS
        + micros
        - offset
    )
    inside = counted.between(literal(_EARLIEST, BigInteger), literal(_LATEST, BigInteger))
    dated = case((whole(3) <= days, case((inside, counted))))
    return select(case((match.is_not(None), dated))).select_from(found).correlate_except(found).scalar_subquery()


class Postgres:
    """PostgreSQL, from version 14 on, in a database of the encoding UTF-8."""

    name = "PostgreSQL"
    cannot: ClassVar[Mapping[str, str]] = {
        "patterns": "PostgreSQL has another language of regular expressions than RE2, and one that can hang",
        "lower case": "PostgreSQL lowers text by a locale; only text that is written in the condition folds case",
    }

    deepest: int | None = None

    def document(self, column: Sql) -> Value:
        """Answer a column of JSON as a value with members."""
        return _Json(type_coerce(column, JSON))

    def ordered(self, text: Sql) -> Sql:
        """Answer text that is ordered by code point."""
        return text.collate("C")

    def holds(self, text: Sql, part: Sql) -> Bool:
        """Tell whether a text holds another somewhere."""
        return func.strpos(self.ordered(text), part, type_=Integer) > 0

    def starts(self, text: Sql, part: Sql) -> Bool:
        """Tell whether a text begins with another."""
        return func.starts_with(text, part, type_=Boolean)

    def ends(self, text: Sql, part: Sql) -> Bool:
        """Tell whether a text ends with another."""
        return func.right(text, func.length(part), type_=Text) == part

    def lowered(self, _text: Sql, /) -> Sql:
        """Refuse; it would not agree with Python."""
        raise Refusal(self.cannot["lower case"])

    def folded(self, text: Sql, texts: Sequence[str], *, starts: bool, ends: bool) -> Bool:
        """Tell whether a text, in lower case, equals one of some, begins with one, ends with one or holds one."""
        if not texts:
            return false()
        return self.ordered(text).regexp_match(folded_pattern(texts, starts=starts, ends=ends))

    def matches(self, _text: Sql, _pattern: str, _ignore_case: bool, /) -> Bool:  # noqa: FBT001 - the dialect's form
        """Refuse; it would not agree with RE2."""
        raise Refusal(self.cannot["patterns"])

    def micros_of_text(self, text: Sql) -> Sql:
        """Answer ISO text as microseconds since 1970, NULL where it is no instant."""
        return _micros_of_text(text)

    def micros(self, column: Sql) -> Sql:
        """Answer a column of instants as microseconds since 1970."""
        return cast(func.extract("epoch", column) * literal(_MICROS, Numeric), BigInteger)

    def division(self, column: Sql, scale: int) -> Sql:
        """Answer a column of whole multiples as the number itself."""
        whole = cast(column, Numeric)
        return whole if scale == 1 else whole / literal(scale, Numeric)

    def numbers(self, left: Value, operator: str, right: Value) -> Bool:
        """Compare two values that are numbers, exactly."""
        return compared(left.key(), operator, right.key())
