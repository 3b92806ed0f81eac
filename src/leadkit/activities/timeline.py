"""The order in which a timeline is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadkit.activities.activity import Activity

__all__ = ["timeline"]


def timeline(activities: Iterable[Activity]) -> tuple[Activity, ...]:
    """Answer activities as people read them: the latest first, equals by id.

    Args:
        activities: The activities of a lead.
    """
    return tuple(sorted(sorted(activities, key=lambda each: each.id), key=lambda each: each.at, reverse=True))
