import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from leadkit.errors import InvalidInput, InvalidTransition
from leadkit.leads import (
    EVENTS,
    LIFECYCLE,
    PERSONAL,
    Context,
    ConversionPolicy,
    Enriched,
    Lead,
    LeadStatus,
    NewLead,
    ScoreLine,
    Verdict,
    allowed_commands,
    cell,
    commands,
    create,
    decide,
    fold,
)
from leadkit.values import read

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CONTEXT = Context(now=NOW, actor="user-7")
AUTO = Context(now=NOW, actor="user-7", conversion=ConversionPolicy.AUTO_QUALIFY)

STAMPS = {
    "new": {},
    "nurturing": {},
    "qualified": {"qualified_at": BEGAN, "qualified_by": "first", "qualification_reason": "fit"},
    "disqualified": {"disqualified_at": BEGAN, "disqualified_by": "first", "qualification_reason": "bad-fit"},
    "converted": {
        "qualified_at": BEGAN,
        "qualified_by": "first",
        "converted_at": BEGAN,
        "converted_to_contact_id": "c1",
        "converted_to_opportunity_id": "o1",
    },
}


def lead(status="new", **fields):
    return Lead(
        **{
            "id": "lead-1",
            "email": "alice@example.com",
            "pipeline_id": "inbound",
            "stage": "first",
            "status": status,
            "created_at": BEGAN,
            "updated_at": BEGAN,
            "version": 4,
            **STAMPS[status],
            **fields,
        }
    )


ASKED = {
    "qualify": commands.Qualify(reason="good-fit", notes="met at the fair"),
    "disqualify": commands.Disqualify(reason="no-budget", notes="called twice"),
    "nurture": commands.Nurture(reason="too early"),
    "reopen": commands.Reopen(reason="wrote again"),
    "convert": commands.Convert(contact_id="c9", opportunity_id="o9"),
    "update": commands.Update(changes={"company": "Acme"}),
    "score": commands.Score(
        score=12.5, breakdown=(ScoreLine(rule="fit", points=12.5),), fingerprint="f" * 64, at=NOW, priority="high"
    ),
    "enrich": commands.Enrich(
        changes={"company": "Acme"},
        provenance={"company": Enriched(provider="apollo", value="Acme", at=NOW)},
    ),
    "assign": commands.Assign(assigned_to="user-9", reason="round robin"),
    "move": commands.Move(pipeline_id="inbound", stage="second"),
    "merge": commands.Merge(merged_id="lead-2", changes={"company": "Acme"}),
    "delete": commands.Delete(merged_into="lead-2"),
    "erase": commands.Erase(),
}

# The table of the design, written out a second time so that a slip in the module cannot hide.
EXPECTED = """
qualify     qualified    qualified    no-op        refused      refused
disqualify  disqualified disqualified disqualified no-op        refused
nurture     nurturing    no-op        nurturing    nurturing    refused
reopen      no-op        new          refused      new          refused
convert     policy       policy       converted    refused      no-op
update      ok           ok           ok           ok           refused
score       ok           ok           ok           ok           refused
enrich      ok           ok           ok           ok           refused
assign      ok           ok           ok           ok           refused
move        ok           ok           ok           refused      refused
route       ok           ok           ok           skipped      skipped
merge       ok           ok           ok           ok           refused
delete      ok           ok           ok           ok           ok
erase       ok           ok           ok           ok           ok
"""
CELLS = [
    (line.split()[0], status.value, said)
    for line in EXPECTED.strip().splitlines()
    for status, said in zip(LeadStatus, line.split()[1:], strict=True)
]
VERDICTS = {"policy": Verdict.BY_POLICY}


@pytest.mark.parametrize(("command", "status", "said"), CELLS)
def test_the_table_says_what_the_design_says(command, status, said):
    assert cell(command, LeadStatus(status)) == VERDICTS.get(said, said)
    assert LIFECYCLE[command][LeadStatus(status)] == VERDICTS.get(said, said)


def test_the_table_has_a_row_for_every_command_and_no_other():
    assert {*ASKED, "route"} == set(LIFECYCLE)


@pytest.mark.parametrize(("command", "status", "said"), [each for each in CELLS if each[0] != "route"])
def test_every_cell_of_the_table_is_what_happens(command, status, said):
    before = lead(status)
    if said in ("refused", "policy"):
        with pytest.raises(InvalidTransition) as caught:
            decide(before, ASKED[command], CONTEXT)
        assert caught.value.status == status
        assert caught.value.command == command
        assert caught.value.allowed == allowed_commands(LeadStatus(status))
        return
    decision = decide(before, ASKED[command], CONTEXT)
    if said == "no-op":
        assert decision.lead is before
        assert decision.events == ()
        assert decision.notes is None
        assert not decision.changed
        return
    assert decision.lead.status == (status if said == "ok" else said)
    assert decision.lead.version == 5
    assert decision.lead.updated_at == NOW
    (event,) = decision.events
    assert (event.lead_id, event.sequence, event.time, event.actor) == ("lead-1", 5, NOW, "user-7")
    assert decision.changed


