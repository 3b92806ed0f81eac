import pytest

from leadkit.errors import Fault, InvalidInput
from leadkit.importing import DELIMITERS, Dialect, Limits


@pytest.mark.parametrize(
    ("delimiter", "words"),
    [
        (",", "utf-8, comma"),
        (";", "utf-8, semicolon"),
        ("\t", "utf-8, tab"),
        ("|", "utf-8, bar"),
        ("^", "utf-8, '^'"),
    ],
)
def test_a_dialect_says_in_words_what_it_is(delimiter, words):
    assert Dialect(delimiter=delimiter).described == words


def test_a_dialect_is_utf_8_and_comma_unless_said():
    assert (Dialect().encoding, Dialect().delimiter) == ("utf-8", ",")


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n", "\r", " ", "\x00"])
def test_what_cannot_part_cells_is_refused(delimiter):
    with pytest.raises(InvalidInput) as refused:
        Dialect(delimiter=delimiter)
    message = f"a delimiter is one character, no quote, no space and no line end: {delimiter!r} cannot be one"
    assert refused.value.faults == (Fault(path="$.delimiter", message=message, code="bad-delimiter"),)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-16", "cp1252", "latin-1", "shift_jis", "mac-roman", "utf-8-sig"])
def test_an_encoding_is_any_that_python_reads_as_text(encoding):
    assert Dialect(encoding=encoding).encoding == encoding


@pytest.mark.parametrize(
    "encoding", ["utf-9", "", "base64", "zlib", "rot13", "undefined", "a\x00b", "idna", "punycode"]
)
def test_an_encoding_that_is_none_is_refused(encoding):
    with pytest.raises(InvalidInput) as refused:
        Dialect(encoding=encoding)
    message = f"unknown encoding {encoding!r}; common ones are utf-8, utf-16, cp1252, cp1250, shift_jis, gb18030"
    assert refused.value.faults == (Fault(path="$.encoding", message=message, code="unknown-encoding"),)


def test_limits_have_defaults_and_a_floor():
    assert (Limits().cell, Limits().record) == (100_000, 4_194_304)
    assert (Limits(cell=1, record=1).cell, Limits(cell=1, record=1).record) == (1, 1)
    for limits in ({"cell": 0}, {"record": 0}):
        with pytest.raises(ValueError, match="must be >= 1"):
            Limits(**limits)


def test_the_sign_least_likely_to_stand_in_a_text_comes_first():
    assert DELIMITERS == ("\t", ";", "|", ",")
