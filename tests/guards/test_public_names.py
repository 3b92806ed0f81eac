from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import leadkit

if TYPE_CHECKING:
    from pathlib import Path


def test_every_public_name_can_be_fetched() -> None:
    for name in leadkit.__all__:
        assert getattr(leadkit, name) is not None


def test_public_names_are_sorted_and_listed_once() -> None:
    assert len(leadkit.__all__) == len(set(leadkit.__all__))
    assert set(leadkit.__all__) <= set(dir(leadkit))


def test_every_public_name_stands_on_the_reference_page(root: Path) -> None:
    page = (root / "docs" / "reference" / "names.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### `(\w+)`$", page, re.MULTILINE)) == set(leadkit.__all__)


def test_type_checkers_see_the_names_that_are_fetched_late(root: Path) -> None:
    tree = ast.parse((root / "src" / "leadkit" / "__init__.py").read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.asname or alias.name for node in guarded.body for alias in getattr(node, "names", [])}
    assert set(leadkit.__all__) - {"__version__"} <= seen


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        leadkit.nonsense  # noqa: B018 - reading it is the test


def test_the_version_is_that_of_the_distribution(pyproject: dict[str, Any]) -> None:
    try:
        installed = importlib.metadata.version("leadkit")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("needs the distribution `leadkit`: pip install -e .")
    assert leadkit.__version__ == installed == pyproject["project"]["version"]


def test_the_reference_is_current(root: Path) -> None:
    generator = root / "docs" / "generate_reference.py"
    done = subprocess.run([sys.executable, generator, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
