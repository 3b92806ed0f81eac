"""G1: random command sequences against a model of the domain."""

import random

import pytest
from sequences import CountedIds, SteppingClock, run

import leadkit as lk
from leadkit.memory import MemoryStore


def fresh():
    return lk.LeadKit(MemoryStore(), clock=SteppingClock(), ids=CountedIds()).workspace(org="acme", actor="tester")


@pytest.mark.gate
def test_g1_random_sequences_of_commands_do_what_the_model_says(gate_size):
    sequences, steps = gate_size(60, 1_000), 50
    start = random.SystemRandom().randrange(10**9)
    for seed in range(start, start + sequences):
        run(fresh(), seed, steps)


def test_g1_a_divergence_is_told_with_its_seed(monkeypatch):
    from leadkit.services.leads import LeadService

    monkeypatch.setattr(LeadService, "nurture", LeadService.reopen)

    with pytest.raises(AssertionError, match=r"seed \d+, step \d+: nurture"):
        for seed in range(50):
            run(fresh(), seed, 50)
