"""`leadkit import`: leads from a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from leadkit.cli.console import ERRORS, OUT, plain, progress, put, table, write_json
from leadkit.cli.workspaces import Opening, naming, read_bytes, take_pipeline
from leadkit.errors import NotFound
from leadkit.importing import ImportReport, OnDuplicate, read_mapping_json

if TYPE_CHECKING:
    from leadkit.importing import Mapping
    from leadkit.importing.mapping import Scalar
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
    """Import leads from a CSV file. The same file twice creates nothing.

    Ends with 0 when every row was taken, and with 1 when some were not.
    """
    opening: Opening = context.obj
    error_file = errors or file.parent / f"{file.stem}.errors.csv"
    if error_file.is_dir() or not error_file.parent.is_dir():
        message = f"rows that fail cannot be written to {error_file}: name a file in a folder that exists"
        raise typer.BadParameter(message, param_hint="--errors")
    with opening.workspace() as ws:
        if show_mapping:
            guessed = ws.imports.guess(file, encoding=encoding, delimiter=delimiter)
            write_json(guessed.model_dump(mode="json", exclude_defaults=True))
            return
        read = None if mapping is None else _mapping(mapping)
        pipeline_id = None if pipeline is None else take_pipeline(ws, pipeline)
        fixed = {} if read is None else read.constants
        if stage is not None and pipeline_id is None and read is None:
            message = "a stage belongs to a pipeline; name that with --pipeline"
            raise typer.BadParameter(message, param_hint="--stage")
        _must_exist(ws, pipeline_id or fixed.get("pipelineId"), stage or fixed.get("stage"))
        report = import_with_bar(
            ws,
            file,
            mapping="auto" if read is None else read,
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


def _mapping(path: Path) -> Mapping:
    with naming(path):
        return read_mapping_json(read_bytes(path))


def _must_exist(ws: Workspace, pipeline_id: Scalar | None, stage: Scalar | None) -> None:
    """Refuse a place for every row that is not there, once and not again for each row."""
    if pipeline_id is None:
        return
    known = tuple(each.id for each in ws.pipelines.get(str(pipeline_id)).stages)
    if stage is not None and stage not in known:
        raise NotFound(kind="stage", id=str(stage), known=known)


def import_with_bar(ws: Workspace, file: Path, **options: Any) -> ImportReport:
    """Import a file and show how far it is.

    Args:
        ws: The workspace.
        file: The file.
        **options: Those of `ImportService.csv`.
    """
    with progress() as shown:
        size = file.stat().st_size if file.is_file() else None
        bar = shown.add_task(f"importing {plain(file.name)}", total=size)

        def told(state: ImportProgress) -> None:
            shown.update(bar, completed=state.read)

        return ws.imports.csv(file, progress=told, **options)


def show_report(name: str, report: ImportReport, error_file: os.PathLike[str] | None) -> None:
    """Print what became of a file's rows."""
    made = table(
        f"{plain(name)}{' (dry run: nothing was written)' if report.dry_run else ''}",
        "rows",
        "created",
        "updated",
        "skipped",
        "failed",
        numbers=("rows", "created", "updated", "skipped", "failed"),
    )
    counts = (report.rows, report.created, report.updated, report.skipped, report.failed)
    made.add_row(*(f"{count:,}" for count in counts))
    put(made)
    if report.ignored:
        OUT.print(f"[dim]columns that went nowhere: {plain(', '.join(report.ignored))}[/]")
    for error in report.errors[:_MOST_ERRORS]:
        ERRORS.print(f"  {plain(str(error))}", soft_wrap=True)
    if len(report.errors) > _MOST_ERRORS:
        rest = report.failed - len({error.row for error in report.errors[:_MOST_ERRORS]})
        ERRORS.print(f"  … and {rest:,} more rows" if rest else "  … and more in these rows")
    if error_file is not None:
        where = plain(str(error_file))
        ERRORS.print(f"the rows that failed are in {where}: mend them there and import that file", soft_wrap=True)
