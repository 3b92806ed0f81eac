"""Make the sample that ships with leadkit: synthetic leads, as messy as real exports are, and their activities.

    python tools/make_sample.py [DIRECTORY]

Writes ``leads.csv``, ``activities.jsonl`` and ``sample.json`` (what an import of the leads comes to) into the
directory, which is the package's own when none is named; the mapping, the rules, the pipeline and the users beside them
are written by hand. The same seed always gives the same bytes: chance comes from ``random()`` alone, whose sequence
Python promises to keep, and nothing is left to how a library rounds. Nobody in it exists: addresses are in the domains
of RFC 2606, phones in the range 555-0100 to 555-0199.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED: Final = 20261124
PEOPLE: Final = 2_860
AS_OF: Final = datetime(2026, 11, 24, 10, tzinfo=UTC)
BERLIN: Final = ZoneInfo("Europe/Berlin")
SAMPLES: Final = Path(__file__).resolve().parent.parent / "src" / "leadkit" / "samples"

# fmt: off
HEADER: Final = (
    "Record ID", "First Name", "Last Name", "E-Mail", "Phone", "Company", "Job Title", "Lead Source", "Campaign",
    "UTM Source", "UTM Medium", "Country", "Team Size", "Annual Revenue", "Website Visits", "Pages per Visit",
    "Last Visit", "Created", "Demo Requested", "Newsletter", "Interests", "Priority", "Deal", "Notes",
)
FIRST_NAMES: Final = (
    "Alice Amélie Anders Ayşe Beatriz Ben Bogdan Carla Chen Chloé Daniel Diego Dora Elif Emma Erik Fatima "
    "Felix Freya Giulia Grace Hannah Henrik Hiro Ines Ivan Jack Jana João Jonas Julia Kemal Klara Lars Leila "
    "Liam Lucía Łukasz Maja Marco Mei Mia Mohammed Nadia Nils Noor Olga Oliver Paola Peter Priya Rafael Rosa "
    "Sanne Saoirse Sofia Søren Tariq Teresa Thảo Tom Ursula Víctor Wei Yara Yusuf Zoë"
).split()
LAST_NAMES: Final = (
    "Adams Andersson Baker Bauer Becker Brown Castillo Costa Demir Dubois Evans Fernández Fischer Fontaine "
    "García Green Hansen Hoffmann Ibrahim Ito Jansen Johnson Kaya Keller Khan Kim Kowalski Kumar Larsen "
    "Lefèvre Li López Martin Meyer Moreau Müller Nguyễn Nielsen Novák Okafor Olsen Patel Petrov Popescu "
    "Reyes Rossi Santos Sato Schmidt Silva Smith Ström Suzuki Taylor Torres Vargas Visser Wagner Walker Weiß "
    "Wójcik Young Zhang"
).split()
ODD_LAST_NAMES: Final = ("O'Brien", "van den Berg", "D'Angelo", "Smith-Jones", "de la Cruz", 'Reed "Jay"')
FIRMS: Final = (
    "Acorn Aster Birch Bluebird Cedar Cobalt Comet Delta Ember Falcon Fern Granite Harbor Iris Juniper Kestrel"
).split()
TRADES: Final = "Logistics Software Health Retail Foods Energy Media Robotics".split()
FORMS: Final = ("GmbH", "Ltd.", "Inc.", "S.A.", "& Sons", "Group", "")
TITLES: Final = (
    ("CEO", 6), ("CTO", 7), ("VP Sales", 8), ("Head of Marketing", 9), ("Sales Manager", 14), ("Developer", 14),
    ("Operations Manager", 12), ("Consultant", 9), ("Assistant", 8), ("Student", 6), ("", 7),
)
SOURCES: Final = (
    ("Website", 28), ("Organic Search", 18), ("Paid Search", 14), ("Webinar", 10), ("Referral", 9), ("Trade Fair", 8),
    ("Facebook", 6), ("Purchased List", 5), ("Select", 2),
)
CAMPAIGNS: Final = (("", 50), ("spring-launch", 14), ("webinar-scoring", 12), ("fair-2026", 10), ("retargeting-q4", 14))
COUNTRIES: Final = (
    ("Germany", 22), ("United States", 20), ("United Kingdom", 12), ("France", 10), ("Spain", 8), ("Brazil", 6),
    ("India", 6), ("Japan", 4), ("Nigeria", 3), ("Poland", 5), ("Select", 4),
)
TEAMS: Final = (((1, 4), 24), ((5, 19), 30), ((20, 49), 20), ((50, 199), 17), ((200, 480), 9))
INTERESTS: Final = ("scoring", "routing", "reporting", "integrations", "pricing", "migration", "API")
PRIORITIES: Final = (("", 60), ("Medium", 16), ("High", 12), ("low", 8), ("-", 4))
BLANKS: Final = (("", 80), ("N/A", 8), ("-", 6), ("n/a", 4), ("(none)", 2))
NOTES: Final = (
    "Asked for a call after the fair",
    "Wants to see the API; has a developer",
    'Said: "call me in spring", then hung up',
    "Met at booth 12\nInterested in routing\nSend the brochure",
    "=SUM of the seats is 40, he says",
    "-20% was promised by a partner",
    "Budget approved; decision in Q1",
    "Spricht Deutsch, möchte Unterlagen",
    "Left a voice mail\r\nNo answer yet",
    "@Julia: please take over",
)
# kind, how often
ACTIVITIES: Final = (("email", 40), ("visit", 34), ("call", 10), ("webinar", 8), ("meeting", 8))
AREAS: Final = ("202", "303", "312", "415", "503", "617")

# What makes a lead buy, in hundredths of a chance; the shipped rules know some of it.
CHANCE_TO_BUY: Final = 6
BUYS_BY_SOURCE: Final = {"Referral": 22, "Webinar": 14, "Purchased List": -20, "Facebook": -6}
BUYS_BY_TITLE: Final = {"CEO": 14, "CTO": 14, "VP Sales": 16, "Student": -25, "Assistant": -10}

# Rows that cannot be imported: what is changed in the row of a person like any other.
BROKEN: Final[tuple[dict[str, str], ...]] = (
    {"Record ID": "", "E-Mail": "", "Phone": ""},
    {"Record ID": "", "E-Mail": "N/A", "Phone": "-"},
    {"Record ID": "Select", "E-Mail": "", "Phone": ""},
    {"E-Mail": "anna.becker(at)example.com"},
    {"E-Mail": "tom@"},
    {"E-Mail": "rosa@example.com, rosa@example.org"},
    {"Team Size": "11-50"},
    {"Team Size": "about 40"},
    {"Created": "31.02.2026"},
    {"Created": "11/24/2026"},
    {"Last Visit": "yesterday"},
    {"Demo Requested": "maybe"},
    {"Annual Revenue": "1,234.50"},
    {"Priority": "urgent"},
    {"Phone": "1,55556E+10"},
)
# fmt: on

T = TypeVar("T")
Row = dict[str, str]


class Dice:
    """Chance, drawn from nothing but `random()`."""

    def __init__(self, seed: int) -> None:
        """Begin anew."""
        self._random = Random(seed).random  # noqa: S311 - a sample, no secret

    def between(self, low: int, high: int) -> int:
        """Answer a whole number, both ends included."""
        return low + int(self._random() * (high - low + 1))

    def chance(self, percent: int) -> bool:
        """Answer true so many times in a hundred."""
        return self._random() * 100 < percent

    def one(self, things: Sequence[T]) -> T:
        """Answer one of these."""
        return things[self.between(0, len(things) - 1)]

    def weighted(self, things: Sequence[tuple[T, int]]) -> T:
        """Answer one of these, each as often as its number says."""
        return self.one([thing for thing, weight in things for _ in range(weight)])

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """Answer so many of these, in any order."""
        left = list(things)
        return [left.pop(self.between(0, len(left) - 1)) for _ in range(count)]


_LETTERS: Final = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "ß": "ss"})


def plain(name: str) -> str:
    """Write a name in the letters of an address."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(letter for letter in decomposed.lower() if letter.isascii() and letter.isalnum())


