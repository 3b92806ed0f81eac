"""The gate before anything recursive: how deep, how large and how clean a document is, found out without recursion.

A bomb (ten thousand levels, a list that holds itself, ten megabytes of text) is refused here in a few milliseconds;
what passes can be walked by recursion safely.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from leadkit.conditions.kinds import kind_of
from leadkit.conditions.places import at_index, at_key
from leadkit.conditions.records import is_mapping
from leadkit.conditions.wording import described
from leadkit.errors import Fault
from leadkit.values.text import clean_text

if TYPE_CHECKING:
    from leadkit.conditions.vocabulary import Limits

__all__ = [
    "MOST_FAULTS",
    "Repeating",
    "most_levels",
    "most_values",
    "too_deep",
    "too_large",
    "too_many",
    "within_bounds",
]

MOST_FAULTS: Final = 100
"""After so many faults a reader stops looking for more."""

# A condition is at most an object and a list deep (`{"and": [`), and the deepest operand adds three levels.
_LEVELS_PER_CONDITION: Final = 2
_LEVELS_OF_AN_OPERAND: Final = 4
# Beyond this an integer is no number that JSON readers agree on.
_MOST_BITS: Final = 1024
_MOST_EXPONENT: Final = 308

# A comparison takes some ten bytes for each of its values; a document of much shorter ones is not worth the time.
_BYTES_PER_VALUE: Final = 10
_CONTAINERS: Final = (dict, list, tuple, Mapping)

# A place in a document: the place that holds it and its key or index there; written out only for a fault.
_Place: TypeAlias = "tuple[_Place, str | int] | None"


class Repeating(dict[str, Any]):
    """An object in JSON text that names a key more than once."""

    repeated: tuple[str, ...] = ()


def within_bounds(data: object, at: str, faults: list[Fault], limits: Limits, *, outer_levels: int = 0) -> bool:
    """Tell whether plain values are JSON of a size and depth that can be read, and add a fault for all that is not.

    Args:
        data: What came from a JSON parser, or was built in Python.
        at: The JSON path of the data.
        faults: Where faults are added.
        limits: How large and deep it may be.
        outer_levels: How many levels of lists and objects may stand around a condition.
    """
    scan = _Scan(at, limits, most_levels(limits) + outer_levels)
    scan.children([(None, data)], None, 0)
    while scan.open and len(scan.faults) < MOST_FAULTS:
        value, place, level = scan.open.pop()
        scan.look(value, place, level)
    faults.extend(scan.faults)
    return not scan.faults


class _Scan:
    """One walk through plain values, by an explicit stack."""

    def __init__(self, at: str, limits: Limits, most_levels: int) -> None:
        self.at = at
        self.limits = limits
        self.most_levels = most_levels
        self.longest = max(limits.list_items, limits.nodes)
        self.values = 0
        self.size = 0
        self.faults: list[Fault] = []
        self.open: list[tuple[Any, _Place, int]] = []

    def look(self, value: Any, place: _Place, level: int) -> None:
        count = len(value)
        if level > self.most_levels:
            self.give_up(too_deep(self.limits, self.at))
            return
        if count > self.longest:
            self.fault(place, f"holds {count:,} values, more than {self.longest:,}", "too-long")
            return
        self.values += count
        if self.values > most_values(self.limits):
            self.give_up(too_many(self.limits, self.at))
            return
        # What is no mapping is a list.
        items: Sequence[Any] = value
        listed: Iterable[tuple[Any, Any]] = enumerate(items)
        if is_mapping(value):
            self.keys(value, place)
            # A key that is no text has its fault already; what stands under it has no place.
            listed = [(key, item) for key, item in value.items() if _is_text(key)]
        self.children(listed, place, level)

    def children(self, children: Iterable[tuple[Any, Any]], holder: _Place, level: int) -> None:
        nested: list[tuple[Any, _Place, int]] = []
        for key, child in children:
            place = None if key is None else (holder, key)
            if _is_container(child):
                nested.append((child, place, level + 1))
            else:
                self.scalar(child, place)
        # The last goes in first, so that faults come in the order of the document.
        self.open.extend(reversed(nested))

    def keys(self, value: Mapping[Any, Any], place: _Place) -> None:
        for key in value:
            if isinstance(key, str):
                self.text(key, place)
            else:
                self.fault(place, f"a key is text, not {described(key)}", "wrong-key")
        if isinstance(value, Repeating):
            for key in value.repeated:
                self.fault((place, key), "this key stands here more than once", "repeated-key")

    def scalar(self, value: Any, place: _Place) -> None:
        if isinstance(value, str):
            self.text(value, place)
        elif isinstance(value, int | float | Decimal):
            self.number(value, place)
        elif value is not None and not isinstance(value, date):
            self.fault(place, f"not JSON: {described(value)}", "not-json")

    def number(self, value: float | Decimal, place: _Place) -> None:
        if kind_of(value) is None:
            self.fault(place, "a number is finite; JSON has no NaN and no infinity", "wrong-number")
        elif isinstance(value, int):
            self.size_of(value.bit_length(), _MOST_BITS, place)
        elif isinstance(value, Decimal):
            self.size_of(value.adjusted(), _MOST_EXPONENT, place)

    def size_of(self, number: int, most: int, place: _Place) -> None:
        if number > most:
            self.fault(place, "too large a number", "wrong-number")

    def text(self, text: str, place: _Place) -> None:
        self.size += len(text)
        # What is too large is refused for that, before anybody looks at each of its characters.
        if self.size > self.limits.document_bytes:
            self.give_up(too_large(self.limits, self.at))
            return
        try:
            clean_text(text)
        except ValueError as error:
            self.fault(place, str(error), "wrong-text")

    def fault(self, place: _Place, message: str, code: str) -> None:
        self.faults.append(Fault(path=_written(self.at, place), message=message, code=code))

    def give_up(self, refusal: Fault) -> None:
        self.faults.append(refusal)
        self.open.clear()


def _is_container(value: object) -> bool:
    return isinstance(value, _CONTAINERS)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def most_values(limits: Limits) -> int:
    """Answer how many values a document may hold."""
    return limits.document_bytes // _BYTES_PER_VALUE


def most_levels(limits: Limits) -> int:
    """Answer how many objects and lists may stand inside each other in a condition."""
    return _LEVELS_PER_CONDITION * limits.depth + _LEVELS_OF_AN_OPERAND


def too_deep(limits: Limits, at: str) -> Fault:
    """Answer the fault of a document that is too deep, as a whole."""
    return Fault(path=at, message=f"conditions may stand {limits.depth} deep inside each other", code="too-deep")


def too_large(limits: Limits, at: str) -> Fault:
    """Answer the fault of a document that is too large, as a whole."""
    return Fault(path=at, message=f"larger than {limits.document_bytes:,} bytes", code="too-large")


def too_many(limits: Limits, at: str) -> Fault:
    """Answer the fault of a document that holds too many values, as a whole."""
    return Fault(path=at, message=f"holds more than {most_values(limits):,} values", code="too-many")


def _written(at: str, place: _Place) -> str:
    keys: list[str | int] = []
    while place is not None:
        place, key = place
        keys.append(key)
    for key in reversed(keys):
        at = at_index(at, key) if isinstance(key, int) else at_key(at, key)
    return at
