import pytest

from leadkit.importing.naming import plain, property_key, words_of


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Total Time Spent on Website", "total_time_spent_on_website"),
        ("TotalVisits", "total_visits"),
        ("team_size", "team_size"),
        ("leadID", "lead_id"),
        ("Visits (last 30 days)", "visits_last_30_days"),
        ("30Days", "30_days"),
        ("Größe", "größe"),
        ("What's your team size?", "what_s_your_team_size"),
        ("  ", "column"),
        ("???", "column"),
        ("__a__b__", "a_b"),
        ("x" * 61, "x" * 60),
        ("x" * 59 + " yz", "x" * 59),
    ],
)
def test_a_property_is_named_after_its_column(header, key):
    assert property_key(header) == key


def test_no_two_properties_have_one_name():
    assert property_key("City", ["city"]) == "city_2"
    assert property_key("City", ["city", "city_2"]) == "city_3"
    assert property_key("City", ["town"]) == "city"


def test_words_are_told_apart():
    assert words_of("TotalVisits last-30_days") == ["total", "visits", "last", "30", "days"]
    assert words_of("") == []


@pytest.mark.parametrize("name", ["E-Mail", "e_mail", "E Mail", "EMAIL", "e.mail:"])
def test_names_are_compared_by_their_letters_alone(name):
    assert plain(name) == "email"
