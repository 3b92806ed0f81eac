"""`leadkit score`, `leadkit explain` and `leadkit check`: rules, and why a lead scored what it did."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from leadkit.cli.console import ERRORS, OUT, bars, leads_table, plain, put, write_json
from leadkit.cli.workspaces import Opening, find_lead, naming, read_bytes, read_object
from leadkit.conditions.wording import described
from leadkit.errors import RuleErrors
from leadkit.leads.fields import FieldCatalogue
from leadkit.scoring import RuleReport, Ruleset, check

if TYPE_CHECKING:
    from leadkit.services.workspace import Workspace

__all__ = ["histogram", "register", "ruleset_of", "show_findings", "show_scores"]

_BINS = 10


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("score")(score)
    app.command("explain")(explain)
    app.command("check")(check_)


def score(
    context: typer.Context,
    rules: Path | None = typer.Option(None, help="A ruleset to save and to score by; the saved one when left out."),
    only: list[str] = typer.Option([], "--rule", help="Score by this rule alone; may be given several times."),
    top: int = typer.Option(10, help="How many of the best leads to show."),
    as_json: bool = typer.Option(False, "--json", help="Print the counts as JSON."),
) -> None:
    """Score every lead that is not converted."""
    opening: Opening = context.obj
    with opening.workspace() as ws:
        if rules is not None:
            ws.scoring.save_rules(ruleset_of(rules))
        report = ws.scoring.score_batch(filter={}, rules=only or None)
        if as_json:
            write_json(report.model_dump(mode="json"))
            return
        OUT.print(str(report))
        show_scores(ws, top)


def ruleset_of(path: Path) -> Ruleset:
    """Read a ruleset file; its faults name it."""
    with naming(path):
        return Ruleset.model_validate_json(read_bytes(path))


def histogram(ws: Workspace) -> dict[str, int]:
    """Count leads by score: each score by itself where there are few, and else in tenths of the range."""
    scores = sorted(lead.score for lead in ws.leads.each() if lead.score is not None)
    if not scores:
        return {}
    low, high = scores[0], scores[-1]
    if len(set(scores)) <= _BINS:
        return {f"{score:g}": count for score, count in Counter(scores).items()}
    width = (high - low) / _BINS
    counts = [0] * _BINS
    for each in scores:
        counts[min(int((each - low) / width), _BINS - 1)] += 1
    digits = 0 if width >= _BINS / 2 else 1
    edges = [f"{low + width * edge:.{digits}f}" for edge in range(_BINS + 1)]
    return {f"{start} to {end}": count for start, end, count in zip(edges, edges[1:], counts, strict=False)}


def show_scores(ws: Workspace, top: int) -> None:
    """Print how the scores spread, and the best leads."""
    counts = histogram(ws)
    if not counts:
        OUT.print("there are no leads yet; bring some with: leadkit import leads.csv")
        return
    OUT.print()
    put(bars("scores", counts))
    if top > 0:
        best = ws.leads.list(sort_field="score", sort_direction="desc", page_size=min(top, 200))
        OUT.print()
        put(leads_table("the best", best.items))


def explain(
    context: typer.Context,
    lead: str = typer.Argument(help="Its id, its external id or its e-mail address."),
    routing: bool = typer.Option(False, "--routing", help="Explain the route that it takes, too."),
) -> None:
    """Say why a lead scores what it does: every rule, what it saw, whether it held."""
    opening: Opening = context.obj
    with opening.workspace() as ws:
        found = find_lead(ws, lead)
        OUT.print(ws.scoring.explain(found.id))
        if routing:
            OUT.print()
            OUT.print(ws.routing.explain(found.id))


def _properties(path: Path | None, ws: Workspace) -> dict[str, str]:
    """Answer the custom properties and their types: those of a file, or those that the organisation declared."""
    if path is None:
        return {name: kind.value for name, kind in ws.settings.get().properties.items()}
    return {
        name: kind if isinstance(kind, str) else described(kind)
        for name, kind in read_object(path, holding="a type for each property").items()
    }


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def check_(
    context: typer.Context,
    rules: Path = typer.Argument(help="A ruleset."),
    properties: Path | None = typer.Option(
        None, help='The custom properties and their types, such as {"team_size": "number"}; turns on their check.'
    ),
    strict: bool = typer.Option(False, "--strict", help="Take warnings for faults as well."),
    as_json: bool = typer.Option(False, "--json", help="Print the findings as JSON."),
) -> None:
    """Check a ruleset: faults with their place, rules that can never match, caps that can never bite.

    Ends with 0 when there is no fault (warnings are none, unless --strict says so), and with 1 when there is.
    """
    opening: Opening = context.obj
    try:
        ruleset = ruleset_of(rules)
    except RuleErrors as error:
        if not as_json:
            raise
        write_json(RuleReport(errors=error.faults).as_dict())
        raise typer.Exit(1) from None
    with opening.workspace() as ws:
        declared = _properties(properties, ws)
    with naming(properties or "the declared properties"):
        catalogue = FieldCatalogue.for_leads(properties=declared) if declared else None
    report = check(ruleset, catalogue)
    if as_json:
        write_json(report.as_dict())
    else:
        show_findings(report, ruleset, rules)
    if not report.ok or (strict and report.warnings):
        raise typer.Exit(1)


def show_findings(report: RuleReport, ruleset: Ruleset, path: Path) -> None:
    """Print what a check of a ruleset found: errors on the error stream, warnings, and the verdict.

    Args:
        report: What was found.
        ruleset: The rules.
        path: Their file.
    """
    for fault in report.errors:
        ERRORS.print(f"[bold red]error[/]   [cyan]{plain(fault.path)}[/]  {plain(fault.message)}", soft_wrap=True)
    for fault in report.warnings:
        OUT.print(f"[yellow]warning[/] [cyan]{plain(fault.path)}[/]  {plain(fault.message)}", soft_wrap=True)
    verdict = "not acceptable" if report.errors else "acceptable"
    count, warnings = _counted(len(ruleset.rules), "rule"), _counted(len(report.warnings), "warning")
    OUT.print(f"{plain(path.name)}: {count}, {verdict}, {warnings}", soft_wrap=True)
