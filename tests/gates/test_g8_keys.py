"""G8: requests that come ten times at once under one key are carried out once, and all ten are answered alike.

Without a key the same lead is known to all but the first.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import leadkit as lk

pytestmark = pytest.mark.gate

TOGETHER = 10


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def kit(request, tmp_path):
    if request.param == "memory":
        address = "memory:"
    elif request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'leads.db'}"
    else:
        address = request.getfixturevalue("fresh_postgres")()
    with lk.LeadKit.open(address) as kit:
        yield kit


@pytest.fixture
def at_once():
    """Answer how several threads, one for each argument, are let loose on a function at the same moment."""
    with ThreadPoolExecutor(TOGETHER) as pool:

        def let_loose(work, arguments):
            moment = threading.Barrier(len(arguments))

            def begin(argument):
                moment.wait()
                return work(argument)

            return list(pool.map(begin, arguments))

        yield let_loose


def test_g8_ten_identical_requests_at_once_are_one_and_all_are_answered_alike(kit, at_once, gate_size):
    keys = gate_size(10, 100)
    ws = kit.workspace(org="acme", actor="form")

    def ask(number):
        return ws.keyed(f"form-{number}").leads.create(email=f"someone-{number}@example.com").id

    for number in range(keys):
        assert len(set(at_once(ask, [number] * TOGETHER))) == 1

    assert ws.leads.count() == keys
    assert [len(ws.leads.history(lead.id)) for lead in ws.leads.each()] == [1] * keys


def test_g8_one_key_for_different_requests_at_once_is_refused_to_all_but_the_first(kit, at_once, gate_size):
    keys = gate_size(3, 20)
    ws = kit.workspace(org="acme", actor="form")

    def ask(key_and_name):
        key, name = key_and_name
        try:
            return ws.keyed(key).leads.create(email=f"{name}@example.com").id
        except lk.IdempotencyMismatch:
            return None

    for number in range(keys):
        answers = at_once(ask, [(f"form-{number}", f"someone-{number}-{at}") for at in range(TOGETHER)])
        assert len([answer for answer in answers if answer is not None]) == 1

    assert ws.leads.count() == keys


def test_g8_of_ten_that_bring_one_lead_at_once_without_a_key_nine_are_told_that_it_is_known(kit, at_once, gate_size):
    leads = gate_size(10, 100)
    ws = kit.workspace(org="acme", actor="form")

    def bring(number):
        try:
            return ws.leads.create(email=f"someone-{number}@example.com").id
        except lk.DuplicateLead as known:
            return known.candidates

    for number in range(leads):
        answers = at_once(bring, [number] * TOGETHER)
        (made,) = [answer for answer in answers if isinstance(answer, str)]
        assert [answer for answer in answers if answer != made] == [(made,)] * (TOGETHER - 1)

    assert ws.leads.count() == leads


def test_g8_a_file_that_is_imported_three_times_at_once_makes_each_lead_once(kit, at_once, gate_size, tmp_path):
    rows = gate_size(600, 5_000)
    ws = kit.workspace(org="acme", actor="form")
    file = tmp_path / "again.csv"
    file.write_text("E-Mail\n" + "".join(f"someone-{row}@example.com\n" for row in range(rows)), encoding="utf-8")

    reports = at_once(ws.imports.csv, [file] * 3)

    assert sum(report.created for report in reports) == rows
    assert sum(report.skipped for report in reports) == 2 * rows
    assert ws.leads.count() == rows
