import logging
import threading
import time
from datetime import timedelta

import pytest

import leadkit as lk
from leadkit.memory import MemoryPublisher, MemoryStore
from leadkit.services.relay import Delivered, Relay
from leadkit.services.retrying import RetrySchedule
from leadkit.testing.builders import NOON, build_event

SOON = timedelta(seconds=5)


class Clock:
    """A clock that a test moves."""

    def __init__(self):
        self.moment = NOON

    def now(self):
        return self.moment


class Publisher:
    """A publisher that refuses what it is told to, with the error that it is told to raise."""

    def __init__(self):
        self.ids = []
        self.refused = {}

    def publish(self, org, event):
        if event.id in self.refused:
            raise self.refused[event.id]
        self.ids.append(event.id)


class Gathering(Publisher):
    """A publisher for which nothing is safe before it is flushed."""

    def __init__(self):
        super().__init__()
        self.flushed = []
        self.broken = False

    def flush(self):
        if self.broken:
            message = "disk"
            raise OSError(message)
        self.flushed.append(list(self.ids))


def store_of(*places):
    store = MemoryStore()
    write(store, *places)
    return store


def write(store, *places):
    with store.unit_of_work("acme") as work:
        work.events.append([build_event(lead_id, sequence) for lead_id, sequence in places])
        work.commit()


def relay_of(store, publisher, **options):
    return Relay(store=store, publisher=publisher, clock=options.pop("clock", Clock()), chance=lambda: 0.0, **options)


def waiting(store):
    return [entry.event.id for entry in store.outbox.pending(1_000)]


def test_everything_that_waits_is_handed_on_in_order_whatever_the_size_of_a_batch():
    places = [(lead, number) for number in range(1, 6) for lead in "ab"]
    for batch in (1, 3, 500):
        store, publisher = store_of(*places), Publisher()

        assert relay_of(store, publisher, batch=batch).run_once() == Delivered(published=10)
        assert [each for each in publisher.ids if each[0] == "a"] == [f"a.{number}" for number in range(1, 6)]
        assert waiting(store) == []


def test_without_a_publisher_nothing_is_handed_on():
    store = store_of(("a", 1))
    relay = relay_of(store, None)

    assert (relay.run_once(), relay.deliver()) == (Delivered(), 0)
    assert waiting(store) == ["a.1"]


def test_what_is_refused_comes_again_when_it_is_due_with_the_later_ones_of_its_lead_behind_it():
    clock, publisher = Clock(), Publisher()
    store = store_of(("a", 1), ("a", 2), ("b", 1))
    relay = relay_of(store, publisher, clock=clock)
    publisher.refused = {"a.1": ConnectionError()}

    assert relay.run_once() == Delivered(published=1, failed=1)
    publisher.refused = {}
    assert relay.run_once() == Delivered()
    clock.moment += SOON
    assert relay.run_once() == Delivered(published=2)
    assert publisher.ids == ["b.1", "a.1", "a.2"]


def test_what_is_to_be_delivered_now_does_not_wait_for_its_time():
    publisher = Publisher()
    store = store_of(("a", 1), ("a", 2))
    relay = relay_of(store, publisher)
    publisher.refused = {"a.1": ConnectionError()}
    relay.run_once()
    publisher.refused = {}

    assert relay.deliver() == 2


def test_after_its_last_attempt_an_event_is_a_dead_letter(caplog):
    clock, publisher = Clock(), Publisher()
    store = store_of(("a", 1), ("a", 2))
    relay = relay_of(store, publisher, clock=clock, schedule=RetrySchedule(delays=[SOON, SOON]))
    publisher.refused = {"a.1": ValueError("alice@example.com")}
    with caplog.at_level(logging.WARNING, logger="leadkit"):
        found = []
        for _ in range(4):
            found.append(relay.run_once())
            clock.moment += SOON

    assert found == [
        Delivered(failed=1),
        Delivered(failed=1),
        Delivered(failed=1, dead=1),
        Delivered(),
    ]
    (letter,) = store.outbox.dead_letters(10)
    assert (letter.event.id, letter.attempts, letter.error) == ("a.1", 3, "ValueError")
    assert [record.getMessage() for record in caplog.records] == [
        "event a.1 was not published: ValueError",
        "event a.1 was not published: ValueError",
        "event a.1 is a dead letter after 3 attempts: ValueError",
    ]
    publisher.refused = {}
    store.outbox.revive([letter])
    assert relay.run_once() == Delivered(published=2)