def changed(before, after):
    return {
        field.name: getattr(after, field.name)
        for field in dataclasses.fields(Lead)
        if getattr(before, field.name) != getattr(after, field.name) and field.name not in ("version", "updated_at")
    }


QUALIFIED = {"status": "qualified", "qualified_at": NOW, "qualified_by": "user-7", "qualification_reason": "good-fit"}
DISQUALIFIED = {
    "status": "disqualified",
    "disqualified_at": NOW,
    "disqualified_by": "user-7",
    "qualification_reason": "no-budget",
}
TOLD = [
    ("qualify", "new", QUALIFIED, "lead.qualified", {"reason": "good-fit"}, "met at the fair"),
    ("qualify", "nurturing", QUALIFIED, "lead.qualified", {"reason": "good-fit"}, "met at the fair"),
    ("disqualify", "new", DISQUALIFIED, "lead.disqualified", {"reason": "no-budget"}, "called twice"),
    (
        "disqualify",
        "qualified",
        {**DISQUALIFIED, "qualified_at": None, "qualified_by": None},
        "lead.disqualified",
        {"reason": "no-budget"},
        "called twice",
    ),
    (
        "nurture",
        "qualified",
        {"status": "nurturing", "qualified_at": None, "qualified_by": None, "qualification_reason": None},
        "lead.nurtured",
        {"reason": "too early"},
        None,
    ),
    (
        "reopen",
        "disqualified",
        {"status": "new", "disqualified_at": None, "disqualified_by": None, "qualification_reason": None},
        "lead.reopened",
        {"reason": "wrote again"},
        None,
    ),
    (
        "convert",
        "qualified",
        {
            "status": "converted",
            "converted_at": NOW,
            "converted_to_contact_id": "c9",
            "converted_to_opportunity_id": "o9",
        },
        "lead.converted",
        {"contactId": "c9", "opportunityId": "o9"},
        None,
    ),
    ("update", "new", {"company": "Acme"}, "lead.updated", {}, None),
    (
        "score",
        "new",
        {
            "score": 12.5,
            "score_breakdown": (ScoreLine(rule="fit", points=12.5),),
            "scored_at": NOW,
            "priority": "high",
        },
        "lead.scored",
        {
            "score": 12.5,
            "scoreBreakdown": [{"rule": "fit", "points": 12.5}],
            "previousScore": None,
            "ruleset": "f" * 64,
        },
        None,
    ),
    (
        "enrich",
        "new",
        {"company": "Acme", "enrichment": {"company": Enriched(provider="apollo", value="Acme", at=NOW)}},
        "lead.enriched",
        {"providers": ["apollo"]},
        None,
    ),
    (
        "assign",
        "new",
        {"assigned_to": "user-9", "assigned_at": NOW},
        "lead.assigned",
        {"assignedTo": "user-9", "previous": None, "reason": "round robin"},
        None,
    ),
    (
        "move",
        "new",
        {"stage": "second", "stage_entered_at": NOW},
        "lead.stage_changed",
        {"fromPipeline": "inbound", "fromStage": "first", "toPipeline": "inbound", "toStage": "second"},
        None,
    ),
    ("merge", "new", {"company": "Acme"}, "lead.merged", {"mergedLeadId": "lead-2"}, None),
    ("delete", "new", {"deleted_at": NOW}, "lead.deleted", {"mergedInto": "lead-2"}, None),
    (
        "erase",
        "qualified",
        {"email": None, "qualification_reason": None, "deleted_at": NOW},
        "lead.erased",
        {},
        None,
    ),
]


@pytest.mark.parametrize(("command", "status", "fields", "type_", "data", "notes"), TOLD)
def test_an_accepted_command_changes_its_fields_and_tells_of_them(command, status, fields, type_, data, notes):
    before = lead(status)
    decision = decide(before, ASKED[command], CONTEXT)

    assert changed(before, decision.lead) == fields
    (event,) = decision.events
    assert event.type == type_
    assert {key: value for key, value in event.data.items() if key != "changes"} == data
    assert decision.notes == notes
    read(EVENTS[type_].payload, event.data)


