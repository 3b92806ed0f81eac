import json

import attrs
import pytest

from leadkit.publishing import message_of
from leadkit.testing.builders import build_event


def test_a_message_is_the_envelope_in_one_line():
    message = message_of(
        "acme", build_event(data={"changes": {"company": "Zoë\n& Co"}}), source="https://crm.example.com"
    )

    assert json.loads(message.body)["source"] == "https://crm.example.com/acme"
    assert json.loads(message.body)["data"] == {"changes": {"company": "Zoë\n& Co"}}
    assert b"\n" not in message.body
    assert "Zoë".encode() in message.body


@pytest.mark.parametrize(
    ("org", "lead_id", "sequence"),
    [("bolt", "a.1", 1), ("acme", "a.2", 1), ("acme", "a", 11), ("acme", "a.1", 2), ("acme.a", "1", 1)],
)
def test_ids_differ_with_the_organisation_the_lead_and_the_number(org, lead_id, sequence):
    assert message_of(org, build_event(lead_id, sequence)).id != message_of("acme", build_event("a.1", 1)).id


def test_the_id_is_the_same_when_the_event_has_been_redacted_meanwhile():
    before, after = build_event("a", 1), build_event("a", 1, data={"lead": {}})

    assert message_of("acme", before).id == message_of("acme", after).id
    assert message_of("acme", before).body != message_of("acme", after).body


def test_an_id_fits_into_a_header_whatever_the_lead_is_called():
    found = message_of("Ünternehmen", attrs.evolve(build_event(), lead_id="lead 🎉")).id

    assert found.isascii()
    assert len(found) == 36
    assert found.startswith("evt_")


def test_a_message_does_not_show_what_it_says():
    assert "example.com" not in repr(message_of("acme", build_event()))
