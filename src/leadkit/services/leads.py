"""Leads: capture, read and change, the timeline, conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.errors import DuplicateLead
from leadkit.leads import DuplicatePolicy, Lead, LeadPatch, NewLead, commands, decide, read_new_lead, read_patch
from leadkit.leads.filtering import LeadFilter, LeadQuery
from leadkit.services import conversion, timeline
from leadkit.services.capture import capture, known_leads, update_known
from leadkit.services.lifecycle import LifecycleCommands
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leadkit.activities import Activity, Followed, Task
    from leadkit.conversion import ConversionResult
    from leadkit.leads import Event
    from leadkit.leads.filtering import Page
    from leadkit.ports import UnitOfWork

__all__ = ["LeadService"]

_SCANNED_AT_ONCE = 500


@attrs.frozen
class LeadService(LifecycleCommands):
    """The leads of the workspace's organisation; the commands of the lifecycle stand in `lifecycle.py`."""

    # --- capture and reading -----------------------------------------------------------------------------------------

    def create(self, new: NewLead | Mapping[str, Any] | None = None, /, **fields: Any) -> Lead:
        """Create a lead; one that is known already is refused, updated or doubled, as the organisation's policy says.

        Args:
            new: What is sent, as a document or a mapping in camelCase or snake_case.
            **fields: The same as keywords.

        Raises:
            ProtectedField: A field with a command behind it is written.
            InvalidInput: With every other fault.
            DuplicateLead: A lead with that external id or e-mail address exists, and the policy is to refuse.
            NotFound: There is no such pipeline or stage.
        """
        sent = read_new_lead(new if isinstance(new, NewLead) else {**(new or {}), **fields})

        def body(work: UnitOfWork) -> Lead:
            policy = work.settings.get().duplicates
            if policy is not DuplicatePolicy.ALLOW:
                key, known = known_leads(work, sent)
                if known and policy is DuplicatePolicy.REFUSE:
                    raise DuplicateLead(key=key, candidates=tuple(lead.id for lead in known))
                if known:
                    return update_known(self._session, work, known[0], sent)
            return capture(self._session, work, sent)

        return self._session.lead_command("leads.create", {"fields": sent}, body)

    def get(self, lead_id: str) -> Lead:
        """Answer a lead.

        Raises:
            NotFound: There is none with that id, or it was deleted.
        """
        with self._session.reading() as work:
            return self._session.lead(work, lead_id)

    def list(
        self,
        *,
        page: int = 1,
        page_size: int = 50,
        sort_field: str = "createdAt",
        sort_direction: str = "desc",
        cursor: str | None = None,
        total: bool = True,
        **filters: Any,
    ) -> Page[Lead]:
        """Answer a page of leads.

        Args:
            page: The number of the page, from 1.
            page_size: How many leads, at most 200.
            sort_field: What they are ordered by.
            sort_direction: `asc` or `desc`.
            cursor: Where a former page ended, instead of a page number.
            total: Whether all leads are counted, which can take longer than the page itself.
            **filters: Those of `LeadFilter`: status, priority, source, assigned_to, search, condition and others.

        Raises:
            InvalidInput: With every fault, such as an unknown filter.
        """
        query = read(
            LeadQuery,
            {
                "filter": read(LeadFilter, filters),
                "page": page,
                "page_size": page_size,
                "sort_field": sort_field,
                "sort_direction": sort_direction,
                "cursor": cursor,
                "total": total,
            },
        )
        with self._session.reading() as work:
            return work.leads.page(query, as_of=self._session.now)

    def each(self, **filters: Any) -> Iterator[Lead]:
        """Answer all leads that a filter means, in the order of their ids, read in chunks.

        Args:
            **filters: Those of `LeadFilter`.

        Raises:
            InvalidInput: With every fault.
        """
        lead_filter = read(LeadFilter, filters)
        after: str | None = None
        now = self._session.now
        while True:
            with self._session.reading() as work:
                chunk = work.leads.scan(lead_filter, after=after, limit=_SCANNED_AT_ONCE, as_of=now)
            yield from chunk
            if len(chunk) < _SCANNED_AT_ONCE:
                return
            after = chunk[-1].id

    def count(self, **filters: Any) -> int:
        """Count the leads that a filter means."""
        lead_filter = read(LeadFilter, filters)
        with self._session.reading() as work:
            return work.leads.count(lead_filter, as_of=self._session.now)

    def history(self, lead_id: str) -> Sequence[Event]:
        """Answer everything that happened to a lead, in order; of a deleted lead too.

        Raises:
            NotFound: There is none with that id.
        """
        with self._session.reading() as work:
            self._session.lead(work, lead_id, deleted=True)
            return work.events.of_leads((lead_id,))[lead_id]

    def update(
        self,
        lead_id: str,
        changes: LeadPatch | Mapping[str, Any] | None = None,
        /,
        *,
        version: int | None = None,
        **fields: Any,
    ) -> Lead:
        """Write writable fields: what is left out stays, None clears, properties are merged by key.

        Args:
            lead_id: Which lead.
            changes: What changes, as a document or a mapping.
            version: The version that the caller has seen; None for whichever there is.
            **fields: The same as keywords.

        Raises:
            NotFound: There is no such lead.
            ProtectedField: A field with a command behind it is written.
            InvalidInput: With every other fault.
            InvalidTransition: The lead is converted and no longer changes.
            ConcurrencyConflict: The lead is no longer at that version.
        """
        patch = read_patch(changes if isinstance(changes, LeadPatch) else {**(changes or {}), **fields})

        def body(work: UnitOfWork) -> Lead:
            lead = self._session.lead(work, lead_id)
            self._session.expect(lead, version)
            update = commands.Update(changes=patch.applied_to(lead))
            return self._session.keep(work, lead, decide(lead, update, self._session.context()))

        return self._session.lead_command(
            "leads.update", {"lead": lead_id, "patch": patch.model_dump(exclude_unset=True)}, body
        )

    # --- the timeline and conversion ---------------------------------------------------------------------------------

    def follow_up(self, lead_id: str, **fields: Any) -> Followed:
        """Enter what was done with a lead, and what comes next.

        Args:
            lead_id: Which lead.
            **fields: Those of `FollowUp`: type, notes, and task with title, due_at and assigned_to.

        Raises:
            NotFound: There is no such lead.
            InvalidInput: With every fault.
        """
        return timeline.enter_follow_up(self._session, lead_id, fields)

    def add_activity(self, lead_id: str, **fields: Any) -> Activity:
        """Enter an activity, such as one that another system recorded.

        Args:
            lead_id: Which lead.
            **fields: Those of `NewActivity`: type, notes, at, properties.

        Raises:
            NotFound: There is no such lead.
            InvalidInput: With every fault.
        """
        return timeline.add_activity(self._session, lead_id, fields)

    def timeline(self, lead_id: str) -> Sequence[Activity]:
        """Answer a lead's activities, the latest first.

        Raises:
            NotFound: There is no such lead.
        """
        return timeline.timeline_of(self._session, lead_id)

    def tasks(self, lead_id: str) -> Sequence[Task]:
        """Answer a lead's tasks, the first due first.

        Raises:
            NotFound: There is no such lead.
        """
        return timeline.tasks_of(self._session, lead_id)

    def complete_task(self, task_id: str) -> Task:
        """Note that a task is done; one that is done already keeps its time.

        Raises:
            NotFound: There is no such task.
        """
        return timeline.complete_task(self._session, task_id)

    def convert(self, lead_id: str, **request: Any) -> ConversionResult:
        """Convert a lead into a contact, and an opportunity where one is wanted; again, and the same ids come.

        Args:
            lead_id: Which lead.
            **request: Those of `ConversionRequest`: create_opportunity, opportunity, contact_id.

        Raises:
            NotFound: There is no such lead, or no such contact.
            InvalidInput: With every fault.
            InvalidTransition: The lead is not qualified, and the policy does not do that by itself.
            AmbiguousContact: Several contacts carry the lead's address.
            ConversionConflict: The lead is converted already, in another way.
        """
        return conversion.convert(self._session, lead_id, request)

    def from_contact(self, contact_id: str, *, pipeline_id: str | None = None, stage: str | None = None) -> Lead:
        """Make a lead from a contact, or answer the one that is open in that pipeline.

        Args:
            contact_id: Which contact.
            pipeline_id: The pipeline; None for none.
            stage: Where a new lead enters it; left out, at the first stage.

        Raises:
            NotFound: There is no such contact, pipeline or stage.
            InvalidInput: The contact has nothing by which a lead is identified.
        """
        return conversion.from_contact(self._session, contact_id, pipeline_id=pipeline_id, stage=stage)
