"""Documents name only what is there: pages that they link, tests that they point at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(path for path in ROOT.glob("docs/**/*.md") if "_build" not in path.parts)]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
TESTING = ROOT / "docs" / "explanation" / "testing.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    broken = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert not broken


def test_there_are_links_to_look_at() -> None:
    assert sum(len(LINK.findall(page.read_text(encoding="utf-8"))) for page in PAGES) > 10


def test_every_test_that_the_page_on_testing_names_is_there() -> None:
    text = TESTING.read_text(encoding="utf-8")
    named = 0
    for row in text.splitlines():
        file = ROOT / "tests" / "properties" / "test_commands.py"
        for name in re.findall(r"`([^`]+)`", row) if row.startswith("|") else ():
            if name.startswith("tests/") and name.endswith(".py"):
                file = ROOT / name
                assert file.is_file(), f"there is no {name}"
            elif name.startswith("test_"):
                named += 1
                assert f"def {name}(" in file.read_text(encoding="utf-8"), f"there is no {name} in {file.name}"
    assert named >= 20
