"""Gate P4: import a CSV file into SQLite, against `csv.reader`, the model and bare `executemany`.

    python benchmarks/p4_import.py                       # 1,000,000 rows
    python benchmarks/p4_import.py --bar 2 --memory 64   # exit code 1 above a ratio, or so many MiB

The bare side reads the file with the standard reader, makes a `Lead` of each row, and writes it with its event and its
place in the outbox, in transactions of the same size. It looks for no duplicates, guesses nothing, and knows that no
row is wrong. Both sides start with an empty file of the same tables and indexes; before anything is timed, both must
have written the same, but for the ids. How much memory leadkit takes is measured in a process of its own: its peak,
less what it held when the kit was open.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

from measuring import SOURCE, use_this_clone, write_json
from side_by_side import chosen, compared, told, verdict, with_options
from sqlite_files import (
    ENQUEUE,
    INSERT_EVENT,
    NOW,
    ORG,
    StandingClock,
    address,
    bare,
    copy_of,
    differing,
    executemany,
    in_turns,
    workplace,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

LEADKIT: Final = "leadkit, imports.csv"
BARE: Final = "csv.reader, Lead, executemany"
AT_ONCE: Final = 500
"""How many rows leadkit keeps in a unit of work."""

HEADERS: Final = ("Email", "First Name", "Last Name", "Phone", "Company", "CRM Id", "Source", "Team Size", "Country")
MAPPING: Final = {
    "columns": {
        "Email": "email",
        "First Name": "firstName",
        "Last Name": "lastName",
        "Phone": "phone",
        "Company": "company",
        "CRM Id": "externalId",
        "Source": "source",
        "Team Size": {"to": "properties.team_size", "type": "integer"},
        "Country": "properties.country",
    }
}
INSERTED: Final = (
    "org",
    "id",
    "email",
    "first_name",
    "last_name",
    "phone",
    "company",
    "external_id",
    "status",
    "priority",
    "score_breakdown",
    "source",
    "utm_params",
    "properties",
    "enrichment",
    "created_at",
    "updated_at",
    "version",
    "email_key",
    "search_text",
    "priority_rank",
)
INSERT_LEAD: Final = f"INSERT INTO leads ({', '.join(INSERTED)}) VALUES ({', '.join('?' * len(INSERTED))})"  # noqa: S608 - constants
COMPARED: Final = {
    "leads": tuple(name for name in INSERTED if name != "id"),
    "events": ("org", "sequence", "type", "time", "actor", "json_remove(data, '$.lead.id')"),
    "outbox": ("org", "sequence", "position", "state", "attempts"),
}

# Opens the kit, notes what the process holds, imports, and prints by how much the peak exceeds it, in KiB.
MEMORY: Final = """
import json, resource, sys
import leadkit as lk
kit = lk.LeadKit.open(sys.argv[1])
workspace = kit.workspace(org="acme", actor="bench")
with open("/proc/self/status") as status:
    start = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
report = workspace.imports.csv(sys.argv[2], mapping=json.loads(sys.argv[3]))
assert report.created == report.rows
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start)
"""


def written(path: Path, rows: int, *, seed: int = 4) -> None:
    """Write the file that is imported, the same one for the same seed.

    Args:
        path: The file.
        rows: How many rows it has.
        seed: The seed.
    """
    # Not for secrets: the same file on every machine is the point.
    chance = random.Random(seed)  # noqa: S311
    firsts, lasts = ("Ada", "Björn", "Chloé", "Dmitri", "Elif"), ("Lovelace", "Åkesson", "Dubois", "de Vries", "Sato")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for number in range(rows):
            first, last = chance.choice(firsts), chance.choice(lasts)
            writer.writerow(
                (
                    f"{first}.{number}@acme{number % 997}.example",
                    first,
                    last,
                    f"+49 30 {chance.randint(100_000, 999_999)}",
                    chance.choice(("Acme", "Globex", "Initech, Inc.", "Umbrella")),
                    f"crm-{number}",
                    chance.choice(("web", "referral", "partner", "webinar")),
                    chance.choice(("", "1", "9", "10", "300")),
                    chance.choice(("DE", "AT", "NL", "FR", "GB", "US")),
                )
            )


def leads_of(file: Any) -> Iterator[Any]:
    """Make a lead of each row, as anybody would who trusts the file."""
    from leadkit.leads import Lead  # noqa: PLC0415 - found only now

    rows = csv.reader(file)
    next(rows)
    for number, (email, first, last, phone, company, external, source, size, country) in enumerate(rows):
        properties: dict[str, Any] = {"team_size": int(size)} if size else {}
        properties["country"] = country
        yield Lead(
            id=f"lead_{number:032}",
            email=email,
            first_name=first,
            last_name=last,
            phone=phone,
            company=company,
            external_id=external,
            source=source,
            properties=properties,
            created_at=NOW,
            updated_at=NOW,
        )


def row_of(lead: Any, now: int) -> tuple[Any, ...]:
    """Answer the row of a new lead, with what the table's indexes and searches want."""
    searched = (lead.email, lead.first_name, lead.last_name, lead.company, lead.phone)
    return (
        ORG,
        lead.id,
        lead.email,
        lead.first_name,
        lead.last_name,
        lead.phone,
        lead.company,
        lead.external_id,
        lead.status.value,
        lead.priority.value,
        "[]",
        lead.source,
        "{}",
        json.dumps(lead.properties, separators=(",", ":")),
        "{}",
        now,
        now,
        1,
        lead.email.strip().casefold(),
        "\x1f".join(searched).lower(),
        1,
    )


