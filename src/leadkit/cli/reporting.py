"""`leadkit report`: the figures."""

from __future__ import annotations

from datetime import date

import typer

from leadkit.analytics import Basis
from leadkit.cli.console import OUT, write_json
from leadkit.cli.workspaces import Opening

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    context: typer.Context,
    start: str = typer.Option(date.min.replace(year=2000).isoformat(), "--from", help="The first day, or an instant."),
    end: str = typer.Option("2100-01-01", "--to", help="The first day, or instant, that is no longer in it."),
    timezone: str | None = typer.Option(None, help="The zone in which days begin, such as Europe/Berlin."),
    basis: Basis = typer.Option(Basis.COHORT, help="The leads created in the range, or what happened in it."),
    outcome: str | None = typer.Option(
        None, help="A boolean field that scores are judged by, such as properties.won; the conversion when left out."
    ),
    value_field: str | None = typer.Option(None, help="A field with what an open lead may be worth."),
    currency: str | None = typer.Option(None, help="The currency of that field."),
    as_json: bool = typer.Option(False, "--json", help="Print the report as JSON."),
) -> None:
    """Report on the leads: funnel, conversion, velocity, sources, owners, how well the score tells winners."""
    opening: Opening = context.obj
    with opening.workspace() as ws:
        answer = ws.analytics.report(
            start,
            end,
            timezone=timezone,
            basis=basis,
            outcome=outcome,
            value_field=value_field,
            currency=currency,
        )
    if as_json:
        write_json(answer.model_dump(mode="json"))
    else:
        OUT.print(answer)
