"""What an inbox must hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadkit.testing.builders import NOON, build_lead
from leadkit.testing.contracts.opening import ORG, OTHER_ORG, StoreFixture
from leadkit.testing.contracts.together import together

if TYPE_CHECKING:
    from leadkit.ports import Store

__all__ = ["InboxContract"]


class InboxContract(StoreFixture):
    """A message is new once, for each consumer of each organisation."""

    def _takes(self, store: Store, message_id: str, *, consumer: str = "billing", org: str = ORG) -> bool:
        with self.writing(store, org) as work:
            return work.inbox.take(consumer, message_id, at=NOON)

    def test_a_message_is_new_once(self, store: Store) -> None:
        assert [self._takes(store, each) for each in ("m-1", "m-1", "m-2", "m-1")] == [True, False, True, False]

    def test_within_one_unit_of_work_too_a_message_is_new_once(self, store: Store) -> None:
        with self.writing(store) as work:
            assert [work.inbox.take("billing", "m-1", at=NOON) for _ in range(2)] == [True, False]

    def test_a_message_is_another_for_another_consumer_and_another_organisation(self, store: Store) -> None:
        assert self._takes(store, "m-1")
        assert self._takes(store, "m-1", consumer="mailing")
        assert self._takes(store, "m-1", org=OTHER_ORG)

    def test_what_is_not_committed_was_not_dealt_with(self, store: Store) -> None:
        with store.unit_of_work(ORG) as work:
            assert work.inbox.take("billing", "m-1", at=NOON)

        assert self._takes(store, "m-1")

    def test_a_message_and_its_effect_are_kept_together(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.unit_of_work(ORG) as work:
            work.inbox.take("billing", "m-1", at=NOON)
            work.leads.add(build_lead())
            raise ZeroDivisionError

        assert self.seen(store, lambda work: work.leads.get("lead-1")) is None
        assert self._takes(store, "m-1")

    def test_of_several_that_take_a_message_at_once_one_has_it(self, store: Store) -> None:
        answers = together(lambda: self._takes(store, "m-1"))
        assert sorted(answers) == [False, False, False, True]
