"""Pointers: how far each member of a pool has come, by which the next one is found.

This is stride scheduling. The member whose pointer is lowest goes next, and its pointer advances by its stride: 1 in
turn, 1/weight by weight. Pointers are exact fractions, since a rounded third would in the end give somebody a lead too
many.

What holds for any two members, at any time and whatever happened to the pool before: the one that is ahead leads by at
most one stride of its own. For when it was moved last, it went from the lowest pointer there was, and no pointer ever
goes back. From there, over any run in which both are eligible, with counts c and weights w:

- ``|c1/w1 - c2/w2| <= 1/w1 + 1/w2``, and from equal pointers ``<= max(1/w1, 1/w2)``;
- in turn (every weight 1) counts therefore differ by at most one from equal pointers on, which is where every pool
  begins, and by at most two in a run that is cut out just behind a change of the pool.

Two rules keep that so when the pool changes:

- A newcomer starts at the lowest pointer of those who are eligible. From zero it would get every lead until it had made
  up for the months in which it was not there.
- Whoever is not eligible at an assignment and lies behind is lifted to the lowest pointer of those who are. Otherwise
  each night off, and each day at capacity, would be a debt that is paid in one flood on the next morning.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["START", "Pointer", "level", "parse_pointer", "write_pointer"]

START: Final = Fraction(0)
"""Where the first members of a pool begin."""

# The least common multiple of all weights has 433 digits; more than a thousand are no pointer.
_POINTER: Final = re.compile(r"(\d{1,1000})/([1-9]\d{0,999})", re.ASCII)


def write_pointer(pointer: Fraction) -> str:
    """Write a pointer exactly, as text `n/d`.

    Example:
        >>> write_pointer(Fraction(7, 3)), write_pointer(Fraction(2))
        ('7/3', '2/1')
    """
    return f"{pointer.numerator}/{pointer.denominator}"


def parse_pointer(text: object) -> Fraction:
    """Read a pointer from text `n/d`.

    Args:
        text: What `write_pointer` wrote, or a fraction, which stays as it is.

    Raises:
        ValueError: It is no such text.

    Example:
        >>> parse_pointer("7/3")
        Fraction(7, 3)
    """
    if isinstance(text, Fraction):
        return text
    match = _POINTER.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        message = "expected a pointer such as 7/3"
        raise ValueError(message)
    return Fraction(int(match[1]), int(match[2]))


Pointer = Annotated[
    Fraction,
    PlainValidator(parse_pointer),
    PlainSerializer(write_pointer, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["7/3"]}),
]
"""An exact fraction, written as text `n/d`."""


def level(pointers: Mapping[str, Fraction], eligible: Iterable[str]) -> dict[str, Fraction]:
    """Answer where everybody stands before an assignment: newcomers placed, and who is off no longer behind.

    Args:
        pointers: The pointers as they were kept, of members only.
        eligible: The ids of the members that are eligible.
    """
    eligible = list(eligible)
    present = [pointers[user] for user in eligible if user in pointers] or list(pointers.values())
    lowest = min(present, default=START)
    placed = {user: pointers.get(user, lowest) for user in eligible}
    lifted = {user: max(pointer, lowest) for user, pointer in pointers.items() if user not in placed}
    return {**lifted, **placed}
