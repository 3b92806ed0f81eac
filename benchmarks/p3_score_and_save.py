"""Gate P3: score leads in SQLite and keep the scores with their events, against evaluating and bare `executemany`.

    python benchmarks/p3_score_and_save.py                # 100,000 leads, twenty rules
    python benchmarks/p3_score_and_save.py --bar 2        # exit code 1 above the bar

The bare side scores leads that it has in memory, by the same compiled rules, and writes rows that were made ready
beforehand: for each lead an update of the columns that change, its event and its place in the outbox, in transactions
of the same size. leadkit reads the leads from the file, scores, decides, makes the rows and writes them. Before
anything is timed, both sides must have written the same.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any, Final

from measuring import use_this_clone, write_json
from side_by_side import chosen, compared, told, verdict, with_options
from sqlite_files import (
    ENQUEUE,
    EVENT,
    INSERT_EVENT,
    NOW,
    ORG,
    WAITING,
    StandingClock,
    address,
    bare,
    content,
    copy_of,
    differing,
    executemany,
    filled,
    in_turns,
    workplace,
)
from twenty_rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LEADKIT: Final = "leadkit, score_batch"
BARE: Final = "evaluating and executemany"
READING: Final = "the same, and reading the leads"
AT_ONCE: Final = 500
"""How many leads leadkit keeps in a unit of work."""

UPDATED: Final = ("score", "score_breakdown", "scored_at", "priority", "priority_rank", "updated_at", "version")

UPDATE: Final = (
    f"UPDATE leads SET {', '.join(f'{name} = ?' for name in UPDATED)} WHERE org = ? AND id = ? AND version = ?"  # noqa: S608 - constants
)


class Sides:
    """Both sides at work on copies of one file."""

    def __init__(self, pristine: Path) -> None:
        """Have leadkit score once, and take the rows of the bare side from what it wrote."""
        import leadkit as lk  # noqa: PLC0415 - found only now

        self._lk = lk
        self._pristine = pristine
        kit = lk.LeadKit.open(address(copy_of(pristine, "first.db")), clock=StandingClock())
        self.ruleset = kit.workspace(org=ORG, actor="bench").scoring.rules()
        self.leads = self._read(kit)
        kit.store.close()
        self.leadkit("first.db")()
        first = pristine.with_name("first.db")
        before = {row[0]: row[1] for row in content(pristine, "leads", ("id", "version"))}
        after = content(first, "leads", ("id", *UPDATED, "version"))
        changed = [row for row in after if row[-1] != before[row[0]]]
        self.changed = len(changed)
        ids = {row[0] for row in changed}
        self._updates = [(*row[1:-1], ORG, row[0], before[row[0]]) for row in changed]
        self._events = [row for row in content(first, "events", EVENT) if row[1] in ids and row[2] > 1]
        self._waiting = sorted(
            (row for row in content(first, "outbox", WAITING) if row[1] in ids and row[2] > 1),
            key=lambda row: row[3],
        )

    def _read(self, kit: Any) -> list[Any]:
        return list(kit.workspace(org=ORG, actor="bench").leads.each())

    def leadkit(self, name: str) -> Callable[[], object]:
        """Answer leadkit's turn on a new copy."""
        path = copy_of(self._pristine, name)
        kit = self._lk.LeadKit.open(address(path), clock=StandingClock())
        workspace = kit.workspace(org=ORG, actor="bench")

        def work() -> None:
            workspace.scoring.score_batch()
            kit.store.close()

        return work

    def bare(self, name: str, *, reading: bool = False) -> Callable[[], object]:
        """Answer the bare side's turn on a new copy.

        Args:
            name: What to call the copy.
            reading: Whether it reads the leads from the file as well, as leadkit does.
        """
        path = copy_of(self._pristine, name)
        score, ruleset = self._lk.score, self.ruleset

        def work() -> None:
            leads = self.leads
            if reading:
                kit = self._lk.LeadKit.open(address(path))
                leads = self._read(kit)
                kit.store.close()
            with contextlib.closing(bare(path)) as connection:
                for start in range(0, len(leads), AT_ONCE):
                    for lead in leads[start : start + AT_ONCE]:
                        score(lead, ruleset, as_of=NOW)
                    rows = slice(start, start + AT_ONCE)
                    executemany(
                        connection,
                        [
                            (UPDATE, self._updates[rows]),
                            (INSERT_EVENT, self._events[rows]),
                            (ENQUEUE, self._waiting[rows]),
                        ],
                    )

        return work

    def differing(self) -> list[str]:
        """Name the tables in which the two sides differ after a turn of each."""
        self.bare("bare.db")()
        tables = {"leads": ("id", *UPDATED), "events": EVENT, "outbox": WAITING}
        return differing(self._pristine.with_name("first.db"), self._pristine.with_name("bare.db"), tables)


def main(given: Sequence[str] | None = None) -> int:
    """Time and print; answer the exit code."""
    description = "Scoring and saving leads in SQLite, as a ratio to the bare work."
    options = chosen(with_options(description, counted="leads", count=100_000, rounds=5), given)
    use_this_clone()
    with workplace(options.where) as place:
        filled(place / "pristine.db", options.count, rules=RULES)
        sides = Sides(place / "pristine.db")
        if different := sides.differing():
            print(f"the two sides write different rows into {', '.join(different)}", file=sys.stderr)
            return 2
        timings = in_turns(
            {
                BARE: lambda: sides.bare("bare.db"),
                LEADKIT: lambda: sides.leadkit("ours.db"),
                READING: lambda: sides.bare("bare.db", reading=True),
            },
            rounds=options.rounds,
        )
    figures = compared(timings, to=BARE, count=options.count)
    what = f"{options.count:,} leads, {sides.changed:,} scorecards changed, {options.rounds} rounds"
    told(figures, what=what, unit="a lead")
    if options.json is not None:
        write_json(options.json, "P3", {"leads": options.count, "changed": sides.changed, "sides": figures})
    return verdict("P3", [(f"the ratio of {LEADKIT}", figures[LEADKIT]["ratio"], options.bar)])


if __name__ == "__main__":
    sys.exit(main())