@pytest.mark.parametrize(("command", "status", "fields", "type_", "data", "notes"), TOLD)
def test_the_changes_of_an_event_lead_from_the_lead_before_to_the_lead_after(
    command, status, fields, type_, data, notes
):
    before = lead(status, version=1)
    first = create(NewLead(email="alice@example.com"), id="lead-1", context=CONTEXT).events[0]
    began = dataclasses.replace  # the lead as an event of its own, whatever its status
    start = type(first)(
        type="lead.created", lead_id="lead-1", sequence=1, time=BEGAN, actor="x", data={"lead": before.model_dump()}
    )
    decision = decide(began(before), ASKED[command], CONTEXT)

    assert fold([start, *decision.events]) == decision.lead


def test_auto_qualify_qualifies_and_converts_with_an_event_for_each():
    for status in ("new", "nurturing"):
        decision = decide(lead(status), ASKED["convert"], AUTO)

        assert [event.type for event in decision.events] == ["lead.qualified", "lead.converted"]
        assert [event.sequence for event in decision.events] == [5, 6]
        assert decision.lead.status is LeadStatus.CONVERTED
        assert decision.lead.qualified_at == decision.lead.converted_at == NOW
        assert decision.lead.qualification_reason == "auto_qualify"
        assert decision.lead.version == 6


def test_the_policy_opens_no_other_cell():
    for status in ("disqualified",):
        with pytest.raises(InvalidTransition):
            decide(lead(status), ASKED["convert"], AUTO)


@pytest.mark.parametrize(
    ("before", "command"),
    [
        (lead(), commands.Update(changes={})),
        (lead(), commands.Enrich(changes={}, provenance={})),
        (lead(), commands.Assign(assigned_to=None)),
        (lead(assigned_to="u", assigned_at=BEGAN), commands.Assign(assigned_to="u", reason="again")),
        (lead(), commands.Move(pipeline_id="inbound", stage="first")),
        (lead(deleted_at=BEGAN), commands.Delete()),
        (decide(lead(), commands.Erase(), CONTEXT).lead, commands.Erase()),
    ],
)
def test_a_command_that_changes_nothing_is_a_no_op(before, command):
    decision = decide(before, command, CONTEXT)

    assert decision.lead is before
    assert decision.events == ()


def test_taking_a_lead_from_its_owner_clears_both_stamps():
    decision = decide(lead(assigned_to="u", assigned_at=BEGAN), commands.Assign(assigned_to=None), CONTEXT)

    assert (decision.lead.assigned_to, decision.lead.assigned_at) == (None, None)
    assert decision.events[0].data["previous"] == "u"


def test_a_stage_of_the_same_name_in_another_pipeline_is_another_place():
    decision = decide(lead(), commands.Move(pipeline_id="partners", stage="first"), CONTEXT)

    assert (decision.lead.pipeline_id, decision.lead.stage) == ("partners", "first")


def scored(**fields):
    return lead(
        score=12.5,
        score_breakdown=(ScoreLine(rule="fit", points=12.5),),
        scored_at=BEGAN,
        priority="high",
        **fields,
    )


def test_a_single_score_is_told_always_and_a_batch_tells_only_changes():
    asked = ASKED["score"]

    assert decide(scored(), asked, CONTEXT).events[0].data["previousScore"] == 12.5
    assert not decide(scored(), dataclass_evolve(asked, only_if_changed=True), CONTEXT).changed
    assert not decide(scored(), dataclass_evolve(asked, only_if_changed=True, priority=None), CONTEXT).changed
    for differs in ({"score": 13}, {"breakdown": ()}, {"priority": "low"}):
        assert decide(scored(), dataclass_evolve(asked, only_if_changed=True, **differs), CONTEXT).changed


def dataclass_evolve(command, **fields):
    import attrs

    return attrs.evolve(command, **fields)


def test_a_score_without_bands_leaves_the_priority_as_it_is():
    decision = decide(lead(priority="low"), dataclass_evolve(ASKED["score"], priority=None), CONTEXT)

    assert decision.lead.priority == "low"


def test_enrichment_keeps_the_provenance_of_other_fields():
    before = lead(enrichment={"phone": Enriched(provider="hunter", value="5", at=BEGAN)})
    decision = decide(before, ASKED["enrich"], CONTEXT)

    assert set(decision.lead.enrichment) == {"phone", "company"}


