"""How the contracts of a store open it: the fixture that a host overrides, and two ways to work with it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, TypeVar

import pytest

from leadkit.testing.contracts.overriding import must_override

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from leadkit.ports import Store, UnitOfWork

__all__ = ["StoreFixture"]

ORG = "acme"
OTHER_ORG = "bolt"

T = TypeVar("T")


class StoreFixture:
    """What the contracts of a store share."""

    @pytest.fixture
    def store(self) -> Iterator[Store]:
        """Answer an empty store; override it."""
        raise must_override(self, "store")

    @contextlib.contextmanager
    def writing(self, store: Store, org: str = ORG) -> Generator[UnitOfWork]:
        """Open a unit of work and commit it at the end."""
        with store.unit_of_work(org) as work:
            yield work
            work.commit()

    def seen(self, store: Store, look: Callable[[UnitOfWork], T], org: str = ORG) -> T:
        """Answer what a later unit of work sees."""
        with store.unit_of_work(org) as work:
            return look(work)
