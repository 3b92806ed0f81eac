"""`leadkit route`: who gets which lead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from leadkit.cli.console import OUT, bars, plain, put, table, write_json
from leadkit.cli.workspaces import Opening, directory_of, take_pipeline
from leadkit.routing import RoutingOutcome

if TYPE_CHECKING:
    from leadkit.routing import RoutingReport

__all__ = ["register", "show_routing"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("route")(route)


def route(
    context: typer.Context,
    pipeline: str = typer.Option(help="The pipeline: its id, or a JSON file of it."),
    directory: Path = typer.Option(help="A JSON file with the members of each pool."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Tell what would happen, and write nothing."),
    show: int = typer.Option(5, help="How many decisions to show."),
    as_json: bool = typer.Option(False, "--json", help="Print the whole report as JSON."),
) -> None:
    """Assign every open lead of a pipeline that nobody owns. A second run does nothing."""
    opening: Opening = context.obj
    members = directory_of(directory)
    with opening.workspace(directory=members) as ws:
        report = ws.routing.route_unassigned(take_pipeline(ws, pipeline), dry_run=dry_run)
    if as_json:
        write_json(report.model_dump(mode="json"))
    else:
        show_routing(report, show)


def show_routing(report: RoutingReport, most: int) -> None:
    """Print who got how many leads, and some of the decisions."""
    counts = {outcome.words: getattr(report, outcome.name.lower()) for outcome in RoutingOutcome}
    counts = {"leads": len(report.decisions), **counts}
    title = f"routing{' (dry run: nothing was written)' if report.dry_run else ''}"
    made = table(title, *counts, numbers=counts)
    made.add_row(*(f"{count:,}" for count in counts.values()))
    put(made)
    if report.by_assignee:
        OUT.print()
        put(bars("by owner", dict(report.by_assignee)))
    if most > 0 and report.decisions:
        OUT.print()
        for decision in report.decisions[:most]:
            OUT.print(f"  {plain(str(decision))}", soft_wrap=True)
        if len(report.decisions) > most:
            OUT.print(f"  [dim]… and {len(report.decisions) - most:,} more[/]")
