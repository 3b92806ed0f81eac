from datetime import UTC, datetime

from leadkit.leads import IdentityKey, Lead, NewLead, filled_from, identity_keys

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def lead(**fields):
    return Lead(**{"id": "1", "phone": "5", "created_at": NOW, "updated_at": NOW, **fields})


def test_a_lead_is_recognised_by_its_external_id_first_and_its_address_second():
    assert identity_keys(NewLead(email=" A@B.example ", external_id="crm-7")) == (
        IdentityKey("externalId", "crm-7"),
        IdentityKey("email", "a@b.example"),
    )
    assert identity_keys(NewLead(email="a@b")) == (IdentityKey("email", "a@b"),)


def test_a_phone_number_recognises_nobody():
    assert identity_keys(lead()) == ()


def test_a_lead_takes_up_only_what_it_lacks():
    kept = lead(company="Acme", properties={"a": 1}, source="web")
    other = lead(id="2", company="Bolt", email="b@c", properties={"a": 2, "b": 3}, utm_params={"x": 1}, referrer="r")

    assert filled_from(kept, other) == {
        "email": "b@c",
        "referrer": "r",
        "properties": {"a": 1, "b": 3},
        "utm_params": {"x": 1},
    }


def test_a_duplicate_with_nothing_new_gives_nothing():
    full = lead(email="a@b", company="Acme", properties={"a": 1})

    assert filled_from(full, lead(id="2")) == {}
    assert filled_from(full, full) == {}
