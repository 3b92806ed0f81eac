"""Runs every check of the project, one after the other, and says how long each took.

    python tools/check.py                 # everything
    python tools/check.py types floors    # the named ones

Needs Python's standard library and the `dev` extra. The output of a check that passes is not shown, except for the
last one, the whole suite, whose closing line ends the output of a run in which all is well.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
CORE = (
    "errors",
    "values",
    "conditions",
    "pipelines",
    "leads",
    "scoring",
    "routing",
    "conversion",
    "activities",
    "enrichment",
    "analytics",
    "importing",
)
# Few examples of each property, always the same, so that what a run covers does not depend on chance.
SAME_EXAMPLES = {"HYPOTHESIS_PROFILE": "mutation"}


class Failed(Exception):
    """A command of a check ended with an exit code other than zero."""


def run(*command: str | Path, cwd: Path = ROOT, loud: bool = False, **variables: str) -> str:
    """Run a command; answer what it wrote, or raise with it.

    Args:
        command: The program and its arguments.
        cwd: Where it runs.
        loud: Whether its output is shown as it comes.
        variables: What its environment has beyond this one's.
    """
    lines: list[str] = []
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            if loud:
                sys.stdout.write(line)
                sys.stdout.flush()
    output = "".join(lines)
    if process.returncode != 0:
        raise Failed("" if loud else output)
    return output


def module(name: str, *arguments: str | Path, **options: str) -> str:
    """Run a Python module of this environment."""
    return run(sys.executable, "-m", name, *arguments, **options)


def core_tests() -> list[str]:
    """Name the test paths that hold the core to account, as far as they exist."""
    unit = [path for name in CORE for path in (f"tests/unit/{name}", f"tests/unit/test_{name}.py")]
    found = [path for path in (*unit, "tests/properties") if (ROOT / path).exists()]
    if not found:
        # pytest without a path would run everything, and that says nothing of the core.
        message = "the core has no tests\n"
        raise Failed(message)
    return found


def style() -> str:
    """Ruff: every rule but the reasoned few, and the formatter."""
    module("ruff", "check", "--quiet", ".")
    module("ruff", "format", "--quiet", "--check", ".")
    return ""


def types() -> str:
    """Mypy and basedpyright, both strict, on src."""
    checked = module("mypy").strip().splitlines()[-1]
    module("basedpyright", "--pythonpath", sys.executable, "--warnings")
    return checked


def floors() -> str:
    """import-linter: a floor imports only from floors below it."""
    return run(TOOLS / "lint-imports", "--no-cache", PYTHONPATH="src").strip().splitlines()[-1]


def examples() -> str:
    """Every example of the README, the documents and the docstrings."""
    return closing(module("pytest", "-q", "tests/docs"))


def site() -> str:
    """The documentation, with warnings as errors."""
    with tempfile.TemporaryDirectory() as built:
        module("sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", built)
    return ""


def coverage() -> str:
    """The core's branch coverage by its own tests: 100%."""
    module("coverage", "erase")
    result = closing(module("coverage", "run", "-m", "pytest", "-q", *core_tests(), **SAME_EXAMPLES))
    module("coverage", "combine", "--quiet")
    core = ",".join(f"src/leadkit/{name}{end}" for name in CORE for end in (".py", "/*"))
    module("coverage", "report", "--fail-under=100", f"--include={core}")
    return result


def wheel() -> str:
    """The built wheel in a fresh environment without extras: the core's tests, with nothing of src in reach."""
    with tempfile.TemporaryDirectory() as place:
        room = Path(place)
        module("build", "--wheel", "--outdir", room, ROOT)
        (built,) = room.glob("*.whl")
        with zipfile.ZipFile(built) as archive:
            inside = archive.namelist()
        strange = [name for name in inside if not re.match(r"leadkit(-[\w.]+\.dist-info)?/", name)]
        if strange or "leadkit/py.typed" not in inside:
            message = f"the wheel holds what it should not, or lacks py.typed: {strange}\n"
            raise Failed(message)
        python = room / "environment" / "bin" / "python"
        module("venv", room / "environment")
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", built, "pytest", "hypothesis")
        where = run(python, "-c", "import leadkit; print(leadkit.__file__)", cwd=room).strip()
        if "site-packages" not in where:
            message = f"the tests would not run on the wheel, but on {where}\n"
            raise Failed(message)
        plain = ("-o", "pythonpath=tests/support", "-p", "no:cacheprovider", "-q")
        core = closing(run(python, "-m", "pytest", *plain, *core_tests(), **SAME_EXAMPLES))
        return f"{core}; {another_store(python)}"


def another_store(python: Path) -> str:
    """Run the contract suites of the wheel on a store in a distribution of its own."""
    place = ROOT / "examples" / "folder-store"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", place)
    return closing(run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=place))


def suite() -> str:
    """The whole suite, except the examples, which have a run of their own."""
    return closing(module("pytest", loud=True))


def closing(output: str) -> str:
    """Answer the last line that pytest wrote."""
    return output.strip().splitlines()[-1]


CHECKS: dict[str, Callable[[], str]] = {
    check.__name__: check for check in (style, types, floors, examples, site, coverage, wheel, suite)
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one check went."""

    name: str
    passed: bool
    seconds: float
    note: str


def carry_out(name: str) -> Outcome:
    """Run one check and show what it wrote if it failed.

    Args:
        name: One of `CHECKS`.
    """
    print(f"--- {name}: {(CHECKS[name].__doc__ or '').strip()}", flush=True)
    start = time.perf_counter()
    try:
        note, passed = CHECKS[name](), True
    except Failed as failure:
        print(failure, flush=True)
        note, passed = "", False
    return Outcome(name=name, passed=passed, seconds=time.perf_counter() - start, note=note)


def main() -> int:
    """Run the checks that were named, or all; answer 1 when one failed."""
    parser = argparse.ArgumentParser(description="Run the checks of the project.")
    parser.add_argument("checks", nargs="*", metavar="check", help=f"of {', '.join(CHECKS)}; none means all")
    names = parser.parse_args().checks or list(CHECKS)
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; possible are {', '.join(CHECKS)}")

    outcomes = [carry_out(name) for name in names]

    print("\n--- summary")
    for outcome in outcomes:
        mark = "ok    " if outcome.passed else "FAILED"
        print(f"{mark} {outcome.name:<10} {outcome.seconds:7.1f} s  {outcome.note.strip('= ')}".rstrip())
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    if failed:
        print(f"\nFAILED: {', '.join(failed)}")
        return 1
    print(f"\nall {len(outcomes)} checks passed in {sum(outcome.seconds for outcome in outcomes):.0f} s")
    if outcomes[-1].name == "suite":
        print(outcomes[-1].note)
    return 0


if __name__ == "__main__":
    sys.exit(main())
