"""What single commands take with 1,000,000 leads in one SQLite file, and with few: what grows with the file shows.

    python benchmarks/at_scale.py                    # builds two files, a minute or two
    python benchmarks/at_scale.py --file leads.db    # keeps the large one, and uses it again

Everything goes through a workspace, as a host's own calls do. A command that writes is a transaction that is on the
disk when it returns.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from measuring import machine_line, table, use_this_clone, write_json
from p5_lists import build
from sqlite_files import ORG, StandingClock, address, workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FEW: Final = 1_000
RULES: Final = {
    "rules": [
        {"name": "team", "points": 20, "condition": {"field": "properties.team_size", "op": ">=", "value": 100}},
        {"name": "webinar", "points": 10, "condition": {"field": "source", "op": "==", "value": "webinar"}},
    ]
}


def works(workspace: Any, count: int) -> Mapping[str, Callable[[int], object]]:
    """Answer what is timed, each as a function of a number that is another one each time.

    Args:
        workspace: The workspace.
        count: How many leads there are.
    """
    news = [lead.id for lead in itertools.islice(workspace.leads.each(status="new"), 200)]

    def anybody(turn: int) -> str:
        return f"lead-{turn * 7_919 % count:09}"

    return {
        "get a lead": lambda turn: workspace.leads.get(anybody(turn)),
        "list the newest fifty": lambda _: workspace.leads.list(),
        "list by status and priority": lambda _: workspace.leads.list(status="new", priority="high"),
        "list an owner's by score": lambda turn: workspace.leads.list(
            assigned_to=f"user-{turn % 40}", sort_field="score"
        ),
        "search": lambda turn: workspace.leads.list(search=f"doe {turn}9"),
        "count all": lambda _: workspace.leads.count(),
        "count by status": lambda _: workspace.leads.count(status="nurturing"),
        "create": lambda turn: workspace.leads.create(email=f"fresh{turn}.{time.time_ns()}@example.com"),
        "qualify": lambda turn: workspace.leads.qualify(news[turn], reason="good-fit"),
        "score one": lambda turn: workspace.scoring.score(news[-1 - turn]),
    }


def measured(path: Path, count: int, turns: int) -> dict[str, float]:
    """Answer the median seconds of everything on one file."""
    import leadkit as lk  # noqa: PLC0415 - found only now

    def opening() -> Any:
        return lk.LeadKit.open(address(path), clock=StandingClock())

    samples: dict[str, list[float]] = {"open the file": []}
    for _ in range(turns):
        start = time.perf_counter()
        kit = opening()
        kit.workspace(org=ORG, actor="bench").settings.get()
        samples["open the file"].append(time.perf_counter() - start)
        kit.store.close()
    kit = opening()
    workspace = kit.workspace(org=ORG, actor="bench")
    workspace.scoring.save_rules(RULES)
    for name, work in works(workspace, count).items():
        samples[name] = []
        for turn in range(turns):
            start = time.perf_counter()
            work(turn)
            samples[name].append(time.perf_counter() - start)
    kit.store.close()
    return {name: statistics.median(taken) for name, taken in samples.items()}


def main(given: Sequence[str] | None = None) -> int:
    """Time and print; answer the exit code."""
    parser = argparse.ArgumentParser(description="What single commands take in a large SQLite file.")
    parser.add_argument("--leads", type=int, default=1_000_000, help="how many leads (%(default)s)")
    parser.add_argument("--turns", type=int, default=15, help="how often each is timed (%(default)s)")
    parser.add_argument("--file", type=Path, help="keep the large file here; one that is there is used")
    parser.add_argument("--where", type=Path, help="the directory for the files; the system's own for such things")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    options = parser.parse_args(given)
    if options.leads < FEW or not 1 <= options.turns <= 50:  # noqa: PLR2004 - so many new leads there are for sure
        parser.error(f"--leads is at least {FEW}, --turns from 1 to 50")
    use_this_clone()
    with workplace(options.where) as place:
        large, small = options.file or place / "large.db", place / "small.db"
        if not large.exists():
            build(large, options.leads)
        build(small, FEW)
        many, few = measured(large, options.leads, options.turns), measured(small, FEW, options.turns)
        size = large.stat().st_size
    print(f"{machine_line()}; {options.leads:,} leads, {size / 2**20:,.0f} MiB, medians of {options.turns}\n")
    heads = ("", f"ms of {FEW:,}", f"ms of {options.leads:,}")
    print(table(heads, [(name, f"{few[name] * 1e3:.2f}", f"{taken * 1e3:.2f}") for name, taken in many.items()]))
    if options.json is not None:
        write_json(options.json, "scale", {"leads": options.leads, "bytes": size, "seconds": many, "of_few": few})
    return 0


if __name__ == "__main__":
    sys.exit(main())
