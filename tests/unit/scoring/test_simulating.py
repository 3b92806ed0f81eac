from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from leadkit.leads import Lead, Priority, ScoreLine
from leadkit.scoring import Bucket, Mover, Scorecard, Simulation, SimulationTally
from leadkit.scoring.simulating import differs

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PRINT = "0" * 64


def card(score: float = 0, priority: str | None = None, line: str = "a") -> Scorecard:
    lines = (ScoreLine(rule=line, points=score),) if score else ()
    return Scorecard(
        score=score,
        breakdown=lines,
        fingerprint=PRINT,
        at=NOW,
        priority=None if priority is None else Priority(priority),
    )


def lead(id: str = "lead-1", score: float | None = None, **fields: Any) -> Lead:
    lines = [{"rule": "a", "points": score}] if score else []
    return Lead(
        id=id, email="a@example.com", score=score, score_breakdown=lines, created_at=NOW, updated_at=NOW, **fields
    )


def simulated(*pairs: tuple[Lead, Scorecard], skipped: int = 0) -> Simulation:
    tally = SimulationTally()
    for each, its_card in pairs:
        tally.add(each, its_card)
    for _ in range(skipped):
        tally.skip()
    return tally.result(ruleset=PRINT, as_of=NOW)


def moved(*scores: tuple[float | None, float]) -> Simulation:
    return simulated(
        *((lead(f"lead-{number:02}", before), card(after)) for number, (before, after) in enumerate(scores))
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (lead(score=7), card(7), False),
        (lead(score=7), card(8), True),
        (lead(score=7), card(7, line="b"), True),
        (lead(score=7), card(7, "medium"), False),
        (lead(score=7), card(7, "high"), True),
        (lead(score=7, priority=Priority.HIGH), card(7), False),
        (lead(score=None), card(0), True),
        (lead(score=0), card(0), False),
    ],
)
def test_a_scorecard_differs_by_its_score_its_lines_or_the_priority(
    before: Lead, after: Scorecard, *, expected: bool
) -> None:
    assert differs(before, after) is expected


def test_a_simulation_counts_what_would_change() -> None:
    found = simulated(
        (lead("1", 10), card(10)),
        (lead("2", 10), card(20)),
        (lead("3", 10), card(5)),
        (lead("4", 10), card(10, line="b")),
        (lead("5"), card(3)),
        skipped=2,
    )
    assert (found.considered, found.changed, found.unchanged, found.skipped) == (7, 4, 1, 2)
    assert (found.raised, found.lowered, found.unscored) == (1, 1, 1)
    assert (found.ruleset, found.as_of) == (PRINT, NOW)


def test_every_lead_counts() -> None:
    found = moved((None, 1), (None, 2), (5, 5.01), (5, 6), (5, 4.99), (5, 4), (5, 5))
    assert (found.unscored, found.raised, found.lowered, found.unchanged) == (2, 2, 2, 1)


def test_a_simulation_tells_the_means_of_the_scores_there_are() -> None:
    found = moved((10, 10), (None, 0.5), (5.25, 2))
    assert (found.mean_before, found.mean_after) == (7.62, 4.17)
    assert (moved((None, 3)).mean_before, moved((None, 3)).mean_after) == (None, 3)
    assert (simulated().mean_before, simulated().mean_after) == (None, None)


def test_a_simulation_tells_the_priorities() -> None:
    found = simulated(
        (lead("1", priority=Priority.LOW), card(1, "high")),
        (lead("2", priority=Priority.LOW), card(1)),
        (lead("3"), card(1, "high")),
    )
    assert found.priorities_before == {Priority.LOW: 2, Priority.MEDIUM: 1, Priority.HIGH: 0}
    assert found.priorities_after == {Priority.LOW: 1, Priority.MEDIUM: 0, Priority.HIGH: 2}


def buckets(found: Simulation) -> list[tuple[int, int, int, int]]:
    return [(bucket.start, bucket.end, bucket.before, bucket.after) for bucket in found.histogram]


def test_a_histogram_has_one_bucket_a_point_where_that_is_enough() -> None:
    assert buckets(moved((0, 1.99), (0.5, 3), (None, -0.01))) == [
        (-1, 0, 0, 1),
        (0, 1, 2, 0),
        (1, 2, 0, 1),
        (2, 3, 0, 0),
        (3, 4, 0, 1),
    ]
    assert buckets(simulated()) == []
    assert len(buckets(moved((0, 11.99)))) == 12


