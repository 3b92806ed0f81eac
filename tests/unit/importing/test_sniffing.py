import codecs

import pytest

from leadkit.errors import InvalidInput, UnreadableFile
from leadkit.importing import sniff

TEXT = "Name;E-Mail\nJürgen;j@example.com\n"


def dialect(head, **options):
    found = sniff(head, **options)
    return found.encoding, found.delimiter


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encodings_that_people_really_have_are_found(written, found):
    assert dialect(TEXT.encode(written)) == (found, ";")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_mark_at_the_start_says_the_encoding(mark, encoding):
    assert dialect(mark + "a|b\n".encode(encoding)) == (encoding, "|")
    assert dialect(mark) == (encoding, ",")


def test_text_in_ascii_is_utf_8():
    assert dialect(b"a,b\n1,2\n") == ("utf-8", ",")


def test_latin_1_is_told_by_bytes_that_windows_1252_has_not():
    assert dialect(b"a,b\nJ\xfcrgen,\x81\n")[0] == "latin-1"
    assert dialect(b"a,b\nJ\xfcrgen,\x80\n")[0] == "cp1252"
    for hole in (0x81, 0x8D, 0x8F, 0x90, 0x9D):
        assert dialect(b"a,b\n" + bytes([hole]) + b"\n")[0] == "latin-1"


def test_a_file_of_utf_8_with_few_broken_bytes_is_utf_8():
    good = "ü".encode() * 3
    assert dialect(b"a,b\n" + good + b"\xfc,\xfc\xfc\n")[0] == "utf-8"
    assert dialect(b"a,b\n" + good + b"\xfc,\xfc\xfc\xfc\n")[0] == "cp1252"


def test_a_few_nuls_do_not_make_utf_16():
    assert dialect(b"a\x00b,c\x00d\nefgh,ijkl\nmnop,qrst\n")[0] == "utf-8"


def test_nuls_on_both_sides_do_not_make_utf_16():
    assert dialect(b"a\x00\x00b" * 10)[0] == "utf-8"
    assert dialect(b"\x00a" * 10)[0] == "utf-16-be"
    assert dialect(b"a\x00" * 10)[0] == "utf-16-le"


def test_a_share_of_nuls_makes_utf_16():
    # A fifth of all bytes, where at most a tenth of them stand on the other side.
    assert dialect(b"a\x00" * 21 + b"bc" * 29)[0] == "utf-16-le"
    assert dialect(b"a\x00" * 20 + b"bc" * 30)[0] == "utf-8"
    assert dialect(b"a\x00" * 30 + b"\x00a" * 3)[0] == "utf-16-le"
    assert dialect(b"a\x00" * 30 + b"\x00a" * 4)[0] == "utf-8"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("a;b;c\n1,5;2,5;x\n", ";"),
        ("Name, First;E-Mail\nDoe, Al;a@example.com\n", ";"),
        ("a|b,c,d\n1,2,3\n4,5,6\n", ","),
        ('"a;b","c"\n"1;2","3"\n', ","),
        ("a,b,c\n1,2,3\n4,5\n7,8,9\n", ","),
        ("a;b\n1,5\n2,5\n", ";"),
        ("a;b", ";"),
        ("a", ","),
        ("a\n1\n2\n", ","),
        ("a b\n1 2\n", ","),
        ("\n\n", ","),
        ('a,b\n"unclosed,1\n2,3\n', ","),
        ('a;"b\n1;2\n', ";"),
    ],
)
def test_the_delimiter_is_the_one_on_which_the_rows_agree(text, delimiter):
    assert dialect(text.encode())[1] == delimiter


def test_rows_that_agree_outweigh_a_header_that_misleads():
    rows = "".join(f"{number},x;y\n" for number in range(10))
    assert dialect(f"a,b\n{rows}".encode())[1] == ","


def test_a_first_line_may_say_the_delimiter_as_excel_does():
    assert dialect(b"sep=,\na;b,c\n1;2,3\n")[1] == ","
    assert dialect(b"SEP=^\r\na^b\r\n")[1] == "^"
    assert dialect("sep=|\na|b\n".encode("utf-16"))[1] == "|"
    assert dialect(b'sep="\na|b\n')[1] == ","


def test_what_is_known_is_not_sought():
    assert dialect(TEXT.encode("cp1252"), encoding="latin-1") == ("latin-1", ";")
    assert dialect(TEXT.encode(), delimiter=",") == ("utf-8", ",")
    assert dialect(b"PK\x03\x04;a\n", encoding="utf-8", delimiter="^") == ("utf-8", "^")


@pytest.mark.parametrize("options", [{"encoding": "utf-9"}, {"delimiter": ",,"}])
def test_what_is_declared_must_be_possible(options):
    with pytest.raises(InvalidInput):
        sniff(b"a,b\n", **options)


def test_half_a_line_at_the_end_of_the_head_misleads_nobody():
    head = "Name\nJörg\nJö".encode()
    assert dialect(head[:-1], goes_on=True) == ("utf-8", ",")
    ascii_only = b"Name\nx\n" + "é".encode()[:1]
    assert dialect(ascii_only, goes_on=True)[0] == "utf-8"
    assert dialect(ascii_only)[0] == "cp1252"
    assert dialect(b"J\xfcrgen without an end", goes_on=True)[0] == "cp1252"


def test_of_a_head_that_goes_on_all_whole_lines_are_weighed():
    assert dialect(b"a;b\nJ\xfcrgen;x\nhalf \xc3", goes_on=True)[0] == "cp1252"
    assert dialect(b"a;b\nx;J\xfc\nhalf", goes_on=True)[0] == "cp1252"
    assert dialect(b"a;b\nx;\xfc\nhalf", goes_on=True)[0] == "cp1252"


def test_an_empty_file_is_refused():
    with pytest.raises(UnreadableFile) as refused:
        sniff(b"", name="leads.csv")
    assert str(refused.value) == (
        "cannot read leads.csv: it is empty; a line of column names is needed, and rows below it"
    )


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04", "an Excel workbook or a zip archive"),
        (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
        (b"%PDF-", "a PDF document"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"SQLite format 3\x00", "a SQLite database"),
        (b"PAR1", "a Parquet file"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name(start, kind):
    with pytest.raises(UnreadableFile) as refused:
        sniff(start + b"rest")
    assert str(refused.value) == f"cannot read the file: it is {kind}; save it as CSV"


def test_only_so_much_of_the_head_is_weighed():
    rows = "1,2\n" * 999
    assert dialect(f"a,b;c\n{rows}".encode() + b"1;2\n" * 5_000)[1] == ","
