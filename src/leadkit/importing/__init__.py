r"""Import: the bytes of a file to new leads, or to what is wrong with each row; pure, and flat in memory.

`sniff` finds out how a file is written, `open_table` reads its columns and rows, `guess_mapping` proposes what they
mean, `read_mapping` checks what somebody declared, `bind` holds a mapping against a file and reads its rows, and
`ErrorSheet` writes what failed so that it can be mended and imported again.

Example:
    >>> data = "E-Mail;Name;Team Size\nana@example.com;Ana Silva;12\nbob;Bob Stone;7\n".encode("cp1252")
    >>> dialect = sniff(data)
    >>> table = open_table([data], dialect)
    >>> reader = bind(guess_mapping(table.headers), table.headers)
    >>> for row, record in enumerate(table.records, 1):
    ...     result = reader.read(row, record)
    ...     print(result.lead.first_name if result.lead else result.errors[0])
    Ana
    row 2, line 3, E-Mail: expected an e-mail address such as alice@example.com
"""

from __future__ import annotations

from leadkit.importing.binding import bind
from leadkit.importing.checking import read_mapping, read_mapping_json
from leadkit.importing.dialects import DELIMITERS, Dialect, Limits
from leadkit.importing.errorsheet import ERROR_COLUMNS, ERROR_ENCODING, ErrorSheet
from leadkit.importing.formulas import neutralise, restore
from leadkit.importing.guessing import guess_mapping
from leadkit.importing.landing import OnDuplicate, news_for
from leadkit.importing.mapping import Column, Mapping
from leadkit.importing.records import Flaw, Record
from leadkit.importing.reports import ImportReport, RowError
from leadkit.importing.rows import RowReader, RowResult
from leadkit.importing.sniffing import sniff
from leadkit.importing.tables import Table, open_table

__all__ = [
    "DELIMITERS",
    "ERROR_COLUMNS",
    "ERROR_ENCODING",
    "Column",
    "Dialect",
    "ErrorSheet",
    "Flaw",
    "ImportReport",
    "Limits",
    "Mapping",
    "OnDuplicate",
    "Record",
    "RowError",
    "RowReader",
    "RowResult",
    "Table",
    "bind",
    "guess_mapping",
    "neutralise",
    "news_for",
    "open_table",
    "read_mapping",
    "read_mapping_json",
    "restore",
    "sniff",
]
