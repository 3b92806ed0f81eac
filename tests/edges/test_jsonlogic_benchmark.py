"""The comparison of engines of JSON Logic counts what it should, and names the engines that are not there."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
SUITE = ["# a comment", [{"===": [1, 1]}, {}, True], [{"var": "a"}, {"a": 1}, 1], [{"==": [0, 1]}, {}, True]]


@pytest.fixture
def compare(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("jsonlogic_conformance")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    path = tmp_path / "tests.json"
    path.write_text(json.dumps(SUITE), encoding="utf-8")
    return path


def test_an_engine_that_is_not_there_is_named(compare, suite, tmp_path, capsys) -> None:
    options = ["--cases", str(suite), "--environments", str(tmp_path / "none"), "--exported", "20"]
    assert compare.main(options) == compare.MISSING
    assert compare.main([*options, "--allow-missing", "--json", str(tmp_path / "figures.json")]) == 0
    printed = capsys.readouterr()
    assert "3 cases of the reference" in printed.out
    assert "not installed: datalogic-py, python-jsonlogic, json-logic-qubit, panzi-json-logic;" in printed.err
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    (ours,) = figures["engines"]
    assert (ours["engine"], ours["version"], ours["reference"]) == ("leadkit", "this clone", 2)
    assert ours["exported"] > 0


def test_a_case_that_leadkit_fails_fails_the_comparison(compare, suite, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(compare, "ENGINES", {})
    assert compare.main(["--cases", str(suite), "--exported", "5"]) == 1


def test_a_suite_that_is_not_there_is_named(compare, tmp_path, capsys) -> None:
    assert compare.main(["--cases", str(tmp_path / "tests.json")]) == compare.MISSING
    assert "the reference suite is not at hand" in capsys.readouterr().err


def test_an_engine_is_asked_in_an_environment_of_its_own(compare, monkeypatch) -> None:
    if importlib.util.find_spec("json_logic") is None:
        pytest.skip("panzi-json-logic is a judge, and no part of leadkit")
    monkeypatch.setattr(compare, "python_of", lambda _environments, _package: Path(sys.executable))
    answers = compare.asked(Path(), "panzi-json-logic", [({"var": "a"}, {"a": 1}), ({"nope": 1}, {})])
    assert answers[0] == {"answer": 1}
    assert answers[1]["raised"].startswith("ReferenceError")


def test_true_is_told_apart_from_one(compare) -> None:
    assert compare.passed([{"answer": True}, {"answer": 1.0}, {"raised": "x"}], [1, 1, 1]) == 1
