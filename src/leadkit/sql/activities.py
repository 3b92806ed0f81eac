"""The timeline, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlalchemy import bindparam, select, update

from leadkit.activities import Activity, Task
from leadkit.errors import AlreadyExists, ConcurrencyConflict, NotFound
from leadkit.sql.documents import document_of
from leadkit.sql.schema import activities, tasks
from leadkit.sql.statements import InsertNew, WordList, among

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from leadkit.sql.transactions import Transaction

__all__ = ["SqlActivities"]

_WORDS: Final = bindparam("words", type_=WordList())
_COLUMNS: Final = tuple(activities.c[name] for name in Activity.model_fields)
_OF_ORG: Final = activities.c.org == bindparam("org")
_OF_LEADS: Final = (
    select(*_COLUMNS).where(_OF_ORG, among(activities.c.lead_id, _WORDS)).order_by(activities.c.at, activities.c.id)
)
_IDS: Final = select(activities.c.id).where(_OF_ORG, among(activities.c.id, _WORDS))
_INSERT: Final = InsertNew(activities)
_UPDATE: Final = (
    update(activities)
    .where(_OF_ORG, activities.c.id == bindparam("activity_id"))
    .values({name: bindparam(name) for name in Activity.model_fields if name != "id"})
)

_TASK_COLUMNS: Final = tuple(tasks.c[name] for name in Task.model_fields)
_TASK_OF_ORG: Final = tasks.c.org == bindparam("org")
_TASK: Final = select(*_TASK_COLUMNS).where(_TASK_OF_ORG, tasks.c.id == bindparam("id"))
_TASK_LOCKED: Final = _TASK.with_for_update()
_TASKS: Final = (
    select(*_TASK_COLUMNS).where(_TASK_OF_ORG, among(tasks.c.lead_id, _WORDS)).order_by(tasks.c.due_at, tasks.c.id)
)
_TASK_VERSION: Final = select(tasks.c.version).where(_TASK_OF_ORG, tasks.c.id == bindparam("id"))
_TASK_INSERT: Final = InsertNew(tasks)
_TASK_UPDATE: Final = (
    update(tasks)
    .where(_TASK_OF_ORG, tasks.c.id == bindparam("task_id"), tasks.c.version == bindparam("expected"))
    .values({name: bindparam(name) for name in Task.model_fields if name != "id"})
)


def _row(document: Activity | Task) -> dict[str, Any]:
    return {name: getattr(document, name) for name in type(document).model_fields}


@attrs.frozen
class SqlActivities:
    """The activities and tasks of one organisation."""

    _work: Transaction

    def add(self, activity: Activity) -> None:
        """Keep a new activity."""
        if not self._work.change(_INSERT, _row(activity)):
            raise AlreadyExists(kind="activity", id=activity.id)

    def add_many(self, activities: Sequence[Activity]) -> None:
        """Keep new activities."""
        if self._work.all_changed(_INSERT, [_row(activity) for activity in activities]):
            return
        taken = {row[0] for row in self._work.rows(_IDS, words=[activity.id for activity in activities])}
        for activity in activities:
            if activity.id in taken:
                raise AlreadyExists(kind="activity", id=activity.id)
            taken.add(activity.id)

    def save(self, activity: Activity) -> None:
        """Keep an activity anew under its id."""
        if not self._work.change(_UPDATE, {**_row(activity), "activity_id": activity.id}):
            raise NotFound(kind="activity", id=activity.id)

    def of_leads(self, lead_ids: Collection[str]) -> Mapping[str, Sequence[Activity]]:
        """Answer the activities of each of these leads, by time and id."""
        found: dict[str, list[Activity]] = {lead_id: [] for lead_id in lead_ids}
        for record in self._work.records(_OF_LEADS, words=list(lead_ids)):
            found[record["lead_id"]].append(document_of(Activity, record))
        return found

    def add_task(self, task: Task) -> None:
        """Keep a new task."""
        if not self._work.change(_TASK_INSERT, _row(task)):
            raise AlreadyExists(kind="task", id=task.id)

    def get_task(self, task_id: str) -> Task | None:
        """Answer a task, or None; locked, since a decision follows."""
        found = self._work.records(_TASK_LOCKED if self._work.locks_rows else _TASK, id=task_id)
        return document_of(Task, found[0]) if found else None

    def save_task(self, task: Task, *, expected: int) -> None:
        """Keep a changed task."""
        if not self._work.change(_TASK_UPDATE, {**_row(task), "task_id": task.id, "expected": expected}):
            found = self._work.value(_TASK_VERSION, id=task.id)
            raise ConcurrencyConflict(kind="task", id=task.id, expected=expected, found=found)

    def tasks_of(self, lead_ids: Collection[str]) -> Mapping[str, Sequence[Task]]:
        """Answer the tasks of each of these leads, by due time and id."""
        found: dict[str, list[Task]] = {lead_id: [] for lead_id in lead_ids}
        for record in self._work.records(_TASKS, words=list(lead_ids)):
            found[record["lead_id"]].append(document_of(Task, record))
        return found
