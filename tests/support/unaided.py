"""Compiled forms that have to answer by themselves.

A form that raises is answered for by the next one, and at last by the reference interpreter: the answer is right, and
nobody notices that the form is wrong. Here the reference refuses, so that tests see it.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from leadkit.conditions.compiling.forms import Form, generated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

__all__ = ["EACH_FORM", "GaveUp", "unaided"]

EACH_FORM = pytest.mark.parametrize("hopeful", [True, False], ids=["hopeful", "careful"])

_MAKERS = ("leadkit.conditions.compiling.compiled", "leadkit.scoring.compiling")


class GaveUp(AssertionError):
    """A form left to others what it should have answered itself."""


# What Python says of a value that is of another kind than was hoped for.
_OF_ANOTHER_KIND = ("not supported between instances", "unhashable type")


def _is_of_another_kind(error: BaseException | None) -> bool:
    return isinstance(error, TypeError) and any(words in str(error) for words in _OF_ANOTHER_KIND)


@contextmanager
def unaided(*, hopeful: bool) -> Iterator[None]:
    """Compile one of the two forms alone, as long as this lasts.

    Args:
        hopeful: Whether it is the hopeful form, which may give up on a value that cannot be compared or looked up,
            and on nothing else; the careful form may not give up at all.
    """

    def form(write: Callable[..., Any], reference: Callable[..., Any]) -> Form:
        def other(record: Any, related: Any, now: datetime) -> Any:
            if hopeful and _is_of_another_kind(sys.exception()):
                return reference(record, related, now)
            raise GaveUp

        return generated(write, other, hopeful=hopeful)

    with (
        mock.patch.object(import_module(_MAKERS[0]), "form", form),
        mock.patch.object(import_module(_MAKERS[1]), "form", form),
    ):
        yield
