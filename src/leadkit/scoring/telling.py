"""Showing what differs between two rulesets: as text, in a terminal, as HTML in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leadkit.conditions import markup
from leadkit.conditions.wording import printable
from leadkit.errors import MissingExtra
from leadkit.values.numbers import signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from leadkit.scoring.differences import Difference, RuleDifference, RulesetDiff

__all__ = ["diff_as_html", "diff_as_rich", "diff_as_text"]

_MARKS: Final = {"added": "+", "removed": "-", "changed": "~"}
_STYLES: Final = {"+": "green", "-": "red", "~": "yellow", " ": "dim", "#": "bold"}
_COLOURS: Final = {"+": markup.MORE, "-": markup.LESS, "~": "#9a6700", " ": markup.SAME}
_CHANGED: Final = "~"
_INNER: Final = " " * 4
_DEEPER: Final = " " * 6


def _lines(found: RulesetDiff) -> Iterator[tuple[str, str]]:
    """Answer the lines of a diff, each with a mark that says what sort of line it is."""
    yield "#", found.summary
    for rule in found.rules:
        mark = _MARKS[rule.verb.value]
        points = "" if rule.differences else f"  {signed(rule.rule.points)}"
        yield mark, f"{mark} {printable(rule.was)}{points}"
        yield from ((mark, f"{_INNER}{line}") for line in rule.outline)
        for difference in rule.differences:
            yield from _told(difference)
    for part in found.parts:
        yield _CHANGED, f"{_CHANGED} {part.subject}: {part.before} → {part.after}"


def _told(difference: Difference) -> Iterator[tuple[str, str]]:
    if not difference.lines:
        yield " ", f"{_INNER}{difference.subject}: {difference.before} → {difference.after}"
        return
    yield " ", f"{_INNER}{difference.subject}:"
    for line in difference.lines:
        yield line[0], f"{_DEEPER}{line}"


def diff_as_text(found: RulesetDiff) -> str:
    """Write a diff as text.

    Args:
        found: The diff.
    """
    return "\n".join(line for _, line in _lines(found))


def diff_as_rich(found: RulesetDiff) -> RenderableType:
    """Build what rich prints for a diff: the same lines in colour.

    Args:
        found: The diff.

    Raises:
        MissingExtra: rich is not installed.
    """
    try:
        from rich.text import Text  # noqa: PLC0415 - an extra, wanted by a terminal alone
    except ImportError:
        raise MissingExtra(extra="cli", feature="a diff in colour") from None
    # As `Text`, since the words of rules are never read as markup.
    return Text("\n").join(Text(line, _STYLES[mark]) for mark, line in _lines(found))


def diff_as_html(found: RulesetDiff) -> str:
    """Write a diff as HTML that needs no style sheet; every text in it is escaped.

    Args:
        found: The diff.
    """
    return markup.framed(
        f"<div><b>{markup.escaped(found.summary)}</b></div>",
        *map(_rule, found.rules),
        *(_head("changed", part.subject, _arrow(part)) for part in found.parts),
    )


def _rule(rule: RuleDifference) -> str:
    points = "" if rule.differences else markup.muted(signed(rule.rule.points))
    return _head(rule.verb.value, printable(rule.was), points) + _indented(
        *(_clause(_MARKS[rule.verb.value], line) for line in rule.outline), *map(_difference, rule.differences)
    )


def _head(verb: str, name: str, more: str) -> str:
    badge = markup.badge(verb, _COLOURS[_MARKS[verb]])
    return f'<div style="margin-top:.6em">{badge} <b>{markup.escaped(name)}</b> &nbsp;{more}</div>'


def _indented(*parts: str) -> str:
    inside = "".join(parts)
    return f'<div style="margin-left:1.4em">{inside}</div>'


def _difference(difference: Difference) -> str:
    subject = markup.muted(f"{difference.subject}:")
    if not difference.lines:
        return f"<div>{subject} {_arrow(difference)}</div>"
    lines = "".join(_clause(line[0], line[2:]) for line in difference.lines)
    return f"<div>{subject}</div>{_indented(lines)}"


def _arrow(difference: Difference) -> str:
    old, new = markup.escaped(difference.before), markup.escaped(difference.after)
    return f'<span style="color:{markup.LESS}">{old}</span> → <span style="color:{markup.MORE}">{new}</span>'


def _clause(mark: str, line: str) -> str:
    sign = f'<span style="display:inline-block;width:1.2em">{markup.marked(mark, _COLOURS[mark])}</span>'
    return f'<div style="white-space:pre-wrap">{sign}<span>{markup.escaped(line)}</span></div>'
