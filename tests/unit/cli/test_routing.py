import json

ROUTE = ("route", "--pipeline", "inbound", "--directory", "directory.json")


def test_every_lead_is_told_who_got_it_and_why(filled):
    filled("score", "--rules", "rules.json")
    done = filled(*ROUTE)
    assert (done.code, done.err) == (0, "")
    assert "routing leads assigned unmatched nobody eligible skipped already assigned 3 2 1 0 0 0" in done.words
    assert "user-ada 1 50.0 %" in done.words
    assert "user-bo 1 50.0 %" in done.words
    assert "→ user-ada: pipeline `inbound`, rule 1 (round-robin:ae)" in done.words


def test_a_second_run_does_nothing(filled):
    filled("score", "--rules", "rules.json")
    filled(*ROUTE)
    assert "already assigned 1 0 1 0 0 0" in filled(*ROUTE).words


def test_a_dry_run_writes_nothing_and_says_so(filled):
    filled("score", "--rules", "rules.json")
    done = filled(*ROUTE, "--dry-run")
    assert done.words.startswith("routing (dry run: nothing was written) leads assigned")
    assert "already assigned 3 2 1 0 0 0 by owner" in done.words
    assert {lead["assignedTo"] for lead in filled("list", "--json").document} == {None}


def test_no_more_decisions_are_shown_than_were_asked_for(filled):
    filled("score", "--rules", "rules.json")
    done = filled(*ROUTE, "--dry-run", "--show", "1")
    assert done.out.count("→") + done.out.count("unassigned") == 1
    assert done.out.endswith("  … and 2 more\n")
    assert "more" not in filled(*ROUTE, "--dry-run", "--show", "0").out


def test_the_report_comes_as_json_where_that_is_asked_for(filled):
    filled("score", "--rules", "rules.json")
    report = filled(*ROUTE, "--json").document
    assert report["byAssignee"] == {"user-ada": 1, "user-bo": 1}


def test_a_pipeline_that_is_given_as_a_file_becomes_what_the_file_says(filled, folder):
    filled("score", "--rules", "rules.json")
    pipeline = json.loads((folder / "pipeline.json").read_text(encoding="utf-8"))
    pipeline["autoRoute"]["rules"][0]["assignTo"] = "user-zoe"
    pipeline["autoRoute"]["rules"][0].pop("if")
    (folder / "pipeline.json").write_text(json.dumps(pipeline), encoding="utf-8")
    (folder / "directory.json").write_text(json.dumps({"all": [{"id": "user-zoe"}]}), encoding="utf-8")
    done = filled("route", "--pipeline", "pipeline.json", "--directory", "directory.json", "--json")
    assert done.document["byAssignee"] == {"user-zoe": 3}


def test_what_is_wrong_in_a_file_names_the_file(filled, folder):
    (folder / "directory.json").write_text(json.dumps({"ae": [{"id": "a", "wieght": 1}], "be": "ann"}), "utf-8")
    done = filled(*ROUTE)
    assert done.code == 1
    assert done.err.splitlines() == [
        "error invalid-input directory.json: 2 faults",
        "  $.ae[0].wieght  unknown key; did you mean `weight`?",
        "  $.be  a pool is a list of its members",
    ]
    (folder / "pipeline.json").write_text(json.dumps({"id": "inbound", "name": "Inbound", "stages": "new"}), "utf-8")
    done = filled("route", "--pipeline", "pipeline.json", "--directory", "directory.json")
    assert done.code == 1


def test_a_pipeline_with_a_fault_is_told_with_its_file_and_its_place(filled, folder):
    (folder / "pipeline.json").write_text(json.dumps({"id": "inbound", "nmae": "Inbound", "stages": []}), "utf-8")
    done = filled("route", "--pipeline", "pipeline.json", "--directory", "directory.json")
    assert done.code == 1
    assert done.err.startswith("error invalid-input pipeline.json: ")
    assert "$.nmae  unknown key; did you mean `name`?" in done.err


def test_both_files_are_asked_for(filled):
    assert "Missing option '--pipeline'" in filled("route").err
    assert filled("route", "--pipeline", "inbound").code == 2


def test_a_pipeline_that_does_not_exist_is_refused_with_those_that_do(filled):
    done = filled("route", "--pipeline", "inbuond", "--directory", "directory.json")
    assert done.code == 1
    assert "there is no pipeline with id 'inbuond'; did you mean `inbound`?" in done.err
