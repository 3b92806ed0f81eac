from datetime import UTC, datetime

import pytest

from leadkit.importing import OnDuplicate, news_for
from leadkit.leads import Lead, NewLead

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def known(**fields):
    return Lead(id="1", created_at=NOW, updated_at=NOW, **{"email": "a@example.com", **fields})


def test_what_the_row_tells_is_news_and_nothing_else_is():
    lead = known(company="Acme", properties={"a": 1, "b": 2})
    sent = NewLead(email="a@example.com", company="Acme", first_name="Ann", properties={"b": 3})
    assert news_for(lead, sent) == {"first_name": "Ann", "properties": {"a": 1, "b": 3}}


def test_a_row_that_tells_nothing_new_is_no_news():
    assert news_for(known(company="Acme"), NewLead(email="a@example.com", company="Acme")) == {}


def test_the_priority_of_a_lead_is_kept_where_the_row_has_none():
    assert news_for(known(priority="high"), NewLead(email="a@example.com")) == {}
    assert news_for(known(priority="high"), NewLead(email="a@example.com", priority="low")) == {"priority": "low"}


def test_a_lead_keeps_its_external_id_and_takes_one_that_it_lacks():
    sent = NewLead(email="a@example.com", external_id="crm-2")
    assert news_for(known(external_id="crm-1"), sent) == {}
    assert news_for(known(), sent) == {"external_id": "crm-2"}


def test_a_lead_with_an_external_id_may_come_without():
    sent = NewLead(email="a@example.com", company="Acme")
    assert news_for(known(external_id="crm-1"), sent) == {"company": "Acme"}


def test_an_address_is_news():
    assert news_for(known(external_id="crm-1"), NewLead(email="b@example.com", external_id="crm-1")) == {
        "email": "b@example.com"
    }


def test_a_lead_stays_in_its_place():
    sent = NewLead(email="a@example.com", pipeline_id="outbound", stage="new")
    assert news_for(known(pipeline_id="inbound", stage="won"), sent) == {}


def test_nothing_is_changed_by_asking():
    properties = {"b": 3}
    sent = NewLead(email="a@example.com", external_id="crm-2", properties=properties)
    news_for(known(external_id="crm-1"), sent)
    assert (sent.external_id, sent.properties, properties) == ("crm-2", {"b": 3}, {"b": 3})


@pytest.mark.parametrize("word", ["skip", "update", "fail"])
def test_there_are_three_policies(word):
    assert OnDuplicate(word).value == word
    assert len(OnDuplicate) == 3
