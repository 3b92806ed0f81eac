"""What a pointer store must hold to."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from leadkit.testing.contracts.opening import StoreFixture

if TYPE_CHECKING:
    from leadkit.ports import Store

__all__ = ["PointerStoreContract"]


class PointerStoreContract(StoreFixture):
    """Pointers are exact, and belong to a pool and a member."""

    def test_a_pool_without_pointers_has_none(self, store: Store) -> None:
        assert dict(self.seen(store, lambda work: work.pointers.get("pool"))) == {}

    @pytest.mark.parametrize("pointer", [Fraction(0), Fraction(7), Fraction(1, 3), Fraction(10**12 + 1, 997)])
    def test_a_pointer_is_exact(self, store: Store, pointer: Fraction) -> None:
        with self.writing(store) as work:
            work.pointers.put("pool", {"ann": pointer})

        assert dict(self.seen(store, lambda work: work.pointers.get("pool"))) == {"ann": pointer}

    def test_pools_have_their_own_pointers(self, store: Store) -> None:
        with self.writing(store) as work:
            work.pointers.put("a", {"ann": Fraction(1)})
            work.pointers.put("b", {"ann": Fraction(2)})

        assert dict(self.seen(store, lambda work: work.pointers.get("a"))) == {"ann": Fraction(1)}

    def test_members_that_are_not_named_are_forgotten(self, store: Store) -> None:
        with self.writing(store) as work:
            work.pointers.put("pool", {"ann": Fraction(1), "bo": Fraction(2)})
        with self.writing(store) as work:
            work.pointers.put("pool", {"bo": Fraction(3)})

        assert dict(self.seen(store, lambda work: work.pointers.get("pool"))) == {"bo": Fraction(3)}

    def test_what_was_answered_does_not_change_with_the_store(self, store: Store) -> None:
        with self.writing(store) as work:
            work.pointers.put("pool", {"ann": Fraction(1)})
            before = work.pointers.get("pool")
            work.pointers.put("pool", {"ann": Fraction(2)})

        assert dict(before) == {"ann": Fraction(1)}
