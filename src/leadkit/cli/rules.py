"""`leadkit test`, `leadkit diff` and `leadkit schema`: rules as documents, on files, without a store."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.markup import escape

from leadkit.cli.console import OUT, write_json
from leadkit.cli.scoring import ruleset_of
from leadkit.cli.workspaces import naming, read_bytes
from leadkit.conditions import condition_schema
from leadkit.scoring import (
    RuleTests,
    diff,
    rule_tests_schema,
    ruleset_schema,
    run_rule_tests,
)

if TYPE_CHECKING:
    from leadkit.scoring import RuleTestReport

__all__ = ["register", "show_tests", "tests_of"]

_TESTS = ".tests.json"


class Part(StrEnum):
    """What a schema is printed of."""

    RULES = "rules"
    TESTS = "tests"
    CONDITION = "condition"


_SCHEMAS = {Part.RULES: ruleset_schema, Part.TESTS: rule_tests_schema, Part.CONDITION: condition_schema}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("test")(run_tests)
    app.command("diff")(diff_)
    app.command("schema")(schema)


def tests_of(rules: Path) -> Path:
    """Answer where the tests of a ruleset stand when nothing else is said: `rules.json` has `rules.tests.json`.

    Args:
        rules: The file of the ruleset.
    """
    return rules.with_name(rules.name.removesuffix(".json") + _TESTS)


def run_tests(
    rules: Path = typer.Argument(help="A ruleset."),
    tests: Path | None = typer.Argument(None, help="Its tests; the file of the same name that ends in .tests.json."),
    as_json: bool = typer.Option(False, "--json", help="Print the results as JSON."),
) -> None:
    """Run the tests of a ruleset: leads, and what they are expected to score.

    Ends with 0 when every test passes, and with 1 when one fails or a file cannot be read.
    """
    where = tests_of(rules) if tests is None else tests
    ruleset = ruleset_of(rules)
    with naming(where):
        cases = RuleTests.read_json(read_bytes(where))
    report = run_rule_tests(ruleset, cases)
    if as_json:
        write_json(report.as_dict())
    else:
        show_tests(report, where)
    if not report.ok:
        raise typer.Exit(1)


def show_tests(report: RuleTestReport, where: Path) -> None:
    """Print what the tests of a ruleset came to.

    Args:
        report: The results.
        where: The file of the tests.
    """
    for result in report.results:
        mark, *reasons = str(result).splitlines()
        OUT.print(f"[{'green' if result.passed else 'red'}]{escape(mark)}[/]", soft_wrap=True)
        for reason in reasons:
            OUT.print(escape(reason), soft_wrap=True)
    OUT.print(f"{escape(where.name)}: {report.summary}", soft_wrap=True)


def diff_(
    old: Path = typer.Argument(help="A ruleset."),
    new: Path = typer.Argument(help="Another."),
    as_json: bool = typer.Option(False, "--json", help="Print the difference as JSON."),
    exit_code: bool = typer.Option(False, "--exit-code", help="End with 1 when there is a difference."),
) -> None:
    """Say what differs between two rulesets, in words; what is only spelled another way is no difference."""
    found = diff(ruleset_of(old), ruleset_of(new))
    if as_json:
        write_json(found.as_dict())
    else:
        OUT.print(found, soft_wrap=True)
    if exit_code and found:
        raise typer.Exit(1)


def schema(
    part: Part = typer.Argument(Part.RULES, help="Of what: rules, their tests, or a condition."),
) -> None:
    """Print a JSON Schema, for editors that complete and mark what is written by it."""
    write_json(_SCHEMAS[part]())
