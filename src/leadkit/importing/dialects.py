"""How a file is written: its encoding, what parts its cells, and how much of it is read at a time."""

from __future__ import annotations

from typing import Final

import attrs

from leadkit.errors import Fault, InvalidInput
from leadkit.importing.decoding import decoded

__all__ = ["DELIMITERS", "Dialect", "Limits"]

DELIMITERS: Final = ("\t", ";", "|", ",")
"""What people part cells with, the least likely to stand in a text by chance first."""

_NAMES: Final = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma"}


def _one_sign(dialect: Dialect, attribute: attrs.Attribute[str], sign: str) -> None:
    if len(sign) != 1 or sign in '"\r\n\x00 ':
        message = f"a delimiter is one character, no quote, no space and no line end: {sign!r} cannot be one"
        raise InvalidInput(faults=(Fault(path=f"$.{attribute.name}", message=message, code="bad-delimiter"),))


def _text_codec(dialect: Dialect, attribute: attrs.Attribute[str], name: str) -> None:
    try:
        b"a".decode(name, "replace")
        # A few codecs know no other way of dealing with errors than their own, and could not mark a byte.
        list(decoded([b"a\xff\x00"], name))
    except (LookupError, ValueError):
        message = f"unknown encoding {name!r}; common ones are utf-8, utf-16, cp1252, cp1250, shift_jis, gb18030"
        fault = Fault(path=f"$.{attribute.name}", message=message, code="unknown-encoding")
        raise InvalidInput(faults=(fault,)) from None


@attrs.frozen(kw_only=True)
class Dialect:
    """How a delimited file is written.

    Attributes:
        encoding: The name of a Python codec for text.
        delimiter: The one character between cells.

    Raises:
        InvalidInput: There is no such encoding, or the delimiter cannot be one.

    Example:
        >>> Dialect(encoding="utf-8", delimiter=";").described
        'utf-8, semicolon'
    """

    encoding: str = attrs.field(default="utf-8", validator=_text_codec)
    delimiter: str = attrs.field(default=",", validator=_one_sign)

    @property
    def described(self) -> str:
        """The dialect in words, for people to read."""
        return f"{self.encoding}, {_NAMES.get(self.delimiter, repr(self.delimiter))}"


@attrs.frozen(kw_only=True)
class Limits:
    """How much is read before a row is given up, so that memory stays flat whatever the file holds.

    Attributes:
        cell: The most characters of one cell.
        record: The most characters of one record; also how far the end of a quoted cell is looked for.
    """

    cell: int = attrs.field(default=100_000, validator=attrs.validators.ge(1))
    record: int = attrs.field(default=4 * 1024 * 1024, validator=attrs.validators.ge(1))
