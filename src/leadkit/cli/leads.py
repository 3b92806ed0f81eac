"""`leadkit list`, `show`, `qualify`, `disqualify` and `convert`: single leads."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, cast

import typer

from leadkit.cli.console import OUT, leads_table, plain, put, table, write_json
from leadkit.cli.workspaces import Opening, find_lead
from leadkit.leads import LeadStatus
from leadkit.values.times import isoformat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["register"]

_LEAD = typer.Argument(help="Its id, its external id or its e-mail address.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("list")(list_)
    app.command("show")(show)
    app.command("qualify")(qualify)
    app.command("disqualify")(disqualify)
    app.command("convert")(convert)


def list_(
    context: typer.Context,
    status: list[LeadStatus] = typer.Option([], help="With this outcome; may be given several times."),
    search: str | None = typer.Option(None, help="Contained in e-mail, names, company or phone."),
    owner: str | None = typer.Option(None, help="Owned by this user."),
    sort: str = typer.Option("createdAt", help="The field to order by."),
    ascending: bool = typer.Option(False, "--ascending", help="The smallest first."),
    page: int = typer.Option(1, help="Which page."),
    size: int = typer.Option(20, help="How many leads a page has, at most 200."),
    as_json: bool = typer.Option(False, "--json", help="Print the leads as JSON."),
) -> None:
    """List leads, a page at a time."""
    opening: Opening = context.obj
    wanted: dict[str, Any] = {"status": status or None, "search": search, "assigned_to": owner}
    with opening.workspace() as ws:
        found = ws.leads.list(
            page=page,
            page_size=size,
            sort_field=sort,
            sort_direction="asc" if ascending else "desc",
            **{name: value for name, value in wanted.items() if value is not None},
        )
    if as_json:
        write_json([lead.model_dump() for lead in found.items])
        return
    total = found.total or 0
    pages = max(1, math.ceil(total / size))
    counted = f"{total:,} lead{'' if total == 1 else 's'}"
    put(leads_table(f"{counted}, page {found.page} of {pages:,}", found.items))


def show(
    context: typer.Context,
    lead: str = _LEAD,
    as_json: bool = typer.Option(False, "--json", help="Print the lead as JSON."),
) -> None:
    """Show a lead and what happened to it."""
    opening: Opening = context.obj
    with opening.workspace() as ws:
        found = find_lead(ws, lead)
        history = ws.leads.history(found.id)
    if as_json:
        write_json(found.model_dump())
        return
    fields = table(None, "field", "value")
    for name, value in _lines(found.model_dump()):
        fields.add_row(plain(name), plain(value))
    put(fields)
    OUT.print()
    events = table("history", "version", "time", "event", "by", numbers=("version",))
    for event in history:
        events.add_row(str(event.sequence), isoformat(event.time), event.type, plain(event.actor))
    put(events)


def _lines(document: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Answer the name and the value of each field that has one, those of an object under their dotted names."""
    for name, value in document.items():
        if name == "scoreBreakdown":
            yield from ((f"  {line['points']:+g}", line["rule"]) for line in value)
        elif isinstance(value, dict):
            yield from _lines(cast("dict[str, Any]", value), f"{above}{name}.")
        elif value not in (None, []):
            yield f"{above}{name}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def qualify(
    context: typer.Context,
    lead: str = _LEAD,
    reason: str | None = typer.Option(None, help="Why."),
    notes: str | None = typer.Option(None, help="Text for the timeline."),
) -> None:
    """Declare a lead worth pursuing."""
    opening: Opening = context.obj
    with opening.workspace() as ws:
        done = ws.leads.qualify(find_lead(ws, lead).id, reason=reason, notes=notes)
    OUT.print(f"{done.id} is {done.status.value}")


def disqualify(
    context: typer.Context,
    lead: str = _LEAD,
    reason: str = typer.Option(help="Why: bad-fit, no-budget, wrong-region, or your own."),
    notes: str | None = typer.Option(None, help="Text for the timeline."),
) -> None:
    """Declare a lead not worth pursuing."""
    opening: Opening = context.obj
    with opening.workspace() as ws:
        done = ws.leads.disqualify(find_lead(ws, lead).id, reason=reason, notes=notes)
    OUT.print(f"{done.id} is {done.status.value}")


def convert(
    context: typer.Context,
    lead: str = _LEAD,
    opportunity: str | None = typer.Option(None, help="Make an opportunity of this name with it."),
    amount: str | None = typer.Option(None, help="What it may be worth."),
    currency: str | None = typer.Option(None, help="The currency of the amount, such as EUR."),
) -> None:
    """Convert a qualified lead into a contact, and an opportunity where one is named."""
    opening: Opening = context.obj
    wanted = {"name": opportunity, "amount": amount, "currency": currency}
    given = {name: value for name, value in wanted.items() if value is not None}
    with opening.workspace() as ws:
        done = ws.leads.convert(find_lead(ws, lead).id, create_opportunity=bool(given), opportunity=given or None)
    made = "" if done.opportunity_id is None else f" and opportunity {done.opportunity_id}"
    OUT.print(f"{done.lead.id} is converted into contact {done.contact_id}{made}")
