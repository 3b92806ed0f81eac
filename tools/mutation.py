"""Measures how many small changes of the core its own tests notice: the mutation score, with a floor of 90%.

    python tools/mutation.py                          # every module of the core, from the beginning
    python tools/mutation.py --keep                   # believe earlier kills; try the rest again
    python tools/mutation.py 'leadkit.values*'        # only the mutants of that name, and name the survivors
    python tools/mutation.py --finish                 # judge what an earlier run has left; much quicker, POSIX only
    python tools/mutation.py --report --survivors     # run nothing, tell what is known

A mutant counts as killed when a test fails or does not end in time. It counts as survived when no test notices it, when
no test reaches it, and also when mutmut calls it suspicious or the process dies: those are read as gaps, not as kills.
`mutmut show NAME` prints a survivor, `mutmut browse` walks through them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MUTANTS = ROOT / "mutants"
FLOOR = 90.0
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

# mutmut's exit codes; everything that is not here counts as survived
KILLED = {1: "killed", 3: "killed", 24: "timeout", 36: "timeout", 152: "timeout", -24: "timeout"}
SURVIVED = {0: "survived", 5: "no tests", 33: "no tests", 35: "suspicious", -11: "crashed", -9: "crashed"}
# 255: pytest did not find the tests that it was given, and none ran; mutmut would call it a timeout, and so a kill
UNCHECKED = {None: "unchecked", 2: "unchecked", 255: "unchecked"}
LEFT_OUT = {34: "left out", 37: "left out"}
VERDICTS = {**KILLED, **SURVIVED, **UNCHECKED, **LEFT_OUT}


def verdicts() -> dict[str, int | None]:
    """Read what mutmut noted down: each mutant of a source file that still exists, and its exit code."""
    found: dict[str, int | None] = {}
    for path in sorted((MUTANTS / "src").rglob("*.py.meta")):
        if (ROOT / path.relative_to(MUTANTS).with_suffix("")).exists():
            found.update(json.loads(path.read_text())["exit_code_by_key"])
    return found


def forget_survivors() -> None:
    """Take back every verdict but the kills: mutmut notices a changed function, but not a changed test."""
    for path in (MUTANTS / "src").rglob("*.py.meta"):
        noted = json.loads(path.read_text())
        codes = noted["exit_code_by_key"]
        noted["exit_code_by_key"] = {mutant: code if code in KILLED else None for mutant, code in codes.items()}
        path.write_text(json.dumps(noted, indent=4))
    # Tests that were removed since would stay in mutmut's copy, and go on killing.
    shutil.rmtree(MUTANTS / "tests", ignore_errors=True)


def part_of(mutant: str) -> str:
    """Answer the part of leadkit that a mutant belongs to, such as `values`."""
    return mutant.split(".")[1]


def percentage(counts: Counter[str]) -> float:
    """Answer the share of mutants that were killed or ran out of time, in percent."""
    told = sum(count for verdict, count in counts.items() if verdict not in ("left out", "unchecked"))
    return 100.0 * (counts["killed"] + counts["timeout"]) / told if told else 0.0


def report(found: dict[str, int | None], *, survivors: bool) -> float:
    """Print a line for each part of the core and one for all of it; answer the score in percent.

    Args:
        found: Each mutant and its exit code.
        survivors: Whether to name what survived.
    """
    total: Counter[str] = Counter()
    by_part: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mutant, code in found.items():
        verdict = VERDICTS.get(code, "suspicious")
        total[verdict] += 1
        by_part[part_of(mutant)][verdict] += 1
        if survivors and verdict in ("survived", "no tests", "suspicious", "crashed"):
            print(f"{verdict:>10}  {mutant}")

    columns = ("killed", "timeout", "survived", "no tests", "suspicious", "crashed", "unchecked")
    print(f"\n{'':<14}{'score':>8}" + "".join(f"{column:>12}" for column in columns))
    for part, counts in [*sorted(by_part.items()), ("the core", total)]:
        print(f"{part:<14}{percentage(counts):>7.1f}%" + "".join(f"{counts[column]:>12}" for column in columns))
    return percentage(total)


def mutate(names: list[str]) -> int:
    """Let mutmut run, with few and repeatable hypothesis examples."""
    mutmut = Path(sys.executable).parent / "mutmut"
    command = [str(mutmut), "run", *names]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "HYPOTHESIS_PROFILE": "mutation"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        written = process.stdout.read() if process.stdout else ""
    if process.returncode != 0:
        # mutmut draws its progress between what the tests say.
        said = [line for line in written.splitlines() if line.strip() and line[0] not in SPINNER]
        print("\n".join(said[-60:]))
    return process.returncode


def finish() -> int:
    """Judge the mutants that have no verdict, by forks of one process; see `judging.py`."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(ROOT / "tools" / "judging.py")],
        cwd=MUTANTS,
        env={**os.environ, "HYPOTHESIS_PROFILE": "mutation", "PYTHONPATH": str(MUTANTS / "src")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        print("\n".join(done.stdout.splitlines()[-60:]))
    return done.returncode


def main() -> int:
    """Run mutmut and report; answer 1 under the floor, or when mutants were left unchecked."""
    parser = argparse.ArgumentParser(description="Measure the core's mutation score.")
    parser.add_argument("names", nargs="*", metavar="mutant", help="mutants to run again, with `*` for any text")
    parser.add_argument("--keep", action="store_true", help="believe earlier kills")
    parser.add_argument("--finish", action="store_true", help="judge what an earlier run has left unjudged")
    parser.add_argument("--report", action="store_true", help="run nothing, tell what is known")
    parser.add_argument("--survivors", action="store_true", help="name what survived")
    asked = parser.parse_args()

    if asked.keep or asked.names:
        forget_survivors()
    elif asked.finish:
        if finish() != 0:
            print("FAILED: the mutants could not be judged")
            return 1
    elif not asked.report:
        shutil.rmtree(MUTANTS, ignore_errors=True)
    if not (asked.report or asked.finish) and mutate(asked.names) != 0:
        print("FAILED: mutmut could not run; do the tests pass?  python -m pytest tests/unit tests/properties")
        return 1
    found = verdicts()
    if not found:
        print("FAILED: there are no mutants")
        return 1
    score = report(found, survivors=asked.survivors or bool(asked.names))
    unchecked = sum(code in UNCHECKED for code in found.values())
    print(f"\nmutation score {score:.1f}% of {len(found)} mutants, floor {FLOOR:.0f}%")
    if unchecked and not asked.names:
        print(f"FAILED: {unchecked} mutants were not checked")
        return 1
    if score < FLOOR and not asked.names:
        print("FAILED: the score is under the floor")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