def test_a_bucket_gathers_the_leads_of_all_its_scores() -> None:
    assert buckets(moved((0, 41), (1, 42), (1, 44), (5, 43)))[0] == (0, 5, 3, 0)
    assert buckets(moved((0, 41), (1, 42), (1, 44), (5, 43)))[-1] == (40, 45, 0, 4)


@pytest.mark.parametrize(
    ("least", "most", "width", "count"),
    [
        (0, 12, 2, 7),
        (0, 23, 2, 12),
        (0, 24, 5, 5),
        (1, 24, 5, 5),
        (0, 59.99, 5, 12),
        (0, 60, 10, 7),
        (0, 100, 10, 11),
        (0, 119.99, 10, 12),
        (0, 120, 20, 7),
        (-30, 100, 20, 8),
        (-1_000_000, 1_000_000, 200_000, 11),
        (55, 55, 1, 1),
    ],
)
def test_a_histogram_has_at_most_a_dozen_buckets_of_a_round_width(
    least: float, most: float, width: int, count: int
) -> None:
    found = buckets(moved((least, most)))
    assert {end - start for start, end, _, _ in found} == {width}
    assert len(found) == count
    assert (found[0][0] <= least < found[0][1], found[-1][0] <= most < found[-1][1]) == (True, True)
    assert [start for start, _, _, _ in found[1:]] == [end for _, end, _, _ in found[:-1]]
    assert (found[0][2], found[-1][3]) == (1, 1)


def test_the_movers_are_those_whose_score_changes_most_either_way() -> None:
    found = moved((10, 12), (10, 2.5), (None, 99), (10, 10), (10, 20))
    assert found.movers == (
        Mover(lead_id="lead-04", before=10, after=20, change=10),
        Mover(lead_id="lead-01", before=10, after=2.5, change=-7.5),
        Mover(lead_id="lead-00", before=10, after=12, change=2),
    )


def test_of_equal_changes_the_first_ids_are_told() -> None:
    found = moved(*[(0, 5)] * 21, (0, 6), *[(0, -5)] * 3, (0, 1))
    assert [mover.lead_id for mover in found.movers] == ["lead-21", *(f"lead-{number:02}" for number in range(19))]
    backwards = simulated(*((lead(f"lead-{number:02}", 0), card(5)) for number in reversed(range(25))))
    assert [mover.lead_id for mover in backwards.movers] == [f"lead-{number:02}" for number in range(20)]


def test_a_score_may_move_from_one_end_to_the_other() -> None:
    (mover,) = moved((-1_000_000, 1_000_000)).movers
    assert (mover.change, type(mover.change)) == (2_000_000, int)


def test_a_simulation_reads_as_text() -> None:
    found = simulated((lead("lead-1", 1010), card(10.5, "high")), (lead("lead-2"), card(1010)), skipped=1)
    assert str(found) == (
        "3 leads: 2 would change, 0 would not, 1 skipped\n"
        "score: 0 would rise, 1 would fall, 1 would get their first\n"
        "mean: 1,010.0 before, 510.25 after\n"
        "high: 0 before, 1 after\n"
        "medium: 2 before, 1 after\n"
        "low: 0 before, 0 after\n"
        "0 to 100: 0 before, 1 after\n"
        + "".join(f"{start} to {start + 100}: 0 before, 0 after\n" for start in range(100, 900, 100))
        + "900 to 1,000: 0 before, 0 after\n"
        "1,000 to 1,100: 1 before, 1 after\n"
        "lead-1: 1,010 to 10.5 (-999.5)"
    )
    assert str(simulated()).splitlines()[2] == "mean: none before, none after"


def test_a_simulation_is_plain_json_in_camel_case() -> None:
    plain = moved((3, 4)).model_dump(mode="json")
    assert plain["meanBefore"] == 3
    assert plain["histogram"] == [
        {"start": 3, "end": 4, "before": 1, "after": 0},
        {"start": 4, "end": 5, "before": 0, "after": 1},
    ]
    assert plain["movers"] == [{"leadId": "lead-00", "before": 3, "after": 4, "change": 1}]
    assert plain["prioritiesAfter"] == {"low": 0, "medium": 1, "high": 0}
    assert Simulation.model_validate(plain) == moved((3, 4))
    assert Bucket.model_validate(plain["histogram"][0]) == moved((3, 4)).histogram[0]
