import pytest

from leadkit.errors import InvalidInput
from leadkit.leads import OrganisationSettings, zone_named
from leadkit.values import read


def test_an_organisation_begins_with_careful_settings():
    settings = OrganisationSettings()

    assert settings.conversion.value == "require_qualified"
    assert settings.duplicates.value == "refuse"
    assert settings.auto_enrichment.enabled is False
    assert settings.auto_enrichment.providers == ()
    assert settings.time_zone == "UTC"
    assert settings.properties == {}


def test_settings_travel_in_camel_case():
    settings = read(OrganisationSettings, {"timeZone": "Europe/Berlin", "properties": {"team_size": "number"}})

    assert settings.model_dump(mode="json")["timeZone"] == "Europe/Berlin"
    assert settings.properties["team_size"].value == "number"


@pytest.mark.parametrize("name", ["Europe/Atlantis", "../etc/passwd", "/etc/passwd", "x" * 100])
def test_a_zone_that_does_not_exist_is_refused(name):
    with pytest.raises(InvalidInput) as caught:
        read(OrganisationSettings, {"timeZone": name})

    assert (
        str(caught.value) == f"$.timeZone: there is no time zone {name!r}; expected an IANA name such as Europe/Berlin"
    )


def test_a_zone_is_found_by_its_name():
    assert zone_named("Europe/Berlin").key == "Europe/Berlin"
