"""A condition in its compiled form."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadkit.conditions.compiling.forms import Form, form
from leadkit.conditions.compiling.recent import Recent
from leadkit.conditions.compiling.writing import Scope
from leadkit.conditions.evaluating import NO_RELATED, evaluate, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from leadkit.conditions.ast import Condition
    from leadkit.conditions.compiling.source import Program

__all__ = ["CompiledCondition", "compile_condition", "compiled"]


def _form(compiled: CompiledCondition) -> Form:
    condition = compiled.condition

    def write(program: Program) -> list[str]:
        scope = Scope(program=program, conditions=(condition,), classes=compiled.classes)
        text = scope.condition(condition)
        return [*scope.begin(), *scope.before(), f"return True if {text} else False"]

    def reference(record: Any, related: Any, now: datetime) -> bool:
        return holds(condition, record, related, now)

    return form(write, reference)


@attrs.define(eq=False, kw_only=True)
class CompiledCondition:
    """A condition, compiled once, to be asked of many records; threads can share it.

    Attributes:
        condition: The condition.
        classes: The classes of record that are read by attribute.
    """

    condition: Condition
    classes: tuple[type[Any], ...] = ()
    # How often it is asked before it is worth being compiled.
    _patience: int = attrs.field(default=0, repr=False, alias="patience")

    @functools.cached_property
    def form(self) -> Form:
        """The function that was generated."""
        return _form(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _anew, (self.condition, self.classes)

    def at(self, as_of: datetime) -> Callable[..., bool]:
        """Answer a function that tells of a record, and its related records by kind, whether the condition holds.

        Args:
            as_of: Now, for all records; an aware datetime.

        Raises:
            InvalidInput: `as_of` has no time zone.
        """
        return self.form.at(as_of)

    def holds(self, record: Any, *, related: Mapping[str, Any] = NO_RELATED, as_of: datetime) -> bool:
        """Tell whether the condition holds for a record, as `evaluate` does.

        Args:
            record: A mapping in camelCase or snake_case, or an object with declared fields.
            related: The records that belong to it, by kind.
            as_of: Now; an aware datetime.

        Raises:
            InvalidInput: `as_of` has no time zone.
        """
        if self._patience:
            self._patience -= 1
            return evaluate(self.condition, record, related=related, as_of=as_of)
        answer: bool = self.form.at(as_of)(record, related)
        return answer


def _anew(condition: Condition, classes: tuple[type[Any], ...]) -> CompiledCondition:
    return CompiledCondition(condition=condition, classes=classes)


def compile_condition(condition: Condition, *, classes: tuple[type[Any], ...] = ()) -> CompiledCondition:
    """Compile a condition.

    Args:
        condition: What `read_condition` answered.
        classes: Classes of record, such as dataclasses, that are to be read by attribute.

    Example:
        >>> from datetime import UTC, datetime
        >>> from leadkit.conditions import read_condition
        >>> condition = compile_condition(read_condition({"field": "properties.team_size", "op": ">=", "value": 10}))
        >>> condition.holds({"properties": {"team_size": 12}}, as_of=datetime(2026, 11, 24, tzinfo=UTC))
        True
    """
    return CompiledCondition(condition=condition, classes=classes)


# Generating a function takes as long as the reference interpreter does for some hundred records.
_PATIENCE: Final = 20
_RECENT: Final[Recent[CompiledCondition]] = Recent(most=512)


def compiled(condition: Condition, *classes: type[Any]) -> CompiledCondition:
    """Answer the compiled form of a condition; equal ones share it, as long as it is asked for now and then.

    The function is generated when it has been asked for some records, so that what is asked once costs nothing more.

    Args:
        condition: The condition.
        *classes: Classes of record that are to be read by attribute.
    """
    key = (condition, classes)
    return _RECENT.get(key) or _RECENT.keep(
        key, CompiledCondition(condition=condition, classes=classes, patience=_PATIENCE)
    )
