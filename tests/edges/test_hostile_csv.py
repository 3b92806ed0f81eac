"""Gate S7, the way in: forty hostile files, none of which stops an import, each with the right row numbers.

Every file is imported through the service into a real store. Told are the rows that failed, by row and line, and those
that became leads, by their address; together they are all the rows of the file.
"""

from __future__ import annotations

import attrs
import pytest

import leadkit as lk
from leadkit.errors import LeadkitError, UnreadableFile
from leadkit.importing import Limits

HEADER = "Email,Company,Size\n"
MAPPING = {
    "columns": {"Email": "email", "Company": "company", "Size": {"to": "properties.size", "type": "integer"}},
}
MEGABYTE = 1_000_000


@attrs.frozen(kw_only=True)
class File:
    """A hostile file and what becomes of it.

    Attributes:
        what: What is hostile about it.
        data: Its bytes.
        leads: The addresses that come in, in order.
        failed: Row, line and code of each error.
        options: Of the import.
    """

    what: str
    data: bytes
    leads: str = ""
    failed: tuple[tuple[int, int, str], ...] = ()
    options: dict[str, object] = attrs.Factory(dict)


def text(body: str, *, header: str = HEADER) -> bytes:
    return (header + body).encode()


GOOD = "a@example.com,Acme,1\n"
NEXT = "b@example.com,Bolt,2\n"

