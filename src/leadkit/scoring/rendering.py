"""Showing why a score is what it is, and what would change it: as text, in a terminal, as HTML in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leadkit.conditions import markup
from leadkit.conditions.rendering import as_text, as_tree, clauses_as_html
from leadkit.conditions.wording import printable
from leadkit.errors import MissingExtra
from leadkit.values.numbers import signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.table import Table

    from leadkit.scoring.changes import Counterfactual, Counterfactuals
    from leadkit.scoring.explaining import LimitExplanation, RuleExplanation, ScoreExplanation

__all__ = [
    "changes_as_html",
    "changes_as_table",
    "changes_as_text",
    "explanation_as_html",
    "explanation_as_rich",
    "explanation_as_text",
    "points_badge",
]

_MOST_SHOWN: Final = 10
_WOULD: Final = "what would change it"
_NOTHING: Final = "no single change that is offered turns a rule"
_NOT_ALL: Final = "there are more rules than were tried; ask for some of them by name"


def points_badge(points: float) -> str:
    """Write points in the colour of their sign, as HTML.

    Args:
        points: The points.
    """
    colour = markup.MORE if points > 0 else markup.LESS if points < 0 else markup.PLAIN
    return markup.badge(signed(points), colour)


# --- what would change a score ----------------------------------------------------------------------------------------


def _notes(found: Counterfactuals, shown: int) -> Iterator[str]:
    """Say what the list of changes does not."""
    if not found.changes:
        yield _NOTHING
    elif shown < len(found.changes):
        yield f"and {len(found.changes) - shown:,} more"
    if not found.complete:
        yield _NOT_ALL


def changes_as_text(found: Counterfactuals) -> str:
    """Write changes as text, one line each, then the rules that no change turns.

    Args:
        found: The counterfactuals.
    """
    lines = [f"score {found.score:,}; {_WOULD}", *_lines(found, len(found.changes))]
    return "\n".join([*lines, *(f"  not turned: {rule}" for rule in found.unturned)])


def _lines(found: Counterfactuals, most: int) -> list[str]:
    changes = found.changes[:most]
    table = [(signed(change.points), change.result, str(change.change), change.effect) for change in changes]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        f"  {points:>{widths[0]}}  {result:<{widths[1]}}  {change:<{widths[2]}}  {effect}"
        for points, result, change, effect in table
    ]
    return [*lines, *(f"  {note}" for note in _notes(found, len(changes)))]


def changes_as_table(found: Counterfactuals) -> RenderableType:
    """Build what rich prints for changes.

    Args:
        found: The counterfactuals.

    Raises:
        MissingExtra: rich is not installed.
    """
    return _rich(found, len(found.changes), with_unturned=True)


def _rich(found: Counterfactuals, most: int, *, with_unturned: bool) -> RenderableType:
    try:
        from rich.console import Group  # noqa: PLC0415 - an extra, wanted by a terminal alone
        from rich.text import Text  # noqa: PLC0415 - the same extra
    except ImportError:
        raise MissingExtra(extra="cli", feature="a table in a terminal") from None
    shown = found.changes[:most]
    notes = list(_notes(found, len(shown)))
    if with_unturned:
        notes += [f"not turned: {rule}" for rule in found.unturned]
    # As `Text`, since what a lead's field holds is never read as markup.
    return Group(Text(_WOULD, "bold"), _table(shown), *(Text(f"  {note}", "dim") for note in notes))


def _table(changes: tuple[Counterfactual, ...]) -> Table:
    from rich.table import Table  # noqa: PLC0415 - an extra; who calls this has it
    from rich.text import Text  # noqa: PLC0415 - the same extra

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    for _ in range(3):
        table.add_column(overflow="fold")
    for change in changes:
        colour = "green" if change.points > 0 else "red" if change.points < 0 else "dim"
        table.add_row(
            Text(signed(change.points), colour),
            Text(change.result),
            Text(str(change.change), "bold"),
            Text(change.effect, "dim"),
        )
    return table


def changes_as_html(found: Counterfactuals) -> str:
    """Write changes as HTML that needs no style sheet; every text in it is escaped.

    Args:
        found: The counterfactuals.
    """
    notes = [f"not turned: {rule}" for rule in found.unturned]
    return markup.framed(_changes_as_html(found, len(found.changes)), *map(_note, notes))


def _note(text: str) -> str:
    return f"<div>{markup.muted(text)}</div>"


def _changes_as_html(found: Counterfactuals, most: int) -> str:
    shown = found.changes[:most]
    rows = (
        markup.row(
            points_badge(change.points),
            markup.unbroken(markup.muted(change.result)),
            f"<b>{markup.escaped(str(change.change))}</b>",
            markup.muted(change.effect),
        )
        for change in shown
    )
    notes = "".join(map(_note, _notes(found, len(shown))))
    return f"{markup.heading(_WOULD.capitalize())}{markup.table(rows)}{notes}"


# --- why a score is what it is ----------------------------------------------------------------------------------------


def explanation_as_text(explained: ScoreExplanation) -> str:
    """Write an explanation as text: one line for each rule, limit and clause, then what would change the score.

    Args:
        explained: The explanation.
    """
    return "\n".join([as_text(explained), _WOULD, *_lines(explained.changes, _MOST_SHOWN)])


def explanation_as_rich(explained: ScoreExplanation) -> RenderableType:
    """Build what rich prints for an explanation: a tree, and a table of what would change the score.

    Args:
        explained: The explanation.

    Raises:
        MissingExtra: rich is not installed.
    """
    tree = as_tree(explained)
    from rich.console import Group  # noqa: PLC0415 - an extra; the tree has it

    return Group(tree, _rich(explained.changes, _MOST_SHOWN, with_unturned=False))


def explanation_as_html(explained: ScoreExplanation) -> str:
    """Write an explanation as HTML that needs no style sheet; every text in it is escaped.

    Args:
        explained: The explanation.
    """
    card = explained.card
    priority = "" if card.priority is None else markup.badge(f"{card.priority.value} priority", markup.PLAIN)
    score = f'<span style="font-size:2em;font-weight:700;line-height:1.2">{card.score:,}</span>'
    head = f"<div>{score} &nbsp;{priority} {markup.muted(explained.why)}</div>"
    rules = "".join([*map(_rule, explained.rules), *map(_limit, explained.limits)])
    return markup.framed(head, rules, _changes_as_html(explained.changes, _MOST_SHOWN))


def _rule(rule: RuleExplanation) -> str:
    badge = points_badge(rule.points) if rule.held else markup.muted(rule.why)
    mark = markup.marked("✓", markup.MORE) if rule.held else markup.marked("✗", markup.SAME)
    # What it brought stands in the badge.
    more = markup.muted(rule.why.partition(" ")[2]) if rule.held else ""
    head = f"{mark} <b>{markup.escaped(printable(rule.name))}</b> &nbsp;{badge} {more}"
    return (
        f'<details open style="margin:.3em 0"><summary style="cursor:pointer">{head}</summary>'
        f'<div style="margin-left:1.3em">{clauses_as_html(rule.children)}</div></details>'
    )


def _limit(limit: LimitExplanation) -> str:
    return (
        f'<div style="margin:.3em 0 .3em 1.1em"><b>{markup.escaped(printable(limit.clause))}</b> '
        f"&nbsp;{points_badge(limit.line.points)}</div>"
    )
