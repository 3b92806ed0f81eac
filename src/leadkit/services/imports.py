"""Imports: leads from files, however those are written, and from lists."""

from __future__ import annotations

import os
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final

import attrs

from leadkit.errors import ConcurrencyConflict
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
from leadkit.services.arrivals import CREATED, SKIPPED, UPDATED, Rehearsal, land
from leadkit.services.files import ErrorFile, content, opened
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Mapping as AnyMapping

    from leadkit.importing import Limits, RowReader, RowResult, Table
    from leadkit.leads import NewLead
    from leadkit.services.arrivals import Outcome
    from leadkit.services.files import IncomingFile
    from leadkit.services.session import Session

__all__ = ["ImportProgress", "ImportService"]

AUTO: Final = "auto"
"""The mapping that is guessed."""

_SAMPLE: Final = 1_000
_TRIES: Final = 5

Source = str | os.PathLike[str] | bytes | BinaryIO
"""A path, the bytes themselves, or a stream of bytes."""


@attrs.frozen(kw_only=True)
class ImportProgress:
    """How far an import is.

    Attributes:
        report: What became of the rows so far.
        read: How many bytes of the file were read.
        size: How many it has; None where nobody knows before the end.
    """

    report: ImportReport
    read: int
    size: int | None


@attrs.define(kw_only=True)
class _Run:
    """One import under way: what it does with rows, and what became of them so far."""

    session: Session
    reader: RowReader
    on_duplicate: OnDuplicate
    dry_run: bool
    errors: ErrorFile
    keep_errors: int
    _counts: dict[str, int] = attrs.field(factory=lambda: {CREATED: 0, UPDATED: 0, SKIPPED: 0, "failed": 0}, init=False)
    _kept: list[RowError] = attrs.field(factory=list, init=False, repr=False)
    _rehearsal: Rehearsal = attrs.field(
        default=attrs.Factory(lambda run: Rehearsal(on_duplicate=run.on_duplicate), takes_self=True), init=False
    )

    def take(self, results: Sequence[RowResult]) -> None:
        """Take a batch of rows: keep what can be kept, note what cannot."""
        outcomes = iter(self._landed([result.lead for result in results if result.lead is not None]))
        for result in results:
            errors = result.errors
            if result.lead is not None:
                outcome = next(outcomes)
                if isinstance(outcome, str):
                    self._counts[outcome] += 1
                    continue
                line = result.record.line
                errors = (RowError(row=result.row, line=line, message=str(outcome), code=outcome.code),)
            self._counts["failed"] += 1
            self._kept += errors[: self.keep_errors - len(self._kept)]
            self.errors.write(result.record.cells, errors)

    def _landed(self, arrivals: Sequence[NewLead]) -> Sequence[Outcome]:
        tries = _TRIES if self.session.bound is None else 1
        while True:
            tries -= 1
            try:
                with self.session.transaction() as work:
                    if self.dry_run:
                        return self._rehearsal.land(self.session, work, arrivals)
                    return land(self.session, work, arrivals, self.on_duplicate)
            except ConcurrencyConflict:
                # Somebody else changed one of these leads meanwhile; nothing of the batch was kept, so it begins anew.
                if not tries:
                    raise

    def report(self) -> ImportReport:
        """Tell what became of the rows so far."""
        return ImportReport(
            rows=sum(self._counts.values()),
            **self._counts,
            errors=tuple(self._kept),
            ignored=self.reader.ignored,
            dry_run=self.dry_run,
        )


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
            return guess_mapping(table.headers, [record.cells for record in islice(table.records, _SAMPLE)])

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
        keep_errors: int = 100,
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
        with opened(source) as file:
            table = _table(file, encoding, delimiter, limits)
            sample = list(islice(table.records, _SAMPLE))
            declared = _mapping(mapping, table, [record.cells for record in sample])
            place = {"pipelineId": pipeline_id, "stage": stage}
            defaults = {name: value for name, value in place.items() if value is not None}
            reader = bind(declared, table.headers, defaults=defaults)
            rows = enumerate(chain(sample, table.records), 1)
            results = (reader.read(row, record) for row, record in rows)
            sheet = ErrorSheet(headers=table.headers, delimiter=table.dialect.delimiter)
            with ErrorFile(error_file, sheet) as errors:
                run = _Run(
                    session=self._session,
                    reader=reader,
                    on_duplicate=policy,
                    dry_run=dry_run,
                    errors=errors,
                    keep_errors=keep_errors,
                )
                while batch := list(islice(results, batch_size)):
                    run.take(batch)
                    if progress is not None:
                        progress(ImportProgress(report=run.report(), read=file.read, size=file.size))
                return run.report()


def _table(file: IncomingFile, encoding: str | None, delimiter: str | None, limits: Limits | None) -> Table:
    dialect = sniff(file.head, encoding=encoding, delimiter=delimiter, goes_on=file.goes_on, name=file.name)
    return open_table(file.chunks(), dialect, limits=limits, name=file.name)


def _mapping(
    given: str | os.PathLike[str] | Mapping | AnyMapping[str, Any], table: Table, sample: Sequence[Sequence[str]]
) -> Mapping:
    if given == AUTO:
        return guess_mapping(table.headers, sample)
    if not isinstance(given, str | os.PathLike):
        return read_mapping(given)
    return read_mapping_json(content(Path(given)))
