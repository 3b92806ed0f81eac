"""Gate P8: one qualify through the SQLite store, against the bare transaction.

    python benchmarks/p8_qualify.py             # 200 leads in a file, each qualified once
    python benchmarks/p8_qualify.py --bar 2     # exit code 1 above the bar

The bare transaction takes the write lock, selects the lead, updates the columns that change where its version is the
one that was read, inserts its event and its place in the outbox, and commits; statements and rows were made ready
beforehand, and the connection stays open. Both sides promise the same: with `--synchronous full`, which is the default,
a commit is on the disk; with `normal` the last commits before a power cut may be lost, and what is measured is the work
and not the disk. Before anything is timed, both sides must have written the same.
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
    ORG,
    WAITING,
    StandingClock,
    address,
    bare,
    content,
    copy_of,
    differing,
    filled,
    in_turns,
    workplace,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LEADKIT: Final = "leadkit, leads.qualify"
BARE: Final = "the bare transaction"
UPDATED: Final = ("status", "qualified_at", "qualified_by", "qualification_reason", "updated_at", "version")
SELECT: Final = "SELECT * FROM leads WHERE org = ? AND id = ?"
UPDATE: Final = (
    f"UPDATE leads SET {', '.join(f'{name} = ?' for name in UPDATED)} WHERE org = ? AND id = ? AND version = ?"  # noqa: S608 - constants
)


class Sides:
    """Both sides at work on copies of one file."""

    def __init__(self, pristine: Path, synchronous: str) -> None:
        """Have leadkit qualify all once, and take the rows of the bare side from what it wrote."""
        import leadkit as lk  # noqa: PLC0415 - found only now

        self._lk = lk
        self._pristine = pristine
        self._synchronous = synchronous
        self.leadkit("first.db")()
        first = pristine.with_name("first.db")
        before = dict(content(pristine, "leads", ("id", "version")))
        told = {row[1]: row for row in content(first, "events", EVENT) if row[2] > 1}
        waiting = {row[1]: row for row in content(first, "outbox", WAITING) if row[2] > 1}
        # In the order in which they were written, so that places in the outbox are the same ones.
        self.ids = sorted(told, key=lambda lead_id: waiting[lead_id][3])
        kept = {row[0]: row[1:] for row in content(first, "leads", ("id", *UPDATED))}
        self._rows = [
            ((ORG, each), (*kept[each], ORG, each, before[each]), told[each], waiting[each]) for each in self.ids
        ]

    def leadkit(self, name: str) -> Callable[[], object]:
        """Answer leadkit's turn on a new copy."""
        path = copy_of(self._pristine, name)
        kit = self._lk.LeadKit.open(f"{address(path)}?synchronous={self._synchronous}", clock=StandingClock())
        leads = kit.workspace(org=ORG, actor="bench").leads
        ids = [row[0] for row in content(path, "leads", ("id",))]

        def work() -> None:
            for each in ids:
                leads.qualify(each, reason="good-fit")
            kit.store.close()

        return work

    def bare(self, name: str) -> Callable[[], object]:
        """Answer the bare side's turn on a new copy."""
        path = copy_of(self._pristine, name)

        def work() -> None:
            with contextlib.closing(bare(path, synchronous=self._synchronous)) as connection:
                execute = connection.execute
                for wanted, update, event, waiting in self._rows:
                    execute("BEGIN IMMEDIATE")
                    execute(SELECT, wanted).fetchone()
                    execute(UPDATE, update)
                    execute(INSERT_EVENT, event)
                    execute(ENQUEUE, waiting)
                    execute("COMMIT")

        return work

    def differing(self) -> list[str]:
        """Name the tables in which the two sides differ after a turn of each."""
        self.bare("bare.db")()
        tables = {"leads": ("id", *UPDATED), "events": EVENT, "outbox": WAITING}
        return differing(self._pristine.with_name("first.db"), self._pristine.with_name("bare.db"), tables)


def main(given: Sequence[str] | None = None) -> int:
    """Time and print; answer the exit code."""
    description = "One qualify in SQLite, as a ratio to the bare transaction."
    parser = with_options(description, counted="leads", count=200, rounds=31)
    parser.add_argument("--synchronous", choices=("full", "normal"), default="full", help="(%(default)s)")
    options = chosen(parser, given)
    use_this_clone()
    with workplace(options.where) as place:
        filled(place / "pristine.db", options.count, fresh=True)
        sides = Sides(place / "pristine.db", options.synchronous)
        if different := sides.differing():
            print(f"the two sides write different rows into {', '.join(different)}", file=sys.stderr)
            return 2
        subjects: dict[str, Callable[[], Any]] = {
            BARE: lambda: sides.bare("bare.db"),
            LEADKIT: lambda: sides.leadkit("ours.db"),
        }
        timings = in_turns(subjects, rounds=options.rounds)
    figures = compared(timings, to=BARE, count=len(sides.ids))
    what = f"{len(sides.ids):,} leads, synchronous {options.synchronous}, {options.rounds} rounds"
    told(figures, what=what, unit="each")
    if options.json is not None:
        write_json(options.json, "P8", {"leads": len(sides.ids), "synchronous": options.synchronous, "sides": figures})
    return verdict("P8", [(f"the ratio of {LEADKIT}", figures[LEADKIT]["ratio"], options.bar)])


if __name__ == "__main__":
    sys.exit(main())
