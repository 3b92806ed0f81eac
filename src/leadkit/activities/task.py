"""A follow-up with a due date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StrictInt

from leadkit.values import Document, Identifier, Instant, Label
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from leadkit.leads import Lead

__all__ = ["NewTask", "Task", "completed", "enter_task"]


class NewTask(Document):
    """What is sent to enter a task.

    Attributes:
        title: What is to be done.
        due_at: By when.
        assigned_to: By whom; left out, by the lead's owner, or by whoever enters it.
    """

    title: Label
    due_at: Instant
    assigned_to: Identifier | None = None

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # Titles may be personal and stay out of logs and tracebacks.
        yield "due_at", isoformat(self.due_at)


class Task(Document):
    """A follow-up of a lead with a due date.

    Attributes:
        id: Its id.
        lead_id: The lead.
        title: What is to be done.
        due_at: By when.
        assigned_to: By whom.
        created_at: When it was entered.
        done_at: When it was done; None while it is open.
        version: Grows by one with every change.
    """

    id: Identifier
    lead_id: Identifier
    title: Label
    due_at: Instant
    assigned_to: Identifier | None = None
    created_at: Instant
    done_at: Instant | None = None
    version: Annotated[StrictInt, Field(ge=1)] = 1

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        # Titles may be personal and stay out of logs and tracebacks.
        yield from (("id", self.id), ("lead_id", self.lead_id), ("due_at", isoformat(self.due_at)))


def enter_task(lead: Lead, sent: NewTask, *, id: str, actor: str, now: datetime) -> Task:
    """Decide what is entered: without a name, it is for the lead's owner, or for whoever enters it.

    Args:
        lead: The lead.
        sent: What was sent.
        id: The id that the task gets.
        actor: Who enters it.
        now: The present.
    """
    return Task(
        id=id,
        lead_id=lead.id,
        title=sent.title,
        due_at=sent.due_at,
        assigned_to=sent.assigned_to or lead.assigned_to or actor,
        created_at=now,
    )


def completed(task: Task, *, at: datetime) -> Task:
    """Answer a task as done; one that is done already keeps its time and is the very same.

    Args:
        task: The task.
        at: When it was done.

    Example:
        >>> from datetime import UTC, datetime
        >>> now = datetime(2026, 11, 24, 9, tzinfo=UTC)
        >>> task = Task(id="t-1", lead_id="lead-1", title="send offer", due_at=now, created_at=now)
        >>> done = completed(task, at=now)
        >>> done.done_at == now, done.version, completed(done, at=now) is done
        (True, 2, True)
    """
    if task.done_at is not None:
        return task
    return task.model_copy(update={"done_at": at, "version": task.version + 1})
