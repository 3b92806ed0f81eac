"""Gate P6: how many statements it takes to route leads, counted at the driver.

    python benchmarks/p6_routing.py               # 100,000 leads in SQLite
    python benchmarks/p6_routing.py --bar 0.05    # exit code 1 above so many statements a lead

Everything that reaches the database counts, the beginning and the end of every transaction too; an `executemany` counts
once, as it is called once. Afterwards each lead must have one owner, and the owners as many leads as each other, give
or take one; and a second run must find nothing to do.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from measuring import machine_line, use_this_clone, write_json
from sqlite_files import ORG, StandingClock, address, bare, filled, workplace

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

TEAM: Final = tuple(f"user-{number}" for number in range(1, 8))
PIPELINE: Final = "inbound"


@contextlib.contextmanager
def counting(store: Any) -> Generator[Counter[str]]:
    """Count the statements that a store of SQL executes, by their first word."""
    counts: Counter[str] = Counter()

    class Counting:
        """A cursor that counts."""

        def __init__(self, cursor: Any) -> None:
            self._cursor = cursor

        def execute(self, statement: str, *parameters: Any) -> Any:
            counts[statement.split(maxsplit=1)[0]] += 1
            return self._cursor.execute(statement, *parameters)

        def executemany(self, statement: str, parameters: Any) -> Any:
            counts[statement.split(maxsplit=1)[0]] += 1
            return self._cursor.executemany(statement, parameters)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._cursor, name)

    begun = type(store.database).begun

    def watched(database: Any, begin: str) -> tuple[Any, Any]:
        counts[begin.split(maxsplit=1)[0]] += 1
        connection, cursor = begun(database, begin)
        return connection, Counting(cursor)

    type(store.database).begun = watched
    try:
        yield counts
    finally:
        type(store.database).begun = begun


def main(given: Sequence[str] | None = None) -> int:
    """Route and count; answer the exit code."""
    parser = argparse.ArgumentParser(description="How many statements it takes to route leads.")
    parser.add_argument("--leads", type=int, default=100_000, help="how many leads (%(default)s)")
    parser.add_argument("--where", type=Path, help="the directory for the file; the system's own for such things")
    parser.add_argument("--bar", type=float, help="fail above so many statements a lead")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    options = parser.parse_args(given)
    if options.leads < 1:
        parser.error("--leads is at least 1")
    use_this_clone()
    import leadkit as lk  # noqa: PLC0415 - found only now
    from leadkit.memory import MemoryDirectory  # noqa: PLC0415 - found only now

    directory = MemoryDirectory.of({"ae": [{"id": user} for user in TEAM]})
    with workplace(options.where) as place:
        path = place / "leads.db"
        filled(path, options.leads, fresh=True, pipelineId=PIPELINE, stage="new")
        kit = lk.LeadKit.open(address(path), clock=StandingClock(), directory=lambda _: directory)
        workspace = kit.workspace(org=ORG, actor="bench")
        workspace.pipelines.create(
            id=PIPELINE,
            name="Inbound",
            stages=[{"id": "new", "name": "New", "order": 0}],
            auto_route={"rules": [{"assignTo": "round-robin:ae"}]},
        )
        with counting(kit.store) as counts:
            start = time.perf_counter()
            report = workspace.routing.route_unassigned(PIPELINE)
            seconds = time.perf_counter() - start
        again = workspace.routing.route_unassigned(PIPELINE)
        kit.store.close()
        with contextlib.closing(bare(path)) as connection:
            owners = dict(connection.execute("SELECT assigned_to, count(*) FROM leads GROUP BY assigned_to"))
            events = connection.execute("SELECT count(*) FROM events WHERE type = 'lead.assigned'").fetchone()[0]
    total = counts.total()
    print(f"{machine_line()}; {options.leads:,} leads\n")
    print(f"{total:,} statements, {total / options.leads:.4f} a lead: {dict(counts.most_common())}")
    print(f"{seconds / options.leads * 1e6:.0f} µs a lead; {report.assigned:,} assigned, spread {spread(owners)}")
    if options.json is not None:
        figures = {"leads": options.leads, "statements": total, "by_kind": counts, "seconds": seconds}
        write_json(options.json, "P6", figures)
    wrong = [
        message
        for holds, message in (
            (report.assigned == events == sum(owners.values()) == options.leads, "not every lead was assigned once"),
            (set(owners) == set(TEAM[: options.leads]) and spread(owners) <= 1, "the owners have unequal shares"),
            (again.assigned == 0, "a second run assigned leads"),
            (
                options.bar is None or total / options.leads <= options.bar,
                f"{total / options.leads:.4f} statements a lead; the bar is {options.bar}",
            ),
        )
        if not holds
    ]
    for line in wrong:
        print(f"P6 fails: {line}", file=sys.stderr)
    return 1 if wrong else 0


def spread(owners: dict[str, int]) -> int:
    """Answer by how many leads the owners differ."""
    return max(owners.values()) - min(owners.values())


if __name__ == "__main__":
    sys.exit(main())
