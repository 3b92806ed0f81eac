"""Bad input on the command line: a clear error or a reported row, nothing lost, and never a traceback.

The same input is given to the library in `tests/edges/test_hostile_csv.py` and `tests/gates/test_s8_rule_bombs.py`.
What has to do with a process, such as a reader who goes away, is tried with one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

pytest.importorskip("typer", reason="cli is an extra of leadkit")

from leadkit.cli.app import run

COMMAND = [sys.executable, "-m", "leadkit.cli"]
SOURCE = Path(__file__).resolve().parents[2] / "src"
Call = Callable[..., "Outcome"]
HEADER = "Email,Company,Size\n"
GOOD = "a@example.com,Acme,1\n"
MAPPING = {
    "columns": {"Email": "email", "Company": "company", "Size": {"to": "properties.size", "type": "integer"}},
}


def environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEADKIT_")}
    return {**kept, "PYTHONPATH": str(SOURCE), "COLUMNS": "200", **variables}


def process(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


@attrs.frozen(kw_only=True)
class Outcome:
    """How a call in this process went, under the names that `subprocess` has for it."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def leadkit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Call the command line in a folder of its own, without a process, which would take half a second each."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("LEADKIT_STORE", "LEADKIT_ORG", "LEADKIT_ACTOR", "LEADKIT_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Outcome:
        code = run(list(arguments))
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Outcome(returncode=code, stdout=captured.out, stderr=captured.err)

    return call


@attrs.frozen(kw_only=True)
class File:
    """A hostile file of leads, and what a user is told.

    Attributes:
        data: What stands in it.
        taken: How many rows become leads.
        told: What is said of each row that does not.
    """

    data: bytes
    taken: int
    told: tuple[str, ...] = ()


def text(body: str) -> bytes:
    return (HEADER + body).encode()


FILES = {
    "an unterminated quote": File(
        data=text(GOOD + 'x@example.com,"Crash,3\nb@example.com,Bolt,2\n'),
        taken=2,
        told=("row 2, line 3, Company: the quote that is opened on line 3 is not closed",),
    ),
    "a byte order mark": File(data=b"\xef\xbb\xbf" + text(GOOD), taken=1),
    "Latin-1 text": File(data=(HEADER + "a@example.com,Müller & Söhne,1\n").encode("latin-1"), taken=1),
    "ragged rows": File(
        data=text("a@example.com\nx@example.com,Crash, Boom & Co,3\nb@example.com,Bolt,2\n"),
        taken=2,
        told=("row 2, line 3: the row has 4 cells where the header has 3",),
    ),
    "NUL bytes": File(
        data=text("x@example.com,Cr\x00ash,3\n" + GOOD),
        taken=1,
        told=("row 1, line 2, Company: the cell holds a NUL character",),
    ),
    "a cell of a megabyte": File(
        data=text(f"x@example.com,{'C' * 1_000_000},3\n" + GOOD),
        taken=1,
        told=("row 1, line 2, Company: the cell has 1,000,000 characters",),
    ),
    "NaN for a number": File(
        data=text("x@example.com,Crash,NaN\n" + GOOD),
        taken=1,
        told=("row 1, line 2, Size: expected a whole number",),
    ),
    "everything at once": File(
        data=b"\xef\xbb\xbf"
        + text('a@example.com\nx@example.com,"Crash,3\ny@example.com,\x00,3\nz,Crash,NaN,4,5\nb@example.com,Bolt,2\n'),
        taken=2,
        told=("row 2, line 3, Company", "row 3, line 4, Company", "row 4, line 5"),
    ),
}


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_a_hostile_file_is_read_to_its_end_and_every_row_is_accounted_for(
    tmp_path: Path, leadkit: Call, file: File
) -> None:
    (tmp_path / "leads.csv").write_bytes(file.data)
    (tmp_path / "mapping.json").write_text(json.dumps(MAPPING), encoding="utf-8")
    done = leadkit("import", "leads.csv", "--mapping", "mapping.json", "--json")
    report = json.loads(done.stdout)
    assert (report["created"], report["failed"]) == (file.taken, len(file.told))
    assert report["rows"] == report["created"] + report["failed"]
    assert done.returncode == (1 if file.told else 0)
    # And told in words where nobody asks for JSON; the rows that were taken are skipped now.
    again = leadkit("import", "leads.csv", "--mapping", "mapping.json")
    assert again.returncode == done.returncode
    for told in file.told:
        assert told in again.stderr
    assert (tmp_path / "leads.errors.csv").exists() == bool(file.told)


DEEP = '{"not": ' * 10_000 + '{"field": "score", "op": "exists"}' + "}" * 10_000


def rules(condition: str, points: str = "1") -> bytes:
    return f'{{"rules": [{{"name": "a", "points": {points}, "condition": {condition}}}]}}'.encode()


RULES = {
    "a typo in the file": (b'{"rules": [{"name": "a" "points": 1}]}', "not JSON: Expecting ',' delimiter at line 1"),
    "a typo in a key": (
        b'{"rules": [{"name": "a", "ponits": 1, "condition": {"and": []}}]}',
        "$.rules[0].ponits  unknown key; did you mean `points`?",
    ),
    "an unknown operator": (
        rules('{"field": "score", "op": "=>", "value": 3}'),
        "$.rules[0].condition.op: unknown operator `=>`; did you mean `>=`?",
    ),
    "a rule 10,000 levels deep": (rules(DEEP), "conditions may stand 32 deep inside each other"),
    "lists 100,000 levels deep": (b"[" * 100_000 + b"]" * 100_000, "conditions may stand 32 deep inside each other"),
    "NaN for a value": (rules('{"field": "score", "op": "==", "value": NaN}'), "JSON has no NaN and no infinity"),
    "NaN for points": (rules('{"and": []}', "NaN"), "$.rules[0].points: a number is finite"),
    "an infinite number": (rules('{"and": []}', "1e999"), "$.rules[0].points: a number is finite"),
    "a naive date-time": (
        rules('{"field": "createdAt", "op": "before", "value": "2026-11-24T09:00:00"}'),
        "$.rules[0].condition.value",
    ),
    "a NUL in a text": (rules('{"field": "company", "op": "==", "value": "a\\u0000"}'), "$.rules[0].condition.value"),
    "nothing at all": (b"", "not JSON"),
    "no rules but a list": (b"[]", "a ruleset is an object with a list of `rules`, not a list"),
    "another encoding": ('{"rules": "ü"}'.encode("latin-1"), "not UTF-8: byte 12 is wrong"),
    "a megabyte": (b'{"rules": "' + b"a" * 1_000_000 + b'"}', "larger than 262,144 bytes"),
}


@pytest.mark.parametrize(("data", "told"), RULES.values(), ids=RULES)
def test_a_hostile_ruleset_is_refused_with_its_file_and_the_place(
    tmp_path: Path, leadkit: Call, data: bytes, told: str
) -> None:
    (tmp_path / "rules.json").write_bytes(data)
    for command in (("check", "rules.json"), ("score", "--rules", "rules.json")):
        done = leadkit(*command)
        assert done.returncode == 1
        assert done.stderr.startswith("error rule-errors rules.json: ")
        assert told in done.stderr
        assert done.stdout == ""


def test_a_stage_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path, leadkit: Call) -> None:
    (tmp_path / "leads.csv").write_bytes(text(GOOD))
    stages = [{"id": "new", "name": "New", "order": 0}]
    pipeline = {"id": "inbound", "name": "Inbound", "stages": stages}
    (tmp_path / "pipeline.json").write_text(json.dumps(pipeline), encoding="utf-8")
    done = leadkit("import", "leads.csv", "--pipeline", "pipeline.json", "--stage", "nwe")
    assert done.returncode == 1
    assert done.stderr == "error not-found there is no stage with id 'nwe'; did you mean `new`?\n"


