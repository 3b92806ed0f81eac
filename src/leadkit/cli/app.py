"""The commands, and how their errors are told."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Final

import typer

from leadkit.cli import (
    database,
    demo,
    fitting,
    importing,
    leads,
    relaying,
    reporting,
    reviewing,
    routing,
    rules,
    scoring,
)
from leadkit.cli.console import ERRORS, plain
from leadkit.cli.workspaces import Opening
from leadkit.errors import InvalidInput, LeadkitError, NotFound, StoreUnavailable
from leadkit.values.times import read_instant

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType

__all__ = ["app", "run"]

_MOST_FAULTS: Final = 20
_INTERRUPTED: Final = 130
_DEFECT: Final = 70

app = typer.Typer(
    name="leadkit",
    help="Capture, score, route, qualify, convert and measure leads.",
    epilog=(
        "Ends with 0 when it worked, 1 when something that was given is wrong, 2 when the call itself is, "
        "3 when a file or the store could not be written, 130 when it was interrupted."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - reading metadata is work, and few ask for it

        typer.echo(f"leadkit {version('leadkit')}")
        raise typer.Exit


def _instant(text: str | None) -> str | None:
    if text is not None:
        try:
            read_instant(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
    return text


@app.callback()
def options(
    context: typer.Context,
    store: str = typer.Option(
        "leads.db",
        envvar="LEADKIT_STORE",
        help="The file that holds everything, made when there is none; or an address, such as postgresql://user@host/name.",
    ),
    org: str = typer.Option("default", envvar="LEADKIT_ORG", help="The organisation."),
    actor: str = typer.Option("command-line", envvar="LEADKIT_ACTOR", help="Who asks; written into events."),
    as_of: str | None = typer.Option(
        None, callback=_instant, help="The instant to work at, such as 2026-11-24T09:00:00Z; now when left out."
    ),
    version: bool = typer.Option(
        False,
        "--version",
        callback=_version,
        is_eager=True,
        help="Show the version and end.",
    ),
) -> None:
    """Capture, score, route, qualify, convert and measure leads."""
    context.obj = Opening(store=store, org=org, actor=actor, as_of=as_of)


for part in (demo, importing, scoring, rules, reviewing, fitting, routing, reporting, leads, relaying, database):
    part.register(app)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: What was typed behind `leadkit`; None for what the process was started with.

    Returns:
        The exit code: 0 when it worked, 1 when something that was given is wrong, 2 when the call itself is, 3 when a
        file, the store or a provider could not, 70 when leadkit itself is at fault, 130 when it was interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows fewer letters than people have shows a `?` for the others.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        with _interruptions() as came:
            code = _run(arguments, came)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has seen enough, which nobody did wrong; Typer makes a SystemExit of it, and of no
        # other thing where it does not stand alone.
        code = 0
        _let_go()
    except OSError as error:
        code = _tell_system(error)
        _let_go()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    return code


@contextlib.contextmanager
def _interruptions() -> Generator[list[int]]:
    """Write down the interruptions that come: where one strikes, another package may make something else of it."""
    came: list[int] = []

    def strike(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        # Python lets no other thread listen.
        yield came
        return
    before = signal.signal(signal.SIGINT, strike)
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, before)


def _run(arguments: list[str] | None, came: list[int]) -> int:
    try:
        answer = app(arguments, prog_name="leadkit", standalone_mode=False)
    except LeadkitError as error:
        _tell(error)
        return 3 if error.retryable or isinstance(error, StoreUnavailable) else 1
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, people are told in words
        show, exit_code = getattr(error, "show", None), getattr(error, "exit_code", None)
        if show is not None and exit_code is not None:
            # What Typer has to say of the call itself: an unknown option, a missing argument.
            show()
            return int(exit_code)
        if not came:
            return _tell_defect(error)
        answer = _INTERRUPTED
    if answer == _INTERRUPTED:
        ERRORS.print("interrupted; what was finished is kept, and the command can be run again")
    return answer if isinstance(answer, int) else 0


def _let_go() -> None:
    """Where output can no longer be written, keep Python from trying once more as it ends."""
    try:
        (sys.__stdout__ or sys.stdout).flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(error: LeadkitError) -> None:
    # Such as the name of the file that the faults are in.
    where = "".join(f"{plain(note)}: " for note in getattr(error, "__notes__", ()))
    if isinstance(error, InvalidInput) and len(error.faults) > 1:
        ERRORS.print(f"[bold red]error[/] [dim]{error.code}[/] {where}{len(error.faults):,} faults", soft_wrap=True)
        for fault in error.faults[:_MOST_FAULTS]:
            ERRORS.print(f"  [cyan]{plain(fault.path)}[/]  {plain(fault.message)}", soft_wrap=True)
        if len(error.faults) > _MOST_FAULTS:
            ERRORS.print(f"  … and {len(error.faults) - _MOST_FAULTS:,} more")
        return
    ERRORS.print(f"[bold red]error[/] [dim]{error.code}[/] {where}{plain(str(error))}", soft_wrap=True)
    if isinstance(error, NotFound) and error.kind == "ruleset":
        ERRORS.print("no rules are saved yet; save some with: leadkit score --rules rules.json", soft_wrap=True)


def _tell_system(error: OSError) -> int:
    """Say what the operating system could not do: write a file, read on, find room."""
    about = "" if error.filename is None else f"{plain(str(error.filename))}: "
    ERRORS.print(f"[bold red]error[/] {about}{plain(error.strerror or str(error))}", soft_wrap=True)
    return 3


def _tell_defect(error: Exception) -> int:
    """Say that leadkit is at fault, in one line, and more where it is asked for."""
    if os.environ.get("LEADKIT_TRACEBACK"):
        traceback.print_exception(error)
    text = plain(f"{type(error).__name__}: {error}")
    ERRORS.print(f"[bold red]a defect of leadkit[/], not of what you sent: {text}", soft_wrap=True)
    ERRORS.print("[dim]with LEADKIT_TRACEBACK=1 it says where[/]")
    return _DEFECT
