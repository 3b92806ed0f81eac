"""The mutation score must be able to fail: it is told from verdicts written here."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

KILLED, SURVIVED, NO_TESTS, TIMEOUT, SUSPICIOUS, CRASHED, NOT_FOUND = 1, 0, 33, -24, 35, -11, 255


@pytest.fixture
def mutation(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutation", root / "tools" / "mutation.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "MUTANTS", tmp_path / "mutants")
    return module


@pytest.fixture
def score(mutation: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Answer the exit code for a project whose mutants ended with these exit codes."""

    def run(*codes: int | None) -> int:
        source = tmp_path / "src" / "leadkit" / "values" / "text.py"
        noted = tmp_path / "mutants" / "src" / "leadkit" / "values" / "text.py.meta"
        for path in (source, noted):
            path.parent.mkdir(parents=True, exist_ok=True)
        source.touch()
        mutants = {f"leadkit.values.text.x_clean__mutmut_{number}": code for number, code in enumerate(codes)}
        noted.write_text(json.dumps({"exit_code_by_key": mutants}), encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["mutation.py", "--report"])
        return int(mutation.main())

    return run


@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants are judged in forks")
def test_a_judge_that_cannot_collect_its_tests_fails(
    mutation: ModuleType,
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for path in ("tools", "mutants/src", "mutants/tests"):
        (tmp_path / path).mkdir(parents=True)
    for name in ("judging.py", "mutation.py"):
        shutil.copy(root / "tools" / name, tmp_path / "tools")
    mutants = tmp_path / "mutants"
    (mutants / "tests" / "test_part.py").write_text("import no_such_module", encoding="utf-8")
    (mutants / "mutmut-stats.json").write_text('{"tests_by_mangled_function_name": {}, "duration_by_test": {}}')
    (mutants / "pyproject.toml").write_text(
        "[tool.mutmut]\ntimeout_multiplier = 1.0\npytest_add_cli_args = []\n"
        'pytest_add_cli_args_test_selection = ["tests"]\n'
    )
    monkeypatch.setattr(sys, "argv", ["mutation.py", "--finish"])
    assert mutation.main() == 1
    told = capsys.readouterr().out
    assert "No module named 'no_such_module'" in told
    assert "FAILED: the mutants could not be judged" in told


def test_nine_kills_in_ten_are_enough(score: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert score(*[KILLED] * 9, SURVIVED) == 0
    assert "mutation score 90.0% of 10 mutants" in capsys.readouterr().out


def test_one_survivor_more_fails(score: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert score(*[KILLED] * 8, SURVIVED, SURVIVED) == 1
    assert "FAILED: the score is under the floor" in capsys.readouterr().out


@pytest.mark.parametrize("gap", [NO_TESTS, SUSPICIOUS, CRASHED, 99])
def test_whatever_is_no_kill_counts_as_survived(score: Callable[..., int], gap: int) -> None:
    assert score(*[KILLED] * 8, gap, gap) == 1


def test_running_out_of_time_is_a_kill(score: Callable[..., int]) -> None:
    assert score(*[KILLED] * 8, TIMEOUT, SURVIVED) == 0


@pytest.mark.parametrize("unchecked", [None, NOT_FOUND])
def test_a_mutant_that_was_not_checked_fails(
    score: Callable[..., int], unchecked: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score(*[KILLED] * 99, unchecked) == 1
    assert "FAILED: 1 mutants were not checked" in capsys.readouterr().out


def test_no_mutants_at_all_is_a_failure(mutation: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["mutation.py", "--report"])
    assert mutation.main() == 1


def test_verdicts_of_files_that_are_gone_are_not_counted(score: Callable[..., int], tmp_path: Path) -> None:
    gone = tmp_path / "mutants" / "src" / "leadkit" / "gone.py.meta"
    gone.parent.mkdir(parents=True)
    gone.write_text(json.dumps({"exit_code_by_key": {"leadkit.gone.x_a__mutmut_1": SURVIVED}}), encoding="utf-8")
    assert score(KILLED) == 0


def test_every_part_of_the_core_is_mutated(root: Path, pyproject: dict[str, dict[str, dict[str, list[str]]]]) -> None:
    check = (root / "tools" / "check.py").read_text(encoding="utf-8")
    mutated = {path.split("/")[2].removesuffix(".py") for path in pyproject["tool"]["mutmut"]["only_mutate"]}
    assert all(f'"{part}"' in check for part in mutated)
    assert len(mutated) == 12
