"""How far leads come: who reached what, who stands there now, and who went on."""

from __future__ import annotations

import math
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.leads import LeadStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from leadkit.analytics.histories import Entry, History, Place

__all__ = ["AHEAD", "Milestones", "advanced_places", "advanced_statuses", "firsts"]

AHEAD: Final[Mapping[LeadStatus, LeadStatus]] = MappingProxyType(
    {
        LeadStatus.NEW: LeadStatus.QUALIFIED,
        LeadStatus.NURTURING: LeadStatus.QUALIFIED,
        LeadStatus.QUALIFIED: LeadStatus.CONVERTED,
    }
)
"""To which status leads go on from another; from one that is not named, nothing lies ahead."""


def firsts(entries: Sequence[Entry]) -> dict[Any, datetime]:
    """Answer when each status or place was first reached.

    Args:
        entries: What a lead came into, in order.
    """
    # The earliest is written last, and stays.
    return dict(reversed(entries))


def advanced_statuses(history: History) -> set[LeadStatus]:
    """Answer from which statuses a lead went on, at whatever time after its first there.

    Args:
        history: The lead's way.
    """
    later: set[LeadStatus] = set()
    advanced: dict[LeadStatus, bool] = {}
    for status, _ in reversed(history.statuses):
        advanced[status] = AHEAD.get(status) in later
        later.add(status)
    return {status for status, went_on in advanced.items() if went_on}


def advanced_places(history: History, orders: Mapping[Place, int]) -> set[Place]:
    """Answer from which places a lead went on to a later stage of the same pipeline, or converted.

    Args:
        history: The lead's way.
        orders: The order of each stage that exists.
    """
    # For each pipeline, the farthest stage that comes later on the way; a conversion lies behind the last.
    farthest: dict[str, float] = {}
    if history.status is LeadStatus.CONVERTED and history.place is not None:
        farthest[history.place.pipeline_id] = math.inf
    advanced: dict[Place, bool] = {}
    for place, _ in reversed(history.places):
        if place in orders:
            order = orders[place]
            beyond = farthest.get(place.pipeline_id, order)
            advanced[place] = beyond > order
            farthest[place.pipeline_id] = max(beyond, order)
    return {place for place, went_on in advanced.items() if went_on}


@attrs.define(kw_only=True)
class Milestones:
    """How many leads came to each point of a funnel: a status, or a place.

    Attributes:
        reached: How many came to it, each counted at its first time.
        entries: How often leads came to it.
        standing: How many of those that reached it stand there.
        advanced: How many of those that reached it went on afterwards.
    """

    reached: Counter[Any] = attrs.Factory(Counter[Any])
    entries: Counter[Any] = attrs.Factory(Counter[Any])
    standing: Counter[Any] = attrs.Factory(Counter[Any])
    advanced: Counter[Any] = attrs.Factory(Counter[Any])

    def add(
        self,
        entries: Sequence[Entry],
        *,
        counts: Callable[[datetime], bool],
        standing: object,
        advanced: Collection[object],
    ) -> set[Any]:
        """Count one lead.

        Args:
            entries: What it came into, in order.
            counts: Whether what happened at an instant is counted.
            standing: Where it stands in the end.
            advanced: From what it went on after its first time there.

        Returns:
            What it reached, for the first time, at an instant that is counted.
        """
        # Plain loops: `Counter.update` takes longer to begin than these few to end.
        for into, at in entries:
            if counts(at):
                self.entries[into] += 1
        reached = {into for into, at in firsts(entries).items() if counts(at)}
        for into in reached:
            self.reached[into] += 1
            if into in advanced:
                self.advanced[into] += 1
        if standing in reached:
            self.standing[standing] += 1
        return reached
