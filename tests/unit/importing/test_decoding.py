import codecs
import encodings.aliases

import pytest

from leadkit.importing.decoding import MARKED, decoded, legible

# Those that make bytes of bytes, and those of another operating system.
NO_TEXT = {"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec", "mbcs"}


def text_of(chunks, encoding="utf-8"):
    return "".join(decoded(chunks, encoding))


def mark(*values):
    return "".join(chr(0xDC00 + value) for value in values)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "shift_jis"]
)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 1_000])
def test_text_comes_out_whole_wherever_its_bytes_are_cut(encoding, size):
    text = "Name;Größe\r\n" if encoding != "shift_jis" else "Name;テスト\r\n"
    data = text.encode(encoding)
    assert text_of([data[at : at + size] for at in range(0, len(data), size)], encoding) == text


@pytest.mark.parametrize(
    ("mark_of", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_is_left_out(mark_of, encoding):
    data = mark_of + "a\ufeffb".encode(encoding)
    assert list(decoded([data], encoding)) == ["a\ufeffb"]
    assert text_of([bytes([byte]) for byte in data], encoding) == "a\ufeffb"


@pytest.mark.parametrize("name", ["utf-16", "utf-32", "UTF16", "u32"])
@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_the_mark_says_which_byte_comes_first_and_without_one_it_is_the_little_end(name, size):
    width = "utf-16" if "16" in name else "utf-32"
    for data in (
        "\ufeffab".encode(f"{width}-be"),
        "\ufeffab".encode(f"{width}-le"),
        "ab".encode(f"{width}-le"),
    ):
        assert text_of([data[at : at + size] for at in range(0, len(data), size)], name) == "ab"
    assert text_of([], name) == ""
    assert text_of(["a".encode(f"{width}-le")], name) == "a"


@pytest.mark.parametrize("name", sorted({*encodings.aliases.aliases.values()} - NO_TEXT))
def test_every_encoding_of_python_reads_every_byte(name):
    text = text_of([bytes([value]) for value in range(256)], name)
    assert text
    legible(text).encode()


def test_only_the_first_mark_is_left_out():
    assert text_of([codecs.BOM_UTF8 * 2 + b"a"]) == "\ufeffa"


def test_nothing_comes_out_of_nothing():
    assert list(decoded([], "utf-8")) == []
    assert list(decoded([b"", b""], "utf-8")) == []
    assert list(decoded([codecs.BOM_UTF8], "utf-8")) == []


def test_no_piece_is_empty():
    assert list(decoded([b"a", b"", b"\xc3", b"\xa9"], "utf-8")) == ["a", "é"]


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"caf\xe9;x", "utf-8", "caf" + mark(0xE9) + ";x"),
        (b"\xff\xfea", "utf-8", mark(0xFF, 0xFE) + "a"),
        (b"a\xe2\x82", "utf-8", "a" + mark(0xE2, 0x82)),
        (b"\xed\xa0\x80", "utf-8", mark(0xED, 0xA0, 0x80)),
        (b"a\x81", "cp1252", "a" + mark(0x81)),
        (b"a\x00b", "utf-16-le", "a" + mark(0x62)),
        (b"\x3d\xd8a\x00", "utf-16-le", mark(0x3D, 0xD8) + "a"),
        (b"a\xff", "ascii", "a" + mark(0xFF)),
    ],
)
def test_a_byte_that_is_no_character_is_marked_and_the_rest_is_kept(data, encoding, text):
    assert text_of([data], encoding) == text
    assert MARKED.search(text)


def test_a_marked_byte_can_be_read_as_windows_1252():
    assert legible("caf" + mark(0xE9) + " " + mark(0x80)) == "café €"


def test_a_byte_that_windows_1252_leaves_empty_is_read_as_latin_1():
    assert legible("a" + mark(0x81)) == "a\x81"


@pytest.mark.parametrize("text", ["plain", "Größe", "😀"])
def test_honest_text_is_legible_as_it_is(text):
    assert legible(text) == text
    assert MARKED.search(text) is None


def test_other_errors_are_not_swallowed():
    with pytest.raises(UnicodeEncodeError):
        "ü".encode("ascii", errors="leadkit.mark")
