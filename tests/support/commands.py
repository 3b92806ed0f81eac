"""Every command that there is, ready to be put to a workspace with a little of everything in it."""

from __future__ import annotations

from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.memory import ImmediateJobs, MemoryDirectory, MemoryPublisher, MemoryStore
from leadkit.testing.faults import FaultyPort, FaultyStore

ORG = "acme"
RULES = {"rules": [{"name": "fit", "points": 20, "condition": {"field": "company", "op": "exists"}}]}
CSV = b"email,company\nnew1@example.com,Acme\nnew2@example.com,Bolt\nold@example.com,Core\n"


class Known:
    """A provider that always knows the company."""

    name = "known"
    max_batch = 10

    def match(self, leads):
        from leadkit.enrichment import Match

        return [Match(provider=self.name, values={"company": "Found Ltd"}) for _ in leads]


class Finder:
    """A provider that always finds the same two people."""

    name = "finder"

    def find(self, criteria):
        from leadkit.enrichment import Candidate

        return [
            Candidate(provider=self.name, external_id=str(number), email=f"found{number}@example.com")
            for number in range(2)
        ]


def wired(counter, store=None):
    """A kit on a counted store, one in memory if none is given, with every other port counted too."""
    publisher = MemoryPublisher()
    directory = MemoryDirectory.of({"ae": [{"id": "ann", "name": "Ann"}, {"id": "bo", "name": "Bo"}]})
    kit = lk.LeadKit(
        FaultyStore(store or MemoryStore(), counter),
        clock=SteppingClock(),
        ids=CountedIds(),
        directory=lambda org: FaultyPort(directory, "directory", counter),
        publisher=FaultyPort(publisher, "publisher", counter),
        enrichment=(FaultyPort(Known(), "provider", counter),),
        prospecting=(FaultyPort(Finder(), "finder", counter),),
        jobs=FaultyPort(ImmediateJobs(), "runner", counter),
    )
    return kit, publisher


def prepared(counter, store=None, org=ORG):
    """A workspace with a little of everything, and the ids of its leads."""
    kit, publisher = wired(counter, store)
    ws = kit.workspace(org=org, actor="tester")
    ws.pipelines.create(
        id="inbound",
        name="Inbound",
        stages=[{"id": "new", "name": "New", "order": 0}, {"id": "won", "name": "Won", "order": 1}],
        auto_route={"rules": [{"assignTo": "round-robin:ae"}]},
    )
    ws.pipelines.create(id="spare", name="Spare", stages=[{"id": "only", "name": "Only", "order": 0}])
    ws.scoring.save_rules({"rules": RULES["rules"], "total": {"max": 100}})
    ws.scoring.save_rules(RULES)
    ws.scoring.save_draft({"rules": []}, note="a clean slate")
    ids = [
        ws.leads.create(email=f"{name}@example.com", pipeline_id="inbound").id for name in ("old", "fit", "done", "out")
    ]
    ws.leads.qualify(ids[1])
    ws.leads.qualify(ids[2])
    ws.leads.convert(ids[2], create_opportunity=True, opportunity={"name": "Deal", "amount": 5, "currency": "EUR"})
    ws.leads.disqualify(ids[3], reason="bad-fit")
    task = ws.leads.follow_up(ids[0], type="call", notes="hello", task={"title": "again", "due_at": "2026-12-01"}).task
    return kit, publisher, ws, ids, task


