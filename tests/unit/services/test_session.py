import logging

import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.memory import MemoryPublisher, MemoryStore
from leadkit.publishing import CallingPublisher


def wired(publisher):
    kit = lk.LeadKit(MemoryStore(), clock=SteppingClock(), ids=CountedIds(), publisher=publisher)
    return kit, kit.workspace(org="acme", actor="user-7")


def ids(publisher):
    return [event.id for _, event in publisher.published]


def test_events_go_out_after_the_command_with_their_organisation():
    publisher = MemoryPublisher()
    _, ws = wired(publisher)
    lead = ws.leads.create(email="a@example.com")
    ws.leads.qualify(lead.id)

    assert [(org, event.type) for org, event in publisher.published] == [
        ("acme", "lead.created"),
        ("acme", "lead.qualified"),
    ]


def test_nothing_goes_out_of_a_command_that_failed():
    publisher = MemoryPublisher()
    _, ws = wired(publisher)
    with pytest.raises(lk.DuplicateLead), ws.unit_of_work() as work:
        work.leads.create(email="a@example.com")
        work.leads.create(email="a@example.com")

    assert publisher.published == []


def test_without_a_publisher_events_wait():
    kit = lk.LeadKit(MemoryStore())
    kit.workspace(org="acme", actor="user-7").leads.create(email="a@example.com")

    assert kit.deliver() == 0
    assert len(kit.store.outbox.pending(10)) == 1


class Moody:
    """A publisher that refuses what it is told to."""

    def __init__(self):
        self.published = []
        self.refused = set()

    def publish(self, org, event):
        if event.id in self.refused:
            message = "secret-address@example.com"
            raise ConnectionError(message)
        self.published.append((org, event))


def test_an_event_that_is_refused_waits_with_the_later_ones_of_its_lead_and_the_others_go_on(caplog):
    publisher = Moody()
    kit, ws = wired(publisher)
    publisher.refused = {"lead-000001.2"}
    one = ws.leads.create(email="a@example.com")
    ws.leads.qualify(one.id)
    ws.leads.nurture(one.id)
    two = ws.leads.create(email="b@example.com")

    assert ids(publisher) == [f"{one.id}.1", f"{two.id}.1"]
    publisher.refused = set()
    assert kit.deliver() == 2
    assert ids(publisher) == [f"{one.id}.1", f"{two.id}.1", f"{one.id}.2", f"{one.id}.3"]
    assert kit.deliver() == 0


def test_the_log_names_the_event_and_nothing_of_what_the_publisher_said(caplog):
    publisher = Moody()
    _, ws = wired(publisher)
    publisher.refused = {"lead-000001.1"}
    with caplog.at_level(logging.WARNING, logger="leadkit"):
        ws.leads.create(email="a@example.com")

    assert [record.getMessage() for record in caplog.records] == [
        "event lead-000001.1 was not published: ConnectionError"
    ]
    assert "secret" not in caplog.text


def test_a_command_is_done_even_when_the_outbox_cannot_be_read(caplog, monkeypatch):
    _, ws = wired(MemoryPublisher())
    monkeypatch.setattr(MemoryStore, "outbox", property(lambda self: 1 / 0))

    assert ws.leads.create(email="a@example.com").version == 1
    assert "ZeroDivisionError" in caplog.text


def test_a_publisher_may_ask_for_commands_itself():
    seen = []

    def react(org, event):
        seen.append(event.id)
        if event.type == "lead.created":
            workspaces[0].leads.qualify(event.lead_id)

    _, ws = wired(CallingPublisher(react))
    workspaces = [ws]
    lead = ws.leads.create(email="a@example.com")

    assert seen == [f"{lead.id}.1", f"{lead.id}.2"]
    assert ws.leads.get(lead.id).status is lk.LeadStatus.QUALIFIED


def test_more_events_than_one_look_at_the_outbox_all_go_out_in_order():
    publisher = MemoryPublisher()
    _, ws = wired(publisher)
    with ws.unit_of_work() as work:
        lead = work.leads.create(email="a@example.com")
        for number in range(1_200):
            work.leads.update(lead.id, properties={"n": number})

    assert [event.sequence for _, event in publisher.published] == list(range(1, 1_202))
