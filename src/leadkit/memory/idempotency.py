"""Requests that were carried out already, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from leadkit.errors import AlreadyExists

if TYPE_CHECKING:
    from leadkit.memory.organisation import Organisation, Writer
    from leadkit.ports import KeyedRequest

__all__ = ["MemoryIdempotency"]


@attrs.frozen
class MemoryIdempotency:
    """The keyed requests of one organisation."""

    _rows: Organisation
    _writer: Writer

    def get(self, key: str) -> KeyedRequest | None:
        """Answer the request that was carried out under a key, or None."""
        return self._rows.requests.rows.get(key)

    def add(self, request: KeyedRequest) -> None:
        """Keep a request."""
        if request.key in self._rows.requests.rows:
            raise AlreadyExists(kind="request", id=request.key)
        self._writer.set(self._rows.requests, request.key, request)
