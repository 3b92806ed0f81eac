"""THE transition table, and the pure function that decides: a lead and a command in, a decision out.

The table answers for every command in every status; `decide` looks the cell up and lets one small function per command
say which fields change and which event tells of it. A new status or transition is a change of this module alone.
"""

from __future__ import annotations

from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs
from pydantic import ValidationError

from leadkit.errors import InvalidInput, InvalidTransition
from leadkit.leads import commands
from leadkit.leads.documents import WRITABLE
from leadkit.leads.erasure import PERSONAL, is_erased
from leadkit.leads.events import Event, wire_changes, wire_lead, wire_value
from leadkit.leads.lead import Lead, LeadStatus
from leadkit.leads.making import begun, remade
from leadkit.leads.settings import ConversionPolicy
from leadkit.values.document import faults_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from leadkit.leads.documents import NewLead

__all__ = ["LIFECYCLE", "Cell", "Context", "Decision", "Verdict", "allowed_commands", "cell", "create", "decide"]


class Verdict(StrEnum):
    """What a cell of the table says where it names no new status."""

    OK = "ok"
    NO_OP = "no-op"
    REFUSED = "refused"
    SKIPPED = "skipped"
    BY_POLICY = "refused unless the policy is auto_qualify"


Cell = LeadStatus | Verdict

_NEW, _NURTURING, _QUALIFIED, _DISQUALIFIED, _CONVERTED = LeadStatus
_OK, _NO_OP, _REFUSED, _SKIPPED, _BY_POLICY = Verdict

# fmt: off
_TABLE: Final[dict[str, tuple[Cell, Cell, Cell, Cell, Cell]]] = {
    #              new            nurturing      qualified      disqualified   converted
    "qualify":    (_QUALIFIED,    _QUALIFIED,    _NO_OP,        _REFUSED,      _REFUSED),
    "disqualify": (_DISQUALIFIED, _DISQUALIFIED, _DISQUALIFIED, _NO_OP,        _REFUSED),
    "nurture":    (_NURTURING,    _NO_OP,        _NURTURING,    _NURTURING,    _REFUSED),
    "reopen":     (_NO_OP,        _NEW,          _REFUSED,      _NEW,          _REFUSED),
    "convert":    (_BY_POLICY,    _BY_POLICY,    _CONVERTED,    _REFUSED,      _NO_OP),
    "update":     (_OK,           _OK,           _OK,           _OK,           _REFUSED),
    "score":      (_OK,           _OK,           _OK,           _OK,           _REFUSED),
    "enrich":     (_OK,           _OK,           _OK,           _OK,           _REFUSED),
    "assign":     (_OK,           _OK,           _OK,           _OK,           _REFUSED),
    "move":       (_OK,           _OK,           _OK,           _REFUSED,      _REFUSED),
    "route":      (_OK,           _OK,           _OK,           _SKIPPED,      _SKIPPED),
    "merge":      (_OK,           _OK,           _OK,           _OK,           _REFUSED),
    "delete":     (_OK,           _OK,           _OK,           _OK,           _OK),
    "erase":      (_OK,           _OK,           _OK,           _OK,           _OK),
}
# fmt: on

LIFECYCLE: Final[Mapping[str, Mapping[LeadStatus, Cell]]] = MappingProxyType(
    {name: MappingProxyType(dict(zip(LeadStatus, row, strict=True))) for name, row in _TABLE.items()}
)
"""For every command and status: the new status, or the verdict."""


def cell(command: str, status: LeadStatus) -> Cell:
    """Look a command up in the table.

    Example:
        >>> cell("qualify", LeadStatus.NEW).value, cell("qualify", LeadStatus.CONVERTED).value
        ('qualified', 'refused')
    """
    return LIFECYCLE[command][status]


def allowed_commands(status: LeadStatus) -> tuple[str, ...]:
    """Name the commands that a lead of this status accepts, in the table's order.

    Example:
        >>> allowed_commands(LeadStatus.CONVERTED)
        ('convert', 'delete', 'erase')
    """
    return tuple(name for name, row in LIFECYCLE.items() if row[status] not in (_REFUSED, _SKIPPED, _BY_POLICY))


@attrs.frozen(kw_only=True)
class Context:
    """What a decision depends on beside the lead and the command.

    Attributes:
        now: The instant of the decision.
        actor: Who asks.
        conversion: The organisation's policy.
    """

    now: datetime
    actor: str
    conversion: ConversionPolicy = ConversionPolicy.REQUIRE_QUALIFIED


@attrs.frozen(kw_only=True)
class Decision:
    """What follows from a command.

    Attributes:
        lead: The lead after it; the very same object where nothing changed.
        events: What happened, one event for each version that was added.
        notes: Text that belongs into the timeline.
    """

    lead: Lead
    events: tuple[Event, ...] = ()
    notes: str | None = None

    @property
    def changed(self) -> bool:
        """Whether anything happened."""
        return bool(self.events)


