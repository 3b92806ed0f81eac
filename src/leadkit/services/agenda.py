"""What a unit of work wants done besides itself: a last word before it is committed, and work once it is kept."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadkit.ports import UnitOfWork

__all__ = ["Agenda", "Agendas"]

_LOG: Final = logging.getLogger("leadkit")


@attrs.define(eq=False)
class Agenda:
    """What one unit of work wants done.

    Attributes:
        captured: The leads that were created in it.
        before: What is done just before it is committed, as part of it.
        after: What is done once it is kept; when it is not kept, never.
    """

    captured: list[str] = attrs.field(factory=list)
    before: list[Callable[[], None]] = attrs.field(factory=list)
    after: list[Callable[[], None]] = attrs.field(factory=list)

    def close(self) -> None:
        """Do what belongs to the unit of work itself."""
        for each in self.before:
            each()

    def carry_on(self) -> None:
        """Do what follows; what fails here fails alone, since the unit of work is kept."""
        for each in self.after:
            try:
                each()
            except Exception as error:  # noqa: BLE001 - whatever a host's runner raises, what was kept stays kept
                _LOG.warning("work after a command failed: %s", type(error).__name__)


@attrs.define(eq=False)
class Agendas:
    """The agendas of the units of work that are open."""

    # By identity: a unit of work is a host's object, and while it is open no other can have its identity.
    _open: dict[int, Agenda] = attrs.field(factory=dict, repr=False)

    def of(self, work: UnitOfWork) -> Agenda:
        """Answer the agenda of a unit of work.

        Args:
            work: An open unit of work.
        """
        agenda = self._open.get(id(work))
        if agenda is None:
            agenda = self._open[id(work)] = Agenda()
        return agenda

    def end(self, work: UnitOfWork) -> Agenda:
        """Forget a unit of work, which is about to end, and answer its agenda.

        Args:
            work: The unit of work.
        """
        return self._open.pop(id(work), Agenda())
