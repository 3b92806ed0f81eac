from __future__ import annotations

import importlib
import io
import sys
from typing import Any

import pytest

from leadkit.errors import MissingExtra
from leadkit.scoring import Ruleset, diff


def clause(field: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": "==", "value": value}


OLD = Ruleset.model_validate(
    {
        "rules": [
            {"name": "[red]", "points": 5, "condition": clause("a", "<b>")},
            {"name": "b", "points": -5, "condition": clause("b", 1)},
        ]
    }
)
NEW = Ruleset.model_validate(
    {
        "rules": [
            {"name": "[red]", "points": 7, "condition": {"and": [clause("a", "<i>")]}},
            {"name": "c\n", "points": 3, "condition": clause("c", "&")},
        ],
        "total": {"max": 9},
    }
)


def test_a_diff_reads_as_text_on_which_no_name_breaks_a_line() -> None:
    assert str(diff(OLD, NEW)).splitlines() == [
        "rules: 1 added, 1 removed, 1 changed; around them: 1 changed",
        "~ [red]",
        "    points: +5 → +7",
        "    condition:",
        '      - a is "<b>"',
        "      + all of",
        '      +   a is "<i>"',
        "+ c\\u000a  +3",
        '    c is "&"',
        "- b  -5",
        "    b is 1",
        "~ total: none → at most 9",
    ]


def test_a_terminal_shows_a_diff_in_colour_and_reads_no_markup() -> None:
    pytest.importorskip("rich", reason="needs the extra `cli`")
    rich = importlib.import_module("rich.console")
    console = rich.Console(file=io.StringIO(), width=100, color_system=None)
    console.print(diff(OLD, NEW))
    assert console.file.getvalue() == str(diff(OLD, NEW)) + "\n"
    text: Any = diff(OLD, NEW).__rich__()
    styled = {text.plain[span.start : span.end]: str(span.style) for span in text.spans}
    assert styled["~ [red]"] == "yellow"
    assert styled['      - a is "<b>"'] == "red"
    assert styled["      + all of"] == "green"
    assert styled['    c is "&"'] == "green"
    assert styled["    b is 1"] == "red"
    assert styled["    points: +5 → +7"] == "dim"
    assert styled["~ total: none → at most 9"] == "yellow"
    assert styled["rules: 1 added, 1 removed, 1 changed; around them: 1 changed"] == "bold"


def line(mark: str, colour: str, text: str) -> str:
    return f'<span style="color:{colour};font-weight:600">{mark}</span></span><span>{text}</span>'


def test_a_notebook_shows_a_diff_as_html_with_every_text_escaped() -> None:
    html = diff(OLD, NEW)._repr_html_()
    assert html.startswith("<div style=")
    assert "<b>rules: 1 added, 1 removed, 1 changed; around them: 1 changed</b>" in html
    for verb, colour in (("added", "#238636"), ("removed", "#e5484d"), ("changed", "#9a6700")):
        assert f'color:{colour};font-weight:600">{verb}</span>' in html
    assert html.count(">changed</span>") == 2
    assert line("-", "#e5484d", "a is &quot;&lt;b&gt;&quot;") in html
    assert line("+", "#238636", "  a is &quot;&lt;i&gt;&quot;") in html
    assert line("+", "#238636", "c is &quot;&amp;&quot;") in html
    assert line("-", "#e5484d", "b is 1") in html
    assert html.count('<span style="display:inline-block;width:1.2em">') == 5
    arrow = '<span style="color:#e5484d">none</span> → <span style="color:#238636">at most 9</span>'
    assert f"<b>total</b> &nbsp;{arrow}" in html
    assert '<span style="opacity:.65">points:</span> <span style="color:#e5484d">+5</span>' in html
    assert '<b>b</b> &nbsp;<span style="opacity:.65">-5</span>' in html
    assert "<b><" not in html
    assert "<i>" not in html


def test_no_difference_is_shown_as_such() -> None:
    assert "<b>no difference</b>" in diff(OLD, OLD)._repr_html_()


def test_lines_that_stay_are_shown_between_those_that_change() -> None:
    def both(value: int) -> Ruleset:
        condition = {"and": [clause("a", 1), clause("b", value)]}
        return Ruleset.model_validate({"rules": [{"name": "r", "points": 1, "condition": condition}]})

    found = diff(both(1), both(2))
    assert str(found).splitlines()[2:] == [
        "    condition:",
        "        all of",
        "          a is 1",
        "      -   b is 1",
        "      +   b is 2",
    ]
    assert line(" ", "#8b949e", "  a is 1") in found._repr_html_()


def test_the_extra_that_a_terminal_needs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.text", None)
    with pytest.raises(MissingExtra) as caught:
        diff(OLD, NEW).__rich__()
    assert (caught.value.extra, caught.value.feature) == ("cli", "a diff in colour")
