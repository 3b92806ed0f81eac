"""Lives of leads, told by commands: what comes out are the events that the package itself writes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from leadkit.errors import InvalidTransition
from leadkit.leads import Context, ConversionPolicy, NewLead, commands, create, decide
from leadkit.pipelines import Pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from leadkit.leads import Event, Lead

MADE = datetime(2026, 1, 1, tzinfo=UTC)


def pipeline(pipeline_id: str, **probabilities: float) -> Pipeline:
    """Make a pipeline of stages that are named for their ids."""
    stages = [
        {"id": stage, "name": stage.title(), "order": order, "probability": probability}
        for order, (stage, probability) in enumerate(probabilities.items())
    ]
    made = {"id": pipeline_id, "name": pipeline_id.title(), "stages": stages, "createdAt": MADE}
    return Pipeline.model_validate(made)


PIPELINES = (pipeline("inbound", new=0.1, talk=0.5, deal=0.9), pipeline("partners", intro=0.25, close=1.0))

_COMMANDS: dict[str, Callable[[dict[str, Any], datetime], commands.Command]] = {
    "qualify": lambda said, now: commands.Qualify(),
    "disqualify": lambda said, now: commands.Disqualify(reason="bad-fit"),
    "nurture": lambda said, now: commands.Nurture(),
    "reopen": lambda said, now: commands.Reopen(),
    "convert": lambda said, now: commands.Convert(contact_id="contact-1", opportunity_id=said.get("opportunity")),
    "move": lambda said, now: commands.Move(pipeline_id=said.get("pipeline", "inbound"), stage=said["stage"]),
    "assign": lambda said, now: commands.Assign(assigned_to=said["to"]),
    "score": lambda said, now: commands.Score(score=said["score"], breakdown=(), fingerprint="0" * 64, at=now),
    "update": lambda said, now: commands.Update(changes=said),
    "delete": lambda said, now: commands.Delete(),
    "erase": lambda said, now: commands.Erase(),
}

Said = tuple[datetime, str, dict[str, Any]]


def live(lead_id: str, said: Iterable[Said], *, refused: bool = False) -> tuple[Lead, list[Event]]:
    """Live a life: the first command creates the lead.

    Args:
        lead_id: The lead.
        said: When, which command, and its arguments.
        refused: Whether commands that the lifecycle refuses are passed over.
    """
    (now, _, fields), *rest = said
    new = NewLead.model_validate({"email": f"{lead_id}@example.com", **fields})
    decision = create(new, id=lead_id, context=Context(now=now, actor="ann"), stage=new.stage)
    events = list(decision.events)
    for moment, name, arguments in rest:
        context = Context(now=moment, actor="ann", conversion=ConversionPolicy.AUTO_QUALIFY)
        try:
            decision = decide(decision.lead, _COMMANDS[name](arguments, moment), context)
        except InvalidTransition:
            if not refused:
                raise
            continue
        events += decision.events
    return decision.lead, events


def told(moment: str) -> datetime:
    """Read a time of a case: `10-03` or `10-03T09:30`, of the year 2026, in UTC."""
    return datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=UTC)
