"""A report for people: the same tables as plain text, as HTML, and for rich."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions import markup
from leadkit.leads import zone_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from leadkit.analytics.reports import AnalyticsReport, FunnelStep, Outcomes, PipelineFunnel
    from leadkit.analytics.spreads import Length, Spread

__all__ = ["as_html", "as_rich", "as_text"]

_NONE: Final = "–"
_MOST_WORDS: Final = 40
_CELL: Final = (
    "vertical-align:top;padding:.15em 1.2em .15em 0;border:0;background:none;font-variant-numeric:tabular-nums"
)


@attrs.frozen(kw_only=True)
class _Sheet:
    """A table: the first column holds words, the others figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _words(text: str) -> str:
    """Write a name on one line; what a lead brought along may be long, or hold characters that steer a terminal."""
    line = "".join(each if each.isprintable() else " " for each in text)
    return line if len(line) <= _MOST_WORDS else f"{line[: _MOST_WORDS - 1]}…"


def _named(step: FunnelStep | PipelineFunnel) -> str:
    return _words(f"{step.id} (removed)" if step.name is None else step.name)


def _percent(rate: float | None) -> str:
    return _NONE if rate is None else f"{rate:.1%}"


def _number(value: float | None, digits: int) -> str:
    return _NONE if value is None else f"{value:.{digits}f}"


def _days(length: Length | None) -> str:
    return _NONE if length is None else f"{length.days:,} d"


def _moment(moment: datetime, timezone: str) -> str:
    return f"{moment.astimezone(zone_named(timezone)):%Y-%m-%d %H:%M}"


def _title(report: AnalyticsReport) -> str:
    start, end, as_of = (_moment(moment, report.timezone) for moment in (report.start, report.end, report.as_of))
    what = {"cohort": "leads created", "event": "what happened"}[report.basis.value]
    return f"{what} from {start} until before {end} ({report.timezone}), as of {as_of}"


_OUTCOMES: Final = ("leads", "qualified", "rate", "disqualified", "converted", "rate")
_STEPS: Final = ("reached", "entries", "there now", "went on", "rate")


def _outcomes(counted: Outcomes) -> tuple[str, ...]:
    return (
        f"{counted.leads:,}",
        f"{counted.qualified:,}",
        _percent(counted.qualification_rate),
        f"{counted.disqualified:,}",
        f"{counted.converted:,}",
        _percent(counted.conversion_rate),
    )


def _step(step: FunnelStep) -> tuple[str, ...]:
    return (
        f"{step.reached:,}",
        f"{step.entries:,}",
        f"{step.standing:,}",
        _NONE if step.advanced is None else f"{step.advanced:,}",
        _percent(step.rate),
    )


def _spread(spread: Spread) -> tuple[str, ...]:
    return (f"{spread.leads:,}", _days(spread.median), _days(spread.p90))


def _conversion(report: AnalyticsReport) -> Iterator[_Sheet]:
    yield _Sheet(title="Conversion", columns=("", *_OUTCOMES), rows=(("all", *_outcomes(report.conversion)),))


def _funnel(report: AnalyticsReport) -> Iterator[_Sheet]:
    rows = tuple((step.id, *_step(step)) for step in report.funnel.statuses)
    yield _Sheet(title="Funnel by status", columns=("status", *_STEPS), rows=rows)
    for pipeline in report.funnel.pipelines:
        rows = tuple((_named(step), *_step(step)) for step in pipeline.stages)
        title = f"Funnel of {_named(pipeline)}"
        yield _Sheet(title=title, columns=("stage", *_STEPS), rows=rows)


def _velocity(report: AnalyticsReport) -> Iterator[_Sheet]:
    velocity = report.velocity
    rows = (
        ("to qualify", *_spread(velocity.to_qualify)),
        ("to convert", *_spread(velocity.to_convert)),
        *((f"in {_words(each.pipeline_id)} / {_words(each.stage)}", *_spread(each.time)) for each in velocity.stages),
    )
    yield _Sheet(title="Velocity", columns=("", "leads", "median", "90%"), rows=rows)


