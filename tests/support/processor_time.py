"""What S8 gives: time by the processor's clock, as the best of several; asserted at the gates' full number alone."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, Final

from leadkit.errors import LeadkitError

if TYPE_CHECKING:
    from collections.abc import Callable

FULL: Final = os.environ.get("LEADKIT_GATES") == "full"
MOST_SECONDS: Final = 0.050


def measured(action: Callable[[], Any], *, most: float = MOST_SECONDS) -> tuple[Any, float]:
    """Answer what an action answered or was refused with, and the least time that it took, which is within bounds."""
    least = float("inf")
    for _ in range(5 if FULL else 1):
        begun = time.process_time()
        try:
            outcome = action()
        except LeadkitError as error:
            outcome = error
        least = min(least, time.process_time() - begun)
    assert not FULL or least < most
    return outcome, least
