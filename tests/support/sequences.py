"""Random sequences of commands, put to a workspace and to the model side by side."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from model import STAGES, Model

from leadkit.errors import LeadkitError
from leadkit.leads import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadkit.services.workspace import Workspace

USERS = ("ann", "bo", None)
REASONS = ("fit", "budget", None)


class SteppingClock:
    """A clock that moves a second with every look."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


class CountedIds:
    """Ids that count."""

    def __init__(self) -> None:
        self._count = 0

    def new(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{self._count:06}"


Step = tuple[str, "Callable[[Workspace], Any]", "Callable[[Model], str | None]"]


def step(choose: random.Random, ids: list[str]) -> Step:
    """Choose a command; answer what it is called, how the workspace is asked, and how the model is."""
    lead_id = choose.choice([*ids, "nobody"]) if ids else "nobody"
    kinds = "create create update qualify disqualify nurture reopen move assign convert delete erase".split()
    # Endings are rare, so that leads live long enough for something to happen to them.
    kind = choose.choices(kinds, weights=[3, 3, 4, 5, 4, 4, 4, 5, 4, 3, 1, 1])[0]
    reason, notes = choose.choice(REASONS), choose.choice(("called", None))
    match kind:
        case "create":
            email = f"{choose.choice(['P', 'p'])}{choose.randrange(12)}@example.com"
            pipeline = choose.choice([*STAGES, None, "nowhere"])
            stage = None if pipeline is None else choose.choice([*STAGES.get(pipeline, ["x"]), None, "nostage"])
            fields = {"email": email, "pipeline_id": pipeline, "stage": stage}

            def ask(ws: Workspace) -> Any:
                lead = ws.leads.create(**fields)
                ids.append(lead.id)
                return lead

            return f"create {fields}", ask, lambda model: model.create(f"@{len(model.leads)}", email, pipeline, stage)
        case "update":
            company = choose.choice(("Acme", "Bolt", None))
            return (
                f"update {lead_id} {company}",
                lambda ws: ws.leads.update(lead_id, company=company),
                lambda model: model.update(lead_id, company),
            )
        case "qualify":
            return (
                f"qualify {lead_id}",
                lambda ws: ws.leads.qualify(lead_id, reason=reason, notes=notes),
                lambda model: model.qualify(lead_id, reason, notes),
            )
        case "disqualify":
            why = reason or "bad-fit"
            return (
                f"disqualify {lead_id}",
                lambda ws: ws.leads.disqualify(lead_id, reason=why, notes=notes),
                lambda model: model.disqualify(lead_id, why, notes),
            )
        case "move":
            pipeline = choose.choice([*STAGES, None, None, "nowhere"])
            stage = choose.choice([*STAGES["inbound"], *STAGES["partners"], None])
            return (
                f"move {lead_id} {pipeline} {stage}",
                lambda ws: ws.leads.move(lead_id, stage=stage, pipeline_id=pipeline),
                lambda model: model.move(lead_id, pipeline, stage),
            )
        case "assign":
            owner = choose.choice(USERS)
            return (
                f"assign {lead_id} {owner}",
                lambda ws: ws.leads.assign(lead_id, owner),
                lambda model: model.assign(lead_id, owner),
            )
        case "convert":
            wanted = choose.random() < 0.5
            opportunity = {"name": "Deal", "amount": 100, "currency": "EUR"} if wanted else None
            return (
                f"convert {lead_id} {wanted}",
                lambda ws: ws.leads.convert(lead_id, create_opportunity=wanted, opportunity=opportunity),
                lambda model: model.convert(lead_id, opportunity=wanted),
            )
        case _:
            return (
                f"{kind} {lead_id}",
                lambda ws: getattr(ws.leads, kind)(lead_id),
                lambda model: getattr(model, kind)(lead_id),
            )


def prepare(ws: Workspace, *, auto_qualify: bool) -> None:
    """Give a fresh workspace the pipelines and the policy of the model."""
    for pipeline, stages in STAGES.items():
        rows = [{"id": stage, "name": stage, "order": order} for order, stage in enumerate(stages)]
        ws.pipelines.create(id=pipeline, name=pipeline, stages=rows)
    if auto_qualify:
        ws.settings.update(conversion="auto_qualify")


def run(ws: Workspace, seed: int, steps: int) -> None:
    """Put a random sequence to a fresh workspace and to the model; raise at the first difference.

    Args:
        ws: A workspace of an organisation with nothing in it.
        seed: What makes the sequence; the same seed makes the same one.
        steps: How many commands.
    """
    choose = random.Random(seed)
    auto_qualify = choose.random() < 0.3
    prepare(ws, auto_qualify=auto_qualify)
    model = Model(auto_qualify=auto_qualify)
    ids: list[str] = []
    for number in range(steps):
        name, ask, expect = step(choose, ids)
        known = len(ids)
        try:
            ask(ws)
        except LeadkitError as error:
            said: str | None = error.code
        else:
            said = None
        expected = expect(model)
        assert said == expected, f"seed {seed}, step {number}: {name}: the kit said {said}, the model {expected}"
        if len(ids) > known:
            # The model does not make ids; it learns the one that was made.
            model.leads[ids[-1]] = model.leads.pop(f"@{known}")
        if ids:
            compare(ws, model, ids, f"seed {seed}, step {number}: {name}")
    assert [lead.id for lead in ws.leads.each()] == [
        lead_id for lead_id in sorted(ids) if not model.leads[lead_id]["deleted"]
    ], f"seed {seed}"


def compare(ws: Workspace, model: Model, ids: list[str], where: str) -> None:
    """Compare every lead, its history and its timeline with the model's."""
    for lead_id in ids:
        expected = model.leads[lead_id]
        history = ws.leads.history(lead_id)
        lead = fold(history)
        found = {
            "address": None if lead.email is None else lead.email.lower(),
            "company": lead.company,
            "pipeline": lead.pipeline_id,
            "stage": lead.stage,
            "status": lead.status.value,
            "owner": lead.assigned_to,
            "qualified": lead.qualified_at is not None,
            "disqualified": lead.disqualified_at is not None,
            "converted": lead.converted_at is not None,
            "reason": lead.qualification_reason,
            "deleted": lead.deleted_at is not None,
            "version": lead.version,
            "events": [event.type for event in history],
        }
        wanted = {key: expected[key] for key in found}
        assert found == wanted, f"{where}: lead {lead_id}"
        assert (lead.converted_to_contact_id is not None) == expected["converted"], where
        assert (lead.converted_to_opportunity_id is not None) == bool(expected["opportunity"]), where
        if not expected["deleted"]:
            assert ws.leads.get(lead_id) == lead, f"{where}: the events of {lead_id} do not fold into it"
