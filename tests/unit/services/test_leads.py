import threading

import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.memory import MemoryDirectory, MemoryStore


@pytest.fixture
def kit():
    return lk.LeadKit(MemoryStore(), clock=SteppingClock(), ids=CountedIds())


@pytest.fixture
def ws(kit):
    workspace = kit.workspace(org="acme", actor="user-7")
    stages = [{"id": name, "name": name, "order": order} for order, name in enumerate(("new", "discovery", "won"))]
    workspace.pipelines.create(id="inbound", name="Inbound", stages=stages)
    return workspace


def test_a_lead_enters_its_pipeline_at_the_first_stage_or_at_the_one_that_is_named(ws):
    first = ws.leads.create(email="a@example.com", pipeline_id="inbound")
    named = ws.leads.create({"email": "b@example.com", "pipelineId": "inbound", "stage": "won"})

    assert (first.stage, named.stage) == ("new", "won")
    assert first.stage_entered_at == first.created_at
    assert ws.leads.get(first.id) == first


@pytest.mark.parametrize(
    ("fields", "kind", "hint"),
    [
        ({"pipeline_id": "inbond"}, "pipeline", "did you mean `inbound`?"),
        ({"pipeline_id": "inbound", "stage": "discovry"}, "stage", "did you mean `discovery`?"),
    ],
)
def test_a_place_that_does_not_exist_is_told_with_what_was_meant(ws, fields, kind, hint):
    with pytest.raises(lk.NotFound, match=kind) as caught:
        ws.leads.create(email="a@example.com", **fields)

    assert hint in str(caught.value)
    assert ws.leads.count() == 0


def test_a_lead_that_is_known_is_refused(ws):
    known = ws.leads.create(email="a@example.com", external_id="crm-7")

    with pytest.raises(lk.DuplicateLead) as by_mail:
        ws.leads.create(email=" A@Example.com")
    with pytest.raises(lk.DuplicateLead) as by_id:
        ws.leads.create(email="b@example.com", external_id="crm-7")
    assert (by_mail.value.key, by_mail.value.candidates) == ("email", (known.id,))
    assert (by_id.value.key, by_id.value.candidates) == ("externalId", (known.id,))


def test_a_lead_that_is_known_is_updated_where_the_policy_says_so(ws):
    ws.settings.update(duplicates="update")
    known = ws.leads.create(email="a@example.com", company="Acme", properties={"a": 1}, priority="high")
    again = ws.leads.create(email="A@example.com", phone="+1 555 0100", properties={"b": 2})

    assert again.id == known.id
    assert (again.company, again.phone, again.properties) == ("Acme", "+1 555 0100", {"a": 1, "b": 2})
    assert again.priority is lk.Priority.HIGH
    assert again.version == 2
    assert ws.leads.count() == 1


def test_a_lead_that_is_known_is_doubled_where_the_policy_says_so(ws):
    ws.settings.update(duplicates="allow")
    first, second = ws.leads.create(email="a@example.com"), ws.leads.create(email="a@example.com")

    assert first.id != second.id


def test_a_deleted_lead_is_not_known_any_more(ws):
    gone = ws.leads.create(email="a@example.com")
    ws.leads.delete(gone.id)

    assert ws.leads.create(email="a@example.com").id != gone.id
    with pytest.raises(lk.NotFound):
        ws.leads.get(gone.id)
    assert [event.type for event in ws.leads.history(gone.id)] == ["lead.created", "lead.deleted"]
    assert ws.leads.delete(gone.id).version == 2


def test_leads_are_listed_by_filter_order_and_page(ws):
    for number in range(5):
        ws.leads.create(email=f"{number}@example.com", priority="high" if number % 2 else "low", source="web")
    page = ws.leads.list(priority="high", sort_field="email", sort_direction="asc", page_size=1)

    assert [lead.email for lead in page.items] == ["1@example.com"]
    assert page.total == 2
    following = ws.leads.list(
        priority="high", sort_field="email", sort_direction="asc", page_size=1, cursor=page.next_cursor
    )
    assert [lead.email for lead in following.items] == ["3@example.com"]
    assert ws.leads.count(source="web") == 5
    assert len(list(ws.leads.each(priority="low"))) == 3


@pytest.mark.parametrize(
    ("arguments", "path"),
    [({"statsu": "new"}, "$.statsu"), ({"page_size": 500}, "$.page_size"), ({"sort_field": "nothing"}, "$.sort_field")],
)
def test_a_bad_list_is_refused_with_the_place(ws, arguments, path):
    with pytest.raises(lk.InvalidInput) as caught:
        ws.leads.list(**arguments)

    assert caught.value.faults[0].path == path