class Sides:
    """Both sides at work, each on an empty file."""

    def __init__(self, place: Path, source: Path) -> None:
        """Prepare an empty file with all its tables."""
        import leadkit as lk  # noqa: PLC0415 - found only now
        from leadkit.sql.types import microseconds  # noqa: PLC0415 - found only now

        self._lk = lk
        self._now = microseconds(NOW)
        self._pristine = place / "pristine.db"
        self._source = source
        lk.LeadKit.open(address(self._pristine)).store.close()

    def leadkit(self, name: str) -> Callable[[], object]:
        """Answer leadkit's turn on an empty file."""
        kit = self._lk.LeadKit.open(address(copy_of(self._pristine, name)), clock=StandingClock())
        imports = kit.workspace(org=ORG, actor="bench").imports

        def work() -> None:
            imports.csv(self._source, mapping=MAPPING)
            kit.store.close()

        return work

    def bare(self, name: str) -> Callable[[], object]:
        """Answer the bare side's turn on an empty file."""
        path = copy_of(self._pristine, name)

        def work() -> None:
            with contextlib.closing(bare(path)) as connection, self._source.open(encoding="utf-8", newline="") as file:
                position = 0
                batch: list[Any] = []
                for lead in leads_of(file):
                    batch.append(lead)
                    if len(batch) == AT_ONCE:
                        self._keep(connection, batch, position)
                        position += len(batch)
                        batch = []
                self._keep(connection, batch, position)

        return work

    def _keep(self, connection: Any, batch: Sequence[Any], position: int) -> None:
        events = [
            (ORG, lead.id, 1, "lead.created", self._now, "bench", f'{{"lead":{lead.model_dump_json()}}}')
            for lead in batch
        ]
        waiting = [(ORG, lead.id, 1, place, "pending", 0) for place, lead in enumerate(batch, position + 1)]
        leads = [row_of(lead, self._now) for lead in batch]
        executemany(connection, [(INSERT_LEAD, leads), (INSERT_EVENT, events), (ENQUEUE, waiting)])

    def differing(self) -> list[str]:
        """Name the tables in which the two sides differ after a turn of each."""
        self.leadkit("first.db")()
        self.bare("bare.db")()
        return differing(self._pristine.with_name("first.db"), self._pristine.with_name("bare.db"), COMPARED)


def memory(place: Path, source: Path) -> float:
    """Answer by how many MiB the peak of an import exceeds what the process held before.

    Args:
        place: The directory for the file.
        source: What is imported.

    Raises:
        subprocess.CalledProcessError: The import fails.
    """
    for leftover in place.glob("memory.db*"):
        leftover.unlink()
    command = [sys.executable, "-P", "-c", MEMORY, address(place / "memory.db"), str(source), json.dumps(MAPPING)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, stdout=subprocess.PIPE, text=True, check=True
    )
    return int(done.stdout) / 1024


def main(given: Sequence[str] | None = None) -> int:
    """Time and print; answer the exit code."""
    description = "Importing a CSV file into SQLite, as a ratio to the bare work."
    parser = with_options(description, counted="rows", count=1_000_000, rounds=1)
    parser.add_argument("--memory", type=float, metavar="MIB", help="fail above so much memory over the start")
    options = chosen(parser, given)
    use_this_clone()
    with workplace(options.where) as place:
        source = place / "leads.csv"
        written(source, min(options.count, 10_000))
        if different := Sides(place, source).differing():
            print(f"the two sides write different rows into {', '.join(different)}", file=sys.stderr)
            return 2
        written(source, options.count)
        sides = Sides(place, source)
        timings = in_turns(
            {BARE: lambda: sides.bare("bare.db"), LEADKIT: lambda: sides.leadkit("ours.db")}, rounds=options.rounds
        )
        over = memory(place, source)
    figures = compared(timings, to=BARE, count=options.count)
    told(figures, what=f"{options.count:,} rows, {options.rounds} rounds", unit="a row")
    print(f"\nmemory over the start: {over:.1f} MiB")
    if options.json is not None:
        write_json(options.json, "P4", {"rows": options.count, "memory_mib": over, "sides": figures})
    return verdict(
        "P4",
        [
            (f"the ratio of {LEADKIT}", figures[LEADKIT]["ratio"], options.bar),
            ("the memory over the start, in MiB,", over, options.memory),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
