"""Who is the same person: the keys by which leads are matched, and what one takes up from another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from leadkit.values import normalise_email

if TYPE_CHECKING:
    from leadkit.leads.lead import Lead

__all__ = ["IdentityKey", "filled_from", "identity_keys"]


class Identified(Protocol):
    """What has the identities of a lead: a lead, or what was sent to create one."""

    @property
    def email(self) -> str | None:
        """The e-mail address."""

    @property
    def external_id(self) -> str | None:
        """The id in another system."""


class IdentityKey(NamedTuple):
    """One way in which a lead is recognised. A tuple, since an import looks up two for each row.

    Attributes:
        kind: `externalId` or `email`.
        value: The id, or the normalised address.
    """

    kind: str
    value: str


def identity_keys(lead: Identified) -> tuple[IdentityKey, ...]:
    """Answer the keys of a lead, the strongest first. A phone number is no key: families and offices share them.

    Example:
        >>> from leadkit.leads.documents import NewLead
        >>> identity_keys(NewLead(email=" Alice@Example.com", external_id="crm-7"))
        (IdentityKey(kind='externalId', value='crm-7'), IdentityKey(kind='email', value='alice@example.com'))
    """
    keys: list[IdentityKey] = []
    if lead.external_id is not None:
        keys.append(IdentityKey("externalId", lead.external_id))
    if lead.email is not None:
        keys.append(IdentityKey("email", normalise_email(lead.email)))
    return tuple(keys)


_FILLABLE: Final = (
    "email",
    "first_name",
    "last_name",
    "phone",
    "company",
    "external_id",
    "source",
    "campaign_id",
    "referrer",
)


def filled_from(lead: Lead, other: Lead) -> dict[str, Any]:
    """Answer what a lead gains from a duplicate: its empty fields, and the properties that it lacks.

    Args:
        lead: The lead that stays.
        other: The duplicate that goes.

    Returns:
        Python names and new values, for a `Merge`.
    """
    changes: dict[str, Any] = {
        name: getattr(other, name)
        for name in _FILLABLE
        if getattr(lead, name) is None and getattr(other, name) is not None
    }
    for name in ("utm_params", "properties"):
        joined = {**getattr(other, name), **getattr(lead, name)}
        if joined != getattr(lead, name):
            changes[name] = joined
    return changes
