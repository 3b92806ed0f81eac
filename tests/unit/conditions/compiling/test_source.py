from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import pytest

from leadkit.conditions.compiling.source import Program, indented

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_lines_are_indented_by_four_spaces() -> None:
    assert indented(["a", "  b"]) == ["    a", "      b"]


def test_a_value_has_one_name_and_equal_ones_of_another_class_have_others() -> None:
    program = Program()
    names = [program.literal(value) for value in (1, 1.0, True, "1", 1)]
    assert names == ["k0", "k1", "k2", "k3", "k0"]
    things = [object(), object()]
    assert [program.constant(thing) for thing in (*things, things[0])] == ["k4", "k5", "k4"]


def test_a_fresh_name_is_given_once() -> None:
    program = Program()
    assert [program.fresh("v"), program.fresh("v"), program.fresh("b")] == ["v0", "v1", "b2"]


def test_a_function_of_a_key_is_written_once() -> None:
    program = Program()
    names = [
        program.function("key", "f", lambda name, answer=number: [f"def {name}(): return {answer}"])
        for number in (1, 2)
    ]
    program.add(["def answer(): return f0()"])
    assert names == ["f0", "f0"]
    assert program.ready(program.source("answer"))(NOW)() == 1


def test_moments_are_computed_once_for_each_instant() -> None:
    program = Program()
    asked: list[datetime] = []

    def yesterday(now: datetime) -> datetime:
        asked.append(now)
        return now - timedelta(days=1)

    names = [program.moment("yesterday", yesterday) for _ in range(2)]
    program.add([f"def answer(): return [now, {names[0]}]"])
    source = program.source("answer")
    assert source == "def at(now, m0):\n    def answer(): return [now, m0]\n    return answer"
    bind = program.ready(source)
    answer = bind(NOW)
    assert answer() == answer() == [NOW, NOW - timedelta(days=1)]
    assert bind(NOW + timedelta(days=1))() == [NOW + timedelta(days=1), NOW]
    assert (names, asked) == (["m0", "m0"], [NOW, NOW + timedelta(days=1)])


def test_a_literal_is_loaded_as_if_it_stood_in_the_source() -> None:
    program = Program()
    values = ("text", 3, frozenset({"a"}))
    names = ", ".join(map(program.literal, values))
    program.add(["def answer(seen):", f"    return seen in {program.literal('key')} or [{names}]"])
    source = program.source("answer")
    answer = program.ready(source)(NOW)
    assert (answer("x"), answer("k")) == (list(values), True)
    assert {"key", values} <= set(answer.__code__.co_consts)
    assert answer.__code__.co_names == ()
    assert "text" not in source


def test_a_text_is_kept_as_the_very_one_that_keys_are() -> None:
    program = Program()
    name = program.literal("team" + "_size".lower())
    program.add([f"def answer(): return {name}"])
    assert program.ready(program.source("answer"))(NOW)() is sys.intern("team_size")


def test_a_value_that_is_called_is_no_literal() -> None:
    program = Program()
    program.add([f"def answer(): return {program.constant(str.upper)}({program.literal('a')})"])
    assert program.ready(program.source("answer"))(NOW)() == "A"


@pytest.mark.parametrize("name", ["open", "print", "__import__", "getattr", "eval"])
def test_generated_source_reaches_no_builtin_but_those_that_it_needs(name: str) -> None:
    program = Program()
    program.add([f"def answer(): return {name}"])
    with pytest.raises(NameError, match=f"name '{name}' is not defined"):
        program.ready(program.source("answer"))(NOW)()
