"""Documents that are kept whole, as JSON."""

from __future__ import annotations

from typing import Any, TypeVar

from leadkit.values.document import adapter

__all__ = ["document_of", "json_of"]

T = TypeVar("T")


def json_of(document: object) -> Any:
    """Answer a document as plain JSON values.

    Args:
        document: A model.
    """
    kind: type[object] = type(document)
    return adapter(kind).dump_python(document, mode="json")


def document_of(kind: type[T], data: object) -> T:
    """Answer the document that plain JSON values say.

    Args:
        kind: Its class.
        data: What `json_of` answered.
    """
    return adapter(kind).validate_python(data)