FILES = [
    File(
        what="a quote that is never closed",
        data=text(GOOD + 'x@example.com,"Crash,3\n' + NEXT),
        leads="a b",
        failed=((2, 3, "unclosed-quote"),),
    ),
    File(
        what="a quote that is never closed before one that is",
        data=text('x@example.com,"Crash,3\n' + GOOD + 'b@example.com,"Bolt",2\n'),
        leads="a b",
        failed=((1, 2, "unclosed-quote"),),
    ),
    File(
        what="a quote that is never closed on the last line",
        data=text(GOOD + 'b@example.com,"Bolt'),
        leads="a",
        failed=((2, 3, "unclosed-quote"),),
    ),
    File(
        what="a quote on every line and none of them closed",
        data=text('x@example.com,"Crash,3\n' * 3),
        failed=((1, 2, "unclosed-quote"), (2, 3, "unclosed-quote"), (3, 4, "unclosed-quote")),
    ),
    File(
        what="a quote that is opened and nothing else in the file",
        data=text('"'),
        failed=((1, 2, "unclosed-quote"),),
    ),
    File(
        what="a quote in the midst of a cell",
        data=text('a@example.com,12" Monitors,1\n' + NEXT),
        leads="a b",
    ),
    File(
        what="text behind a closing quote",
        data=text('a@example.com,"Acme" Ltd,1\n' + NEXT),
        leads="a b",
    ),
    File(
        what="backslashes before quotes, as if they meant something",
        data=text('a@example.com,"Acme \\"Best\\"",1\n' + NEXT),
        leads="a b",
    ),
    File(
        what="a cell over many lines, with blank ones",
        data=text('a@example.com,"Acme\n\n\nLtd",1\n' + "x,y,z\n" + NEXT),
        leads="a b",
        failed=((2, 6, "unreadable-cell"), (2, 6, "value-error")),
    ),
    File(
        what="a cell over many lines, in Windows line ends",
        data=text('a@example.com,"Acme\r\nLtd",1\r\n' + "x,y,1\r\n"),
        leads="a",
        failed=((2, 4, "value-error"),),
    ),
    File(
        what="line ends of three kinds",
        data=text("a@example.com,Acme,1\rx,y,1\r\nb@example.com,Bolt,2\nz,y,1"),
        leads="a b",
        failed=((2, 3, "value-error"), (4, 5, "value-error")),
    ),
    File(
        what="line separators that are none",
        data=text("a@example.com,Ac\u2028me\x0b\x0c\x1c\x85,1\n" + "x,y,1\n"),
        leads="a",
        failed=((2, 3, "value-error"),),
    ),
    File(
        what="blank lines everywhere",
        data=text("\n\n" + GOOD + "\n,,\n" + "x,y,1\n" + " , ,\n\n"),
        leads="a",
        failed=((2, 7, "value-error"),),
    ),
    File(
        what="too few cells",
        data=text("a@example.com\n" + "b@example.com,Bolt\n"),
        leads="a b",
    ),
    File(
        what="too few cells, and the address among the lost",
        data=text("Acme\n" + "2,b@example.com\n", header="Size,Email\n"),
        leads="b",
        failed=((1, 2, "short-row"),),
        options={"mapping": {"columns": {"Email": "email"}}},
    ),
    File(
        what="too many cells",
        data=text("x@example.com,Crash, Boom & Co,3\n" + GOOD),
        leads="a",
        failed=((1, 2, "long-row"),),
    ),
    File(
        what="a hundred thousand cells",
        data=text("x@example.com" + ",x" * 100_000 + "\n" + GOOD),
        leads="a",
        failed=((1, 2, "long-row"),),
    ),
    File(
        what="delimiters too many at every end",
        data=text("a@example.com,Acme,1,,,,\nb@example.com,Bolt,2,\n"),
        leads="a b",
    ),
    File(
        what="a NUL in a cell",
        data=text("x@example.com,Cr\x00ash,3\n" + GOOD),
        leads="a",
        failed=((1, 2, "nul"),),
    ),
    File(
        what="NULs for a cell",
        data=text(GOOD + "x@example.com,\x00\x00\x00,3\n" + NEXT),
        leads="a b",
        failed=((2, 3, "nul"),),
    ),
    File(
        what="a megabyte in a cell",
        data=text(f"x@example.com,{'C' * MEGABYTE},3\n" + GOOD),
        leads="a",
        failed=((1, 2, "too-long"),),
    ),
    File(
        what="a megabyte in quotes over ten thousand lines",
        data=text('x@example.com,"' + ("C" * 99 + "\n") * 10_000 + '",3\n' + GOOD + "z,y,1\n"),
        leads="a",
        failed=((1, 2, "too-long"), (3, 10_004, "value-error")),
    ),
    File(
        what="ten megabytes on one line",
        data=text(f"x@example.com,{'C' * 10 * MEGABYTE},3\n" + GOOD + "z,y,1\n"),
        leads="a",
        failed=((1, 2, "too-long"), (3, 4, "value-error")),
    ),
    File(
        what="ten megabytes without an end",
        data=text(GOOD + "C" * 10 * MEGABYTE),
        leads="a",
        failed=((2, 3, "too-long"),),
    ),
    File(
        what="a cell beyond the limit that was asked for",
        data=text("x@example.com,Crash and Boom,3\n" + GOOD),
        leads="a",
        failed=((1, 2, "too-long"),),
        options={"limits": Limits(cell=13)},
    ),
    File(
        what="a text longer than a lead can hold",
        data=text(f"x@example.com,{'C' * 10_001},3\n" + GOOD),
        leads="a",
        failed=((1, 2, "unreadable-cell"),),
    ),
    File(
        what="a mark at the start, and one in the midst",
        data=b"\xef\xbb\xbf" + text("a@example.com,Ac\ufeffme,1\nx,y,1\n"),
        leads="a",
        failed=((2, 3, "value-error"),),
    ),
    File(
        what="UTF-16 with a mark",
        data=(HEADER + GOOD + "x,ü,1\n").encode("utf-16"),
        leads="a",
        failed=((2, 3, "value-error"),),
    ),
    File(
        what="UTF-16 without a mark, the big end first",
        data=(HEADER + GOOD + "x,ü,1\n").encode("utf-16-be"),
        leads="a",
        failed=((2, 3, "value-error"),),
    ),
    File(
        what="UTF-16 that ends in half a character",
        data=(HEADER + GOOD + "x@example.com,Bolt,2").encode("utf-16-le")[:-1],
        leads="a",
        failed=((2, 3, "undecodable"),),
    ),
    File(
        what="Latin-1 text",
        data=(HEADER + "a@example.com,Müller & Söhne,1\n" + "x,Größe,1\n").encode("latin-1"),
        leads="a",
        failed=((2, 3, "value-error"),),
    ),
    File(
        what="UTF-8 with a byte that is none",
        data=text("a@example.com,Müller,1\n" + "x@example.com,") + b"Caf\xe9,3\n" + NEXT.encode(),
        leads="a b",
        failed=((2, 3, "undecodable"),),
    ),
    File(
        what="UTF-8 for a surrogate",
        data=text("a@example.com,Müller,1\n" + "x@example.com,") + b"\xed\xa0\x80,3\n" + "b@example.com,Ü,2\n".encode(),
        leads="a b",
        failed=((2, 3, "undecodable"),),
        options={"encoding": "utf-8"},
    ),
    File(
        what="semicolons, and commas within",
        data=(b"Email;Company;Size\na@example.com;Acme, Ltd;1\nx;y, z;1\n"),
        leads="a",
        failed=((2, 3, "value-error"),),
    ),
    File(
        what="a line that says the delimiter",
        data=(b"sep=|\r\nEmail|Company|Size\r\na@example.com|Acme|1\r\nx|y|1\r\n"),
        leads="a",
        failed=((2, 4, "value-error"),),
    ),
    File(
        what="formulas for cells",
        data=text('a@example.com,"=HYPERLINK(""http://example.com"")",1\n' + "=1+1,@SUM(A1),-5\n"),
        leads="a",
        failed=((2, 3, "value-error"),),
    ),
    File(
        what="numbers that are none, or too many",
        data=text(f"x@example.com,C,NaN\ny@example.com,C,1e999\nz@example.com,C,{'9' * 5_000}\n" + GOOD),
        leads="a",
        failed=((1, 2, "unreadable-cell"), (2, 3, "unreadable-cell"), (3, 4, "unreadable-cell")),
    ),
    File(
        what="the same person over and over",
        data=text(GOOD + "A@EXAMPLE.COM,Acme,1\n" + " a@Example.com ,Acme,1\n" + "x,y,1\n"),
        leads="a",
        failed=((4, 5, "value-error"),),
    ),
    File(
        what="columns of the same name, and one without any",
        data=text(
            "a@example.com,Acme,1,x@example.com,\n" + "x,y,1,b@example.com,\n", header="Email,Company,Size,Email,\n"
        ),
        leads="a",
        failed=((2, 3, "value-error"),),
    ),
    File(
        what="a stage that does not exist",
        data=text("x@example.com,inbound,nowhere\ny@example.com,nowhere,\n", header="Email,Pipeline,Stage\n"),
        failed=((1, 2, "not-found"), (2, 3, "not-found")),
        options={"mapping": {"columns": {"Email": "email", "Pipeline": "pipelineId", "Stage": "stage"}}},
    ),
    File(
        what="a header and nothing below it",
        data=text(""),
    ),
    File(
        what="a header over two lines",
        data=b'Email,"Com\npany",Size\na@example.com,Acme,1\nx,y,1\n',
        leads="a",
        failed=((2, 4, "value-error"),),
        options={"mapping": {"columns": {"Email": "email", "Com pany": "company"}}},
    ),
    File(
        what="an error file that nobody mended",
        data=text(
            "x,'=y,1,7,Email,expected\n" + "a@example.com,'+1,1,8,,\n",
            header="Email,Company,Size,leadkit_row,leadkit_column,leadkit_error\n",
        ),
        leads="a",
        failed=((1, 2, "value-error"),),
    ),
]

