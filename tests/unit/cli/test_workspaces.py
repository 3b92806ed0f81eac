import json

import pytest

pytest.importorskip("typer", reason="cli is an extra of leadkit")

from leadkit.cli.workspaces import Opening, read_document
from leadkit.errors import UnreadableFile


def test_each_organisation_has_its_own_leads(filled):
    assert filled("list").out.startswith("3 leads")
    assert filled("--org", "other", "list").out.startswith("0 leads")
    assert filled("--org", "other", "show", "L-1").code == 1


def test_each_store_has_its_own_leads(filled, folder):
    assert filled("--store", folder / "other.db", "list").out.startswith("0 leads")
    assert filled("--store", folder / "other.db", "import", "leads.csv").code == 0
    assert filled("--store", "other.db", "list").out.startswith("3 leads")


def test_what_stands_in_front_of_a_command_may_come_from_the_environment(leadkit, monkeypatch):
    monkeypatch.setenv("LEADKIT_STORE", "mine.db")
    monkeypatch.setenv("LEADKIT_ORG", "mine")
    monkeypatch.setenv("LEADKIT_ACTOR", "me")
    leadkit("import", "leads.csv")
    monkeypatch.delenv("LEADKIT_STORE")
    assert leadkit("list").out.startswith("0 leads")
    assert leadkit("--store", "mine.db", "list").out.startswith("3 leads")
    assert leadkit("--store", "mine.db", "show", "ann@example.com").words.endswith("lead.created me")


def test_work_can_be_done_as_of_an_instant(filled):
    assert filled("show", "L-1", "--json").document["createdAt"] == "2026-11-24T09:00:00Z"


@pytest.mark.parametrize("instant", ["2026-11-24T09:00:00", "NaN", "yesterday", ""])
def test_an_instant_without_a_zone_is_refused(leadkit, instant):
    done = leadkit("--as-of", instant, "list")
    assert done.code == 2
    assert "expected a date-time with a time zone, such as 2026-11-24T09:00:00Z" in " ".join(done.err.split())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--org", ""), "$.org: "),
        (("--org", " a"), "$.org: "),
        (("--actor", "\x01"), "$.actor: "),
    ],
)
def test_an_organisation_or_actor_that_is_no_name_is_refused(leadkit, options, message):
    done = leadkit(*options, "list")
    assert done.code == 1
    assert message in done.err


@pytest.mark.parametrize("store", ["nowhere/leads.db", "."])
def test_a_store_that_cannot_be_opened_is_told_as_such(leadkit, store):
    done = leadkit("--store", store, "list")
    assert done.code == 3
    assert done.err.startswith("error store-unavailable ")


def test_a_store_of_an_unknown_kind_is_refused_with_those_that_there_are(leadkit):
    done = leadkit("--store", "mongodb://x", "list")
    assert done.code == 1
    assert "possible are " in done.err
    assert "`memory:`" in done.err


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON: Expecting value at line 1, column 1"),
        (b'{"a": }', "not JSON: Expecting value at line 1, column 7"),
        ('{"a": "ü"}'.encode("latin-1"), "not UTF-8"),
        (b"[" * 100_000, "it nests too deeply"),
        (b"9" * 5_000, "Exceeds the limit"),
    ],
    ids=["nothing", "no JSON", "Latin-1", "deep", "digits"],
)
def test_a_file_that_holds_no_document_is_refused_with_the_reason(folder, data, reason):
    (folder / "document.json").write_bytes(data)
    with pytest.raises(UnreadableFile, match=reason):
        read_document(folder / "document.json")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a mark"])
def test_every_file_may_begin_with_a_mark(leadkit, folder, mark):
    for name in ("mapping", "rules", "pipeline", "directory"):
        path = folder / f"{name}.json"
        path.write_bytes(mark + path.read_bytes())
    options = ("--mapping", "mapping.json", "--pipeline", "pipeline.json")
    assert leadkit("import", "leads.csv", *options).code == 0
    assert leadkit("score", "--rules", "rules.json").code == 0
    assert leadkit("route", "--pipeline", "pipeline.json", "--directory", "directory.json").code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("import", "nowhere"),
        ("import", "leads.csv", "--mapping", "nowhere"),
        ("import", "leads.csv", "--pipeline", "nowhere.json"),
        ("score", "--rules", "nowhere"),
        ("check", "nowhere"),
        ("check", "rules.json", "--properties", "nowhere"),
        ("route", "--pipeline", "nowhere.json", "--directory", "directory.json"),
        ("route", "--pipeline", "pipeline.json", "--directory", "nowhere"),
    ],
    ids=" ".join,
)
def test_a_file_that_is_not_there_is_named(leadkit, command):
    done = leadkit(*command)
    assert done.code == 1
    assert "cannot read nowhere" in done.err
    assert "No such file or directory" in done.err


@pytest.mark.parametrize(
    "command",
    [
        ("import", "."),
        ("import", "leads.csv", "--mapping", "."),
        ("score", "--rules", "."),
        ("check", "."),
        ("route", "--pipeline", "pipeline.json", "--directory", "."),
    ],
    ids=" ".join,
)
def test_a_folder_is_no_file(leadkit, command):
    done = leadkit(*command)
    assert done.code == 1
    assert "cannot read .: Is a directory" in done.err


def test_a_document_of_another_kind_is_refused(leadkit, folder):
    (folder / "list.json").write_text(json.dumps([]), encoding="utf-8")
    for command, kind in (
        (
            ("route", "--pipeline", "list.json", "--directory", "directory.json"),
            "the id, name and stages of a pipeline",
        ),
        (("route", "--pipeline", "pipeline.json", "--directory", "list.json"), "a list of members for each pool"),
    ):
        done = leadkit(*command)
        assert done.code == 1
        assert f"cannot read list.json: expected an object with {kind}" in done.err


def test_a_name_that_several_leads_have_is_refused_with_their_ids(leadkit):
    opening = Opening(store="twice.db", org="default", actor="me", as_of=None)
    with opening.workspace() as ws:
        ws.settings.update(duplicates="allow")
        ids = [ws.leads.create(email="ann@example.com").id for _ in range(2)]
    done = leadkit("--store", "twice.db", "qualify", "ann@example.com")
    assert done.code == 2
    message = " ".join(done.err.split())
    assert "several leads are called 'ann@example.com'" in message
    assert all(lead_id in message for lead_id in ids)
    assert leadkit("--store", "twice.db", "qualify", ids[0]).code == 0
