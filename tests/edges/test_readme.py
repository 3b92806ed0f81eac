"""The commands of the README, typed as they stand there, on the sample's files."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

pytest.importorskip("typer", reason="cli is an extra of leadkit")

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
        *("check", "score", "explain", "route", "report"),
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
