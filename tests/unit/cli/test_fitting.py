from __future__ import annotations

import json

import pytest

pytest.importorskip("typer", reason="the command line is an extra of leadkit")
pytest.importorskip("sklearn", reason="scikit-learn is an extra of leadkit")

from leadkit.cli.app import run

ROWS = "".join(
    f"lead{number}@example.com,{20 if number % 2 else 2},{'yes' if number % 10 in (1, 3, 5, 7, 8) else 'no'}\n"
    for number in range(200)
)
RULES = {"rules": [{"name": "large", "points": 5, "condition": {"field": "properties.team", "op": ">=", "value": 10}}]}
MAPPING = {
    "columns": {
        "email": "email",
        "team": {"to": "properties.team", "type": "integer"},
        "won": {"to": "properties.won", "type": "boolean"},
    }
}


@pytest.fixture
def called(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leads.csv").write_text(f"email,team,won\n{ROWS}", encoding="utf-8")
    (tmp_path / "rules.json").write_text(json.dumps(RULES), encoding="utf-8")
    (tmp_path / "mapping.json").write_text(json.dumps(MAPPING), encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["--store", str(tmp_path / "store"), *arguments])
        written = capsys.readouterr()
        return code, written.out, written.err

    assert call("import", "leads.csv", "--mapping", "mapping.json")[0] == 0
    return call


def test_points_are_fitted_and_written_into_a_file_that_can_be_scored_by(called, tmp_path):
    code, out, _ = called("fit", "--rules", "rules.json", "--outcome", "properties.won", "--out", "fitted.json")
    assert code == 0
    assert "fitted on 150 leads, judged on 50 that were held out" in out
    assert "written to fitted.json" in out
    (rule,) = json.loads((tmp_path / "fitted.json").read_text(encoding="utf-8"))["rules"]
    assert rule["points"] > 20
    assert called("check", "fitted.json")[0] == 0
    assert called("score", "--rules", "fitted.json")[0] == 0
    # Scored by them, the saved rules are fitted when no others are named.
    assert called("fit", "--outcome", "properties.won")[0] == 0


def test_everything_can_be_had_as_json(called):
    code, out, _ = called("fit", "--rules", "rules.json", "--outcome", "properties.won", "--json", "--seed", "3")
    answer = json.loads(out)
    assert (code, answer["seed"], answer["heldOut"]["leads"]) == (0, 3, 50)


def test_too_few_outcomes_end_in_a_message(called):
    code, out, err = called("fit", "--rules", "rules.json")
    assert (code, out) == (1, "")
    assert "0 of the leads came to something" in err
    assert "Traceback" not in err
