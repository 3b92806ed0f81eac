"""Decisions about many leads, collected and then kept in a few calls to the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from leadkit.activities import Activity
    from leadkit.leads import Decision, Event, Lead
    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["Bundle"]


@attrs.define(kw_only=True)
class Bundle:
    """What was decided in one unit of work and is not kept yet.

    Attributes:
        session: The session.
        work: The unit of work.
    """

    session: Session
    work: UnitOfWork
    _new: dict[str, Lead] = attrs.field(factory=dict, init=False, repr=False)
    _changed: dict[str, tuple[Lead, int]] = attrs.field(factory=dict, init=False, repr=False)
    _events: list[Event] = attrs.field(factory=list, init=False, repr=False)
    _notes: list[Activity] = attrs.field(factory=list, init=False, repr=False)

    def add(self, decision: Decision) -> Lead:
        """Take a lead that begins.

        Args:
            decision: What `leadkit.leads.create` decided.
        """
        self._new[decision.lead.id] = decision.lead
        self._events += decision.events
        return decision.lead

    def take(self, before: Lead, decision: Decision) -> Lead:
        """Take what was decided for a lead; a no-op is nothing to keep.

        A lead may be decided about again: what is kept is how it is in the end, and all that happened on the way.

        Args:
            before: The lead as it was read, or as the decision before left it.
            decision: What was decided for it.
        """
        lead = decision.lead
        if not decision.changed:
            return lead
        if lead.id in self._new:
            self._new[lead.id] = lead
        else:
            _, expected = self._changed.get(lead.id, (before, before.version))
            self._changed[lead.id] = (lead, expected)
        self._events += decision.events
        if (note := self.session.note(decision)) is not None:
            self._notes.append(note)
        return lead

    def keep(self) -> None:
        """Keep everything, in one call for each kind of thing that there is.

        Raises:
            ConcurrencyConflict: One of the leads was changed by somebody else since it was read.
        """
        if self._new:
            self.work.leads.add_many(tuple(self._new.values()))
        if self._changed:
            self.work.leads.save_many(tuple(self._changed.values()))
        if self._events:
            self.work.events.append(tuple(self._events))
        if self._notes:
            self.work.activities.add_many(tuple(self._notes))
