"""What a mapping means, checked before a row is read: every fault at once, each with its JSON path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from leadkit.errors import Fault, InvalidInput, ProtectedField
from leadkit.importing.cells import TYPES
from leadkit.importing.dates import names_a_zone
from leadkit.importing.mapping import Mapping
from leadkit.importing.places import IDENTITIES, PROPERTIES, Place, choices_of, place_named
from leadkit.leads import wire_name
from leadkit.values import read, read_json

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from leadkit.importing.mapping import Column, Scalar

__all__ = ["checked", "keyed", "read_mapping", "read_mapping_json"]

_OPTIONS: Final = ("format", "timezone", "separator", "map", "default")
_TEXTUAL: Final = ("text", "choice")
_WORDS: Final[dict[type, str]] = {
    str: "text",
    bool: "true or false",
    int: "a number without decimals",
    float: "a number",
}


def keyed(path: str, key: str) -> str:
    """Answer the JSON path of a key that is free text.

    Example:
        >>> keyed("$.columns", "E-Mail")
        '$.columns["E-Mail"]'
    """
    return f"{path}[{json.dumps(key, ensure_ascii=False)}]"


def read_mapping(data: object, *, at: str = "$") -> Mapping:
    """Read a mapping and check what it means.

    Args:
        data: A `Mapping`, or plain values in camelCase or snake_case.
        at: The JSON path that faults begin with.

    Raises:
        InvalidInput: With every fault and its path.

    Example:
        >>> born = {"to": "properties.born", "type": "date"}
        >>> read_mapping({"columns": {"Mail": "email", "Points": "score", "Born": born}})
        Traceback (most recent call last):
        leadkit.errors.InvalidInput: 2 faults
          $.columns["Points"].to: these fields cannot be written directly: `score` (use score)
          $.columns["Born"].format: type `date` needs `format`
    """
    return checked(read(Mapping, data, at=at), at=at)


def read_mapping_json(text: str | bytes, *, at: str = "$") -> Mapping:
    """Read a mapping from JSON text and check what it means.

    Args:
        text: The JSON.
        at: The JSON path that faults begin with.

    Raises:
        InvalidInput: With every fault and its path.
    """
    return checked(read_json(Mapping, text, at=at), at=at)


def checked(mapping: Mapping, *, at: str = "$") -> Mapping:
    """Answer the mapping itself when it can be meant.

    Args:
        mapping: The mapping.
        at: The JSON path that faults begin with.

    Raises:
        InvalidInput: With every fault and its path.
    """
    faults = tuple(_faults(mapping, at))
    if faults:
        raise InvalidInput(faults=faults)
    return mapping


def _faults(mapping: Mapping, at: str) -> Iterator[Fault]:
    places: list[tuple[str, Place]] = []
    for name, column in mapping.columns.items():
        path = keyed(f"{at}.columns", name)
        place = yield from _place_or_faults(f"{path}.to", column.to)
        yield from _option_faults(path, column)
        if place is not None:
            places.append((f"{path}.to", place))
            yield from _value_faults(path, column, place)
    for target, value in mapping.constants.items():
        path = keyed(f"{at}.constants", target)
        place = yield from _place_or_faults(path, target)
        if place is not None:
            places.append((path, place))
            yield from _misfit(path, value, place, ())
    yield from _collisions(places)
    for index, name in enumerate(mapping.ignore):
        if name in mapping.columns:
            message = f"column `{name}` is both mapped and ignored"
            yield Fault(path=f"{at}.ignore[{index}]", message=message, code="contradiction")
    # Where a place could not be read, it may have been the identity.
    if len(places) == len(mapping.columns) + len(mapping.constants) and not any(
        place.is_identity for _, place in places
    ):
        message = f"no column leads to {', '.join(map(wire_name, IDENTITIES))}; a lead needs one of them"
        yield Fault(path=f"{at}.columns", message=message, code="no-identity")


def _place_or_faults(path: str, target: str) -> Generator[Fault, None, Place | None]:
    try:
        return place_named(target)
    except ProtectedField as error:
        yield Fault(path=path, message=str(error), code=error.code)
    except ValueError as error:
        yield Fault(path=path, message=str(error), code="unknown-place")
    return None


def _option_faults(path: str, column: Column) -> Iterator[Fault]:
    kind = TYPES[column.type]
    for option in _OPTIONS:
        where, value = f"{path}.{option}", getattr(column, option)
        if value is None:
            if option in kind.needs:
                yield Fault(path=where, message=f"type `{column.type}` needs `{option}`", code="missing-option")
            continue
        check = kind.takes.get(option)
        if check is None:
            takers = ", ".join(f"`{name}`" for name, other in TYPES.items() if option in other.takes)
            message = f"type `{column.type}` has no use for `{option}`; it is for {takers}"
            yield Fault(path=where, message=message, code="useless-option")
            continue
        try:
            check(value)
        except ValueError as error:
            yield Fault(path=where, message=str(error), code="bad-option")
    if column.type == "datetime" and column.format and column.timezone is None and not names_a_zone(column.format):
        message = "times in this format carry no zone; name the one that is meant, such as Europe/Berlin or UTC"
        yield Fault(path=f"{path}.timezone", message=message, code="missing-option")


def _value_faults(path: str, column: Column, place: Place) -> Iterator[Fault]:
    if place.holder != PROPERTIES and column.type not in _TEXTUAL:
        message = f"`{column.to}` holds text; type `{column.type}` is for properties"
        yield Fault(path=f"{path}.type", message=message, code="wrong-type")
        return
    allowed = TYPES[column.type].values
    if column.default is not None:
        yield from _misfit(f"{path}.default", column.default, place, allowed)
    for cell, value in (column.map or {}).items():
        if value is not None:
            yield from _misfit(keyed(f"{path}.map", cell), value, place, allowed)


def _misfit(path: str, value: Scalar, place: Place, allowed: tuple[type, ...]) -> Iterator[Fault]:
    kinds = allowed if place.holder == PROPERTIES else (str,)
    # `type`, and not isinstance, since a boolean is no number here. A constant of a property may be any scalar, and
    # types without values are told of elsewhere.
    if kinds and type(value) not in kinds:
        expected = " or ".join(dict.fromkeys(_WORDS[kind] for kind in kinds))
        yield Fault(path=path, message=f"expected {expected}", code="wrong-type")
        return
    choices = choices_of(place)
    if choices is not None and value not in choices:
        message = f"expected one of {', '.join(f'`{choice}`' for choice in choices)}"
        yield Fault(path=path, message=message, code="wrong-value")


def _collisions(places: list[tuple[str, Place]]) -> Iterator[Fault]:
    taken: dict[Place, str] = {}
    for path, place in places:
        for part in place.parts:
            if part in taken:
                message = f"{taken[part]} leads to `{part.written}` already"
                yield Fault(path=path, message=message, code="taken-place")
            else:
                taken[part] = path