# Every command, each on a workspace as `prepared` leaves it; `leads` and `several in one` beside them.
COMMANDS = {
    "create": lambda ws, ids, task: ws.leads.create(email="x@example.com", pipeline_id="inbound"),
    "create under a key": lambda ws, ids, task: ws.keyed("k").leads.create(email="x@example.com"),
    "update": lambda ws, ids, task: ws.leads.update(ids[0], company="Acme"),
    "qualify": lambda ws, ids, task: ws.leads.qualify(ids[0], reason="fit", notes="met"),
    "disqualify": lambda ws, ids, task: ws.leads.disqualify(ids[0], reason="no-budget", notes="called"),
    "nurture": lambda ws, ids, task: ws.leads.nurture(ids[0]),
    "reopen": lambda ws, ids, task: ws.leads.reopen(ids[3]),
    "move": lambda ws, ids, task: ws.leads.move(ids[0], stage="won"),
    "assign": lambda ws, ids, task: ws.leads.assign(ids[0], "ann"),
    "merge": lambda ws, ids, task: ws.leads.merge(ids[0], ids[1]),
    "delete": lambda ws, ids, task: ws.leads.delete(ids[0]),
    "erase": lambda ws, ids, task: ws.leads.erase(ids[0]),
    "follow up": lambda ws, ids, task: ws.leads.follow_up(
        ids[0], type="email", notes="hi", task={"title": "t", "due_at": "2026-12-01"}
    ),
    "add an activity": lambda ws, ids, task: ws.leads.add_activity(ids[0], type="call", notes="hello"),
    "complete a task": lambda ws, ids, task: ws.leads.complete_task(task.id),
    "convert": lambda ws, ids, task: ws.leads.convert(
        ids[1], create_opportunity=True, opportunity={"name": "Deal", "amount": 5, "currency": "EUR"}
    ),
    "from contact": lambda ws, ids, task: ws.leads.from_contact(
        ws.leads.get(ids[2]).converted_to_contact_id, pipeline_id="inbound"
    ),
    "create a pipeline": lambda ws, ids, task: ws.pipelines.create(
        id="p", name="P", stages=[{"id": "a", "name": "A", "order": 0}]
    ),
    "put a pipeline": lambda ws, ids, task: ws.pipelines.put(
        id="spare", name="Other", stages=[{"id": "only", "name": "Only", "order": 0}]
    ),
    "remove a pipeline": lambda ws, ids, task: ws.pipelines.remove("spare"),
    "rename a pipeline": lambda ws, ids, task: ws.pipelines.update("inbound", name="Other"),
    "add a stage": lambda ws, ids, task: ws.pipelines.add_stage("inbound", id="mid", name="Mid"),
    "change a stage": lambda ws, ids, task: ws.pipelines.update_stage("inbound", "won", probability=0.5),
    "remove a stage": lambda ws, ids, task: ws.pipelines.remove_stage("inbound", "new", move_to="won"),
    "reorder": lambda ws, ids, task: ws.pipelines.reorder("inbound", ["won", "new"]),
    "save rules": lambda ws, ids, task: ws.scoring.save_rules({"rules": []}),
    "restore rules": lambda ws, ids, task: ws.scoring.restore(1),
    "save a draft": lambda ws, ids, task: ws.scoring.save_draft(RULES),
    "publish the draft": lambda ws, ids, task: ws.scoring.publish(),
    "discard the draft": lambda ws, ids, task: ws.scoring.discard_draft(),
    "score": lambda ws, ids, task: ws.scoring.score(ids[0]),
    "score a batch": lambda ws, ids, task: ws.scoring.score_batch(filter={}),
    "route": lambda ws, ids, task: ws.routing.route(ids[0]),
    "route all": lambda ws, ids, task: ws.routing.route_unassigned("inbound"),
    "enrich": lambda ws, ids, task: ws.enrichment.enrich(ids[0]),
    "accept an answer": lambda ws, ids, task: ws.enrichment.accept(ids[0], Known().match([ids[0]])[0]),
    "switch enrichment": lambda ws, ids, task: ws.enrichment.set_auto(enabled=True),
    "prospect": lambda ws, ids, task: ws.prospecting.find(title="CTO", create=True),
    "settings": lambda ws, ids, task: ws.settings.update(time_zone="Europe/Berlin"),
    "import": lambda ws, ids, task: ws.imports.csv(CSV),
    "import contacts": lambda ws, ids, task: ws.imports.contacts([ws.leads.get(ids[2]).converted_to_contact_id]),
    "several in one": lambda ws, ids, task: several(ws, ids),
}


def several(ws, ids):
    with ws.unit_of_work() as work:
        work.leads.qualify(ids[0], reason="fit")
        work.leads.assign(ids[0], "bo")
        work.leads.create(email="y@example.com")
