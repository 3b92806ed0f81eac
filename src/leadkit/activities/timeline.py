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

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.activities import Activity
        >>> def on(day, id):
        ...     at = datetime(2026, 11, day, tzinfo=UTC)
        ...     return Activity(id=id, lead_id="lead-1", type="call", at=at, actor="user-7")
        >>> [activity.id for activity in timeline([on(1, "a"), on(24, "c"), on(24, "b")])]
        ['b', 'c', 'a']
    """
    # A stable sort keeps ids ascending among equals, in reverse order too.
    return tuple(sorted(sorted(activities, key=lambda each: each.id), key=lambda each: each.at, reverse=True))
