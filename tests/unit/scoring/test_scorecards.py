from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.errors import InvalidInput
from leadkit.leads.commands import Score
from leadkit.leads.lead import Priority, ScoreLine
from leadkit.scoring.scorecards import Scorecard
from leadkit.values import read

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PRINT = "0123456789abcdef" * 4
LINES = (ScoreLine(rule="team", points=0.1), ScoreLine(rule="visit", points=0.2))


def card(**changes: Any) -> Scorecard:
    return Scorecard(**{"score": 0.3, "breakdown": LINES, "fingerprint": PRINT, "at": NOW, **changes})


def test_a_scorecard_adds_up_in_whole_hundredths() -> None:
    assert card().score == 0.3
    assert card(score=0, breakdown=()).breakdown == ()


@pytest.mark.parametrize("score", [0.31, 0.29, 0, 30])
def test_a_score_that_is_not_the_sum_of_its_lines_is_refused(score: float) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(Scorecard, {"score": score, "breakdown": LINES, "fingerprint": PRINT, "at": NOW})
    assert str(caught.value) == "$: the score is the sum of its breakdown"


@pytest.mark.parametrize("text", ["", "g" * 64, "0" * 63, "0" * 65, "A" * 64])
def test_a_fingerprint_is_64_hexadecimal_digits(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(Scorecard, {"score": 0, "breakdown": (), "fingerprint": text, "at": NOW})
    assert [fault.path for fault in caught.value.faults] == ["$.fingerprint"]


def test_a_scorecard_becomes_the_command_that_records_it() -> None:
    assert card(priority="high").command() == Score(
        score=0.3, breakdown=LINES, fingerprint=PRINT, at=NOW, priority=Priority.HIGH, only_if_changed=False
    )
    assert card().command(only_if_changed=True) == Score(
        score=0.3, breakdown=LINES, fingerprint=PRINT, at=NOW, priority=None, only_if_changed=True
    )


def test_a_priority_is_what_the_bands_say_and_else_what_it_was() -> None:
    assert card(priority="high").priority_after(Priority.LOW) is Priority.HIGH
    assert card().priority_after(Priority.LOW) is Priority.LOW


def test_a_scorecard_is_written_in_camel_case() -> None:
    dumped = {
        "score": 0.3,
        "breakdown": [{"rule": "team", "points": 0.1}, {"rule": "visit", "points": 0.2}],
        "fingerprint": PRINT,
        "at": "2026-11-24T12:00:00Z",
        "priority": "low",
    }
    assert card(priority="low").model_dump() == dumped
    assert read(Scorecard, dumped) == card(priority="low")
    assert card(score=0, breakdown=()).model_dump_json() == (
        f'{{"score":0,"breakdown":[],"fingerprint":"{PRINT}","at":"2026-11-24T12:00:00Z","priority":null}}'
    )


def test_a_scorecard_is_frozen_and_slotted() -> None:
    with pytest.raises(AttributeError):
        card().score = 1  # type: ignore[misc]
    assert not hasattr(card(), "__dict__")
