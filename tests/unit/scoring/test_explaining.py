from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadkit.conditions import FieldCatalogue
from leadkit.errors import InvalidInput, NotFound
from leadkit.scoring import Outcome, Ruleset, ScoreExplanation, counterfactual, explain, score

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

RULES = Ruleset.model_validate(
    {
        "rules": [
            {
                "name": "team",
                "points": 1250,
                "group": "fit",
                "condition": {"field": "team", "op": ">=", "value": 10},
            },
            {"name": "plan", "points": -15.5, "condition": {"field": "plan", "op": "==", "value": "free"}},
            {
                "name": "seen",
                "points": 20,
                "condition": {"related": "activities"},
                "decay": {"halfLife": "30d"},
            },
            {"name": "old", "points": 7, "enabled": False, "condition": {"field": "team", "op": "exists"}},
            {"name": "mark", "points": 0, "condition": {"field": "team", "op": "exists"}},
        ],
        "caps": {"fit": {"max": 1200}},
        "total": {"max": 1205},
        "bands": [{"min": 100, "priority": "high"}],
    }
)
LEAD = {"team": 12, "plan": "pro"}
RELATED = {"activities": [{"at": NOW - timedelta(days=30)}]}


def explained(**options: Any) -> ScoreExplanation:
    return explain(LEAD, RULES, **{"related": RELATED, "as_of": NOW, **options})


def test_the_card_of_an_explanation_is_the_score() -> None:
    assert explained().card == score(LEAD, RULES, related=RELATED, as_of=NOW)
    assert explain(LEAD, RULES, as_of=NOW).card == score(LEAD, RULES, as_of=NOW)
    names = ["plan", "seen"]
    assert explained(rules=iter(names)).card == score(LEAD, RULES, related=RELATED, as_of=NOW, rules=names)


def test_every_rule_is_explained_also_those_that_brought_nothing() -> None:
    found = [(rule.name, rule.outcome, rule.points, rule.trace.held) for rule in explained().rules]
    assert found == [
        ("team", Outcome.MATCHED, 1250, True),
        ("plan", Outcome.NOT_MATCHED, 0, False),
        ("seen", Outcome.MATCHED, 10, True),
        ("old", Outcome.OFF, 0, True),
        ("mark", Outcome.MATCHED, 0, True),
    ]


def test_rules_that_were_not_asked_for_are_explained_as_such() -> None:
    outcomes = {rule.name: rule.outcome.value for rule in explained(rules=["team", "plan"]).rules}
    assert outcomes == {
        "team": "matched",
        "plan": "not matched",
        "seen": "not asked for",
        "old": "off",
        "mark": "not asked for",
    }


def test_the_limits_that_bit_are_explained() -> None:
    found = [(limit.clause, limit.why, limit.held, limit.children) for limit in explained().limits]
    assert found == [("cap: fit", "-50", True, ()), ("cap: total", "-5", True, ())]


def test_an_explanation_reads_as_text() -> None:
    text = str(explained()).partition("\nwhat would change it\n")[0].splitlines()
    # How a clause is told is the business of the conditions; here stands that each is.
    assert [re.split(" {3,}", line) for line in text if not line.startswith("    ")] == [
        ["✓ score 1,205, priority high", "3 of 5 rules match"],
        ["  ✓ team", "+1,250"],
        ["  ✗ plan", "would bring -15.5"],
        ["  ✓ seen", "+10 of +20, with a half-life of 30d"],
        ["  ✗ old", "off"],
        ["  ✓ mark", "0"],
        ["  ✓ cap: fit", "-50"],
        ["  ✓ cap: total", "-5"],
    ]
    assert [line[:6] for line in text if line.startswith("    ")] == ["    ✓ ", "    ✗ ", "    ✓ ", "    ✓ ", "    ✓ "]


def test_a_score_without_a_band_has_no_priority_to_tell() -> None:
    assert explained(rules=["plan"]).clause == "score 0"
    assert explained(rules=["plan"]).why == "0 of 5 rules match"
    assert explained(rules=["plan"]).rules[0].why == "not asked for"


def test_an_explanation_is_a_tree_in_a_terminal() -> None:
    pytest.importorskip("rich", reason="needs the extra `cli`")
    from rich.console import Console

    console = Console(file=io.StringIO(), width=120)
    console.print(explained())
    printed = console.file.getvalue()  # type: ignore[attr-defined] # the file is the one above
    assert "✓ score 1,205, priority high  3 of 5 rules match" in printed
    assert "└── ✓ cap: total  -5" in printed


def test_an_explanation_is_html_in_a_notebook() -> None:
    lead = {"team": "<script>"}
    html = explain(lead, RULES, as_of=NOW)._repr_html_()
    assert html.startswith("<div ")
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_an_explanation_is_plain_json() -> None:
    plain = explained().as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["score"] == 1205
    assert plain["breakdown"][-1] == {"rule": "cap: total", "points": -5}
    assert plain["priority"] == "high"
    seen = plain["rules"][2]
    assert (seen["rule"], seen["outcome"], seen["points"], seen["worth"]) == ("seen", "matched", 10, 20)
    assert seen["trace"]["clause"] == "number of activities is at least 1"
    assert list(seen) == ["rule", "outcome", "points", "worth", "trace"]
    assert plain["counterfactuals"] == explained().changes.as_dict()


def test_an_explanation_says_what_would_change_the_score() -> None:
    changes = counterfactual(LEAD, RULES, related=RELATED, as_of=NOW)
    assert explained().changes == changes
    assert [str(change) for change in changes][-2:] == ["team from 12 to 9: -1,195", "team from 12 to nothing: -1,195"]
    assert explained(rules=iter(["plan"])).changes == counterfactual(
        LEAD, RULES, related=RELATED, as_of=NOW, rules=["plan"]
    )
    without = explained(catalogue=FieldCatalogue.of({"team": int})).changes
    assert {str(change.change) for change in without} == {"team from 12 to 9", "team from 12 to nothing"}


def test_what_score_refuses_is_refused_here_too() -> None:
    with pytest.raises(InvalidInput):
        explained(as_of=NOW.replace(tzinfo=None))
    with pytest.raises(NotFound):
        explained(rules=["x"])
