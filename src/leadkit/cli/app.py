"""The commands, and how their errors are told."""

from __future__ import annotations

import os
import sys

import typer
from rich.markup import escape

from leadkit.cli import demo, fitting, importing, leads, reporting, routing, scoring
from leadkit.cli.console import ERRORS
from leadkit.cli.workspaces import Opening
from leadkit.errors import InvalidInput, LeadkitError
from leadkit.values.times import read_instant

__all__ = ["app", "run"]

app = typer.Typer(
    name="leadkit",
    help="Capture, score, route, qualify, convert and measure leads.",
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
        "leads.jsonl", envvar="LEADKIT_STORE", help="The file that holds everything; made when there is none."
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


for part in (demo, importing, scoring, fitting, routing, reporting, leads):
    part.register(app)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: What was typed behind `leadkit`; None for what the process was started with.

    Returns:
        The exit code: 0 when it worked, 1 when something that was sent is wrong, 2 when the call itself is, 3 when the
        store or a provider could not, 130 when it was interrupted.
    """
    try:
        answer = app(arguments, standalone_mode=False)
    except InvalidInput as error:
        _tell(error)
        return 1
    except LeadkitError as error:
        _tell(error)
        return 3 if error.retryable else 1
    except typer.Abort:
        ERRORS.print("interrupted; what was finished is kept, and the command can be run again")
        return 130
    except KeyboardInterrupt:
        ERRORS.print("interrupted; what was finished is kept, and the command can be run again")
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        show, exit_code = getattr(error, "show", None), getattr(error, "exit_code", None)
        if show is None or exit_code is None:
            raise
        # What Typer has to say of the call itself: an unknown option, a missing argument.
        show()
        return int(exit_code)
    return answer if isinstance(answer, int) else 0


def _tell(error: LeadkitError) -> None:
    if isinstance(error, InvalidInput) and len(error.faults) > 1:
        ERRORS.print(f"[bold red]error[/] [dim]{error.code}[/] {len(error.faults)} faults")
        for fault in error.faults:
            ERRORS.print(f"  [cyan]{escape(fault.path)}[/]  {escape(fault.message)}", soft_wrap=True)
        return
    ERRORS.print(f"[bold red]error[/] [dim]{error.code}[/] {escape(str(error))}", soft_wrap=True)
