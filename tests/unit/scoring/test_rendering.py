from __future__ import annotations

import importlib
import io
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.errors import MissingExtra
from leadkit.scoring import Counterfactuals, Ruleset, counterfactual, explain
from leadkit.scoring.rendering import points_badge

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def clause(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


RULES = Ruleset.model_validate(
    {
        "rules": [
            {"name": "team", "points": 1250, "group": "fit", "condition": clause("team", ">=", 10)},
            {"name": "[red]plan", "points": 15.5, "condition": clause("plan", "==", "<b>pro")},
            {"name": "free", "points": -5, "condition": clause("team", ">=", 3)},
            {"name": "status", "points": 5, "condition": clause("status", "==", "won")},
            {"name": "seen", "points": 8, "condition": {"related": "activities"}, "decay": {"halfLife": "30d"}},
        ],
        "caps": {"fit": {"max": 1200}},
        "bands": [{"min": 0, "priority": "low"}, {"min": 1000, "priority": "high"}],
    }
)
LEAD = {"team": 7}
NONE = Ruleset.model_validate({"rules": [{"name": "all", "points": 1, "condition": {"and": []}}]})


def found(**more: Any) -> Counterfactuals:
    return counterfactual(LEAD, RULES, as_of=NOW, **more)


def printed(what: object, width: int = 120) -> list[str]:
    pytest.importorskip("rich", reason="needs the extra `cli`")
    console = importlib.import_module("rich.console").Console(file=io.StringIO(), width=width, color_system=None)
    console.print(what)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


WHY = "no single change that is offered turns it; status changes by a command: "
COMMANDS = "qualify, disqualify, nurture, reopen or convert"


def test_changes_read_as_text() -> None:
    assert str(found()).splitlines() == [
        "score -5; what would change it",
        "  +1,200  to 1,195, high  team from 7 to 10        team matches",
        '   +15.5  to 10.5, low    plan set to "<b>pro"     [red]plan matches',
        "      +8  to 3, low       activities: 1 more, now  seen matches",
        "      +5  to 0, low       team from 7 to 2         free no longer matches",
        f"  not turned: status: {WHY}{COMMANDS}",
    ]


def test_where_nothing_can_be_changed_that_is_said() -> None:
    nothing = counterfactual({}, NONE, as_of=NOW)
    assert str(nothing).splitlines() == [
        "score 1; what would change it",
        "  no single change that is offered turns a rule",
        "  not turned: all: no single change that is offered turns it",
    ]
    assert "no single change that is offered turns a rule</span>" in nothing._repr_html_()
    assert printed(nothing)[1] == "  no single change that is offered turns a rule"


def test_that_not_all_was_tried_is_said() -> None:
    cut = Counterfactuals(score=1, changes=(), unturned=(), complete=False)
    note = "there are more rules than were tried; ask for some of them by name"
    assert str(cut).splitlines()[-1] == f"  {note}"
    assert note in cut._repr_html_()
    assert printed(cut)[-1] == f"  {note}"


def test_a_terminal_shows_changes_as_a_table_in_which_nothing_is_markup() -> None:
    assert printed(found(), width=160) == [
        "what would change it",
        "+1,200  to 1,195, high  team from 7 to 10        team matches",
        ' +15.5  to 10.5, low    plan set to "<b>pro"     [red]plan matches',
        "    +8  to 3, low       activities: 1 more, now  seen matches",
        "    +5  to 0, low       team from 7 to 2         free no longer matches",
        f"  not turned: status: {WHY}{COMMANDS}",
    ]


def test_a_notebook_shows_changes_as_html_with_every_text_escaped() -> None:
    html = found()._repr_html_()
    assert html.startswith("<div ")
    assert html.endswith("</div>")
    assert html.count("<tr>") == 4
    assert "<b>plan set to &quot;&lt;b&gt;pro&quot;</b>" in html
    assert ">What would change it</div>" in html
    assert "<b>pro" not in html
    assert f"not turned: status: {WHY}{COMMANDS}" in html
    assert '<span style="white-space:nowrap"><span style="opacity:.65">to 1,195, high</span></span>' in html


@pytest.mark.parametrize(
    ("points", "text", "colour"), [(20, "+20", "#238636"), (-1.5, "-1.5", "#e5484d"), (0, "0", "inherit")]
)
def test_points_have_the_colour_of_their_sign(points: float, text: str, colour: str) -> None:
    assert f"color:{colour};font-weight:600" in points_badge(points)
    assert points_badge(points).endswith(f">{text}</span>")


def test_an_explanation_ends_with_what_would_change_it() -> None:
    lines = str(explain(LEAD, RULES, as_of=NOW)).splitlines()
    assert lines[0].startswith("✓ score -5   ")
    assert lines[-5:] == ["what would change it", *str(found()).splitlines()[1:5]]
    shown = printed(explain(LEAD, RULES, as_of=NOW))
    assert shown[0] == "✓ score -5  1 of 5 rules match"
    assert shown[-5:] == printed(found())[:5]


def test_an_explanation_shows_ten_changes_and_counts_the_others() -> None:
    rules = [{"name": f"r{n:02}", "points": n, "condition": clause(f"f{n:02}", "==", 1)} for n in range(1, 13)]
    many = explain({}, Ruleset.model_validate({"rules": rules}), as_of=NOW)
    lines = str(many).splitlines()
    assert lines[-11].startswith("  +12  to 12")
    assert lines[-2].startswith("   +3  to 3")
    assert lines[-1] == "  and 2 more"
    assert printed(many)[-1] == "  and 2 more"
    html = many._repr_html_()
    assert html.count("<tr>") == 10
    assert "and 2 more</span>" in html
    assert str(many.changes).count("set to 1") == 12


def test_an_explanation_is_html_with_a_part_for_each_rule_and_limit() -> None:
    lead = {"team": 12, "plan": "<script>"}
    explained = explain(lead, RULES, related={"activities": [{"at": "2026-10-25T12:00:00Z"}]}, as_of=NOW)
    html = explained._repr_html_()
    assert '<span style="font-size:2em;font-weight:700;line-height:1.2">1,199</span>' in html
    assert ">high priority</span>" in html
    assert ">3 of 5 rules match</span>" in html
    assert html.count("<details open") == 5
    assert html.count("</details>") == 5
    assert "<b>team</b> &nbsp;" + points_badge(1250) in html
    assert "<b>[red]plan</b> &nbsp;" + '<span style="opacity:.65">would bring +15.5</span>' in html
    assert points_badge(4) + ' <span style="opacity:.65">of +8, with a half-life of 30d</span>' in html
    assert "<b>cap: fit</b> &nbsp;" + points_badge(-50) in html
    assert "saw &quot;&lt;script&gt;&quot;" in html
    assert "<script>" not in html
    assert html.count("✗</span> <b>") == 2
    assert html.count("✓</span> <b>") == 3
    assert ">What would change it</div>" in html
    unbanded = explain({}, NONE, as_of=NOW)._repr_html_()
    assert "priority" not in unbanded


def test_the_extra_that_a_terminal_needs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    with pytest.raises(MissingExtra) as caught:
        found().__rich__()
    assert (caught.value.extra, caught.value.feature) == ("cli", "a table in a terminal")
