"""Free JSON that a document carries, bounded, and the canonical text by which documents are compared."""

from __future__ import annotations

import hashlib
import json
import math
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from pydantic import PlainValidator, WithJsonSchema

from leadkit.values.text import MOST_TEXT, clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MOST_BYTES", "MOST_DEPTH", "JsonObject", "canonical_json", "fingerprint", "read_json_object"]

MOST_BYTES: Final = 64 * 1024
MOST_DEPTH: Final = 5
# Beyond this a number no longer fits a double, and no engine that scores frames could hold it.
_MOST_BITS: Final = 1024

# So many entries of two such texts are within 64 KiB even if each character has to be escaped.
_FEW: Final = 64
_SHORT: Final = 80
_SCALARS: Final = frozenset({int, bool, type(None)})


def canonical_json(value: object) -> str:
    """Write JSON in the one form by which documents are compared: keys sorted, no white space, no NaN.

    Args:
        value: Plain JSON values.

    Example:
        >>> canonical_json({"b": 1, "a": [True, None]})
        '{"a":[true,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(value: object) -> str:
    """Answer the SHA-256 of the canonical JSON, as 64 hexadecimal digits.

    Example:
        >>> fingerprint({"a": 1}) == fingerprint({"a": 1}), len(fingerprint({}))
        (True, 64)
    """
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _refuse(message: str) -> None:
    raise ValueError(message)


def _read_scalar(value: object, where: str) -> None:
    if isinstance(value, str):
        if len(value) > MOST_TEXT:
            _refuse(f"{where} is longer than {MOST_TEXT:,} characters")
        try:
            clean_text(value)
        except ValueError as error:
            _refuse(f"{where}: {error}")
    elif isinstance(value, float):
        if not math.isfinite(value):
            _refuse(f"{where} must be a finite number")
    elif isinstance(value, int):  # a bool is one, and is as welcome
        if value.bit_length() > _MOST_BITS:
            _refuse(f"{where} is too large a number")
    elif value is not None:
        _refuse(f"{where} must be JSON: text, a number, true, false, null, a list or an object")


def read_json_object(value: object) -> dict[str, Any]:
    """Read a free JSON object: a copy, so that later changes to what was given do not reach the document.

    Args:
        value: A mapping of text to JSON values.

    Raises:
        ValueError: It is no object, nests deeper than 5, is larger than 64 KiB, or holds what JSON or a database
            cannot.
    """
    if not isinstance(value, dict):
        message = "expected an object"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueError, not TypeError
    if (plain := _plain_copy(value)) is not None:
        return plain
    copy: dict[str, Any] = {}
    # An explicit stack, since a hostile document may nest deeper than Python recurses.
    open_: list[tuple[Any, Any, str, int]] = [(value, copy, "", 1)]
    while open_:
        source, target, path, depth = open_.pop()
        if depth > MOST_DEPTH:
            _refuse(f"{path} nests deeper than {MOST_DEPTH} levels")
        keyed = isinstance(source, dict)
        entries: Iterable[tuple[Any, Any]] = cast("Any", source.items() if keyed else enumerate(source))
        for key, item in entries:
            if keyed:
                _read_key(key, path)
            where = (f"{path}.{key}" if path else str(key)) if keyed else f"{path}[{key}]"
            kept: Any = item
            if isinstance(item, dict | list | tuple):
                kept = cast("Any", {} if isinstance(item, dict) else [])
                open_.append((cast("Any", item), kept, where, depth + 1))
            else:
                _read_scalar(item, where)
            if keyed:
                target[key] = kept
            else:
                target.append(kept)
    if copy and len(json.dumps(copy, ensure_ascii=False, separators=(",", ":")).encode()) > MOST_BYTES:
        _refuse(f"larger than {MOST_BYTES // 1024} KiB")
    return copy


def _plain_copy(value: Any) -> dict[str, Any] | None:
    """Copy a small, flat object of short values, as most are; None where a closer look is needed."""
    if value.__class__ is not dict or len(value) > _FEW:
        return None
    for key, item in value.items():
        if key.__class__ is not str or not _is_plain(key):
            return None
        if item.__class__ is str:
            if not _is_plain(item):
                return None
        elif item.__class__ not in _SCALARS or (item.__class__ is int and item.bit_length() > _FEW):
            return None
    return value.copy()


def _is_plain(text: str) -> bool:
    return len(text) <= _SHORT and text.isascii() and "\x00" not in text


def _read_key(key: object, path: str) -> None:
    if not isinstance(key, str):
        _refuse(f"{path or 'an object'} has a key that is no text")
    _read_scalar(key, f"a key of {path or 'the object'}")


JsonObject = Annotated[
    dict[str, Any],
    PlainValidator(read_json_object),
    WithJsonSchema({"type": "object", "additionalProperties": True}),
]
"""A free JSON object of at most 64 KiB and five levels."""
