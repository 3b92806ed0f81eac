"""Gate P5: a filtered, sorted page of a list among 1,000,000 leads in SQLite, against the same in bare SQL.

    python benchmarks/p5_lists.py                     # builds 1,000,000 leads, a minute or two
    python benchmarks/p5_lists.py --bar               # exit code 1 above the bars
    python benchmarks/p5_lists.py --file leads.db     # keeps the file, and uses it again

The bare side does the same work with the driver alone, by a statement written by hand for this very list: it counts the
leads that the filter means, fetches the columns of one page, and makes the same values of them: `json.loads`, aware
times, points, a dictionary a lead. leadkit answers a `Page` of `Lead`. A deep page by cursor begins after half of
the list; its bare side begins at the same place by the same ranges of the same index. Before anything is timed, both
sides must have found the same leads and the same total.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from measuring import interleaved, machine_line, table, use_this_clone, write_json
from sqlite_files import NOW, ORG, address, bare, workplace

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence

BAR: Final = 1.5
DEEP_BAR: Final = 1.2
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PAGE: Final = 50

LISTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "status, newest first": {"filter": {"status": "new"}},
    "status and priority, newest first": {"filter": {"status": "new", "priority": "high"}},
    "an owner's, newest first": {"filter": {"assignedTo": "user-7"}},
    "a stage, newest first": {"filter": {"pipelineId": "inbound", "stage": "discovery"}},
    "a source, newest first": {"filter": {"source": "webinar"}},
    "all, newest first": {"filter": {}},
    "all, by score": {"filter": {}, "sortField": "score"},
    "a score range, by score": {"filter": {"scoreFrom": 40, "scoreTo": 60}, "sortField": "score"},
    "a condition, newest first": {
        "filter": {"status": "new", "condition": {"field": "properties.team_size", "op": ">=", "value": 400}}
    },
    "a search, newest first": {"filter": {"search": "acme 77"}},
}
"""What is listed, as the query has it."""

WHERE: Final[Mapping[str, tuple[str, tuple[Any, ...]]]] = {
    "status, newest first": ("status = ?", ("new",)),
    "status and priority, newest first": ("status = ? AND priority_rank = ?", ("new", 2)),
    "an owner's, newest first": ("assigned_to = ?", ("user-7",)),
    "a stage, newest first": ("pipeline_id = ? AND stage = ?", ("inbound", "discovery")),
    "a source, newest first": ("source = ?", ("webinar",)),
    "all, newest first": ("1", ()),
    "all, by score": ("1", ()),
    "a score range, by score": ("score >= ? AND score <= ?", (4_000, 6_000)),
    "a condition, newest first": (
        "status = ? AND json_type(properties, '$.team_size') = 'integer'"  # noqa: ISC004 - one clause
        " AND json_extract(properties, '$.team_size') >= ?",
        ("new", 400),
    ),
    "a search, newest first": ("instr(search_text, ?) > 0", ("acme 77",)),
}
"""The same lists by hand: their clause and its parameters."""


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Answer the columns of made-up leads.

    Args:
        count: How many.
    """
    chosen = random.Random(5)  # noqa: S311 - made-up leads
    statuses = ("new",) * 5 + ("nurturing",) * 2 + ("qualified",) * 2 + ("disqualified", "converted")
    start = int((NOW - timedelta(days=900) - _EPOCH).total_seconds()) * 1_000_000
    for number in range(count):
        status = chosen.choice(statuses)
        created = start + chosen.randrange(900 * 86_400) * 1_000_000
        stamp = created + 3_600_000_000
        company = f"Acme {number % 5_000}"
        email = f"lead{number}@example{number % 900}.com"
        yield {
            "org": ORG,
            "id": f"lead-{number:09}",
            "email": email,
            "first_name": "Alice",
            "last_name": f"Doe {number}",
            "company": company,
            "pipeline_id": "inbound",
            "stage": chosen.choice(("new", "discovery", "demo", "won")),
            "status": status,
            "priority": (priority := chosen.choice(("low", "medium", "medium", "high"))),
            "score": None if number % 10 == 0 else chosen.randrange(10_000),
            "score_breakdown": '[{"rule":"fit","points":20}]',
            "source": chosen.choice(("web", "webinar", "referral", "fair", "ads", None)),
            "utm_params": "{}",
            "assigned_to": f"user-{number % 40}" if number % 3 else None,
            "qualified_at": stamp if status in ("qualified", "converted") else None,
            "disqualified_at": stamp if status == "disqualified" else None,
            "converted_at": stamp if status == "converted" else None,
            "properties": json.dumps({"team_size": chosen.randrange(500), "plan": "pro"}, separators=(",", ":")),
            "enrichment": "{}",
            "created_at": created,
            "updated_at": stamp,
            "version": 1,
            "email_key": email,
            "search_text": f"{email}\x1falice\x1fdoe {number}\x1f{company.lower()}",
            "priority_rank": ("low", "medium", "high").index(priority),
        }


