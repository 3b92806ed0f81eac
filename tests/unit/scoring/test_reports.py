from __future__ import annotations

from datetime import UTC, datetime

import pytest

from leadkit.leads import Priority
from leadkit.scoring import Bucket, Mover, ScoringReport, Simulation

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PRINT = "0" * 64
SIMULATED = Simulation(
    considered=1004,
    changed=1001,
    unchanged=2,
    skipped=1,
    unscored=3,
    raised=1500,
    lowered=4,
    mean_before=1010.5,
    mean_after=5.25,
    histogram=(Bucket(start=0, end=1000, before=1200, after=0), Bucket(start=1000, end=2000, before=1, after=7)),
    priorities_before={Priority.LOW: 1, Priority.MEDIUM: 2000, Priority.HIGH: 3},
    priorities_after={Priority.LOW: 4, Priority.MEDIUM: 5, Priority.HIGH: 6000},
    movers=(Mover(lead_id="lead-1", before=1010, after=10.5, change=-999.5),),
    ruleset=PRINT,
    as_of=NOW,
)


def test_a_simulation_reads_as_text() -> None:
    assert str(SIMULATED) == (
        "1,004 leads: 1,001 would change, 2 would not, 1 skipped\n"
        "score: 1,500 would rise, 4 would fall, 3 would get their first\n"
        "mean: 1,010.5 before, 5.25 after\n"
        "high: 3 before, 6,000 after\n"
        "medium: 2,000 before, 5 after\n"
        "low: 1 before, 4 after\n"
        "0 to 1,000: 1,200 before, 0 after\n"
        "1,000 to 2,000: 1 before, 7 after\n"
        "lead-1: 1,010 to 10.5 (-999.5)"
    )


def test_a_mean_of_nothing_is_told_as_none() -> None:
    nothing = SIMULATED.model_copy(update={"mean_before": None, "mean_after": None, "considered": 1})
    assert str(nothing).splitlines()[0].startswith("1 lead: ")
    assert str(nothing).splitlines()[2] == "mean: none before, none after"


def test_a_simulation_is_plain_json_in_camel_case() -> None:
    plain = SIMULATED.model_dump(mode="json")
    assert plain["meanBefore"] == 1010.5
    assert plain["histogram"][1] == {"start": 1000, "end": 2000, "before": 1, "after": 7}
    assert plain["movers"] == [{"leadId": "lead-1", "before": 1010, "after": 10.5, "change": -999.5}]
    assert plain["prioritiesAfter"] == {"low": 4, "medium": 5, "high": 6000}
    assert Simulation.model_validate(plain) == SIMULATED


@pytest.mark.parametrize(
    ("considered", "text"),
    [
        (1, "1 lead scored by version 3 of the rules: 1,000 changed, 2 unchanged, 3 skipped"),
        (1005, "1,005 leads scored by version 3 of the rules: 1,000 changed, 2 unchanged, 3 skipped"),
    ],
)
def test_the_report_of_a_batch_reads_as_text(considered: int, text: str) -> None:
    report = ScoringReport(
        considered=considered, changed=1000, unchanged=2, skipped=3, ruleset=PRINT, version=3, as_of=NOW
    )
    assert str(report) == text
