"""What an organisation decides for itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StrictBool

from leadkit.values import Document, Label
from leadkit.values.text import Identifier

__all__ = [
    "AutoEnrichment",
    "ConversionPolicy",
    "DuplicatePolicy",
    "OrganisationSettings",
    "PropertyType",
    "TimeZone",
    "zone_named",
]


class ConversionPolicy(StrEnum):
    """What converting a lead asks of it."""

    REQUIRE_QUALIFIED = "require_qualified"
    AUTO_QUALIFY = "auto_qualify"


class DuplicatePolicy(StrEnum):
    """What happens when a lead comes in whose e-mail address or external id is known already."""

    REFUSE = "refuse"
    UPDATE = "update"
    ALLOW = "allow"


class PropertyType(StrEnum):
    """The kinds of value that a declared custom property may hold."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    LIST = "list"
    OBJECT = "object"


def zone_named(name: str) -> ZoneInfo:
    """Answer a time zone by its IANA name.

    Args:
        name: Such as `Europe/Berlin`.

    Raises:
        ValueError: There is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"there is no time zone {name!r}; expected an IANA name such as Europe/Berlin"
        raise ValueError(message) from None


def _known(name: str) -> str:
    zone_named(name)
    return name


TimeZone = Annotated[Label, AfterValidator(_known)]
"""An IANA time zone name."""


class AutoEnrichment(Document):
    """Whether each new lead is enriched, and by whom.

    Attributes:
        enabled: Off until it is switched on.
        providers: The names of the providers, in order; empty for all that the host registered.
    """

    enabled: StrictBool = False
    providers: tuple[Identifier, ...] = ()


class OrganisationSettings(Document):
    """What an organisation decides for itself.

    Attributes:
        conversion: Whether a lead must be qualified before it converts.
        duplicates: What happens to a lead that is known already.
        auto_enrichment: Whether new leads are enriched.
        time_zone: The zone of its reports.
        properties: Its custom properties and their types, for checking rules.

    Example:
        >>> OrganisationSettings(time_zone="Europe/Berlin").conversion.value
        'require_qualified'
    """

    conversion: ConversionPolicy = ConversionPolicy.REQUIRE_QUALIFIED
    duplicates: DuplicatePolicy = DuplicatePolicy.REFUSE
    auto_enrichment: AutoEnrichment = AutoEnrichment()
    time_zone: TimeZone = "UTC"
    properties: Annotated[dict[Label, PropertyType], Field(max_length=1_000)] = {}
