"""What an event log and a publisher must hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadkit.errors import AlreadyExists, NotFound
from leadkit.testing.builders import build_event, build_lead
from leadkit.testing.contracts.opening import ORG, OTHER_ORG, StoreFixture
from leadkit.testing.contracts.overriding import must_override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadkit.ports import EventPublisher, Store

__all__ = ["EventLogContract", "EventPublisherContract"]


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


class EventPublisherContract:
    """A publisher takes any event, again and again."""

    @pytest.fixture
    def publisher(self) -> Iterator[EventPublisher]:
        """Answer a publisher; override it."""
        raise must_override(self, "publisher")

    def test_an_event_may_come_again(self, publisher: EventPublisher) -> None:
        for _ in range(2):
            publisher.publish(ORG, build_event())

    def test_events_of_several_organisations_are_taken(self, publisher: EventPublisher) -> None:
        for org in (ORG, OTHER_ORG):
            publisher.publish(org, build_event())
