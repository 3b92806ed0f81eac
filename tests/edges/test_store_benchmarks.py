"""The benchmarks of the SQL store run, hold both sides to the same rows, and judge by their bars. Small here."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sqlalchemy", reason="sqlalchemy is an extra of leadkit")

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
FULL = os.environ.get("LEADKIT_GATES") == "full"


def run(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCHMARKS / name), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def figures(name: str, path: Path, *options: str, fails: str | None = None) -> tuple[dict[str, Any], str]:
    """Run a benchmark, which passes, or fails with a word of it, and answer its figures and what it prints."""
    done = run(name, *options, "--where", str(path), "--json", str(path / "figures.json"))
    assert done.returncode == (0 if fails is None else 1), done.stderr
    assert fails is None or fails in done.stderr
    return json.loads((path / "figures.json").read_text(encoding="utf-8")), done.stdout


# A bar that nothing reaches: what a small run shows of the ratio is that it is judged.
UNREACHED = ("--bar", "0.0001")


@pytest.mark.gate
def test_p6_routing_takes_at_most_a_twentieth_of_a_statement_a_lead(tmp_path: Path) -> None:
    leads = 100_000 if FULL else 2_000
    found, shown = figures("p6_routing.py", tmp_path, "--leads", str(leads), "--bar", "0.05")
    assert 0 < found["statements"] <= leads / 20
    assert f"{found['statements']:,} statements" in shown
    assert "spread 0" in shown or "spread 1" in shown


def test_p6_fails_above_its_bar(tmp_path: Path) -> None:
    done = run("p6_routing.py", "--leads", "20", "--bar", "0.001", "--where", str(tmp_path))
    assert done.returncode == 1
    assert "statements a lead; the bar is 0.001" in done.stderr


@pytest.mark.gate
def test_p8_one_qualify_takes_at_most_twice_the_bare_transaction(tmp_path: Path) -> None:
    if FULL:
        found, shown = figures("p8_qualify.py", tmp_path, "--bar", "2")
    else:
        small = ("--leads", "20", "--rounds", "2", *UNREACHED)
        found, shown = figures("p8_qualify.py", tmp_path, *small, fails="P8 fails: the ratio of leadkit")
    ratios = {name: side["ratio"] for name, side in found["sides"].items()}
    assert ratios["the bare transaction"] == 1
    assert f"{ratios['leadkit, leads.qualify']:.2f}" in shown


def test_p3_scoring_and_saving_writes_what_the_bare_side_writes(tmp_path: Path) -> None:
    small = ("--leads", "60", "--rounds", "1", *UNREACHED)
    found, shown = figures("p3_score_and_save.py", tmp_path, *small, fails="P3 fails: the ratio of leadkit")
    assert found["changed"] == 60
    assert found["sides"]["evaluating and executemany"]["ratio"] == 1
    assert "60 scorecards changed" in shown


@pytest.mark.gate
def test_p4_importing_writes_what_the_bare_side_writes_and_keeps_little_in_memory(tmp_path: Path) -> None:
    if FULL:
        found, shown = figures("p4_import.py", tmp_path, "--bar", "2", "--memory", "64")
    else:
        small = ("--rows", "300", "--memory", "64", *UNREACHED)
        found, shown = figures("p4_import.py", tmp_path, *small, fails="P4 fails: the ratio of leadkit")
    assert 0 < found["memory_mib"] <= 64
    assert f"memory over the start: {found['memory_mib']:.1f} MiB" in shown


def test_single_commands_are_timed_on_a_large_file_and_on_a_small_one(tmp_path: Path) -> None:
    found, shown = figures("at_scale.py", tmp_path, "--leads", "1200", "--turns", "1")
    assert found["seconds"].keys() == found["of_few"].keys() > {"open the file", "get a lead", "qualify", "score one"}
    assert "1,200 leads" in shown


def test_both_sides_are_held_to_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    files = importlib.import_module("sqlite_files")
    for name, value in (("a.db", 1), ("b.db", 1), ("c.db", 2)):
        connection = files.bare(tmp_path / name)
        connection.execute("CREATE TABLE leads (id INTEGER)")
        files.executemany(connection, [("INSERT INTO leads VALUES (?)", [(value,)])])
        connection.close()
    a, b, c = (tmp_path / name for name in ("a.db", "b.db", "c.db"))
    assert files.differing(a, b, {"leads": ("id",)}) == []
    assert files.differing(a, c, {"leads": ("id",)}) == ["leads"]
