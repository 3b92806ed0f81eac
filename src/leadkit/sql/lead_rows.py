"""A lead as a row of the table, and a row as a lead."""

from __future__ import annotations

import functools
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from leadkit.leads import Enriched, Lead, LeadStatus, Priority, ScoreLine
from leadkit.leads.lead import trusted
from leadkit.leads.making import LEAD_FIELDS
from leadkit.sql.schema import UNSCORED
from leadkit.values import normalise_email
from leadkit.values.numbers import hundredths
from leadkit.values.times import isoformat, read_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "BETWEEN",
    "COLUMNS",
    "DERIVED",
    "FIELDS",
    "SEARCHED",
    "lead_of",
    "rank_for_routing",
    "row_of",
    "search_text",
]

FIELDS: Final = LEAD_FIELDS
"""The fields of a lead, which are columns by the same names, in their order."""

# Stands between the texts that a search looks in, and in none of them: models refuse it nowhere, people type it never.
BETWEEN: Final = "\x1f"
SEARCHED: Final = ("email", "first_name", "last_name", "company", "phone")
_searched_of: Final = attrgetter(*SEARCHED)

_RANK: Final = {priority: rank for rank, priority in enumerate(Priority)}
_STATUS: Final = {status.value: status for status in LeadStatus}
_PRIORITY: Final = {priority.value: priority for priority in Priority}


def search_text(lead: Lead) -> str:
    """Answer what a search looks in, in lower case.

    Args:
        lead: The lead.
    """
    return BETWEEN.join([text for text in _searched_of(lead) if text is not None]).lower()


def rank_for_routing(lead: Lead) -> int:
    """Answer the place of a lead among those that are routed, as `route_rank` has it: the highest score first.

    Args:
        lead: The lead.
    """
    return UNSCORED if lead.score is None else -hundredths(lead.score)


def _lines(lead: Lead) -> list[dict[str, Any]]:
    return [{"rule": line.rule, "points": line.points} for line in lead.score_breakdown]


def _provenance(lead: Lead) -> dict[str, dict[str, Any]]:
    return {
        name: {"provider": each.provider, "value": each.value, "at": isoformat(each.at)}
        for name, each in lead.enrichment.items()
    }


# The columns that do not hold the value of the field just as it is.
_WRITERS: Final[Mapping[str, Callable[[Lead], Any]]] = {
    "status": lambda lead: lead.status.value,
    "priority": lambda lead: lead.priority.value,
    "score_breakdown": _lines,
    "enrichment": _provenance,
    "email_key": lambda lead: None if lead.email is None else normalise_email(lead.email),
    "search_text": search_text,
    "priority_rank": lambda lead: _RANK[lead.priority],
}

DERIVED: Final[Mapping[str, frozenset[str]]] = {
    "email_key": frozenset({"email"}),
    "search_text": frozenset(SEARCHED),
    "priority_rank": frozenset({"priority"}),
}
"""The columns that are derived from a lead whenever it is written, and the fields that they are derived from."""

COLUMNS: Final = (*FIELDS, *DERIVED)
"""The columns of a lead, without the organisation."""


@functools.cache
def _writers(columns: tuple[str, ...]) -> tuple[Callable[[Lead], Any], tuple[tuple[int, Callable[[Lead], Any]], ...]]:
    """Answer what gets the values of columns in one go, and what writes those that are not the values of fields."""
    at_hand = attrgetter(*[name if name in FIELDS else "version" for name in columns])
    return at_hand, tuple((place, _WRITERS[name]) for place, name in enumerate(columns) if name in _WRITERS)


def row_of(lead: Lead, columns: tuple[str, ...] = COLUMNS) -> list[Any]:
    """Answer the values of columns of a lead.

    Args:
        lead: The lead.
        columns: Which of them, at least two.
    """
    at_hand, writers = _writers(columns)
    row = list(at_hand(lead))
    for place, write in writers:
        row[place] = write(lead)
    return row


_STATUS_AT: Final = FIELDS.index("status")
_PRIORITY_AT: Final = FIELDS.index("priority")
_BREAKDOWN_AT: Final = FIELDS.index("score_breakdown")
_ENRICHMENT_AT: Final = FIELDS.index("enrichment")


def lead_of(row: Sequence[Any]) -> Lead:
    """Answer the lead of a row.

    Args:
        row: The columns of `FIELDS`, read.
    """
    values = list(row)
    values[_STATUS_AT] = _STATUS[values[_STATUS_AT]]
    values[_PRIORITY_AT] = _PRIORITY[values[_PRIORITY_AT]]
    values[_BREAKDOWN_AT] = tuple(
        [trusted(ScoreLine, (line["rule"], line["points"])) for line in values[_BREAKDOWN_AT]]
    )
    values[_ENRICHMENT_AT] = {
        name: trusted(Enriched, (each["provider"], each["value"], read_instant(each["at"])))
        for name, each in values[_ENRICHMENT_AT].items()
    }
    return trusted(Lead, values)
