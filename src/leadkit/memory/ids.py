"""Ids that sort by the time at which they were made, as UUID version 7 lays them out."""

from __future__ import annotations

import os
import threading
import time
from typing import Final

import attrs

__all__ = ["TimeOrderedIds"]

_COUNTER_BITS: Final = 12
_RANDOM_BYTES: Final = 8


@attrs.define(eq=False)
class TimeOrderedIds:
    """Makes ids such as `lead_0193…`: the kind, then a UUID 7 in hexadecimal, later ones behind earlier ones.

    Source: RFC 9562, section 5.7, with the counter of section 6.2, method 1.
    """

    _last: int = 0
    _lock: threading.Lock = attrs.field(factory=threading.Lock, repr=False)

    def new(self, kind: str) -> str:
        """Answer a new id.

        Args:
            kind: What it is for; it becomes the beginning of the id.
        """
        with self._lock:
            # Milliseconds and a counter in one number that only grows, also within a millisecond.
            self._last = max(self._last + 1, (time.time_ns() // 1_000_000) << _COUNTER_BITS)
            ticks = self._last
        milliseconds, counter = divmod(ticks, 1 << _COUNTER_BITS)
        random = int.from_bytes(os.urandom(_RANDOM_BYTES)) & ((1 << 62) - 1)
        number = (milliseconds << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | random
        return f"{kind}_{number:032x}"
