"""Text that every database can hold, and the normal forms by which people are matched."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from leadkit.values.currencies import CURRENCIES

__all__ = [
    "MOST_TEXT",
    "Currency",
    "Email",
    "Identifier",
    "Label",
    "Phone",
    "Text",
    "clean_text",
    "normalise_email",
    "normalise_phone",
]

MOST_TEXT: Final = 10_000
_MOST_EMAIL: Final = 254
_MOST_LABEL: Final = 200


def clean_text(text: str) -> str:
    """Answer the text itself when a database can hold it.

    Args:
        text: Any text.

    Raises:
        ValueError: It holds a NUL character or a lone surrogate.
    """
    if "\x00" in text:
        message = "text cannot hold a NUL character"
        raise ValueError(message)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        message = "text cannot hold a lone surrogate"
        raise ValueError(message)
    return text


def _clean_identifier(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        message = "an identifier holds no control characters and no white space at its ends"
        raise ValueError(message)
    return text


_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+")


def _clean_email(text: str) -> str:
    if not _EMAIL.fullmatch(text.strip()):
        message = "expected an e-mail address such as alice@example.com"
        raise ValueError(message)
    return clean_text(text)


def _clean_phone(text: str) -> str:
    if not any(character.isdigit() for character in text):
        message = "expected a phone number such as +1 555 0100"
        raise ValueError(message)
    return clean_text(text)


def _clean_currency(text: str) -> str:
    if text not in CURRENCIES:
        message = "expected an ISO 4217 currency code such as USD"
        raise ValueError(message)
    return text


Text = Annotated[str, Field(max_length=MOST_TEXT, strict=True), AfterValidator(clean_text)]
"""Free text of at most 10,000 characters that a database can hold."""

Label = Annotated[str, Field(min_length=1, max_length=_MOST_LABEL, strict=True), AfterValidator(clean_text)]
"""A short name for people to read, of 1 to 200 characters."""

Identifier = Annotated[str, Field(min_length=1, max_length=_MOST_LABEL, strict=True), AfterValidator(_clean_identifier)]
"""An id of 1 to 200 printable characters."""

Email = Annotated[str, Field(max_length=_MOST_EMAIL, strict=True), AfterValidator(_clean_email)]
"""An e-mail address, kept as given; `normalise_email` gives the form for matching."""

Phone = Annotated[str, Field(max_length=50, strict=True), AfterValidator(_clean_phone)]
"""A phone number, kept as given; `normalise_phone` gives the form for matching."""

Currency = Annotated[str, Field(min_length=3, max_length=3, strict=True), AfterValidator(_clean_currency)]
"""An ISO 4217 code in capitals."""


def normalise_email(email: str) -> str:
    """Answer the form of an address by which people are matched: white space off, one case, one Unicode form.

    Args:
        email: An address as it was given.

    Example:
        >>> normalise_email("  Alice@Example.COM ")
        'alice@example.com'
    """
    if email.isascii():
        # Most are, and have one Unicode form; imports ask for it three times a row.
        return email.strip().lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email.strip()).casefold())


def normalise_phone(phone: str) -> str:
    """Answer the form of a number by which people are matched: its digits, with a leading + where it is international.

    Args:
        phone: A number as it was given.

    Example:
        >>> normalise_phone("+1 (555) 010-0123"), normalise_phone("0049 30 5550100")
        ('+15550100123', '+49305550100')
    """
    digits = "".join(str(unicodedata.digit(character)) for character in phone if character.isdigit())
    if phone.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits
