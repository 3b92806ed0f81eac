"""The databases that gates work on."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Answer how a fresh database is had, of one kind after the other."""
    if request.param == "sqlite":
        numbers = itertools.count()
        return lambda: f"sqlite:///{tmp_path / f'leads-{next(numbers)}.db'}"
    postgres = request.getfixturevalue("postgres")
    fresh: Callable[[], str] = postgres.fresh
    return fresh


@pytest.fixture
def address(fresh: Callable[[], str]) -> str:
    """A fresh database."""
    return fresh()


@pytest.fixture
def sql_store(address: str) -> Iterator[Any]:
    """A store on a fresh database."""
    from leadkit.sql import SqlStore

    store = SqlStore.open(address)
    yield store
    store.close()
