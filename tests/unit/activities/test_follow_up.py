from datetime import UTC, datetime

import pytest

from leadkit.activities import Activity, FollowUp, NewTask, Task, follow_up
from leadkit.errors import InvalidInput
from leadkit.leads import Lead
from leadkit.values import read

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DUE = datetime(2026, 12, 1, tzinfo=UTC)
LEAD = Lead(id="lead-1", email="alice@example.com", assigned_to="user-9", created_at=NOW, updated_at=NOW)
CALL = Activity(id="a-1", lead_id="lead-1", type="call", notes="wants a demo", at=NOW, actor="user-7")


def followed(sent, lead=LEAD):
    return follow_up(lead, sent, activity_id="a-1", task_id="t-1", actor="user-7", now=NOW)


def test_a_follow_up_enters_what_was_done():
    made = followed(FollowUp(type="call", notes="wants a demo"))

    assert made.activity == CALL
    assert made.task is None


def test_a_follow_up_enters_what_comes_next():
    made = followed(FollowUp(type="call", notes="wants a demo", task=NewTask(title="demo", due_at=DUE)))

    assert made.activity == CALL
    assert made.task == Task(id="t-1", lead_id="lead-1", title="demo", due_at=DUE, assigned_to="user-9", created_at=NOW)


def test_a_follow_up_of_an_unowned_lead_gives_the_task_to_whoever_follows_up():
    nobody = Lead(id="lead-1", email="alice@example.com", created_at=NOW, updated_at=NOW)
    made = followed(FollowUp(type="call", task=NewTask(title="demo", due_at=DUE)), nobody)

    assert made.task is not None
    assert made.task.assigned_to == "user-7"


def test_a_follow_up_is_read_from_the_wire():
    sent = read(FollowUp, {"type": "email", "task": {"title": "demo", "dueAt": "2026-12-01", "assignedTo": "user-1"}})

    assert sent == FollowUp(type="email", task=NewTask(title="demo", due_at=DUE, assigned_to="user-1"))


def test_the_faults_of_a_follow_up_are_told_with_their_places():
    with pytest.raises(InvalidInput) as caught:
        read(FollowUp, {"type": "call", "notes": 1, "task": {"title": "demo", "due": "2026-12-01"}})

    assert [str(fault) for fault in caught.value.faults] == [
        "$.notes: input should be a valid string",
        "$.task.dueAt: required, but missing",
        "$.task.due: unknown key; did you mean `dueAt`?",
    ]


@pytest.mark.parametrize("shown", [repr, str])
def test_what_is_written_about_a_person_is_not_shown(shown):
    sent = FollowUp(type="call", notes="secret", task=NewTask(title="secret", due_at=DUE))

    assert "secret" not in shown(sent)
    assert "secret" not in shown(followed(sent))
    assert repr(sent) == "FollowUp(type='call', task=NewTask(due_at='2026-12-01T00:00:00Z'))"
