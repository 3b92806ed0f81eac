"""What an idempotency store must hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from leadkit.errors import AlreadyExists
from leadkit.ports import KeyedRequest
from leadkit.testing.builders import NOON, build_lead
from leadkit.testing.contracts.opening import StoreFixture
from leadkit.testing.contracts.together import together

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
        def ask() -> KeyedRequest | None:
            with self.writing(store) as work:
                seen = work.idempotency.get("key-1")
                if seen is None:
                    work.leads.add(build_lead())
                    work.idempotency.add(_REQUEST)
                return seen

        answers = together(ask)
        assert sorted(answers, key=lambda seen: seen is not None) == [None, _REQUEST, _REQUEST, _REQUEST]
