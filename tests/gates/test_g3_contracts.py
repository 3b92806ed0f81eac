"""Gate G3: the contracts of a store are held on memory, SQLite and PostgreSQL, at least 150 checks each, none skipped.

Whether they pass is for `tests/contracts` to say; here it is counted what runs there.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from leadkit.testing import contracts

ROOT = Path(__file__).resolve().parents[2]
STORES = {
    "memory": ("test_memory.py", "TestMemoryStore"),
    "sqlite": ("test_sqlite.py", "TestSqliteStore"),
    "postgresql": ("test_postgres.py", "TestPostgresStore"),
}


@pytest.fixture(scope="module")
def collected():
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests/contracts"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return Counter(re.findall(r"^tests/contracts/(\w+\.py)::(\w+)::", done.stdout, re.MULTILINE))


@pytest.mark.parametrize("store", STORES)
def test_g3_every_store_is_held_to_at_least_a_hundred_and_fifty_checks(collected, say, store):
    count = collected[STORES[store]]
    say(f"G3: {count} checks of the contracts on {store}")

    assert count >= 150


def test_g3_every_store_is_held_to_the_same_checks(collected):
    assert len({collected[place] for place in STORES.values()}) == 1


def test_g3_no_check_of_the_contracts_skips_anything():
    places = [Path(contracts.__file__).parent, ROOT / "tests" / "contracts"]
    skipping = [
        path.name
        for place in places
        for path in place.glob("*.py")
        if re.search(r"\b(skip|skipif|xfail)\b", path.read_text())
    ]

    assert skipping == []
