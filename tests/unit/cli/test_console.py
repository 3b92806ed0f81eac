import json

import pytest

pytest.importorskip("typer", reason="cli is an extra of leadkit")

from leadkit.cli import console


def test_a_strangers_text_is_not_obeyed():
    assert console.plain("[bold]x[/]") == r"\[bold]x\[/]"
    assert console.plain("a\x1b[31mb\u202ec") == r"a\u001b[31mb\u202ec"


def test_markup_and_escape_sequences_of_a_file_reach_no_terminal(leadkit, folder):
    (folder / "leads.csv").write_text("Email,Company\na@example.com,[red]\x1b[2JRed[/nope]\n", encoding="utf-8")
    leadkit("import", "leads.csv", "--mapping", "auto.json")
    (folder / "auto.json").write_text(json.dumps({"columns": {"Email": "email", "Company": "company"}}), "utf-8")
    assert leadkit("import", "leads.csv", "--mapping", "auto.json").code == 0
    for command in (("list",), ("show", "a@example.com")):
        done = leadkit(*command)
        assert r"[red]\u001b[2JRed[/nope]" in done.out
        assert "\x1b" not in done.out


def test_an_error_about_a_strangers_text_is_as_harmless(leadkit):
    done = leadkit("show", "\x1b[2J[/nope]")
    assert done.code == 1
    assert "\x1b" not in done.err
    assert "[/nope]" in done.err


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(filled, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    # A shell that exports COLUMNS has fixed the width when the module was imported.
    monkeypatch.setattr(console.OUT, "_width", None)
    filled("score", "--rules", "rules.json")
    for command in (("list",), ("explain", "L-1"), ("report",), ("score",)):
        lines = filled(*command).out.splitlines()
        assert max(len(line) for line in lines) <= width


def test_a_title_is_not_broken_where_its_table_ends(filled):
    done = filled("route", "--pipeline", "inbound", "--directory", "directory.json", "--dry-run")
    assert done.out.startswith("routing (dry run: nothing was written)\nleads  assigned")


def test_bars_are_drawn_with_what_the_terminal_knows(filled, monkeypatch):
    filled("score", "--rules", "rules.json")
    assert "█" in filled("score").out
    monkeypatch.setattr(type(console.OUT), "encoding", property(lambda self: "ascii"))
    done = filled("score")
    assert "#" * 30 in done.out
    assert "█" not in done.out


def test_progress_is_shown_to_people_and_to_no_file():
    assert console.progress().disable is True
