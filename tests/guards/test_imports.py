"""Importing leadkit is cheap, and never needs what is optional."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import leadkit

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Source

# The import names of every extra, those of today and those that are planned.
OPTIONAL = {
    "re2",
    "rich",
    "typer",
    "click",
    "alembic",
    "sqlalchemy",
    "jsonlogic",
    "sklearn",
    "psycopg",
    "fastapi",
    "starlette",
    "httpcore2",
    "httpx",
    "jwt",
    "narwhals",
    "polars",
    "pandas",
    "duckdb",
    "pyspark",
    "pyarrow",
    "numpy",
    "scipy",
    "phonenumbers",
    "pytest",
    "hypothesis",
}


def loaded_after(statement: str, root: Path) -> set[str]:
    program = f"import sys; before = set(sys.modules); {statement}; import json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(root / "src")},
    )
    return set(json.loads(done.stdout))


def packages(loaded: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in loaded}


def test_importing_leadkit_imports_nothing_else(root: Path) -> None:
    loaded = loaded_after("import leadkit", root)
    assert {name for name in loaded if name.startswith("leadkit")} == {"leadkit"}
    assert not packages(loaded) & {"pydantic", "attr", "attrs", "dateutil"}


def test_no_public_name_needs_what_is_optional(root: Path) -> None:
    fetch = f"import leadkit; [getattr(leadkit, name) for name in {leadkit.__all__!r}]"
    assert not packages(loaded_after(fetch, root)) & OPTIONAL


def test_the_tests_of_the_core_can_be_collected_without_any_extra(tests: list[Source]) -> None:
    """They run on the bare wheel too: what needs an extra imports it within the test, by `pytest.importorskip`."""
    beside = OPTIONAL - {"pytest", "hypothesis"}
    eager = [
        f"{source.name}:{node.lineno}"
        for source in tests
        if source.name.startswith(("tests/unit/", "tests/properties/", "tests/support/"))
        and not source.name.startswith("tests/unit/cli/")
        for node in source.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        if name.partition(".")[0] in beside
    ]
    assert not eager


def test_every_optional_dependency_is_watched(pyproject: dict[str, Any]) -> None:
    import_names = {"google-re2": "re2", "jsonlogic-py": "jsonlogic", "scikit-learn": "sklearn"}
    extras = pyproject["project"]["optional-dependencies"]
    named = {
        requirement.partition(">")[0].partition("[")[0]
        for extra, requirements in extras.items()
        if extra != "dev"
        for requirement in requirements
    } - {"leadkit"}
    assert {import_names.get(name, name) for name in named} <= OPTIONAL


def test_the_core_depends_on_three_packages(pyproject: dict[str, Any]) -> None:
    names = {requirement.partition(">")[0] for requirement in pyproject["project"]["dependencies"]}
    assert names == {"attrs", "pydantic", "python-dateutil"}