_SENT: Final = (*WRITABLE, "pipeline_id")
_sent_of: Final = attrgetter(*_SENT)


def create(
    new: NewLead, *, id: str, context: Context, stage: str | None = None, origin_contact_id: str | None = None
) -> Decision:
    """Decide how a new lead begins.

    Args:
        new: What was sent.
        id: The id that it gets.
        context: Time and actor.
        stage: The stage in which it enters its pipeline, where it has one.
        origin_contact_id: The contact that it is made from.
    """
    # What was sent was read when it became a `NewLead`; a copy, so that nobody changes the lead by what was sent.
    sent = dict(zip(_SENT, _sent_of(new), strict=True))
    sent["utm_params"], sent["properties"] = wire_value(new.utm_params), wire_value(new.properties)
    given = {
        "id": id,
        "stage": stage,
        "stage_entered_at": None if stage is None else context.now,
        "origin_contact_id": origin_contact_id,
        "created_at": context.now,
        "updated_at": context.now,
    }
    lead = _valid(begun, sent, given)
    event = Event(
        type="lead.created",
        lead_id=id,
        sequence=1,
        time=context.now,
        actor=context.actor,
        data={"lead": wire_lead(lead)},
    )
    return Decision(lead=lead, events=(event,))


def _valid(make: Callable[..., Any], *arguments: object, **fields: object) -> Lead:
    """Make a lead; what its model refuses is the caller's to mend."""
    try:
        made: Lead = make(*arguments, **fields)
    except ValidationError as error:
        raise InvalidInput(faults=faults_of(error, Lead)) from None
    return made


@attrs.frozen
class _Outcome:
    """What an accepted command changes, and how its event tells it."""

    type: str
    changes: dict[str, Any]
    data: dict[str, Any] = attrs.Factory(dict[str, Any])
    # Changes that the event also tells by themselves, by their names on the wire.
    echoed: tuple[str, ...] = ()


def _qualify(lead: Lead, command: commands.Qualify, context: Context) -> _Outcome:
    stamps = {
        "qualified_at": context.now,
        "qualified_by": context.actor,
        "qualification_reason": command.reason,
    }
    return _Outcome("lead.qualified", stamps, {"reason": command.reason})


def _disqualify(lead: Lead, command: commands.Disqualify, context: Context) -> _Outcome:
    stamps = {
        "disqualified_at": context.now,
        "disqualified_by": context.actor,
        "qualified_at": None,
        "qualified_by": None,
        "qualification_reason": command.reason,
    }
    return _Outcome("lead.disqualified", stamps, {"reason": command.reason})


_UNSTAMPED: Final = {
    "qualified_at": None,
    "qualified_by": None,
    "qualification_reason": None,
    "disqualified_at": None,
    "disqualified_by": None,
}


def _nurture(lead: Lead, command: commands.Nurture, context: Context) -> _Outcome:
    return _Outcome("lead.nurtured", dict(_UNSTAMPED), {"reason": command.reason})


def _reopen(lead: Lead, command: commands.Reopen, context: Context) -> _Outcome:
    return _Outcome("lead.reopened", dict(_UNSTAMPED), {"reason": command.reason})


def _convert(lead: Lead, command: commands.Convert, context: Context) -> _Outcome:
    changes = {
        "converted_at": context.now,
        "converted_to_contact_id": command.contact_id,
        "converted_to_opportunity_id": command.opportunity_id,
    }
    return _Outcome(
        "lead.converted", changes, {"contactId": command.contact_id, "opportunityId": command.opportunity_id}
    )


def _update(lead: Lead, command: commands.Update, context: Context) -> _Outcome | None:
    return _Outcome("lead.updated", command.changes) if command.changes else None


def _score(lead: Lead, command: commands.Score, context: Context) -> _Outcome | None:
    priority = lead.priority if command.priority is None else command.priority
    present = (lead.score, lead.score_breakdown, lead.priority)
    if command.only_if_changed and present == (command.score, command.breakdown, priority):
        return None
    changes: dict[str, Any] = {
        "score": command.score,
        "score_breakdown": command.breakdown,
        "scored_at": command.at,
        "priority": priority,
    }
    return _Outcome(
        "lead.scored",
        changes,
        {"previousScore": lead.score, "ruleset": command.fingerprint},
        echoed=("score", "scoreBreakdown"),
    )


def _enrich(lead: Lead, command: commands.Enrich, context: Context) -> _Outcome | None:
    if not command.changes:
        return None
    changes = {**command.changes, "enrichment": {**lead.enrichment, **command.provenance}}
    providers = sorted({enriched.provider for enriched in command.provenance.values()})
    return _Outcome("lead.enriched", changes, {"providers": providers})


