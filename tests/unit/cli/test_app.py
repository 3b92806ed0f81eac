import io
import os
import signal
import sys
import threading
from importlib import metadata

import pytest

pytest.importorskip("typer", reason="cli is an extra of leadkit")

import leadkit.cli
from leadkit.cli import app, reporting


def test_help_names_every_command_and_what_the_exit_codes_mean(leadkit):
    done = leadkit("--help")
    assert done.code == 0
    for command in (
        *("demo", "import", "score", "explain", "check", "route", "report", "list", "show"),
        *("qualify", "disqualify", "convert", "fit"),
    ):
        assert f"│ {command} " in done.out
    assert "Ends with 0 when it worked, 1 when something that was given is wrong" in done.words


def test_the_version_is_that_of_the_package(leadkit):
    assert leadkit("--version").out == f"leadkit {metadata.version('leadkit')}\n"


def test_a_command_that_there_is_not_is_refused(leadkit):
    done = leadkit("scroe")
    assert done.code == 2
    assert "No such command 'scroe'" in done.err


def test_an_option_that_there_is_not_is_refused(leadkit):
    done = leadkit("list", "--sotr", "email")
    assert done.code == 2
    assert "No such option: --sotr" in done.err


def test_nothing_typed_is_answered_with_the_help(leadkit):
    done = leadkit()
    assert "Usage: " in done.out + done.err


def test_many_faults_are_cut_short_and_counted(leadkit, folder):
    rules = ", ".join('{"name": 1}' for _ in range(40))
    (folder / "rules.json").write_text(f'{{"rules": [{rules}]}}', encoding="utf-8")
    done = leadkit("check", "rules.json")
    assert done.code == 1
    lines = done.err.splitlines()
    assert lines[0] == "error rule-errors rules.json: 102 faults"
    assert lines[21] == "  … and 82 more"
    assert len(lines) == 22


def failing(monkeypatch, error):
    class Failing:
        def __init__(self, *_, **__):
            raise error

    monkeypatch.setattr("leadkit.cli.workspaces.LeadKit.open", Failing)


def test_what_the_system_cannot_do_is_told_with_the_file(leadkit, monkeypatch):
    failing(monkeypatch, PermissionError(13, "Permission denied", "leads.db"))
    done = leadkit("list")
    assert (done.code, done.err) == (3, "error leads.db: Permission denied\n")
    failing(monkeypatch, OSError(28, "No space left on device"))
    assert leadkit("list").err == "error No space left on device\n"
    failing(monkeypatch, OSError("odd"))
    assert leadkit("list").err == "error odd\n"


def test_a_defect_of_leadkit_is_told_in_words_and_in_full_where_that_is_asked_for(leadkit, monkeypatch, capsys):
    failing(monkeypatch, ZeroDivisionError("by [nothing]"))
    done = leadkit("list")
    assert done.code == 70
    assert done.err.splitlines() == [
        "a defect of leadkit, not of what you sent: ZeroDivisionError: by [nothing]",
        "with LEADKIT_TRACEBACK=1 it says where",
    ]
    monkeypatch.setenv("LEADKIT_TRACEBACK", "1")
    assert app.run(["list"]) == 70
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_an_interruption_is_told_whatever_a_package_makes_of_it(leadkit, monkeypatch):
    def interrupted(*_, **__):
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr("leadkit.cli.workspaces.LeadKit.open", interrupted)
    done = leadkit("list")
    assert done.code == 130
    assert done.err == "interrupted; what was finished is kept, and the command can be run again\n"

    def disguised(*_, **__):
        try:
            interrupted()
        except KeyboardInterrupt as error:
            raise ValueError from error

    monkeypatch.setattr("leadkit.cli.workspaces.LeadKit.open", disguised)
    assert leadkit("list").code == 130


def test_interruptions_are_handled_as_before_once_it_is_over(leadkit):
    before = signal.getsignal(signal.SIGINT)
    leadkit("list")
    assert signal.getsignal(signal.SIGINT) is before


def test_it_can_be_called_from_another_thread(leadkit):
    codes = []
    thread = threading.Thread(target=lambda: codes.append(app.run(["list"])))
    thread.start()
    thread.join()
    assert codes == [0]


def test_a_reader_who_has_seen_enough_is_no_error(leadkit, monkeypatch):
    class Gone(io.StringIO):
        def write(self, _text):
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(sys, "stdout", Gone())
    for command in (["list"], ["list", "--json"]):
        assert app.run(command) == 0


def test_an_interruption_while_a_page_is_written_ends_it(leadkit, monkeypatch):
    def interrupted(_error):
        raise KeyboardInterrupt

    failing(monkeypatch, OSError("odd"))
    monkeypatch.setattr(app, "_tell_system", interrupted)
    with pytest.raises(KeyboardInterrupt):
        app.run(["list"])


@pytest.mark.parametrize("package", ["rich", "typer"])
def test_without_its_extra_the_command_line_names_it(monkeypatch, capsys, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SystemExit) as ended:
        leadkit.cli.main()
    assert ended.value.code == 2
    assert "leadkit[cli]" in capsys.readouterr().err


def test_a_package_that_is_missing_for_another_reason_is_not_taken_for_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "leadkit.cli.app", None)
    with pytest.raises(ModuleNotFoundError):
        leadkit.cli.main()


def test_an_interruption_while_python_is_loading_is_quiet(monkeypatch, capsys):
    def interrupted(_name):
        raise KeyboardInterrupt

    monkeypatch.setattr("leadkit.cli.importlib.import_module", interrupted)
    with pytest.raises(SystemExit) as ended:
        leadkit.cli.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == ""


def test_every_command_has_help_of_its_own(leadkit):
    commands = [command.name for command in app.app.registered_commands]
    assert len(commands) >= 15
    for command in commands:
        done = leadkit(command, "--help")
        assert done.code == 0
        assert f"leadkit {command}" in done.words or f"{command} " in done.words
    assert reporting.report.__doc__.partition(".")[0] in " ".join(leadkit("report", "--help").out.split())
