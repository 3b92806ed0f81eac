"""G7: many writers, two relays that are killed: no event is missing, each lead's are in order, ids stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

pytest.importorskip("sqlalchemy", reason="the SQL store is an extra of leadkit: sql")

from crowd import Crowd, Verdict, prepare, run


@pytest.fixture
def sqlite_address(tmp_path):
    return f"sqlite:///{tmp_path / 'leads.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def address(request):
    return request.getfixturevalue(f"{request.param}_address")


def let_loose(address, tmp_path, **options) -> Verdict:
    crowd = Crowd(address=address, told=tmp_path / "told.jsonl", **options)
    prepare(crowd)
    verdict = run(crowd)
    # For whoever runs the gates: pytest shows it with -rP, and for a failure.
    print(  # noqa: T201 - the figures of a gate
        f"{verdict.written:,} events, {verdict.told:,} lines, {verdict.again:,} told again, {verdict.kills} kills,"
        f" {len(verdict.missing)} missing, {len(verdict.overtaken)} overtaken, {verdict.seconds:.1f} s"
    )
    return verdict


@pytest.mark.gate
def test_g7_no_event_is_missing_or_overtaken_however_often_a_relay_is_killed(address, tmp_path, gate_size):
    verdict = let_loose(
        address,
        tmp_path,
        events=gate_size(2_000, 100_000),
        leads=gate_size(40, 500),
        writers=gate_size(3, 6),
        kills=gate_size(4, 50),
        lease=timedelta(seconds=gate_size(1, 2)),
        # Else all could be told before another relay has started in the place of one that was killed.
        telling=0.001,
        # A small crowd on a quick machine would be done before its relays could be killed: it takes smaller steps.
        batch=gate_size(5, 200),
        hesitation=gate_size(0.02, 0.002 if address.startswith("postgresql") else 0.0),
    )

    verdict.check()
    assert verdict.written == gate_size(2_000, 100_000)
    assert verdict.kills == gate_size(4, 50)
    assert verdict.told >= verdict.written


def test_g7_a_relay_that_remembers_the_last_number_is_found_out(postgres_address, tmp_path):
    """Numbers are given in another order than commits: what commits late has a number that is passed already."""
    verdict = let_loose(
        postgres_address,
        tmp_path,
        events=2_000,
        leads=200,
        writers=4,
        relays=1,
        hesitation=0.02,
        outbox="later than the last",
    )

    with pytest.raises(AssertionError, match=r"\d+ of 2000 events are missing"):
        verdict.check()


def test_g7_a_relay_that_notes_as_published_what_it_has_only_claimed_is_found_out(sqlite_address, tmp_path):
    verdict = let_loose(sqlite_address, tmp_path, events=2_000, leads=40, writers=3, outbox="published at once")

    with pytest.raises(AssertionError, match=r"\d+ of 2000 events are missing"):
        verdict.check()


def test_g7_relays_that_claim_without_a_look_at_the_lead_are_found_out(sqlite_address, tmp_path):
    verdict = let_loose(sqlite_address, tmp_path, events=2_000, leads=12, writers=3, outbox="each for itself")

    with pytest.raises(AssertionError, match=r"\d+ of \d+ events were overtaken"):
        verdict.check()
