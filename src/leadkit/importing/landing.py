"""What becomes of a lead that comes in by a list: new, or one that is known already."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from leadkit.leads import LeadPatch

if TYPE_CHECKING:
    from leadkit.leads import Lead, NewLead

__all__ = ["OnDuplicate", "news_for"]

_PATCHED: Final = frozenset(LeadPatch.model_fields)


class OnDuplicate(StrEnum):
    """What an import does with a row whose lead is known already, by its external id or else its e-mail address."""

    SKIP = "skip"
    UPDATE = "update"
    FAIL = "fail"


def news_for(known: Lead, sent: NewLead) -> dict[str, Any]:
    """Answer what a row would change in a lead that is known already; empty cells change nothing.

    The lead keeps an external id that it has: a list with two ids for one address would otherwise change it back and
    forth. Its place in a pipeline stays as well.

    Args:
        known: The lead as it is.
        sent: What the row says.

    Returns:
        Python names and new values, for an `Update`; none where the row tells nothing new.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Lead, NewLead
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> known = Lead(id="1", email="a@example.com", external_id="crm-1", created_at=now, updated_at=now)
        >>> news_for(known, NewLead(email="a@example.com", external_id="crm-2", company="Acme"))
        {'company': 'Acme'}
    """
    fields = {name: getattr(sent, name) for name in sent.model_fields_set & _PATCHED}
    if known.external_id is not None:
        fields.pop("external_id", None)
    return LeadPatch(**fields).applied_to(known)
