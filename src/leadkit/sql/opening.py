"""From an address to connections.

`sqlite:///leads.db` is a file beside the process, with four slashes an absolute path. `postgresql://…` is PostgreSQL
through psycopg. `?patience=5` says for how many seconds a unit of work waits for others, `?synchronous=normal` trades
the last commits before a power cut for speed, in SQLite; whatever else follows the question mark is the driver's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from leadkit.errors import Fault, InvalidInput, MissingExtra
from leadkit.sql.database import Database
from leadkit.sql.functions import register

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

__all__ = ["opened"]

_PATIENCE: Final = 30.0
_SYNCHRONOUS: Final = ("full", "normal")


def opened(address: str) -> Database:
    """Open a database; nothing is asked of it yet.

    Args:
        address: Its address.

    Raises:
        InvalidInput: The address is of no known kind.
        MissingExtra: It needs a driver that is not installed.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is None:
        _refuse("it is no address; possible are `sqlite:///leads.db` and `postgresql://user@host/name`")
    patience = _number(url, "patience", _PATIENCE)
    kind = url.get_backend_name()
    if kind not in _OPENED:
        _refuse(f"there is no store of the kind `{kind}`; possible are `sqlite` and `postgresql`")
    return _OPENED[kind](url, patience)


def _refuse(message: str) -> NoReturn:
    raise InvalidInput(faults=(Fault(path="$.address", message=message, code="unknown-store"),))


def _number(url: URL, name: str, default: float) -> float:
    given = url.query.get(name)
    if given is None:
        return default
    try:
        number = float(str(given))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 3_600:  # noqa: PLR2004 - an hour, in seconds
        _refuse(f"`{name}` is a number of seconds, at most an hour")
    return number


def _sqlite(url: URL, patience: float) -> Database:
    synchronous = str(url.query.get("synchronous", "full")).lower()
    if synchronous not in _SYNCHRONOUS:
        _refuse(f"`synchronous` is one of {', '.join(_SYNCHRONOUS)}")
    if url.database in (None, "", ":memory:"):
        _refuse("a store in memory is `memory:`; SQLite needs a file, such as `sqlite:///leads.db`")
    url = url.difference_update_query(["patience", "synchronous"]).set(drivername="sqlite+pysqlite")
    connections = create_engine(
        url,
        # Every waiting unit of work has a connection; SQLite itself says whose turn it is.
        max_overflow=-1,
        # A unit of work ends its transaction itself before it gives a connection back.
        pool_reset_on_return=None,
        connect_args={"timeout": patience, "check_same_thread": False},
    )

    @event.listens_for(connections, "connect")
    def prepared(connection: Any, _record: Any) -> None:
        # leadkit says itself when a transaction begins; the driver would begin one only before it writes.
        connection.isolation_level = None
        register(connection)
        cursor = connection.cursor()
        try:
            for pragma in (f"synchronous = {synchronous}", "temp_store = memory"):
                cursor.execute(f"PRAGMA {pragma}")
        finally:
            cursor.close()

    return Database(connections, name=str(url.database), patience=patience)


def _unread(text: Any) -> Any:
    return text.decode() if isinstance(text, bytes) else text


def _postgresql(url: URL, patience: float) -> Database:
    url = url.difference_update_query(["patience"]).set(drivername="postgresql+psycopg")
    try:
        connections: Engine = create_engine(
            url,
            # JSON is read where its column says how, for both databases alike.
            json_deserializer=_unread,
            pool_timeout=patience,
            isolation_level="AUTOCOMMIT",
        )
    except ImportError:
        raise MissingExtra(extra="postgres", feature="a store in PostgreSQL") from None

    @event.listens_for(connections, "connect")
    def prepared(connection: Any, _record: Any) -> None:
        # leadkit says itself when a transaction begins.
        connection.autocommit = True
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{round(patience * 1000)}ms"])

    return Database(connections, name=url.render_as_string(hide_password=True), patience=patience)


_OPENED: Final = {"sqlite": _sqlite, "postgresql": _postgresql}