def _assign(lead: Lead, command: commands.Assign, context: Context) -> _Outcome | None:
    if command.assigned_to == lead.assigned_to:
        return None
    changes = {
        "assigned_to": command.assigned_to,
        "assigned_at": None if command.assigned_to is None else context.now,
    }
    data = {"assignedTo": command.assigned_to, "previous": lead.assigned_to, "reason": command.reason}
    return _Outcome("lead.assigned", changes, data)


def _move(lead: Lead, command: commands.Move, context: Context) -> _Outcome | None:
    if (command.pipeline_id, command.stage) == (lead.pipeline_id, lead.stage):
        return None
    changes = {"pipeline_id": command.pipeline_id, "stage": command.stage, "stage_entered_at": context.now}
    data = {
        "fromPipeline": lead.pipeline_id,
        "fromStage": lead.stage,
        "toPipeline": command.pipeline_id,
        "toStage": command.stage,
    }
    return _Outcome("lead.stage_changed", changes, data)


def _merge(lead: Lead, command: commands.Merge, context: Context) -> _Outcome:
    return _Outcome("lead.merged", command.changes, {"mergedLeadId": command.merged_id})


def _delete(lead: Lead, command: commands.Delete, context: Context) -> _Outcome:
    return _Outcome("lead.deleted", {"deleted_at": context.now}, {"mergedInto": command.merged_into})


def _erase(lead: Lead, command: commands.Erase, context: Context) -> _Outcome | None:
    if is_erased(lead):
        return None
    return _Outcome("lead.erased", {**PERSONAL, "deleted_at": lead.deleted_at or context.now})


# Each function takes the command that its row is for, which a mapping's type cannot say.
_OUTCOMES: Final[Mapping[str, Callable[[Lead, Any, Context], _Outcome | None]]] = MappingProxyType(
    {
        "qualify": _qualify,
        "disqualify": _disqualify,
        "nurture": _nurture,
        "reopen": _reopen,
        "convert": _convert,
        "update": _update,
        "score": _score,
        "enrich": _enrich,
        "assign": _assign,
        "move": _move,
        "merge": _merge,
        "delete": _delete,
        "erase": _erase,
    }
)

_AFTER_DELETION: Final = ("delete", "erase")


def _verdict(lead: Lead, command: commands.Command, context: Context) -> Cell:
    if lead.deleted_at is not None:
        if command.name not in _AFTER_DELETION:
            raise InvalidTransition(status="deleted", command=command.name, allowed=_AFTER_DELETION)
        return _NO_OP if command.name == "delete" else _OK
    found = cell(command.name, lead.status)
    if found is _REFUSED or (found is _BY_POLICY and context.conversion is ConversionPolicy.REQUIRE_QUALIFIED):
        raise InvalidTransition(status=lead.status.value, command=command.name, allowed=allowed_commands(lead.status))
    return found


def decide(lead: Lead, command: commands.Command, context: Context) -> Decision:
    """Decide what a command does to a lead.

    Args:
        lead: The lead as it is.
        command: What is asked.
        context: Time, actor and policy.

    Returns:
        The decision: the lead after it and what happened. A no-op returns the very same lead and no events.

    Raises:
        InvalidTransition: The table refuses the command in the lead's status.
        InvalidInput: What the command brings does not fit the lead, such as an update that takes its last identity.

    Example:
        >>> from datetime import UTC, datetime
        >>> now = datetime(2026, 11, 24, tzinfo=UTC)
        >>> lead = Lead(id="lead-1", email="alice@example.com", created_at=now, updated_at=now)
        >>> decision = decide(lead, commands.Qualify(reason="good-fit"), Context(now=now, actor="user-7"))
        >>> decision.lead.status.value, decision.lead.version, decision.events[0].type
        ('qualified', 2, 'lead.qualified')
    """
    verdict = _verdict(lead, command, context)
    if verdict is _NO_OP:
        return Decision(lead=lead)
    if verdict is _BY_POLICY:
        qualified = decide(lead, commands.Qualify(reason=ConversionPolicy.AUTO_QUALIFY.value), context)
        converted = decide(qualified.lead, command, context)
        return Decision(lead=converted.lead, events=(*qualified.events, *converted.events))
    outcome = _OUTCOMES[command.name](lead, command, context)
    if outcome is None:
        return Decision(lead=lead)
    changes = outcome.changes
    if isinstance(verdict, LeadStatus):
        changes = {"status": verdict, **changes}
    after = _valid(remade, lead, {**changes, "updated_at": context.now, "version": lead.version + 1})
    # Told from the lead after validation, which may have brought a value into its one form.
    told = wire_changes(after, changes)
    data = {**outcome.data, "changes": told}
    for name in outcome.echoed:
        data[name] = told[name]
    event = Event(
        type=outcome.type,
        lead_id=lead.id,
        sequence=after.version,
        time=context.now,
        actor=context.actor,
        data=data,
    )
    return Decision(lead=after, events=(event,), notes=getattr(command, "notes", None))
