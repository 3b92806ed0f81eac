import json

import pytest

from leadkit.errors import InvalidInput
from leadkit.importing import Mapping, read_mapping, read_mapping_json
from leadkit.importing.checking import checked, keyed


def faults(**mapping):
    with pytest.raises(InvalidInput) as refused:
        read_mapping({"columns": {"E": "email"}, **mapping})
    return [(fault.path, fault.code, fault.message) for fault in refused.value.faults]


def column(**options):
    return faults(columns={"E": "email", "X": {"to": "properties.x", **options}})


NEEDS_FORMAT = [('$.columns["X"].format', "missing-option", "type `date` needs `format`")]


@pytest.mark.parametrize(
    "mapping",
    [
        {"columns": {"E": "email"}},
        {"columns": {"E": {"to": "phone"}}},
        {"columns": {"E": "externalId", "F": "firstName", "L": "lastName"}},
        {"columns": {"E": "external_id", "N": "fullName"}},
        {"columns": {"N": "properties.n"}, "constants": {"phone": "+1 555 0100"}},
        {"columns": {"E": "email", "P": {"to": "priority", "map": {"A": "high"}, "default": "low"}}},
        {"columns": {"E": "email", "P": {"to": "priority", "type": "choice", "map": {"A": "high", "B": None}}}},
        {"columns": {"E": "email", "P": {"to": "source", "type": "choice", "map": {"A": "web"}, "required": True}}},
        {"columns": {"E": "email", "D": {"to": "properties.d", "type": "date", "format": "dmy"}}},
        {"columns": {"E": "email", "D": {"to": "properties.d", "type": "datetime", "format": "iso"}}},
        {"columns": {"E": "email", "D": {"to": "properties.d", "type": "datetime", "format": "%d.%m.%Y %z"}}},
        {
            "columns": {
                "E": "email",
                "D": {"to": "properties.d", "type": "datetime", "format": "excel", "timezone": "Europe/Berlin"},
            }
        },
        {
            "columns": {"E": "email"},
            "constants": {
                "source": "fair",
                "properties.a": 1,
                "properties.b": True,
                "properties.c": 1.5,
                "utmParams.source": "x",
            },
            "empty": ["-"],
            "ignore": ["F"],
            "others": "properties",
        },
    ],
)
def test_a_mapping_that_can_be_meant_is_read(mapping):
    read = read_mapping(mapping)
    assert read_mapping(read) is read
    assert read_mapping_json(read.model_dump_json()) == read


def test_a_column_is_written_short_or_at_length():
    assert read_mapping({"columns": {"E": "email"}}) == read_mapping({"columns": {"E": {"to": "email"}}})


@pytest.mark.parametrize(
    ("target", "code", "message"),
    [
        ("score", "protected-field", "these fields cannot be written directly: `score` (use score)"),
        (
            "assigned_to",
            "protected-field",
            "these fields cannot be written directly: `assigned_to` (use assign)",
        ),
        ("emial", "unknown-place", "a lead has no place `emial`; did you mean `email`?"),
    ],
)
def test_a_column_leads_to_a_place_that_can_be_written(target, code, message):
    assert faults(columns={"E": "email", "X": target}) == [('$.columns["X"].to', code, message)]
    assert faults(constants={target: "x"}) == [(f'$.constants["{target}"]', code, message)]


def test_every_fault_is_told_at_once():
    told = faults(
        columns={
            "A": "status",
            "B": {"to": "nowhere", "type": "date"},
            "C": {"to": "firstName", "type": "number", "separator": ","},
        },
        constants={"score": 5},
        ignore=["x", "A"],
    )
    assert [(path, code) for path, code, _ in told] == [
        ('$.columns["A"].to', "protected-field"),
        ('$.columns["B"].to', "unknown-place"),
        ('$.columns["B"].format', "missing-option"),
        ('$.columns["C"].separator', "useless-option"),
        ('$.columns["C"].type', "wrong-type"),
        ('$.constants["score"]', "protected-field"),
        ("$.ignore[1]", "contradiction"),
    ]