REFUSED = {
    "an empty file": (b"", "it is empty"),
    "blank lines alone": (b"\n\n\r\n", "it is empty"),
    "a mark alone": (b"\xef\xbb\xbf", "it is empty"),
    "a workbook": (b"PK\x03\x04" + bytes(1_000), "it is an Excel workbook"),
    "a header whose quote is never closed": (b'Email,"Company\na@example.com,Acme\n', "the column names on line 1"),
    "a header with a NUL": (b"Em\x00ail,Company\na@example.com,Acme\n", "the cell holds a NUL character"),
    "a header of a megabyte": (b"E" * MEGABYTE + b",Company\n", "the cell has 1,000,000 characters"),
}


@pytest.fixture
def workspace():
    workspace = lk.LeadKit.open("memory:").workspace(org="acme", actor="user-7")
    workspace.pipelines.create(id="inbound", name="Inbound", stages=[{"id": "new", "name": "New", "order": 0}])
    return workspace


def test_there_are_forty_hostile_files():
    assert len(FILES) >= 40
    assert len({file.what for file in FILES}) == len(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.what)
def test_a_hostile_file_is_read_to_its_end_with_the_right_row_numbers(file, workspace):
    report = workspace.imports.csv(file.data, **{"mapping": MAPPING, **file.options})
    assert tuple((error.row, error.line, error.code) for error in report.errors) == file.failed
    addresses = sorted(str(lead.email).strip().lower() for lead in workspace.leads.each())
    assert addresses == [f"{name}@example.com" for name in file.leads.split()]
    assert report.created == len(addresses)
    assert report.failed == len({row for row, _, _ in file.failed})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.what)
def test_a_dry_run_of_a_hostile_file_tells_the_same_and_writes_nothing(file, workspace):
    rehearsed = workspace.imports.csv(file.data, dry_run=True, **{"mapping": MAPPING, **file.options})
    assert workspace.leads.count() == 0
    report = workspace.imports.csv(file.data, **{"mapping": MAPPING, **file.options})
    assert rehearsed.model_copy(update={"dry_run": False}) == report


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.what)
def test_a_hostile_file_that_comes_again_makes_no_lead_twice(file, workspace):
    first = workspace.imports.csv(file.data, **{"mapping": MAPPING, **file.options})
    again = workspace.imports.csv(file.data, **{"mapping": MAPPING, **file.options})
    assert (again.created, again.rows, again.errors) == (0, first.rows, first.errors)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.what)
def test_the_mapping_of_a_hostile_file_can_be_guessed(file, workspace):
    options = {name: value for name, value in file.options.items() if name != "mapping"}
    report = workspace.imports.csv(file.data, **options)
    assert report.rows == report.created + report.skipped + report.failed


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_read_at_all_is_refused_with_the_reason(data, reason, workspace):
    with pytest.raises(UnreadableFile) as refused:
        workspace.imports.csv(data, mapping=MAPPING)
    assert reason in refused.value.reason
    assert isinstance(refused.value, LeadkitError)
    assert workspace.leads.count() == 0
