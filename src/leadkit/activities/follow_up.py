"""A follow-up: what was done with a lead, and what comes next."""

from __future__ import annotations

from datetime import datetime

from leadkit.activities.activity import Activity
from leadkit.activities.task import NewTask, Task
from leadkit.leads import Lead
from leadkit.values import Document, Identifier, Text

__all__ = ["FollowUp", "Followed", "follow_up"]


class FollowUp(Document):
    """What is sent to follow a lead up.

    Attributes:
        type: What was done, such as `call`.
        notes: What is to be remembered of it.
        task: What is to be done next.
    """

    type: Identifier
    notes: Text | None = None
    task: NewTask | None = None


class Followed(Document):
    """What came of a follow-up.

    Attributes:
        activity: The entry of the timeline.
        task: The task, where one was asked for.
    """

    activity: Activity
    task: Task | None = None


def follow_up(
    lead: Lead, sent: FollowUp, *, activity_id: str, task_id: str, actor: str, now: datetime
) -> Followed:
    """Decide what a follow-up enters.

    Args:
        lead: The lead.
        sent: What was sent.
        activity_id: The id that the activity gets.
        task_id: The id that the task gets, where there is one.
        actor: Who follows up.
        now: The present.
    """
    activity = Activity(id=activity_id, lead_id=lead.id, type=sent.type, notes=sent.notes, at=now, actor=actor)
    if sent.task is None:
        return Followed(activity=activity)
    task = Task(
        id=task_id,
        lead_id=lead.id,
        title=sent.task.title,
        due_at=sent.task.due_at,
        assigned_to=sent.task.assigned_to or lead.assigned_to or actor,
        created_at=now,
    )
    return Followed(activity=activity, task=task)
