"""How many cases of the reference suite of JSON Logic each engine passes, and which agree on what leadkit exports.

python benchmarks/jsonlogic_conformance.py --install        # makes an environment for each engine, and asks them all

Each engine stands in an environment of its own, since five packages share one module name and two another. The suite is
`tests.json` of jsonlogic.com, looked for below `LEADKIT_CONFORMANCE`, or named with `--cases`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measuring import machine_line, table, use_this_clone, write_json

use_this_clone()

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / os.environ.get("LEADKIT_CONFORMANCE", "../shared/conformance") / "jsonlogic" / "tests.json"
ENGINES = {
    "datalogic-py": "datalogic",
    "python-jsonlogic": "python_jsonlogic",
    "json-logic-qubit": "qubit",
    "panzi-json-logic": "panzi",
}
SEED = 20261127
MISSING = 2


def told_apart(value: Any) -> Any:
    """Answer a value so that true differs from 1, and 1 does not from 1.0."""
    if isinstance(value, list | tuple):
        return [told_apart(item) for item in value]
    if isinstance(value, dict):
        return {key: told_apart(item) for key, item in value.items()}
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return repr(int(value))
    return repr(value)


def ours(cases: Sequence[tuple[Any, Any]]) -> list[dict[str, Any]]:
    """Ask leadkit's own evaluator."""
    from leadkit.conditions.jsonlogic.program import Program  # noqa: PLC0415 - once the clone can be found
    from leadkit.conditions.jsonlogic.running import Thrown  # noqa: PLC0415 - likewise

    answers: list[dict[str, Any]] = []
    for rule, data in cases:
        try:
            answers.append({"answer": Program(rule, root=False).value(data)})
        except Thrown as thrown:
            answers.append({"raised": str(thrown.error)})
    return answers


def python_of(environments: Path, package: str) -> Path:
    """Answer the interpreter of an engine's environment."""
    return environments / package / ("Scripts" if os.name == "nt" else "bin") / "python"


def install(environments: Path, package: str) -> None:
    """Make the environment of an engine, where it is not there yet."""
    if not python_of(environments, package).exists():
        venv.create(environments / package, with_pip=True)
        command = [str(python_of(environments, package)), "-m", "pip", "install", "--quiet", package]
        subprocess.run(command, check=True)


def version_of(environments: Path, package: str) -> str | None:
    """Answer the version of an engine, None when it is not installed."""
    python = python_of(environments, package)
    if not python.exists():
        return None
    code = f"import importlib.metadata; print(importlib.metadata.version({package!r}))"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def asked(environments: Path, package: str, cases: Sequence[tuple[Any, Any]]) -> list[dict[str, Any]]:
    """Ask an engine in its environment."""
    command = [str(python_of(environments, package)), str(ROOT / "benchmarks" / "jsonlogic_ask.py"), ENGINES[package]]
    done = subprocess.run(command, input=json.dumps(list(cases)), capture_output=True, text=True, check=True)
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def exported(number: int) -> list[tuple[Any, Any, bool]]:
    """Draw native conditions and leads, and answer the rules, the leads and what the conditions answer."""
    from hypothesis import HealthCheck, given, seed, settings  # noqa: PLC0415 - only here when it is asked for

    from leadkit.conditions import evaluate, read_condition, to_jsonlogic  # noqa: PLC0415 - once it can be found
    from leadkit.errors import NotExpressible  # noqa: PLC0415 - likewise
    from leadkit.testing.conditions import AS_OF, condition_data, json_records  # noqa: PLC0415 - likewise

    found: list[tuple[Any, Any, bool]] = []

    @seed(SEED)
    @settings(max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(condition_data(patterns=False, related=False, jsonlogic=False), json_records())
    def draw(data: Any, record: Any) -> None:
        condition = read_condition(data)
        try:
            rule = to_jsonlogic(condition)
        except NotExpressible:
            return
        lead = {key: value for key, value in record.items() if key != "first_name"}
        found.append((rule, lead, evaluate(condition, lead, as_of=AS_OF)))

    draw()
    return found


def passed(answers: Sequence[dict[str, Any]], expected: Sequence[Any]) -> int:
    """Count the answers that are what was expected."""
    return sum(
        "answer" in answer and told_apart(answer["answer"]) == told_apart(wanted)
        for answer, wanted in zip(answers, expected, strict=True)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask all the engines, and print what they passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, default=CASES, help="the reference suite, tests.json")
    parser.add_argument("--environments", type=Path, default=ROOT / ".cache" / "jsonlogic", help="where engines stand")
    parser.add_argument("--install", action="store_true", help="make the environments that are not there yet")
    parser.add_argument("--exported", type=int, default=4_000, help="how many conditions to draw, and export")
    parser.add_argument("--allow-missing", action="store_true", help="be content with the engines that are there")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    if not options.cases.exists():
        print(f"the reference suite is not at hand: there is no {options.cases}", file=sys.stderr)
        return MISSING
    suite = [case for case in json.loads(options.cases.read_text(encoding="utf-8")) if not isinstance(case, str)]
    drawn = exported(options.exported)
    rows, missing = [row_of("leadkit", None, suite, drawn, None)], []
    for package in ENGINES:
        if options.install:
            install(options.environments, package)
        version = version_of(options.environments, package)
        if version is None:
            missing.append(package)
        else:
            rows.append(row_of(package, version, suite, drawn, options.environments))
    print(machine_line())
    print(f"{len(suite)} cases of the reference; {len(drawn)} exported conditions, each asked of a lead")
    print(table(["engine", "version", "reference", "exported"], [list(map(str, row.values())) for row in rows]))
    if options.json:
        write_json(options.json, "JSON Logic", {"engines": rows, "missing": missing})
    if missing:
        print(f"not installed: {', '.join(missing)}; --install makes their environments", file=sys.stderr)
        return 0 if options.allow_missing else MISSING
    return 0 if rows[0]["reference"] == len(suite) and rows[0]["exported"] == len(drawn) else 1


def row_of(
    name: str,
    version: str | None,
    suite: Sequence[list[Any]],
    drawn: Sequence[tuple[Any, Any, bool]],
    environments: Path | None,
) -> dict[str, Any]:
    """Ask one engine, and count what it passed."""
    cases = [(rule, data) for rule, data, _ in [*suite, *drawn]]
    answers = ours(cases) if environments is None else asked(environments, name, cases)
    expected = [wanted for *_, wanted in [*suite, *drawn]]
    return {
        "engine": name,
        "version": version or "this clone",
        "reference": passed(answers[: len(suite)], expected[: len(suite)]),
        "exported": passed(answers[len(suite) :], expected[len(suite) :]),
    }


if __name__ == "__main__":
    sys.exit(main())
