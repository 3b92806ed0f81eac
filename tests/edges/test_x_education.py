"""The main job on the real leads of X Education, where the file is at hand: import, score, route and report.

The page `docs/howto/real-leads.md` is held to what its commands print.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import re
import shlex
from collections import Counter
from pathlib import Path

import attrs
import pytest
from consoles import commands_of, pattern

import leadkit as lk
from leadkit.importing import guess_mapping, read_mapping_json

ROOT = Path(__file__).resolve().parents[2]
LEADS = ROOT / os.environ.get("LEADKIT_TRIAL_DATA", "../shared/data") / "x-education" / "leads.csv"
EXAMPLE = ROOT / "examples" / "x-education"
MAPPING = EXAMPLE / "mapping.json"
PAGE = ROOT / "docs" / "howto" / "real-leads.md"

# Filled in by sellers, or until the deal was done: a rule that looks at one of these knows the outcome.
KNOWING = {
    "tag",
    "lead_quality",
    "lead_profile",
    "last_activity",
    "last_notable_activity",
    "activity_index",
    "activity_score",
    "profile_index",
    "profile_score",
    "lead_origin",
    "what_matters_most",
    "converted",
}

at_hand = pytest.mark.skipif(
    not LEADS.exists(), reason=f"the trial data is not at hand: there is no {LEADS.name} below LEADKIT_TRIAL_DATA"
)


@attrs.frozen(kw_only=True)
class Played:
    """The main job, once played."""

    workspace: lk.Workspace
    imported: lk.ImportReport
    scored: lk.ScoringReport
    routed: lk.RoutingReport
    leads: list[lk.Lead]


@pytest.fixture(scope="module")
def played():
    directory = lk.MemoryDirectory.of(read("directory.json"))
    kit = lk.LeadKit.open("memory:", directory=lambda _: directory)
    workspace = kit.workspace(org="x-education", actor="user-7")
    workspace.pipelines.put(**read("pipeline.json"))
    imported = workspace.imports.csv(LEADS, mapping=MAPPING, pipeline_id="courses")
    workspace.scoring.save_rules(read("rules.json"))
    scored = workspace.scoring.score_batch(filter={})
    routed = workspace.routing.route_unassigned("courses")
    return Played(
        workspace=workspace, imported=imported, scored=scored, routed=routed, leads=list(workspace.leads.each())
    )


def read(name):
    return json.loads((EXAMPLE / name).read_text(encoding="utf-8"))


@at_hand
def test_every_row_comes_in_and_nothing_is_lost_on_the_way(played):
    assert played.imported.summary == "9,191 rows: 9,191 created, 0 updated, 0 skipped, 0 failed"
    assert played.imported.ignored == ()
    assert played.workspace.leads.count() == 9_191
    assert (played.scored.considered, played.scored.changed) == (9_191, 9_191)
    assert len(played.routed.decisions) == 9_191
    assert sum(played.routed.by_assignee.values()) == played.routed.assigned == 9_191
    with LEADS.open(encoding="utf-8", newline="") as file:
        assert {row["Prospect ID"] for row in csv.DictReader(file)} == {lead.external_id for lead in played.leads}


@at_hand
def test_the_same_file_again_changes_nothing(played):
    again = played.workspace.imports.csv(LEADS, mapping=MAPPING, on_duplicate="update", dry_run=True)
    assert again.summary == "9,191 rows: 0 created, 0 updated, 9,191 skipped, 0 failed"


@at_hand
def test_values_are_typed_and_placeholders_are_empty(played):
    leads = played.leads
    assert Counter(lead.properties["converted"] for lead in leads) == {False: 5_649, True: 3_542}
    assert {type(lead.properties.get("total_visits")) for lead in leads} == {int, type(None)}
    assert "Select" not in {value for lead in leads for value in lead.properties.values()}
    assert "google" not in {lead.source for lead in leads}
    assert {lead.properties.get("activity_index") for lead in leads} == {"high", "medium", "low", None}


@at_hand
def test_a_pool_of_five_shares_the_leads_alike_but_for_the_one_at_capacity(played):
    counts = played.routed.by_assignee
    capacity = {member["id"]: member.get("capacity") for member in read("directory.json")["counsellors"]}
    assert len(counts) == 5
    (full,) = (user for user, most in capacity.items() if most is not None)
    assert counts[full] == capacity[full] == 1_200
    others = [count for user, count in counts.items() if user != full]
    assert max(others) - min(others) <= 1
    assert Counter(lead.assigned_to for lead in played.leads) == counts
    assert played.workspace.routing.route_unassigned("courses").assigned == 0


@at_hand
def test_those_who_converted_score_far_above_the_rest(played):
    won = [lead.score for lead in played.leads if lead.properties["converted"]]
    rest = [lead.score for lead in played.leads if not lead.properties["converted"]]
    separation = played.workspace.analytics.report("2000-01-01", "2100-01-01", outcome="properties.converted").scoring
    assert round(separation.mean_converted, 2) == round(sum(won) / len(won), 2) == 37.88
    assert round(separation.mean_rest, 2) == round(sum(rest) / len(rest), 2) == 10.73
    assert round(separation.area_under_curve, 4) == round(area_under_the_curve(won, rest), 4) == 0.8339


def area_under_the_curve(won, rest):
    """By its definition: how often a lead that converted has the higher score, a tie being half a win."""
    losers = Counter(rest)
    wins = sum(count * (losers[score] / 2 + sum(losers[low] for low in losers if low < score))
               for score, count in Counter(won).items())  # fmt: skip
    return wins / (len(won) * len(rest))


@at_hand
def test_every_rule_holds_for_some_leads_and_not_for_all(played):
    matched = Counter(line.rule for lead in played.leads for line in lead.score_breakdown)
    rules = [rule["name"] for rule in read("rules.json")["rules"]]
    assert all(0 < matched[rule] < 9_191 for rule in rules)


def test_there_are_a_dozen_rules_and_none_looks_at_what_was_known_only_afterwards():
    text = (EXAMPLE / "rules.json").read_text(encoding="utf-8")
    assert len(read("rules.json")["rules"]) >= 12
    fields = set(re.findall(r'"properties\.(\w+)"', text))
    assert len(fields) >= 6
    assert not fields & KNOWING
    assert fields | KNOWING <= {
        column.to.removeprefix("properties.") for column in read_mapping_json(MAPPING.read_bytes()).columns.values()
    }


@at_hand
def test_what_the_page_says_of_the_columns_that_are_left_out_is_so():
    with LEADS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def share(column, value):
        chosen = [row["Converted"] == "1" for row in rows if row[column] == value]
        return f"{100 * sum(chosen) / len(chosen):.0f} %"

    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    for column, value, words in (
        ("Tags", "Will revert after reading the email", "{} of `Will revert after reading the email` converted"),
        ("Tags", "Closed by Horizzon", "{} of `Closed by Horizzon`"),
        ("Tags", "Already a student", "{} of `Already a student`"),
        ("Lead Quality", "High in Relevance", "{} of `High in Relevance` converted"),
        ("Lead Quality", "Worst", "{} of `Worst`"),
        ("Lead Origin", "Lead Add Form", "`Lead Add Form` means that a person typed the lead in, {} of whom converted"),
    ):
        assert words.format(share(column, value)) in page
    assert f"missing for {sum(not row['Asymmetrique Activity Score'] for row in rows):,} leads" in page
    empty = sum(not row["What is your current occupation"] for row in rows)
    assert f"for {empty:,} leads the occupation is empty" in page


@at_hand
def test_a_guess_reads_the_file_as_well():
    workspace = lk.LeadKit.open("memory:").workspace(org="x-education", actor="user-7")
    mapping = workspace.imports.guess(LEADS)
    assert mapping.columns["Prospect ID"].to == "externalId"
    assert mapping.columns["Lead Source"].to == "source"
    assert workspace.imports.csv(LEADS, dry_run=True).created == 9_191


@at_hand
def test_the_mapping_names_every_column():
    mapping = read_mapping_json(MAPPING.read_bytes())
    header = LEADS.read_text(encoding="utf-8").partition("\n")[0].split(",")
    assert sorted([*mapping.columns, *mapping.ignore]) == sorted(guess_mapping(header).columns)


@at_hand
def test_the_commands_of_the_page_print_what_it_shows(tmp_path, monkeypatch, capsys):
    pytest.importorskip("typer", reason="cli is an extra of leadkit")
    from leadkit.cli.app import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "leads.csv").symlink_to(LEADS)
    (tmp_path / "x-education").symlink_to(EXAMPLE)
    commands = list(commands_of(PAGE.read_text(encoding="utf-8")))
    assert len(commands) == 9
    for command, shown in commands:
        program, *arguments = shlex.split(command)
        assert program == "leadkit"
        if arguments[0] == "fit" and importlib.util.find_spec("sklearn") is None:
            continue
        code = run(arguments)
        captured = capsys.readouterr()
        printed = "\n".join(line.rstrip() for line in captured.out.rstrip().splitlines())
        assert (code, captured.err) == (0, "")
        assert re.fullmatch(pattern(shown), printed), f"{command} printed:\n{printed}"
