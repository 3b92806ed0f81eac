"""What holds for every file: written and read again it is the same, and nothing is lost, whatever stands in it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leadkit.errors import InvalidInput, UnreadableFile
from leadkit.importing import (
    DELIMITERS,
    ERROR_ENCODING,
    Dialect,
    ErrorSheet,
    Limits,
    Mapping,
    Record,
    RowError,
    bind,
    guess_mapping,
    neutralise,
    open_table,
    restore,
    sniff,
)
from leadkit.importing.decoding import decoded, legible
from leadkit.importing.lines import lines_of
from leadkit.importing.records import records_of

# encoding: the characters that it has
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
    "cp1252": "cp1252",
    "latin-1": "latin-1",
}

delimiters = st.sampled_from(DELIMITERS)
sizes = st.integers(1, 30)
# Little else than what has a meaning in a file.
tangles = st.text(alphabet='ab",\n\r ', max_size=40)


def cells_of(codec="utf-8"):
    telling = st.sampled_from("ab \",;|\t\n\r'=+-@0é")
    others = st.characters(codec=codec, exclude_characters="\x00\ufeff", exclude_categories=["Cs"])
    return st.text(alphabet=telling | others, max_size=8)


@st.composite
def tables(draw, cells):
    """Rows of one width, none of them blank."""
    width = draw(st.integers(1, 4))
    row = st.lists(cells, min_size=width, max_size=width).filter(lambda row: any(cell.strip() for cell in row))
    return draw(st.lists(row, min_size=1, max_size=6))


def pieces(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


def read(text, *, delimiter=",", limits=None, size=1_000):
    limits = limits or Limits()
    lines = lines_of(pieces(text, size), longest=limits.record)
    return list(records_of(lines, Dialect(delimiter=delimiter), limits))


@given(st.data(), st.sampled_from(sorted(ENCODINGS)), delimiters, st.sampled_from(["\n", "\r\n", "\r"]), sizes)
def test_a_table_is_read_as_it_was_written_in_every_dialect(data, encoding, delimiter, line_end, size):
    rows = data.draw(tables(cells_of(ENCODINGS[encoding])))
    out = io.StringIO(newline="")
    quoting = data.draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])) if line_end == "\r\n" else csv.QUOTE_ALL
    csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    chunks = pieces(out.getvalue().encode(encoding), size)
    lines = lines_of(decoded(chunks, encoding), longest=Limits().record)
    records = list(records_of(lines, Dialect(delimiter=delimiter), Limits()))
    assert [record.cells for record in records] == rows
    assert [record.flaw for record in records] == [None] * len(rows)


@given(tangles)
def test_where_nothing_is_wrong_the_standard_reader_reads_the_same(text):
    records = read(text)
    assume(all(record.flaw is None for record in records))
    # A space before a quote: the one thing on which writers differ, and on which this reader is kinder.
    assume(not re.search(r'(^|[,\n\r]) +"', text))
    standard = csv.reader(io.StringIO(text, newline=""))
    assert [record.cells for record in records] == [row for row in standard if any(cell.strip() for cell in row)]


@given(tangles, sizes, sizes)
def test_it_does_not_matter_where_the_text_is_cut(text, one, other):
    assert read(text, size=one) == read(text, size=other)


@given(tangles)
def test_records_stand_in_the_order_of_their_lines(text):
    lines = [record.line for record in read(text)]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= len(io.StringIO(text, newline="").readlines()) for line in lines)


@given(tangles | st.text(max_size=40))
def test_no_letter_of_a_file_is_lost(text):
    cells = "".join(cell for record in read(text) for cell in record.cells)
    assert Counter(filter(str.isalnum, cells)) == Counter(filter(str.isalnum, text))


@given(tangles, st.integers(1, 12), st.integers(1, 12))
def test_limits_are_kept_whatever_stands_in_the_file(text, cell, record):
    for found in read(text, limits=Limits(cell=cell, record=record), size=3):
        assert found.flaw is not None or all(len(each) <= cell for each in found.cells)


@given(st.binary(max_size=60), st.sampled_from([*ENCODINGS, "ascii", "shift_jis", "utf-32"]), delimiters)
def test_no_bytes_whatever_stop_the_reader(data, encoding, delimiter):
    try:
        table = open_table([data], Dialect(encoding=encoding, delimiter=delimiter))
    except UnreadableFile:
        return
    records = list(table.records)
    assert len(set(table.headers)) == len(table.headers)
    for record in records:
        # What cannot be kept is told of, and what is told of can be written.
        assert record.flaw is not None or "".join(record.cells).encode().count(b"\x00") == 0
        assert "".join(map(legible, record.cells)).encode() is not None


@given(tables(cells_of()), delimiters)
def test_a_table_in_utf_8_is_known_as_such(rows, delimiter):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    assert sniff(out.getvalue().encode()).encoding == "utf-8"
    assert sniff(out.getvalue().encode("utf-16")).encoding == "utf-16-le"


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.tuples(st.just(width), st.lists(st.lists(cells_of(), max_size=width + 2), max_size=5))
    ),
    delimiters,
)
def test_an_error_file_gives_back_every_row_as_it_was(table, delimiter):
    width, rows = table
    sheet = ErrorSheet(headers=tuple(f"column {n}" for n in range(width)), delimiter=delimiter)
    lines = [
        sheet.line(row, [RowError(row=number, line=number, column=row[0] if row else None, message="wrong; =1")])
        for number, row in enumerate(rows, 1)
    ]
    data = "".join([sheet.header, *lines]).encode(ERROR_ENCODING)
    opened = open_table([data], Dialect(delimiter=delimiter))
    assert opened.headers == sheet.headers
    assert [record.cells for record in opened.records] == [[*row, *[""] * (width - len(row))] for row in rows]


@given(st.text())
def test_a_cell_that_was_made_harmless_is_read_back_without_loss(cell):
    harmless = neutralise(cell)
    assert restore(harmless) == cell
    assert not harmless.lstrip().startswith(("=", "+", "-", "@"))
    assert not harmless.startswith(("\t", "\r", "\n"))


headers = st.lists(
    st.sampled_from(["E-Mail", "Name", "Phone", "ID", "Size", "Priority", "utm_source", "Since", "Source"]),
    min_size=1,
    max_size=6,
    unique=True,
)
values = st.sampled_from(["a@example.com", "12", "2026-11-24", "yes", "N/A", "", "high", "+1 555 0100"]) | cells_of()


@given(headers, st.lists(st.lists(values, max_size=7), max_size=6), st.integers(0, 6))
def test_a_row_becomes_a_lead_or_is_told_what_is_wrong(headers, rows, sampled):
    mapping = guess_mapping(headers, rows[:sampled])
    assert Mapping.model_validate_json(mapping.model_dump_json()) == mapping
    if {"E-Mail", "Phone", "ID"}.isdisjoint(headers):
        with pytest.raises(InvalidInput, match="no column leads to email"):
            bind(mapping, headers)
        return
    reader = bind(mapping, headers)
    for number, cells in enumerate(rows, 1):
        before = list(cells)
        result = reader.read(number, Record(line=number + 1, cells=cells, flaw=None))
        assert (result.lead is None) == bool(result.errors)
        assert cells == before
        assert {(error.row, error.line) for error in result.errors} <= {(number, number + 1)}
        assert {error.column for error in result.errors} <= {*headers, None}


@given(headers, st.lists(st.lists(values, min_size=6, max_size=6), min_size=1, max_size=6))
def test_the_rows_from_which_types_were_guessed_can_be_read_by_them(headers, rows):
    mapping = guess_mapping(headers, rows)
    properties = {header for header, column in mapping.columns.items() if column.to.startswith("properties.")}
    assume(not {"E-Mail", "Phone", "ID"}.isdisjoint(headers))
    reader = bind(mapping, headers)
    for number, cells in enumerate(rows, 1):
        record = Record(line=number, cells=cells[: len(headers)], flaw=None)
        assert not properties & {error.column for error in reader.read(number, record).errors}
