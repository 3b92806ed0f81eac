"""The twenty rules as somebody would write them in Python: the measure of all the others, in speed and in answers.

Twice: `answers` says of each rule whether it matches, one plain expression after another, and is what everything else
is compared with; `scorer` is the function that one would write to be fast, and is what is timed.
"""
# ruff: noqa: C901, PLR0912, PLR0915, PLR2004 - twenty rules, one after the other, with their numbers where they belong

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from twenty_rules import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["answers", "scorer", "scorer_of_models"]

_HOME: Final = frozenset({"DE", "AT", "CH", "NL", "BE", "DK", "SE"})
_MARKETS: Final = _HOME | {"FR", "GB", "IE", "US", "CA"}
_SENIOR: Final = ("Chief", "VP", "Head of", "Director")
_JUNIOR: Final = ("Student", "Intern")
_PERSONAL: Final = ("@gmail.", "@hotmail.", "@yahoo.")


def _lies_within(text: str | None, days: int) -> bool:
    return text is not None and AS_OF - timedelta(days=days) <= datetime.fromisoformat(text) <= AS_OF


def answers(lead: dict[str, Any]) -> list[bool]:
    """Tell of each rule whether it matches.

    Args:
        lead: A lead as it comes over the wire.
    """
    properties: dict[str, Any] = lead.get("properties") or {}
    utm: dict[str, Any] = lead.get("utmParams") or {}
    email: str = lead.get("email") or ""
    title: str = properties.get("job_title") or ""
    tags: list[str] = properties.get("tags") or []
    country, source = properties.get("country"), lead.get("source")
    team, employees = properties.get("team_size"), properties.get("employees")
    budget, visit = properties.get("budget"), properties.get("days_since_visit")
    return [
        lead.get("email") is not None,
        lead.get("phone") is not None,
        team is not None and team >= 10,
        employees is not None and 50 <= employees <= 2000,
        employees is not None and employees < 10,
        any(word in title for word in _SENIOR),
        not any(word in title for word in _JUNIOR),
        any(host in email for host in _PERSONAL),
        country in _HOME,
        country is not None and country not in _MARKETS,
        source in ("referral", "partner"),
        utm.get("utm_source") == "google" and utm.get("utm_medium") in ("cpc", "ppc"),
        _lies_within(lead.get("createdAt"), 30),
        _lies_within(properties.get("last_seen_at"), 14),
        visit is not None and visit <= 7,
        budget is not None
        and employees is not None
        and ((budget >= 25_000 and employees >= 50) or (budget >= 2_500 and employees < 50)),
        "demo" in tags,
        "competitor" in tags,
        lead.get("status") in ("new", "nurturing") and lead.get("assignedTo") is None,
        properties.get("industry") in ("Software", "Finance")
        and not (employees is not None and employees < 100)
        and (country in ("DE", "US", "GB") or source == "referral"),
    ]


def scorer(as_of: datetime) -> Callable[[dict[str, Any]], float]:
    """Write the function that scores leads as they come over the wire.

    One `if` a rule, every field read once, windows computed once.

    Args:
        as_of: Now.
    """
    month, fortnight = as_of - timedelta(days=30), as_of - timedelta(days=14)
    read = datetime.fromisoformat

    def score(lead: dict[str, Any]) -> float:
        properties = lead.get("properties") or {}
        utm = lead.get("utmParams") or {}
        email, source, created = lead.get("email"), lead.get("source"), lead.get("createdAt")
        title = properties.get("job_title") or ""
        country = properties.get("country")
        team = properties.get("team_size")
        employees = properties.get("employees")
        seen = properties.get("last_seen_at")
        visit = properties.get("days_since_visit")
        budget = properties.get("budget")
        tags = properties.get("tags") or ()
        points: float = 0
        if email is not None:
            points += 5
        if lead.get("phone") is not None:
            points += 5
        if team is not None and team >= 10:
            points += 15
        if employees is not None and 50 <= employees <= 2000:
            points += 10
        if employees is not None and employees < 10:
            points -= 5
        if "Chief" in title or "VP" in title or "Head of" in title or "Director" in title:
            points += 20
        if not ("Student" in title or "Intern" in title):
            points += 2
        if email is not None and ("@gmail." in email or "@hotmail." in email or "@yahoo." in email):
            points -= 10
        if country in _HOME:
            points += 10
        if country is not None and country not in _MARKETS:
            points -= 15
        if source in ("referral", "partner"):
            points += 20
        if utm.get("utm_source") == "google" and utm.get("utm_medium") in ("cpc", "ppc"):
            points += 5
        if created is not None and month <= read(created) <= as_of:
            points += 10
        if seen is not None and fortnight <= read(seen) <= as_of:
            points += 15
        if visit is not None and visit <= 7:
            points += 10
        if (
            budget is not None
            and employees is not None
            and ((budget >= 25_000 and employees >= 50) or (budget >= 2_500 and employees < 50))
        ):
            points += 12.5
        if "demo" in tags:
            points += 25
        if "competitor" in tags:
            points -= 50
        if lead.get("status") in ("new", "nurturing") and lead.get("assignedTo") is None:
            points += 3
        if (
            properties.get("industry") in ("Software", "Finance")
            and (employees is None or employees >= 100)
            and (country in ("DE", "US", "GB") or source == "referral")
        ):
            points += 20
        return points

    return score


def scorer_of_models(as_of: datetime) -> Callable[[Any], float]:
    """Write the same for `Lead` models, whose own times are datetimes already.

    Args:
        as_of: Now.
    """
    month, fortnight = as_of - timedelta(days=30), as_of - timedelta(days=14)
    read = datetime.fromisoformat

    def score(lead: Any) -> float:
        properties, utm = lead.properties, lead.utm_params
        email, source = lead.email, lead.source
        title = properties.get("job_title") or ""
        country = properties.get("country")
        team = properties.get("team_size")
        employees = properties.get("employees")
        seen = properties.get("last_seen_at")
        visit = properties.get("days_since_visit")
        budget = properties.get("budget")
        tags = properties.get("tags") or ()
        points: float = 0
        if email is not None:
            points += 5
        if lead.phone is not None:
            points += 5
        if team is not None and team >= 10:
            points += 15
        if employees is not None and 50 <= employees <= 2000:
            points += 10
        if employees is not None and employees < 10:
            points -= 5
        if "Chief" in title or "VP" in title or "Head of" in title or "Director" in title:
            points += 20
        if not ("Student" in title or "Intern" in title):
            points += 2
        if email is not None and ("@gmail." in email or "@hotmail." in email or "@yahoo." in email):
            points -= 10
        if country in _HOME:
            points += 10
        if country is not None and country not in _MARKETS:
            points -= 15
        if source in ("referral", "partner"):
            points += 20
        if utm.get("utm_source") == "google" and utm.get("utm_medium") in ("cpc", "ppc"):
            points += 5
        if month <= lead.created_at <= as_of:
            points += 10
        if seen is not None and fortnight <= read(seen) <= as_of:
            points += 15
        if visit is not None and visit <= 7:
            points += 10
        if (
            budget is not None
            and employees is not None
            and ((budget >= 25_000 and employees >= 50) or (budget >= 2_500 and employees < 50))
        ):
            points += 12.5
        if "demo" in tags:
            points += 25
        if "competitor" in tags:
            points -= 50
        if lead.status in ("new", "nurturing") and lead.assigned_to is None:
            points += 3
        if (
            properties.get("industry") in ("Software", "Finance")
            and (employees is None or employees >= 100)
            and (country in ("DE", "US", "GB") or source == "referral")
        ):
            points += 20
        return points

    return score
