"""A publisher that keeps what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from leadkit.leads import Event

__all__ = ["MemoryPublisher"]


@attrs.frozen
class MemoryPublisher:
    """Keeps what was published, for tests and notebooks.

    Attributes:
        published: Each event with its organisation, in the order in which they came.
    """

    published: list[tuple[str, Event]] = attrs.Factory(list["tuple[str, Event]"])

    def publish(self, org: str, event: Event) -> None:
        """Keep an event."""
        self.published.append((org, event))