def test_shapes_are_checked_before_meanings():
    told = faults(columns={"E": {"to": "email", "typ": "text"}, "F": 5}, others="keep")
    assert [path for path, _, _ in told] == ["$.columns.E.typ", "$.columns.F", "$.others"]


def test_paths_begin_where_the_mapping_stands():
    with pytest.raises(InvalidInput) as refused:
        read_mapping({"columns": {"E": "score"}}, at="$.mapping")
    assert refused.value.faults[0].path == '$.mapping.columns["E"].to'
    with pytest.raises(InvalidInput) as refused:
        read_mapping({"colums": {}}, at="$.mapping")
    assert refused.value.faults[0].path == "$.mapping.columns"
    with pytest.raises(InvalidInput) as refused:
        read_mapping_json('{"columns": {"E": "score"}}', at="$.mapping")
    assert refused.value.faults[0].path == '$.mapping.columns["E"].to'
    with pytest.raises(InvalidInput) as refused:
        read_mapping_json("{", at="$.mapping")
    assert refused.value.faults[0].path == "$.mapping"
    with pytest.raises(InvalidInput) as refused:
        checked(Mapping(columns={}), at="$.m")
    assert refused.value.faults[0].path == "$.m.columns"


def test_a_path_names_a_column_in_quotes():
    assert keyed("$.columns", 'a "b" ü') == '$.columns["a \\"b\\" ü"]'


def test_options_are_checked_one_by_one():
    told = column(format="dmy", timezone="UTC", separator=",")
    assert [(path, code) for path, code, _ in told] == [
        ('$.columns["X"].format', "useless-option"),
        ('$.columns["X"].timezone', "useless-option"),
        ('$.columns["X"].separator', "useless-option"),
    ]


def test_a_constant_that_identifies_nobody_is_no_identity():
    told = faults(columns={"N": "fullName", "S": "source"}, constants={"referrer": "fair"})
    assert [code for _, code, _ in told] == ["no-identity"]


@pytest.mark.parametrize(
    "read",
    [
        read_mapping,
        lambda mapping: read_mapping_json(json.dumps(mapping)),
        lambda mapping: checked(Mapping.model_validate(mapping)),
    ],
)
def test_paths_begin_at_the_mapping_itself_unless_told(read):
    with pytest.raises(InvalidInput) as refused:
        read({"columns": {"E": "score"}})
    assert [fault.path for fault in refused.value.faults] == ['$.columns["E"].to']


@pytest.mark.parametrize(
    "mapping", [{"columns": {}}, {"columns": {"N": "fullName"}}, {"columns": {"N": "properties.email"}}]
)
def test_a_mapping_leads_to_an_identity(mapping):
    message = "no column leads to email, phone, externalId; a lead needs one of them"
    assert faults(**mapping) == [("$.columns", "no-identity", message)]


def test_where_a_place_is_unknown_it_may_have_been_the_identity():
    assert [code for _, code, _ in faults(columns={"E": "emial"})] == ["unknown-place"]
    assert [code for _, code, _ in faults(columns={"N": "fullName"}, constants={"emial": "x"})] == ["unknown-place"]


@pytest.mark.parametrize(
    ("columns", "path", "message"),
    [
        ({"E": "email", "F": "email"}, '$.columns["F"].to', '$.columns["E"].to leads to `email` already'),
        (
            {"E": "email", "F": "fullName", "G": "first_name"},
            '$.columns["G"].to',
            '$.columns["F"].to leads to `firstName` already',
        ),
        (
            {"E": "email", "F": "lastName", "G": "fullName"},
            '$.columns["G"].to',
            '$.columns["F"].to leads to `lastName` already',
        ),
        (
            {"E": "email", "F": "properties.a", "G": 'properties["a"]'},
            '$.columns["G"].to',
            '$.columns["F"].to leads to `properties.a` already',
        ),
    ],
)
def test_no_two_columns_lead_to_one_place(columns, path, message):
    assert faults(columns=columns) == [(path, "taken-place", message)]


def test_no_constant_takes_the_place_of_a_column():
    message = '$.columns["E"].to leads to `email` already'
    assert faults(constants={"email": "x"}) == [('$.constants["email"]', "taken-place", message)]