def test_a_stage_in_a_row_that_does_not_exist_fails_that_row(tmp_path: Path, leadkit: Call) -> None:
    (tmp_path / "leads.csv").write_text("Email,Stage\na@example.com,new\nb@example.com,nwe\n", encoding="utf-8")
    stages = [{"id": "new", "name": "New", "order": 0}]
    pipeline = {"id": "inbound", "name": "Inbound", "stages": stages}
    (tmp_path / "pipeline.json").write_text(json.dumps(pipeline), encoding="utf-8")
    (tmp_path / "mapping.json").write_text('{"columns": {"Email": "email", "Stage": "stage"}}', encoding="utf-8")
    options = ("--mapping", "mapping.json", "--pipeline", "pipeline.json")
    done = leadkit("import", "leads.csv", *options)
    assert done.returncode == 1
    assert "row 2, line 3" in done.stderr
    assert "there is no stage with id 'nwe'" in done.stderr
    assert done.stdout.split()[-5:] == ["2", "1", "0", "0", "1"]


def test_a_naive_instant_is_refused(leadkit: Call) -> None:
    done = leadkit("--as-of", "2026-11-24T09:00:00", "list")
    assert done.returncode == 2
    assert "expected a date-time with a time zone" in done.stderr


def test_a_file_that_is_not_there_is_named(leadkit: Call) -> None:
    done = leadkit("import", "nowhere.csv")
    assert (done.returncode, done.stderr) == (
        1,
        "error unreadable-file cannot read nowhere.csv: No such file or directory\n",
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    rows = "".join(f"lead-{number}@example.com,Company {number},{number}\n" for number in range(300))
    (folder / "leads.csv").write_bytes(text(rows))
    assert process(folder, "import", "leads.csv").returncode == 0
    return folder


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["a table", "JSON"])
def test_a_reader_who_has_seen_enough_is_no_error(filled: Path, options: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [*COMMAND, "list", "--size", "200", *options],
        cwd=filled,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        running.stdout.close()
        told = running.stderr.read()
    assert (running.returncode, told) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full, a disk that is always full, is Linux's")
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["a table", "JSON"])
def test_a_full_disk_is_told_in_one_line(filled: Path, options: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "list", *options],
            cwd=filled,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (3, "error No space left on device\n")


