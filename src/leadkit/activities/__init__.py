"""The timeline of a lead: what was done, and what is to be done next."""

from __future__ import annotations

from leadkit.activities.activity import COMMON_TYPES, Activity, NewActivity, enter_activity, linked, noted
from leadkit.activities.follow_up import Followed, FollowUp, follow_up
from leadkit.activities.task import NewTask, Task, completed, enter_task
from leadkit.activities.timeline import timeline

__all__ = [
    "COMMON_TYPES",
    "Activity",
    "FollowUp",
    "Followed",
    "NewActivity",
    "NewTask",
    "Task",
    "completed",
    "enter_activity",
    "enter_task",
    "follow_up",
    "linked",
    "noted",
    "timeline",
]
