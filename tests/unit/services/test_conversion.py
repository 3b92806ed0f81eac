import pytest
from sequences import CountedIds, SteppingClock

import leadkit as lk
from leadkit.conversion import Contact, ContactMapping
from leadkit.memory import MemoryStore

DEAL = {"name": "Deal", "amount": 12000, "currency": "USD"}


def workspace(**ports):
    kit = lk.LeadKit(MemoryStore(), clock=SteppingClock(), ids=CountedIds(), **ports)
    ws = kit.workspace(org="acme", actor="user-7")
    for pipeline in ("inbound", "upsell"):
        stages = [{"id": name, "name": name, "order": order} for order, name in enumerate(("new", "won"))]
        ws.pipelines.create(id=pipeline, name=pipeline, stages=stages)
    return kit, ws


@pytest.fixture
def kit():
    return workspace()[0]


@pytest.fixture
def ws(kit):
    return kit.workspace(org="acme", actor="user-7")


def qualified(ws, email="alice@example.com", **fields):
    lead = ws.leads.create(email=email, **fields)
    return ws.leads.qualify(lead.id)


def contacts(kit):
    return list(kit.store.organisation("acme").contacts.rows.values())


def opportunities(kit):
    return list(kit.store.organisation("acme").opportunities.rows.values())


def known(kit, *contacts_):
    with kit.store.unit_of_work("acme") as work:
        for contact in contacts_:
            made = SteppingClock().now()
            work.contacts.create_contact(Contact(created_at=made, **contact), key=contact["id"])
        work.commit()


def test_a_lead_becomes_a_contact_and_an_opportunity(kit, ws):
    lead = qualified(ws, company="Acme", first_name="Alice", properties={"plan": "pro"})
    done = ws.leads.convert(lead.id, create_opportunity=True, opportunity=DEAL)

    assert done.lead == ws.leads.get(lead.id)
    assert done.lead.status == "converted"
    assert (done.lead.converted_to_contact_id, done.lead.converted_to_opportunity_id) == (
        done.contact_id,
        done.opportunity_id,
    )
    (contact,), (opportunity,) = contacts(kit), opportunities(kit)
    assert contact == Contact(
        id=done.contact_id,
        email="alice@example.com",
        first_name="Alice",
        company="Acme",
        properties={"plan": "pro"},
        created_at=done.lead.converted_at,
    )
    assert opportunity.model_dump(mode="json") == {
        "id": done.opportunity_id,
        "name": "Deal",
        "amount": "12000",
        "currency": "USD",
        "expectedCloseDate": None,
        "stage": None,
        "contactId": done.contact_id,
        "leadId": lead.id,
        "createdAt": contact.model_dump(mode="json")["createdAt"],
    }
    converted = ws.leads.history(lead.id)[-1]
    assert converted.type == "lead.converted"
    assert (converted.data["contactId"], converted.data["opportunityId"]) == (done.contact_id, done.opportunity_id)


def test_a_contact_is_made_without_an_opportunity_unless_one_is_wanted(kit, ws):
    done = ws.leads.convert(qualified(ws).id)

    assert done.opportunity_id is None
    assert (len(contacts(kit)), opportunities(kit)) == (1, [])


def test_an_opportunity_that_is_described_is_wanted(kit, ws):
    assert ws.leads.convert(qualified(ws).id, opportunity=DEAL).opportunity_id == opportunities(kit)[0].id


def test_a_known_contact_is_linked_and_filled(kit, ws):
    known(kit, {"id": "c-1", "email": "ALICE@example.com", "company": "Bolt"})
    done = ws.leads.convert(qualified(ws, company="Acme", first_name="Alice").id)

    (contact,) = contacts(kit)
    assert done.contact_id == "c-1"
    assert (contact.email, contact.company, contact.first_name) == ("ALICE@example.com", "Bolt", "Alice")


def test_of_several_contacts_one_must_be_named(kit, ws):
    known(kit, {"id": "c-1", "email": "alice@example.com"}, {"id": "c-2", "email": "Alice@example.com"})
    lead = qualified(ws)
    with pytest.raises(lk.AmbiguousContact) as caught:
        ws.leads.convert(lead.id)

    assert caught.value.candidates == ("c-1", "c-2")
    assert ws.leads.get(lead.id) == lead
    assert ws.leads.convert(lead.id, contact_id="c-2").contact_id == "c-2"


