"""`leadkit fit`: points learned from what became of leads."""

from __future__ import annotations

from pathlib import Path

import typer

from leadkit.cli.console import OUT, plain, write_json
from leadkit.cli.scoring import ruleset_of
from leadkit.cli.workspaces import Opening

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("fit")(fit)


def fit(
    context: typer.Context,
    rules: Path | None = typer.Option(None, help="A ruleset whose points are to be fitted; the saved one if left out."),
    outcome: str | None = typer.Option(
        None, help="A boolean field that says which leads came to something, such as properties.won; or the conversion."
    ),
    out: Path | None = typer.Option(None, help="Write the fitted ruleset into this file."),
    held_out: float = typer.Option(0.25, help="The share of the leads that is not learned from, but judged by."),
    seed: int = typer.Option(0, help="Chooses which."),
    points_to_double: int = typer.Option(20, help="How many points are to double the odds."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Fit the points of a ruleset to what became of the leads, and judge both on leads that were held out."""
    opening: Opening = context.obj
    given = None if rules is None else ruleset_of(rules)
    with opening.workspace() as ws:
        fitted = ws.scoring.fit(given, outcome=outcome, held_out=held_out, seed=seed, points_to_double=points_to_double)
    if out is not None:
        out.write_text(fitted.ruleset.model_dump_json(indent=2, exclude_defaults=True) + "\n", encoding="utf-8")
    if as_json:
        write_json(fitted.model_dump(mode="json"))
        return
    for line in str(fitted).splitlines():
        OUT.print(plain(line), soft_wrap=True)
    if out is not None:
        where = plain(str(out))
        OUT.print(f"\nwritten to {where}; try it with: leadkit check {where}", soft_wrap=True)
