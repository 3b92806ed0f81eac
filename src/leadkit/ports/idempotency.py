"""Which requests were carried out already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["IdempotencyStore", "KeyedRequest"]


@attrs.frozen(kw_only=True)
class KeyedRequest:
    """A request that was carried out under a key.

    Attributes:
        key: The caller's key.
        fingerprint: Of the command and its arguments, which are not kept.
        result: The ids of what came of it, by kind; never personal values.
        at: When.
    """

    key: str
    fingerprint: str
    result: dict[str, str]
    at: datetime


class IdempotencyStore(Protocol):
    """The keyed requests of one organisation."""

    def get(self, key: str) -> KeyedRequest | None:
        """Answer the request that was carried out under a key, or None.

        Whoever asks for a key that another open unit of work has asked for waits for its end, and then sees what it has
        kept; a store that cannot wait refuses with an error after which the command can be tried again.

        Args:
            key: The caller's key.
        """
        ...

    def add(self, request: KeyedRequest) -> None:
        """Keep a request.

        Raises:
            AlreadyExists: Another one was carried out under that key.
        """
        ...
