"""Gate P7: what `import leadkit` costs, against `import pydantic`.

    python benchmarks/p7_import.py             # exit code 1 above the bar of 1.25
    python benchmarks/p7_import.py --json p7.json

Every import is timed inside a fresh interpreter, whose own start is not counted. All of them run once beforehand, so
that the bytecode is there; then they take turns.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from measuring import SOURCE, Timings, machine_line, table, use_this_clone, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

BAR: Final = 1.25
REFERENCE: Final = "import pydantic"
GATED: Final = "import leadkit"
FIRST_USED: Final = ("Lead", "Ruleset", "score", "LeadKit")
"""What most programs fetch first; `import leadkit` alone loads none of it."""
# What could make an import slower or quicker than it is for a user.
_DISTURBING: Final = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPROFILEIMPORTTIME",
    "COVERAGE_PROCESS_START",
    "COVERAGE_PROCESS_CONFIG",
)


def took(statement: str) -> float:
    """Answer the seconds that a statement takes in a fresh interpreter.

    Args:
        statement: An import.

    Raises:
        RuntimeError: It fails; says how.
    """
    code = f"import time\nstart = time.perf_counter()\n{statement}\nprint(time.perf_counter() - start)"
    # The source of this clone, whatever is installed, and nothing from the working directory.
    environment = {name: value for name, value in os.environ.items() if name not in _DISTURBING}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={**environment, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        message = f"`{statement}` fails:\n{done.stderr}"
        raise RuntimeError(message)
    return float(done.stdout)


def public(names: Sequence[str]) -> list[str]:
    """Answer which of some names leadkit offers, in their order."""
    use_this_clone()
    import leadkit  # noqa: PLC0415 - found only now

    return [name for name in names if name in leadkit.__all__]


def measured(statements: Sequence[str], rounds: int) -> Timings:
    """Time the statements in turns, after one turn that writes the bytecode."""
    samples: dict[str, list[float]] = {statement: [] for statement in statements}
    for statement in statements:
        took(statement)
    for _ in range(rounds):
        for statement in statements:
            samples[statement].append(took(statement))
    return Timings(samples=samples)


def main(given: Sequence[str] | None = None) -> int:
    """Time and print; answer the exit code."""
    parser = argparse.ArgumentParser(description="What importing leadkit costs, as a ratio to importing pydantic.")
    parser.add_argument("--rounds", type=int, default=21, help="how often each has its turn (%(default)s)")
    parser.add_argument("--bar", type=float, default=BAR, help="fail above this ratio (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    options = parser.parse_args(given)
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    names = public(FIRST_USED)
    statements = [REFERENCE, "from pydantic import BaseModel", GATED]
    if names:
        statements.append(f"from leadkit import {', '.join(names)}")
    try:
        timings = measured(statements, options.rounds)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 2
    figures: dict[str, dict[str, float]] = {
        statement: {
            "milliseconds": timings.median(statement) * 1e3,
            "ratio": timings.ratio(statement, to=REFERENCE),
            "lowest": timings.spread(statement, to=REFERENCE)[0],
            "highest": timings.spread(statement, to=REFERENCE)[1],
        }
        for statement in statements
    }
    print(f"{machine_line()}; medians of {options.rounds} rounds, each in a fresh interpreter\n")
    heads = ("", "ms", f"× {REFERENCE}", "lowest", "highest")
    cells = [(statement, *(f"{figure:.2f}" for figure in row.values())) for statement, row in figures.items()]
    print(table(heads, cells))
    if absent := [name for name in FIRST_USED if name not in names]:
        print(f"\nnot measured, since leadkit has no such public name: {', '.join(absent)}")
    if options.json is not None:
        write_json(options.json, "P7", {"bar": options.bar, "imports": figures})
    ratio = figures[GATED]["ratio"]
    if ratio > options.bar:
        print(f"P7 fails: `{GATED}` takes {ratio:.2f} × `{REFERENCE}`; the bar is {options.bar}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
