"""Messages that were dealt with, so that each of them has its effect once though it may come again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Inbox"]


class Inbox(Protocol):
    """What the consumers of one organisation have dealt with, noted in the unit of work of what they did."""

    def take(self, consumer: str, message_id: str, *, at: datetime) -> bool:
        """Note that a consumer deals with a message; with the unit of work undone, it never did.

        Two units of work that take the same message at once wait for each other; only one of them has it.

        Args:
            consumer: Who deals with it; the same message is another for another consumer.
            message_id: The message's id, the same whenever the message comes again.
            at: The present.

        Returns:
            Whether it is new; False when it was dealt with before.
        """
        ...
