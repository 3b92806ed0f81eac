import pytest

from leadkit.importing import ERROR_COLUMNS, ERROR_ENCODING, ErrorSheet, RowError


def error(message="wrong", column=None, row=3):
    return RowError(row=row, line=9, column=column, message=message)


def line(cells, *errors, headers=("a", "b"), delimiter=","):
    return ErrorSheet(headers=headers, delimiter=delimiter).line(cells, errors or [error()])


def test_the_header_is_the_original_one_and_three_columns_more():
    assert ErrorSheet(headers=("E-Mail", "=x", 'a "b"'), delimiter=";").header == (
        'E-Mail;\'=x;"a ""b""";leadkit_row;leadkit_column;leadkit_error\r\n'
    )
    assert ERROR_COLUMNS == ("leadkit_row", "leadkit_column", "leadkit_error")


def test_a_row_stands_as_it_was_with_its_errors_behind_it():
    assert line(["x", "y"], error("too short", "a"), error("too long", "b")) == "x,y,3,a; b,too short; too long\r\n"


def test_what_is_told_twice_is_written_once():
    assert line(["x", "y"], error("wrong", "a"), error("wrong", "a")) == "x,y,3,a,wrong\r\n"


def test_an_error_of_the_whole_row_names_no_column():
    assert line(["x", "y"]) == "x,y,3,,wrong\r\n"


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        ([], ",,3,,wrong\r\n"),
        (["x"], "x,,3,,wrong\r\n"),
        (["x", "y", "z"], "x,y,3,,wrong,z\r\n"),
        (["x", "y", "=z", ""], "x,y,3,,wrong,'=z,\r\n"),
    ],
)
def test_a_ragged_row_keeps_every_cell(cells, written):
    assert line(cells) == written


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("a,b", '"a,b"'),
        ('a"b', '"a""b"'),
        ("a\nb", '"a\nb"'),
        ("a\rb", '"a\rb"'),
        (" a", '" a"'),
        ("a ", '"a "'),
        ("a b", "a b"),
        ("=1", "'=1"),
        ("=1,2", '"\'=1,2"'),
        ("caf\udce9", "café"),
        ("", ""),
    ],
)
def test_a_cell_is_quoted_where_it_has_to_be(cell, written):
    assert line([cell, "y"]) == f"{written},y,3,,wrong\r\n"


def test_what_parts_the_cells_is_quoted_and_nothing_else():
    assert line(["a;b", "c,d"], delimiter=";") == '"a;b";c,d;3;;wrong\r\n'


def test_spreadsheets_know_the_encoding():
    assert ErrorSheet(headers=("ü",), delimiter=",").header.encode(ERROR_ENCODING).startswith(b"\xef\xbb\xbf\xc3\xbc")
