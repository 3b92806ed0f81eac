"""Conditions written in Python with the expressions of `jsonlogic-py`, and what stands for them where it is absent."""

from __future__ import annotations

import json
import types
from typing import Any

import pytest

from leadkit.conditions import Limits, Vocabulary, dump_condition, read_condition
from leadkit.conditions.jsonlogic.expressions import is_expression
from leadkit.errors import RuleErrors


class Node:
    """Shaped as the package shapes its expressions."""

    __module__ = "jsonlogic"

    def _prepare(self) -> Any:
        return None


class Var(Node):
    __module__ = "jsonlogic"

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return json.dumps({"var": self.name})


class Const(Node):
    __module__ = "jsonlogic"

    def __init__(self, value: Any) -> None:
        self._rawval = value


class Call(Node):
    __module__ = "jsonlogic.expressions"

    def __init__(self, op: str, o1: Any, *on: Any) -> None:
        self.op, self.o1, self.on = op, o1, on


def rule(expression: Any) -> Any:
    return dump_condition(read_condition(expression))["jsonlogic"]


def test_an_expression_is_a_rule_of_json_logic() -> None:
    assert rule(Call(">=", Var("score"), Const(80))) == {">=": [{"var": "score"}, 80]}
    assert rule(Var("score")) == {"var": "score"}


def test_null_is_taken_from_the_expression_and_not_from_its_text() -> None:
    assert rule(Call("==", Var("a"), Const(None))) == {"==": [{"var": "a"}, None]}
    assert rule(Call("==", Var("a"), Const("None"))) == {"==": [{"var": "a"}, "None"]}


def test_contains_asks_for_its_argument_in_the_field() -> None:
    assert rule(Call("contains", Var("tags"), Const("a"))) == {"in": ["a", {"var": "tags"}]}


def test_lists_among_the_arguments_may_hold_expressions() -> None:
    assert rule(Call("in", Var("a"), Const(["x", Var("b")]))) == {"in": [{"var": "a"}, ["x", {"var": "b"}]]}


def test_not_is_read_as_it_is_written() -> None:
    assert rule(Call("not", Call("and", Var("a"), Var("b")))) == {"not": [{"and": [{"var": "a"}, {"var": "b"}]}]}


def nested(depth: int) -> Any:
    expression: Any = Var("a")
    for _ in range(depth - 1):
        expression = Call("!", expression)
    return expression


def test_expressions_stand_only_so_deep() -> None:
    vocabulary = Vocabulary(limits=Limits(depth=3))
    assert read_condition(nested(3), vocabulary=vocabulary)
    for depth in (4, 5, 10_000):
        with pytest.raises(RuleErrors) as refused:
            read_condition(nested(depth), vocabulary=vocabulary, at="$.condition")
        assert refused.value.faults[0].code == "too-deep"
        assert refused.value.faults[0].path.startswith("$.condition")


def test_what_only_comes_from_elsewhere_is_no_expression() -> None:
    assert is_expression(Var("a"))
    assert is_expression(Call("!", Var("a")))
    assert not is_expression(types.SimpleNamespace(_prepare=None))
    assert not is_expression({"var": "a"})


class Other:
    __module__ = "jsonlogic"


def test_another_package_of_that_name_is_not_meant() -> None:
    assert not is_expression(Other())


@pytest.mark.filterwarnings("ignore:cannot deduce type")
def test_the_package_writes_conditions() -> None:
    package = pytest.importorskip("jsonlogic", reason="jsonlogic-py is an extra of leadkit")
    score, tags = package.Variable("score"), package.Variable("tags")
    assert rule(score >= 80) == {">=": [{"var": "score"}, 80]}
    assert rule(~(score == None)) == {"not": [{"==": [{"var": "score"}, None]}]}  # noqa: E711 - an expression
    assert rule(tags.contains("a") & score.isin([1, 2])) == {
        "and": [{"in": ["a", {"var": "tags"}]}, {"in": [{"var": "score"}, [1, 2]]}]
    }
    assert rule((score + 1) * 2 < package.Variable("limit")) == {
        "<": [{"*": [{"+": [{"var": "score"}, 1]}, 2]}, {"var": "limit"}]
    }
    with pytest.raises(RuleErrors, match=r"unknown operation `\*\*`: no engine but its own has it"):
        read_condition(score**2 > 4)
