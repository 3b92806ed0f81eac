import pytest

from leadkit.importing.lines import lines_of


def cut(*texts, longest=1_000):
    return list(lines_of(texts, longest=longest))


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        ([], []),
        (["a"], ["a"]),
        (["a\n"], ["a\n"]),
        (["a\nb"], ["a\n", "b"]),
        (["a\r\nb\r\n"], ["a\r\n", "b\r\n"]),
        (["a\rb\r"], ["a\r", "b\r"]),
        (["a\n\nb"], ["a\n", "\n", "b"]),
        (["a\n\rb"], ["a\n", "\r", "b"]),
        (["\n"], ["\n"]),
        (["\r"], ["\r"]),
        (["a", "b\nc", "d"], ["ab\n", "cd"]),
        (["a\r", "\nb"], ["a\r\n", "b"]),
        (["a\r", "b"], ["a\r", "b"]),
        (["a\n", "b"], ["a\n", "b"]),
        (["a\r", "\r\n"], ["a\r", "\r\n"]),
        (["a\r\r", "b"], ["a\r", "\r", "b"]),
        (["\r", "\r", "b"], ["\r", "\r", "b"]),
        (["a\r\r", "\nb"], ["a\r", "\r\n", "b"]),
        (["a\r", "\r"], ["a\r", "\r"]),
    ],
)
def test_lines_end_where_people_end_them_wherever_the_text_is_cut(texts, lines):
    assert cut(*texts) == lines


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_nothing_else_ends_a_line(sign):
    assert cut(f"a{sign}b\n") == [f"a{sign}b\n"]


def test_a_line_of_the_greatest_length_is_kept():
    assert cut("abc", "d", longest=4) == ["abcd"]
    assert cut("abc", "d\n", "e", longest=4) == ["abcd\n", "e"]


def test_a_line_that_is_longer_is_given_up_and_the_next_one_is_read():
    assert cut("abc", "de", "fgh", "i\nnext\n", "last", longest=4) == ["abcde", "next\n", "last"]


def test_a_line_that_is_longer_may_end_the_text():
    assert cut("abc", "de", "f", longest=4) == ["abcde"]


@pytest.mark.parametrize("end", [["\r", "\n"], ["\r\n"], ["\n"], ["\r"]])
def test_a_line_that_was_given_up_ends_like_any_other(end):
    assert cut("abcde", "f", *end, "next", longest=4) == ["abcde", "next"]


def test_several_lines_in_one_piece_may_follow_one_that_was_given_up():
    assert cut("abcde", "f\nb\nc", longest=4) == ["abcde", "b\n", "c"]


def test_the_end_of_a_line_does_not_count():
    assert cut("abcd\r", "\nnext", longest=4) == ["abcd\r\n", "next"]
    assert cut("abcde\r", "\nnext", longest=4) == ["abcde", "next"]
    assert cut("abcde\r\nnext", longest=4) == ["abcde\r\n", "next"]


def test_several_lines_may_be_given_up():
    assert cut("abcde", "\nabcde", "f\n", "abcde", "\r", longest=4) == ["abcde"] * 3


def test_memory_stays_flat_over_a_line_without_an_end():
    def endless():
        for _ in range(1_000):
            yield "x" * 100

    lines = lines_of(endless(), longest=250)
    assert len(next(lines)) == 300
    assert list(lines) == []
