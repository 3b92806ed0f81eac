"""The databases that gates work on."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from postgres import Server


@pytest.fixture
def fresh_postgres(postgres_server: Server, postgres_template: str) -> Iterator[Callable[[], str]]:
    """Answer how fresh databases in PostgreSQL are had; they are gone after the test."""
    made: list[str] = []

    def fresh() -> str:
        made.append(postgres_server.create(template=postgres_template))
        return postgres_server.address_of(made[-1])

    yield fresh
    for name in made:
        postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Answer how fresh databases are had, of one kind after the other."""
    if request.param == "postgresql":
        found: Callable[[], str] = request.getfixturevalue("fresh_postgres")
        return found
    numbers = itertools.count()
    return lambda: f"sqlite:///{tmp_path / f'leads-{next(numbers)}.db'}"


@pytest.fixture
def address(fresh: Callable[[], str]) -> str:
    """Answer the address of a fresh database."""
    return fresh()


@pytest.fixture
def sql_store(address: str) -> Iterator[Any]:
    """Answer a store on a fresh database."""
    from leadkit.sql import SqlStore

    store = SqlStore.open(address)
    yield store
    store.close()
