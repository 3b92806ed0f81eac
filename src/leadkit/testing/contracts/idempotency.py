"""What an idempotency store must hold to."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import attrs
import pytest

from leadkit.errors import AlreadyExists, ConcurrencyConflict, StoreUnavailable
from leadkit.ports import KeyedRequest
from leadkit.testing.builders import NOON, build_lead
from leadkit.testing.contracts.opening import StoreFixture

if TYPE_CHECKING:
    from leadkit.ports import Store

__all__ = ["IdempotencyStoreContract"]

_REQUEST = KeyedRequest(key="key-1", fingerprint="f" * 64, result={"lead": "lead-1", "task": "t"}, at=NOON)


class IdempotencyStoreContract(StoreFixture):
    """A key is used once."""

    def test_a_key_that_was_not_used_is_none(self, store: Store) -> None:
        assert self.seen(store, lambda work: work.idempotency.get("key-1")) is None

    def test_a_request_is_kept_whole(self, store: Store) -> None:
        with self.writing(store) as work:
            work.idempotency.add(_REQUEST)

        assert self.seen(store, lambda work: work.idempotency.get("key-1")) == _REQUEST

    def test_a_key_is_used_once(self, store: Store) -> None:
        with self.writing(store) as work:
            work.idempotency.add(_REQUEST)
        with pytest.raises(AlreadyExists), self.writing(store) as work:
            work.idempotency.add(attrs.evolve(_REQUEST, result={}))

        assert self.seen(store, lambda work: work.idempotency.get("key-1")) == _REQUEST

    def test_of_several_that_ask_under_a_key_at_once_the_later_ones_see_what_the_first_has_kept(
        self, store: Store
    ) -> None:
        answers: list[KeyedRequest | None] = []
        failures: list[BaseException] = []
        all_at_once = threading.Barrier(4)

        def ask() -> None:
            all_at_once.wait()
            while True:
                try:
                    with self.writing(store) as work:
                        seen = work.idempotency.get("key-1")
                        if seen is None:
                            work.leads.add(build_lead())
                            work.idempotency.add(_REQUEST)
                    answers.append(seen)
                except (ConcurrencyConflict, StoreUnavailable):
                    continue
                except BaseException as error:  # noqa: BLE001 - told in the main thread
                    failures.append(error)
                return

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)

        assert failures == []
        assert sorted(answers, key=lambda seen: seen is not None) == [None, _REQUEST, _REQUEST, _REQUEST]
