import pytest

from leadkit.importing import Flaw, Mapping, Record, bind


def reader(columns, headers=None, **options):
    mapping = Mapping.model_validate({"columns": columns, **options})
    return bind(mapping, headers or list(columns))


def result(columns, *cells, headers=None, flaw=None, **options):
    return reader(columns, headers, **options).read(7, Record(line=9, cells=list(cells), flaw=flaw))


def lead(columns, *cells, **options):
    read = result(columns, *cells, **options)
    assert read.errors == ()
    return read.lead


def errors(columns, *cells, **options):
    read = result(columns, *cells, **options)
    assert read.lead is None
    return [(error.column, error.code, error.message) for error in read.errors]


PERSON = {"Mail": "email", "First": "firstName", "Size": {"to": "properties.size", "type": "integer"}}


def test_a_row_becomes_a_lead():
    read = result(PERSON, " a@example.com ", "Ann", " 12 ")
    assert read.lead.model_dump(exclude_unset=True) == {
        "email": "a@example.com",
        "firstName": "Ann",
        "properties": {"size": 12},
    }
    assert (read.row, read.record.line, read.record.cells, read.errors) == (
        7,
        9,
        [" a@example.com ", "Ann", " 12 "],
        (),
    )


def test_a_lead_is_told_what_the_row_tells_and_no_more():
    assert lead(PERSON, "a@example.com", "", "").model_fields_set == {"email"}
    columns = {"Mail": "email", "Src": "utmParams.source"}
    assert lead(columns, "a@example.com", "web").model_fields_set == {"email", "utm_params"}


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u00a0", "-", " - ", "Select"])
def test_a_cell_that_means_nothing_is_empty(blank):
    assert lead(PERSON, "a@example.com", blank, blank, empty=["-", " Select "]).model_fields_set == {"email"}


def test_only_what_was_declared_means_nothing():
    assert lead(PERSON, "a@example.com", "select", "", empty=["Select"]).first_name == "select"


def test_an_empty_cell_may_have_a_meaning():
    columns = {
        "Mail": "email",
        "Demo": {"to": "properties.demo", "type": "boolean", "default": False},
        "Deal": {"to": "properties.deal", "map": {"Open": None}, "default": "open"},
    }
    assert lead(columns, "a@example.com", "", "").properties == {"demo": False, "deal": "open"}
    assert lead(columns, "a@example.com", "yes", "Open").properties == {"demo": True, "deal": "open"}


def test_what_is_required_must_be_there():
    columns = {"Mail": "email", "Size": {"to": "properties.size", "map": {"?": None}, "required": True}}
    told = [("Size", "empty-cell", "required, but empty")]
    assert errors(columns, "a@example.com", "") == told
    assert errors(columns, "a@example.com", "?") == told
    columns["Size"]["default"] = "small"
    assert lead(columns, "a@example.com", "").properties == {"size": "small"}


def test_zero_and_no_are_values():
    columns = {
        "Mail": "email",
        "Size": {"to": "properties.size", "type": "integer", "required": True},
        "Demo": {"to": "properties.demo", "type": "boolean", "required": True, "default": True},
    }
    assert lead(columns, "a@example.com", "0", "no").properties == {"size": 0, "demo": False}


# --- what is wrong with a row -----------------------------------------------------------------------------------------


def test_an_error_says_where_it_is_and_what_stands_there():
    read = result(PERSON, "a@example.com", "Ann", " about 40")
    assert read.lead is None
    (error,) = read.errors
    assert error.model_dump() == {
        "row": 7,
        "line": 9,
        "column": "Size",
        "value": " about 40",
        "message": "expected a whole number such as 1234",
        "code": "unreadable-cell",
    }


def test_everything_that_is_wrong_with_a_row_is_told():
    assert errors(PERSON, "alice", "x" * 10_001, "many") == [
        ("First", "unreadable-cell", "longer than 10,000 characters"),
        ("Size", "unreadable-cell", "expected a whole number such as 1234"),
        ("Mail", "value-error", "expected an e-mail address such as alice@example.com"),
    ]


def test_a_row_needs_an_identity():
    told = [(None, "value-error", "a lead needs an identity: email, phone or externalId")]
    assert errors(PERSON, "", "Ann", "12") == told


def test_where_a_cell_cannot_be_read_it_may_have_been_the_identity():
    columns = {"Phone": "phone", "First": "firstName"}
    assert [code for _, code, _ in errors(columns, "1.5E+10", "Ann")] == ["unreadable-cell"]
    assert errors({"Mail": "email", "Size": PERSON["Size"]}, "", "x") == [
        ("Size", "unreadable-cell", "expected a whole number such as 1234")
    ]