def test_the_same_name_in_two_holders_is_two_places():
    columns = {"E": "email", "P": "properties.email", "U": "utmParams.email"}
    assert len(read_mapping({"columns": columns}).columns) == 3


def test_a_column_is_mapped_or_ignored():
    message = "column `E` is both mapped and ignored"
    assert faults(ignore=["F", "E"]) == [("$.ignore[1]", "contradiction", message)]


# --- options ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "option", "message"),
    [
        (
            {"format": "dmy"},
            "format",
            "type `text` has no use for `format`; it is for `number`, `integer`, `date`, `datetime`",
        ),
        ({"timezone": "UTC"}, "timezone", "type `text` has no use for `timezone`; it is for `datetime`"),
        ({"separator": ","}, "separator", "type `text` has no use for `separator`; it is for `list`"),
        (
            {"type": "date", "format": "dmy", "timezone": "UTC"},
            "timezone",
            "type `date` has no use for `timezone`; it is for `datetime`",
        ),
        (
            {"type": "date", "format": "dmy", "map": {"x": None}},
            "map",
            "type `date` has no use for `map`; it is for `text`, `number`, `integer`, `boolean`, `list`, `choice`",
        ),
        (
            {"type": "date", "format": "dmy", "default": "x"},
            "default",
            "type `date` has no use for `default`; it is for `text`, `number`, `integer`, `boolean`, `choice`",
        ),
    ],
)
def test_an_option_belongs_to_its_types(options, option, message):
    assert column(**options) == [(f'$.columns["X"].{option}', "useless-option", message)]


@pytest.mark.parametrize(
    ("options", "option", "message"),
    [
        ({"type": "date"}, "format", "type `date` needs `format`"),
        ({"type": "datetime"}, "format", "type `datetime` needs `format`"),
        ({"type": "choice"}, "map", "type `choice` needs `map`"),
        (
            {"type": "datetime", "format": "dmy"},
            "timezone",
            "times in this format carry no zone; name the one that is meant, such as Europe/Berlin or UTC",
        ),
        (
            {"type": "datetime", "format": "%d.%m.%Y"},
            "timezone",
            "times in this format carry no zone; name the one that is meant, such as Europe/Berlin or UTC",
        ),
    ],
)
def test_what_a_type_cannot_do_without_is_asked_for(options, option, message):
    assert column(**options) == [(f'$.columns["X"].{option}', "missing-option", message)]


@pytest.mark.parametrize(
    ("options", "option", "message"),
    [
        ({"type": "number", "format": "coma"}, "format", "unknown number format `coma`; did you mean `comma`?"),
        (
            {"type": "integer", "format": "iso"},
            "format",
            "unknown number format `iso`; possible are `comma`, `plain`, `point`",
        ),
        (
            {"type": "date", "format": "dym"},
            "format",
            "unknown date format `dym`; did you mean `ymd`?; or a pattern such as %d.%m.%y",
        ),
        ({"type": "date", "format": "%d.%m."}, "format", "the date format `%d.%m.` does not tell year, month and day"),
        ({"type": "date", "format": "%Q"}, "format", "the date format `%Q` does not tell year, month and day"),
        (
            {"type": "date", "format": "%d %d %m %Y"},
            "format",
            "the date format `%d %d %m %Y` does not tell year, month and day",
        ),
        ({"type": "date", "format": "%"}, "format", "the date format `%` does not tell year, month and day"),
        (
            {"type": "datetime", "format": "iso", "timezone": "Berlin"},
            "timezone",
            "there is no time zone 'Berlin'; expected an IANA name such as Europe/Berlin",
        ),
    ],
)
def test_an_option_must_be_possible(options, option, message):
    assert column(**options) == [(f'$.columns["X"].{option}', "bad-option", message)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"default": 5}, "text"),
        ({"type": "text", "default": True}, "text"),
        ({"type": "number", "default": "5"}, "a number"),
        ({"type": "number", "default": True}, "a number"),
        ({"type": "integer", "default": 1.5}, "a number without decimals"),
        ({"type": "boolean", "default": 1}, "true or false"),
    ],
)
def test_a_default_fits_the_type(options, expected):
    told = column(**options)
    assert [(path, code) for path, code, _ in told] == [('$.columns["X"].default', "wrong-type")]
    assert expected in told[0][2]


