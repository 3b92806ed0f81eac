"""The judge of mutants that mutmut has left unjudged, on a project of one function."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

SOURCE = """
import os
def double(number):
    match os.environ.get("MUTANT_UNDER_TEST", ""):
        case "part.x_double__mutmut_1":
            return number * 3
        case "part.x_double__mutmut_2":
            return number + number
        case "part.x_double__mutmut_3":
            while True:
                pass
    return number * 2
"""
TESTS = """
import part
def test_nothing():
    pass
def test_double():
    assert part.double(2) == 4
"""
PROJECT = """
[tool.mutmut]
timeout_multiplier = 1.0
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests"]
"""
REACHING = ["tests/test_part.py::test_nothing", "tests/test_part.py::test_double"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants are judged in forks")
def test_mutants_without_a_verdict_are_judged_and_the_others_left_as_they_are(tmp_path):
    for name in ("src", "tests"):
        (tmp_path / name).mkdir()
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "src" / "part.py").write_text(SOURCE)
    (tmp_path / "tests" / "test_part.py").write_text(TESTS)
    statistics = {
        "tests_by_mangled_function_name": {"part.x_double": REACHING},
        "duration_by_test": dict.fromkeys(REACHING, 0.0),
    }
    (tmp_path / "mutmut-stats.json").write_text(json.dumps(statistics))
    meta = tmp_path / "src" / "part.py.meta"
    # 2 and 255 are what mutmut notes down where it was interrupted, or found no test: no verdicts either.
    waiting = {f"part.x_double__mutmut_{number}": code for number, code in ((1, None), (2, 2), (3, 255))}
    meta.write_text(json.dumps({"exit_code_by_key": {**waiting, "part.x_other__mutmut_1": None, "part.x_kept": 7}}))
    command = [sys.executable, str(ROOT / "tools" / "judging.py")]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    assert json.loads(meta.read_text())["exit_code_by_key"] == {
        "part.x_double__mutmut_1": 1,
        "part.x_double__mutmut_2": 0,
        "part.x_double__mutmut_3": -24,
        "part.x_other__mutmut_1": 33,
        "part.x_kept": 7,
    }, done.stderr