def test_a_contact_with_another_address_can_be_named(kit, ws):
    known(kit, {"id": "c-1", "email": "bob@example.com"})

    assert ws.leads.convert(qualified(ws).id, contactId="c-1").contact_id == "c-1"


def test_a_contact_that_does_not_exist_cannot_be_named(kit, ws):
    lead = qualified(ws)
    with pytest.raises(lk.NotFound, match="there is no contact with id 'c-9'"):
        ws.leads.convert(lead.id, contact_id="c-9", create_opportunity=True)
    assert (ws.leads.get(lead.id), contacts(kit), opportunities(kit)) == (lead, [], [])


def test_a_lead_without_an_address_matches_nobody(kit, ws):
    known(kit, {"id": "c-1", "phone": "555 0100"})
    done = ws.leads.convert(qualified(ws, email=None, phone="555 0100").id)

    assert done.contact_id != "c-1"


def test_converting_again_answers_the_same(kit, ws):
    lead = qualified(ws)
    done = ws.leads.convert(lead.id, create_opportunity=True)

    assert ws.leads.convert(lead.id, create_opportunity=True, opportunity={"name": "Other"}) == done
    assert ws.leads.convert(lead.id) == done
    assert (len(contacts(kit)), len(opportunities(kit)), len(ws.leads.history(lead.id))) == (1, 1, 3)


def test_an_opportunity_that_was_never_made_cannot_be_asked_for_later(ws):
    lead = qualified(ws)
    ws.leads.convert(lead.id)
    with pytest.raises(lk.ConversionConflict, match="no opportunity was made"):
        ws.leads.convert(lead.id, create_opportunity=True)


def test_a_conversion_under_a_key_is_carried_out_once(kit, ws):
    lead = qualified(ws)
    first = ws.keyed("k").leads.convert(lead.id)

    assert ws.keyed("k").leads.convert(lead.id) == first
    assert len(contacts(kit)) == 1
    with pytest.raises(lk.IdempotencyMismatch):
        ws.keyed("k").leads.convert(lead.id, create_opportunity=True)


def test_a_key_answers_what_came_of_a_lead_that_was_deleted_since(ws):
    lead = qualified(ws)
    first = ws.keyed("k").leads.convert(lead.id)
    ws.leads.delete(lead.id)

    assert ws.keyed("k").leads.convert(lead.id).contact_id == first.contact_id


def test_a_refusal_makes_nothing(kit, ws):
    lead = ws.leads.create(email="alice@example.com")
    with pytest.raises(lk.InvalidTransition):
        ws.leads.convert(lead.id, create_opportunity=True)
    with pytest.raises(lk.InvalidInput, match="amount and currency go together"):
        ws.leads.convert(lead.id, opportunity={"amount": 5})

    assert (contacts(kit), opportunities(kit)) == ([], [])


def test_where_the_policy_says_so_a_new_lead_is_qualified_on_the_way(ws):
    ws.settings.update(conversion="auto_qualify")
    lead = ws.leads.create(email="alice@example.com")
    ws.leads.convert(lead.id)

    history = ws.leads.history(lead.id)
    assert [(event.type, event.sequence) for event in history] == [
        ("lead.created", 1),
        ("lead.qualified", 2),
        ("lead.converted", 3),
    ]
    assert history[1].time == history[2].time


def test_a_host_declares_what_becomes_what():
    kit, ws = workspace(contact_mapping=ContactMapping(fields={"email": "email", "company": "properties.employer"}))
    ws.leads.convert(qualified(ws, company="Acme", properties={"employer": "Bolt"}).id)

    assert [(contact.company, contact.properties) for contact in contacts(kit)] == [("Bolt", {})]


