from datetime import UTC, datetime

import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.memory import MemoryDirectory, MemoryStore

DUE = datetime(2026, 12, 1, tzinfo=UTC)


def workspace(**ports):
    kit = lk.LeadKit(MemoryStore(), clock=SteppingClock(), ids=CountedIds(), **ports)
    return kit.workspace(org="acme", actor="user-7")


@pytest.fixture
def ws():
    return workspace()


@pytest.fixture
def lead(ws):
    return ws.leads.create(email="alice@example.com")


def test_a_follow_up_enters_what_was_done_and_what_comes_next(ws, lead):
    made = ws.leads.follow_up(lead.id, type="call", notes="wants a demo", task={"title": "demo", "dueAt": DUE})

    assert ws.leads.timeline(lead.id) == (made.activity,)
    assert list(ws.leads.tasks(lead.id)) == [made.task]
    assert (made.activity.type, made.activity.notes, made.activity.actor) == ("call", "wants a demo", "user-7")
    assert (made.task.title, made.task.due_at, made.task.assigned_to, made.task.version) == ("demo", DUE, "user-7", 1)
    assert ws.leads.get(lead.id) == lead


def test_a_follow_up_may_have_no_task(ws, lead):
    assert ws.leads.follow_up(lead.id, type="call").task is None
    assert list(ws.leads.tasks(lead.id)) == []


def test_a_task_is_for_somebody_whom_the_directory_knows():
    directory = MemoryDirectory.of({"ae": [{"id": "ann", "name": "Ann"}]})
    ws = workspace(directory=lambda org: directory)
    lead = ws.leads.create(email="alice@example.com")
    task = {"title": "demo", "due_at": DUE}

    assert ws.leads.follow_up(lead.id, type="call", task={**task, "assigned_to": "ann"}).task.assigned_to == "ann"
    assert ws.leads.follow_up(lead.id, type="call", task=task).task.assigned_to == "user-7"
    with pytest.raises(lk.NotFound, match="there is no user with id 'bo'"):
        ws.leads.follow_up(lead.id, type="call", task={**task, "assigned_to": "bo"})
    assert len(ws.leads.timeline(lead.id)) == 2


def test_without_a_directory_whoever_is_named_is_believed(ws, lead):
    task = {"title": "demo", "due_at": DUE, "assigned_to": "bo"}

    assert ws.leads.follow_up(lead.id, type="call", task=task).task.assigned_to == "bo"


@pytest.mark.parametrize("with_task", [False, True])
def test_a_follow_up_under_a_key_is_entered_once(ws, lead, with_task):
    sent = {"type": "call", "task": {"title": "demo", "due_at": DUE} if with_task else None}
    first = ws.keyed("k").leads.follow_up(lead.id, **sent)

    assert ws.keyed("k").leads.follow_up(lead.id, **sent) == first
    assert len(ws.leads.timeline(lead.id)) == 1
    assert len(ws.leads.tasks(lead.id)) == int(with_task)
    with pytest.raises(lk.IdempotencyMismatch):
        ws.keyed("k").leads.follow_up(lead.id, type="email")


def test_an_activity_of_another_system_keeps_its_time(ws, lead):
    at = datetime(2025, 5, 1, tzinfo=UTC)
    entered = ws.leads.add_activity(lead.id, type="visit", at=at, properties={"page": "/prices"})

    assert (entered.at, entered.properties, entered.notes) == (at, {"page": "/prices"}, None)
    assert ws.leads.timeline(lead.id) == (entered,)


def test_an_activity_under_a_key_is_entered_once(ws, lead):
    ws.leads.add_activity(lead.id, type="call")
    first = ws.keyed("k").leads.add_activity(lead.id, type="visit")

    assert ws.keyed("k").leads.add_activity(lead.id, type="visit") == first
    assert len(ws.leads.timeline(lead.id)) == 2


def test_a_timeline_is_read_from_the_latest(ws, lead):
    entered = [ws.leads.add_activity(lead.id, type=type_) for type_ in ("call", "email", "visit")]

    assert ws.leads.timeline(lead.id) == tuple(reversed(entered))


def test_the_timeline_of_a_converted_lead_belongs_to_what_it_became(ws, lead):
    before = ws.leads.add_activity(lead.id, type="call")
    ws.leads.qualify(lead.id)
    done = ws.leads.convert(lead.id, create_opportunity=True)
    after = ws.leads.add_activity(lead.id, type="visit")
    followed = ws.leads.follow_up(lead.id, type="email").activity

    links = {(each.contact_id, each.opportunity_id) for each in ws.leads.timeline(lead.id)}
    assert links == {(done.contact_id, done.opportunity_id)}
    assert [each.id for each in ws.leads.timeline(lead.id)] == [followed.id, after.id, before.id]


def test_a_task_is_completed_once(ws, lead):
    task = ws.leads.follow_up(lead.id, type="call", task={"title": "demo", "due_at": DUE}).task
    done = ws.leads.complete_task(task.id)

    assert done.done_at > task.created_at
    assert done.version == 2
    assert ws.leads.complete_task(task.id) == done
    assert list(ws.leads.tasks(lead.id)) == [done]


def test_completing_a_task_under_a_key_answers_the_same(ws, lead):
    task = ws.leads.follow_up(lead.id, type="call", task={"title": "demo", "due_at": DUE}).task
    done = ws.keyed("k").leads.complete_task(task.id)

    assert ws.keyed("k").leads.complete_task(task.id) == done


@pytest.mark.parametrize(
    "ask",
    [
        lambda ws, lead_id: ws.leads.follow_up(lead_id, type="call"),
        lambda ws, lead_id: ws.leads.add_activity(lead_id, type="call"),
        lambda ws, lead_id: ws.leads.timeline(lead_id),
        lambda ws, lead_id: ws.leads.tasks(lead_id),
    ],
)
def test_a_deleted_lead_has_no_timeline_any_more(ws, lead, ask):
    ws.leads.delete(lead.id)
    with pytest.raises(lk.NotFound, match=lead.id):
        ask(ws, lead.id)


def test_a_task_that_does_not_exist_cannot_be_completed(ws):
    with pytest.raises(lk.NotFound, match="there is no task with id 'nothing'"):
        ws.leads.complete_task("nothing")


def test_the_faults_of_what_is_sent_are_told(ws, lead):
    with pytest.raises(lk.InvalidInput) as caught:
        ws.leads.follow_up(lead.id, tpye="call", task={"title": "demo"})
    assert [fault.path for fault in caught.value.faults] == ["$.type", "$.task.dueAt", "$.tpye"]
    with pytest.raises(lk.InvalidInput):
        ws.leads.add_activity(lead.id, type="call", at="yesterday")


def test_a_key_whose_activity_is_gone_from_the_store_says_so():
    kit = lk.LeadKit(MemoryStore(), ids=CountedIds())
    ws = kit.workspace(org="acme", actor="user-7")
    lead = ws.leads.create(email="alice@example.com")
    entered = ws.keyed("k").leads.add_activity(lead.id, type="call")
    kit.store.organisation("acme").activities.drop(entered.id)
    with pytest.raises(lk.NotFound, match=f"there is no activity with id '{entered.id}'"):
        ws.keyed("k").leads.add_activity(lead.id, type="call")
