"""What a database can express of the rule language: declared, so that the lowering never asks which one it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadkit.sql.values import Bool, Sql, Value

__all__ = ["Dialect"]


class Dialect(Protocol):
    """What differs between databases. A capability that one lacks raises `Refusal` with the reason."""

    name: str
    """What people call the database."""

    cannot: ClassVar[Mapping[str, str]]
    """What it lacks, and the reason that is told."""

    deepest: int | None
    """How many brackets may be open at once; None where there is no such limit."""

    def __hash__(self) -> int:
        """Answer what it is kept by."""
        ...

    def document(self, column: Sql) -> Value:
        """Answer a column of JSON as a value with members."""
        ...

    def ordered(self, text: Sql) -> Sql:
        """Answer text that is ordered by code point."""
        ...

    def holds(self, text: Sql, part: Sql) -> Bool:
        """Tell whether a text holds another somewhere."""
        ...

    def starts(self, text: Sql, part: Sql) -> Bool:
        """Tell whether a text begins with another."""
        ...

    def ends(self, text: Sql, part: Sql) -> Bool:
        """Tell whether a text ends with another."""
        ...

    def lowered(self, text: Sql, /) -> Sql:
        """Answer text in lower case, as Python has it."""
        ...

    def folded(self, text: Sql, texts: Sequence[str], *, starts: bool, ends: bool) -> Bool:
        """Tell whether a text, in lower case, equals one of some, begins with one, ends with one or holds one."""
        ...

    def matches(self, text: Sql, pattern: str, ignore_case: bool, /) -> Bool:  # noqa: FBT001 - nothing else says it
        """Tell whether a pattern in RE2's syntax matches somewhere in a text."""
        ...

    def micros_of_text(self, text: Sql) -> Sql:
        """Answer ISO text as microseconds since 1970, NULL where it is no instant."""
        ...

    def micros(self, column: Sql) -> Sql:
        """Answer a column of instants as microseconds since 1970."""
        ...

    def division(self, column: Sql, scale: int) -> Sql:
        """Answer a column of whole multiples as the number itself."""
        ...

    def numbers(self, left: Value, operator: str, right: Value) -> Bool:
        """Compare two values that are numbers, exactly."""
        ...
