"""The command line: parse, call a service, render. The only part that imports Typer."""

from __future__ import annotations

import importlib
import sys

from leadkit.errors import MissingExtra

__all__ = ["main"]


def main() -> None:
    """Run the command line; every error that is the user's to mend ends in one message, never in a traceback."""
    try:
        importlib.import_module("rich")
        importlib.import_module("typer")
    except ModuleNotFoundError:
        sys.stderr.write(f"{MissingExtra(extra='cli', feature='the command line')}\n")
        sys.exit(2)
    from leadkit.cli.app import run  # noqa: PLC0415 - needs the extra

    sys.exit(run())
