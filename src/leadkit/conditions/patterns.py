"""Regular expressions of rule owners: RE2 only, whose time is linear, so that no pattern can hang a process."""

from __future__ import annotations

import importlib
from typing import Any, Final

from leadkit.errors import MissingExtra

__all__ = ["MOST_CLASSES", "MOST_PATTERN", "compiled", "searches"]

MOST_PATTERN: Final = 500
MOST_CLASSES: Final = 10
# Bounds the automaton, and with it the time to build one: a pattern that needs more is refused.
_MOST_MEMORY: Final = 1 << 17


def compiled(pattern: str, *, ignore_case: bool) -> Any:
    """Build the program of a pattern.

    Args:
        pattern: In RE2's syntax.
        ignore_case: Whether letters match in either case.

    Raises:
        ValueError: It is no pattern, or one that would need too much memory.
        MissingExtra: google-re2 is not installed.
    """
    try:
        # An extra without type information, wanted by one operator alone.
        re2: Any = importlib.import_module("re2")
    except ImportError:
        raise MissingExtra(extra="regex", feature="the operator `matches`") from None
    if len(pattern) > MOST_PATTERN:
        message = f"a pattern is at most {MOST_PATTERN} characters long"
        raise ValueError(message)
    # Each costs RE2 a tenth of a millisecond, whatever its memory.
    if pattern.lower().count("\\p") > MOST_CLASSES:
        message = f"a pattern names at most {MOST_CLASSES} Unicode classes"
        raise ValueError(message)
    options = re2.Options()
    options.max_mem = _MOST_MEMORY
    options.log_errors = False
    options.case_sensitive = not ignore_case
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason: bytes = error.args[0]
        raise ValueError(reason.decode(errors="replace")) from None


def searches(program: Any, text: str) -> bool:
    """Tell whether a pattern matches anywhere in a text.

    Args:
        program: What `compiled` answered.
        text: Any text.
    """
    try:
        return program.search(text) is not None
    except UnicodeEncodeError:
        # A lone surrogate has no place in UTF-8, so no pattern can speak of such a text.
        return False
