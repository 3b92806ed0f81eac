from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from leadkit.conditions import Kind, catalogue, parse_path
from leadkit.errors import InvalidInput
from leadkit.leads import Lead, OrganisationSettings, PropertyType
from leadkit.leads.fields import FieldCatalogue

LEADS = FieldCatalogue.for_leads()


def field(path: str, known: catalogue.FieldCatalogue = LEADS) -> catalogue.Field:
    found = known.find(parse_path(path))
    assert found is not None, path
    return found


def test_every_field_of_a_lead_is_in_the_catalogue_and_described() -> None:
    names = [each.name for each in dataclasses.fields(Lead)]
    assert [path.text for path in LEADS.fields] == names
    assert all(field(name).kind and field(name).description for name in names)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("email", Kind.TEXT),
        ("first_name", Kind.TEXT),
        ("firstName", Kind.TEXT),
        ("score", Kind.NUMBER),
        ("version", Kind.NUMBER),
        ("scored_at", Kind.INSTANT),
        ("created_at", Kind.INSTANT),
        ("score_breakdown", Kind.LIST),
        ("utm_params", Kind.OBJECT),
        ("properties", Kind.OBJECT),
        ("enrichment", Kind.OBJECT),
    ],
)
def test_a_field_has_the_kind_of_the_model(path: str, kind: Kind) -> None:
    assert field(path).kind is kind


def test_a_field_that_is_always_there_is_known_to_be() -> None:
    required = {path.text for path, each in LEADS.fields.items() if each.required}
    assert required == {
        "id",
        "status",
        "priority",
        "score_breakdown",
        "utm_params",
        "properties",
        "enrichment",
        "created_at",
        "updated_at",
        "version",
    }


def test_a_field_that_takes_one_of_a_few_values_names_them() -> None:
    assert field("status").choices == ("new", "nurturing", "qualified", "disqualified", "converted")
    assert field("priority").choices == ("low", "medium", "high")
    assert field("stage").choices == ()


def test_the_lines_of_a_score_have_fields_of_their_own() -> None:
    items = field("score_breakdown").items
    assert items is not None
    assert field("points", items).kind is Kind.NUMBER


def test_a_description_is_that_of_the_model() -> None:
    assert field("email").description == "As it was given; matching is by its normalised form."
    assert field("version").description == "1 when created, one more with every accepted change."


@pytest.mark.parametrize(
    ("declared", "kind", "choices"),
    [
        (int, Kind.NUMBER, ()),
        (bool, Kind.BOOLEAN, ()),
        ("text", Kind.TEXT, ()),
        (PropertyType.INSTANT, Kind.INSTANT, ()),
        (Kind.LIST, Kind.LIST, ()),
        (["free", "pro"], Kind.TEXT, ("free", "pro")),
        (catalogue.Field(path="x", kind=Kind.NUMBER, description="How many."), Kind.NUMBER, ()),
    ],
)
def test_a_property_is_declared_in_several_ways(declared: Any, kind: Kind, choices: tuple[str, ...]) -> None:
    found = field("properties.own", FieldCatalogue.for_leads({"own": declared}))
    assert (found.kind, found.choices, found.required) == (kind, choices, False)
    assert found.path.text == "properties.own"


@pytest.mark.parametrize("kind", PropertyType)
def test_every_type_of_property_is_a_kind(kind: PropertyType) -> None:
    settings = OrganisationSettings(properties={"own": kind})
    assert field("properties.own", FieldCatalogue.for_leads(settings.properties)).kind == kind.value


@pytest.mark.parametrize("name", ["utm.source", "Lead Number", "a]b", "@", " x", "größe"])
def test_the_name_of_a_property_is_one_key(name: str) -> None:
    known = FieldCatalogue.for_leads({name: "number"})
    (path,) = [path for path in known.fields if path.segments[0] == "properties" and len(path.segments) > 1]
    assert path.segments == ("properties", name)
    assert field(path.text, known).kind is Kind.NUMBER


def test_where_no_properties_are_declared_any_may_be_there() -> None:
    for known in (LEADS, FieldCatalogue.for_leads({})):
        assert field("properties.anything", known).kind is None


def test_where_properties_are_declared_others_are_unknown() -> None:
    known = FieldCatalogue.for_leads({"team_size": int})
    assert known.find(parse_path("properties.taem_size")) is None
    assert known.nearest(parse_path("properties.taem_size")) == "properties.team_size"
    # Paths into properties are the host's own keys, in one spelling.
    assert known.find(parse_path("properties.teamSize")) is None


def test_a_host_says_for_itself_whether_other_properties_may_be_there() -> None:
    open_ = FieldCatalogue.for_leads({"team_size": int}, others=True)
    assert field("properties.anything", open_).kind is None
    assert field("properties.team_size", open_).kind is Kind.NUMBER
    assert FieldCatalogue.for_leads(others=False).find(parse_path("properties.anything")) is None


def test_the_catalogue_of_leads_is_not_changed_by_a_host() -> None:
    FieldCatalogue.for_leads({"team_size": int})
    assert field("properties", FieldCatalogue.for_leads()).free is True
    assert FieldCatalogue.for_leads() == LEADS


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        ("numbr", "did you mean `number`?"),
        ("date", "possible are `boolean`, `instant`, `list`, `number`, `object`, `text`"),
    ],
)
def test_an_unknown_kind_of_property_is_refused(kind: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        FieldCatalogue.for_leads({"team size": kind})
    assert str(caught.value) == f'$.properties["team size"]: there is no kind of value `{kind}`; {hint}'
    assert caught.value.faults[0].code == "unknown-kind"


def test_related_records_have_catalogues_of_their_own() -> None:
    visits = catalogue.FieldCatalogue.of({"pages": int})
    known = FieldCatalogue.for_leads(related={"activities": visits})
    assert isinstance(known, FieldCatalogue)
    assert dict(known.related) == {"activities": visits}
    assert dict(LEADS.related) == {}


def test_it_builds_catalogues_of_other_records_too() -> None:
    known = FieldCatalogue.of({"pages": int}).extended({"referrer": str})
    assert isinstance(known, FieldCatalogue)
    assert [path.text for path in known.fields] == ["pages", "referrer"]
