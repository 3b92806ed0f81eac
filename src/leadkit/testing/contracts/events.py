"""What an event log, an outbox and a publisher must hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadkit.errors import AlreadyExists, NotFound
from leadkit.testing.builders import build_event, build_lead
from leadkit.testing.contracts.opening import ORG, OTHER_ORG, StoreFixture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadkit.ports import EventPublisher, Store

__all__ = ["EventLogContract", "EventPublisherContract", "OutboxContract"]


class EventLogContract(StoreFixture):
    """Events are kept for each lead, in order."""

    def _told(self, store: Store, *places: tuple[str, int]) -> None:
        with self.writing(store) as work:
            for lead_id in sorted({lead_id for lead_id, _ in places}):
                work.leads.add(build_lead(lead_id))
            work.events.append([build_event(lead_id, sequence) for lead_id, sequence in places])

    def test_events_come_in_the_order_of_their_lead(self, store: Store) -> None:
        self._told(store, ("b", 1), ("a", 1), ("a", 2), ("b", 2), ("a", 3))

        found = self.seen(store, lambda work: work.events.of_leads(["a", "b", "c"]))
        assert {lead_id: list(events) for lead_id, events in found.items()} == {
            "a": [build_event("a", 1), build_event("a", 2), build_event("a", 3)],
            "b": [build_event("b", 1), build_event("b", 2)],
            "c": [],
        }

    def test_a_sequence_is_used_once(self, store: Store) -> None:
        self._told(store, ("a", 1))
        with pytest.raises(AlreadyExists), self.writing(store) as work:
            work.events.append([build_event("a", 1)])

    @pytest.mark.parametrize("limit", [1, 2, 10])
    def test_histories_are_scanned_in_the_order_of_leads(self, store: Store, limit: int) -> None:
        self._told(store, ("c", 1), ("a", 1), ("b", 1), ("b", 2))
        found: list[str] = []
        counts: list[int] = []
        while True:
            after = found[-1] if found else None
            with store.unit_of_work(ORG) as work:
                chunk = work.events.scan(after=after, limit=limit)
            if not chunk:
                break
            assert len(chunk) <= limit
            found.extend(chunk)
            counts.extend(len(events) for events in chunk.values())

        assert (found, counts) == (["a", "b", "c"], [1, 2, 1])

    def test_events_are_kept_anew_in_their_place(self, store: Store) -> None:
        self._told(store, ("a", 1), ("a", 2))
        redacted = build_event("a", 1, data={"lead": {}})
        with self.writing(store) as work:
            work.events.replace([redacted])

        found = self.seen(store, lambda work: list(work.events.of_leads(["a"])["a"]))
        assert found == [redacted, build_event("a", 2)]

    def test_an_event_that_is_not_there_cannot_be_kept_anew(self, store: Store) -> None:
        with pytest.raises(NotFound), self.writing(store) as work:
            work.events.replace([build_event("a", 1)])


class OutboxContract(StoreFixture):
    """What was written waits until it was published, in order for each lead."""

    def _write(self, store: Store, org: str, *places: tuple[str, int]) -> None:
        with self.writing(store, org) as work:
            work.events.append([build_event(lead_id, sequence) for lead_id, sequence in places])

    def _waiting(self, store: Store, limit: int = 100) -> list[tuple[str, str]]:
        return [(entry.org, entry.event.id) for entry in store.outbox.pending(limit)]

    def test_an_empty_outbox_has_nothing_waiting(self, store: Store) -> None:
        assert self._waiting(store) == []

    def test_what_was_committed_waits_with_its_organisation(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2))
        self._write(store, OTHER_ORG, ("a", 1))

        assert sorted(self._waiting(store)) == [(ORG, "a.1"), (ORG, "a.2"), (OTHER_ORG, "a.1")]

    def test_the_events_of_a_lead_wait_in_order(self, store: Store) -> None:
        for sequence in range(1, 12):
            self._write(store, ORG, ("a", sequence), ("b", sequence))

        waiting = [event_id for _, event_id in self._waiting(store)]
        assert [each for each in waiting if each.startswith("a")] == [f"a.{number}" for number in range(1, 12)]
        assert [each for each in waiting if each.startswith("b")] == [f"b.{number}" for number in range(1, 12)]

    @pytest.mark.parametrize("limit", [1, 3])
    def test_no_more_are_answered_than_asked_for_and_none_is_forgotten(self, store: Store, limit: int) -> None:
        self._write(store, ORG, *(("a", number) for number in range(1, 8)))
        seen: list[str] = []
        while entries := store.outbox.pending(limit):
            assert len(entries) <= limit
            seen.extend(entry.event.id for entry in entries)
            store.outbox.published(entries)

        assert seen == [f"a.{number}" for number in range(1, 8)]

    def test_what_was_published_waits_no_longer(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2))
        first = list(store.outbox.pending(1))
        store.outbox.published(first)
        store.outbox.published(first)

        assert self._waiting(store) == [(ORG, "a.2")]

    def test_what_waits_is_told_as_it_is_by_then(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1))
        with self.writing(store) as work:
            work.events.replace([build_event("a", 1, data={"lead": {}})])

        assert [entry.event.data for entry in store.outbox.pending(5)] == [{"lead": {}}]

    def test_what_was_published_and_is_kept_anew_does_not_wait_again(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1))
        store.outbox.published(store.outbox.pending(5))
        with self.writing(store) as work:
            work.events.replace([build_event("a", 1, data={"lead": {}})])

        assert self._waiting(store) == []


class EventPublisherContract:
    """A publisher takes any event, again and again."""

    @pytest.fixture
    def publisher(self) -> Iterator[EventPublisher]:
        """Answer a publisher; override it."""
        message = f"{type(self).__name__} must override the fixture `publisher`"
        raise NotImplementedError(message)

    def test_an_event_may_come_again(self, publisher: EventPublisher) -> None:
        for _ in range(2):
            publisher.publish(ORG, build_event())

    def test_events_of_several_organisations_are_taken(self, publisher: EventPublisher) -> None:
        for org in (ORG, OTHER_ORG):
            publisher.publish(org, build_event())
