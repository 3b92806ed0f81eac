"""A follow-up with a due date."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StrictInt

from leadkit.values import Document, Identifier, Instant, Label

__all__ = ["NewTask", "Task", "completed"]


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

    def __repr__(self) -> str:
        # Titles may be personal and stay out of logs and tracebacks.
        return f"Task(id={self.id!r}, lead_id={self.lead_id!r}, due_at={self.due_at.isoformat()})"


def completed(task: Task, *, at: datetime) -> Task:
    """Answer a task as done; one that is done already keeps its time and is the very same.

    Args:
        task: The task.
        at: When it was done.
    """
    if task.done_at is not None:
        return task
    return task.model_copy(update={"done_at": at, "version": task.version + 1})
