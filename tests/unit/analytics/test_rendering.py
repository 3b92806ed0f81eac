from __future__ import annotations

import io
import re
from typing import Any

import pytest
from lives import PIPELINES, live, pipeline, told

from leadkit.analytics import AnalyticsReport, report

LIVES = [
    live(
        "a",
        [
            (told("10-02"), "create", {"pipelineId": "inbound", "stage": "new", "source": "<b>web</b>"}),
            (told("10-02T12:00"), "assign", {"to": "bo"}),
            (told("10-03"), "score", {"score": 70}),
            (told("10-04"), "qualify", {}),
            (told("10-05"), "move", {"stage": "deal"}),
            (told("10-12"), "convert", {}),
        ],
    ),
    live(
        "b",
        [
            (
                told("10-03"),
                "create",
                {"pipelineId": "inbound", "stage": "talk", "source": "[red]x", "properties": {"size": 1_234_567}},
            ),
            (told("10-04"), "score", {"score": 12.5}),
        ],
    ),
    live("c", [(told("10-03"), "create", {"pipelineId": "old", "stage": "z", "properties": {"size": 5.5}})]),
]


def made(**asked: Any) -> AnalyticsReport:
    return report(
        [lead for lead, _ in LIVES],
        [event for _, events in LIVES for event in events],
        PIPELINES[:1],
        **{
            "start": "2026-10-01",
            "end": "2026-11-01",
            "as_of": "2026-12-01T08:05:00Z",
            "timezone": "Europe/Berlin",
            "value_field": "properties.size",
            "currency": "EUR",
            **asked,
        },
    )


EXPECTED = """\
leads created from 2026-10-01 00:00 until before 2026-11-01 00:00 (Europe/Berlin), as of 2026-12-01 09:05

Conversion
       leads  qualified   rate  disqualified  converted   rate
  all      3          1  33.3%             0          1  33.3%

Funnel by status
  status        reached  entries  there now  went on    rate
  new                 3        3          2        1   33.3%
  nurturing           0        0          0        0       –
  qualified           1        1          0        1  100.0%
  disqualified        0        0          0        –       –
  converted           1        1          1        –       –

Funnel of Inbound
  stage  reached  entries  there now  went on    rate
  New          1        1          0        1  100.0%
  Talk         1        1          1        0    0.0%
  Deal         1        1          1        1  100.0%

Funnel of old (removed)
  stage        reached  entries  there now  went on  rate
  z (removed)        1        1          1        –     –

Velocity
                     leads  median   90%
  to qualify             1     2 d   2 d
  to convert             1    10 d  10 d
  in inbound / new       1     3 d   3 d
  in inbound / deal      1     7 d   7 d

By source
  source      leads  qualified    rate  disqualified  converted    rate
  <b>web</b>      1          1  100.0%             0          1  100.0%
  [red]x          1          0    0.0%             0          0    0.0%
  unknown         1          0    0.0%             0          0    0.0%

By campaign
  campaign  leads  qualified   rate  disqualified  converted   rate
  unknown       3          1  33.3%             0          1  33.3%

By assignee
  assignee    leads  qualified    rate  disqualified  converted    rate
  unassigned      2          0    0.0%             0          0    0.0%
  bo              1          1  100.0%             0          1  100.0%

Value
             leads        amount    weighted
  open, EUR      2  1,234,572.50  617,283.50

Scoring
                            leads  mean score
  converted                     1       70.00
  rest                          1       12.50
  area under the ROC curve             1.0000"""


def test_a_report_prints_as_tables() -> None:
    assert str(made()) == EXPECTED


def test_a_report_of_nothing_says_so_and_leaves_out_what_is_empty() -> None:
    empty = report([], [], [], start="2026-10-01", end="2026-11-01", as_of="2026-12-01", basis="event")
    assert (
        str(empty)
        == """\
what happened from 2026-10-01 00:00 until before 2026-11-01 00:00 (UTC), as of 2026-12-01 00:00

Conversion
       leads  qualified  rate  disqualified  converted  rate
  all      0          0     –             0          0     –

Funnel by status
  status        reached  entries  there now  went on  rate
  new                 0        0          0        0     –
  nurturing           0        0          0        0     –
  qualified           0        0          0        0     –
  disqualified        0        0          0        –     –
  converted           0        0          0        –     –

Velocity
              leads  median  90%
  to qualify      0       –    –
  to convert      0       –    –

Scoring
                            leads  mean score
  converted                     0           –
  rest                          0           –
  area under the ROC curve                  –"""
    )


def test_breakdowns_that_were_not_asked_for_are_not_shown() -> None:
    text = str(made(group_by=["source"]))
    assert "By source" in text
    assert "By campaign" not in text
    assert "By assignee" not in text


def test_the_field_that_scores_are_judged_by_is_named() -> None:
    assert "\n  properties.won                0           –\n" in str(made(outcome="properties.won"))


