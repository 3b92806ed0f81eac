"""The timeline of a lead: what was done, and what is to be done next."""

from __future__ import annotations

from leadkit.activities.activity import COMMON_TYPES, Activity, NewActivity
from leadkit.activities.follow_up import FollowUp, Followed, follow_up
from leadkit.activities.task import NewTask, Task, completed
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
    "follow_up",
    "timeline",
]