def test_a_change_writes_what_was_sent_and_leaves_the_rest(ws):
    lead = ws.leads.create(email="a@example.com", company="Acme", properties={"a": 1, "b": 2})
    changed = ws.leads.update(lead.id, {"firstName": "Alice"}, properties={"a": None, "c": 3}, company=None)

    assert (changed.first_name, changed.company, changed.properties) == ("Alice", None, {"b": 2, "c": 3})
    assert changed.version == 2
    assert ws.leads.update(lead.id, first_name="Alice") == changed


def test_a_protected_field_is_refused_by_name(ws):
    lead = ws.leads.create(email="a@example.com")

    with pytest.raises(lk.ProtectedField, match="`score` \\(use score\\)"):
        ws.leads.update(lead.id, score=99)
    with pytest.raises(lk.ProtectedField, match="`status`"):
        ws.leads.create(email="b@example.com", status="qualified")


@pytest.mark.parametrize(
    "ask",
    [
        lambda ws, lead: ws.leads.update(lead.id, company="x", version=9),
        lambda ws, lead: ws.leads.qualify(lead.id, version=9),
        lambda ws, lead: ws.leads.disqualify(lead.id, reason="x", version=9),
        lambda ws, lead: ws.leads.nurture(lead.id, version=9),
        lambda ws, lead: ws.leads.reopen(lead.id, version=9),
        lambda ws, lead: ws.leads.move(lead.id, stage="won", version=9),
        lambda ws, lead: ws.leads.assign(lead.id, "ann", version=9),
        lambda ws, lead: ws.leads.delete(lead.id, version=9),
    ],
)
def test_a_command_on_another_version_than_the_caller_has_seen_is_a_conflict(ws, ask):
    lead = ws.leads.create(email="a@example.com", pipeline_id="inbound")

    with pytest.raises(lk.ConcurrencyConflict) as caught:
        ask(ws, lead)
    assert (caught.value.expected, caught.value.found) == (9, 1)
    assert ws.leads.get(lead.id) == lead


def test_notes_become_an_entry_of_the_timeline_once(ws):
    lead = ws.leads.create(email="a@example.com")
    for _ in range(2):
        ws.leads.qualify(lead.id, reason="good-fit", notes="met at the fair")

    (entry,) = ws.leads.timeline(lead.id)
    assert (entry.type, entry.notes, entry.actor) == ("note", "met at the fair", "user-7")


def test_a_lead_moves_within_its_pipeline_and_into_another(ws):
    ws.pipelines.create(id="partners", name="Partners", stages=[{"id": "intro", "name": "Intro", "order": 0}])
    lead = ws.leads.create(email="a@example.com", pipeline_id="inbound")

    assert ws.leads.move(lead.id, stage="won").stage == "won"
    moved = ws.leads.move(lead.id, pipeline_id="partners")
    assert (moved.pipeline_id, moved.stage, moved.version) == ("partners", "intro", 3)


def test_a_lead_of_no_pipeline_cannot_move_without_naming_one(ws):
    lead = ws.leads.create(email="a@example.com")

    with pytest.raises(lk.NotFound, match="pipeline of lead"):
        ws.leads.move(lead.id)
    assert ws.leads.move(lead.id, pipeline_id="inbound").stage == "new"


def test_a_lead_whose_stage_was_removed_enters_the_pipeline_anew_when_it_is_taken_up(ws):
    lead = ws.leads.create(email="a@example.com", pipeline_id="inbound", stage="discovery")
    ws.leads.disqualify(lead.id, reason="no-budget")
    ws.pipelines.remove_stage("inbound", "discovery")
    reopened = ws.leads.reopen(lead.id)

    assert reopened.stage == "new"
    assert [event.type for event in ws.leads.history(lead.id)][-2:] == ["lead.reopened", "lead.stage_changed"]


def test_a_lead_whose_pipeline_was_removed_can_be_taken_up_all_the_same(ws):
    lead = ws.leads.create(email="a@example.com", pipeline_id="inbound")
    ws.leads.disqualify(lead.id, reason="no-budget")
    ws.pipelines.remove("inbound")

    assert ws.leads.nurture(lead.id).status is lk.LeadStatus.NURTURING


def test_only_users_of_the_directory_can_own_leads(kit):
    directory = MemoryDirectory.of({"ae": [{"id": "ann", "name": "Ann"}]})
    ws = kit.rewired(directory=lambda org: directory).workspace(org="acme", actor="user-7")
    lead = ws.leads.create(email="a@example.com")

    assert ws.leads.assign(lead.id, "ann").assigned_to == "ann"
    assert ws.leads.assign(lead.id, None).assigned_to is None
    with pytest.raises(lk.NotFound, match="no user with id 'nobody'"):
        ws.leads.assign(lead.id, "nobody")


