"""How values are kept in columns, so that both databases sort them alike and give back exactly what was written.

An instant is kept in SQLite as whole microseconds since 1970: against text of fixed width, inserts are a third
faster and the file a fifth smaller. JSON is kept as the text that was written, in PostgreSQL as `JSON` and not as
`JSONB`, which would turn `1e16` into a whole number and put keys into an order of its own.
"""

from __future__ import annotations

import functools
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic_core import from_json, to_json
from sqlalchemy import JSON, BigInteger, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator

from leadkit.values.numbers import from_hundredths, hundredths

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

__all__ = ["ExactDecimal", "Hundredths", "Json", "Moment", "Words", "dump_json", "is_sqlite", "microseconds", "moment"]

_EMPTY: Final[dict[type, str]] = {dict: "{}", list: "[]"}
_NESTED_OR_NAN: Final = b"NaN"

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# Below, in the year 2106, a double still tells neighbouring microseconds apart.
_EXACT: Final = 2**32 * 1_000_000


def is_sqlite(dialect: Dialect) -> bool:
    """Answer whether a dialect is that of SQLite."""
    return dialect.name == "sqlite"


def microseconds(value: datetime) -> int:
    """Answer an instant as microseconds since 1970.

    Example:
        >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))
        1000005
    """
    return _counted(value)


# One command, and one batch, writes one moment into many places.
@functools.lru_cache(maxsize=1_000)
def _counted(value: datetime) -> int:
    return (value - _EPOCH) // _MICROSECOND


def moment(count: int) -> datetime:
    """Answer the instant of so many microseconds since 1970, exactly.

    Example:
        >>> moment(1_000_005)
        datetime.datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=datetime.timezone.utc)
    """
    if 0 <= count < _EXACT:
        return datetime.fromtimestamp(count / 1_000_000, UTC)
    return _EPOCH + timedelta(microseconds=count)


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


class Moment(TypeDecorator[datetime]):
    """An instant in UTC, exact to the microsecond."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Answer the column type of a database."""
        return dialect.type_descriptor(BigInteger() if is_sqlite(dialect) else TIMESTAMP(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Any:
        """Answer how an instant is written."""
        return _or_null(microseconds) if is_sqlite(dialect) else None

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """Answer how an instant is read."""
        return _or_null(moment if is_sqlite(dialect) else _in_utc)


def dump_json(value: object) -> str:
    """Write JSON as it is kept: as short as it can be, and in the order in which it was given.

    Raises:
        ValueError: It holds what JSON cannot, such as NaN.
    """
    if not value and (empty := _EMPTY.get(value.__class__)) is not None:
        return empty
    try:
        written = to_json(value, inf_nan_mode="constants")
    except ValueError:
        written = _NESTED_OR_NAN
    # pydantic's writer takes a quarter of the time. It stops at a depth of 255, and lets through what JSON cannot hold.
    # Most texts have none of these capitals, and for one byte they are gone through much faster than for a word.
    if (b"N" in written and b"NaN" in written) or (b"I" in written and b"Infinity" in written):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return written.decode()


def load_json(text: str) -> Any:
    """Read JSON as it was kept."""
    try:
        return from_json(text)
    except ValueError:
        # pydantic's reader takes half of the time, and stops at a depth of 200.
        return json.loads(text)


class Json(TypeDecorator[Any]):
    """JSON, read back as it was written: key for key, number for number."""

    impl = Text
    cache_ok = True
    should_evaluate_none = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Answer the column type of a database."""
        return dialect.type_descriptor(Text() if is_sqlite(dialect) else JSON())

    def bind_processor(self, dialect: Dialect) -> Any:
        """Answer how JSON is written."""
        return _or_null(dump_json)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """Answer how JSON is read; the PostgreSQL driver is told to leave it to this."""
        return _or_null(load_json)


class Hundredths(TypeDecorator[float]):
    """Points, as the whole hundredths in which they are exact."""

    impl = Integer
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """Answer how points are written."""
        return _or_null(hundredths)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """Answer how points are read."""
        return _or_null(from_hundredths)


def _plain_decimal(value: Decimal) -> str:
    return format(value, "f")


class ExactDecimal(TypeDecorator[Decimal]):
    """Money: as decimal text where the database knows no exact numbers."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Answer the column type of a database."""
        return dialect.type_descriptor(cast("TypeEngine[Any]", Text() if is_sqlite(dialect) else Numeric()))

    def bind_processor(self, dialect: Dialect) -> Any:
        """Answer how money is written."""
        return _or_null(_plain_decimal)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """Answer how money is read."""
        return _or_null(Decimal) if is_sqlite(dialect) else None


Words: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its characters' numbers, as Python and SQLite have it, whatever the server's language."""


def _or_null(function: Any) -> Any:
    def processed(value: Any) -> Any:
        return None if value is None else function(value)

    # For whoever looks for null himself, and calls it for a million values.
    processed.plain = function  # type: ignore[attr-defined]  # functions hold what they are given
    return processed