def german(whole: int) -> str:
    """Write a whole number with two decimals, as German spreadsheets do."""
    return f"{whole:,}".replace(",", ".") + ",00"


class Sample:
    """The people of the sample, the rows that an export makes of them, and what they did."""

    def __init__(self, seed: int) -> None:
        """Begin anew."""
        self.dice = Dice(seed)
        self.addresses: set[str] = set()
        self.activities: list[dict[str, str]] = []

    def address(self, first: str, last: str, firm: str, trade: str) -> str:
        """Make an address that nobody has yet."""
        dice = self.dice
        host = "mail" if dice.chance(14) else f"{plain(firm)}-{plain(trade)}"
        stem = dice.one((f"{plain(first)}.{plain(last)}", f"{plain(first)[0]}{plain(last)}", plain(first)))
        domain = f"{host}.example.{dice.one(('com', 'org', 'net'))}"
        address, count = f"{stem}@{domain}", 1
        while address in self.addresses:
            count += 1
            address = f"{stem}{count}@{domain}"
        self.addresses.add(address)
        return address

    def phone(self) -> str:
        """Make a phone number that rings nowhere, written in one of the ways in which people write them."""
        area, line = self.dice.one(AREAS), f"01{self.dice.between(0, 99):02}"
        forms = (
            "+1 {} 555 {}",
            "({}) 555-{}",
            "{}.555.{}",
            "+1{}555{}",
            "1-{}-555-{}",
            "001 {} 555 {}",
            "+1 ({}) 555-{} x7",
        )
        return self.dice.one(forms).format(area, line)

    def person(self, number: int) -> Row:
        """Make a person, as the export of a careful company would show one."""
        dice = self.dice
        first = dice.one(FIRST_NAMES)
        last = dice.one(ODD_LAST_NAMES) if dice.chance(3) else dice.one(LAST_NAMES)
        firm, trade = dice.one(FIRMS), dice.one(TRADES)
        title, source, campaign = dice.weighted(TITLES), dice.weighted(SOURCES), dice.weighted(CAMPAIGNS)
        team = dice.between(*dice.weighted(TEAMS))
        visits = min(dice.between(0, 14), dice.between(0, 30))
        age = dice.between(2, 400)
        silence = min(dice.between(0, 90), dice.between(0, 90), age) if visits else None
        demo = dice.chance(17)
        merit = (
            CHANCE_TO_BUY
            + (24 if demo else 0)
            + 2 * visits
            + (10 if team >= 50 else 4 if team >= 20 else 0)  # noqa: PLR2004 - the makings of a story, not of a rule
            + (12 if silence is not None and silence < 14 else 0)  # noqa: PLR2004 - likewise
            + BUYS_BY_SOURCE.get(source, 0)
            + BUYS_BY_TITLE.get(title, 0)
        )
        deal = "Won" if dice.chance(min(merit, 92)) else dice.weighted((("Lost", 60), ("Open", 40)))
        visited = None if silence is None else AS_OF - timedelta(days=silence, minutes=dice.between(5, 600))
        self.remember(f"R-{100_000 + number}", merit, age)
        return dict(
            zip(
                HEADER,
                (
                    f"R-{100_000 + number}",
                    first,
                    last,
                    self.address(first, last, firm, trade),
                    self.phone() if dice.chance(70) else "",
                    f"{firm} {trade} {dice.one(FORMS)}".strip() if dice.chance(90) else "",
                    title,
                    source,
                    campaign,
                    dice.one(("newsletter", "search", "social")) if campaign else "",
                    dice.one(("email", "cpc")) if campaign else "",
                    dice.weighted(COUNTRIES),
                    str(team) if dice.chance(86) else dice.weighted(BLANKS),
                    german(team * dice.between(40, 220) * 1_000) if dice.chance(55) else dice.weighted(BLANKS),
                    str(visits),
                    f"{dice.between(1, 9)},{dice.between(0, 9)}" if visits else "",
                    "" if visited is None else f"{visited.astimezone(BERLIN):%d.%m.%Y %H:%M}",
                    f"{AS_OF - timedelta(days=age):%d.%m.%Y}",
                    dice.one(("Yes", "yes", "TRUE")) if demo else dice.one(("No", "no", "FALSE", "")),
                    "x" if dice.chance(40) else "",
                    ", ".join(dice.some(INTERESTS, dice.between(0, 3))),
                    dice.weighted(PRIORITIES),
                    deal,
                    dice.one(NOTES) if dice.chance(12) else "",
                ),
                strict=True,
            )
        )

    def remember(self, record: str, merit: int, age: int) -> None:
        """Note what a person did of late; the likelier to buy, the more and the later."""
        dice = self.dice
        for _ in range(dice.between(0, 1) + (dice.between(0, 3) if merit > dice.between(5, 60) else 0)):
            days = min(dice.between(0, 100), dice.between(0, 140 - min(merit, 90)), age)
            at = AS_OF - timedelta(days=days, minutes=dice.between(1, 1_400))
            self.activities.append(
                {"externalId": record, "type": dice.weighted(ACTIVITIES), "at": f"{at:%Y-%m-%dT%H:%M:00Z}"}
            )

    def typed(self, row: Row) -> Row:
        """Let somebody in a hurry type the row: other cases, spaces, missing identities."""
        dice = self.dice
        row = dict(row)
        if dice.chance(9):
            row["E-Mail"] = dice.one((row["E-Mail"].upper(), row["E-Mail"].title(), f" {row['E-Mail']} "))
        if dice.chance(4):
            row["First Name"] = dice.one(
                (row["First Name"].upper(), row["First Name"].lower(), f"{row['First Name']} ")
            )
        lost = dice.between(1, 100)
        if lost <= 6:  # noqa: PLR2004 - so many in a hundred have no address
            row["E-Mail"] = dice.weighted(BLANKS)
        elif lost <= 10:  # noqa: PLR2004 - and so many no id
            row["Record ID"] = ""
        elif lost <= 12 and row["Phone"]:  # noqa: PLR2004 - and some a phone alone
            row["Record ID"], row["E-Mail"] = "", ""
        return row


