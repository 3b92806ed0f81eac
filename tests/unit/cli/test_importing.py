import csv
import json

import pytest

IMPORT = ("import", "leads.csv", "--mapping", "mapping.json")


def test_an_import_says_what_became_of_every_row(leadkit):
    done = leadkit(*IMPORT)
    assert (done.code, done.err) == (0, "")
    assert done.words == "leads.csv rows created updated skipped failed 3 3 0 0 0"


def test_the_same_file_twice_creates_nothing(leadkit):
    leadkit(*IMPORT)
    again = leadkit(*IMPORT)
    assert again.code == 0
    assert again.words.endswith("3 0 0 3 0")


def test_a_dry_run_writes_nothing_and_says_so(leadkit, folder):
    (folder / "leads.csv").write_text("Email\nann@example.com\nnobody\n", encoding="utf-8")
    done = leadkit("import", "leads.csv", "--dry-run")
    assert done.code == 1
    assert done.words == "leads.csv (dry run: nothing was written) rows created updated skipped failed 2 1 0 0 1"
    assert "row 2, line 3, Email: expected an e-mail address" in done.err
    assert "mend them" not in done.err
    assert not (folder / "leads.errors.csv").exists()
    assert leadkit("list").out.startswith("0 leads")


def test_a_mapping_is_guessed_where_none_is_given(leadkit):
    guessed = leadkit("import", "leads.csv", "--show-mapping").document
    assert guessed["columns"]["Email"]["to"] == "email"
    assert leadkit("import", "leads.csv").code == 0
    assert leadkit("list").out.startswith("3 leads")


def test_a_shown_mapping_is_one_that_can_be_given(leadkit, folder):
    (folder / "guessed.json").write_text(leadkit("import", "leads.csv", "--show-mapping").out, encoding="utf-8")
    assert leadkit("import", "leads.csv", "--mapping", "guessed.json").code == 0


def test_rows_that_fail_land_in_a_file_that_is_mended_and_imported_again(leadkit, folder):
    (folder / "leads.csv").write_text("Email,Company\nann@example.com,Acme\nnobody,Bolt\n", encoding="utf-8")
    done = leadkit("import", "leads.csv")
    assert done.code == 1
    assert done.words.endswith("2 1 0 0 1")
    assert done.err.splitlines() == [
        "  row 2, line 3, Email: expected an e-mail address such as alice@example.com",
        "the rows that failed are in leads.errors.csv: mend them there and import that file",
    ]
    errors = folder / "leads.errors.csv"
    errors.write_text(errors.read_text(encoding="utf-8-sig").replace("nobody", "bo@example.com"), encoding="utf-8")
    assert leadkit("import", "leads.errors.csv").code == 0
    assert leadkit("list").out.startswith("2 leads")


