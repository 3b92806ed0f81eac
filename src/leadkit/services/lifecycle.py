"""The commands of the lifecycle: everything that changes a lead's status, stage or owner, or takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from leadkit.errors import Fault, InvalidInput, NotFound
from leadkit.leads import commands, decide, filled_from, redacted
from leadkit.services.capture import starting_stage

if TYPE_CHECKING:
    from leadkit.leads import Lead
    from leadkit.ports import UnitOfWork
    from leadkit.services.session import Session

__all__ = ["LifecycleCommands"]


@attrs.frozen
class LifecycleCommands:
    """What can be asked of a lead."""

    _session: Session

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

    def disqualify(self, lead_id: str, *, reason: str, notes: str | None = None, version: int | None = None) -> Lead:
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
            context = self._session.context()
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
            return self._session.keep(work, lead, decide(lead, command, self._session.context()))

        return self._session.lead_command(
            "leads.move", {"lead": lead_id, "stage": stage, "pipeline": pipeline_id}, body
        )

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
        if (
            assigned_to is not None
            and directory is not None
            and directory(self._session.org).assignee(assigned_to) is None
        ):
            raise NotFound(kind="user", id=assigned_to)
        return self._session.act("leads.assign", lead_id, commands.Assign(assigned_to=assigned_to), version=version)

    def merge(self, lead_id: str, duplicate_id: str) -> Lead:
        """Let a lead take up a duplicate: it fills its empty fields from it, and the duplicate is deleted.

        Args:
            lead_id: The lead that stays.
            duplicate_id: The one that goes.

        Raises:
            NotFound: One of them does not exist.
            InvalidInput: They are one and the same.
            InvalidTransition: The lead that stays is converted.
        """
        if lead_id == duplicate_id:
            fault = Fault(path="$.duplicateId", message="a lead cannot take up itself", code="same-lead")
            raise InvalidInput(faults=(fault,))

        def body(work: UnitOfWork) -> Lead:
            lead, other = self._session.lead(work, lead_id), self._session.lead(work, duplicate_id)
            context = self._session.context()
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
            erased = self._session.keep(work, lead, decide(lead, commands.Erase(), self._session.context()))
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
