import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.memory import MemoryStore

STAGES = [{"id": name, "name": name.title(), "order": order} for order, name in enumerate(("new", "talk", "won"))]


@pytest.fixture
def ws():
    kit = lk.LeadKit(MemoryStore(), clock=SteppingClock(), ids=CountedIds(), strategies={"nearest": lambda *_: None})
    return kit.workspace(org="acme", actor="user-7")


@pytest.fixture
def inbound(ws):
    return ws.pipelines.create(id="inbound", name="Inbound", stages=STAGES)


def test_a_pipeline_gets_an_id_when_none_is_given(ws):
    made = ws.pipelines.create(name="P", stages=STAGES)

    assert made.id == "pipeline-000001"
    assert ws.pipelines.get(made.id) == made
    assert list(ws.pipelines.list()) == [made]


def test_an_id_is_used_once(ws, inbound):
    with pytest.raises(lk.AlreadyExists):
        ws.pipelines.create(id="inbound", name="Other", stages=STAGES)


def test_a_pipeline_that_does_not_exist_is_told_with_those_that_do(ws, inbound):
    with pytest.raises(lk.NotFound, match="did you mean `inbound`"):
        ws.pipelines.get("inbond")


def test_routes_may_use_the_strategies_of_the_host_and_no_unknown_ones(ws):
    route = {"rules": [{"assignTo": "nearest:ae"}]}
    assert ws.pipelines.create(id="p", name="P", stages=STAGES, auto_route=route).auto_route.rules

    with pytest.raises(lk.UnknownStrategy, match="did you mean `round-robin`"):
        ws.pipelines.create(id="q", name="Q", stages=STAGES, auto_route={"rules": [{"assignTo": "round-robbin:ae"}]})
    with pytest.raises(lk.UnknownStrategy):
        ws.pipelines.update_stage("p", "new", auto_route={"rules": [{"assignTo": "never:ae"}]})


def test_a_route_with_a_bad_condition_is_refused_with_its_place(ws):
    rule = {"if": {"field": "score", "op": "=>", "value": 1}, "assignTo": "u"}
    with pytest.raises(lk.RuleErrors, match="did you mean `>=`"):
        ws.pipelines.create(id="p", name="P", stages=STAGES, auto_route={"rules": [rule]})


def test_a_pipeline_is_changed_and_a_change_that_changes_nothing_is_none(ws, inbound):
    changed = ws.pipelines.update("inbound", name="Other")

    assert (changed.name, changed.version) == ("Other", 2)
    assert ws.pipelines.update("inbound", name="Other").version == 2


def test_stages_are_added_changed_reordered_and_removed(ws, inbound):
    assert ws.pipelines.add_stage("inbound", id="lost", name="Lost").stage_ids == ("new", "talk", "won", "lost")
    assert ws.pipelines.add_stage("inbound", id="first", name="First", order=0).stage_ids[0] == "first"
    assert ws.pipelines.update_stage("inbound", "won", probability=0.9).stage("won").probability == 0.9
    assert ws.pipelines.remove_stage("inbound", "first").stage_ids == ("new", "talk", "won", "lost")
    order = ["lost", "won", "talk", "new"]
    assert list(ws.pipelines.reorder("inbound", order).stage_ids) == order
    with pytest.raises(lk.NotAPermutation):
        ws.pipelines.reorder("inbound", order[1:])


def test_a_key_adds_a_stage_once_though_the_default_order_would_differ(ws, inbound):
    for _ in range(2):
        added = ws.keyed("k").pipelines.add_stage("inbound", id="lost", name="Lost")

    assert added.stage_ids == ("new", "talk", "won", "lost")


def test_a_stage_with_open_leads_stays_unless_they_are_told_where_to_go(ws, inbound):
    lead = ws.leads.create(email="a@example.com", pipeline_id="inbound", stage="talk")
    closed = ws.leads.create(email="b@example.com", pipeline_id="inbound", stage="talk")
    ws.leads.disqualify(closed.id, reason="bad-fit")

    with pytest.raises(lk.InUse) as caught:
        ws.pipelines.remove_stage("inbound", "talk")
    assert (caught.value.kind, caught.value.leads) == ("stage", 1)
    with pytest.raises(lk.NotFound):
        ws.pipelines.remove_stage("inbound", "talk", move_to="nowhere")
    assert ws.leads.get(lead.id).stage == "talk"

    ws.pipelines.remove_stage("inbound", "talk", move_to="won")
    assert ws.leads.get(lead.id).stage == "won"
    assert ws.leads.history(lead.id)[-1].type == "lead.stage_changed"
    assert ws.leads.get(closed.id).stage == "talk"


def test_a_pipeline_with_open_leads_stays(ws, inbound):
    lead = ws.leads.create(email="a@example.com", pipeline_id="inbound")
    with pytest.raises(lk.InUse, match="pipeline 'inbound' still holds 1 lead"):
        ws.pipelines.remove("inbound")
    ws.leads.disqualify(lead.id, reason="bad-fit")
    ws.pipelines.remove("inbound")

    assert list(ws.pipelines.list()) == []
    with pytest.raises(lk.NotFound):
        ws.pipelines.remove("inbound")


def test_putting_a_pipeline_makes_it_what_the_document_says(ws):
    made = ws.pipelines.put(id="inbound", name="Inbound", stages=STAGES)
    same = ws.pipelines.put(id="inbound", name="Inbound", stages=STAGES)
    changed = ws.pipelines.put(id="inbound", name="Other", stages=STAGES[:2])

    assert same == made
    assert (changed.name, changed.stage_ids, changed.version) == ("Other", ("new", "talk"), 2)
    assert changed.created_at == made.created_at
    assert ws.pipelines.put(name="Nameless", stages=STAGES).id == "pipeline-000001"


def test_putting_a_pipeline_does_not_drop_a_stage_with_open_leads(ws, inbound):
    ws.leads.create(email="a@example.com", pipeline_id="inbound", stage="won")

    with pytest.raises(lk.InUse):
        ws.pipelines.put(id="inbound", name="Inbound", stages=STAGES[:2])
    assert ws.pipelines.get("inbound") == inbound
