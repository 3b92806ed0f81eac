"""Messages that were dealt with, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from datetime import datetime

    from leadkit.memory.organisation import Organisation, Writer

__all__ = ["MemoryInbox"]


@attrs.frozen
class MemoryInbox:
    """What the consumers of one organisation have dealt with."""

    _rows: Organisation
    _writer: Writer

    def take(self, consumer: str, message_id: str, *, at: datetime) -> bool:
        """Note that a consumer deals with a message; answer whether it is new."""
        place = (consumer, message_id)
        if place in self._rows.inbox.rows:
            return False
        self._writer.set(self._rows.inbox, place, at)
        return True
