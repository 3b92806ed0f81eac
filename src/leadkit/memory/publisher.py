"""A publisher that calls functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadkit.leads import Event

__all__ = ["CallingPublisher", "MemoryPublisher"]


@attrs.frozen
class CallingPublisher:
    """Hands each event to a function of the host.

    Attributes:
        call: Takes the organisation and the event.
    """

    call: Callable[[str, Event], object]

    def publish(self, org: str, event: Event) -> None:
        """Hand an event on."""
        self.call(org, event)


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
