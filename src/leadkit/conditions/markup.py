"""Pieces of HTML for notebooks: they need no style sheet, stand on light and on dark ground, and escape every text."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "LESS",
    "MORE",
    "PLAIN",
    "SAME",
    "badge",
    "escaped",
    "framed",
    "heading",
    "marked",
    "muted",
    "row",
    "table",
    "unbroken",
]

MORE: Final = "#238636"
"""The colour of what holds, and of what is gained."""

LESS: Final = "#e5484d"
"""The colour of what does not hold, and of what is lost."""

SAME: Final = "#8b949e"
"""The colour of what makes no difference."""

PLAIN: Final = "inherit"

_FONT: Final = "font:14px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
_CELL: Final = "text-align:left;vertical-align:top;padding:.15em .9em .15em 0;border:0;background:none"


def escaped(text: str) -> str:
    """Answer a text as HTML.

    Args:
        text: Any text.

    Example:
        >>> escaped("<b>")
        '&lt;b&gt;'
    """
    return html.escape(text)


def framed(*parts: str) -> str:
    """Put pieces of HTML into one frame.

    Args:
        *parts: HTML.
    """
    inside = "".join(parts)
    return f'<div style="{_FONT};max-width:64em">{inside}</div>'


def heading(text: str, *more: str) -> str:
    """Write a heading.

    Args:
        text: Its text.
        *more: HTML that stands behind it.
    """
    behind = "".join(f" {each}" for each in more)
    return f'<div style="margin:.9em 0 .3em;font-weight:600">{escaped(text)}{behind}</div>'


def unbroken(markup: str) -> str:
    """Keep a piece of HTML on one line.

    Args:
        markup: HTML.
    """
    return f'<span style="white-space:nowrap">{markup}</span>'


def muted(text: str) -> str:
    """Write a text that stands back.

    Args:
        text: The text.
    """
    return f'<span style="opacity:.65">{escaped(text)}</span>'


def marked(mark: str, colour: str) -> str:
    """Write a mark such as ✓.

    Args:
        mark: One character.
        colour: Its colour.
    """
    return f'<span style="color:{colour};font-weight:600">{escaped(mark)}</span>'


def badge(text: str, colour: str) -> str:
    """Write a short text in a coloured pill.

    Args:
        text: The text.
        colour: Such as `MORE`; the ground is a light shade of it.
    """
    ground = "rgba(127,127,127,.15)" if colour == PLAIN else f"{colour}22"
    return (
        f'<span style="display:inline-block;padding:0 .6em;border-radius:1em;font-variant-numeric:tabular-nums;'
        f'white-space:nowrap;background:{ground};color:{colour};font-weight:600">{escaped(text)}</span>'
    )


def row(*cells: str) -> str:
    """Write a row of a table.

    Args:
        *cells: HTML, one cell each.
    """
    written = "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
    return f"<tr>{written}</tr>"


def table(rows: Iterable[str]) -> str:
    """Write a table without lines.

    Args:
        rows: What `row` answers.
    """
    inside = "".join(rows)
    return f'<table style="border-collapse:collapse;border:0;margin:0;font:inherit;color:inherit">{inside}</table>'