def test_large_counts_have_thousands() -> None:
    one = made()
    many = one.model_copy(
        update={
            "conversion": one.conversion.model_copy(
                update={"leads": 1234, "qualified": 2345, "disqualified": 3456, "converted": 4567}
            ),
            "funnel": one.funnel.model_copy(
                update={
                    "statuses": (
                        one.funnel.statuses[0].model_copy(
                            update={"reached": 1111, "entries": 2222, "standing": 3333, "advanced": 4444}
                        ),
                    )
                }
            ),
            "velocity": one.velocity.model_copy(
                update={
                    "to_qualify": one.velocity.to_qualify.model_copy(
                        update={
                            "leads": 5678,
                            "median": one.velocity.to_qualify.median.model_copy(update={"days": 6789.25}),  # type: ignore[union-attr] - there is one
                        }
                    )
                }
            ),
            "value": one.value.model_copy(update={"lines": (one.value.lines[0].model_copy(update={"leads": 7890}),)}),
            "scoring": one.scoring.model_copy(update={"converted": 8901, "rest": 9012, "mean_rest": 1.005}),
        }
    )
    lines = [line.split() for line in str(many).splitlines()]
    assert ["all", "1,234", "2,345", "33.3%", "3,456", "4,567", "33.3%"] in lines
    assert ["new", "1,111", "2,222", "3,333", "4,444", "33.3%"] in lines
    assert ["to", "qualify", "5,678", "6,789.25", "d", "2", "d"] in lines
    assert ["open,", "EUR", "7,890", "1,234,572.50", "617,283.50"] in lines
    assert ["converted", "8,901", "70.00"] in lines
    assert ["rest", "9,012", "1.00"] in lines


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a\nb\x1b[2J", "a b [2J"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 39 + "…"),
    ],
)
def test_a_name_stays_on_its_line_and_steers_no_terminal(source: str, shown: str) -> None:
    lead, events = live("a", [(told("10-02"), "create", {"source": source})])
    one = report([lead], events, [], start="2026-10-01", end="2026-11-01", as_of="2026-12-01")
    assert f"\n  {shown}      1          0  0.0%             0          0  0.0%\n" in str(one)


def test_names_of_pipelines_stages_and_fields_are_cut_too() -> None:
    stage = "s" * 50
    lead, events = live(
        "a", [(told("10-02"), "create", {"pipelineId": "p", "stage": stage}), (told("10-03"), "convert", {})]
    )
    asked = {"start": "2026-10-01", "end": "2026-11-01", "as_of": "2026-12-01", "outcome": f"properties.{'f' * 50}"}
    text = str(report([lead], events, [pipeline("p", **{stage: 0.5})], **asked))
    assert f"\n  S{'s' * 38}…" in text
    assert f"\n  in p / {'s' * 39}…" in text
    assert f"\n  properties.{'f' * 28}…" in text
    assert f"\n  {'s' * 39}…" in str(report([lead], events, [], **asked))


def without_style(html: str) -> str:
    return re.sub(r' style="[^"]*"', "", html)


def test_a_notebook_shows_escaped_html() -> None:
    html = without_style(made()._repr_html_())
    assert html.startswith(
        "<div>leads created from 2026-10-01 00:00 until before 2026-11-01 00:00 (Europe/Berlin), "
        "as of 2026-12-01 09:05"
        "<div>Conversion</div><table><tr><th></th><th>leads</th><th>qualified</th><th>rate</th>"
        "<th>disqualified</th><th>converted</th><th>rate</th></tr>"
        "<tr><td>all</td><td>3</td><td>1</td><td>33.3%</td><td>0</td><td>1</td><td>33.3%</td></tr></table>"
        "<div>Funnel by status</div>"
    )
    assert "<td>&lt;b&gt;web&lt;/b&gt;</td>" in html
    assert "<b>" not in html
    assert "</tr><tr><td>[red]x</td>" in html
    assert html.count("<table>") == html.count("</table>") == EXPECTED.count("\n\n")
    assert html.count("<tr>") == sum(line.startswith("  ") for line in EXPECTED.splitlines())


def test_in_a_notebook_words_stand_to_the_left_and_figures_to_the_right() -> None:
    html = made()._repr_html_()
    cell = "vertical-align:top;padding:.15em 1.2em .15em 0;border:0;background:none;font-variant-numeric:tabular-nums"
    assert f'<tr><td style="{cell};text-align:left">all</td><td style="{cell};text-align:right">3</td>' in html
    assert f'<tr><th style="{cell};text-align:left"></th><th style="{cell};text-align:right">leads</th>' in html


def test_the_html_of_a_title_is_escaped_too() -> None:
    named = pipeline("inbound", new=0.1).model_copy(update={"name": "<i>In</i>"})
    html = report([], [], [named], start="2026-10-01", end="2026-11-01", as_of="2026-12-01")._repr_html_()
    assert ">Funnel of &lt;i&gt;In&lt;/i&gt;</div>" in html


def test_rich_prints_the_same_cells() -> None:
    rich_console = pytest.importorskip("rich.console", reason="needs rich, of the extra `cli`")
    page = io.StringIO()
    rich_console.Console(file=page, width=120).print(made())
    printed = page.getvalue()
    assert printed.startswith("leads created from 2026-10-01 00:00 until before 2026-11-01 00:00 (Europe/Berlin)")
    # Two spaces before each line are the only difference, and those behind it, which nobody sees.
    assert [line.rstrip() for line in printed.splitlines()] == [
        line.removeprefix("  ").rstrip() for line in EXPECTED.splitlines()
    ]
    rich_console.Console(file=page, width=120, force_terminal=True, color_system="standard").print(made())
    assert "\x1b[1mConversion\x1b[0m" in page.getvalue()
    assert "\x1b[1mleads\x1b[0m" in page.getvalue()


def test_a_narrow_terminal_folds_words_and_loses_none() -> None:
    rich_console = pytest.importorskip("rich.console", reason="needs rich, of the extra `cli`")
    page = io.StringIO()
    lead, events = live("a", [(told("10-02"), "create", {"source": "abcdefghijklmnopqrstuvwxyz"})])
    one = report([lead], events, [], start="2026-10-01", end="2026-11-01", as_of="2026-12-01")
    rich_console.Console(file=page, width=66).print(one)
    printed = page.getvalue()
    assert max(map(len, printed.splitlines())) <= 66
    assert "…" not in printed
