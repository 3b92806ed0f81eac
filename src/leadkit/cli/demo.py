"""`leadkit demo`: the whole main job on the sample that ships with the package."""

from __future__ import annotations

import contextlib
import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from leadkit.cli.console import ERRORS, OUT, plain, progress, put, table
from leadkit.cli.importing import import_with_bar, show_report
from leadkit.cli.routing import show_routing
from leadkit.cli.scoring import show_scores
from leadkit.cli.workspaces import FixedClock, directory_of, read_document
from leadkit.kit import LeadKit
from leadkit.leads.filtering import LeadFilter
from leadkit.memory import CompanyTable, ImmediateJobs, MemoryPublisher
from leadkit.scoring import Ruleset
from leadkit.values.times import read_instant

if TYPE_CHECKING:
    from leadkit.leads import Lead
    from leadkit.services.workspace import Workspace

__all__ = ["register"]

_QUALIFIED_FROM: Final = 45
_MOST_CONVERTED: Final = 40
_ORG: Final = "demo"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    keep: Path | None = typer.Option(
        None, help="Keep the demo's leads in this file, to look at with the other commands and --org demo."
    ),
    files: Path | None = typer.Option(None, help="Copy the sample's files into this folder, to try each step alone."),
) -> None:
    """Import, enrich, score, route, qualify, convert and report on a sample of messy leads."""
    with contextlib.ExitStack() as stack:
        sample = stack.enter_context(resources.as_file(resources.files("leadkit") / "samples"))
        if files is not None:
            _copy(sample, files)
            return
        if keep is not None and keep.exists():
            message = f"{keep} exists already; name another file, or remove it"
            raise typer.BadParameter(message, param_hint="--keep")
        directory = directory_of(sample / "directory.json")
        # The sample's visits and calls happened before this instant; as of today they would all be long ago.
        now = read_instant(read_document(sample / "sample.json")["asOf"])
        publisher = MemoryPublisher()
        kit = stack.enter_context(
            LeadKit.open(
                "memory:" if keep is None else f"sqlite:///{keep}",
                clock=FixedClock(now),
                directory=directory,
                publisher=publisher,
                jobs=ImmediateJobs(),
            )
        )
        ws = kit.workspace(org=_ORG, actor="demo")
        _capture(ws, sample)
        _enrich(kit, ws)
        _score(ws, sample)
        _route(ws)
        _qualify_and_convert(ws)
        _report(ws)
        _events(publisher)
    if keep is not None:
        where = plain(str(keep))
        OUT.print(f"\nkept in {where}; look around: leadkit --store {where} --org demo list", soft_wrap=True)


def _step(title: str) -> None:
    OUT.print()
    OUT.rule(f"[bold]{title}[/]", align="left")


def _copy(sample: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for source in sorted(sample.iterdir()):
        if source.suffix in (".csv", ".json", ".jsonl"):
            (target / source.name).write_bytes(source.read_bytes())
    OUT.print(f"the sample is in {plain(str(target))}")


def _capture(ws: Workspace, sample: Path) -> None:
    _step("1. import")
    ws.pipelines.put(**read_document(sample / "pipeline.json"))
    report = import_with_bar(ws, sample / "leads.csv", mapping=sample / "mapping.json")
    show_report("leads.csv", report, None)
    known = {lead.external_id: lead.id for lead in ws.leads.each()}
    lines = (sample / "activities.jsonl").read_text(encoding="utf-8").splitlines()
    entered = 0
    with progress() as shown, ws.unit_of_work() as work:
        for line in shown.track(lines, description="entering activities"):
            entered += _enter(work, known, json.loads(line))
    OUT.print(f"{entered:,} activities entered")


def _enter(ws: Workspace, known: dict[str | None, str], record: dict[str, Any]) -> bool:
    lead_id = known.get(record.pop("externalId"))
    if lead_id is None:
        return False
    ws.leads.add_activity(lead_id, **record)
    return True


def _enrich(kit: LeadKit, ws: Workspace) -> None:
    _step("2. enrich")
    nameless = [lead.id for lead in ws.leads.each() if lead.company is None]
    provider = CompanyTable.learned_from(ws.leads.each())
    enriching = kit.rewired(enrichment=(provider,)).workspace(org=ws.org, actor=ws.actor)
    job = enriching.enrichment.enrich_batch(ids=nameless)
    filled = sum(ws.leads.get(lead_id).company is not None for lead_id in nameless)
    OUT.print(
        f"{job.total:,} leads name no company; {filled:,} of them got one, "
        f"from {len(provider.companies):,} domains that other leads name ({job.state.value})"
    )


def _score(ws: Workspace, sample: Path) -> None:
    _step("3. score")
    ws.scoring.save_rules(Ruleset.model_validate_json((sample / "rules.json").read_bytes()))
    OUT.print(str(ws.scoring.score_batch(filter={})))
    show_scores(ws, 5)
    best = ws.leads.list(sort_field="score", page_size=1).items[0]
    OUT.print()
    OUT.print(ws.scoring.explain(best.id))


def _route(ws: Workspace) -> None:
    _step("4. route")
    show_routing(ws.routing.route_unassigned("inbound-saas"), 3)


def _qualify_and_convert(ws: Workspace) -> None:
    _step("5. qualify and convert")
    good = [lead for lead in ws.leads.each(score_from=_QUALIFIED_FROM, unassigned=False) if lead.is_open]
    with progress() as shown:
        for lead in shown.track(good, description="qualifying"):
            ws.leads.qualify(lead.id, reason="good-fit")
        poor = list(ws.leads.each(**LeadFilter(score_to=0, open=True).model_dump(exclude_unset=True)))
        for lead in shown.track(poor, description="disqualifying"):
            ws.leads.disqualify(lead.id, reason="bad-fit")
        ready = sorted(good, key=lambda lead: (-(lead.score or 0), lead.id))[:_MOST_CONVERTED]
        for lead in shown.track(ready, description="converting"):
            ws.leads.convert(lead.id, create_opportunity=True, opportunity=_opportunity(lead))
    made = table(None, "qualified", "disqualified", "converted", numbers=("qualified", "disqualified", "converted"))
    made.add_row(f"{len(good):,}", f"{len(poor):,}", f"{len(ready):,}")
    put(made)


def _opportunity(lead: Lead) -> dict[str, Any]:
    size = lead.properties.get("team_size")
    amount = 120 * size if isinstance(size, int) else 1_000
    return {"amount": amount, "currency": "USD"}


def _report(ws: Workspace) -> None:
    _step("6. report")
    OUT.print(ws.analytics.report("2020-01-01", "2100-01-01", outcome="properties.won"))


def _events(publisher: MemoryPublisher) -> None:
    counts: dict[str, int] = {}
    for _, event in publisher.published:
        counts[event.type] = counts.get(event.type, 0) + 1
    OUT.print()
    listed = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
    ERRORS.print(f"[dim]{len(publisher.published):,} events were published: {listed}[/]")
