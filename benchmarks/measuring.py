"""How every benchmark here measures: interleaved, by medians, as ratios within one run.

Absolute times say little about a machine that others share; a ratio of two things that took turns says much. So the
subjects take turns (A B C A B C …), a round at a time, and what is reported is the median over the rounds of the ratio
within a round: a slow second slows everything in its round alike, and the median drops what it did not.

Example:
    >>> timings = interleaved({"sum": lambda: sum(range(100)), "max": lambda: max(range(100))}, rounds=3, seconds=0.001)
    >>> timings.rounds, timings.ratio("sum", to="sum")
    (3, 1.0)
"""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["SOURCE", "Timings", "interleaved", "machine", "machine_line", "table", "use_this_clone", "write_json"]

SOURCE = Path(__file__).resolve().parent.parent / "src"
"""The source of this clone, which is what the benchmarks measure."""


def use_this_clone() -> None:
    """Make `import leadkit` find the source of this clone, whatever is installed."""
    if str(SOURCE) not in sys.path:
        sys.path.insert(0, str(SOURCE))


@dataclass(frozen=True, kw_only=True)
class Timings:
    """What the rounds took.

    Attributes:
        samples: For each subject, the seconds of one call in each round; every list is as long as there were rounds.
    """

    samples: Mapping[str, Sequence[float]]

    @property
    def rounds(self) -> int:
        """How often each subject had its turn."""
        return min(map(len, self.samples.values()))

    def median(self, name: str) -> float:
        """Answer the median seconds of one call.

        Args:
            name: The subject.
        """
        return statistics.median(self.samples[name])

    def ratio(self, name: str, *, to: str) -> float:
        """Answer how many times as long a subject took as another: the median of the ratios within each round.

        Args:
            name: The subject.
            to: The one that counts as 1.
        """
        pairs = zip(self.samples[name], self.samples[to], strict=True)
        return statistics.median(sample / reference for sample, reference in pairs)

    def spread(self, name: str, *, to: str) -> tuple[float, float]:
        """Answer the lowest and the highest ratio of any round: how far the median can be trusted.

        Args:
            name: The subject.
            to: The one that counts as 1.
        """
        pairs = zip(self.samples[name], self.samples[to], strict=True)
        ratios = [sample / reference for sample, reference in pairs]
        return min(ratios), max(ratios)


def interleaved(
    subjects: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    seconds: float = 0.02,
    clock: Callable[[], float] = time.perf_counter,
) -> Timings:
    """Time the subjects in turns.

    Each is called once beforehand, to warm up and to see how many calls fill a sample. The garbage collector rests
    while a sample is taken, as in `timeit`, and runs between samples.

    Args:
        subjects: What is timed, by name.
        rounds: How often each has its turn.
        seconds: How long a sample lasts at least; quick subjects are called as often as that takes.
        clock: Answers seconds.

    Raises:
        ValueError: There is nothing to time, or no round.
    """
    if not subjects or rounds < 1:
        message = "at least one subject and one round are needed"
        raise ValueError(message)
    calls = {name: _calls_that_fill(seconds, subject, clock) for name, subject in subjects.items()}
    samples: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, subject in subjects.items():
            samples[name].append(_sample(subject, calls[name], clock))
    return Timings(samples=samples)


def _calls_that_fill(seconds: float, subject: Callable[[], object], clock: Callable[[], float]) -> int:
    calls = 1
    while (took := _sample(subject, calls, clock) * calls) < seconds:
        # From the rate so far, but never more than tenfold: the first call may have filled caches.
        calls = min(calls * 10, max(calls + 1, int(calls * seconds / max(took, 1e-9)) + 1))
    return calls


def _sample(subject: Callable[[], object], calls: int, clock: Callable[[], float]) -> float:
    gc.collect()
    collecting = gc.isenabled()
    gc.disable()
    try:
        start = clock()
        for _ in range(calls):
            subject()
        return (clock() - start) / calls
    finally:
        if collecting:
            gc.enable()


def machine() -> dict[str, Any]:
    """Answer what the figures depend on: interpreter, system, cores, how busy they were."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": cores,
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def machine_line() -> str:
    """Answer the same in one line."""
    known = machine()
    load = "" if known["load"] is None else f", load {known['load']}"
    return f"{known['implementation']} {known['python']}, {known['system']}, {known['cores']} cores{load}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay rows out as aligned text: the first column and notes to the left, figures to the right.

    Args:
        heads: The names of the columns; an empty one after the first marks a column of notes.
        rows: As many cells each.

    Example:
        >>> print(table(["work", "ratio"], [["by hand", "1.00"], ["ours", "12.50"]]))
        work     ratio
        -------  -----
        by hand   1.00
        ours     12.50
    """
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    lines = [heads, ["-" * width if head else "" for head, width in zip(heads, widths, strict=True)], *rows]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 or not heads[place] else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def write_json(path: Path, gate: str, figures: Mapping[str, Any]) -> None:
    """Write the figures of a benchmark with the machine that they come from.

    Args:
        path: The file.
        gate: The name of the gate, such as `P1`.
        figures: What was measured.
    """
    text = json.dumps({"gate": gate, "machine": machine(), **figures}, indent=2, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")
