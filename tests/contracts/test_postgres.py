"""The SQL store holds to the published contracts on PostgreSQL."""

import pytest

from leadkit.sql import SqlStore
from leadkit.testing.contracts import StoreContract


class TestPostgresStore(StoreContract):
    @pytest.fixture
    def store(self, shared_postgres_address):
        store = SqlStore.open(shared_postgres_address)
        yield store
        store.close()
