import pytest

from leadkit.errors import UnreadableFile
from leadkit.importing import Dialect, ErrorSheet, Limits, RowError, open_table
from leadkit.importing.tables import column_names

EMPTY = "it is empty; a line of column names is needed, and rows below it"


def table(text, *, delimiter=",", **options):
    return open_table([text.encode()], Dialect(delimiter=delimiter), **options)


def rows(text, **options):
    return [(record.line, record.cells) for record in table(text, **options).records]


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["a", "b"], ("a", "b")),
        ([" a ", "b\nc", "d  e"], ("a", "b c", "d e")),
        (["a", "", "a"], ("a", "Column 2", "a (2)")),
        (["a", "a", "a"], ("a", "a (2)", "a (3)")),
        (["a (2)", "a", "a"], ("a (2)", "a", "a (3)")),
        (["", ""], ("Column 1", "Column 2")),
        (["a", "A"], ("a", "A")),
    ],
)
def test_columns_are_named_by_the_header(cells, names):
    assert column_names(cells) == names


def test_a_table_has_named_columns_and_rows_below_them():
    opened = table("a;b\n1;2\n\n3;4\n", delimiter=";")
    assert opened.headers == ("a", "b")
    assert opened.dialect == Dialect(delimiter=";")
    assert [(record.line, record.cells) for record in opened.records] == [(2, ["1", "2"]), (4, ["3", "4"])]


def test_lines_are_counted_from_the_first_of_the_file():
    assert rows("\n\na,b\n\n1,2\n") == [(5, ["1", "2"])]
    assert rows("sep=,\na,b\n1,2\n") == [(3, ["1", "2"])]
    assert rows('"a\nb",c\n1,2\n') == [(3, ["1", "2"])]


def test_a_header_may_look_like_a_line_that_says_the_delimiter():
    assert table("sep=,x\n1,2\n").headers == ("sep=", "x")
    assert table("sep=\n1\n").headers == ("sep=",)


def test_a_file_may_have_a_header_and_no_rows():
    assert rows("a,b\n") == []
    assert table("a,b").headers == ("a", "b")


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n", "sep=,\n", "\ufeff"])
def test_a_file_without_a_header_is_refused(text):
    with pytest.raises(UnreadableFile) as refused:
        table(text)
    assert (refused.value.name, refused.value.reason) == ("the file", EMPTY)


def test_a_header_that_cannot_be_read_is_refused():
    with pytest.raises(UnreadableFile) as refused:
        table('\na,"b\n1,2\n', name="leads.csv")
    assert str(refused.value) == (
        "cannot read leads.csv: the column names on line 2: the quote that is opened on line 2 is not closed: "
        "the file ends"
    )


def test_the_limits_hold_for_header_and_rows():
    assert [record.flaw is None for record in table("a\nbb\n", limits=Limits(cell=1)).records] == [False]
    with pytest.raises(UnreadableFile, match="the cell has 2 characters; at most 1 are read"):
        table("aa\nb\n", limits=Limits(cell=1))
    with pytest.raises(UnreadableFile, match="the line is longer than 3 characters"):
        table("aaaa\nb\n", limits=Limits(record=3))


def test_rows_are_read_when_they_are_asked_for():
    read = []

    def chunks():
        for chunk in (b"a,b\n", b"1,2\n", b"3,4\n"):
            read.append(chunk)
            yield chunk

    opened = open_table(chunks(), Dialect())
    assert read == [b"a,b\n"]
    next(opened.records)
    assert len(read) == 2


def test_an_error_file_is_read_without_its_own_columns_and_as_it_was():
    sheet = ErrorSheet(headers=("=a", "b", "-c"), delimiter=",")
    error = RowError(row=1, line=2, message="wrong")
    lines = [
        sheet.header,
        sheet.line(["=1", "'x", "'-2"], [error]),
        sheet.line(["short"], [error]),
        sheet.line(["1", "2", "3", "=4", "5"], [error]),
    ]
    opened = table("".join(lines))
    assert opened.headers == ("=a", "b", "-c")
    assert [record.cells for record in opened.records] == [
        ["=1", "'x", "'-2"],
        ["short", "", ""],
        ["1", "2", "3", "=4", "5"],
    ]


def test_in_an_error_file_columns_may_have_been_moved_and_rows_cut():
    text = "leadkit_error,a,leadkit_row,b\nwrong,'=1,7\nwrong,x,7,y,'=z\n"
    opened = table(text)
    assert opened.headers == ("a", "b")
    assert [record.cells for record in opened.records] == [["=1"], ["x", "y", "=z"]]


def test_a_file_of_somebody_else_keeps_its_apostrophes():
    assert rows("a,leadkit_row\n'=1,x\n") == [(2, ["'=1", "x"])]
