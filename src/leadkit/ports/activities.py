"""Where the timeline is kept: activities and tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from leadkit.activities import Activity, Task

__all__ = ["ActivityStore"]


class ActivityStore(Protocol):
    """The activities and tasks of one organisation."""

    def add(self, activity: Activity) -> None:
        """Keep a new activity.

        Raises:
            AlreadyExists: There is one with that id.
        """
        ...

    def add_many(self, activities: Sequence[Activity]) -> None:
        """Keep new activities in as few calls to the database as it takes.

        Raises:
            AlreadyExists: There is one with the id of one of them, or two of them have the same; the first is named.
                The unit of work is then of no more use.
        """
        ...

    def save(self, activity: Activity) -> None:
        """Keep an activity anew under its id, such as one that was linked to a contact or freed of personal text.

        Raises:
            NotFound: There is none with that id.
        """
        ...

    def of_leads(self, lead_ids: Collection[str]) -> Mapping[str, Sequence[Activity]]:
        """Answer the activities of each of these leads, by time and id; every one of the leads is in the answer."""
        ...

    def add_task(self, task: Task) -> None:
        """Keep a new task.

        Raises:
            AlreadyExists: There is one with that id.
        """
        ...

    def get_task(self, task_id: str) -> Task | None:
        """Answer a task, or None."""
        ...

    def save_task(self, task: Task, *, expected: int) -> None:
        """Keep a changed task.

        Raises:
            ConcurrencyConflict: The version that is kept is not the expected one, or the task is gone.
        """
        ...

    def tasks_of(self, lead_ids: Collection[str]) -> Mapping[str, Sequence[Task]]:
        """Answer the tasks of each of these leads, by due time and id; every one of the leads is in the answer."""
        ...
