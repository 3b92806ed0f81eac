import pytest

import leadkit as lk


@pytest.fixture
def kit():
    return lk.LeadKit.open("memory:", publisher=lk.MemoryPublisher())


def test_a_message_is_taken_up_once_with_everything_that_its_handler_did(kit):
    ws = kit.workspace(org="acme", actor="consumer")

    def take_up(work):
        lead = work.leads.create(email="a@example.com")
        work.leads.qualify(lead.id)

    assert [ws.once("m-1", take_up), ws.once("m-1", take_up)] == [True, False]
    assert [lead.status for lead in ws.leads.each()] == [lk.LeadStatus.QUALIFIED]


def test_a_handler_that_fails_leaves_nothing_and_the_message_may_come_again(kit):
    ws = kit.workspace(org="acme", actor="consumer")

    def failing(work):
        work.leads.create(email="a@example.com")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ws.once("m-1", failing)

    assert list(ws.leads.each()) == []
    assert ws.once("m-1", lambda work: work.leads.create(email="a@example.com"))


def test_each_consumer_and_each_organisation_has_its_own_messages(kit):
    ws, other = (kit.workspace(org=org, actor="consumer") for org in ("acme", "bolt"))
    seen = []

    assert ws.once("m-1", seen.append)
    assert ws.once("m-1", seen.append, consumer="mailing")
    assert other.once("m-1", seen.append)
    assert [each.org for each in seen] == ["acme", "acme", "bolt"]


def test_a_message_belongs_to_the_unit_of_work_that_it_is_taken_up_in(kit):
    ws = kit.workspace(org="acme", actor="consumer")
    with pytest.raises(ZeroDivisionError), ws.unit_of_work() as work:
        assert work.once("m-1", lambda inner: inner.leads.create(email="a@example.com"))
        raise ZeroDivisionError

    assert ws.once("m-1", lambda inner: inner.leads.create(email="a@example.com"))


def test_an_event_that_is_told_twice_has_one_effect(kit):
    source = kit.workspace(org="acme", actor="u")
    lead = source.leads.create(email="a@example.com")
    consumer = lk.LeadKit.open("memory:").workspace(org="acme", actor="mirror")
    (told,) = kit.workspace(org="acme", actor="u").leads.history(lead.id)
    seen = []
    found = [consumer.once(told.id, lambda work: seen.append(told.id)) for _ in range(2)]

    assert (found, seen) == ([True, False], [f"{lead.id}.1"])
