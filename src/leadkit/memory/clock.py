"""The clock of this machine."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import attrs

__all__ = ["SystemClock"]


@attrs.define(eq=False)
class SystemClock:
    """Answers the present, never earlier than what it answered before, even where the machine's clock is set back."""

    _last: datetime = attrs.field(factory=lambda: datetime.min.replace(tzinfo=UTC))
    _lock: threading.Lock = attrs.field(factory=threading.Lock, repr=False)

    def now(self) -> datetime:
        """Answer the present in UTC."""
        with self._lock:
            self._last = max(self._last, datetime.now(UTC))
            return self._last
