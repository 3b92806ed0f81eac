import pytest

import leadkit as lk
from leadkit.memory import MemoryStore


@pytest.mark.parametrize("address", ["memory:", "memory://"])
def test_a_store_in_memory_is_opened_by_its_address(address):
    with lk.LeadKit.open(address) as kit:
        assert isinstance(kit.store, MemoryStore)


@pytest.mark.parametrize("address", ["mongodb://x", "leads.jsonl", "jsonl:///leads.jsonl", "memory:x", ""])
def test_an_address_of_no_known_kind_is_refused_with_what_is_possible(address):
    with pytest.raises(lk.InvalidInput, match=r"possible are `sqlite:///leads.db`, `postgresql:"):
        lk.LeadKit.open(address)


def test_a_secret_in_an_address_does_not_reach_the_error():
    with pytest.raises(lk.InvalidInput) as caught:
        lk.LeadKit.open("mongodb://admin:hunter2@db")

    assert "hunter2" not in str(caught.value)


def test_a_port_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(lk.InvalidInput, match="there is no port `publsher`; possible are clock, contact_mapping"):
        lk.LeadKit(MemoryStore(), publsher=None)


@pytest.mark.parametrize("names", [{"org": "", "actor": "u"}, {"org": "a", "actor": " "}, {"org": "a\n", "actor": "u"}])
def test_a_workspace_needs_an_organisation_and_an_actor(names):
    with pytest.raises(lk.InvalidInput):
        lk.LeadKit.open("memory:").workspace(**names)


def test_a_workspace_knows_whose_it_is():
    ws = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")

    assert (ws.org, ws.actor) == ("acme", "user-7")
    lead = ws.leads.create(email="a@example.com")
    assert ws.leads.history(lead.id)[0].actor == "user-7"


def test_a_rewired_kit_works_on_the_same_store():
    kit = lk.LeadKit.open("memory:")
    lead = kit.workspace(org="acme", actor="u").leads.create(email="a@example.com")
    other = kit.rewired(publisher=lk.MemoryPublisher())

    assert other.workspace(org="acme", actor="u").leads.get(lead.id) == lead
    with pytest.raises(lk.InvalidInput):
        kit.rewired(nothing=1)
