"""Judges the mutants that mutmut has made and not judged, by forks of one process that has collected the tests.

    python tools/mutation.py --finish     # which runs this where the mutants are

mutmut lets every mutant collect its tests anew, which takes seconds for what thousands of tests reach. Here they are
collected once; a fork runs those that reach the mutant, the quickest first, until one fails. It is given as much
processor time as mutmut would give it, and the verdicts are noted down where mutmut notes its own. POSIX only.
"""

from __future__ import annotations

import gc
import json
import os
import random
import resource
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from mutation import UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path.cwd()
SURVIVED, KILLED, UNREACHED = 0, 1, 33
# As mutmut has it: a mutant may take this much longer than its tests do, and some seconds more.
SECONDS_MORE = 5
# Noted down now and then, so that a run that is cut short has done its part.
NOTED_AT_ONCE = 100


def function_of(mutant: str) -> str:
    """Answer the function that a mutant is one of, by mutmut's name for it."""
    return mutant.rpartition("__mutmut_")[0]


class Judge:
    """A plugin of pytest that runs the mutants instead of the tests.

    Args:
        multiplier: How many times longer than its tests a mutant may take.
    """

    def __init__(self, multiplier: float) -> None:
        self._multiplier = multiplier
        statistics = json.loads((HERE / "mutmut-stats.json").read_text(encoding="utf-8"))
        self._reaching: dict[str, list[str]] = statistics["tests_by_mangled_function_name"]
        self._seconds: dict[str, float] = statistics["duration_by_test"]
        self._verdicts: dict[Path, dict[str, int]] = {}
        self._running: dict[int, tuple[Path, str]] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge every mutant that has no verdict."""
        tests = {item.nodeid: item for item in session.items}
        waiting = list(self._waiting())
        # In no order, so that what is known after half of the time holds for the rest as well.
        random.Random(0).shuffle(waiting)  # noqa: S311 - no secret
        # What is there now is not looked through again in each fork, which would copy its memory.
        gc.collect()
        gc.freeze()
        for number, (path, mutant) in enumerate(waiting, 1):
            names = sorted(self._reaching.get(function_of(mutant), ()), key=lambda name: self._seconds.get(name, 0.0))
            while len(self._running) >= (os.cpu_count() or 1):
                self._reap()
            chosen = [tests[name] for name in names if name in tests]
            allowed = self._multiplier * sum(self._seconds.get(item.nodeid, 0.0) for item in chosen) + SECONDS_MORE
            process = os.fork()
            if not process:
                os._exit(verdict_of(mutant, chosen, session, int(allowed) + 1))
            self._running[process] = (path, mutant)
            if number % NOTED_AT_ONCE == 0:
                print(f"{number:,} of {len(waiting):,}", file=sys.stderr, flush=True)
                self._note()
        while self._running:
            self._reap()
        self._note()
        return True

    def _waiting(self) -> Iterator[tuple[Path, str]]:
        for path in sorted((HERE / "src").rglob("*.py.meta")):
            codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
            yield from ((path, mutant) for mutant, code in codes.items() if code in UNCHECKED)

    def _reap(self) -> None:
        process, status = os.wait()
        path, mutant = self._running.pop(process)
        self._verdicts.setdefault(path, {})[mutant] = os.waitstatus_to_exitcode(status)

    def _note(self) -> None:
        for path, verdicts in self._verdicts.items():
            noted = json.loads(path.read_text(encoding="utf-8"))
            noted["exit_code_by_key"].update(verdicts)
            path.write_text(json.dumps(noted, indent=4), encoding="utf-8")
        self._verdicts.clear()


def verdict_of(mutant: str, tests: Sequence[pytest.Item], session: Any, seconds: int) -> int:
    """Answer what comes of a mutant; called in a process of its own.

    Args:
        mutant: Its name.
        tests: The tests that reach it, in the order in which they are tried.
        session: What counts the tests that fail.
        seconds: How much processor time it may take; a process that takes more is ended by the system.
    """
    if not tests:
        return UNREACHED
    os.environ["MUTANT_UNDER_TEST"] = mutant
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    try:
        for item, following in zip(tests, [*tests[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                return KILLED
    except BaseException:  # noqa: BLE001 - whatever a mutant brings down pytest itself with, it was noticed
        return KILLED
    return SURVIVED


def main() -> int:
    """Collect the tests as mutmut does, and judge."""
    configuration = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    os.environ["MUTANT_UNDER_TEST"] = ""
    arguments = [*configuration["pytest_add_cli_args"], *configuration["pytest_add_cli_args_test_selection"]]
    return int(pytest.main(["-q", *arguments], plugins=[Judge(configuration["timeout_multiplier"])]))


if __name__ == "__main__":
    sys.exit(main())