def test_what_is_expected_is_said_in_words():
    assert column(type="number", default="5")[0][2] == "expected a number without decimals or a number"
    assert column(type="integer", default="5")[0][2] == "expected a number without decimals"


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"map": {"a": "b", "c": 5}}, "c"),
        ({"type": "boolean", "map": {"Won": True, "Lost": "no"}}, "Lost"),
        ({"type": "integer", "map": {"many": True}}, "many"),
        ({"type": "list", "map": {"a": 1}}, "a"),
    ],
)
def test_mapped_values_fit_the_type(options, key):
    assert [(path, code) for path, code, _ in column(**options)] == [(f'$.columns["X"].map["{key}"]', "wrong-type")]


def test_a_choice_may_stand_for_any_value():
    options = {"type": "choice", "map": {"a": "x", "b": 1, "c": 1.5, "d": True, "e": None}, "default": 7}
    assert read_mapping({"columns": {"E": "email", "X": {"to": "properties.x", **options}}}).columns["X"].default == 7


@pytest.mark.parametrize("kind", ["number", "integer", "boolean", "date", "datetime", "list"])
@pytest.mark.parametrize("target", ["firstName", "utmParams.source"])
def test_a_field_of_a_lead_holds_text(kind, target):
    options = {"format": "iso"} if kind in ("date", "datetime") else {}
    message = f"`{target}` holds text; type `{kind}` is for properties"
    assert faults(columns={"E": "email", "X": {"to": target, "type": kind, **options}}) == [
        ('$.columns["X"].type', "wrong-type", message)
    ]


def test_what_a_choice_of_a_field_stands_for_is_text():
    columns = {"E": "email", "X": {"to": "source", "type": "choice", "map": {"a": 5, "b": "x"}, "default": True}}
    assert faults(columns=columns) == [
        ('$.columns["X"].default', "wrong-type", "expected text"),
        ('$.columns["X"].map["a"]', "wrong-type", "expected text"),
    ]


def test_a_constant_fits_its_place():
    assert faults(constants={"source": 5}) == [('$.constants["source"]', "wrong-type", "expected text")]
    assert faults(constants={"utmParams.a": True}) == [('$.constants["utmParams.a"]', "wrong-type", "expected text")]


def test_a_priority_is_one_of_three():
    message = "expected one of `low`, `medium`, `high`"
    assert faults(constants={"priority": "urgent"}) == [('$.constants["priority"]', "wrong-value", message)]
    columns = {"E": "email", "P": {"to": "priority", "map": {"A": "urgent", "B": "low"}, "default": "none"}}
    assert faults(columns=columns) == [
        ('$.columns["P"].default', "wrong-value", message),
        ('$.columns["P"].map["A"]', "wrong-value", message),
    ]


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ({"columns": {"E": {"to": "email", "format": "x" * 101}}}, "$.columns.E.format"),
        ({"columns": {"E": {"to": "email", "format": ""}}}, "$.columns.E.format"),
        ({"columns": {"E": {"to": "email", "separator": ""}}}, "$.columns.E.separator"),
        ({"columns": {"E": {"to": "email", "separator": "x" * 11}}}, "$.columns.E.separator"),
        ({"columns": {"E": {"to": "email", "map": {}}}}, "$.columns.E.map"),
        ({"columns": {"E": {"to": "email", "required": 1}}}, "$.columns.E.required"),
        ({"columns": {str(number): "email" for number in range(1_001)}}, "$.columns"),
        ({"empty": ["x"] * 1_001}, "$.empty"),
        ({"ignore": [""]}, "$.ignore[0]"),
        ({"ignore": ["x"] * 1_001}, "$.ignore"),
        ({"constants": {f"properties.a{number}": 1 for number in range(1_001)}}, "$.constants"),
    ],
)
def test_a_mapping_has_bounds(part, path):
    assert path in [where for where, _, _ in faults(**part)]
