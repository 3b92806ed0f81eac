"""What became of leads, gathered for learning from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leadkit.services.related import load_related

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from leadkit.leads import Lead
    from leadkit.leads.filtering import LeadFilter
    from leadkit.services.session import Session

__all__ = ["evidence"]

_READ_AT_ONCE: Final = 1_000


def evidence(
    session: Session, chosen: LeadFilter, kinds: Collection[str]
) -> tuple[list[Lead], list[Mapping[str, Any]]]:
    """Read leads, and for each of them its related records.

    Args:
        session: The session.
        chosen: Which leads.
        kinds: The kinds of related record that are wanted.
    """
    found: list[Lead] = []
    records: list[Mapping[str, Any]] = []
    while True:
        with session.reading() as work:
            after = found[-1].id if found else None
            leads = work.leads.scan(chosen, after=after, limit=_READ_AT_ONCE, as_of=session.now)
            related = load_related(session, work, leads, kinds)
        found += leads
        records += [related[lead.id] for lead in leads]
        if len(leads) < _READ_AT_ONCE:
            return found, records
