"""Tests that could not fail, that nobody would notice, or that stand where nobody looks."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Source

# What checks without the word `assert`: it raises by itself, or is named for what it does.
CHECKS = re.compile(r"^(pytest\.)?(raises|warns|fail)$|(^|[._])(assert|check|expect|verify|run_state_machine|evaluate)")

# A sentence has a subject and says something of it.
FEWEST_WORDS = 3


def cases(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node


def called(node: ast.AST) -> set[str]:
    return {ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}


def can_fail(node: ast.AST, checking: set[str]) -> bool:
    return any(isinstance(each, ast.Assert) for each in ast.walk(node)) or any(
        CHECKS.search(name) or name in checking for name in called(node)
    )


def checking_functions(source: Source) -> set[str]:
    """Name the functions of a file that check something for its tests."""
    functions = [node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef)]
    return {node.name for node in functions if not node.name.startswith("test_") and can_fail(node, set())}


def test_every_test_can_fail(tests: list[Source]) -> None:
    shared = {
        name for source in tests if source.name.startswith("tests/support/") for name in checking_functions(source)
    }
    idle = [
        f"{source.name}::{case.name}"
        for source in tests
        for case in cases(source)
        if not can_fail(case, shared | checking_functions(source))
    ]
    assert not idle


def test_every_gate_is_asked_for_by_its_mark(tests: list[Source]) -> None:
    # `just gates` runs what is marked, and would leave out the rest without a word.
    gates = [source for source in tests if source.name.startswith("tests/gates/test_")]
    assert gates
    assert not [source.name for source in gates if "pytest.mark.gate" not in ast.unparse(source.tree)]


def test_no_assertion_holds_whatever_happens(tests: list[Source]) -> None:
    idle = [
        f"{source.name}:{node.lineno}"
        for source in tests
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant | ast.Tuple)
    ]
    assert not idle


def test_a_test_that_is_skipped_says_what_is_missing(tests: list[Source]) -> None:
    silent = [
        f"{source.name}:{node.lineno}"
        for source in tests
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call | ast.Attribute)
        if re.search(r"^(pytest\.)?(mark\.)?(skip|skipif|xfail|importorskip)$", name_of(node)) and not says_why(node)
    ]
    assert not silent


def name_of(node: ast.Call | ast.Attribute) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def says_why(node: ast.AST) -> bool:
    assert isinstance(node, ast.Call)
    reasons = [keyword.value for keyword in node.keywords if keyword.arg == "reason"]
    if name_of(node).endswith(".skip"):
        reasons += node.args
    return any(not isinstance(reason, ast.Constant) or len(str(reason.value).split()) > 1 for reason in reasons)


def test_a_test_is_named_as_a_sentence(tests: list[Source]) -> None:
    short = [
        f"{source.name}::{case.name}"
        for source in tests
        for case in cases(source)
        if len(case.name.removeprefix("test_").split("_")) < FEWEST_WORDS
    ]
    assert not short


def test_no_two_tests_of_a_file_share_a_name(tests: list[Source]) -> None:
    """The second would silently take the place of the first."""
    hidden = []
    for source in tests:
        for scope in ast.walk(source.tree):
            if isinstance(scope, ast.Module | ast.ClassDef):
                names = [node.name for node in scope.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
                hidden += [f"{source.name}::{name}" for name in set(names) if names.count(name) > 1]
    assert not hidden


def test_unit_tests_mirror_the_source(root: Path) -> None:
    """`tests/unit/a/test_b_more.py` is about `leadkit/a/b.py`, and `tests/unit/a/test_cases.py` about all of `a`."""
    strayed = []
    for path in sorted((root / "tests" / "unit").rglob("test_*.py")):
        folder = root / "src" / "leadkit" / path.parent.relative_to(root / "tests" / "unit")
        words = path.stem.removeprefix("test_").split("_")
        names = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
        about_all = words[0] == "cases" and folder.is_dir()
        if not about_all and not any((folder / f"{name}.py").is_file() or (folder / name).is_dir() for name in names):
            strayed.append(str(path.relative_to(root)))
    assert not strayed


def test_every_folder_of_tests_is_run(root: Path, pyproject: dict[str, Any]) -> None:
    folders = {
        f"tests/{path.parent.relative_to(root / 'tests').parts[0]}" for path in root.glob("tests/*/**/test_*.py")
    }
    assert folders <= {*pyproject["tool"]["pytest"]["ini_options"]["testpaths"], "tests/docs"}


def test_pytest_is_strict(pyproject: dict[str, Any]) -> None:
    options = pyproject["tool"]["pytest"]["ini_options"]
    assert options["filterwarnings"][0] == "error"
    assert options["xfail_strict"] is True
    assert {"--strict-config", "--strict-markers"} <= set(options["addopts"])


def test_types_are_strict(pyproject: dict[str, Any]) -> None:
    assert pyproject["tool"]["mypy"]["strict"] is True
    assert pyproject["tool"]["basedpyright"]["typeCheckingMode"] == "strict"
    assert pyproject["tool"]["coverage"]["run"]["branch"] is True
    assert pyproject["tool"]["ruff"]["lint"]["select"] == ["ALL"]


def test_every_lint_rule_that_is_off_has_a_reason(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    section = text[text.index("[tool.ruff.lint]") :]
    codes = re.findall(r'^    "[A-Z]+\d*",(.*)$', section, re.MULTILINE)
    assert codes
    assert not [rest for rest in codes if len(rest.strip(" #").split()) < 2]
