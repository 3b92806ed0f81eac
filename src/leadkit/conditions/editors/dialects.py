"""What rule editors call the operators: a table for each, row by row against our own.

A new editor is a table here, and a module that knows what its groups and rules look like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["JQUERY_QUERYBUILDER", "REACT_QUERYBUILDER", "Dialect", "Word"]


@attrs.frozen
class Word:
    """What an editor calls an operator.

    Attributes:
        name: The editor's word.
        operator: Ours.
        negated: Whether it is the opposite of ours.
        fixed: The value that it compares with, for one that takes none of its own.
        only_read: Whether it says more than the operator does, so that the operator is never written so.
    """

    name: str
    operator: str
    negated: bool = False
    fixed: str | None = None
    only_read: bool = False


@attrs.frozen
class Dialect:
    """The operators of an editor.

    Attributes:
        editor: Its name.
        words: What it calls each.
    """

    editor: str
    words: tuple[Word, ...]

    @property
    def by_name(self) -> Mapping[str, Word]:
        """The operators by the editor's names."""
        return {word.name: word for word in self.words}

    def word_for(self, operator: str, *, negated: bool, value: object = None) -> Word | None:
        """Answer what the editor calls one of our operators, None when it has no word for it.

        Args:
            operator: Our operator.
            negated: Whether its opposite is meant.
            value: The value that it compares with; one that a word brings along comes first.
        """
        found = [
            word for word in self.words if (word.operator, word.negated) == (operator, negated) and not word.only_read
        ]
        found.sort(key=lambda word: word.fixed is None)
        for word in found:
            if word.fixed is None or (isinstance(value, str) and value == word.fixed):
                return word
        return None


REACT_QUERYBUILDER: Final = Dialect(
    "react-querybuilder",
    (
        Word("=", "=="),
        Word("!=", "!="),
        Word("<", "<"),
        Word(">", ">"),
        Word("<=", "<="),
        Word(">=", ">="),
        Word("contains", "contains"),
        Word("doesNotContain", "not_contains"),
        Word("beginsWith", "starts_with"),
        Word("doesNotBeginWith", "starts_with", negated=True),
        Word("endsWith", "ends_with"),
        Word("doesNotEndWith", "ends_with", negated=True),
        Word("null", "missing"),
        Word("notNull", "exists"),
        Word("in", "in"),
        Word("notIn", "not_in"),
        Word("between", "between"),
        Word("notBetween", "between", negated=True),
        Word("matches", "matches"),
        Word("doesNotMatch", "matches", negated=True),
    ),
)
"""The operators of react-querybuilder."""

JQUERY_QUERYBUILDER: Final = Dialect(
    "jQuery QueryBuilder",
    (
        Word("equal", "=="),
        Word("not_equal", "!="),
        Word("in", "in"),
        Word("not_in", "not_in"),
        Word("less", "<"),
        Word("less_or_equal", "<="),
        Word("greater", ">"),
        Word("greater_or_equal", ">="),
        Word("between", "between"),
        Word("not_between", "between", negated=True),
        Word("begins_with", "starts_with"),
        Word("not_begins_with", "starts_with", negated=True),
        Word("contains", "contains"),
        Word("not_contains", "not_contains"),
        Word("ends_with", "ends_with"),
        Word("not_ends_with", "ends_with", negated=True),
        Word("is_empty", "==", fixed=""),
        Word("is_not_empty", "!=", fixed="", only_read=True),
        Word("is_null", "missing"),
        Word("is_not_null", "exists"),
    ),
)
"""The operators of jQuery QueryBuilder."""
