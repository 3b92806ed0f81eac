"""A file of any length is read in memory that stays flat, whatever stands in it."""

from __future__ import annotations

import io
import tracemalloc

import pytest

import leadkit as lk
from leadkit.importing import Dialect, Mapping, bind, open_table

HEADER = b"Email,Company,Notes\n"
MAPPING = {"columns": {"Email": "email", "Company": "company"}}
MEBIBYTE = 1024 * 1024


class Rows(io.RawIOBase):
    """A file of many rows that is made while it is read."""

    def __init__(self, rows):
        self.rows = rows
        self.left = HEADER

    def read(self, size=-1):
        while len(self.left) < size and (row := next(self.rows, None)) is not None:
            self.left += row
        part, self.left = self.left[:size], self.left[size:]
        return part


def peak_of(work):
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("row", "good"),
    [
        (b"a%d@example.com,Acme,plain text of no great length\n", True),
        (b'a%d@example.com,"Acme, Ltd","quoted\ntext over two lines"\n', True),
        (b'a%d@example.com,"never closed,text that goes on for a while\n', False),
    ],
)
def test_memory_stays_flat_however_many_rows_there_are(row, good):
    rows = 40_000
    found = []

    def read():
        file = Rows(row % number for number in range(rows))
        table = open_table(iter(lambda: file.read(64 * 1024), b""), Dialect())
        reader = bind(Mapping.model_validate(MAPPING), table.headers)
        found.append(sum(reader.read(n, record).lead is not None for n, record in enumerate(table.records, 1)))

    assert peak_of(read) < 1.5 * MEBIBYTE < len(row) * rows
    assert found == [rows if good else 0]


def test_memory_stays_flat_however_long_the_rows_are():
    workspace = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
    long_row = b"x@example.com," + b"C" * 3 * MEBIBYTE + b",\n"
    reports = []

    def read():
        reports.append(workspace.imports.csv(Rows(long_row for _ in range(60)), mapping=MAPPING, keep_errors=1))

    assert peak_of(read) < 60 * MEBIBYTE < len(long_row) * 60
    assert (reports[0].failed, reports[0].errors[0].code) == (60, "too-long")
