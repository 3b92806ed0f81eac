"""Where output goes, and the forms that several commands share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leadkit.leads import Lead

__all__ = ["ERRORS", "OUT", "bars", "leads_table", "progress", "table", "write_json"]

OUT: Final = Console(highlight=False)
ERRORS: Final = Console(stderr=True, highlight=False)

_WIDEST_BAR: Final = 30


def write_json(document: object) -> None:
    """Write plain values as JSON, for other programs."""
    print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201 - the output itself, uncoloured


def table(title: str | None, *columns: str, numbers: Iterable[str] = ()) -> Table:
    """Make a table.

    Args:
        title: What stands above it.
        columns: Their headings.
        numbers: Those of them that hold numbers, and stand to the right.
    """
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return made


def leads_table(title: str, leads: Iterable[Lead]) -> Table:
    """Make a table of leads as people look for them."""
    made = table(title, "lead", "name", "company", "status", "stage", "score", "owner", numbers=("score",))
    for lead in leads:
        name = " ".join(part for part in (lead.first_name, lead.last_name) if part)
        made.add_row(
            lead.id,
            escape(name or lead.email or lead.external_id or ""),
            escape(lead.company or ""),
            lead.status.value,
            escape(lead.stage or ""),
            "" if lead.score is None else f"{lead.score:g}",
            escape(lead.assigned_to or ""),
        )
    return made


def bars(title: str, counts: Mapping[str, int]) -> Table:
    """Make a table of counts with a bar for each."""
    made = table(title, "", "leads", "share", "", numbers=("leads", "share"))
    total, most = sum(counts.values()), max(counts.values(), default=0)
    for name, count in counts.items():
        width = round(_WIDEST_BAR * count / most) if most else 0
        share = f"{100 * count / total:.1f} %" if total else ""
        made.add_row(escape(name), f"{count:,}", share, "█" * width)
    return made


def progress() -> Progress:
    """Make a progress bar on the error stream, so that output can go into a file; it is gone when it is full."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=ERRORS,
        transient=True,
    )
