"""Taking up what providers know: empty fields first, nothing protected, nothing lost, and where each value came from.

A provider is a stranger: a value that the lead's model refuses is left out and reported, never raised.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.errors import InvalidInput, closest
from leadkit.leads import PROTECTED, WRITABLE, Enriched, Lead, LeadPatch, wire_name
from leadkit.values import canonical_json, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadkit.enrichment.outcomes import Match

__all__ = ["Merged", "Refused", "merge", "still_wanted"]

_PROPERTY: Final = "properties."
_FIELDS: Final = {spelling: name for name in WRITABLE for spelling in (name, wire_name(name))}
_GUARDED: Final = {spelling: name for name in PROTECTED for spelling in (name, wire_name(name))}


@attrs.frozen(kw_only=True)
class Refused:
    """A value that was not taken up.

    Attributes:
        provider: Who offered it.
        field: For which field.
        reason: Why it was left out; never the value itself.
    """

    provider: str
    field: str
    reason: str


@attrs.frozen(kw_only=True)
class Merged:
    """What is taken up.

    Attributes:
        changes: Fields of the lead and their new values, for an `Enrich`.
        provenance: For each changed field (and each property), where its value came from.
        refused: What was offered and left out.
    """

    changes: dict[str, Any] = attrs.field(repr=False)
    provenance: dict[str, Enriched] = attrs.field(repr=False)
    refused: tuple[Refused, ...] = ()


def _empty(value: object) -> bool:
    return value is None or value in ("", [], {}, ())


def merge(lead: Lead, matches: Sequence[Match], *, at: datetime, overwrite: bool = False) -> Merged:
    """Decide what a lead takes up from its matches; an earlier match comes before a later one.

    Args:
        lead: The lead.
        matches: What providers answered, in the order in which they are trusted.
        at: The present.
        overwrite: Whether values that are there already give way to those of the first match that has one.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.enrichment import Match
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(id="1", email="a@example.com", company="Acme", created_at=now, updated_at=now)
        >>> found = Match(provider="apollo", values={"company": "ACME Inc", "phone": "+1 555 0100", "score": 99})
        >>> merged = merge(lead, [found], at=now)
        >>> merged.changes, [(refused.field, refused.reason) for refused in merged.refused]
        ({'phone': '+1 555 0100'}, [('score', 'only the command `score` may write it')])
    """
    taken: dict[str, tuple[str, Any]] = {}
    refused: list[Refused] = []
    for match in matches:
        for field, value in match.values.items():
            reason = _refusal(field)
            name = _target(field)
            if reason is None and (_empty(value) or name in taken or not (overwrite or _empty(_present(lead, name)))):
                continue
            reason = reason or _fault(name, value)
            if reason is None:
                taken[name] = (match.provider, value)
            else:
                refused.append(Refused(provider=match.provider, field=field, reason=reason))
    changes = _changes(lead, {name: value for name, (_, value) in taken.items()})
    provenance = {
        wire_name(name) if name in WRITABLE else name: Enriched(provider=provider, value=value, at=at)
        for name, (provider, value) in taken.items()
        if name in changes or (name.startswith(_PROPERTY) and _differs(lead, name, value))
    }
    return Merged(changes=changes, provenance=provenance, refused=tuple(refused))


def still_wanted(lead: Lead, matches: Sequence[Match], wanted: Sequence[str]) -> tuple[str, ...]:
    """Answer which of the wanted fields neither the lead nor a match has: what the next provider is asked for.

    Args:
        lead: The lead.
        matches: What was answered so far.
        wanted: Fields in either spelling, or properties.
    """
    offered = {_target(field) for match in matches for field, value in match.values.items() if not _empty(value)}
    return tuple(
        field for field in wanted if _target(field) not in offered and _empty(_present(lead, _target(field)))
    )


def _target(field: str) -> str:
    return _FIELDS.get(field, field)


def _present(lead: Lead, name: str) -> object:
    if name.startswith(_PROPERTY):
        return lead.properties.get(name.removeprefix(_PROPERTY))
    return getattr(lead, name, None)


def _differs(lead: Lead, name: str, value: object) -> bool:
    return canonical_json(_present(lead, name)) != canonical_json(value)


def _refusal(field: str) -> str | None:
    """Say why a field cannot be enriched, or None when it can."""
    if field in _GUARDED:
        return f"only the command `{PROTECTED[_GUARDED[field]]}` may write it"
    if field in ("properties", "utm_params", "utmParams"):
        return "name each property by itself, such as properties.team_size"
    if field in _FIELDS or field.removeprefix(_PROPERTY) not in (field, ""):
        return None
    hint = closest(field, _FIELDS)
    return "a lead has no such field" + (f"; did you mean `{hint}`?" if hint else "; use properties.<name>")


def _fault(name: str, value: object) -> str | None:
    """Say why a value cannot be taken, or None when it can."""
    sent = {"properties": {name.removeprefix(_PROPERTY): value}} if name.startswith(_PROPERTY) else {name: value}
    try:
        read(LeadPatch, sent)
    except InvalidInput as error:
        return error.faults[0].message
    return None


def _changes(lead: Lead, taken: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: value for name, value in taken.items() if not name.startswith(_PROPERTY)}
    properties = {
        name.removeprefix(_PROPERTY): value for name, value in taken.items() if name.startswith(_PROPERTY)
    }
    if properties:
        fields["properties"] = properties
    return read(LeadPatch, fields).applied_to(lead)