def test_a_terminal_with_few_letters_shows_what_it_can(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("Email,Company\na@example.com,Łódź 東京\n", encoding="utf-8")
    (tmp_path / "rules.json").write_bytes(rules('{"and": []}'))
    variables = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert process(tmp_path, "import", "leads.csv", **variables).returncode == 0
    listed = process(tmp_path, "list", **variables)
    assert listed.returncode == 0
    assert "??d? ??" in listed.stdout
    scored = process(tmp_path, "score", "--rules", "rules.json", **variables)
    assert scored.returncode == 0
    assert "#" * 30 in scored.stdout


def test_an_interrupted_import_is_told_and_loses_nothing_when_it_is_run_again(tmp_path: Path) -> None:
    pipe = tmp_path / "leads.csv"
    os.mkfifo(pipe)
    errors = tmp_path / "told.txt"
    with errors.open("w", encoding="utf-8") as told:
        running = subprocess.Popen([*COMMAND, "import", "leads.csv"], cwd=tmp_path, env=environment(), stderr=told)
        # It opens the file, reads what is there and waits for more: that is the moment.
        with pipe.open("wb") as writer:
            writer.write(text(GOOD))
            writer.flush()
            time.sleep(0.3)
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=30) == 130
    assert errors.read_text(encoding="utf-8") == (
        "interrupted; what was finished is kept, and the command can be run again\n"
    )
    pipe.unlink()
    pipe.write_bytes(text(GOOD + "b@example.com,Bolt,2\n"))
    assert process(tmp_path, "import", "leads.csv").returncode == 0
    assert process(tmp_path, "list").stdout.startswith("2 leads")
