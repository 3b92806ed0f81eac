"""A file of any length is read in memory that stays flat."""

from __future__ import annotations

import tracemalloc

import pytest

from leadkit.importing import Dialect, Mapping, bind, open_table

ROWS = 60_000
MOST = 3 * 1024 * 1024


def chunks(row: bytes):
    yield b"Email,Company,Notes\n"
    for start in range(0, ROWS, 1_000):
        yield b"".join(row % number for number in range(start, start + 1_000))


@pytest.mark.parametrize(
    ("row", "leads"),
    [
        (b"a%d@example.com,Acme,plain text of no great length\n", ROWS),
        (b'a%d@example.com,"Acme, Ltd","quoted\ntext over two lines"\n', ROWS),
        (b'a%d@example.com,"never closed,text\n', 0),
    ],
)
def test_memory_stays_flat_however_long_the_file_is(row, leads):
    mapping = Mapping.model_validate({"columns": {"Email": "email", "Company": "company"}})
    tracemalloc.start()
    try:
        table = open_table(chunks(row), Dialect())
        reader = bind(mapping, table.headers)
        found = sum(reader.read(number, record).lead is not None for number, record in enumerate(table.records, 1))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == leads
    assert peak < MOST
