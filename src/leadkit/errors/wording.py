"""How messages name what was meant, and what is possible."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["closest", "did_you_mean", "listed"]


def closest(word: str, known: Iterable[str]) -> str | None:
    """Answer the known word that a mistyped one most likely meant, or None.

    Args:
        word: What was typed.
        known: The words that would have been understood.

    Example:
        >>> closest("qualfied", ["qualified", "new"])
        'qualified'
    """
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Write the ending of a message that names what was probably meant, or what is possible.

    Args:
        word: What was typed.
        known: The words that would have been understood.

    Example:
        >>> did_you_mean("qualfied", ["qualified", "new"])
        '; did you mean `qualified`?'
        >>> did_you_mean("zzz", ["qualified", "new"])
        '; possible are `new`, `qualified`'
    """
    words = sorted(known)
    match = closest(word, words)
    if match is not None:
        return f"; did you mean `{match}`?"
    return f"; possible are {listed(words)}" if words else ""


def listed(words: Iterable[str]) -> str:
    """Write words one after the other, each as it would be typed."""
    return ", ".join(f"`{word}`" for word in words)
