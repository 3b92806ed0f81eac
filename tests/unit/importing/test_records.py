import csv

import pytest

from leadkit.importing import Dialect, Flaw, Limits
from leadkit.importing.lines import lines_of
from leadkit.importing.records import records_of


def read(text, *, delimiter=",", limits=None, first_line=1):
    limits = limits or Limits()
    lines = lines_of([text] if text else [], longest=limits.record)
    return list(records_of(lines, Dialect(delimiter=delimiter), limits, first_line=first_line))


def cells(text, **options):
    return [record.cells for record in read(text, **options)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n", [["a", "b"]]),
        ("a,b", [["a", "b"]]),
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]),
        ("a\n", [["a"]]),
        ("a,\n", [["a", ""]]),
        (",a\n", [["", "a"]]),
        (" a , b \n", [[" a ", " b "]]),
        ('"a","b"\n', [["a", "b"]]),
        ('"a"\n', [["a"]]),
        ('"a,b",c\n', [["a,b", "c"]]),
        ('a,"b"', [["a", "b"]]),
        ('"a""b",c\n', [['a"b', "c"]]),
        ('"""",c\n', [['"', "c"]]),
        ('"",c\n', [["", "c"]]),
        ('c,""\n', [["c", ""]]),
        ('"a\nb",c\n', [["a\nb", "c"]]),
        ('"a\r\nb",c\n', [["a\r\nb", "c"]]),
        ('"a\rb",c\n', [["a\rb", "c"]]),
        ('"a\n\n\nb",c\n', [["a\n\n\nb", "c"]]),
        ('"a\n""b""\n",c\n', [['a\n"b"\n', "c"]]),
        ('"a\nb","c\nd"\n', [["a\nb", "c\nd"]]),
        ('"a\nb",c,"d\ne",f\n', [["a\nb", "c", "d\ne", "f"]]),
        ('a"b,c\n', [['a"b', "c"]]),
        ('5" pipe,6" pipe\n', [['5" pipe', '6" pipe']]),
        ('a"b"c,d\n', [['a"b"c', "d"]]),
        ('"a"b,c\n', [["ab", "c"]]),
        ('"a" ,c\n', [["a ", "c"]]),
        ('"a"b"c",d\n', [['ab"c"', "d"]]),
        ('"Smith "Bob" John",c\n', [['Smith Bob" John"', "c"]]),
        ('a, "b, c",d\n', [["a", "b, c", "d"]]),
        ('  "a",b\n', [["a", "b"]]),
        ('a,  b "c"\n', [["a", '  b "c"']]),
        ('"a"\n\n"b"\n', [["a"], ["b"]]),
        ('"a\nb"  ,c\n', [["a\nb  ", "c"]]),
        ('"a\n"\n', [["a\n"]]),
        ("", []),
        ("\n\r\n\r", []),
        (" \n\t\n", []),
        (",,\n , \n", []),
        ('"",""\n', []),
        ('a\n,,\n"",\nb\n', [["a"], ["b"]]),
    ],
)
def test_cells_are_read_as_they_were_meant(text, rows):
    assert cells(text) == rows
    assert [record.flaw for record in read(text)] == [None] * len(rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "ä"])
def test_any_sign_may_part_cells(delimiter):
    text = delimiter.join(["a", f'"b{delimiter}c"', "d"]) + "\n"
    assert cells(text, delimiter=delimiter) == [["a", f"b{delimiter}c", "d"]]


def test_a_record_tells_the_line_on_which_it_starts():
    text = 'h\n\n"a\nb"\nc\n,\n"d\ne\nf"\ng\n'
    assert [record.line for record in read(text)] == [1, 3, 5, 7, 10]
    assert [record.line for record in read(text, first_line=2)] == [2, 4, 6, 8, 11]


# --- quotes that are never closed ------------------------------------------------------------------------------------


def unclosed(line, column, trouble):
    message = f"the quote that is opened on line {line} is not closed: {trouble}"
    return Flaw(code="unclosed-quote", message=message, column=column)


def test_a_quote_that_is_never_closed_costs_its_own_line_alone():
    first, broken, third, fourth = read('a,b\n1,"two,x\n3,three\n4,four')
    assert broken == (2, ["1", '"two', "x"], unclosed(2, 1, "the file ends"))
    assert (first.flaw, third, fourth) == (None, (3, ["3", "three"], None), (4, ["4", "four"], None))


def test_a_quote_on_the_last_line_may_be_unclosed():
    assert read('a\nb,"c') == [(1, ["a"], None), (2, ["b", '"c'], unclosed(2, 1, "the file ends"))]


def test_the_opening_quote_of_a_later_cell_closes_nothing():
    records = read('1,"two\n3,three\n4,"four"\n5,five\n')
    assert [record.cells for record in records] == [["1", '"two'], ["3", "three"], ["4", "four"], ["5", "five"]]
    assert records[0].flaw == unclosed(1, 1, "the next one, on line 3, opens another cell")
    assert [record.flaw for record in records[1:]] == [None] * 3


def test_several_quotes_may_be_unclosed():
    records = read('"a\n"b\nc\n"d\n')
    assert [(record.line, record.cells) for record in records] == [(1, ['"a']), (2, ['"b']), (3, ["c"]), (4, ['"d'])]
    assert [record.flaw and record.flaw.code for record in records] == [
        "unclosed-quote",
        "unclosed-quote",
        None,
        "unclosed-quote",
    ]


