"""What must never be written into the project: a machine, a registry, a lock file that names one."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# Each with a class of one character, so that this file does not find itself.
MACHINE_PATHS = re.compile(rb"(?<![\w.$}*<])/(?:[w]ork|[r]oot|[h]ome|[U]sers|[o]pt|[m]nt|[t]mp/bash)/[\w.-]+")
REGISTRIES = re.compile(
    rb"[i]ndex-url|[f]ind-links|/[s]imple/?[\"'\s]|files\.[p]ythonhosted\.org|[a]rtifactory\.|[n]exus\."
)
LOCKS = {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "pylock.toml"}


@pytest.fixture(scope="module")
def tracked(root: Path) -> list[Path]:
    """Every file of the project that git keeps or would keep."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(listing, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs git and a clone: which files belong to the project is not known without")
    return [root / name for name in done.stdout.split("\0") if name and (root / name).is_file()]


def found(pattern: re.Pattern[bytes], files: list[Path], root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}:{line}: {match[0].decode(errors='replace')}"
        for path in files
        if path.suffix in ("", ".py", ".md", ".toml", ".json", ".jsonl", ".csv", ".txt", ".yml", ".yaml", ".cfg")
        for line, text in enumerate(path.read_bytes().splitlines(keepends=True), start=1)
        for match in pattern.finditer(text)
    ]


def test_no_file_names_a_path_of_some_machine(tracked: list[Path], root: Path) -> None:
    assert not found(MACHINE_PATHS, tracked, root)


def test_no_file_names_a_package_registry(tracked: list[Path], root: Path) -> None:
    assert not found(REGISTRIES, tracked, root)


def test_no_lock_file_is_kept(tracked: list[Path]) -> None:
    assert not [path.name for path in tracked if path.name in LOCKS]


def test_the_guard_would_find_what_it_looks_for(root: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text("\n".join(["see /{}/alice".format("home"), "pip --{}-url x".format("index")]), encoding="utf-8")
    assert len(found(MACHINE_PATHS, [bad], tmp_path)) == 1
    assert len(found(REGISTRIES, [bad], tmp_path)) == 1