def doubles(sample: Sample, rows: list[Row]) -> Iterator[tuple[int, Row]]:
    """Yield rows of people who are in the list already, each with the place of the first."""
    known = [place for place, row in enumerate(rows) if row["Record ID"] and "@" in row["E-Mail"]]
    for place in sample.dice.some(known, 115):
        row = dict(rows[place])
        match sample.dice.between(0, 2):
            case 0:  # somebody pressed the button twice
                pass
            case 1:  # the same person came in again by another door
                row |= {
                    "Record ID": f"R-{200_000 + place}",
                    "E-Mail": row["E-Mail"].strip().swapcase(),
                    "Lead Source": "Webinar",
                }
            case _:  # somebody knew more, and lost the address
                row |= {"E-Mail": "", "Job Title": "CEO", "Notes": "Please merge"}
        yield place, row


def written(cells: Sequence[str]) -> str:
    """Write a row as a German spreadsheet does."""
    return ";".join(
        '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ';"\r\n') else cell for cell in cells
    )


def lines_of(sample: Sample) -> tuple[list[str], dict[str, int]]:
    """Make the lines of the file, and what an import of it comes to."""
    dice = sample.dice
    rows = [sample.typed(sample.person(number)) for number in range(PEOPLE)]
    lines = [written(list(row.values())) for row in rows]
    added = [
        (place + dice.between(1, len(rows) - place), written(list(row.values())))
        for place, row in doubles(sample, rows)
    ]
    broken = [written(list((sample.person(PEOPLE + number) | change).values())) for number, change in enumerate(BROKEN)]
    like_others = [list(sample.person(PEOPLE + 100 + number).values()) for number in range(6)]
    # Too many cells, too few, and a quote that is never closed.
    broken += [";".join([*cells[:-1], "Likes; among others; semicolons"]) for cells in like_others[:3]]
    broken += [";".join(cells[:3]) for cells in like_others[3:5]]
    broken += [";".join([*like_others[5][:-1], '"Said he would call back'])]
    blank = ["", "", "", ";" * (len(HEADER) - 1), ";" * (len(HEADER) - 1)]
    added += [(dice.between(1, len(rows)), line) for line in (*broken, *blank)]
    for place in dice.some(range(len(lines)), 5):
        lines[place] += ";;"
    # From the end, so that the places before stay what they were.
    for place, line in sorted(added, reverse=True):
        lines.insert(place, line)
    counts = {"rows": len(rows) + 115 + len(broken), "created": len(rows), "skipped": 115, "failed": len(broken)}
    return [";".join(HEADER), *lines], counts


def files(seed: int = SEED) -> dict[str, bytes]:
    """Make the files of the sample.

    Args:
        seed: Where chance begins.

    Returns:
        For each name its content.
    """
    sample = Sample(seed)
    lines, counts = lines_of(sample)
    about = {"asOf": f"{AS_OF:%Y-%m-%dT%H:%M:%SZ}", "import": counts, "activities": len(sample.activities)}
    activities = sorted(sample.activities, key=lambda activity: (activity["at"], activity["externalId"]))
    return {
        "leads.csv": ("\ufeff" + "".join(f"{line}\r\n" for line in lines)).encode(),
        "activities.jsonl": "".join(f"{json.dumps(activity)}\n" for activity in activities).encode(),
        "sample.json": (json.dumps(about, indent=2) + "\n").encode(),
    }


def main() -> None:
    """Write the files."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (directory / name).write_bytes(content)
        print(f"{directory / name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