def build(path: Path, count: int) -> None:
    """Make a file of leads, straight into the table."""
    from leadkit.sql import SqlStore  # noqa: PLC0415 - this clone's, found only now

    SqlStore.open(address(path)).close()
    with contextlib.closing(bare(path)) as connection:
        for pragma in ("synchronous = off", "journal_mode = off", "cache_size = -400000"):
            connection.execute(f"PRAGMA {pragma}")
        # An index is built much quicker than it grows.
        made = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'leads' AND sql IS NOT NULL"
        indexes = connection.execute(made).fetchall()
        columns = list(next(iter(rows(1))))
        marks = ", ".join(f":{name}" for name in columns)
        connection.execute("BEGIN IMMEDIATE")
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        insert = f"INSERT INTO leads ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - constants
        connection.executemany(insert, rows(count))
        for _, statement in indexes:
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = wal")


class Bare:
    """The lists, by hand."""

    def __init__(self, connection: sqlite3.Connection, columns: Sequence[tuple[str, str]]) -> None:
        """Prepare.

        Args:
            connection: To the file.
            columns: The columns of a lead, each with the way in which it is read.
        """
        self._connection = connection
        self._columns = columns
        self._names = ", ".join(name for name, _ in columns)
        self._readers = [_READERS.get(kind) for _, kind in columns]

    def page(self, name: str, order: str, after: tuple[Any, str] | None = None) -> tuple[list[dict[str, Any]], int]:
        """Answer a page and how many leads there are.

        Args:
            name: The list.
            order: What it is sorted by.
            after: The sort key and the id of the lead before the page.
        """
        clause, given = WHERE[name]
        where = f"deleted_at IS NULL AND {clause}"
        order_by = f"ORDER BY {order} DESC, id"
        self._connection.execute("BEGIN DEFERRED")
        try:
            count = self._connection.execute(f"SELECT count(*) FROM leads WHERE org = ? AND {where}", (ORG, *given))  # noqa: S608
            total = count.fetchone()[0]
            found: list[Any] = []
            parts: list[tuple[str, tuple[Any, ...], str]] = [("", (), order_by)]
            if after is not None:
                parts = [
                    (f" AND {order} = ? AND id > ?", after, "ORDER BY id"),
                    (f" AND {order} < ?", after[:1], order_by),
                ]
            for part, more, ordered in parts:
                if len(found) <= _PAGE:
                    statement = f"SELECT {self._names} FROM leads WHERE org = ?{part} AND {where} {ordered} LIMIT ?"  # noqa: S608
                    found += self._connection.execute(statement, (ORG, *more, *given, _PAGE + 1 - len(found)))
        finally:
            self._connection.execute("COMMIT")
        return [self._read(row) for row in found[:_PAGE]], total

    def _read(self, row: Sequence[Any]) -> dict[str, Any]:
        return {
            name: value if value is None or read is None else read(value)
            for (name, _), read, value in zip(self._columns, self._readers, row, strict=True)
        }


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "Json": json.loads,
    "Moment": lambda micros: datetime.fromtimestamp(micros / 1_000_000, UTC),
    "Hundredths": lambda points: points / 100,
}


def measured(path: Path, names: Sequence[str], rounds: int) -> dict[str, dict[str, float]]:
    """Time the lists, in turns with the bare ones.

    Raises:
        RuntimeError: The two sides disagree.
    """
    from leadkit.sql import SqlStore  # noqa: PLC0415 - this clone's, found only now
    from leadkit.sql.lead_rows import FIELDS  # noqa: PLC0415
    from leadkit.sql.schema import leads  # noqa: PLC0415

    store = SqlStore.open(address(path))
    columns = [(name, type(leads.c[name].type).__name__) for name in FIELDS]
    with contextlib.closing(bare(path)) as connection:
        by_hand = Bare(connection, columns)
        figures: dict[str, dict[str, float]] = {}
        for name in names:
            print(f"{name} …", file=sys.stderr, flush=True)
            figures[name] = _measured(store, by_hand, name, rounds)
    store.close()
    return figures


