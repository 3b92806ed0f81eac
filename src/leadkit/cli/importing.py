"""`leadkit import`: leads from a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape

from leadkit.cli.console import ERRORS, OUT, progress, table, write_json
from leadkit.cli.workspaces import Opening, take_pipeline
from leadkit.importing import ImportReport, OnDuplicate

if TYPE_CHECKING:
    from leadkit.services.import_run import ImportProgress
    from leadkit.services.workspace import Workspace

__all__ = ["import_with_bar", "register", "show_report"]

_MOST_ERRORS = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_)


def import_(
    context: typer.Context,
    file: Path = typer.Argument(help="A CSV file: any delimiter, any encoding that people really have."),
    mapping: Path | None = typer.Option(None, help="A mapping file; guessed from the column names when left out."),
    pipeline: str | None = typer.Option(None, help="The pipeline that new leads enter: its id, or a JSON file of it."),
    stage: str | None = typer.Option(None, help="The stage in which they enter; the first when left out."),
    on_duplicate: OnDuplicate = typer.Option(OnDuplicate.SKIP, help="What to do with rows whose lead is known."),
    errors: Path | None = typer.Option(
        None, help="Where rows that fail are written, to be mended and imported again; beside the file when left out."
    ),
    encoding: str | None = typer.Option(None, help="The encoding, where the file does not show it."),
    delimiter: str | None = typer.Option(None, help="What parts the cells, where the file does not show it."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Tell what would happen, and write nothing."),
    show_mapping: bool = typer.Option(False, "--show-mapping", help="Print the guessed mapping as JSON, and end."),
    as_json: bool = typer.Option(False, "--json", help="Print the report as JSON."),
) -> None:
    """Import leads from a CSV file. The same file twice creates nothing."""
    opening: Opening = context.obj
    with opening.workspace() as ws:
        if show_mapping:
            write_json(ws.imports.guess(file, encoding=encoding, delimiter=delimiter).model_dump(mode="json"))
            return
        pipeline_id = None if pipeline is None else take_pipeline(ws, pipeline)
        error_file = errors or file.with_name(f"{file.stem}.errors.csv")
        report = import_with_bar(
            ws,
            file,
            mapping="auto" if mapping is None else mapping,
            pipeline_id=pipeline_id,
            stage=stage,
            on_duplicate=on_duplicate,
            error_file=None if dry_run else error_file,
            encoding=encoding,
            delimiter=delimiter,
            dry_run=dry_run,
        )
    if as_json:
        write_json(report.model_dump(mode="json"))
    else:
        show_report(file.name, report, None if dry_run or not report.failed else error_file)
    if report.failed:
        raise typer.Exit(1)


def import_with_bar(ws: Workspace, file: Path, **options: Any) -> ImportReport:
    """Import a file and show how far it is.

    Args:
        ws: The workspace.
        file: The file.
        **options: Those of `ImportService.csv`.
    """
    with progress() as shown:
        size = file.stat().st_size if file.is_file() else None
        bar = shown.add_task(f"importing {escape(file.name)}", total=size)

        def told(state: ImportProgress) -> None:
            shown.update(bar, completed=state.read)

        return ws.imports.csv(file, progress=told, **options)


def show_report(name: str, report: ImportReport, error_file: os.PathLike[str] | None) -> None:
    """Print what became of a file's rows."""
    made = table(
        f"{escape(name)}{' (dry run: nothing was written)' if report.dry_run else ''}",
        "rows",
        "created",
        "updated",
        "skipped",
        "failed",
        numbers=("rows", "created", "updated", "skipped", "failed"),
    )
    counts = (report.rows, report.created, report.updated, report.skipped, report.failed)
    made.add_row(*(f"{count:,}" for count in counts))
    OUT.print(made)
    if report.ignored:
        OUT.print(f"[dim]columns that went nowhere: {escape(', '.join(report.ignored))}[/]")
    for error in report.errors[:_MOST_ERRORS]:
        ERRORS.print(f"  {escape(str(error))}", soft_wrap=True)
    if len(report.errors) > _MOST_ERRORS:
        ERRORS.print(f"  … and {len(report.errors) - _MOST_ERRORS:,} more")
    if error_file is not None:
        ERRORS.print(f"the rows that failed are in {escape(str(error_file))}: mend them there and import that file")