def test_a_quote_may_be_unclosed_behind_a_cell_of_several_lines():
    records = read('"a\nb","c\nd,e\n')
    assert records == [(1, ["a\nb", '"c'], unclosed(2, 1, "the file ends")), (3, ["d", "e"], None)]


def test_of_a_quote_that_is_unclosed_behind_spaces_the_spaces_are_kept():
    assert read('a,  "b\n')[0].cells == ["a", '  "b']


def test_a_quote_is_looked_for_so_far_and_no_further():
    limits = Limits(record=20)
    closed = 'a,"' + "x\n" * 7 + '"\n'
    assert (len(closed), cells(closed, limits=limits)) == (19, [["a", "x\n" * 7]])
    records = read('a,"' + "x\n" * 9 + '"\nb\n', limits=limits)
    assert records[0] == (1, ["a", '"x'], unclosed(1, 1, "20 characters further there is no other"))
    assert [record.line for record in records] == [*range(1, 10), 10, 11]
    assert records[-1].cells == ["b"]


def test_the_limit_of_a_record_holds_for_all_its_cells_together():
    text = '"a\nb","c\nd","e\nf"\n'
    assert [record.flaw for record in read(text, limits=Limits(record=len(text)))] == [None]
    first = read(text, limits=Limits(record=len(text) - 1))[0]
    assert first.flaw == unclosed(3, 2, "17 characters further there is no other")


def test_a_file_of_unclosed_quotes_is_read_in_one_go():
    text = '"a\n' * 20_000
    records = read(text)
    assert len(records) == 20_000
    assert {record.flaw.code for record in records} == {"unclosed-quote"}


# --- cells that no lead can hold --------------------------------------------------------------------------------------


def test_a_cell_of_the_greatest_length_is_read():
    assert read("a,xxxxx\n", limits=Limits(cell=5)) == [(1, ["a", "xxxxx"], None)]


@pytest.mark.parametrize("text", ["a,xxxxxx\nb\n", 'a,"xxxxxx"\nb\n', 'a,"xxx\nxx"\nb\n'])
def test_a_cell_that_is_longer_is_reported_whole(text):
    record, following = read(text, limits=Limits(cell=5))
    assert record.flaw == Flaw(code="too-long", message="the cell has 6 characters; at most 5 are read", column=1)
    assert len(record.cells[1]) == 6
    assert (following.cells, following.flaw) == (["b"], None)


def test_a_row_of_many_short_cells_is_not_too_long():
    assert read("aaa,bbb,ccc\n", limits=Limits(cell=5))[0].flaw is None


def test_a_line_beyond_the_limit_is_reported_cut():
    records = read("a,b\n" + "x," * 10 + "\nc,d\n", limits=Limits(cell=5, record=15))
    assert records[1] == (
        2,
        ["x", "x", "x"],
        Flaw(code="too-long", message="the line is longer than 15 characters"),
    )
    assert records[2] == (3, ["c", "d"], None)


def test_a_line_beyond_the_limit_is_reported_though_it_begins_blank():
    assert read(" " * 20 + "x\n", limits=Limits(cell=5, record=15))[0].flaw.code == "too-long"


def test_a_line_of_the_greatest_length_is_read_whole():
    assert read("x" * 14 + "\n", limits=Limits(record=15))[0].flaw is None


def test_a_line_beyond_the_limit_opens_no_quote():
    records = read('"' + "x" * 20 + "\nb\n", limits=Limits(cell=5, record=15))
    assert [(record.line, record.cells) for record in records] == [(1, ['"xxxx']), (2, ["b"])]


@pytest.mark.parametrize("text", ["a,b\x00,c\n", 'a,"b\x00",c\n'])
def test_a_cell_with_a_nul_is_reported(text):
    record = read(text)[0]
    message = "the cell holds a NUL character, which is no text"
    assert (record.cells, record.flaw) == (["a", "b\x00", "c"], Flaw(code="nul", message=message, column=1))


@pytest.mark.parametrize("text", ["ü,b\udce9,c\n", 'ü,"b\udce9",c\n'])
def test_a_cell_with_a_byte_that_is_no_character_is_reported(text):
    record = read(text)[0]
    message = "the cell holds the byte 0xE9, which is not utf-8"
    assert record.flaw == Flaw(code="undecodable", message=message, column=1)


def test_the_byte_is_told_with_two_digits():
    assert read("a\udc05\n")[0].flaw.message == "the cell holds the byte 0x05, which is not utf-8"


def test_text_beyond_ascii_is_no_flaw():
    assert read("Größe,😀\n")[0].flaw is None


def test_the_first_flaw_of_a_row_is_told():
    assert read("a\x00,b\x00\n")[0].flaw.column == 0


def test_the_limit_that_others_set_for_all_csv_readers_changes_nothing():
    before = csv.field_size_limit(3)
    try:
        assert cells('"abcdef, ghi",b\n') == [["abcdef, ghi", "b"]]
        assert csv.field_size_limit() == 3
    finally:
        csv.field_size_limit(before)
