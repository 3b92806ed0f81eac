"""Leads: capture, read, change, and every command of the lifecycle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from leadkit.errors import DuplicateLead, NotFound
from leadkit.leads import (
    DuplicatePolicy,
    Lead,
    LeadPatch,
    NewLead,
    commands,
    create,
    decide,
    filled_from,
    identity_keys,
    read_new_lead,
    read_patch,
    redacted,
)
from leadkit.leads.filtering import LeadFilter, LeadQuery
from leadkit.values import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leadkit.leads import Event
    from leadkit.leads.filtering import Page
    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["LeadService", "capture", "starting_stage"]

_SCANNED_AT_ONCE = 500


def starting_stage(session: Session, work: UnitOfWork, pipeline_id: str | None, stage: str | None) -> str | None:
    """Answer the stage in which a lead enters a pipeline: the one that is named, or the first.

    Args:
        session: The session.
        work: The unit of work.
        pipeline_id: The pipeline; None for none.
        stage: The stage that is asked for; None for the first.

    Raises:
        NotFound: There is no such pipeline, or it has no such stage.
    """
    if pipeline_id is None:
        return None
    pipeline = session.pipeline(work, pipeline_id)
    if stage is None:
        return pipeline.stages[0].id
    if pipeline.stage(stage) is None:
        raise NotFound(kind="stage", id=stage, known=pipeline.stage_ids)
    return stage


def capture(
    session: Session, work: UnitOfWork, new: NewLead, *, origin_contact_id: str | None = None
) -> Lead:
    """Create a lead without asking whether it is known already.

    Args:
        session: The session.
        work: The unit of work.
        new: What was sent.
        origin_contact_id: The contact that it is made from.

    Raises:
        NotFound: There is no such pipeline or stage.
    """
    stage = starting_stage(session, work, new.pipeline_id, new.stage)
    decision = create(
        new,
        id=session.wiring.ids.new("lead"),
        context=session.context(work),
        stage=stage,
        origin_contact_id=origin_contact_id,
    )
    work.leads.add(decision.lead)
    work.events.append(decision.events)
    return decision.lead


def known_leads(work: UnitOfWork, new: NewLead) -> tuple[str, tuple[Lead, ...]]:
    """Answer by which key a new lead is known already, and the leads that it may be, the oldest first.

    Args:
        work: The unit of work.
        new: What was sent.

    Returns:
        The kind of the strongest key that matches, and its leads; an empty text and none when nothing does.
    """
    keys = identity_keys(new)
    found = work.leads.find(keys)
    return next(((key.kind, tuple(found[key])) for key in keys if key in found), ("", ()))


def update_known(session: Session, work: UnitOfWork, lead: Lead, new: NewLead) -> Lead:
    """Write what was sent for a lead that is known already; its place in a pipeline stays.

    Args:
        session: The session.
        work: The unit of work.
        lead: The lead that is known.
        new: What was sent.

    Raises:
        InvalidTransition: The lead is converted and no longer changes.
    """
    sent = {name: getattr(new, name) for name in new.model_fields_set & set(LeadPatch.model_fields)}
    changes = LeadPatch(**sent).applied_to(lead)
    return session.keep(work, lead, decide(lead, commands.Update(changes=changes), session.context(work)))


@attrs.frozen
class LeadService:
    """The leads of the workspace's organisation."""

    _session: Session

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
        with self._session.transaction() as work:
            return self._session.lead(work, lead_id)

    def list(
        self,
        *,
        page: int = 1,
        page_size: int = 50,
        sort_field: str = "createdAt",
        sort_direction: str = "desc",
        cursor: str | None = None,
        **filters: Any,
    ) -> Page[Lead]:
        """Answer a page of leads.

        Args:
            page: The number of the page, from 1.
            page_size: How many leads, at most 200.
            sort_field: What they are ordered by.
            sort_direction: `asc` or `desc`.
            cursor: Where a former page ended, instead of a page number.
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
            },
        )
        with self._session.transaction() as work:
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
            with self._session.transaction() as work:
                chunk = work.leads.scan(lead_filter, after=after, limit=_SCANNED_AT_ONCE, as_of=now)
            yield from chunk
            if len(chunk) < _SCANNED_AT_ONCE:
                return
            after = chunk[-1].id

    def count(self, **filters: Any) -> int:
        """Count the leads that a filter means."""
        lead_filter = read(LeadFilter, filters)
        with self._session.transaction() as work:
            return work.leads.count(lead_filter, as_of=self._session.now)

    def history(self, lead_id: str) -> Sequence[Event]:
        """Answer everything that happened to a lead, in order; of a deleted lead too.

        Raises:
            NotFound: There is none with that id.
        """
        with self._session.transaction() as work:
            self._session.lead(work, lead_id, deleted=True)
            return work.events.of_leads((lead_id,))[lead_id]

    # --- the commands ------------------------------------------------------------------------------------------------

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
            return self._session.keep(work, lead, decide(lead, update, self._session.context(work)))

        return self._session.lead_command("leads.update", {"lead": lead_id, "patch": patch.model_dump(exclude_unset=True)}, body)

    def qualify(
        self, lead_id: str, *, reason: str | None = None, notes: str | None = None, version: int | None = None
    ) -> Lead:
        """Declare a lead worth pursuing. A qualified lead stays as it is, with its first stamps.

        Args:
            lead_id: Which lead.
            reason: Why.
            notes: Text for the timeline.
            version: The version that the caller has seen.

        Raises:
            NotFound: There is no such lead.
            InvalidTransition: The lead is disqualified or converted.
        """
        return self._session.act(
            "leads.qualify", lead_id, commands.Qualify(reason=reason, notes=notes), version=version
        )

    def disqualify(
        self, lead_id: str, *, reason: str, notes: str | None = None, version: int | None = None
    ) -> Lead:
        """Declare a lead not worth pursuing.

        Args:
            lead_id: Which lead.
            reason: Why: bad-fit, no-budget, wrong-region, or the host's own.
            notes: Text for the timeline.
            version: The version that the caller has seen.

        Raises:
            NotFound: There is no such lead.
            InvalidTransition: The lead is converted.
        """
        return self._session.act(
            "leads.disqualify", lead_id, commands.Disqualify(reason=reason, notes=notes), version=version
        )

    def nurture(self, lead_id: str, *, reason: str | None = None, version: int | None = None) -> Lead:
        """Keep a lead warm until it is ready.

        Raises:
            NotFound: There is no such lead.
            InvalidTransition: The lead is converted.
        """
        return self._resume("leads.nurture", lead_id, commands.Nurture(reason=reason), version)

    def reopen(self, lead_id: str, *, reason: str | None = None, version: int | None = None) -> Lead:
        """Begin anew with a nurtured or disqualified lead.

        Raises:
            NotFound: There is no such lead.
            InvalidTransition: The lead is qualified or converted.
        """
        return self._resume("leads.reopen", lead_id, commands.Reopen(reason=reason), version)

    def _resume(self, name: str, lead_id: str, command: commands.Command, version: int | None) -> Lead:
        """Take a lead up again; where its stage was removed meanwhile, it enters the pipeline anew."""

        def body(work: UnitOfWork) -> Lead:
            lead = self._session.lead(work, lead_id)
            self._session.expect(lead, version)
            context = self._session.context(work)
            resumed = self._session.keep(work, lead, decide(lead, command, context))
            pipeline = None if resumed.pipeline_id is None else work.pipelines.get(resumed.pipeline_id)
            if pipeline is None or resumed.stage in pipeline.stage_ids:
                return resumed
            move = commands.Move(pipeline_id=pipeline.id, stage=pipeline.stage_ids[0])
            return self._session.keep(work, resumed, decide(resumed, move, context))

        return self._session.lead_command(name, {"lead": lead_id, **attrs.asdict(command)}, body)

    def move(
        self, lead_id: str, *, stage: str | None = None, pipeline_id: str | None = None, version: int | None = None
    ) -> Lead:
        """Put a lead into a stage of its pipeline, or of another.

        Args:
            lead_id: Which lead.
            stage: The stage; left out, the first of the pipeline.
            pipeline_id: The pipeline; left out, the lead's own.
            version: The version that the caller has seen.

        Raises:
            NotFound: There is no such lead, pipeline or stage, or the lead is in no pipeline and none is named.
            InvalidTransition: The lead is disqualified or converted.
        """

        def body(work: UnitOfWork) -> Lead:
            lead = self._session.lead(work, lead_id)
            self._session.expect(lead, version)
            target = pipeline_id or lead.pipeline_id
            entered = starting_stage(self._session, work, target, stage)
            if target is None or entered is None:
                raise NotFound(kind="pipeline of lead", id=lead_id)
            command = commands.Move(pipeline_id=target, stage=entered)
            return self._session.keep(work, lead, decide(lead, command, self._session.context(work)))

        return self._session.lead_command("leads.move", {"lead": lead_id, "stage": stage, "pipeline": pipeline_id}, body)

    def assign(self, lead_id: str, assigned_to: str | None, *, version: int | None = None) -> Lead:
        """Give a lead an owner, or take it from the one it has.

        Args:
            lead_id: Which lead.
            assigned_to: The user's id; None for nobody.
            version: The version that the caller has seen.

        Raises:
            NotFound: There is no such lead, or the directory knows no such user.
            InvalidTransition: The lead is converted.
        """
        directory = self._session.wiring.directory
        if assigned_to is not None and directory is not None and directory(self._session.org).assignee(assigned_to) is None:
            raise NotFound(kind="user", id=assigned_to)
        return self._session.act("leads.assign", lead_id, commands.Assign(assigned_to=assigned_to), version=version)

    def merge(self, lead_id: str, duplicate_id: str) -> Lead:
        """Let a lead take up a duplicate: it fills its empty fields from it, and the duplicate is deleted.

        Args:
            lead_id: The lead that stays.
            duplicate_id: The one that goes.

        Raises:
            NotFound: One of them does not exist.
            InvalidTransition: The lead that stays is converted.
        """

        def body(work: UnitOfWork) -> Lead:
            lead, other = self._session.lead(work, lead_id), self._session.lead(work, duplicate_id)
            context = self._session.context(work)
            merge = commands.Merge(merged_id=other.id, changes=filled_from(lead, other))
            merged = decide(lead, merge, context)
            self._session.keep(work, other, decide(other, commands.Delete(merged_into=lead.id), context))
            return self._session.keep(work, lead, merged)

        return self._session.lead_command("leads.merge", {"lead": lead_id, "duplicate": duplicate_id}, body)

    def delete(self, lead_id: str, *, version: int | None = None) -> Lead:
        """Take a lead out of every list; its record and its history stay.

        Raises:
            NotFound: There is no such lead.
        """
        return self._session.act("leads.delete", lead_id, commands.Delete(), version=version)

    def erase(self, lead_id: str) -> Lead:
        """Remove every personal value of a lead for good: from the lead, its history and its timeline.

        What is counted stays: that there was a lead, its outcome, its stages and their times.

        Raises:
            NotFound: There is no such lead.
        """

        def body(work: UnitOfWork) -> Lead:
            lead = self._session.lead(work, lead_id, deleted=True)
            erased = self._session.keep(work, lead, decide(lead, commands.Erase(), self._session.context(work)))
            work.events.replace([redacted(event) for event in work.events.of_leads((lead_id,))[lead_id]])
            self._forget_timeline(work, lead_id)
            return erased

        return self._session.lead_command("leads.erase", {"lead": lead_id}, body)

    def _forget_timeline(self, work: UnitOfWork, lead_id: str) -> None:
        for activity in work.activities.of_leads((lead_id,))[lead_id]:
            work.activities.save(activity.model_copy(update={"notes": None, "properties": {}}))
        for task in work.activities.tasks_of((lead_id,))[lead_id]:
            # A task must have a title; this one tells nothing of the person.
            erased = task.model_copy(update={"title": "erased", "version": task.version + 1})
            work.activities.save_task(erased, expected=task.version)