def _measured(store: Any, by_hand: Bare, name: str, rounds: int) -> dict[str, float]:
    from leadkit.leads.filtering import LeadQuery, sort_key  # noqa: PLC0415 - this clone's, found only now
    from leadkit.values import read  # noqa: PLC0415

    query = read(LeadQuery, dict(LISTS[name]))
    order = query.sort_field

    def ours(**changed: Any) -> Any:
        with store.unit_of_work(ORG) as work:
            return work.leads.page(query.model_copy(update=changed), as_of=NOW)

    first = ours()
    number = max(1, first.total // _PAGE // 2)
    halfway = ours(page=number)
    cursor = halfway.next_cursor
    if cursor is None:
        message = f"`{name}` fills one page only; more leads are needed"
        raise RuntimeError(message)
    last = halfway.items[-1]
    key = sort_key(last, order)
    place = ((key - _EPOCH) // timedelta(microseconds=1) if order == "created_at" else round(key * 100), last.id)
    for mine, theirs in ((first, by_hand.page(name, order)), (ours(cursor=cursor), by_hand.page(name, order, place))):
        if [lead.id for lead in mine.items] != [row["id"] for row in theirs[0]] or mine.total != theirs[1]:
            message = f"the two sides disagree about `{name}`"
            raise RuntimeError(message)
    timings = interleaved(
        {
            "ours": ours,
            "bare": lambda: by_hand.page(name, order),
            "ours deep": lambda: ours(cursor=cursor),
            "bare deep": lambda: by_hand.page(name, order, place),
            "ours uncounted": lambda: ours(total=False),
            "ours deep uncounted": lambda: ours(cursor=cursor, total=False),
            "ours numbered": lambda: ours(page=number, total=False),
        },
        rounds=rounds,
    )
    return {
        "leads": first.total,
        "milliseconds": timings.median("ours") * 1e3,
        "first": timings.ratio("ours", to="bare"),
        "deep": timings.ratio("ours deep", to="bare deep"),
        "deep to first": timings.ratio("ours deep", to="ours"),
        "uncounted milliseconds": timings.median("ours uncounted") * 1e3,
        "uncounted deep to first": timings.ratio("ours deep uncounted", to="ours uncounted"),
        "numbered milliseconds": timings.median("ours numbered") * 1e3,
    }


def main(given: Sequence[str] | None = None) -> int:
    """Build, time and print; answer the exit code."""
    parser = argparse.ArgumentParser(description="What a page of a list costs, as a ratio to bare SQL.")
    parser.add_argument("--leads", type=int, default=1_000_000, help="among how many (%(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="how often each has its turn (%(default)s)")
    parser.add_argument("--only", action="append", choices=tuple(LISTS), metavar="LIST", help="only this list")
    parser.add_argument("--file", type=Path, help="keep the leads in this file; one that is there is used")
    parser.add_argument("--bar", action="store_true", help=f"fail above {BAR}, or {DEEP_BAR} for a deep page")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    options = parser.parse_args(given)
    if options.rounds < 1 or options.leads < 1_000:  # noqa: PLR2004 - too few for a page amid each list
        parser.error("--rounds is at least 1, and --leads at least 1,000")
    use_this_clone()
    with workplace(None) as directory:
        path = options.file or directory / "leads.db"
        if not path.exists():
            start = time.perf_counter()
            build(path, options.leads)
            print(f"{options.leads:,} leads built in {time.perf_counter() - start:.0f} s")
        try:
            figures = measured(path, options.only or tuple(LISTS), options.rounds)
        except RuntimeError as error:
            print(error, file=sys.stderr)
            return 2
    print(f"{machine_line()}; medians of {options.rounds} rounds\n")
    heads = ("", "leads", "ms", "× bare", "deep × bare", "deep × first", "ms uncounted", "deep × first", "ms numbered")
    print(
        table(
            heads,
            [
                (name, f"{row['leads']:,}", *(f"{figure:.2f}" for figure in list(row.values())[1:]))
                for name, row in figures.items()
            ],
        )
    )
    if options.json is not None:
        write_json(options.json, "P5", {"bar": BAR, "deep bar": DEEP_BAR, "lists": figures})
    above = [
        name for name, row in figures.items() if max(row["first"], row["deep"]) > BAR or row["deep to first"] > DEEP_BAR
    ]
    if above and options.bar:
        print(f"P5 fails for {', '.join(above)}; the bars are {BAR} and {DEEP_BAR}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
