"""The timeline, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from leadkit.errors import AlreadyExists, ConcurrencyConflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from leadkit.activities import Activity, Task
    from leadkit.memory.organisation import Organisation, Writer

__all__ = ["MemoryActivities"]


@attrs.frozen
class MemoryActivities:
    """The activities and tasks of one organisation."""

    _rows: Organisation
    _writer: Writer

    def add(self, activity: Activity) -> None:
        """Keep a new activity."""
        if activity.id in self._rows.activities.rows:
            raise AlreadyExists(kind="activity", id=activity.id)
        self._writer.set(self._rows.activities, activity.id, activity)

    def add_many(self, activities: Sequence[Activity]) -> None:
        """Keep new activities."""
        for activity in activities:
            self.add(activity)

    def save(self, activity: Activity) -> None:
        """Keep an activity anew under its id."""
        if activity.id not in self._rows.activities.rows:
            raise NotFound(kind="activity", id=activity.id)
        self._writer.set(self._rows.activities, activity.id, activity)

    def of_leads(self, lead_ids: Collection[str]) -> Mapping[str, Sequence[Activity]]:
        """Answer the activities of each of these leads, by time and id."""
        return {
            lead_id: sorted(
                self._rows.activities.find("lead", lead_id), key=lambda activity: (activity.at, activity.id)
            )
            for lead_id in lead_ids
        }

    def add_task(self, task: Task) -> None:
        """Keep a new task."""
        if task.id in self._rows.tasks.rows:
            raise AlreadyExists(kind="task", id=task.id)
        self._writer.set(self._rows.tasks, task.id, task)

    def get_task(self, task_id: str) -> Task | None:
        """Answer a task, or None."""
        return self._rows.tasks.rows.get(task_id)

    def save_task(self, task: Task, *, expected: int) -> None:
        """Keep a changed task."""
        present = self._rows.tasks.rows.get(task.id)
        found = None if present is None else present.version
        if found != expected:
            raise ConcurrencyConflict(kind="task", id=task.id, expected=expected, found=found)
        self._writer.set(self._rows.tasks, task.id, task)

    def tasks_of(self, lead_ids: Collection[str]) -> Mapping[str, Sequence[Task]]:
        """Answer the tasks of each of these leads, by due time and id."""
        return {
            lead_id: sorted(self._rows.tasks.find("lead", lead_id), key=lambda task: (task.due_at, task.id))
            for lead_id in lead_ids
        }
