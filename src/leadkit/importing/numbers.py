"""Numbers as people write them: which of point and comma parts the decimals is declared, not guessed."""

from __future__ import annotations

import math
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NoReturn

import attrs

from leadkit.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NUMBER_FORMATS", "NumberFormat", "integer_by", "number_by"]

_MOST_DIGITS: Final = 15
"""A double holds every whole number of fifteen digits, and not every one of sixteen."""


@attrs.frozen(kw_only=True)
class NumberFormat:
    """A way of writing numbers.

    Attributes:
        example: A number that is written so.
        pattern: What such numbers look like: `sign`, `whole`, `part` behind the decimal sign, `power` of ten.
    """

    example: str
    pattern: re.Pattern[str]


# Swiss writers part thousands with an apostrophe, French ones with a narrow space that does not break.
NUMBER_FORMATS: Final = MappingProxyType(
    {
        "plain": NumberFormat(
            example="1234.5",
            pattern=re.compile(
                r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,40})?"
                r"(?:[.](?P<part>[0-9]{1,40}))?(?P<power>[eE][+-]?[0-9]{1,4})?"
            ),
        ),
        "point": NumberFormat(
            example="1,234.5",
            pattern=re.compile(
                "(?P<sign>[+-]?)(?P<whole>"
                "[0-9]{1,3}(?P<apart>[,\u00a0\u2009\u202f '\u2019])[0-9]{3}(?:(?P=apart)[0-9]{3}){0,10}|[0-9]{1,40})?"
                "(?:[.](?P<part>[0-9]{1,40}))?(?P<power>[eE][+-]?[0-9]{1,4})?"
            ),
        ),
        "comma": NumberFormat(
            example="1.234,5",
            pattern=re.compile(
                "(?P<sign>[+-]?)(?P<whole>"
                "[0-9]{1,3}(?P<apart>[.\u00a0\u2009\u202f '\u2019])[0-9]{3}(?:(?P=apart)[0-9]{3}){0,10}|[0-9]{1,40})?"
                "(?:[,](?P<part>[0-9]{1,40}))?(?P<power>[eE][+-]?[0-9]{1,4})?"
            ),
        ),
    }
)
"""The ways of writing numbers that a mapping can name."""


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)


def _format(name: str) -> NumberFormat:
    found = NUMBER_FORMATS.get(name)
    if found is None:
        _refuse(f"unknown number format `{name}`{did_you_mean(name, NUMBER_FORMATS)}")
    return found


def _whole(sign: str, digits: str) -> int:
    if len(digits.lstrip("0")) > _MOST_DIGITS:
        _refuse(f"more than {_MOST_DIGITS} digits would be rounded; read the column as text")
    return int(sign + digits)


def _only_digits(text: str) -> bool:
    # Most whole numbers are nothing else, and are read without a pattern.
    return text.isascii() and text.isdigit()


def _digits(match: re.Match[str]) -> str:
    # The whole part holds digits and what parts its thousands, and that has one character.
    return "".join(filter(str.isdecimal, match["whole"] or "0"))


def number_by(name: str) -> Callable[[str], int | float]:
    """Answer what reads numbers of a format.

    Args:
        name: A name of `NUMBER_FORMATS`.

    Raises:
        ValueError: There is no such format.

    Example:
        >>> number_by("comma")("1.234,50"), number_by("plain")("12")
        (1234.5, 12)
    """
    form = _format(name)
    pattern = form.pattern

    def number(text: str) -> int | float:
        if _only_digits(text):
            return _whole("", text)
        match = pattern.fullmatch(text)
        if match is None or (match["whole"] or match["part"]) is None:
            _refuse(f"expected a number such as {form.example}")
        digits = _digits(match)
        if match["part"] is None and match["power"] is None:
            return _whole(match["sign"], digits)
        value = float(f"{match['sign']}{digits}.{match['part'] or '0'}{match['power'] or ''}")
        return value if math.isfinite(value) else _refuse("the number is too large")

    return number


def integer_by(name: str) -> Callable[[str], int]:
    """Answer what reads whole numbers of a format; decimals that are all zero are let pass.

    Args:
        name: A name of `NUMBER_FORMATS`.

    Raises:
        ValueError: There is no such format.

    Example:
        >>> integer_by("plain")("12.0"), integer_by("point")("1,200")
        (12, 1200)
    """
    pattern = _format(name).pattern

    def integer(text: str) -> int:
        if _only_digits(text):
            return _whole("", text)
        match = pattern.fullmatch(text)
        if match is None or match["whole"] is None or match["power"] or (match["part"] or "").strip("0"):
            _refuse("expected a whole number such as 1234")
        return _whole(match["sign"], _digits(match))

    return integer
