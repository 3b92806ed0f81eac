"""`leadkit db`: the tables of the store."""

from __future__ import annotations

import typer

from leadkit.cli.console import OUT, plain
from leadkit.cli.workspaces import Opening
from leadkit.errors import Fault, InvalidInput

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="The tables of the store.", no_args_is_help=True)
    group.command("status")(status)
    group.command("upgrade")(upgrade)
    app.add_typer(group, name="db")


def status(context: typer.Context) -> None:
    """Say which version the store's tables are of; ends with 1 when there is something to upgrade."""
    from leadkit import sql  # noqa: PLC0415 - loaded when a database is asked for

    opening: Opening = context.obj
    found = sql.status(_database(opening))
    if found.is_current:
        OUT.print(f"{plain(opening.store)}: version {found.found}, the present one")
        return
    there = "no tables" if found.found is None else f"version {found.found}"
    OUT.print(f"{plain(opening.store)}: {there}; the present version is {found.wanted}: leadkit db upgrade")
    raise typer.Exit(1)


def upgrade(context: typer.Context) -> None:
    """Bring the store's tables to the present version, making them where there are none; whole, or not at all."""
    from leadkit import sql  # noqa: PLC0415 - loaded when a database is asked for

    opening: Opening = context.obj
    before = sql.upgrade(_database(opening))
    done = "nothing to do at" if before.is_current else "made" if before.found is None else f"{before.found} to"
    OUT.print(f"{plain(opening.store)}: {done} version {before.wanted}")


def _database(opening: Opening) -> str:
    if opening.address.startswith("memory:"):
        message = "a store in memory has no tables; name a file or an address with --store"
        raise InvalidInput(faults=(Fault(path="$.store", message=message, code="no-tables"),))
    return opening.address
