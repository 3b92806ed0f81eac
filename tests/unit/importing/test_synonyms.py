from collections import Counter

from leadkit.importing.naming import plain
from leadkit.importing.places import place_named
from leadkit.importing.synonyms import CAMPAIGN_KEYS, PLACEHOLDERS, SYNONYMS, TEXTUAL_WORDS


def test_no_name_means_two_places():
    names = Counter(name for names in SYNONYMS.values() for name in names)
    names.update(f"utm{key}" for key in CAMPAIGN_KEYS)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_name_is_written_as_names_are_compared():
    assert [name for names in SYNONYMS.values() for name in names if plain(name) != name] == []


def test_every_place_is_one():
    assert [place_named(place).written for place in SYNONYMS] == list(SYNONYMS)


def test_placeholders_are_written_as_cells_are_compared():
    assert [cell for cell in PLACEHOLDERS if cell != cell.strip()] == []
    assert len(set(PLACEHOLDERS)) == len(PLACEHOLDERS)


def test_a_country_and_a_name_are_no_placeholders():
    assert {"NA", "No", "0", "Unknown"}.isdisjoint(PLACEHOLDERS)


def test_words_for_ids_are_in_lower_case():
    assert {word.lower() for word in TEXTUAL_WORDS} == TEXTUAL_WORDS
    assert {"id", "zip", "phone", "number"} <= TEXTUAL_WORDS
