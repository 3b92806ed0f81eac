"""Where output goes, and the forms that several commands share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from leadkit.conditions.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leadkit.leads import Lead

__all__ = ["ERRORS", "OUT", "bars", "leads_table", "plain", "progress", "put", "table", "write_json"]


class _Terminal(Console):
    """A console that leaves it to the command line what a reader who has gone away means."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704 - rich calls this while it handles the error


OUT: Final = _Terminal(highlight=False)
ERRORS: Final = _Terminal(stderr=True, highlight=False)

_WIDEST_BAR: Final = 30


def plain(text: str) -> str:
    """Make a stranger's text harmless: no markup in it is obeyed, and no control character reaches the terminal."""
    return escape(printable(text))


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
    made = Table(title=title, header_style="bold", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return made


def put(made: Table) -> None:
    """Print a table, its title on a line of its own: rich would break it where the table ends."""
    if made.title is not None:
        OUT.print(f"[bold]{made.title}[/]")
        made.title = None
    OUT.print(made)


def leads_table(title: str, leads: Iterable[Lead]) -> Table:
    """Make a table of leads as people look for them, each by the shortest name that the other commands know it by."""
    made = table(title, "lead", "name", "company", "status", "stage", "score", "owner", numbers=("score",))
    for lead in leads:
        name = " ".join(part for part in (lead.first_name, lead.last_name) if part)
        made.add_row(
            plain(lead.external_id or lead.email or lead.id),
            plain(name),
            plain(lead.company or ""),
            lead.status.value,
            plain(lead.stage or ""),
            "" if lead.score is None else f"{lead.score:g}",
            plain(lead.assigned_to or ""),
        )
    return made


def bars(title: str, counts: Mapping[str, int]) -> Table:
    """Make a table of counts with a bar for each."""
    made = table(title, "", "leads", "share", "", numbers=("leads", "share"))
    block = "█" if OUT.encoding.startswith("utf") else "#"
    total, most = sum(counts.values()), max(counts.values(), default=0)
    for name, count in counts.items():
        width = round(_WIDEST_BAR * count / most) if most else 0
        share = f"{100 * count / total:.1f} %" if total else ""
        made.add_row(plain(name), f"{count:,}", share, block * width)
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
        disable=not ERRORS.is_terminal,
    )
