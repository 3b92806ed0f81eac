"""Showing a trace: as text, as a tree in a terminal, as HTML in a notebook."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Final, Protocol

from leadkit.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.tree import Tree

__all__ = ["Shown", "as_html", "as_text", "as_tree"]

_MARKS: Final = {True: "✓", False: "✗"}
_STYLES: Final = {True: "green", False: "red"}
_COLOURS: Final = {True: "#1a7f37", False: "#cf222e"}
# Clauses longer than this do not push the reasons of all the others to the right.
_WIDEST: Final = 72


class Shown(Protocol):
    """What is shown of a trace."""

    @property
    def clause(self) -> str:
        """The condition in words."""
        ...

    @property
    def held(self) -> bool:
        """Whether it held."""
        ...

    @property
    def why(self) -> str:
        """The reason."""
        ...

    @property
    def children(self) -> tuple[Any, ...]:
        """The clauses inside."""
        ...


def as_text(trace: Shown) -> str:
    """Write a trace as text, one line a clause, with the reasons in a column.

    Args:
        trace: The trace.
    """
    lines = list(_lines(trace, 0))
    width = max((len(clause) for clause, _ in lines if len(clause) <= _WIDEST), default=0)
    return "\n".join(f"{clause:<{width}}   {why}" for clause, why in lines)


def _lines(trace: Shown, depth: int) -> Iterator[tuple[str, str]]:
    yield f"{'  ' * depth}{_MARKS[trace.held]} {trace.clause}", trace.why
    for child in trace.children:
        yield from _lines(child, depth + 1)


def as_tree(trace: Shown) -> Tree:
    """Build a tree that rich prints.

    Args:
        trace: The trace.

    Raises:
        MissingExtra: rich is not installed.
    """
    try:
        from rich.text import Text  # noqa: PLC0415 - an extra, wanted by a terminal alone
        from rich.tree import Tree  # noqa: PLC0415 - the same extra
    except ImportError:
        raise MissingExtra(extra="cli", feature="a trace as a tree") from None

    def grown(trace: Shown, tree: Tree) -> Tree:
        for child in trace.children:
            grown(child, tree.add(label(child)))
        return tree

    def label(trace: Shown) -> Text:
        # Put together from parts: what a lead's field holds is never read as markup.
        mark = (f"{_MARKS[trace.held]} ", _STYLES[trace.held])
        return Text.assemble(mark, trace.clause, "  ", (trace.why, "dim"))

    return grown(trace, Tree(label(trace)))


def as_html(trace: Shown) -> str:
    """Write a trace as HTML that needs no style sheet; every text in it is escaped.

    Args:
        trace: The trace.
    """
    return f'<ul style="list-style:none;padding-left:0;font-family:monospace">{_item(trace)}</ul>'


def _item(trace: Shown) -> str:
    inner = "".join(map(_item, trace.children))
    nested = f'<ul style="list-style:none;padding-left:1.5em">{inner}</ul>' if inner else ""
    mark = f'<span style="color:{_COLOURS[trace.held]}">{_MARKS[trace.held]}</span>'
    reason = f'<span style="opacity:.65">{html.escape(trace.why)}</span>'
    return f"<li>{mark} {html.escape(trace.clause)} &nbsp;{reason}{nested}</li>"
