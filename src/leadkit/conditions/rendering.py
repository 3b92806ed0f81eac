"""Showing a trace: as text, as a tree in a terminal, as HTML in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from leadkit.conditions import markup
from leadkit.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.tree import Tree

__all__ = ["Shown", "as_html", "as_text", "as_tree", "clauses_as_html"]

_MARKS: Final = {True: "✓", False: "✗"}
_STYLES: Final = {True: "green", False: "red"}
_COLOURS: Final = {True: markup.MORE, False: markup.LESS}
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
    return markup.framed(_nested((trace,), outermost=True))


def clauses_as_html(traces: Iterable[Shown]) -> str:
    """Write traces as a list that stands within other HTML.

    Args:
        traces: The traces.
    """
    return _nested(traces, outermost=False)


def _nested(traces: Iterable[Shown], *, outermost: bool) -> str:
    style = "list-style:none;margin:0;padding-left:" + ("0" if outermost else "1.5em;border-left:2px solid #7f7f7f33")
    inside = "".join(map(_item, traces))
    return f'<ul style="{style}">{inside}</ul>' if inside else ""


def _item(trace: Shown) -> str:
    mark = markup.marked(_MARKS[trace.held], _COLOURS[trace.held])
    told = f"{mark} {markup.escaped(trace.clause)} &nbsp;{markup.muted(trace.why)}"
    return f"<li>{told}{_nested(trace.children, outermost=False)}</li>"
