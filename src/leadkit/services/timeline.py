"""The timeline: activities and tasks of a lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadkit.activities import (
    Activity,
    Followed,
    FollowUp,
    NewActivity,
    Task,
    completed,
    enter_activity,
    follow_up,
    timeline,
)
from leadkit.errors import NotFound
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["add_activity", "complete_task", "enter_follow_up", "tasks_of", "timeline_of"]


def enter_follow_up(session: Session, lead_id: str, fields: dict[str, Any]) -> Followed:
    """Enter what was done with a lead, and what comes next."""
    sent = read(FollowUp, fields)
    if sent.task is not None and sent.task.assigned_to is not None:
        _known_user(session, sent.task.assigned_to)

    def body(work: UnitOfWork) -> Followed:
        lead = session.lead(work, lead_id)
        followed = follow_up(
            lead,
            sent,
            activity_id=session.wiring.ids.new("activity"),
            task_id=session.wiring.ids.new("task"),
            actor=session.actor,
            now=session.now,
        )
        work.activities.add(followed.activity)
        if followed.task is not None:
            work.activities.add_task(followed.task)
        return followed

    def result(followed: Followed) -> dict[str, str]:
        ids = {"lead": lead_id, "activity": followed.activity.id}
        return ids if followed.task is None else {**ids, "task": followed.task.id}

    def again(work: UnitOfWork, ids: dict[str, str]) -> Followed:
        activity = _activity(work, ids["lead"], ids["activity"])
        return Followed(activity=activity, task=work.activities.get_task(ids["task"]) if "task" in ids else None)

    return session.command("leads.follow_up", {"lead": lead_id, "sent": sent}, body, result=result, again=again)


def _known_user(session: Session, user: str) -> None:
    directory = session.wiring.directory
    if directory is not None and directory(session.org).assignee(user) is None:
        raise NotFound(kind="user", id=user)


def add_activity(session: Session, lead_id: str, fields: dict[str, Any]) -> Activity:
    """Enter an activity, such as one that another system recorded."""
    sent = read(NewActivity, fields)

    def body(work: UnitOfWork) -> Activity:
        lead = session.lead(work, lead_id)
        id_ = session.wiring.ids.new("activity")
        activity = enter_activity(lead, sent, id=id_, actor=session.actor, now=session.now)
        work.activities.add(activity)
        return activity

    return session.command(
        "leads.add_activity",
        {"lead": lead_id, "sent": sent},
        body,
        result=lambda activity: {"lead": lead_id, "activity": activity.id},
        again=lambda work, ids: _activity(work, ids["lead"], ids["activity"]),
    )


def _activity(work: UnitOfWork, lead_id: str, activity_id: str) -> Activity:
    for activity in work.activities.of_leads((lead_id,))[lead_id]:
        if activity.id == activity_id:
            return activity
    raise NotFound(kind="activity", id=activity_id)


def timeline_of(session: Session, lead_id: str) -> Sequence[Activity]:
    """Answer a lead's activities, the latest first."""
    with session.reading() as work:
        session.lead(work, lead_id)
        return timeline(work.activities.of_leads((lead_id,))[lead_id])


def tasks_of(session: Session, lead_id: str) -> Sequence[Task]:
    """Answer a lead's tasks, the first due first."""
    with session.reading() as work:
        session.lead(work, lead_id)
        return work.activities.tasks_of((lead_id,))[lead_id]


def complete_task(session: Session, task_id: str) -> Task:
    """Note that a task is done; one that is done already keeps its time."""

    def load(work: UnitOfWork) -> Task:
        task = work.activities.get_task(task_id)
        if task is None:
            raise NotFound(kind="task", id=task_id)
        return task

    def body(work: UnitOfWork) -> Task:
        task = load(work)
        done = completed(task, at=session.now)
        if done is not task:
            work.activities.save_task(done, expected=task.version)
        return done

    return session.command(
        "leads.complete_task",
        {"task": task_id},
        body,
        result=lambda task: {"task": task.id},
        again=lambda work, _: load(work),
    )
