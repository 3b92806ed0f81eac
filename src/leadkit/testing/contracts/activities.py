"""What an activity store must hold to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from leadkit.errors import AlreadyExists, ConcurrencyConflict, NotFound
from leadkit.testing.builders import NOON, build_activity, build_task
from leadkit.testing.contracts.opening import StoreFixture

if TYPE_CHECKING:
    from leadkit.ports import Store

__all__ = ["ActivityStoreContract"]

_DAY = timedelta(days=1)


class ActivityStoreContract(StoreFixture):
    """Activities and tasks are kept for each lead, in order."""

    def test_every_lead_that_is_asked_for_is_answered(self, store: Store) -> None:
        found = self.seen(store, lambda work: (work.activities.of_leads(["a", "b"]), work.activities.tasks_of(["a"])))

        assert {lead_id: list(rows) for lead_id, rows in found[0].items()} == {"a": [], "b": []}
        assert {lead_id: list(rows) for lead_id, rows in found[1].items()} == {"a": []}

    def test_activities_come_by_time_and_id(self, store: Store) -> None:
        rows = [
            build_activity("z", lead_id="a", at=NOON - _DAY),
            build_activity("b", lead_id="a", notes="hello", properties={"x": [1]}),
            build_activity("c", lead_id="a"),
        ]
        with self.writing(store) as work:
            for row in reversed(rows):
                work.activities.add(row)
            work.activities.add(build_activity("other", lead_id="b"))

        assert list(self.seen(store, lambda work: work.activities.of_leads(["a"]))["a"]) == rows

    def test_an_id_of_an_activity_is_used_once(self, store: Store) -> None:
        with self.writing(store) as work:
            work.activities.add(build_activity())
        with pytest.raises(AlreadyExists), self.writing(store) as work:
            work.activities.add(build_activity())

    def test_activities_are_added_together(self, store: Store) -> None:
        rows = [build_activity(f"{number:04}", lead_id="a") for number in range(1_500)]
        with self.writing(store) as work:
            work.activities.add_many([])
            work.activities.add_many(rows)

        assert list(self.seen(store, lambda work: work.activities.of_leads(["a"]))["a"]) == rows

    @pytest.mark.parametrize("ids", [["new", "b", "a"], ["new", "c", "c"]])
    def test_of_activities_that_are_added_together_the_first_that_is_there_is_named(
        self, store: Store, ids: list[str]
    ) -> None:
        with self.writing(store) as work:
            work.activities.add_many([build_activity("a"), build_activity("b")])
        with pytest.raises(AlreadyExists) as caught, self.writing(store) as work:
            work.activities.add_many([build_activity(activity_id) for activity_id in ids])

        assert (caught.value.kind, caught.value.id) == ("activity", ids[1])
        found = self.seen(store, lambda work: work.activities.of_leads(["lead-1"]))["lead-1"]
        assert [activity.id for activity in found] == ["a", "b"]

    def test_an_activity_is_kept_anew_under_its_id(self, store: Store) -> None:
        linked = build_activity(contact_id="contact-1", opportunity_id="opportunity-1")
        with self.writing(store) as work:
            work.activities.add(build_activity(notes="secret"))
            work.activities.save(linked)

        assert list(self.seen(store, lambda work: work.activities.of_leads(["lead-1"]))["lead-1"]) == [linked]

    def test_an_activity_that_is_not_there_cannot_be_kept_anew(self, store: Store) -> None:
        with pytest.raises(NotFound), self.writing(store) as work:
            work.activities.save(build_activity())

    def test_tasks_come_by_due_time_and_id(self, store: Store) -> None:
        rows = [build_task("z", due_at=NOON - _DAY), build_task("b"), build_task("c", done_at=NOON)]
        with self.writing(store) as work:
            for row in reversed(rows):
                work.activities.add_task(row)

        assert list(self.seen(store, lambda work: work.activities.tasks_of(["lead-1"]))["lead-1"]) == rows
        assert self.seen(store, lambda work: work.activities.get_task("b")) == rows[1]
        assert self.seen(store, lambda work: work.activities.get_task("nothing")) is None

    def test_an_id_of_a_task_is_used_once(self, store: Store) -> None:
        with self.writing(store) as work:
            work.activities.add_task(build_task())
        with pytest.raises(AlreadyExists), self.writing(store) as work:
            work.activities.add_task(build_task())

    def test_a_changed_task_replaces_the_one_that_was_read(self, store: Store) -> None:
        done = build_task(done_at=NOON, version=2)
        with self.writing(store) as work:
            work.activities.add_task(build_task())
            work.activities.save_task(done, expected=1)

        assert self.seen(store, lambda work: work.activities.get_task("task-1")) == done

    def test_another_version_of_a_task_is_a_conflict(self, store: Store) -> None:
        with self.writing(store) as work:
            work.activities.add_task(build_task(version=2))
        with pytest.raises(ConcurrencyConflict), self.writing(store) as work:
            work.activities.save_task(build_task(version=2), expected=1)
        with pytest.raises(ConcurrencyConflict), self.writing(store) as work:
            work.activities.save_task(build_task("nothing", version=2), expected=1)
