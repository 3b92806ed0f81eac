from __future__ import annotations

import pytest

from leadkit.conditions.paths import ITEM, Path, camel, parse_path, quoted, snake


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("score", "score"),
        ("first_name", "first_name"),
        ("firstName", "first_name"),
        ("aBC", "a_b_c"),
        ("utm2Source", "utm2_source"),
        ("line1", "line1"),
        ("line_1", None),
        ("Score", None),
        ("_private", None),
        ("trailing_", None),
        ("two__under", None),
        ("mixed_Case", None),
        ("Lead Number", None),
        ("größe", None),
        ("", None),
    ],
)
def test_names_in_either_style_have_one_snake_case_spelling(name: str, expected: str | None) -> None:
    assert snake(name) == expected


def test_snake_case_and_camel_case_are_inverse() -> None:
    for name in ("score", "first_name", "a_b_c", "utm2_source"):
        assert snake(camel(name)) == name
    assert camel("first_name") == "firstName"


def test_paths_that_differ_in_style_are_equal() -> None:
    one, other = parse_path("firstName.x"), parse_path('["first_name"]["x"]')
    assert one == other
    assert hash(one) == hash(other)
    assert (str(one), str(other)) == ("firstName.x", '["first_name"]["x"]')


def test_paths_that_differ_deeper_are_not_equal() -> None:
    assert parse_path("a.firstName") != parse_path("a.first_name")
    assert parse_path("LeadNumber") != parse_path("leadNumber")
    assert parse_path("a") != parse_path("a.b")


@pytest.mark.parametrize(
    ("text", "segments", "canonical"),
    [
        ("score", ("score",), "score"),
        ("firstName", ("first_name",), "first_name"),
        ("a.b.c", ("a", "b", "c"), "a.b.c"),
        ('a["b"].c', ("a", "b", "c"), "a.b.c"),
        ('a["b.c"]', ("a", "b.c"), 'a["b.c"]'),
        ('a["b.c"]["d"]', ("a", "b.c", "d"), 'a["b.c"].d'),
        ('["a.b"].c', ("a.b", "c"), '["a.b"].c'),
        ('a["\\"\\\\"]', ("a", '"\\'), 'a["\\"\\\\"]'),
        ('a["\\u00e4"]', ("a", "ä"), "a.ä"),
        ('a[""]', ("a", ""), 'a[""]'),
        ('a["@"]', ("a", "@"), 'a["@"]'),
        ('["@"]', ("@",), '["@"]'),
        ('a[" b "]', ("a", " b "), 'a[" b "]'),
        ('a["]"]', ("a", "]"), 'a["]"]'),
        ("Lead Number", ("Lead Number",), "Lead Number"),
        ("a.@b", ("a", "@b"), "a.@b"),
        ("@", (), "@"),
    ],
)
def test_a_path_is_read_into_its_segments(text: str, segments: tuple[str, ...], canonical: str) -> None:
    path = parse_path(text)
    assert path.segments == segments
    assert path.canonical == canonical
    assert parse_path(canonical) == path


def test_the_item_is_the_record_itself() -> None:
    assert parse_path("@") is ITEM
    assert ITEM.find(5) == 5
    assert Path(segments=(), text="") == ITEM


def test_a_key_in_quotes_is_a_json_string() -> None:
    assert quoted('a"ä') == '["a\\"ä"]'


def test_either_spelling_is_found_in_any_record_but_only_at_the_first_step() -> None:
    path = parse_path("aB.cD")
    assert path.find({"aB": {"cD": 1}}) == 1
    assert path.find({"a_b": {"cD": 1}}) == 1
    assert path.find({"a_b": {"c_d": 1}}) is None
    assert path.find({"a_b": None, "aB": {"cD": 1}}) == 1
    assert path.find({"a_b": False, "aB": {"cD": 1}}) is None


def test_a_value_that_is_false_is_found() -> None:
    assert parse_path("aB").find({"a_b": 0, "aB": 1}) == 0
    assert parse_path("a.b").find({"a": {"b": ""}}) == ""
