"""Requests that were carried out already, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
from sqlalchemy import bindparam, select

from leadkit.errors import AlreadyExists
from leadkit.ports import KeyedRequest
from leadkit.sql.locking import lock_key
from leadkit.sql.schema import idempotency
from leadkit.sql.statements import InsertNew

if TYPE_CHECKING:
    from leadkit.sql.transactions import Transaction

__all__ = ["SqlIdempotency"]

_COLUMNS: Final = tuple(idempotency.c[name] for name in ("key", "fingerprint", "result", "at"))
_ONE: Final = select(*_COLUMNS).where(idempotency.c.org == bindparam("org"), idempotency.c.key == bindparam("key"))
_INSERT: Final = InsertNew(idempotency)


@attrs.frozen
class SqlIdempotency:
    """The keyed requests of one organisation."""

    _work: Transaction

    def get(self, key: str) -> KeyedRequest | None:
        """Answer the request that was carried out under a key, or None; whoever asks for it next waits."""
        lock_key(self._work, key)
        found = self._work.records(_ONE, key=key)
        return KeyedRequest(**found[0]) if found else None

    def add(self, request: KeyedRequest) -> None:
        """Keep a request."""
        if not self._work.change(_INSERT, attrs.asdict(request, recurse=False)):
            raise AlreadyExists(kind="request", id=request.key)
