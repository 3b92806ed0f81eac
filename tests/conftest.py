"""What every test shares: how hard hypothesis tries, and where it keeps what it found."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable

# The fixtures of a PostgreSQL server; it starts when the first test asks for it.
pytest_plugins = ["postgres"]

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "commit")

# `deadline=None` everywhere: a loaded machine is no defect of the code under test.
settings.register_profile("commit", deadline=None, max_examples=100)
settings.register_profile(
    "gates",
    deadline=None,
    max_examples=2_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# Mutation runs the same test thousands of times: few examples, the same ones each time, so that a verdict repeats.
settings.register_profile(
    "mutation",
    deadline=None,
    max_examples=20,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile(PROFILE)


@pytest.fixture(scope="session")
def gate_size() -> Callable[[int, int], int]:
    """Answer how large a gate is today: `gate_size(20, 1_000)` is 20, and 1,000 with LEADKIT_GATES=full."""
    full = os.environ.get("LEADKIT_GATES") == "full"
    return lambda small, whole: whole if full else small


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Answer how a gate tells its figures: at its full number they are shown, though the test passes."""

    def told(figures: str) -> None:
        if os.environ.get("LEADKIT_GATES") == "full":
            with capsys.disabled():
                sys.stdout.write(f"\n{figures}\n")

    return told


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Under mutation, ask those first who are likeliest to notice: the module's own tests, its neighbours', properties.

    A mutant is done with at the first test that fails, and a property takes a hundred times as long as a unit test.
    """
    passing = [item.nodeid for item in items if " at 0x" in item.nodeid]
    if passing:
        # Such a test cannot be asked for by its name a second time, as mutmut does with every test.
        message = f"the name of a test holds an address, which is another one in the next run: {passing[0]}"
        raise pytest.UsageError(message)
    if PROFILE != "mutation":
        return
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    # Such as `leadkit.values.text.x_clean__mutmut_1`, and outside a run a word such as `stats`.
    _, part, module = [*mutant.split("."), "", "", ""][:3]

    def distance(item: pytest.Item) -> tuple[bool, bool, bool]:
        path = item.path
        own_part = part in path.parts or path.stem == f"test_{part}"
        return "properties" in path.parts, not own_part, not path.stem.startswith(f"test_{module}")

    items.sort(key=distance)


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Under mutation, let pytest forget the ids that it made before.

    mutmut runs pytest many times in one process. pytest keeps the ids that it made from `ids=` with the mark, and
    escapes them anew each time: one with a line break or an umlaut is never found again, and no test would run.
    """
    if PROFILE == "mutation":
        for mark in metafunc.definition.iter_markers("parametrize"):
            source = getattr(mark, "_param_ids_from", None)
            if source is not None:
                object.__setattr__(source, "_param_ids_generated", None)
