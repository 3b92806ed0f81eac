import re

import pytest

from leadkit.errors import ProtectedField
from leadkit.importing.places import PLACES, Place, choices_of, place_named
from leadkit.leads import PROTECTED, NewLead, wire_name


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("email", Place(holder="lead", key="email")),
        ("firstName", Place(holder="lead", key="first_name")),
        ("first_name", Place(holder="lead", key="first_name")),
        ("pipelineId", Place(holder="lead", key="pipeline_id")),
        ("stage", Place(holder="lead", key="stage")),
        ("fullName", Place(holder="lead", key="full_name")),
        ("properties.team_size", Place(holder="properties", key="team_size")),
        ("properties.teamSize", Place(holder="properties", key="teamSize")),
        ('properties["utm.source"]', Place(holder="properties", key="utm.source")),
        ("properties.status", Place(holder="properties", key="status")),
        ("utmParams.source", Place(holder="utm_params", key="source")),
        ("utm_params.source", Place(holder="utm_params", key="source")),
    ],
)
def test_a_place_is_named_as_in_conditions(target, place):
    assert place_named(target) == place


@pytest.mark.parametrize("name", sorted(PROTECTED.keys() - {"pipeline_id", "stage"}))
@pytest.mark.parametrize("spelling", [str, wire_name])
def test_no_column_leads_to_a_field_with_a_command_behind_it(name, spelling):
    for target in (spelling(name), f"{spelling(name)}.x"):
        with pytest.raises(ProtectedField) as refused:
            place_named(target)
        assert refused.value.commands == (PROTECTED[name],)


def test_every_field_of_a_new_lead_can_be_led_to():
    fields = {wire_name(name) for name in NewLead.model_fields}
    assert {place.removesuffix(".<name>") for place in PLACES} == fields | {"fullName"}


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("emial", "a lead has no place `emial`; did you mean `email`?"),
        ("email.work", "a lead has no place `email.work`; did you mean `email`?"),
        ("properties", "one name stands behind `properties`, such as properties.source"),
        ("utmParams", "one name stands behind `utmParams`, such as utmParams.source"),
        ("properties.a.b", "one name stands behind `properties`, such as properties.source"),
        ("", 'a path is written such as properties.team_size or properties["utm.source"]'),
    ],
)
def test_a_place_that_is_none_is_refused_with_what_is_possible(target, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        place_named(target)


def test_the_item_of_a_list_is_no_place():
    with pytest.raises(ValueError, match=r"^a lead has no place `@`; possible are `campaignId`, `company`, "):
        place_named("@")


@pytest.mark.parametrize("target", ["email", "firstName", "fullName", "properties.a", "utmParams.source"])
def test_a_place_is_written_as_it_is_read(target):
    assert place_named(target).written == target


def test_a_full_name_fills_two_places():
    assert [part.written for part in place_named("fullName").parts] == ["firstName", "lastName"]
    assert [part.written for part in place_named("email").parts] == ["email"]
    assert [part.written for part in place_named("properties.full_name").parts] == ["properties.full_name"]


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("email", True),
        ("phone", True),
        ("externalId", True),
        ("firstName", False),
        ("properties.email", False),
    ],
)
def test_a_lead_is_known_by_three_fields(target, answer):
    assert place_named(target).is_identity is answer


def test_only_the_priority_has_its_own_few_words():
    assert choices_of(place_named("priority")) == ("low", "medium", "high")
    assert choices_of(place_named("source")) is None
    assert choices_of(place_named("properties.priority")) is None