def test_erasing_takes_every_personal_value_and_leaves_what_is_counted():
    before = scored(
        first_name="Alice",
        last_name="Doe",
        phone="+1 555 0100",
        company="Acme",
        external_id="crm-7",
        referrer="https://example.com/alice",
        utm_params={"a": 1},
        properties={"b": 2},
        source="web",
        campaign_id="spring",
        enrichment={"company": Enriched(provider="x", value="Acme", at=BEGAN)},
    )
    after = decide(before, commands.Erase(), CONTEXT).lead

    assert {name: getattr(after, name) for name in PERSONAL} == dict(PERSONAL)
    assert (after.source, after.campaign_id, after.score, after.stage) == ("web", "spring", 12.5, "first")
    assert after.deleted_at == NOW


def test_erasing_a_deleted_lead_keeps_the_time_at_which_it_was_deleted():
    after = decide(lead(deleted_at=BEGAN), commands.Erase(), CONTEXT)

    assert after.lead.deleted_at == BEGAN
    assert after.events[0].type == "lead.erased"


@pytest.mark.parametrize("command", sorted(set(ASKED) - {"delete", "erase"}))
def test_a_deleted_lead_accepts_only_to_be_deleted_or_erased(command):
    with pytest.raises(InvalidTransition) as caught:
        decide(lead(deleted_at=BEGAN), ASKED[command], CONTEXT)

    assert (caught.value.status, caught.value.command) == ("deleted", command)
    assert caught.value.allowed == ("delete", "erase")


def test_an_update_that_takes_the_last_identity_is_refused_with_the_reason():
    with pytest.raises(InvalidInput) as caught:
        decide(lead(), commands.Update(changes={"email": None}), CONTEXT)

    assert str(caught.value) == "$: a lead needs an identity: email, phone or externalId"


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: commands.Qualify(reason="x" * 10_001), "$.reason: string should have at most 10000 characters"),
        (lambda: commands.Qualify(notes="\x00"), "$.notes: text cannot hold a NUL character"),
        (lambda: commands.Disqualify(reason="\x00"), "$.reason: text cannot hold a NUL character"),
        (lambda: commands.Nurture(reason=5), "$.reason: input should be a valid string"),
        (lambda: commands.Assign(assigned_to=""), "$.assignedTo: string should have at least 1 character"),
        (lambda: commands.Assign(assigned_to="u", reason="\x00"), "$.reason: text cannot hold a NUL character"),
    ],
)
def test_what_is_no_command_is_refused_where_it_stands(make, fault):
    with pytest.raises(InvalidInput) as caught:
        make()

    assert str(caught.value) == fault


def test_a_refusal_names_the_commands_that_are_allowed():
    assert allowed_commands(LeadStatus.DISQUALIFIED) == (
        "disqualify",
        "nurture",
        "reopen",
        "update",
        "score",
        "enrich",
        "assign",
        "merge",
        "delete",
        "erase",
    )
    assert allowed_commands(LeadStatus.CONVERTED) == ("convert", "delete", "erase")
    assert "convert" not in allowed_commands(LeadStatus.NEW)
    assert "route" in allowed_commands(LeadStatus.NEW)


def test_a_created_lead_is_told_whole():
    new = NewLead(email="Alice@example.com", pipeline_id="inbound", properties={"a": 1}, priority="low")
    decision = create(new, id="lead-9", context=CONTEXT, stage="first", origin_contact_id="c1")

    assert decision.lead == Lead(
        id="lead-9",
        email="Alice@example.com",
        pipeline_id="inbound",
        stage="first",
        stage_entered_at=NOW,
        priority="low",
        properties={"a": 1},
        origin_contact_id="c1",
        created_at=NOW,
        updated_at=NOW,
    )
    (event,) = decision.events
    assert (event.type, event.sequence, event.lead_id, event.actor) == ("lead.created", 1, "lead-9", "user-7")
    assert event.time == NOW
    assert fold([event]) == decision.lead


def test_a_lead_outside_of_every_pipeline_entered_no_stage():
    decision = create(NewLead(phone="5"), id="lead-9", context=CONTEXT)

    assert (decision.lead.stage, decision.lead.stage_entered_at, decision.lead.origin_contact_id) == (None, None, None)


def test_a_lead_that_cannot_be_made_is_refused_as_input():
    with pytest.raises(InvalidInput) as caught:
        create(NewLead(email="a@b"), id="", context=CONTEXT)

    assert caught.value.faults[0].path == "$.id"


def test_deciding_changes_no_input():
    changes = {"properties": {"a": [1]}}
    before = lead()
    copy = before.model_dump()
    decision = decide(before, commands.Update(changes=changes), Context(now=NOW + timedelta(1), actor="u"))
    decision.lead.properties["a"].append(2)

    assert before.model_dump() == copy
    assert changes == {"properties": {"a": [1]}}