def test_a_lead_takes_up_its_duplicate(ws):
    ws.settings.update(duplicates="allow")
    kept = ws.leads.create(email="a@example.com", company="Acme")
    other = ws.leads.create(email="a@example.com", phone="+1 555 0100", properties={"x": 1})
    merged = ws.leads.merge(kept.id, other.id)

    assert (merged.company, merged.phone, merged.properties) == ("Acme", "+1 555 0100", {"x": 1})
    assert ws.leads.history(other.id)[-1].data["mergedInto"] == kept.id
    assert ws.leads.history(kept.id)[-1].data["mergedLeadId"] == other.id
    assert ws.leads.count() == 1


def test_a_lead_cannot_take_up_itself(ws):
    lead = ws.leads.create(email="a@example.com")

    with pytest.raises(lk.InvalidInput, match="itself"):
        ws.leads.merge(lead.id, lead.id)


def test_an_erased_lead_leaves_no_personal_value_anywhere(ws, kit):
    canary = "canary-4711"
    lead = ws.leads.create(
        email=f"{canary}@example.com",
        first_name=canary,
        company=canary,
        external_id=canary,
        referrer=canary,
        utm_params={canary: canary},
        properties={canary: [canary]},
        source="web",
    )
    ws.leads.update(lead.id, last_name=canary)
    ws.leads.qualify(lead.id, reason=canary, notes=canary)
    ws.leads.follow_up(lead.id, type="call", notes=canary, task={"title": canary, "due_at": "2026-12-01"})
    ws.leads.add_activity(lead.id, type="form", properties={"text": canary})
    erased = ws.leads.erase(lead.id)

    rows = [dict(table.rows) for table in kit.store.organisation("acme").tables]
    told = [event.data for event in ws.leads.history(lead.id)]
    dumped = [activity.model_dump() for activity in rows[3].values()]
    assert canary not in repr((erased.model_dump(), told, dumped, [task.model_dump() for task in rows[4].values()]))
    assert canary not in repr(rows)
    assert erased.status is lk.LeadStatus.QUALIFIED
    assert erased.source == "web"
    assert ws.leads.erase(lead.id) == erased
    assert lk.fold(ws.leads.history(lead.id)) == erased


def test_a_key_carries_a_command_out_once_and_answers_the_same(ws):
    first = ws.keyed("k1").leads.create(email="a@example.com")
    again = ws.keyed("k1").leads.create(email="a@example.com")

    assert again == first
    assert ws.leads.count() == 1


def test_a_key_that_comes_with_another_request_is_refused(ws):
    ws.keyed("k1").leads.create(email="a@example.com")

    with pytest.raises(lk.IdempotencyMismatch):
        ws.keyed("k1").leads.create(email="b@example.com")
    with pytest.raises(lk.IdempotencyMismatch):
        ws.keyed("k1").leads.qualify("lead-000002")


def test_a_key_whose_command_was_refused_can_be_used_again(ws):
    with pytest.raises(lk.NotFound):
        ws.keyed("k1").leads.create(email="a@example.com", pipeline_id="nowhere")
    ws.pipelines.create(id="nowhere", name="N", stages=[{"id": "a", "name": "A", "order": 0}])

    assert ws.keyed("k1").leads.create(email="a@example.com", pipeline_id="nowhere").stage == "a"


def test_several_commands_are_one_unit_of_work(ws):
    with ws.unit_of_work() as work:
        lead = work.leads.create(email="a@example.com")
        work.leads.qualify(lead.id)
        assert work.leads.get(lead.id).status is lk.LeadStatus.QUALIFIED

    assert ws.leads.get(lead.id).version == 2


def test_a_unit_of_work_that_fails_keeps_nothing(ws):
    with pytest.raises(lk.DuplicateLead), ws.unit_of_work() as work:
        work.leads.create(email="a@example.com")
        work.leads.create(email="a@example.com")

    assert ws.leads.count() == 0


def test_a_second_unit_of_work_within_the_first_is_refused_rather_than_mixed_up(ws):
    with ws.unit_of_work() as work:
        work.leads.create(email="a@example.com")
        with pytest.raises(lk.StoreUnavailable, match="open in this thread already"):
            ws.leads.create(email="b@example.com")

    assert ws.leads.count() == 1


def test_threads_that_change_the_same_lead_lose_nothing(ws):
    lead = ws.leads.create(email="a@example.com")

    def note(number):
        for index in range(20):
            ws.leads.update(lead.id, properties={f"{number}-{index}": True})

    threads = [threading.Thread(target=note, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = ws.leads.get(lead.id)
    assert len(found.properties) == 80
    assert found.version == 81
    assert [event.sequence for event in ws.leads.history(lead.id)] == list(range(1, 82))
