"""Where a column may lead: the fields of a new lead, its properties, its campaign parameters, and nowhere else."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import attrs

from leadkit.conditions.paths import parse_path
from leadkit.errors import did_you_mean
from leadkit.leads import NewLead, Priority, wire_name
from leadkit.leads.documents import protect

__all__ = [
    "FULL_NAME",
    "IDENTITIES",
    "LEAD",
    "PLACES",
    "PROPERTIES",
    "UTM_PARAMS",
    "Place",
    "choices_of",
    "place_named",
]

LEAD: Final = "lead"
PROPERTIES: Final = "properties"
UTM_PARAMS: Final = "utm_params"
FULL_NAME: Final = "full_name"
IDENTITIES: Final = ("email", "phone", "external_id")

_OBJECTS: Final = (PROPERTIES, UTM_PARAMS)
_CHOICES: Final = MappingProxyType({"priority": tuple(priority.value for priority in Priority)})
_FIELDS: Final = frozenset(NewLead.model_fields) - set(_OBJECTS) | {FULL_NAME}

PLACES: Final = tuple(
    sorted([*map(wire_name, _FIELDS), *(f"{wire_name(name)}.<name>" for name in _OBJECTS)], key=str.casefold)
)
"""Every place that a column may lead to, as it is written in a mapping."""


@attrs.frozen(kw_only=True)
class Place:
    """Where a value goes.

    Attributes:
        holder: `lead` for a field of its own, else `properties` or `utm_params`.
        key: The name there, in snake_case for a field of the lead.
    """

    holder: str
    key: str

    @property
    def is_identity(self) -> bool:
        """Whether a lead can be known by it."""
        return self.holder == LEAD and self.key in IDENTITIES

    @property
    def written(self) -> str:
        """The place as it is written in a mapping."""
        return wire_name(self.key) if self.holder == LEAD else f"{wire_name(self.holder)}.{self.key}"

    @property
    def parts(self) -> tuple[Place, ...]:
        """The places that are filled by it: itself, but for a full name, which is parted."""
        if self.key != FULL_NAME or self.holder != LEAD:
            return (self,)
        return Place(holder=LEAD, key="first_name"), Place(holder=LEAD, key="last_name")


def choices_of(place: Place) -> tuple[str, ...] | None:
    """Answer the few words that a place may hold, or None where any will do."""
    return _CHOICES.get(place.key) if place.holder == LEAD else None


def place_named(target: str) -> Place:
    """Read where a column leads to.

    Args:
        target: `email`, `firstName` (or `first_name`) and so on; `fullName`, which is parted into first and last name;
            `properties.team_size`, `properties["utm.source"]`; `utmParams.source`.

    Raises:
        ProtectedField: Only a command may write it.
        ValueError: There is no such place.

    Example:
        >>> place_named("firstName"), place_named("properties.team_size").written
        (Place(holder='lead', key='first_name'), 'properties.team_size')
    """
    segments = parse_path(target).segments
    protect(dict.fromkeys(segments[:1]), allowed=frozenset(_FIELDS))
    match segments:
        case (field,) if field in _FIELDS:
            return Place(holder=LEAD, key=field)
        case (holder, key) if holder in _OBJECTS:
            return Place(holder=holder, key=key)
        case (holder, *_) if holder in _OBJECTS:
            message = f"one name stands behind `{wire_name(holder)}`, such as {wire_name(holder)}.source"
        case _:
            message = f"a lead has no place `{target}`{did_you_mean(target, PLACES)}"
    raise ValueError(message)
