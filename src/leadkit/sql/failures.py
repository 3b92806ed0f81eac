"""What a driver complains of, in leadkit's words, without anything that somebody sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leadkit.errors import StoreFull, StoreLocked, StoreReadOnly, StoreUnavailable, StoreUnusable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["is_gone", "translated"]

# The classes of SQLSTATE that say that the connection, or the server behind it, is gone.
_GONE: Final = ("08", "57P")

_LOCKED: Final = "others held it for longer than was waited"
_READ_ONLY: Final = "it can be read only"
_FULL: Final = "it is full"

_OF_SQLITE: Final[Mapping[str, tuple[type[StoreUnavailable], str]]] = {
    "SQLITE_BUSY": (StoreLocked, _LOCKED),
    "SQLITE_LOCKED": (StoreLocked, _LOCKED),
    "SQLITE_PROTOCOL": (StoreLocked, _LOCKED),
    "SQLITE_READONLY": (StoreReadOnly, _READ_ONLY),
    "SQLITE_FULL": (StoreFull, _FULL),
    "SQLITE_NOTADB": (StoreUnusable, "it is no SQLite database"),
    "SQLITE_CORRUPT": (StoreUnusable, "it is damaged"),
    "SQLITE_CANTOPEN": (StoreUnavailable, "it cannot be opened"),
    "SQLITE_IOERR": (StoreUnavailable, "its file cannot be read or written"),
}
"""By the primary code of SQLite's result."""

_OF_POSTGRESQL: Final[Mapping[str, tuple[type[StoreUnavailable], str]]] = {
    "55P03": (StoreLocked, _LOCKED),
    "57014": (StoreLocked, "it took longer than the server allows"),
    "40P01": (StoreLocked, "it waited for others that waited for it"),
    "40001": (StoreLocked, "others came first"),
    "25006": (StoreReadOnly, _READ_ONLY),
    "53100": (StoreFull, _FULL),
    "53200": (StoreUnavailable, "its memory is used up"),
    "53300": (StoreUnavailable, "it has no connection to spare"),
    "28000": (StoreUnusable, "the user is not let in"),
    "28P01": (StoreUnusable, "the user is not let in"),
    "3D000": (StoreUnusable, "there is no such database"),
    "42501": (StoreUnusable, "the user may not do this"),
}
"""By SQLSTATE."""


def is_gone(error: BaseException) -> bool:
    """Answer whether the connection cannot be used any more.

    Args:
        error: What the driver raised.
    """
    if hasattr(error, "sqlite_errorname"):
        return False
    state: str | None = getattr(error, "sqlstate", None)
    if state is not None:
        return state.startswith(_GONE)
    # psycopg has no state to tell where there is nobody to talk to.
    return type(error).__name__ in ("OperationalError", "InterfaceError")


def translated(error: BaseException, *, name: str) -> StoreUnavailable:
    """Answer the error that says what is wrong.

    Args:
        error: What the driver raised.
        name: What people call the database, without anything secret.
    """
    code: str | None = getattr(error, "sqlite_errorname", None)
    if code is not None:
        # An extended code, such as SQLITE_BUSY_SNAPSHOT, begins with its primary one.
        primary = "_".join(code.split("_")[:2])
        kind, reason = _OF_SQLITE.get(primary, (StoreUnusable, f"{code}: {error}"))
        return kind(reason=f"{name}: {reason}")
    state: str | None = getattr(error, "sqlstate", None)
    if state is not None and state in _OF_POSTGRESQL:
        kind, reason = _OF_POSTGRESQL[state]
        return kind(reason=f"{name}: {reason}")
    if is_gone(error):
        return StoreUnavailable(reason=f"{name}: the connection is gone, or there is none to be had")
    # Only the primary message: the detail tells values.
    told = getattr(getattr(error, "diag", None), "message_primary", None)
    return StoreUnusable(reason=f"{name}: {told or type(error).__name__}")
