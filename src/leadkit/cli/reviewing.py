"""`leadkit review`: what there is to know about other rules before they are saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from leadkit.cli.console import OUT, plain, put, table, write_json
from leadkit.cli.rules import show_tests, tests_of
from leadkit.cli.scoring import ruleset_of, show_findings
from leadkit.cli.workspaces import Opening, naming, read_bytes
from leadkit.leads import Priority
from leadkit.scoring import RuleTests, run_rule_tests

if TYPE_CHECKING:
    from leadkit.leads import Lead
    from leadkit.scoring import RulesReview, RuleTestReport, Simulation

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("review")(review)


def review(
    context: typer.Context,
    rules: Path = typer.Argument(help="A ruleset."),
    tests: Path | None = typer.Option(None, help="Its tests; the file beside it that ends in .tests.json, if any."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Say what a ruleset would mean if it were saved: what differs, what is wrong with it, and which leads would move.

    Nothing is written. Ends with 0 when it could be saved and its tests pass, and with 1 when not.
    """
    opening: Opening = context.obj
    ruleset = ruleset_of(rules)
    tried = None
    where = tests_of(rules) if tests is None else tests
    if tests is not None or where.is_file():
        with naming(where):
            tried = run_rule_tests(ruleset, RuleTests.read_json(read_bytes(where)))
    with opening.workspace() as ws:
        found = ws.scoring.review(ruleset)
        movers = {mover.lead_id: ws.leads.get(mover.lead_id) for mover in found.simulation.movers}
    if as_json:
        write_json({**found.as_dict(), "tests": None if tried is None else tried.as_dict()})
    else:
        _show(found, rules, tried, where)
        _show_simulation(found.simulation, movers)
    if not found.ok or (tried is not None and not tried.ok):
        raise typer.Exit(1)


def _show(found: RulesReview, rules: Path, tried: RuleTestReport | None, where: Path) -> None:
    OUT.print(f"[bold]{f'against version {found.version}' if found.version else 'the first rules'}[/]")
    OUT.print(found.difference, soft_wrap=True)
    OUT.print("\n[bold]check[/]")
    show_findings(found.report, found.ruleset, rules)
    if tried is not None:
        OUT.print("\n[bold]tests[/]")
        show_tests(tried, where)


def _show_simulation(found: Simulation, movers: dict[str, Lead]) -> None:
    OUT.print("\n[bold]your leads[/]")
    for line in found.summary:
        OUT.print(line, soft_wrap=True)
    if not found.changed:
        return
    OUT.print()
    spread = table("how they spread", "", "before", "after", numbers=("before", "after"))
    for priority in reversed(Priority):
        before, after = found.priorities_before[priority], found.priorities_after[priority]
        spread.add_row(f"{priority.value} priority", f"{before:,}", f"{after:,}")
    for bucket in found.histogram:
        spread.add_row(f"score {bucket.start:,} to {bucket.end:,}", f"{bucket.before:,}", f"{bucket.after:,}")
    put(spread)
    if found.movers:
        OUT.print()
        most = table("the largest changes", "lead", "before", "after", "", numbers=("before", "after", ""))
        for mover in found.movers:
            lead = movers[mover.lead_id]
            name = plain(lead.external_id or lead.email or lead.id)
            most.add_row(name, f"{mover.before:g}", f"{mover.after:g}", f"{mover.change:+g}")
        put(most)
