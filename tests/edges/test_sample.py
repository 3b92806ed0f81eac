"""The sample that ships with the package: made by its tool, harmless, and as messy as it claims to be."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
from collections import Counter
from importlib import resources
from pathlib import Path

import attrs
import pytest

import leadkit as lk
from leadkit.importing import ImportReport, bind, open_table, read_mapping_json, sniff
from leadkit.values import parse_instant

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = resources.files("leadkit") / "samples"


def text(name):
    return (SAMPLES / name).read_text(encoding="utf-8")


ABOUT = json.loads(text("sample.json"))
NOW = parse_instant(ABOUT["asOf"])


class Clock:
    """Stands still at the moment of the sample."""

    def now(self):
        return NOW


@attrs.frozen
class Played:
    """A workspace in which the sample was imported and scored."""

    workspace: lk.Workspace
    report: ImportReport
    leads: list[lk.Lead]


@pytest.fixture(scope="module")
def played():
    directory = lk.MemoryDirectory.of(json.loads(text("directory.json")))
    kit = lk.LeadKit.open("memory:", clock=Clock(), directory=lambda _: directory)
    workspace = kit.workspace(org="acme", actor="user-7")
    workspace.pipelines.create(**json.loads(text("pipeline.json")))
    data = (SAMPLES / "leads.csv").read_bytes()
    mapping = read_mapping_json(text("mapping.json"))
    report = workspace.imports.csv(data, mapping=mapping)
    known = {lead.external_id: lead.id for lead in workspace.leads.each()}
    with workspace.unit_of_work() as work:
        for line in text("activities.jsonl").splitlines():
            entry = json.loads(line)
            lead_id = known.get(entry.pop("externalId"))
            if lead_id is not None:
                work.leads.add_activity(lead_id, **entry)
    workspace.scoring.save_rules(lk.Ruleset.model_validate_json(text("rules.json")))
    workspace.scoring.score_batch()
    return Played(workspace, report, list(workspace.leads.each()))


@pytest.fixture(scope="module")
def rows():
    return list(csv.reader(io.StringIO(text("leads.csv").removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_the_tool_makes_the_sample_byte_for_byte():
    spec = importlib.util.spec_from_file_location("make_sample", ROOT / "tools" / "make_sample.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.files()
    assert {name: (SAMPLES / name).read_bytes() for name in made} == made
    assert module.files(seed=1)["leads.csv"] != made["leads.csv"]


def test_the_sample_is_small():
    assert sum(len(path.read_bytes()) for path in SAMPLES.iterdir()) < 1_000_000


def test_nobody_in_the_sample_exists():
    everything = text("leads.csv")
    domains = set(re.findall(r"@([\w.-]+\.\w+)", everything))
    assert domains
    assert {re.sub(r"^(?:[\w-]+\.)?(example\.(?:com|org|net))$", "reserved", domain.lower()) for domain in domains} == {
        "reserved"
    }
    phones = [
        re.sub(r"\D", "", row[4].partition(" x")[0])
        for row in csv.reader(everything.splitlines(), delimiter=";")
        if len(row) > 4
    ]
    numbers = [phone for phone in phones if len(phone) >= 10]
    assert len(numbers) > 1_000
    assert {phone for phone in numbers if not re.search(r"[2-9]\d\d55501\d\d$", phone)} == set()


def test_an_import_comes_to_what_the_sample_says(played):
    counts = ABOUT["import"]
    report = played.report
    assert (report.rows, report.created, report.skipped, report.failed, report.updated) == (
        counts["rows"],
        counts["created"],
        counts["skipped"],
        counts["failed"],
        0,
    )
    assert report.rows == 2_996
    assert report.ignored == ()


def test_every_row_that_fails_is_one_that_was_broken_on_purpose(played):
    told = Counter((error.column, error.code) for error in played.report.errors)
    assert told == {
        (None, "value-error"): 3,
        ("E-Mail", "value-error"): 3,
        ("Team Size", "unreadable-cell"): 2,
        ("Created", "unreadable-cell"): 2,
        ("Last Visit", "unreadable-cell"): 1,
        ("Demo Requested", "unreadable-cell"): 1,
        ("Annual Revenue", "unreadable-cell"): 1,
        ("Priority", "unreadable-cell"): 1,
        ("Phone", "unreadable-cell"): 1,
        ("Notes", "unclosed-quote"): 1,
        (None, "long-row"): 3,
        (None, "short-row"): 2,
    }


def test_the_sample_is_as_messy_as_real_exports_are():
    data = (SAMPLES / "leads.csv").read_bytes()
    dialect = sniff(data)
    assert (dialect.described, data[:3]) == ("utf-8, semicolon", b"\xef\xbb\xbf")
    table = open_table([data], dialect)
    reader = bind(read_mapping_json(text("mapping.json")), table.headers)
    results = [reader.read(row, record) for row, record in enumerate(table.records, 1)]
    leads = [result.lead for result in results if result.lead is not None]
    assert any("\n" in lead.properties.get("notes", "") for lead in leads)
    assert any("\r\n" in lead.properties.get("notes", "") for lead in leads)
    assert any(lead.properties.get("notes", "").startswith("=") for lead in leads)
    assert any('"' in lead.last_name for lead in leads)
    assert any(lead.email is not None and lead.email != lead.email.lower() for lead in leads)
    assert any(lead.email is None and lead.external_id.startswith("phone-") for lead in leads)
    assert any(lead.email is not None and lead.external_id is None for lead in leads)
    assert any(not lead.first_name.isascii() for lead in leads)
    assert b"\r\n\r\n" in data
    assert re.search(rb"\r\n;+\r\n", data)
    for placeholder in ("Select", "N/A", "n/a", "-", "(none)"):
        assert f";{placeholder};".encode() in data


def test_every_rule_of_the_sample_holds_for_some_leads_and_not_for_all(played):
    matched = Counter(line.rule for lead in played.leads for line in lead.score_breakdown)
    names = [rule.name for rule in lk.Ruleset.model_validate_json(text("rules.json")).rules]
    assert len(names) == 14
    assert all(0 < matched[name] < len(played.leads) for name in names)
    assert matched.keys() - set(names) == {
        "cap: fit",
        "cap: intent",
        "cap: engagement",
        "floor: total",
    }
    assert {lead.priority.value for lead in played.leads} == {"low", "medium", "high"}


def test_the_rules_of_the_sample_know_who_buys(played):
    won = [lead.score for lead in played.leads if lead.properties.get("won") is True]
    rest = [lead.score for lead in played.leads if lead.properties.get("won") is not True]
    assert sum(won) / len(won) > 1.5 * sum(rest) / len(rest)


def test_every_pool_of_the_sample_gets_leads_and_capacity_bites(played):
    report = played.workspace.routing.route_unassigned("inbound-saas", dry_run=True)
    pools = json.loads(text("directory.json"))
    members = {member["id"]: member for pool in pools.values() for member in pool}
    for pool in pools.values():
        assert any(report.by_assignee.get(member["id"], 0) for member in pool)
    full = [name for name, count in report.by_assignee.items() if count == members[name].get("capacity")]
    assert full
    assert report.by_assignee.get("user-sara", 0) == report.by_assignee.get("user-dana", 0) == 0


def test_activities_belong_to_leads_of_the_sample(rows):
    entries = [json.loads(line) for line in text("activities.jsonl").splitlines()]
    assert len(entries) == ABOUT["activities"]
    people = {f"R-{100_000 + number}" for number in range(len(rows))}
    assert {entry["externalId"] for entry in entries} <= people
    assert {entry["type"] for entry in entries} == {"call", "email", "meeting", "visit", "webinar"}
    assert all(parse_instant(entry["at"]) < NOW for entry in entries)
