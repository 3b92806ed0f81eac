"""Which field of a lead becomes which field of a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from pydantic import field_validator

from leadkit.conversion.documents import ContactFields
from leadkit.errors import did_you_mean
from leadkit.leads import WRITABLE, wire_name
from leadkit.values import Document, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadkit.leads import Lead

__all__ = ["DEFAULT_MAPPING", "ContactMapping", "given_by"]

_PROPERTIES: Final = "properties"
# Free objects: taken over whole or key by key; everything else is one text.
_HOLDERS: Final = frozenset({_PROPERTIES, "utm_params"})
_TARGETS: Final = tuple(ContactFields.model_fields)
_SPELLINGS: Final = {spelling: name for name in (*WRITABLE, *_TARGETS) for spelling in (name, wire_name(name))}


@attrs.frozen
class _Place:
    """A field, or a key of one that is a free object."""

    field: str
    key: str | None

    @property
    def is_object(self) -> bool:
        return self.field in _HOLDERS and self.key is None


def _place(text: str, fields: Iterable[str], owner: str) -> _Place:
    """Read a place: a field in either spelling, or a key such as `properties.team_size`."""
    name, dot, key = text.partition(".")
    field = _SPELLINGS.get(name, name)
    if field not in fields or (dot and (field not in _HOLDERS or not key)):
        message = f"{owner} has no field `{text}`{did_you_mean(text, fields)}"
        raise ValueError(message)
    return _Place(field, key or None)


def _row(target: str, source: str) -> tuple[_Place, _Place]:
    to, of = _place(target, _TARGETS, "a contact"), _place(source, WRITABLE, "a lead")
    # What a key of a free object holds is known only when there is a lead; its contact is checked then.
    fits = to.is_object == of.is_object if to.key is None else not of.is_object
    if not fits:
        message = f"`{target}` cannot take over `{source}`: one of them is a free object and the other is not"
        raise ValueError(message)
    return to, of


class ContactMapping(Document):
    """Which field of a lead becomes which field of a contact.

    Attributes:
        fields: For each field of the contact, the field of the lead that it takes its value from. A key of a free
            object is named as `properties.team_size`.

    Example:
        >>> ContactMapping(fields={"email": "email", "properties.size": "properties.team_size"}).fields["email"]
        'email'
    """

    fields: dict[str, str]

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: dict[str, str]) -> dict[str, str]:
        faults: list[str] = []
        taken: dict[_Place, str] = {}
        for target, source in fields.items():
            try:
                to, _ = _row(target, source)
            except ValueError as error:
                faults.append(str(error))
                continue
            if to in taken:
                faults.append(f"`{target}` is the same as `{taken[to]}`")
            taken[to] = target
        if faults:
            raise ValueError("; ".join(faults))
        return fields


DEFAULT_MAPPING: Final = ContactMapping(fields={name: name for name in _TARGETS})
"""Every field of the contact from the lead's field of the same name."""


def _value(lead: Lead, place: _Place) -> Any:
    value = getattr(lead, place.field)
    return value if place.key is None else value.get(place.key)


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def given_by(lead: Lead, mapping: ContactMapping) -> ContactFields:
    """Answer what a lead gives a contact.

    Args:
        lead: The lead.
        mapping: Which field becomes which.

    Raises:
        InvalidInput: The contact cannot hold a value, such as a property that becomes a phone number and is none.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.leads import Lead
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(id="1", email="a@example.com", properties={"team_size": 5}, created_at=now, updated_at=now)
        >>> given = given_by(lead, ContactMapping(fields={"email": "email", "properties.size": "properties.team_size"}))
        >>> given.email, given.properties
        ('a@example.com', {'size': 5})
    """
    values: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for target, source in mapping.fields.items():
        to, of = _row(target, source)
        value = _value(lead, of)
        if _is_blank(value):
            continue
        if to.key is not None:
            properties[to.key] = value
        elif to.is_object:
            # A key that has a row of its own goes by that.
            properties = {**value, **properties}
        else:
            values[to.field] = value
    return read(ContactFields, {**values, _PROPERTIES: properties}, at="$.contact")