def test_what_is_wrong_with_the_lead_as_a_whole_has_no_column():
    columns = {"Mail": "email", "Stage": "stage"}
    assert errors(columns, "a@example.com", "new") == [(None, "value-error", "a stage needs its pipelineId")]


def test_what_a_field_cannot_hold_is_told_of_its_column():
    columns = {"Id": "externalId", "Mail": "email", "Tel": "phone"}
    assert errors(columns, "x" * 201, "a@example.com", "call me") == [
        ("Tel", "value-error", "expected a phone number such as +1 555 0100"),
        ("Id", "string-too-long", "string should have at most 200 characters"),
    ]


def test_what_a_constant_cannot_be_is_told_of_the_field():
    told = errors({"Mail": "email"}, "a@example.com", constants={"externalId": "x" * 201})
    assert told == [(None, "string-too-long", "externalId: string should have at most 200 characters")]


def test_what_is_wrong_with_one_of_several_names_is_told_of_its_own_column():
    columns = {"Mail": "email", "P": "properties.external_id", "Id": "externalId", "U": "utmParams.external_id"}
    told = errors(columns, "a@example.com", "p", "x" * 201, "u")
    assert told == [("Id", "string-too-long", "string should have at most 200 characters")]


def test_properties_that_are_too_many_are_told_of_no_column():
    columns = {"Mail": "email", **{f"P{n}": f"properties.p{n}" for n in range(7)}}
    (told,) = errors(columns, "a@example.com", *["x" * 10_000] * 7)
    assert told == (None, "value-error", "properties: larger than 64 KiB")


def test_a_flaw_of_the_record_is_told_of_its_column():
    flaw = Flaw(code="nul", message="the cell holds a NUL character, which is no text", column=1)
    read = result(PERSON, "a@example.com", "A\x00", "12", flaw=flaw)
    assert read.lead is None
    assert [(error.column, error.value, error.code) for error in read.errors] == [("First", "A\x00", "nul")]


def test_a_flaw_of_the_whole_record_is_told_of_none():
    flaw = Flaw(code="too-long", message="the line is longer than 15 characters")
    read = result(PERSON, "a@example.com", flaw=flaw)
    assert [(error.column, error.value, error.code) for error in read.errors] == [(None, None, "too-long")]


def test_a_flaw_beyond_the_last_column_is_told_with_what_stands_there():
    flaw = Flaw(code="nul", message="no text", column=3)
    read = result(PERSON, "a@example.com", "Ann", "12", "x\x00", flaw=flaw)
    assert [(error.column, error.value) for error in read.errors] == [(None, "x\x00")]
    flaw = Flaw(code="unclosed-quote", message="no end", column=2)
    read = result(PERSON, "a@example.com", "Ann", flaw=flaw)
    assert [(error.column, error.value) for error in read.errors] == [("Size", None)]


def test_what_is_told_of_a_cell_can_be_read():
    flaw = Flaw(code="undecodable", message="no text", column=1)
    read = result(PERSON, "a@example.com", "Caf\udce9" + "x" * 100, "12", flaw=flaw)
    assert read.errors[0].value == "Café" + "x" * 75 + "…"


# --- ragged rows ------------------------------------------------------------------------------------------------------


def test_a_row_with_too_many_cells_is_refused():
    message = "the row has 4 cells where the header has 3; a cell that holds the delimiter must stand in quotes"
    assert errors(PERSON, "a@example.com", "Ann", "12", "x") == [(None, "long-row", message)]
    assert [code for _, code, _ in errors(PERSON, "a@example.com", "Ann", "12", " ", "x")] == ["long-row"]


def test_delimiters_too_many_at_the_end_do_no_harm():
    assert lead(PERSON, "a@example.com", "Ann", "12", "", " ").first_name == "Ann"


def test_a_row_that_ends_early_and_holds_all_that_matters_is_read():
    assert lead(PERSON, "a@example.com", "Ann").model_fields_set == {"email", "first_name"}
    assert lead(PERSON, "a@example.com").model_fields_set == {"email"}


def test_a_row_that_ends_before_an_identity_is_refused():
    columns = {"First": "firstName", "Mail": "email", "Id": "externalId", "Tel": "phone"}
    message = "the row has 2 cells where the header has 4, and ends before Id, Tel"
    assert errors(columns, "Ann", "a@example.com") == [(None, "short-row", message)]


