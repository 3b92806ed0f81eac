from datetime import UTC, datetime

import pytest

from leadkit.activities import NewTask, Task, completed, enter_task
from leadkit.errors import InvalidInput
from leadkit.leads import Lead
from leadkit.values import read

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DUE = datetime(2026, 12, 1, tzinfo=UTC)
TASK = Task(id="t-1", lead_id="lead-1", title="send offer", due_at=DUE, assigned_to="user-9", created_at=NOW, version=3)


def lead(**fields):
    return Lead(id="lead-1", email="alice@example.com", created_at=NOW, updated_at=NOW, **fields)


@pytest.mark.parametrize(
    ("named", "owner", "expected"),
    [("user-1", "user-9", "user-1"), (None, "user-9", "user-9"), (None, None, "user-7")],
    ids=["the one who is named", "else the owner of the lead", "else whoever enters it"],
)
def test_a_task_is_for(named, owner, expected):
    sent = NewTask(title="send offer", due_at=DUE, assigned_to=named)

    assert enter_task(lead(assigned_to=owner), sent, id="t-1", actor="user-7", now=NOW) == Task(
        id="t-1",
        lead_id="lead-1",
        title="send offer",
        due_at=DUE,
        assigned_to=expected,
        created_at=NOW,
        done_at=None,
        version=1,
    )


def test_a_completed_task_has_its_time_and_the_next_version():
    assert completed(TASK, at=NOW) == TASK.model_copy(update={"done_at": NOW, "version": 4})
    assert TASK.done_at is None


def test_a_task_that_is_done_keeps_its_time():
    done = completed(TASK, at=NOW)

    assert completed(done, at=DUE) is done


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"dueAt": "2026-12-01"}, "$.title: required, but missing"),
        ({"title": "x"}, "$.dueAt: required, but missing"),
        ({"title": "", "dueAt": "2026-12-01"}, "$.title: string should have at least 1 character"),
        (
            {"title": "x", "dueAt": 5},
            "$.dueAt: expected a date-time with a time zone, such as 2026-11-24T09:00:00Z",
        ),
    ],
)
def test_what_is_sent_is_checked(sent, fault):
    with pytest.raises(InvalidInput) as caught:
        read(NewTask, sent)
    assert str(caught.value) == fault


def test_a_task_has_a_version_from_one():
    with pytest.raises(InvalidInput, match=r"\$\.version"):
        read(Task, {**TASK.model_dump(), "version": 0})


@pytest.mark.parametrize("shown", [repr, str])
def test_the_title_is_not_shown(shown):
    assert "offer" not in shown(TASK)
    assert "offer" not in shown(NewTask(title="send offer", due_at=DUE))
    assert repr(TASK) == "Task(id='t-1', lead_id='lead-1', due_at='2026-12-01T00:00:00Z')"
    assert repr(NewTask(title="send offer", due_at=DUE)) == "NewTask(due_at='2026-12-01T00:00:00Z')"


def test_a_task_goes_over_the_wire_in_camel_case_and_comes_back():
    wire = TASK.model_dump(mode="json")

    assert wire == {
        "id": "t-1",
        "leadId": "lead-1",
        "title": "send offer",
        "dueAt": "2026-12-01T00:00:00Z",
        "assignedTo": "user-9",
        "createdAt": "2026-11-24T09:00:00Z",
        "doneAt": None,
        "version": 3,
    }
    assert read(Task, wire) == TASK