def test_the_error_file_may_have_another_name(leadkit, folder):
    (folder / "leads.csv").write_text("Email\nnobody\n", encoding="utf-8")
    done = leadkit("import", "leads.csv", "--errors", "bad.csv")
    assert "are in bad.csv" in done.err
    with (folder / "bad.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["leadkit_row"] for row in csv.DictReader(file)] == ["1"]


def test_an_error_file_that_cannot_be_written_is_refused_before_a_row_is_read(leadkit, folder):
    for name in ("nowhere/bad.csv", "."):
        done = leadkit("import", "leads.csv", "--errors", name)
        assert done.code == 2
        assert f"rows that fail cannot be written to {name}" in " ".join(done.err.split())
    assert leadkit("list").out.startswith("0 leads")


def test_twenty_errors_are_shown_and_the_other_rows_are_counted(leadkit, folder):
    (folder / "leads.csv").write_text("Email\n" + "nobody\n" * 150, encoding="utf-8")
    done = leadkit("import", "leads.csv")
    lines = done.err.splitlines()
    assert [line.split(",")[0] for line in lines[:20]] == [f"  row {number}" for number in range(1, 21)]
    assert lines[20] == "  … and 130 more rows"
    assert "150" in done.words


def test_columns_that_went_nowhere_are_named(leadkit, folder):
    (folder / "mapping.json").write_text(json.dumps({"columns": {"Email": "email"}}), encoding="utf-8")
    done = leadkit(*IMPORT)
    assert "columns that went nowhere: Id, First Name, Last Name, Company, Source, Team Size, Won" in done.words


def test_leads_enter_the_pipeline_and_the_stage_that_are_named(leadkit):
    assert leadkit(*IMPORT, "--pipeline", "pipeline.json", "--stage", "won").code == 0
    assert {lead["stage"] for lead in leadkit("list", "--json").document} == {"won"}


def test_a_pipeline_that_is_known_can_be_named_by_its_id(filled, folder):
    (folder / "more.csv").write_text("Email\ndi@example.com\n", encoding="utf-8")
    assert filled("import", "more.csv", "--pipeline", "inbound").code == 0
    assert filled("show", "di@example.com", "--json").document["stage"] == "new"


def test_a_stage_that_does_not_exist_is_refused_once(filled):
    done = filled(*IMPORT, "--pipeline", "inbound", "--stage", "wno")
    assert done.code == 1
    assert done.err == "error not-found there is no stage with id 'wno'; did you mean `won`?\n"


def test_a_stage_without_its_pipeline_is_refused(leadkit):
    done = leadkit("import", "leads.csv", "--stage", "won")
    assert done.code == 2
    assert "name that with --pipeline" in done.err


def test_the_pipeline_of_a_stage_may_stand_in_the_rows(filled, folder):
    (folder / "more.csv").write_text("Email,Where\ndi@example.com,inbound\n", encoding="utf-8")
    mapping = {"columns": {"Email": "email", "Where": "pipelineId"}, "constants": {"stage": "won"}}
    (folder / "mapping.json").write_text(json.dumps(mapping), encoding="utf-8")
    assert filled("import", "more.csv", "--mapping", "mapping.json").code == 0
    assert filled("show", "di@example.com", "--json").document["stage"] == "won"


def test_a_pipeline_that_does_not_exist_is_refused_with_those_that_do(filled):
    done = filled(*IMPORT, "--pipeline", "outbound")
    assert done.code == 1
    assert "there is no pipeline with id 'outbound'; did you mean `inbound`?" in done.err


def test_known_leads_are_skipped_updated_or_refused(leadkit, folder):
    leadkit(*IMPORT)
    (folder / "leads.csv").write_text("Email,Company\nann@example.com,New Name\n", encoding="utf-8")
    assert leadkit("import", "leads.csv", "--on-duplicate", "skip").words.endswith("1 0 0 1 0")
    assert leadkit("import", "leads.csv", "--on-duplicate", "update").words.endswith("1 0 1 0 0")
    assert leadkit("show", "ann@example.com", "--json").document["company"] == "New Name"
    assert leadkit("import", "leads.csv", "--on-duplicate", "fail").code == 1


def test_what_does_not_show_itself_can_be_said(leadkit, folder):
    (folder / "leads.csv").write_bytes("Email|Company\nann@example.com|Łódź\n".encode("cp1250"))
    assert leadkit("import", "leads.csv", "--encoding", "cp1250", "--delimiter", "|").code == 0
    assert leadkit("show", "ann@example.com", "--json").document["company"] == "Łódź"


def test_the_report_comes_as_json_where_that_is_asked_for(leadkit):
    report = leadkit(*IMPORT, "--json").document
    assert (report["rows"], report["created"], report["dryRun"]) == (3, 3, False)


@pytest.mark.parametrize(
    ("constants", "message"),
    [
        ({"pipelineId": "inbuond"}, "there is no pipeline with id 'inbuond'; did you mean `inbound`?"),
        ({"pipelineId": "inbound", "stage": "wno"}, "there is no stage with id 'wno'; did you mean `won`?"),
    ],
)
def test_a_place_that_a_mapping_gives_to_every_row_must_exist(filled, folder, constants, message):
    mapping = {"columns": {"Email": "email"}, "constants": constants}
    (folder / "mapping.json").write_text(json.dumps(mapping), encoding="utf-8")
    done = filled(*IMPORT)
    assert (done.code, done.err) == (1, f"error not-found {message}\n")


def test_a_place_that_a_mapping_gives_to_every_row_is_taken(filled, folder):
    (folder / "more.csv").write_text("Email\ndi@example.com\n", encoding="utf-8")
    mapping = {"columns": {"Email": "email"}, "constants": {"pipelineId": "inbound", "stage": "won"}}
    (folder / "mapping.json").write_text(json.dumps(mapping), encoding="utf-8")
    assert filled("import", "more.csv", "--mapping", "mapping.json").code == 0
    assert filled("show", "di@example.com", "--json").document["stage"] == "won"
