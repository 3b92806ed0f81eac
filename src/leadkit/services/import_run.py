"""One import under way: batches of rows in, what became of them out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from leadkit.errors import ConcurrencyConflict
from leadkit.importing import ImportReport, OnDuplicate, RowError
from leadkit.services.arrivals import CREATED, SKIPPED, UPDATED, Rehearsal, land

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from leadkit.importing import RowReader, RowResult
    from leadkit.leads import NewLead
    from leadkit.services.arrivals import Outcome
    from leadkit.services.files import ErrorFile
    from leadkit.services.session import Session

__all__ = ["KEEP_ERRORS", "ImportProgress", "ImportRun", "Tally", "some"]

KEEP_ERRORS: Final = 100
"""How many errors a report keeps unless told."""

_FAILED: Final = "failed"
_TRIES: Final = 5
_MOST_CHARACTERS: Final = 4 * 1024 * 1024

R = TypeVar("R")


def some(rows: Iterator[R], *, most: int, cells: Callable[[R], Sequence[str]]) -> list[R]:
    """Take rows, and fewer where they are long, so that no file decides how much memory is used.

    Args:
        rows: The rows that are left.
        most: How many at the most.
        cells: Answers the cells of a row.

    Returns:
        The next rows, at least one unless there are none left.
    """
    taken: list[R] = []
    size = 0
    while len(taken) < most and size < _MOST_CHARACTERS:
        row = next(rows, None)
        if row is None:
            break
        taken.append(row)
        size += sum(map(len, cells(row)))
    return taken


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
class Tally:
    """Counts what became of rows, and keeps the first errors.

    Attributes:
        keep_errors: How many.
    """

    keep_errors: int = KEEP_ERRORS
    _counts: Counter[str] = attrs.field(factory=Counter, init=False)
    _kept: list[RowError] = attrs.field(factory=list, init=False, repr=False)

    def count(self, outcome: str) -> None:
        """Count a row that was created, updated or skipped."""
        self._counts[outcome] += 1

    def fail(self, errors: Sequence[RowError]) -> None:
        """Count a row that failed."""
        self._counts[_FAILED] += 1
        self._kept += errors[: self.keep_errors - len(self._kept)]

    def report(self, *, ignored: tuple[str, ...] = (), dry_run: bool = False) -> ImportReport:
        """Tell what became of the rows so far."""
        return ImportReport(
            rows=self._counts.total(),
            created=self._counts[CREATED],
            updated=self._counts[UPDATED],
            skipped=self._counts[SKIPPED],
            failed=self._counts[_FAILED],
            errors=tuple(self._kept),
            ignored=ignored,
            dry_run=dry_run,
        )


@attrs.define(kw_only=True)
class ImportRun:
    """One import under way.

    Attributes:
        session: The session.
        reader: What read the rows.
        on_duplicate: What to do with rows whose lead is known.
        dry_run: Whether to tell only what would happen.
        errors: Where rows that fail are written.
        tally: What became of the rows so far.
    """

    session: Session
    reader: RowReader
    on_duplicate: OnDuplicate
    dry_run: bool
    errors: ErrorFile
    tally: Tally
    _rehearsal: Rehearsal = attrs.field(
        default=attrs.Factory(lambda run: Rehearsal(on_duplicate=run.on_duplicate), takes_self=True), init=False
    )

    def take(self, results: Sequence[RowResult]) -> None:
        """Take a batch of rows: keep what can be kept, note what cannot.

        Args:
            results: The rows, as they were read.
        """
        outcomes = iter(self._landed([result.lead for result in results if result.lead is not None]))
        for result in results:
            errors = result.errors
            if result.lead is not None:
                outcome = next(outcomes)
                if isinstance(outcome, str):
                    self.tally.count(outcome)
                    continue
                line = result.record.line
                errors = (RowError(row=result.row, line=line, message=str(outcome), code=outcome.code),)
            self.tally.fail(errors)
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
        return self.tally.report(ignored=self.reader.ignored, dry_run=self.dry_run)
