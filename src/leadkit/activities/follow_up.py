"""A follow-up: what was done with a lead, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadkit.activities.activity import Activity, ActivityType, NewActivity, enter_activity
from leadkit.activities.task import NewTask, Task, enter_task
from leadkit.values import Document, Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from leadkit.leads import Lead

__all__ = ["FollowUp", "Followed", "follow_up"]


class FollowUp(Document):
    """What is sent to follow a lead up.

    Attributes:
        type: What was done, such as `call`.
        notes: What is to be remembered of it.
        task: What is to be done next.
    """

    type: ActivityType
    notes: Text | None = None
    task: NewTask | None = None

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # Notes are personal and stay out of logs and tracebacks.
        yield from (("type", self.type), ("task", self.task))


class Followed(Document):
    """What came of a follow-up.

    Attributes:
        activity: The entry of the timeline.
        task: The task, where one was asked for.
    """

    activity: Activity
    task: Task | None = None


def follow_up(lead: Lead, sent: FollowUp, *, activity_id: str, task_id: str, actor: str, now: datetime) -> Followed:
    """Decide what a follow-up enters.

    Args:
        lead: The lead.
        sent: What was sent.
        activity_id: The id that the activity gets.
        task_id: The id that the task gets, where there is one.
        actor: Who follows up.
        now: The present.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Lead
        >>> now = datetime(2026, 11, 24, 9, tzinfo=UTC)
        >>> lead = Lead(id="l-1", email="alice@example.com", assigned_to="user-9", created_at=now, updated_at=now)
        >>> sent = FollowUp.model_validate({"type": "call", "task": {"title": "send offer", "dueAt": "2026-12-01"}})
        >>> followed = follow_up(lead, sent, activity_id="a-1", task_id="t-1", actor="user-7", now=now)
        >>> followed.activity.actor, followed.task.assigned_to
        ('user-7', 'user-9')
    """
    done = NewActivity(type=sent.type, notes=sent.notes)
    activity = enter_activity(lead, done, id=activity_id, actor=actor, now=now)
    if sent.task is None:
        return Followed(activity=activity)
    return Followed(activity=activity, task=enter_task(lead, sent.task, id=task_id, actor=actor, now=now))