def test_leadkit_s_own_failures_are_told_whole():
    store, publisher = store_of(("a", 1)), Publisher()
    publisher.refused = {"a.1": lk.DeliveryFailed(destination="https://example.com", reason="it answered 500")}
    relay_of(store, publisher, schedule=RetrySchedule(delays=())).run_once()

    assert store.outbox.dead_letters(1)[0].error == "https://example.com did not take it: it answered 500"


def test_a_destination_that_asks_to_be_left_alone_is_left_alone():
    clock, publisher = Clock(), Publisher()
    store = store_of(("a", 1))
    relay = relay_of(store, publisher, clock=clock)
    publisher.refused = {"a.1": lk.DeliveryFailed(destination="x", reason="it answered 429", retry_after=60.0)}
    relay.run_once()
    publisher.refused = {}
    clock.moment += timedelta(seconds=59)
    assert relay.run_once() == Delivered()
    clock.moment += timedelta(seconds=1)
    assert relay.run_once() == Delivered(published=1)


def test_a_run_ends_when_the_destination_seems_to_be_down_and_counts_no_more_attempts():
    publisher = Publisher()
    store = store_of(*((f"lead-{number}", 1) for number in range(30)))
    publisher.refused = {f"lead-{number}.1": ConnectionError() for number in range(30)}

    assert relay_of(store, publisher, patience=4).run_once() == Delivered(failed=4)
    assert sorted(entry.attempts for entry in store.outbox.pending(100)) == [0] * 26 + [1] * 4
    assert all(entry.claimed_by is None for entry in store.outbox.pending(100))


def test_failures_that_are_not_in_a_row_do_not_end_a_run():
    publisher = Publisher()
    store = store_of(*((f"lead-{number}", 1) for number in range(10)))
    publisher.refused = {f"lead-{number}.1": ConnectionError() for number in range(0, 10, 2)}

    assert relay_of(store, publisher, patience=2).run_once() == Delivered(published=5, failed=5)


def test_a_destination_that_is_gone_costs_no_event_an_attempt():
    publisher = Publisher()
    store = store_of(("a", 1), ("b", 1), ("c", 1))
    publisher.refused = {"b.1": lk.DestinationGone(destination="https://example.com")}
    with pytest.raises(lk.DestinationGone):
        relay_of(store, publisher).run_once()

    assert [(entry.event.id, entry.attempts, entry.claimed_by) for entry in store.outbox.pending(10)] == [
        ("b.1", 0, None),
        ("c.1", 0, None),
    ]


def test_what_interrupts_a_run_leaves_noted_what_was_published_and_the_rest_to_others():
    publisher = Publisher()
    store = store_of(("a", 1), ("b", 1), ("c", 1))
    publisher.refused = {"b.1": KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt):
        relay_of(store, publisher).run_once()

    publisher.refused = {}
    assert relay_of(store, publisher).run_once() == Delivered(published=2)
    assert publisher.ids == ["a.1", "b.1", "c.1"]


def test_what_is_gathered_counts_once_it_is_safe():
    store, publisher = store_of(("a", 1), ("a", 2), ("b", 1)), Gathering()

    assert relay_of(store, publisher, batch=2).run_once() == Delivered(published=3)
    assert publisher.flushed == [["a.1", "a.2"], ["a.1", "a.2", "b.1"]]


def test_what_cannot_be_made_safe_waits_and_comes_again():
    clock, publisher = Clock(), Gathering()
    store = store_of(("a", 1), ("a", 2), ("b", 1))
    relay = relay_of(store, publisher, clock=clock)
    publisher.broken = True

    assert relay.run_once() == Delivered(failed=2)
    assert [(entry.event.id, entry.attempts) for entry in store.outbox.pending(10)] == [
        ("a.1", 1),
        ("a.2", 0),
        ("b.1", 1),
    ]
    publisher.broken = False
    clock.moment += SOON
    assert relay.run_once() == Delivered(published=3)


def test_a_batch_is_not_carried_on_after_half_its_lease():
    """The others may take it when the lease ends: better to give back what is left, and claim it anew."""
    store, publisher, seconds = store_of(*(("a", number) for number in range(1, 6))), Publisher(), [0.0]

    class Slow(Publisher):
        def publish(self, org, event):
            super().publish(org, event)
            seconds[0] += 20

    publisher = Slow()
    claims = []
    claim = type(store.outbox).claim

    def counted(self, **options):
        found = claim(self, **options)
        claims.append([entry.event.id for entry in found])
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(store.outbox), "claim", counted)
        relay_of(store, publisher, seconds=lambda: seconds[0]).run_once()

    assert publisher.ids == [f"a.{number}" for number in range(1, 6)]
    assert [len(found) for found in claims] == [5, 3, 1, 0]


