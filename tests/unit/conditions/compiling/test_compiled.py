from __future__ import annotations

import copy
import importlib
import pickle
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadkit.conditions import read_condition
from leadkit.conditions.compiling import compile_condition, compiled
from leadkit.conditions.compiling.forms import form
from leadkit.errors import InvalidInput

module = importlib.import_module("leadkit.conditions.compiling.compiled")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LARGE = read_condition({"field": "teamSize", "op": ">=", "value": 10})
RECENT = read_condition({"field": "at", "op": "within", "value": "1d"})


@dataclass
class Row:
    team_size: Any = None


class Unfinished(Row):
    """A row that lacks its field."""

    def __init__(self) -> None:
        pass

    def __getattribute__(self, name: str) -> Any:
        if name == "team_size":
            raise AttributeError
        return super().__getattribute__(name)


def test_a_condition_is_asked_of_records_of_any_shape() -> None:
    asked = compile_condition(LARGE, classes=(Row, Unfinished))
    records = [{"teamSize": 10}, {"team_size": 10}, {"team_size": 9, "teamSize": 10}, Row(10), Row(9), Unfinished()]
    assert [asked.holds(record, as_of=NOW) for record in records] == [True, True, False, True, False, False]


def test_a_value_that_cannot_be_compared_is_answered_all_the_same() -> None:
    asked = compile_condition(LARGE)
    assert [asked.holds({"teamSize": seen}, as_of=NOW) for seen in ("10", [10], None, {})] == [False] * 4


def test_an_answer_is_true_or_false() -> None:
    class Zero:
        def __eq__(self, _other: object) -> Any:
            return 0

        __hash__ = None  # type: ignore[assignment]

    asked = compile_condition(read_condition({"field": "x", "op": "==", "value": "a"}))
    assert asked.holds({"x": Zero()}, as_of=NOW) is False


def test_now_is_what_the_caller_says() -> None:
    asked = compile_condition(RECENT)
    record = {"at": NOW - timedelta(hours=12)}
    assert asked.holds(record, as_of=NOW) is True
    assert asked.holds(record, as_of=NOW + timedelta(days=1)) is False
    assert asked.at(NOW)(record) is True
    with pytest.raises(InvalidInput, match="time zone"):
        asked.holds(record, as_of=NOW.replace(tzinfo=None))


def test_a_compiled_condition_is_compiled_anew_where_it_is_unpickled_or_copied() -> None:
    asked = compile_condition(LARGE, classes=(Row,))
    for twin in (pickle.loads(pickle.dumps(asked)), copy.deepcopy(asked)):  # noqa: S301 - pickled a moment ago
        assert (twin.condition, twin.classes, twin.form.source) == (LARGE, (Row,), asked.form.source)
        assert twin.holds(Row(12), as_of=NOW) is True


def test_equal_conditions_share_one_compiled_form() -> None:
    twin = read_condition({"field": "team_size", "op": "gte", "value": 10.0})
    assert compiled(LARGE) is compiled(twin)
    assert compiled(LARGE) is not compiled(LARGE, Row)
    assert compiled(LARGE) is not compiled(RECENT)
    assert compiled(LARGE, Row).classes == (Row,)


def test_a_function_is_generated_when_it_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(module, "form", lambda *given: made.append(given) or form(*given))
    condition = read_condition({"field": "x", "op": "==", "value": "seldom"})
    kept, eager = compiled(condition), compile_condition(condition)
    answers = [kept.holds({"x": "seldom"}, as_of=NOW) for _ in range(20)]
    assert (answers, made) == ([True] * 20, [])
    assert [kept.holds({"x": x}, as_of=NOW) for x in ("seldom", "often")] == [True, False]
    assert len(made) == 1
    assert eager.holds({"x": "often"}, as_of=NOW) is False
    assert len(made) == 2


def test_a_condition_shows_itself_and_not_its_source() -> None:
    assert repr(compile_condition(RECENT)) == f"CompiledCondition(condition={RECENT!r}, classes=())"
