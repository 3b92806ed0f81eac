"""The command line as a user has it, called without a process of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = "2026-11-24T09:00:00Z"
LEADS = """\
Id,Email,First Name,Last Name,Company,Source,Team Size,Won
L-1,ann@example.com,Ann,Archer,Acme,Webinar,250,yes
L-2,bo@example.com,Bo,Berg,Bolt,Website,12,no
L-3,cy@example.com,Cy,Cole,Core,Website,3,no
"""
MAPPING = {
    "columns": {
        "Id": "externalId",
        "Email": "email",
        "First Name": "firstName",
        "Last Name": "lastName",
        "Company": "company",
        "Source": "source",
        "Team Size": {"to": "properties.team_size", "type": "integer"},
        "Won": {"to": "properties.won", "type": "boolean"},
    }
}
RULES = {
    "rules": [
        {"name": "team", "points": 20, "condition": {"field": "properties.team_size", "op": ">=", "value": 10}},
        {"name": "webinar", "points": 5.5, "condition": {"field": "source", "op": "==", "value": "Webinar"}},
    ]
}
PIPELINE = {
    "id": "inbound",
    "name": "Inbound",
    "stages": [{"id": "new", "name": "New", "order": 0}, {"id": "won", "name": "Won", "order": 1}],
    "autoRoute": {"rules": [{"if": {"field": "score", "op": ">=", "value": 5}, "assignTo": "round-robin:ae"}]},
}
DIRECTORY = {"ae": [{"id": "user-ada", "name": "Ada"}, {"id": "user-bo", "name": "Bo", "capacity": 1}]}


@attrs.frozen(kw_only=True)
class Outcome:
    """How a call went.

    Attributes:
        code: The exit code.
        out: What stood on the output.
        err: What stood on the error stream.
    """

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The output, read as JSON."""
        return json.loads(self.out)

    @property
    def words(self) -> str:
        """The output, each run of white space as one space."""
        return " ".join(self.out.split())


Leadkit = "Callable[..., Outcome]"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with files to work on; the store is made here where no other is named."""
    for name in ("LEADKIT_STORE", "LEADKIT_ORG", "LEADKIT_ACTOR", "LEADKIT_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    documents = {"mapping": MAPPING, "rules": RULES, "pipeline": PIPELINE, "directory": DIRECTORY}
    for name, document in documents.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


@pytest.fixture
def leadkit(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Call the command line with what is typed behind `leadkit`."""
    pytest.importorskip("typer", reason="cli is an extra of leadkit")
    from leadkit.cli.app import run

    def call(*arguments: object) -> Outcome:
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        # For a user there is no such thing, whatever was typed.
        assert "Traceback" not in captured.out + captured.err
        return Outcome(code=code, out=captured.out, err=captured.err)

    return call


@pytest.fixture
def filled(leadkit: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """The command line on a store with three leads, as of a morning in November."""
    arguments = ("import", "leads.csv", "--mapping", "mapping.json", "--pipeline", "pipeline.json")
    assert leadkit("--as-of", NOW, *arguments).code == 0
    return lambda *arguments: leadkit("--as-of", NOW, *arguments)
