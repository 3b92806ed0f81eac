import json


def test_the_demo_runs_the_whole_job_on_the_sample_and_its_leads_can_be_kept(leadkit):
    done = leadkit("demo", "--keep", "kept.db")
    assert done.code == 0
    for step in ("1. import", "2. enrich", "3. score", "4. route", "5. qualify and convert", "6. report"):
        assert step in done.out
    assert "2,996 2,860 0 115 21" in done.words
    assert "3,233 activities entered" in done.words
    assert "2,860 leads scored by version 1 of the rules: 2,860 changed, 0 unchanged, 0 skipped" in done.words
    assert "already assigned 2,860 2,001 755 104 0 0" in done.words
    assert "qualified disqualified converted 376 548 40" in done.words
    assert "area under the ROC curve 0.7115" in done.words
    assert "40 lead.converted, 2,860 lead.created" in " ".join(done.err.split())

    assert done.out.endswith("kept in kept.db; look around: leadkit --store kept.db --org demo list\n")
    assert leadkit("--store", "kept.db", "--org", "demo", "list").out.startswith("2,860 leads")
    again = leadkit("demo", "--keep", "kept.db")
    assert again.code == 2
    assert "kept.db exists already" in again.err


def test_the_files_of_the_sample_work_one_step_at_a_time(leadkit, folder):
    assert leadkit("demo", "--files", "sample").out == "the sample is in sample\n"
    assert {path.suffix for path in (folder / "sample").iterdir()} == {".csv", ".json", ".jsonl"}
    counts = json.loads((folder / "sample" / "sample.json").read_text(encoding="utf-8"))["import"]
    options = ("--mapping", "sample/mapping.json", "--pipeline", "sample/pipeline.json", "--json")
    report = leadkit("import", "sample/leads.csv", *options, "--dry-run").document
    assert {name: report[name] for name in counts} == counts
    first, _, _ = (folder / "sample" / "leads.csv").read_bytes().partition(b"R-100201")
    (folder / "sample" / "leads.csv").write_bytes(first.rpartition(b"\n")[0])
    created = leadkit("import", "sample/leads.csv", *options).document["created"]
    assert created > 150
    assert leadkit("check", "sample/rules.json").code == 0
    assert leadkit("score", "--rules", "sample/rules.json").code == 0
    routed = leadkit("route", "--pipeline", "inbound-saas", "--directory", "sample/directory.json", "--json").document
    assert len(routed["decisions"]) == created
    assert leadkit("report", "--timezone", "Europe/Berlin").code == 0