def test_an_opportunity_that_was_begun_with_another_contact_is_a_conflict(kit, ws):
    known(kit, {"id": "c-1", "email": "x@example.com"}, {"id": "c-2", "email": "y@example.com"})
    lead = qualified(ws)
    with kit.store.unit_of_work("acme") as work:
        from leadkit.conversion import Opportunity, opportunity_key

        begun = Opportunity(id="o-1", name="x", contact_id="c-1", lead_id=lead.id, created_at=lead.created_at)
        work.contacts.create_opportunity(begun, key=opportunity_key(lead.id))
        work.commit()
    with pytest.raises(lk.ConversionConflict, match="made its opportunity with contact 'c-1'"):
        ws.leads.convert(lead.id, contact_id="c-2", create_opportunity=True)

    assert ws.leads.get(lead.id) == lead
    assert ws.leads.convert(lead.id, contact_id="c-1", create_opportunity=True).opportunity_id == "o-1"


# --- back to a lead --------------------------------------------------------------------------------------------------


@pytest.fixture
def contact(ws):
    return ws.leads.convert(qualified(ws, first_name="Alice", properties={"plan": "pro"}).id).contact_id


def test_a_contact_becomes_a_new_lead_that_knows_its_origin(ws, contact):
    lead = ws.leads.from_contact(contact, pipeline_id="upsell", stage="won")

    assert (lead.origin_contact_id, lead.pipeline_id, lead.stage, lead.status) == (contact, "upsell", "won", "new")
    assert (lead.email, lead.first_name, lead.properties) == ("alice@example.com", "Alice", {"plan": "pro"})
    assert ws.leads.history(lead.id)[0].data["lead"]["originContactId"] == contact


def test_a_contact_that_is_a_lead_already_stays_that_lead(ws, contact):
    lead = ws.leads.from_contact(contact, pipeline_id="upsell")

    assert ws.leads.from_contact(contact, pipeline_id="upsell") == lead
    assert ws.leads.from_contact(contact) == lead
    assert ws.leads.from_contact(contact, pipeline_id="inbound").id != lead.id
    assert ws.leads.count() == 3


def test_without_a_pipeline_a_contact_becomes_a_lead_outside_of_any(ws, contact):
    assert ws.leads.from_contact(contact).pipeline_id is None


def test_an_open_lead_with_the_contacts_address_is_its_lead(kit, ws):
    known(kit, {"id": "c-1", "email": "ALICE@example.com"})
    lead = ws.leads.create(email="alice@example.com", pipeline_id="inbound")

    assert ws.leads.from_contact("c-1", pipeline_id="inbound") == lead
    assert ws.leads.from_contact("c-1", pipeline_id="upsell").origin_contact_id == "c-1"


def test_the_lead_that_was_made_from_a_contact_comes_before_one_with_its_address(kit, ws, contact):
    ws.settings.update(duplicates="allow")
    other = ws.leads.create(email="alice@example.com", pipeline_id="upsell")
    known(kit, {"id": "c-1", "email": "alice@example.com"})
    made = ws.leads.from_contact(contact, pipeline_id="inbound")

    assert ws.leads.from_contact(contact) == made
    assert ws.leads.from_contact("c-1") == other


def test_a_contact_without_an_address_becomes_a_lead_too(kit, ws):
    known(kit, {"id": "c-1", "first_name": "Alice"})
    lead = ws.leads.from_contact("c-1", pipeline_id="inbound")

    assert (lead.email, lead.external_id, lead.origin_contact_id) == (None, "c-1", "c-1")
    assert ws.leads.from_contact("c-1", pipeline_id="inbound") == lead


@pytest.mark.parametrize(
    ("id_", "place", "message"),
    [
        ("nobody", {}, "there is no contact with id 'nobody'"),
        (None, {"pipeline_id": "inbond"}, "there is no pipeline with id 'inbond'; did you mean `inbound`?"),
        (None, {"pipeline_id": "inbound", "stage": "wom"}, "there is no stage with id 'wom'; did you mean `won`?"),
    ],
)
def test_what_does_not_exist_is_told(ws, contact, id_, place, message):
    with pytest.raises(lk.NotFound) as caught:
        ws.leads.from_contact(id_ or contact, **place)
    assert str(caught.value) == message


def test_a_key_makes_one_lead_of_a_contact(ws, contact):
    first = ws.keyed("k").leads.from_contact(contact, pipeline_id="upsell")
    ws.leads.disqualify(first.id, reason="bad-fit")

    assert ws.keyed("k").leads.from_contact(contact, pipeline_id="upsell").id == first.id
    assert ws.leads.from_contact(contact, pipeline_id="upsell").id != first.id
