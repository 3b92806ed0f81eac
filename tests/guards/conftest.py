"""What the guards read: the files of the project, parsed once."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest

ROOT = Path(__file__).resolve().parents[2]


@attrs.frozen(kw_only=True)
class Source:
    """A Python file of src or tests."""

    path: Path
    text: str
    tree: ast.Module = attrs.field(repr=False)

    @property
    def name(self) -> str:
        """The path from the root of the project."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def lines(self) -> int:
        """The number of lines."""
        return len(self.text.splitlines())


def sources_below(folder: str) -> list[Source]:
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Source(path=path, text=text, tree=ast.parse(text, filename=str(path))))
    return found


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def modules() -> list[Source]:
    """Every module of leadkit."""
    return sources_below("src/leadkit")


@pytest.fixture(scope="session")
def tests() -> list[Source]:
    """Every file of tests."""
    return sources_below("tests")


@pytest.fixture(scope="session")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
