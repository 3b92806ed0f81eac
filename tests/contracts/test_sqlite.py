"""The SQL store holds to the published contracts on SQLite."""

import shutil

import pytest

from leadkit.sql import SqlStore
from leadkit.testing.contracts import StoreContract


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    path = tmp_path_factory.mktemp("empty") / "leads.db"
    SqlStore.open(f"sqlite:///{path}").close()
    return path


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path, empty):
        path = shutil.copy(empty, tmp_path / "leads.db")
        store = SqlStore.open(f"sqlite:///{path}")
        yield store
        store.close()
