"""The mapping for the leads of X Education, on the real file where it is at hand."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

import leadkit as lk
from leadkit.importing import guess_mapping, read_mapping_json

ROOT = Path(__file__).resolve().parents[2]
LEADS = ROOT / os.environ.get("LEADKIT_TRIAL_DATA", "../shared/data") / "x-education" / "leads.csv"
MAPPING = ROOT / "examples" / "x-education" / "mapping.json"

if not LEADS.exists():
    pytest.skip(
        f"the trial data is not at hand: there is no {LEADS.name} below LEADKIT_TRIAL_DATA", allow_module_level=True
    )


@pytest.fixture(scope="module")
def workspace():
    workspace = lk.LeadKit.open("memory:").workspace(org="x-education", actor="user-7")
    report = workspace.imports.csv(LEADS, mapping=MAPPING)
    assert report.summary == "9,191 rows: 9,191 created, 0 updated, 0 skipped, 0 failed"
    assert report.ignored == ()
    return workspace


def test_every_lead_comes_in_once_however_often_the_file_comes(workspace):
    assert workspace.leads.count() == 9_191
    again = workspace.imports.csv(LEADS, mapping=MAPPING, on_duplicate="update")
    assert again.summary == "9,191 rows: 0 created, 0 updated, 9,191 skipped, 0 failed"


def test_values_are_typed_and_placeholders_are_empty(workspace):
    leads = list(workspace.leads.each())
    assert Counter(lead.properties["converted"] for lead in leads) == {False: 5_649, True: 3_542}
    assert {type(lead.properties.get("total_visits")) for lead in leads} == {int, type(None)}
    assert "Select" not in {value for lead in leads for value in lead.properties.values()}
    assert "google" not in {lead.source for lead in leads}
    assert {lead.properties.get("activity_index") for lead in leads} == {"high", "medium", "low", None}


def test_a_guess_reads_the_file_as_well():
    workspace = lk.LeadKit.open("memory:").workspace(org="x-education", actor="user-7")
    mapping = workspace.imports.guess(LEADS)
    assert mapping.columns["Prospect ID"].to == "externalId"
    assert mapping.columns["Lead Source"].to == "source"
    assert workspace.imports.csv(LEADS, dry_run=True).created == 9_191


def test_the_mapping_names_every_column():
    mapping = read_mapping_json(MAPPING.read_bytes())
    header = LEADS.read_text(encoding="utf-8").partition("\n")[0].split(",")
    assert sorted([*mapping.columns, *mapping.ignore]) == sorted(guess_mapping(header).columns)
