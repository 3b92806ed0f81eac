"""Gate G3: the contracts of a store are held on memory, SQLite and PostgreSQL, at least 150 checks each, none skipped.

Every run of the suite runs them from `tests/contracts`, and here counts them; at its full number the gate runs them as
well, with as many examples as gates take, and counts those that passed.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from leadkit.testing import contracts

pytestmark = pytest.mark.gate

ROOT = Path(__file__).resolve().parents[2]
STORES = {
    "memory": ("test_memory.py", "TestMemoryStore"),
    "sqlite": ("test_sqlite.py", "TestSqliteStore"),
    "postgresql": ("test_postgres.py", "TestPostgresStore"),
}
ROW = r"tests/contracts/(\w+\.py)::(\w+)::"


def asked(*options):
    """Ask pytest of the contracts, and answer what it prints."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "tests/contracts"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5_000:]
    return done.stdout


@pytest.fixture(scope="module")
def checks():
    """How many checks there are, by file and class."""
    return Counter(re.findall(f"^{ROW}", asked("--collect-only"), re.MULTILINE))


@pytest.fixture(scope="module")
def passed(checks, gate_size):
    """How many of them pass; in a small gate, where the suite runs them elsewhere, all that there are."""
    return gate_size(checks, None) or Counter(re.findall(f"^PASSED {ROW}", asked("-rA"), re.MULTILINE))


@pytest.mark.parametrize("store", STORES)
def test_g3_every_store_is_held_to_at_least_a_hundred_and_fifty_checks(checks, passed, say, store):
    place = STORES[store]
    say(f"G3: {passed[place]} of {checks[place]} checks of the contracts pass on {store}")

    assert checks[place] >= 150
    assert passed[place] == checks[place]


def test_g3_every_store_is_held_to_the_same_checks(checks):
    assert len({checks[place] for place in STORES.values()}) == 1


def test_g3_no_check_of_the_contracts_skips_anything():
    places = [Path(contracts.__file__).parent, ROOT / "tests" / "contracts"]
    skipping = [
        path.name
        for place in places
        for path in place.glob("*.py")
        if re.search(r"\b(skip|skipif|xfail)\b", path.read_text())
    ]

    assert skipping == []
