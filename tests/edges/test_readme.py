"""The commands of the README and of the page on the command line, typed as they stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

pytest.importorskip("typer", reason="cli is an extra of leadkit")

from consoles import commands_of, files_of, pattern

from leadkit.cli.app import run

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_, _, OWN = README.partition("## On your own leads")
COMMANDS = re.findall(r"^leadkit .*$", OWN.partition("\n## ")[0], re.MULTILINE)


def test_the_commands_of_the_readme_run_on_the_files_of_the_sample(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LEADKIT_STORE", raising=False)
    assert run(["demo", "--files", "."]) == 0
    # The first two hundred rows do, with one more for the lead whose name stands in the README.
    rows = Path("leads.csv").read_bytes().splitlines(keepends=True)[:200]
    cells = rows[0].decode("utf-8-sig").strip().split(";")
    alice = ";".join({"E-Mail": "alice@example.com", "Team Size": "40"}.get(cell, "") for cell in cells)
    Path("leads.csv").write_bytes(rows[0] + f"{alice}\r\n".encode() + b"".join(rows[1:]))
    capsys.readouterr()
    assert [shlex.split(command)[1] for command in COMMANDS] == [
        *("import", "import", "import"),
        *("check", "review", "score", "explain", "route", "report"),
    ]
    for command in COMMANDS:
        _, *arguments = shlex.split(command, comments=True)
        code = run(arguments)
        captured = capsys.readouterr()
        assert captured.out.strip()
        # Rows of the sample that are broken on purpose make an import end with 1.
        assert code in {0, 1} if arguments[0] == "import" else code == 0, f"{command} says: {captured.err}"
        if arguments[0] == "route":
            assert re.search(r"assigned\s", captured.out)
            assert "user-ada" in captured.out
    assert Path("leads.errors.csv").exists()


def test_the_first_screen_has_twelve_lines_that_run():
    """They run with every other example, in `tests/docs`."""
    block = README.partition("```python\n")[2].partition("```")[0]
    assert len([line for line in block.splitlines() if line.strip()]) == 12
    assert README[: README.index(block)].count("\n") < 12


def test_the_commands_of_the_page_on_the_command_line_print_what_it_shows(tmp_path, monkeypatch, capsys):
    page = (ROOT / "docs" / "howto" / "command-line.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("LEADKIT_STORE", "LEADKIT_ORG", "LEADKIT_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    for name, content in files_of(page).items():
        Path(name).write_text(content, encoding="utf-8")
    commands = list(commands_of(page))
    assert len(commands) == 8
    for command, shown in commands:
        run(shlex.split(command)[1:])
        captured = capsys.readouterr()
        printed = "\n".join(line.rstrip() for line in (captured.out + captured.err).rstrip().splitlines())
        assert re.fullmatch(pattern(shown), printed), f"{command} printed:\n{printed}"
