import json
from pathlib import Path

import pytest

from leadkit.importing import Mapping, bind, guess_mapping
from leadkit.importing.synonyms import PLACEHOLDERS, SYNONYMS

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "headers.jsonl").read_text(encoding="utf-8").splitlines()
]


def guessed(headers, *rows):
    mapping = guess_mapping(headers, rows)
    return {header: column.to for header, column in mapping.columns.items()}


def kinds(header, *cells):
    column = guess_mapping([header], [[cell] for cell in cells]).columns[header]
    return column.type if column.format is None else f"{column.type} {column.format}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case["headers"]))
def test_columns_are_known_by_their_names(case):
    assert guessed(case["headers"]) == dict(zip(case["headers"], case["places"], strict=True))


@pytest.mark.parametrize(("place", "name"), [(place, name) for place, names in SYNONYMS.items() for name in names])
def test_every_name_leads_to_its_place(place, name):
    assert guessed([name.upper()]) == {name.upper(): place}


@pytest.mark.parametrize("place", SYNONYMS)
def test_of_two_columns_for_one_place_the_surer_name_gets_it(place):
    first, second = SYNONYMS[place][0], SYNONYMS[place][-1]
    assert guessed([second, first]) == {second: f"properties.{second}", first: place}


def test_the_full_name_is_wanted_only_without_its_parts():
    assert guessed(["Name"]) == {"Name": "fullName"}
    assert guessed(["Name", "First Name"]) == {"Name": "properties.name", "First Name": "firstName"}
    assert guessed(["Name", "Surname"]) == {"Name": "properties.name", "Surname": "lastName"}


@pytest.mark.parametrize("key", ["source", "medium", "campaign", "term", "content", "id"])
@pytest.mark.parametrize("spelling", ["utm_{}", "UTM {}", "Utm-{}"])
def test_campaign_parameters_are_known_in_every_spelling(key, spelling):
    header = spelling.format(key)
    assert guessed([header]) == {header: f"utmParams.{key}"}


def test_other_columns_become_properties_with_names_of_their_own():
    headers = ["Team Size", "team size", "TeamSize", "Status", "Column 5"]
    assert list(guessed(headers).values()) == [
        "properties.team_size",
        "properties.team_size_2",
        "properties.team_size_3",
        "properties.status",
        "properties.column_5",
    ]


def test_of_two_columns_with_one_name_the_first_gets_the_place():
    assert guessed(["E-Mail", "email"]) == {"E-Mail": "email", "email": "properties.email"}


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([], "text"),
        ([""], "text"),
        (["N/A", "-"], "text"),
        (["1", "2"], "integer"),
        (["1", "", "N/A", " 2 "], "integer"),
        (["0", "1"], "integer"),
        (["-5"], "integer"),
        (["1", "2.5"], "number"),
        (["1", "1e3"], "number"),
        (["1", "x"], "text"),
        (["1,5"], "text"),
        (["01", "02"], "text"),
        (["-01"], "text"),
        (["0", "00"], "text"),
        (["0.5"], "number"),
        (["1234567890123456"], "text"),
        (["yes", "No"], "boolean"),
        (["TRUE", "false"], "boolean"),
        (["ja", "Nein", "OUI", "non"], "boolean"),
        (["yes", "maybe"], "text"),
        (["x"], "text"),
        (["f", "m"], "text"),
        (["f"], "text"),
        (["1", "yes"], "text"),
        (["yesterday"], "text"),
        (["2026-11-24"], "date iso"),
        (["2026-11-24", "2026-11-24T10:30:00Z"], "text"),
        (["2026-11-24T10:30:00Z", "2026-11-24 10:30:00+01:00"], "datetime iso"),
        (["2026-11-24 10:30:00"], "text"),
        (["10/11/2026"], "text"),
        (["24.11.2026"], "text"),
    ],
)
def test_a_type_is_guessed_where_every_cell_agrees(cells, kind):
    assert kinds("Value", *cells) == kind


@pytest.mark.parametrize("header", ["Lead Number", "ZIP", "Customer ID", "postCode", "Fax", "Product key"])
def test_digits_that_are_no_quantity_stay_text(header):
    assert kinds(header, "12345") == "text"


@pytest.mark.parametrize("header", ["Number of employees", "Visits", "ID score", ""])
def test_digits_that_are_a_quantity_become_numbers(header):
    assert kinds(header or "?", "12345") == "integer"


def test_fields_of_the_lead_stay_text_whatever_stands_in_them():
    mapping = guess_mapping(["Lead ID", "Phone"], [["12", "15550100"]])
    assert [column.type for column in mapping.columns.values()] == ["text", "text"]


def test_a_short_row_of_the_sample_misleads_nobody():
    mapping = guess_mapping(["a", "b"], [["1"], ["2", "3"], ["4", "5", "6"]])
    assert [column.type for column in mapping.columns.values()] == ["integer", "integer"]


def test_what_exports_write_for_nothing_is_empty():
    assert guess_mapping(["a"]).empty == PLACEHOLDERS


def test_a_guess_is_a_mapping_like_any_other():
    mapping = guess_mapping(["E-Mail", "Size", "Since"], [["a@example.com", "5", "2026-11-24"]])
    assert Mapping.model_validate_json(mapping.model_dump_json()) == mapping
    assert bind(mapping, ["E-Mail", "Size", "Since"]).ignored == ()
