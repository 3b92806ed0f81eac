"""The SQL store holds to the published contracts on SQLite."""

import pytest

from leadkit.sql import SqlStore
from leadkit.testing.contracts import StoreContract


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        store = SqlStore.open(f"sqlite:///{tmp_path / 'leads.db'}")
        yield store
        store.close()
