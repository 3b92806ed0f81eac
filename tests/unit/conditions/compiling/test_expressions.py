from __future__ import annotations

import pytest

from leadkit.conditions.compiling.expressions import Expression, Hopeful, OfText, joined

NUMBER = Hopeful(guard="v is not None", test="v >= k1", sure="type(v) is int", slow="a1(v)")
OTHER = Hopeful(guard="v is not None", test="v < k2", sure="type(v) is int", slow="a2(v)")
WORD = Hopeful(test="v == k3", sure="isinstance(v, str)")
TEXT = OfText(seen="v", test="k4 in v", listed="k4 in v and a4(v)", slow="a4(v)")
PLAIN = OfText(seen="v", test="v > k5", slow="a5(v)")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (NUMBER, "(v is not None and v >= k1 and (type(v) is int or a1(v)))"),
        (WORD, "(v == k3 and isinstance(v, str))"),
        (TEXT, "(k4 in v if type(v) is str else k4 in v and a4(v) if type(v) is list else v is not None and a4(v))"),
        (PLAIN, "(v > k5 if type(v) is str else v is not None and a5(v))"),
    ],
)
def test_an_expression_is_written_in_one_way(expression: Expression, text: str) -> None:
    assert str(expression) == text


@pytest.mark.parametrize(
    ("expressions", "word", "text"),
    [
        ([], "and", "True"),
        ([], "or", "False"),
        (["x"], "and", "x"),
        (["x", "y"], "or", "(x or y)"),
        (["x", "x"], "and", "(x and x)"),
        (
            [NUMBER, OTHER],
            "and",
            "(v is not None and (v >= k1 and v < k2) and (type(v) is int or (a1(v) and a2(v))))",
        ),
        (
            [NUMBER, "x", OTHER],
            "or",
            "((v is not None and (v >= k1 or v < k2) and (type(v) is int or (a1(v) or a2(v)))) or x)",
        ),
        ([WORD, WORD], "or", "((v == k3 or v == k3) and isinstance(v, str))"),
        (
            [TEXT, TEXT],
            "or",
            (
                "((k4 in v or k4 in v) if type(v) is str else ((k4 in v and a4(v)) or (k4 in v and a4(v)))"
                " if type(v) is list else v is not None and (a4(v) or a4(v)))"
            ),
        ),
        ([PLAIN, PLAIN], "and", "((v > k5 and v > k5) if type(v) is str else v is not None and (a5(v) and a5(v)))"),
        ([TEXT, PLAIN], "or", f"({TEXT} or {PLAIN})"),
        ([NUMBER, WORD], "or", f"({NUMBER} or {WORD})"),
    ],
)
def test_expressions_are_joined_and_those_of_one_guard_into_one(
    expressions: list[Expression], word: str, text: str
) -> None:
    assert str(joined(expressions, word)) == text