def _breakdowns(report: AnalyticsReport) -> Iterator[_Sheet]:
    for word, groups in (("source", report.sources), ("campaign", report.campaigns), ("assignee", report.assignees)):
        if groups:
            rows = tuple((_words(group.name), *_outcomes(group)) for group in groups)
            yield _Sheet(title=f"By {word}", columns=(word, *_OUTCOMES), rows=rows)


def _value(report: AnalyticsReport) -> Iterator[_Sheet]:
    if report.value.lines:
        rows = tuple(
            (
                f"{line.holding.value}, {line.currency}",
                f"{line.leads:,}",
                f"{line.amount:,}",
                f"{line.weighted:,}",
            )
            for line in report.value.lines
        )
        yield _Sheet(title="Value", columns=("", "leads", "amount", "weighted"), rows=rows)


def _scoring(report: AnalyticsReport) -> Iterator[_Sheet]:
    scoring = report.scoring
    rows = (
        (_words(scoring.outcome or "converted"), f"{scoring.converted:,}", _number(scoring.mean_converted, 2)),
        ("rest", f"{scoring.rest:,}", _number(scoring.mean_rest, 2)),
        ("area under the ROC curve", "", _number(scoring.area_under_curve, 4)),
    )
    yield _Sheet(title="Scoring", columns=("", "leads", "mean score"), rows=rows)


_SHEETS: Final[Sequence[Callable[[AnalyticsReport], Iterator[_Sheet]]]] = (
    _conversion,
    _funnel,
    _velocity,
    _breakdowns,
    _value,
    _scoring,
)


def _sheets(report: AnalyticsReport) -> Iterator[_Sheet]:
    for sheets in _SHEETS:
        yield from sheets(report)


def as_text(report: AnalyticsReport) -> str:
    """Write a report as plain text.

    Args:
        report: The report.
    """
    return "\n".join([_title(report), *(line for sheet in _sheets(report) for line in _lines(sheet))])


def _lines(sheet: _Sheet) -> Iterator[str]:
    table = [sheet.columns, *sheet.rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    yield ""
    yield sheet.title
    for row in table:
        words, *figures = zip(row, widths, strict=True)
        yield "  ".join(["", words[0].ljust(words[1]), *(cell.rjust(width) for cell, width in figures)]).rstrip()


def as_html(report: AnalyticsReport) -> str:
    """Write a report as HTML, for notebooks; whatever leads brought along is escaped.

    Args:
        report: The report.
    """
    return markup.framed(markup.escaped(_title(report)), *map(_table, _sheets(report)))


def _table(sheet: _Sheet) -> str:
    return markup.heading(sheet.title) + markup.table(
        [_row("th", sheet.columns), *(_row("td", row) for row in sheet.rows)]
    )


def _row(tag: str, cells: tuple[str, ...]) -> str:
    words, *figures = map(markup.escaped, cells)
    inside = "".join(f'<{tag} style="{_CELL};text-align:right">{figure}</{tag}>' for figure in figures)
    return f'<tr><{tag} style="{_CELL};text-align:left">{words}</{tag}>{inside}</tr>'


def as_rich(report: AnalyticsReport) -> Iterator[Any]:
    """Answer what rich prints for a report.

    Args:
        report: The report.
    """
    # Only rich calls this, so it is installed.
    from rich.table import Table  # noqa: PLC0415 - an extra, which the core does without
    from rich.text import Text  # noqa: PLC0415 - an extra, which the core does without

    # As `Text`, since brackets in names are no markup.
    yield Text(_title(report))
    for sheet in _sheets(report):
        # On a line of its own: as the table's, rich would break it where the table ends.
        yield Text(f"\n{sheet.title}", style="bold")
        table = Table(box=None, pad_edge=False, header_style="bold")
        for number, column in enumerate(sheet.columns):
            table.add_column(column, justify="right" if number else "left", overflow="fold")
        for row in sheet.rows:
            table.add_row(*map(Text, row))
        yield table
