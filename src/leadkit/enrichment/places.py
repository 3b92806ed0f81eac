"""Where in a lead a provider's value belongs: a field, or one property; and why some places are closed to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import attrs

from leadkit.errors import Fault, InvalidInput, did_you_mean
from leadkit.leads import PROTECTED, WRITABLE, wire_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leadkit.leads import Lead

__all__ = ["HOLDERS", "STANDARD", "Offer", "Place", "is_empty", "offers_of", "place_of", "read_wanted", "told"]

HOLDERS: Final = ("properties", "utm_params")
"""The free objects of a lead, which are filled key by key."""

STANDARD: Final = ("email", "first_name", "last_name", "phone", "company")
"""What is wanted of providers where nothing else is said."""

_FIELDS: Final = {spelling: name for name in WRITABLE for spelling in (name, wire_name(name))}
_GUARDED: Final = {spelling: name for name in PROTECTED for spelling in (name, wire_name(name))}
_MOST_TOLD: Final = 200


@attrs.frozen
class Place:
    """A field of a lead, or a key of one of its free objects.

    Attributes:
        field: The field's Python name.
        key: The key, where the field is a free object.
    """

    field: str
    key: str | None = None

    @property
    def name(self) -> str:
        """What it is called in a lead's provenance: the field in camelCase, with the key behind a dot."""
        field = wire_name(self.field)
        return field if self.key is None else f"{field}.{self.key}"

    def value_in(self, lead: Lead) -> Any:
        """Answer what stands there, or None.

        Args:
            lead: The lead.
        """
        value = getattr(lead, self.field)
        return value if self.key is None else value.get(self.key)


@attrs.frozen(kw_only=True)
class Offer:
    """A value that a provider offers.

    Attributes:
        told: The name of the field, fit for people to read.
        value: The value.
        place: Where it belongs; None where the provider may not or cannot write.
        reason: Why not.
    """

    told: str
    value: Any = attrs.field(repr=False)
    place: Place | None
    reason: str = ""


def is_empty(value: object) -> bool:
    """Answer whether a value says nothing: none, blank text, an empty list or object.

    Example:
        >>> is_empty("  "), is_empty(0), is_empty(False)
        (True, False, False)
    """
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple | dict) and not value)


def told(text: str, *, most: int) -> str:
    r"""Write a stranger's text so that every log and database can hold it: on one line, without control characters.

    Args:
        text: What it said.
        most: How many characters are told.

    Example:
        >>> told("naïve\x1b[31m\nuser", most=12)
        'naïve\\x1b[31'
    """
    return "".join(each if each.isprintable() else _escaped(each) for each in text[:most])[:most]


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _named(name: object) -> str:
    return told(name if isinstance(name, str) else type(name).__name__, most=_MOST_TOLD)


def place_of(name: object) -> Place:
    """Find the place that a name means.

    Args:
        name: A field in either spelling, or `properties.<key>`.

    Raises:
        ValueError: There is no such field, or it has a command behind it.

    Example:
        >>> place_of("firstName"), place_of("properties.team_size")
        (Place(field='first_name', key=None), Place(field='properties', key='team_size'))
        >>> place_of("score")
        Traceback (most recent call last):
        ValueError: only the command `score` may write it
    """
    text = name if isinstance(name, str) else ""
    head, dot, key = text.partition(".")
    field = _FIELDS.get(head)
    if field in HOLDERS and bool(dot) == bool(key):
        return Place(field, key or None)
    if field is not None and not dot:
        return Place(field)
    if text in _GUARDED:
        message = f"only the command `{PROTECTED[_GUARDED[text]]}` may write it"
    else:
        message = f"a lead has no such field{did_you_mean(text, map(wire_name, WRITABLE))}"
    raise ValueError(message)


def offers_of(values: Mapping[Any, Any]) -> Iterator[Offer]:
    """Take a provider's values apart: one offer for each field, and for each key of a free object.

    Args:
        values: Values by field. What is empty is left out.
    """
    for name, value in values.items():
        if is_empty(value):
            continue
        try:
            place = place_of(name)
        except ValueError as error:
            yield Offer(told=_named(name), value=value, place=None, reason=str(error))
            continue
        if place.field not in HOLDERS or place.key is not None:
            yield Offer(told=_named(place.name), value=value, place=place)
        elif isinstance(value, dict):
            yield from _of_object(place.field, cast("dict[object, Any]", value))
        else:
            yield Offer(told=_named(place.name), value=value, place=None, reason="expected an object")


def _of_object(field: str, values: Mapping[object, Any]) -> Iterator[Offer]:
    for key, value in values.items():
        if is_empty(value):
            continue
        if not isinstance(key, str):
            yield Offer(told=wire_name(field), value=value, place=None, reason="an object has a key that is no text")
            continue
        place = Place(field, key)
        yield Offer(told=_named(place.name), value=value, place=place)


def read_wanted(names: Sequence[str], *, at: str = "$.wanted") -> tuple[str, ...]:
    """Check the names of the fields that are wanted of providers.

    Args:
        names: Fields in either spelling, or `properties.<key>`.
        at: The JSON path of the list.

    Raises:
        InvalidInput: With every name that means no place.

    Example:
        >>> read_wanted(["company", "properties.title"])
        ('company', 'properties.title')
    """
    faults: list[Fault] = []
    for index, name in enumerate(names):
        try:
            place_of(name)
        except ValueError as error:
            faults.append(Fault(path=f"{at}[{index}]", message=str(error), code="unknown-field"))
    if faults:
        raise InvalidInput(faults=tuple(faults))
    return tuple(names)
