"""A generated function, and how it is bound to the instant for which it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.conditions.compiling.source import Program, indented
from leadkit.conditions.evaluating import NO_RELATED, moment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

__all__ = ["Form", "form", "generated"]


@attrs.define(eq=False)
class Form:
    """A generated function of a record and its related records.

    Attributes:
        source: Its source.
    """

    source: str = attrs.field(repr=False)
    _bind: Callable[[datetime], Callable[..., Any]] = attrs.field(repr=False)
    # The instant that was asked for last, and the function for it: one value, so that threads never see two halves.
    _bound: tuple[datetime, Callable[..., Any]] | None = attrs.field(default=None, init=False, repr=False)

    def at(self, as_of: datetime) -> Callable[..., Any]:
        """Answer the function for an instant; the last one is kept.

        Args:
            as_of: Now; an aware datetime.

        Raises:
            InvalidInput: `as_of` has no time zone.
        """
        bound = self._bound
        if bound is None or bound[0] is not as_of:
            bound = self._bound = (as_of, self._bind(moment_of(as_of)))
        return bound[1]


def form(write: Callable[[Program], Sequence[str]], reference: Callable[[Any, Any, datetime], Any]) -> Form:
    """Generate a function in its hopeful form, behind which stand the careful form and the reference.

    A value that Python cannot compare, such as a text where a number is hoped for, raises; then the function is
    generated once more, in a form that looks at the class of each value first. Whatever raises there as well is left to
    the reference interpreter.

    Args:
        write: Answers the statements of the function, which end in `return`; the record is called `record`.
        reference: Answers in the same way, given the record, its related records, and now in UTC.
    """
    made: list[Form] = []

    def careful(record: Any, related: Any, now: datetime) -> Any:
        if not made:
            made.append(generated(write, reference, hopeful=False))
        return made[0].at(now)(record, related)

    return generated(write, careful, hopeful=True)


def generated(
    write: Callable[[Program], Sequence[str]], other: Callable[[Any, Any, datetime], Any], *, hopeful: bool
) -> Form:
    """Generate a function in one of its two forms.

    Args:
        write: Answers the statements of the function.
        other: Answers instead where they raise.
        hopeful: Whether values are taken to be of the kind that is hoped for.
    """
    program = Program(hopeful=hopeful)
    body = write(program)
    program.add(
        [
            f"def answer(record, related={program.constant(NO_RELATED)}):",
            "    try:",
            *indented(indented(body)),
            "    except Exception:",
            f"        return {program.constant(other)}(record, related, now)",
        ]
    )
    source = program.source("answer")
    return Form(source, program.ready(source))
