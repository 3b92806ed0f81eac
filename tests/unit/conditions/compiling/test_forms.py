from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from leadkit.conditions.compiling.forms import form
from leadkit.errors import InvalidInput

if TYPE_CHECKING:
    from leadkit.conditions.compiling.source import Program

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def reference(record: Any, related: Any, now: datetime) -> Any:
    return ["reference", record, related, now]


def write(program: Program) -> list[str]:
    return ["return 1 / record + len(related)"] if program.hopeful else ["return 2 // record"]


def test_a_form_answers_for_a_record_and_what_is_related() -> None:
    answer = form(write, reference).at(NOW)
    assert (answer(2), answer(2, [7])) == (0.5, 1.5)


def test_what_the_hopeful_form_cannot_answer_the_careful_one_does_and_then_the_reference() -> None:
    answer = form(write, reference).at(NOW)
    assert answer(2, None) == 1
    assert answer(0, "x") == ["reference", 0, "x", NOW]
    assert answer("a") == ["reference", "a", {}, NOW]


def test_the_careful_form_is_generated_once_and_only_where_it_is_wanted() -> None:
    asked: list[bool] = []

    def noted(program: Program) -> list[str]:
        asked.append(program.hopeful)
        return write(program)

    answer = form(noted, reference).at(NOW)
    answer(1)
    assert asked == [True]
    answer(0)
    answer(0)
    assert asked == [True, False]


def test_the_function_of_an_instant_is_kept_until_another_one_is_wanted() -> None:
    made = form(lambda _: ["return now"], reference)
    other = datetime(2026, 11, 25, tzinfo=UTC)
    first = made.at(NOW)
    assert made.at(NOW) is first
    assert (made.at(other)(None), made.at(NOW)(None), first(None)) == (other, NOW, NOW)
    assert made.at(NOW) is not first


def test_now_is_read_in_utc() -> None:
    made = form(lambda _: ["return now"], reference)
    assert made.at(datetime.fromisoformat("2026-11-24T13:00:00+01:00"))(None).tzinfo is UTC
    with pytest.raises(InvalidInput, match="time zone"):
        made.at(NOW.replace(tzinfo=None))


def test_a_form_shows_its_source() -> None:
    assert form(lambda _: ["return 1"], reference).source == (
        "def at(now):\n"
        "    def answer(record, related=k0):\n"
        "        try:\n"
        "            return 1\n"
        "        except Exception:\n"
        "            return k1(record, related, now)\n"
        "    return answer"
    )
