"""What an import tells: each row that failed and why, and how many came to what."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, StrictBool, model_validator

from leadkit.values import Document

__all__ = ["ImportReport", "RowError", "excerpt"]

_MOST_SHOWN: Final = 80

Count = Annotated[int, Field(ge=0, strict=True)]


def excerpt(value: str) -> str:
    """Answer a cell short enough to show.

    Args:
        value: The cell.

    Example:
        >>> len(excerpt("x" * 1_000)), excerpt("short")
        (80, 'short')
    """
    return value if len(value) <= _MOST_SHOWN else f"{value[: _MOST_SHOWN - 1]}…"


class RowError(Document):
    """One thing that is wrong with a row.

    Attributes:
        row: Which row, the first below the header being 1; blank ones are not counted.
        line: The physical line on which the row starts, the first of the file being 1.
        column: The name of the column; None where it is the row as a whole.
        value: What stands in the cell, shortened.
        message: What is wrong with it.
        code: A stable word for the kind of error.
    """

    row: Count
    line: Count
    column: str | None = None
    # Shown to whoever sent the file, and kept out of logs: it may be personal.
    value: str | None = Field(default=None, repr=False)
    message: str
    code: str = "invalid"

    def __str__(self) -> str:
        where = f"row {self.row}, line {self.line}"
        return f"{where}: {self.message}" if self.column is None else f"{where}, {self.column}: {self.message}"


class ImportReport(Document):
    """How an import went: every row was either created, updated, skipped or failed.

    Attributes:
        rows: How many rows were read.
        created: How many became new leads.
        updated: How many changed a lead that was there.
        skipped: How many met a lead that was there and changed nothing.
        failed: How many could not be taken.
        errors: What is wrong with those, the first of them; the error file has all.
        ignored: Columns of the file that went nowhere.
        dry_run: Whether nothing was written.

    Example:
        >>> ImportReport(rows=3, created=2, failed=1).summary
        '3 rows: 2 created, 0 updated, 0 skipped, 1 failed'
    """

    rows: Count = 0
    created: Count = 0
    updated: Count = 0
    skipped: Count = 0
    failed: Count = 0
    errors: tuple[RowError, ...] = ()
    ignored: tuple[str, ...] = ()
    dry_run: StrictBool = False

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.rows != self.created + self.updated + self.skipped + self.failed:
            message = "rows are the sum of created, updated, skipped and failed"
            raise ValueError(message)
        return self

    @property
    def summary(self) -> str:
        """The counts in words."""
        counts = f"{self.created:,} created, {self.updated:,} updated, {self.skipped:,} skipped, {self.failed:,} failed"
        return f"{self.rows:,} row{'' if self.rows == 1 else 's'}: {counts}"
