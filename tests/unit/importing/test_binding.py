import pytest

from leadkit.errors import InvalidInput
from leadkit.importing import Mapping, Record, bind


def mapped(*, constants=None, **options):
    columns = options.pop("columns", {"E": "email"})
    return Mapping.model_validate({"columns": columns, "constants": constants or {}, **options})


def read(mapping, headers, *cells, **options):
    return bind(mapping, headers, **options).read(1, Record(line=2, cells=list(cells), flaw=None)).lead


def faults(mapping, headers, **options):
    with pytest.raises(InvalidInput) as refused:
        bind(mapping, headers, **options)
    return [(fault.path, fault.code, fault.message) for fault in refused.value.faults]


def test_columns_are_found_by_name_wherever_they_stand():
    mapping = mapped(columns={"E": "email", "N": "firstName"})
    lead = read(mapping, ["x", "N", "E"], "?", "Ann", "a@example.com")
    assert (lead.email, lead.first_name) == ("a@example.com", "Ann")


def test_columns_are_found_in_another_case_too():
    assert read(mapped(columns={"E-Mail": "email"}), ["E-MAIL"], "a@example.com").email == "a@example.com"


def test_a_column_in_its_own_case_is_found_first():
    mapping = mapped(columns={"e": "firstName", "E": "email"})
    assert read(mapping, ["E", "e"], "a@example.com", "Ann").first_name == "Ann"
    assert read(mapping, ["e", "E"], "Ann", "a@example.com").first_name == "Ann"
    assert read(mapped(columns={"E": "email"}), ["e", "E"], "b@example.com", "a@example.com").email == "a@example.com"


def test_a_case_that_tells_two_columns_apart_is_needed():
    message = "the file has no column `MAIL`; possible are `Mail`, `mail`"
    assert faults(mapped(columns={"MAIL": "email"}), ["mail", "Mail"]) == [
        ('$.columns["MAIL"]', "unknown-column", message)
    ]


def test_no_column_is_found_twice():
    mapping = mapped(columns={"mail": "email", "MAIL": "firstName"})
    message = "the file has no column `MAIL`; possible are `Mail`"
    assert faults(mapping, ["Mail"]) == [('$.columns["MAIL"]', "unknown-column", message)]
    assert faults(mapping, ["mail"])[0][0] == '$.columns["MAIL"]'


def test_every_column_that_the_file_lacks_is_told():
    mapping = mapped(columns={"Email": "email", "Phone": "phone", "City": "properties.city"})
    assert faults(mapping, ["E-mail", "City"], at="$.mapping") == [
        (
            '$.mapping.columns["Email"]',
            "unknown-column",
            "the file has no column `Email`; did you mean `E-mail`?",
        ),
        (
            '$.mapping.columns["Phone"]',
            "unknown-column",
            "the file has no column `Phone`; possible are `City`, `E-mail`",
        ),
    ]


def test_a_mapping_that_cannot_be_meant_is_refused_first():
    assert [code for _, code, _ in faults(mapped(columns={"E": "score"}), ["x"])] == ["protected-field"]
    assert faults(Mapping(columns={}), ["x"], at="$.m")[0][0] == "$.m.columns"


def test_other_columns_are_told_unless_they_are_not_wanted():
    assert bind(mapped(), ["E", "City", "Zip"]).ignored == ("City", "Zip")
    assert bind(mapped(ignore=["CITY"]), ["E", "City", "Zip"]).ignored == ("Zip",)
    assert bind(mapped(), ["E"]).ignored == ()


def test_other_columns_may_be_refused():
    mapping = mapped(others="refuse", ignore=["City"])
    assert bind(mapping, ["E", "City"]).ignored == ()
    assert faults(mapping, ["E", "City", "Zip", "Tel"]) == [
        ("$.others", "other-column", "column `Zip` is neither mapped nor ignored"),
        ("$.others", "other-column", "column `Tel` is neither mapped nor ignored"),
    ]


def test_columns_that_lack_and_columns_too_many_are_told_together():
    mapping = mapped(columns={"E": "email", "P": "phone"}, others="refuse")
    assert [code for _, code, _ in faults(mapping, ["E", "City"])] == ["unknown-column", "other-column"]


def test_other_columns_may_become_properties():
    mapping = mapped(
        others="properties",
        ignore=["Secret"],
        columns={"E": "email", "Team": "properties.city"},
        constants={"properties.region": "north"},
    )
    headers = ["E", "Team", "City", "Region", "city", "Secret"]
    reader = bind(mapping, headers)
    cells = ["a@example.com", "t", "Rome", "south", "rome", "x"]
    lead = reader.read(1, Record(line=2, cells=cells, flaw=None)).lead
    assert lead.properties == {
        "region": "north",
        "city": "t",
        "city_2": "Rome",
        "region_2": "south",
        "city_3": "rome",
    }
    assert reader.ignored == ()


def test_constants_are_for_every_lead_and_a_column_goes_before_them():
    mapping = mapped(
        columns={"E": "email"},
        constants={"source": "fair", "properties.booth": 12, "properties.vip": False, "utmParams.source": "x"},
    )
    lead = read(mapping, ["E"], "a@example.com")
    assert (lead.source, lead.properties, lead.utm_params) == ("fair", {"booth": 12, "vip": False}, {"source": "x"})


def test_defaults_are_for_what_nothing_leads_to():
    defaults = {"pipelineId": "inbound", "stage": "new"}
    lead = read(mapped(constants={"stage": "first"}), ["E"], "a@example.com", defaults=defaults)
    assert (lead.pipeline_id, lead.stage) == ("inbound", "first")
    mapping = mapped(columns={"E": "email", "P": "pipelineId"})
    assert read(mapping, ["E", "P"], "a@example.com", "outbound", defaults=defaults).pipeline_id == "outbound"
    assert read(mapping, ["E", "P"], "a@example.com", "", defaults=defaults).pipeline_id == "inbound"


@pytest.mark.parametrize(
    ("cell", "priority"),
    [
        ("High", "high"),
        ("LOW", "low"),
        ("A", "high"),
        ("a", "high"),
        ("medium", "medium"),
        ("-", "medium"),
        ("", "medium"),
    ],
)
def test_a_priority_is_read_in_any_case_and_by_its_map(cell, priority):
    mapping = mapped(columns={"E": "email", "P": {"to": "priority", "map": {"A": "high", "-": None}}})
    assert read(mapping, ["E", "P"], "a@example.com", cell).priority.value == priority


def test_a_priority_that_is_none_is_told_of_its_column():
    reader = bind(mapped(columns={"E": "email", "P": "priority"}), ["E", "P"])
    result = reader.read(1, Record(line=2, cells=["a@example.com", "urgent"], flaw=None))
    assert [(error.column, error.code, error.message) for error in result.errors] == [
        ("P", "unreadable-cell", "expected one of `low`, `medium`, `high`")
    ]


def test_a_priority_may_be_mapped_onto_another():
    mapping = mapped(columns={"E": "email", "P": {"to": "priority", "map": {"high": "low"}}})
    assert read(mapping, ["E", "P"], "a@example.com", "high").priority.value == "low"


def test_a_property_of_that_name_is_any_text():
    mapping = mapped(columns={"E": "email", "P": "properties.priority"})
    assert read(mapping, ["E", "P"], "a@example.com", "urgent").properties == {"priority": "urgent"}
