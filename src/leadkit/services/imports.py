"""Imports: leads from files, however those are written, and from lists."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final

import attrs

from leadkit.errors import Fault, InvalidInput, NotFound
from leadkit.importing import (
    ErrorSheet,
    ImportReport,
    Mapping,
    OnDuplicate,
    RowError,
    bind,
    guess_mapping,
    open_table,
    read_mapping,
    read_mapping_json,
    sniff,
)
from leadkit.services.arrivals import CREATED, SKIPPED
from leadkit.services.conversion import from_contact
from leadkit.services.files import ErrorFile, content, opened
from leadkit.services.import_run import KEEP_ERRORS, ImportProgress, ImportRun, Tally, some
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Mapping as AnyMapping

    from leadkit.importing import Limits, Record, Table
    from leadkit.services.files import IncomingFile
    from leadkit.services.session import Session

__all__ = ["AUTO", "ImportService"]

AUTO: Final = "auto"
"""The mapping that is guessed."""

_SAMPLE: Final = 1_000

Source = str | os.PathLike[str] | bytes | BinaryIO
"""A path, the bytes themselves, or a stream of bytes."""


@attrs.frozen
class ImportService:
    """Leads from files and lists."""

    _session: Session

    def guess(self, source: Source, *, encoding: str | None = None, delimiter: str | None = None) -> Mapping:
        """Propose a mapping for a file, to look at, change and keep.

        Args:
            source: The file.
            encoding: Its encoding, where the file does not show it.
            delimiter: What parts its cells, where the file does not show it.

        Raises:
            UnreadableFile: There is no such file, or it is no text.
        """
        with opened(source) as file:
            table = _table(file, encoding, delimiter, None)
            return guess_mapping(table.headers, _cells(_sample(table)))

    def csv(  # noqa: PLR0913 - the switches of one command, named and optional
        self,
        source: Source,
        *,
        mapping: str | os.PathLike[str] | Mapping | AnyMapping[str, Any] = AUTO,
        dry_run: bool = False,
        on_duplicate: OnDuplicate | str = OnDuplicate.SKIP,
        pipeline_id: str | None = None,
        stage: str | None = None,
        error_file: str | os.PathLike[str] | IO[str] | None = None,
        progress: Callable[[ImportProgress], None] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        limits: Limits | None = None,
        batch_size: int = 500,
        keep_errors: int = KEEP_ERRORS,
    ) -> ImportReport:
        """Import a delimited file: CSV, TSV, or with semicolons, in whatever encoding.

        Rows are kept batch by batch, each whole or not at all. They are matched by external id, else by e-mail address,
        so that an import that was interrupted, or a file that comes again, can simply be run again.

        Args:
            source: A path, the bytes themselves, or a stream of bytes.
            mapping: `auto` to guess it, a mapping, or the path of one in JSON.
            dry_run: Whether to tell only what would happen.
            on_duplicate: What to do with rows whose lead is known: `skip`, `update` or `fail`.
            pipeline_id: The pipeline that new leads enter, where the mapping does not say.
            stage: The stage in which they enter it; left out, the first.
            error_file: Where rows that fail are written, to be mended and imported again: a path or a stream of text.
            progress: Called after each batch.
            encoding: The encoding, where the file does not show it.
            delimiter: What parts the cells, where the file does not show it.
            limits: How long a cell and a record may be.
            batch_size: How many rows are kept at a time.
            keep_errors: How many errors the report keeps; the error file has all.

        Returns:
            What became of the rows; they add up.

        Raises:
            UnreadableFile: There is no such file, it is no text, or it has no line of column names.
            InvalidInput: The mapping is wrong or does not fit the file, with every fault.
            StoreUnavailable: The store could not keep a batch. Those before it are kept.
        """
        policy = read(OnDuplicate, on_duplicate, at="$.onDuplicate")
        if batch_size < 1:
            fault = Fault(path="$.batchSize", message="a batch has at least one row", code="too-few")
            raise InvalidInput(faults=(fault,))
        with opened(source) as file:
            table = _table(file, encoding, delimiter, limits)
            sample = _sample(table)
            declared = _mapping(mapping, table, _cells(sample))
            place = {"pipelineId": pipeline_id, "stage": stage}
            defaults = {name: value for name, value in place.items() if value is not None}
            reader = bind(declared, table.headers, defaults=defaults)
            rows = enumerate(chain(sample, table.records), 1)
            results = (reader.read(row, record) for row, record in rows)
            sheet = ErrorSheet(headers=table.headers, delimiter=table.dialect.delimiter)
            with ErrorFile(error_file, sheet) as errors:
                run = ImportRun(
                    session=self._session,
                    reader=reader,
                    on_duplicate=policy,
                    dry_run=dry_run,
                    errors=errors,
                    tally=Tally(keep_errors=keep_errors),
                )
                while batch := some(results, most=batch_size, cells=lambda result: result.record.cells):
                    run.take(batch)
                    if progress is not None:
                        progress(ImportProgress(report=run.report(), read=file.read, size=file.size))
                return run.report()

    def contacts(
        self, contact_ids: Iterable[str], *, pipeline_id: str | None = None, stage: str | None = None
    ) -> ImportReport:
        """Make leads of contacts; a contact that has an open lead in that pipeline is skipped.

        Args:
            contact_ids: The contacts. A row of the report is a place in this list, counted from 1.
            pipeline_id: The pipeline that the leads enter.
            stage: The stage in which they enter it; left out, the first.

        Raises:
            StoreUnavailable: The store could not keep one. Those before it are kept.
        """
        tally = Tally()
        for row, contact_id in enumerate(contact_ids, 1):
            try:
                with self._session.transaction() as work:
                    known = {lead.id for lead in work.leads.from_contact(contact_id)}
                    session = attrs.evolve(self._session, bound=work, key=None)
                    lead = from_contact(session, contact_id, pipeline_id=pipeline_id, stage=stage)
            except (NotFound, InvalidInput) as error:
                tally.fail([RowError(row=row, line=row, value=contact_id, message=str(error), code=error.code)])
            else:
                tally.count(SKIPPED if lead.id in known else CREATED)
        return tally.report()


def _table(file: IncomingFile, encoding: str | None, delimiter: str | None, limits: Limits | None) -> Table:
    dialect = sniff(file.head, encoding=encoding, delimiter=delimiter, goes_on=file.goes_on, name=file.name)
    return open_table(file.chunks(), dialect, limits=limits, name=file.name)


def _sample(table: Table) -> list[Record]:
    return some(table.records, most=_SAMPLE, cells=lambda record: record.cells)


def _cells(sample: Sequence[Record]) -> list[list[str]]:
    return [record.cells for record in sample]


def _mapping(
    given: str | os.PathLike[str] | Mapping | AnyMapping[str, Any], table: Table, sample: Sequence[Sequence[str]]
) -> Mapping:
    if given == AUTO:
        return guess_mapping(table.headers, sample)
    if not isinstance(given, str | os.PathLike):
        return read_mapping(given)
    return read_mapping_json(content(Path(given)))
