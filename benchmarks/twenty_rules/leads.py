"""Made-up leads as they come over the wire: full of gaps, the same ones for the same seed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, Final

from twenty_rules import AS_OF

__all__ = ["made_leads"]

_FIRST: Final = ("Ada", "Björn", "Chloé", "Dmitri", "Elif", "Femke", "Grace", "Hugo", "Inés", "Jun")
_LAST: Final = ("Lovelace", "Åkesson", "Dubois", "Ivanov", "Öztürk", "de Vries", "Hopper", "Martin", "García", "Sato")
_HOSTS: Final = ("gmail.com", "hotmail.com", "yahoo.co.uk", "acme.example", "globex.example", "initech.example")
_TITLES: Final = (
    "Chief Revenue Officer",
    "VP Sales",
    "Head of Marketing",
    "Director of Operations",
    "Account Executive",
    "Software Engineer",
    "Student",
    "Intern, Sales",
    "Buyer",
    "",
)
_COUNTRIES: Final = ("DE", "AT", "CH", "NL", "FR", "GB", "US", "CA", "BR", "IN", "JP", "ZA")
_INDUSTRIES: Final = ("Software", "Finance", "Retail", "Logistics", "Health")
_TAGS: Final = ("demo", "newsletter", "webinar", "competitor", "enterprise")
# How far back the windows of the rules reach, and a second more; and a second ahead.
_BORDERS: Final = tuple(
    timedelta(days=days, seconds=seconds) for days, seconds in ((0, 0), (14, 0), (14, 1), (30, 0), (30, 1), (0, -1))
)
_AT_A_BORDER: Final = 0.2
_SOURCES: Final = ("web", "referral", "partner", "webinar", "facebook", "import")


def made_leads(count: int, *, seed: int = 20) -> list[dict[str, Any]]:
    """Make leads in the form of the wire: camelCase, times as ISO text in UTC.

    A value that a lead does not have is left out, or is there as null; now and then the whole of `properties` or
    `utmParams` is. Each document is also accepted by the `Lead` model.

    Args:
        count: How many.
        seed: The same seed makes the same leads.
    """
    # Not for secrets: the same leads on every machine are the point.
    chance = random.Random(seed)  # noqa: S311
    return [_lead(number, chance) for number in range(1, count + 1)]


def _lead(number: int, chance: random.Random) -> dict[str, Any]:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    created = _moment(chance, days=120)
    lead: dict[str, Any] = {
        "id": f"lead-{number}",
        "externalId": f"crm-{number}",
        "firstName": first,
        "lastName": last,
        "company": chance.choice(("Acme", "Globex", "Initech", "Umbrella")),
        "pipelineId": "sales",
        "stage": chance.choice(("inbox", "contacted", "demo")),
        "priority": chance.choice(("low", "medium", "high")),
        "createdAt": created,
        "updatedAt": created,
        "version": chance.randint(1, 9),
    }
    lead |= _status(created, chance)
    _put(lead, "email", f"{first}.{last}@{chance.choice(_HOSTS)}".replace(" ", ""), chance, known=0.85)
    _put(lead, "phone", f"+49 30 {chance.randint(100_000, 999_999)}", chance, known=0.5)
    _put(lead, "source", chance.choice(_SOURCES), chance, known=0.9)
    _put(lead, "assignedTo", f"user-{chance.randint(1, 9)}", chance, known=0.4)
    _put(lead, "utmParams", _utm(chance), chance, known=0.7, left_out=1.0)
    _put(lead, "properties", _properties(chance), chance, known=0.95, left_out=1.0)
    return lead


def _status(created: str, chance: random.Random) -> dict[str, Any]:
    status = chance.choice(("new", "new", "new", "nurturing", "qualified", "disqualified"))
    stamps = {"qualified": {"qualifiedAt": created}, "disqualified": {"disqualifiedAt": created}}
    return {"status": status, **stamps.get(status, {})}


def _utm(chance: random.Random) -> dict[str, Any]:
    utm: dict[str, Any] = {}
    _put(utm, "utm_source", chance.choice(("google", "linkedin", "newsletter")), chance, known=0.9)
    _put(utm, "utm_medium", chance.choice(("cpc", "ppc", "email", "social")), chance, known=0.8)
    _put(utm, "utm_campaign", f"autumn-{chance.randint(1, 5)}", chance, known=0.6)
    return utm


def _properties(chance: random.Random) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    _put(properties, "team_size", chance.choice((0, 1, 3, 9, 10, 11, 40, 300)), chance)
    _put(properties, "employees", chance.choice((1, 9, 10, 49, 50, 99, 100, 800, 2000, 2001, 9000)), chance)
    _put(properties, "job_title", chance.choice(_TITLES), chance)
    _put(properties, "country", chance.choice(_COUNTRIES), chance, known=0.85)
    _put(properties, "industry", chance.choice(_INDUSTRIES), chance)
    _put(properties, "budget", chance.choice((0, 999.5, 2499.99, 2500, 12_000, 24_999.99, 25_000, 80_000)), chance)
    _put(properties, "tags", chance.sample(_TAGS, chance.randint(0, 3)), chance, known=0.7)
    _put(properties, "days_since_visit", chance.choice((0, 1, 6, 7, 8, 30)), chance)
    _put(properties, "last_seen_at", _moment(chance, days=40), chance, known=0.7)
    return properties


def _put(
    document: dict[str, Any],
    name: str,
    value: Any,
    chance: random.Random,
    *,
    known: float = 0.75,
    left_out: float = 0.5,
) -> None:
    """Give a document a value, or leave a gap: nothing at all, or null."""
    if chance.random() < known:
        document[name] = value
    elif chance.random() >= left_out:
        document[name] = None


def _moment(chance: random.Random, *, days: int) -> str:
    """Answer a time as text: mostly any second of the last days, at times a border of a window, or the future."""
    back = timedelta(seconds=chance.randint(0, days * 86_400))
    if chance.random() < _AT_A_BORDER:
        back = chance.choice(_BORDERS)
    moment: datetime = AS_OF - back
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
