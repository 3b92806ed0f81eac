"""What the gates have in common that compare leadkit with the bare work: options, figures, table and verdict."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measuring import machine_line, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from measuring import Timings

__all__ = ["chosen", "compared", "told", "verdict", "with_options"]


def with_options(description: str, *, counted: str, count: int, rounds: int) -> argparse.ArgumentParser:
    """Answer a parser that knows the options of all these gates.

    Args:
        description: What the benchmark does, in a sentence.
        counted: What there is many of, such as "leads"; the option is called so.
        count: How many by default.
        rounds: How often each side has its turn by default.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(f"--{counted}", dest="count", type=int, default=count, help=f"how many {counted} (%(default)s)")
    parser.add_argument("--rounds", type=int, default=rounds, help="how often each side has its turn (%(default)s)")
    parser.add_argument("--where", type=Path, help="the directory for the files; the system's own for such things")
    parser.add_argument("--bar", type=float, help="fail above this ratio")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    return parser


def chosen(parser: argparse.ArgumentParser, given: Sequence[str] | None) -> argparse.Namespace:
    """Answer the options that were given.

    Args:
        parser: Of `with_options`.
        given: The arguments; None for those of the command line.
    """
    options = parser.parse_args(given)
    if options.count < 1 or options.rounds < 1:
        parser.error("no count and no number of rounds is below 1")
    return options


def compared(timings: Timings, *, to: str, count: int) -> dict[str, dict[str, float]]:
    """Answer the figures of each side: microseconds for one of many, and the ratio to the bare side with its spread.

    Args:
        timings: What the rounds took.
        to: The bare side.
        count: How many were worked on.
    """
    return {
        name: {
            "microseconds": timings.median(name) / count * 1e6,
            "ratio": timings.ratio(name, to=to),
            "lowest": timings.spread(name, to=to)[0],
            "highest": timings.spread(name, to=to)[1],
        }
        for name in timings.samples
    }


def told(figures: Mapping[str, Mapping[str, float]], *, what: str, unit: str) -> None:
    """Print the figures.

    Args:
        figures: As `compared` answers them.
        what: What was worked on, and how often.
        unit: What the microseconds are of, such as "a lead".
    """
    heads = ("", f"µs {unit}", "× bare", "lowest", "highest")
    print(f"{machine_line()}; {what}\n")
    print(table(heads, [(name, *(f"{figure:.2f}" for figure in row.values())) for name, row in figures.items()]))


def verdict(gate: str, measured: Iterable[tuple[str, float, float | None]]) -> int:
    """Say which bars were missed; answer the exit code.

    Args:
        gate: Such as "P3".
        measured: What was measured in words, the figure, and its bar, None where there is none.
    """
    missed: list[Any] = [(what, figure, bar) for what, figure, bar in measured if bar is not None and figure > bar]
    for what, figure, bar in missed:
        print(f"{gate} fails: {what} is {figure:.2f}; the bar is {bar:g}", file=sys.stderr)
    return 1 if missed else 0