def test_a_publisher_slower_than_any_lease_still_gets_every_event():
    store, seconds = store_of(("a", 1), ("a", 2), ("a", 3)), [0.0]

    class Slow(Publisher):
        def publish(self, org, event):
            super().publish(org, event)
            seconds[0] += 1_000

    publisher = Slow()

    assert relay_of(store, publisher, seconds=lambda: seconds[0]).run_once() == Delivered(published=3)


def test_two_relays_have_two_names():
    store = MemoryStore()

    assert relay_of(store, None).worker != relay_of(store, None).worker


@pytest.fixture
def started():
    """A kit whose relay runs in a thread, on real time."""
    publisher = MemoryPublisher()
    with lk.LeadKit(MemoryStore(), publisher=publisher) as kit:
        yield kit, publisher


def eventually(holds, seconds=10.0):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.005)
    return holds()


def test_a_command_wakes_the_thread_and_does_not_wait_for_it(started):
    kit, publisher = started
    kit.relay.start(every=3_600)
    kit.relay.start(every=3_600)
    threads = [thread for thread in threading.enumerate() if thread.name == "leadkit-relay"]
    assert len(threads) == 1
    kit.workspace(org="acme", actor="u").leads.create(email="a@example.com")

    assert eventually(lambda: len(publisher.published) == 1)
    assert kit.relay.stop()
    assert not kit.relay.is_started
    assert kit.relay.stop()


def test_a_thread_looks_for_the_events_of_others_by_itself(started):
    kit, publisher = started
    kit.relay.start(every=0.01)
    lk.LeadKit(kit.store).workspace(org="acme", actor="u").leads.create(email="a@example.com")

    assert eventually(lambda: len(publisher.published) == 1)


def test_a_relay_that_was_stopped_can_be_started_again(started):
    kit, publisher = started
    ws = kit.workspace(org="acme", actor="u")
    for number in range(1, 3):
        kit.relay.start(every=3_600)
        ws.leads.create(email=f"{number}@example.com")
        assert eventually(lambda: len(publisher.published) == number)  # noqa: B023 - asked at once
        kit.relay.stop()
    ws.leads.create(email="3@example.com")

    assert len(publisher.published) == 3


def test_closing_the_kit_ends_the_thread(started):
    kit, _ = started
    kit.relay.start(every=3_600)
    kit.close()

    assert not kit.relay.is_started


def test_a_thread_without_a_publisher_is_not_started():
    with pytest.raises(lk.InvalidInput, match="no publisher is wired"):
        lk.LeadKit(MemoryStore()).relay.start()


def test_a_thread_that_cannot_stop_says_so():
    entered, leave = threading.Event(), threading.Event()

    class Stuck:
        def publish(self, org, event):
            entered.set()
            leave.wait(10)

    relay = relay_of(store_of(("a", 1)), Stuck())
    relay.start(every=3_600)
    assert entered.wait(10)
    assert not relay.stop(timeout=0.01)
    leave.set()
    assert relay.stop()


def test_a_store_that_is_away_for_a_while_does_not_end_the_thread(caplog):
    class Away:
        def __init__(self, store):
            self.store, self.looks = store, 0

        @property
        def outbox(self):
            self.looks += 1
            if self.looks < 3:
                raise lk.StoreUnavailable(reason="away")
            return self.store.outbox

    publisher = Publisher()
    relay = relay_of(Away(store_of(("a", 1))), publisher)
    relay.start(every=0.01)

    assert eventually(lambda: publisher.ids == ["a.1"])
    relay.stop()
    assert "the outbox was not delivered: StoreUnavailable" in caplog.text


def test_a_destination_that_is_gone_ends_the_thread_and_says_so(caplog):
    publisher = Publisher()
    publisher.refused = {"a.1": lk.DestinationGone(destination="https://example.com")}
    relay = relay_of(store_of(("a", 1)), publisher)
    relay.start(every=0.01)

    assert eventually(lambda: not relay.is_started)
    assert "the relay has stopped: https://example.com wants nothing any more" in caplog.text


def test_a_publisher_is_not_asked_within_an_open_unit_of_work():
    """What was written in it may still be undone."""
    publisher = MemoryPublisher()
    kit = lk.LeadKit(MemoryStore(), publisher=publisher)
    with kit.workspace(org="acme", actor="u").unit_of_work() as work:
        work.leads.create(email="a@example.com")
        assert kit.deliver() == 0

    assert len(publisher.published) == 1
