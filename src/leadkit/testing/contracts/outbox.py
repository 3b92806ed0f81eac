"""What an outbox must hold to: nothing lost, nothing out of order, whoever claims and whoever is killed."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from leadkit.ports import OutboxCounts
from leadkit.testing.builders import NOON, build_event
from leadkit.testing.contracts.opening import ORG, OTHER_ORG, StoreFixture

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from leadkit.ports import OutboxEntry, Store

__all__ = ["OutboxContract"]

_LEASE: Final = timedelta(minutes=1)
_LATER: Final = NOON + timedelta(hours=1)


def _ids(entries: Sequence[OutboxEntry]) -> list[str]:
    return [entry.event.id for entry in entries]


class OutboxContract(StoreFixture):
    """What was written waits until it was published, in order for each lead."""

    def _write(self, store: Store, org: str, *places: tuple[str, int]) -> None:
        with self.writing(store, org) as work:
            work.events.append([build_event(lead_id, sequence) for lead_id, sequence in places])

    def _waiting(self, store: Store, limit: int = 100) -> list[tuple[str, str]]:
        return [(entry.org, entry.event.id) for entry in store.outbox.pending(limit)]

    def _claim(self, store: Store, worker: str = "one", limit: int = 100, now: datetime = NOON) -> list[OutboxEntry]:
        return list(store.outbox.claim(worker=worker, limit=limit, now=now, lease=_LEASE))

    def test_an_empty_outbox_has_nothing_waiting(self, store: Store) -> None:
        assert self._waiting(store) == []
        assert self._claim(store) == []
        assert store.outbox.counts() == OutboxCounts(waiting=0, dead=0, oldest=None)

    def test_what_was_committed_waits_with_its_organisation(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2))
        self._write(store, OTHER_ORG, ("a", 1))

        assert sorted(self._waiting(store)) == [(ORG, "a.1"), (ORG, "a.2"), (OTHER_ORG, "a.1")]

    def test_the_events_of_a_lead_wait_in_order(self, store: Store) -> None:
        for sequence in range(1, 12):
            self._write(store, ORG, ("a", sequence), ("b", sequence))

        for found in (_ids(store.outbox.pending(100)), _ids(self._claim(store))):
            assert [each for each in found if each.startswith("a")] == [f"a.{number}" for number in range(1, 12)]
            assert [each for each in found if each.startswith("b")] == [f"b.{number}" for number in range(1, 12)]

    @pytest.mark.parametrize("limit", [1, 3])
    def test_no_more_are_claimed_than_asked_for_and_none_is_forgotten(self, store: Store, limit: int) -> None:
        self._write(store, ORG, *(("a", number) for number in range(1, 8)))
        seen: list[str] = []
        while entries := self._claim(store, limit=limit):
            assert len(entries) <= limit
            assert len(store.outbox.pending(limit)) <= limit
            seen.extend(_ids(entries))
            store.outbox.published(entries)

        assert seen == [f"a.{number}" for number in range(1, 8)]

    def test_what_was_published_waits_no_longer(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2))
        first = self._claim(store, limit=1)
        store.outbox.published(first)
        store.outbox.published(first)

        assert self._waiting(store) == [(ORG, "a.2")]

    def test_what_waits_is_told_as_it_is_by_then(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1))
        with self.writing(store) as work:
            work.events.replace([build_event("a", 1, data={"lead": {}})])

        assert [entry.event.data for entry in store.outbox.pending(5)] == [{"lead": {}}]
        assert [entry.event.data for entry in self._claim(store)] == [{"lead": {}}]

    def test_what_was_published_and_is_kept_anew_does_not_wait_again(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1))
        store.outbox.published(self._claim(store))
        with self.writing(store) as work:
            work.events.replace([build_event("a", 1, data={"lead": {}})])

        assert self._waiting(store) == []

    def test_what_is_not_committed_is_not_claimed(self, store: Store) -> None:
        with store.unit_of_work(ORG) as work:
            work.events.append([build_event("a", 1)])

        assert self._claim(store) == []

    def test_a_claim_keeps_others_away_until_its_lease_runs_out(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("b", 1))
        first = self._claim(store, "one")

        assert {entry.claimed_by for entry in first} == {"one"}
        assert self._claim(store, "two") == []
        assert self._claim(store, "two", now=NOON + _LEASE - timedelta(microseconds=1)) == []
        again = self._claim(store, "two", now=NOON + _LEASE)
        assert _ids(again) == _ids(first)
        assert {entry.claimed_by for entry in again} == {"two"}
        assert self._waiting(store) == [(ORG, "a.1"), (ORG, "b.1")]

    def test_a_worker_takes_again_what_it_left_unsettled(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2))
        first = self._claim(store, "one")

        assert _ids(self._claim(store, "one")) == _ids(first)
        assert self._claim(store, "two", now=NOON + _LEASE / 2) == []

    def test_nothing_of_a_lead_overtakes_what_is_claimed(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2), ("b", 1))
        self._claim(store, "one", limit=1)
        self._write(store, ORG, ("a", 3))

        assert _ids(self._claim(store, "two")) == ["b.1"]

    def test_a_lead_goes_on_once_what_was_claimed_is_published(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2))
        store.outbox.published(self._claim(store, "one", limit=1))

        assert _ids(self._claim(store, "two")) == ["a.2"]

    def test_what_is_published_in_part_stays_claimed_in_the_rest(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2), ("a", 3))
        store.outbox.published(self._claim(store, "one")[:1])

        assert self._claim(store, "two") == []
        assert _ids(self._claim(store, "two", now=NOON + _LEASE)) == ["a.2", "a.3"]

    def test_leads_of_the_same_id_in_two_organisations_are_two_leads(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1))
        (first,) = self._claim(store, "one")
        self._write(store, OTHER_ORG, ("a", 1), ("a", 2))
        others = self._claim(store, "two")

        assert [(entry.org, entry.event.id) for entry in others] == [(OTHER_ORG, "a.1"), (OTHER_ORG, "a.2")]
        store.outbox.published([first])
        assert self._waiting(store) == [(OTHER_ORG, "a.1"), (OTHER_ORG, "a.2")]

    def test_what_failed_waits_until_it_is_due_and_holds_back_its_lead_alone(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2), ("b", 1))
        first, *rest = self._claim(store)
        store.outbox.failed(first, error="no connection", retry_at=_LATER)
        store.outbox.release(rest)

        assert _ids(self._claim(store, "two")) == ["b.1"]
        assert self._claim(store, "three", now=_LATER - timedelta(microseconds=1), limit=1)[0].event.id == "b.1"
        due = self._claim(store, "four", now=_LATER)
        assert [(entry.event.id, entry.attempts) for entry in due if entry.event.lead_id == "a"] == [
            ("a.1", 1),
            ("a.2", 0),
        ]

    def test_what_waits_for_its_next_attempt_can_be_hastened(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("b", 1))
        first, *rest = self._claim(store)
        store.outbox.failed(first, error="x", retry_at=_LATER)
        store.outbox.release(rest)

        assert store.outbox.hasten() == 1
        assert store.outbox.hasten() == 0
        assert [(entry.event.id, entry.attempts) for entry in self._claim(store)] == [("a.1", 1), ("b.1", 0)]

    def test_what_is_given_back_untried_can_be_claimed_at_once(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2))
        store.outbox.release(self._claim(store, "one"))

        assert [(entry.event.id, entry.attempts) for entry in self._claim(store, "two")] == [("a.1", 0), ("a.2", 0)]

    def test_who_was_too_slow_can_still_say_that_it_published(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1))
        slow = self._claim(store, "slow")
        self._claim(store, "quick", now=_LATER)
        store.outbox.published(slow)

        assert self._waiting(store) == []

    def test_who_was_too_slow_can_neither_fail_nor_give_back_what_another_has_claimed(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1))
        slow = self._claim(store, "slow")
        self._claim(store, "quick", now=_LATER)
        store.outbox.failed(slow[0], error="x", retry_at=None)
        store.outbox.release(slow)

        assert store.outbox.counts().dead == 0
        assert self._claim(store, "third", now=_LATER) == []
        assert [entry.attempts for entry in self._claim(store, "quick", now=_LATER)] == [0]

    def _with_a_dead_letter(self, store: Store) -> None:
        self._write(store, ORG, ("a", 1), ("a", 2), ("b", 1))
        first, *rest = self._claim(store)
        store.outbox.failed(first, error="it answered 500", retry_at=None)
        store.outbox.release(rest)

    def test_a_dead_letter_holds_back_its_lead_and_no_other(self, store: Store) -> None:
        self._with_a_dead_letter(store)
        self._write(store, ORG, ("a", 3))

        assert _ids(self._claim(store, now=_LATER)) == ["b.1"]
        assert store.outbox.counts() == OutboxCounts(waiting=3, dead=1, oldest=NOON)
        assert store.outbox.hasten() == 0
        assert self._waiting(store) == [(ORG, "a.2"), (ORG, "b.1"), (ORG, "a.3")]

    def test_a_dead_letter_tells_what_happened_to_it(self, store: Store) -> None:
        self._with_a_dead_letter(store)

        (letter,) = store.outbox.dead_letters(10)
        assert (letter.org, letter.event, letter.attempts, letter.error) == (
            ORG,
            build_event("a", 1),
            1,
            "it answered 500",
        )
        assert store.outbox.dead_letters(0) == []

    def test_a_dead_letter_that_is_revived_goes_first_again(self, store: Store) -> None:
        self._with_a_dead_letter(store)
        letters = store.outbox.dead_letters(10)

        assert store.outbox.revive(letters) == 1
        assert store.outbox.revive(letters) == 0
        assert store.outbox.dead_letters(10) == []
        found = self._claim(store)
        assert [entry.event.id for entry in found if entry.event.lead_id == "a"] == ["a.1", "a.2"]
        assert {entry.attempts for entry in found} == {0}

    def test_a_dead_letter_that_is_dropped_lets_its_lead_go_on_and_stays_in_the_history(self, store: Store) -> None:
        self._with_a_dead_letter(store)
        letters = store.outbox.dead_letters(10)

        assert store.outbox.drop(letters) == 1
        assert store.outbox.drop(letters) == 0
        assert sorted(_ids(self._claim(store))) == ["a.2", "b.1"]
        assert store.outbox.counts() == OutboxCounts(waiting=2, dead=0, oldest=NOON)
        history = self.seen(store, lambda work: work.events.of_leads(["a"])["a"])
        assert [event.id for event in history] == ["a.1", "a.2"]

    def test_what_is_not_dead_is_neither_revived_nor_dropped(self, store: Store) -> None:
        self._with_a_dead_letter(store)
        letters = store.outbox.dead_letters(10)
        store.outbox.revive(letters)

        assert store.outbox.drop(letters) == 0
        assert store.outbox.counts().waiting == 3

    def test_workers_side_by_side_take_everything_once_and_in_order(self, store: Store) -> None:
        leads, each = 10, 8
        for sequence in range(1, each + 1):
            self._write(store, ORG, *((f"lead-{number}", sequence) for number in range(leads)))
        taken: list[tuple[str, int]] = []
        failures: list[BaseException] = []
        lock = threading.Lock()

        def work(worker: str) -> None:
            try:
                while entries := self._claim(store, worker, limit=7):
                    with lock:
                        taken.extend((entry.event.lead_id, entry.event.sequence) for entry in entries)
                    store.outbox.published(entries)
            except BaseException as error:  # noqa: BLE001 - told in the main thread
                failures.append(error)

        threads = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        # Whoever found everything claimed by the others went home early.
        work("last")

        assert failures == []
        for number in range(leads):
            assert [sequence for lead_id, sequence in taken if lead_id == f"lead-{number}"] == list(range(1, each + 1))
