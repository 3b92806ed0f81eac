"""The command line: parse, call a service, render. The only part that imports Typer."""

from __future__ import annotations

import importlib
import sys

from leadkit.errors import MissingExtra

__all__ = ["main"]


def main() -> None:
    """Run the command line; whatever goes wrong ends in one message, never in a traceback."""
    try:
        importlib.import_module("rich")
        importlib.import_module("typer")
        from leadkit.cli.app import run  # noqa: PLC0415 - needs the extra
    except ModuleNotFoundError as error:
        if error.name not in {"rich", "typer"}:
            raise
        sys.stderr.write(f"{MissingExtra(extra='cli', feature='the command line')}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        # Somebody changed their mind while Python was still loading; nothing was begun.
        sys.exit(130)
    sys.exit(run())
