"""What every document that crosses the boundary has in common, and how bad ones are reported.

Documents are frozen pydantic models: `snake_case` in Python, `camelCase` on the wire, both accepted on input, unknown
keys refused. Constructing one directly raises pydantic's own `ValidationError`; `read` and `read_json` raise
`InvalidInput`, with the JSON path of every fault.
"""

from __future__ import annotations

import functools
from typing import Any, Final, TypeVar, get_args, overload

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from leadkit.errors import Fault, InvalidInput, did_you_mean

__all__ = ["DOCUMENT", "Document", "adapter", "faults_of", "read", "read_json", "to_camel"]

DOCUMENT: Final = ConfigDict(
    frozen=True,
    extra="forbid",
    alias_generator=to_camel,
    validate_by_name=True,
    validate_by_alias=True,
    serialize_by_alias=True,
    allow_inf_nan=False,
    # What people send may be personal; it never reaches an error text.
    hide_input_in_errors=True,
)


class Document(BaseModel):
    """A frozen model: camelCase on the wire, unknown keys refused.

    Example:
        >>> class Badge(Document):
        ...     short_name: str
        >>> Badge(short_name="AE").model_dump()
        {'shortName': 'AE'}
    """

    model_config = DOCUMENT


_MOST_FAULTS: Final = 100

T = TypeVar("T")


def adapter(kind: type[T]) -> TypeAdapter[T]:
    """Answer pydantic's adapter of a type, made once.

    Args:
        kind: A document, or anything else that pydantic reads.
    """
    # A class can always be hashed, which the types of a cache cannot be told.
    key: Any = kind
    made: TypeAdapter[T] = _adapter(key)
    return made


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@overload
def read(kind: type[T], data: object, *, at: str = "$") -> T: ...
@overload
def read(kind: Any, data: object, *, at: str = "$") -> Any: ...


def read(kind: Any, data: object, *, at: str = "$") -> Any:
    """Read plain values as a document.

    Args:
        kind: The document's class, or an annotated type such as `Identifier`.
        data: A mapping of plain values, in camelCase or snake_case.
        at: The JSON path of the data in what was sent.

    Raises:
        InvalidInput: With every fault and its path.

    Example:
        >>> class Badge(Document):
        ...     short_name: str
        >>> read(Badge, {"shortNane": "AE"})
        Traceback (most recent call last):
        leadkit.errors.InvalidInput: 2 faults
          $.shortName: required, but missing
          $.shortNane: unknown key; did you mean `shortName`?
    """
    try:
        return adapter(kind).validate_python(data)
    except ValidationError as error:
        raise InvalidInput(faults=faults_of(error, kind, at=at)) from None


def read_json(kind: type[T], text: str | bytes, *, at: str = "$") -> T:
    """Read JSON text as a document.

    Args:
        kind: The document's class.
        text: The JSON.
        at: The JSON path that faults begin with.

    Raises:
        InvalidInput: With every fault and its path, also when the text is no JSON.
    """
    # Editors on Windows begin a file with this mark.
    marked = text.removeprefix(b"\xef\xbb\xbf") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    try:
        return adapter(kind).validate_json(marked)
    except ValidationError as error:
        raise InvalidInput(faults=faults_of(error, kind, at=at)) from None


def faults_of(error: ValidationError, kind: type[Any], *, at: str = "$") -> tuple[Fault, ...]:
    """Tell pydantic's findings as located faults, in words that say what is possible.

    Args:
        error: What pydantic raised.
        kind: The class that was read, for the names of its keys.
        at: The JSON path of the document.

    Returns:
        The first hundred, and one that counts the rest where there are more.
    """
    all_found = error.errors(include_url=False, include_input=False)
    faults = [
        Fault(path=_path(at, found["loc"]), message=_message(dict(found), kind), code=found["type"].replace("_", "-"))
        for found in all_found[:_MOST_FAULTS]
    ]
    if len(all_found) > _MOST_FAULTS:
        message = f"and {len(all_found) - _MOST_FAULTS:,} more faults"
        faults.append(Fault(path=at, message=message, code="more-faults"))
    return tuple(faults)


def _path(at: str, location: tuple[int | str, ...]) -> str:
    return at + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


def _message(found: dict[str, Any], kind: type[Any]) -> str:
    location = found["loc"]
    match found["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return f"unknown key{did_you_mean(str(location[-1]), _keys(kind, location[:-1]))}"
        case "missing" | "missing_keyword_only_argument" | "missing_argument":
            return "required, but missing"
        case "value_error":
            return str(found["ctx"]["error"])
        case _:
            text = str(found["msg"])
            return text[:1].lower() + text[1:]


def _keys(kind: type[Any], location: tuple[int | str, ...]) -> list[str]:
    """Name the keys that are known at a place: follow the location through the models' fields."""
    current: Any = kind
    for part in location:
        if isinstance(part, int):
            continue
        fields = _fields(current)
        name = next((name for name, field in fields.items() if part in (name, field.alias)), None)
        if name is None:
            return []
        current = _document_in(fields[name].annotation)
    return [field.alias or name for name, field in _fields(current).items()]


def _fields(kind: Any) -> dict[str, Any]:
    return getattr(kind, "model_fields", None) or getattr(kind, "__pydantic_fields__", None) or {}


def _document_in(annotation: Any) -> Any:
    """Find the document inside `tuple[Document, ...]`, `Document | None` and the like."""
    open_ = [annotation]
    while open_:
        candidate = open_.pop()
        if _fields(candidate):
            return candidate
        open_.extend(get_args(candidate))
    return None