def test_a_row_that_ends_before_what_is_required_is_refused():
    columns = {"Mail": "email", "First": "firstName", "Size": {"to": "properties.size", "required": True}}
    message = "the row has 2 cells where the header has 3, and ends before Size"
    assert errors(columns, "a@example.com", "Ann") == [(None, "short-row", message)]
    columns["Size"]["default"] = "small"
    assert [code for _, code, _ in errors(columns, "a@example.com", "Ann")] == ["short-row"]


def test_an_early_end_gives_what_is_missing_its_default():
    columns = {"Mail": "email", "Size": {"to": "properties.size", "default": "small"}}
    assert lead(columns, "a@example.com").properties == {"size": "small"}


# --- names and phones -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ann Lee", "Ann", "Lee"),
        ("Ann van den Berg", "Ann", "van den Berg"),
        ("Lee, Ann", "Ann", "Lee"),
        ("van den Berg , Ann Sue", "Ann Sue", "van den Berg"),
        ("Ann", "Ann", None),
        ("Lee, Ann, Dr.", "Ann, Dr.", "Lee"),
        ("Lee,", None, "Lee"),
        (", Ann", "Ann", None),
        (",", None, None),
        ("Ann  Lee", "Ann", "Lee"),
    ],
)
def test_a_full_name_is_parted(name, first, last):
    read = lead({"Mail": "email", "Name": "fullName"}, "a@example.com", name)
    assert (read.first_name, read.last_name) == (first, last)
    told = {"first_name": first, "last_name": last}
    assert read.model_fields_set == {"email", *(field for field, part in told.items() if part is not None)}


def test_what_is_wrong_with_half_a_name_is_told_of_its_column():
    # A name of 10,000 characters is let pass; so are its halves.
    columns = {"Mail": "email", "Name": "fullName"}
    assert errors(columns, "a@example.com", "x" * 10_001) == [
        ("Name", "unreadable-cell", "longer than 10,000 characters")
    ]


def test_a_lead_that_is_known_by_its_phone_alone_is_known_again():
    columns = {"Tel": "phone", "First": "firstName", "Last": "lastName", "Firm": "company"}
    first = lead(columns, "+1 (555) 010-0123", "Ann", "Lee", "Acme")
    again = lead(columns, "0015550100123", "ANN", "lee", "acme")
    assert first.external_id == again.external_id
    assert first.external_id.startswith("phone-")
    assert len(first.external_id) == len("phone-") + 32
    for other in (
        ("+1 555 010 0124", "Ann", "Lee", "Acme"),
        ("+1 555 010 0123", "Bob", "Lee", "Acme"),
        ("+1 555 010 0123", "Ann", "Low", "Acme"),
        ("+1 555 010 0123", "Ann", "Lee", "Bolt"),
    ):
        assert lead(columns, *other).external_id != first.external_id


def test_the_id_made_of_a_phone_stays_what_it_is():
    read = lead({"Tel": "phone", "Name": "fullName"}, "+1 555 0100", "Ann Lee")
    assert read.external_id == "phone-adc9d3981fcee8f37df91f94fcf993d1"


def test_a_lead_that_is_known_otherwise_gets_no_such_id():
    columns = {"Tel": "phone", "Mail": "email", "Id": "externalId"}
    assert lead(columns, "+1 555 0100", "a@example.com", "").external_id is None
    assert lead(columns, "+1 555 0100", "", "x-1").external_id == "x-1"


@pytest.mark.parametrize("target", ["phone", "externalId", "email"])
@pytest.mark.parametrize("cell", ["1.5555E+10", "1,55E+10", "2E+11", "2e+11"])
def test_a_number_that_a_spreadsheet_has_shortened_identifies_nobody(target, cell):
    message = "a spreadsheet has shortened this number and lost its digits; format the column as text there"
    assert errors({"Id": target}, cell) == [("Id", "unreadable-cell", message)]


@pytest.mark.parametrize("cell", ["1E10", "15.5E+10", "E+10", "1.5555E+10x", "A1E+10"])
def test_an_id_may_look_much_like_one(cell):
    assert lead({"Id": "externalId"}, cell).external_id == cell


def test_elsewhere_such_a_number_is_one():
    columns = {"Mail": "email", "N": {"to": "properties.n", "type": "number"}, "T": "properties.t"}
    assert lead(columns, "a@example.com", "1.5E+10", "1.5E+10").properties == {"n": 1.5e10, "t": "1.5E+10"}
