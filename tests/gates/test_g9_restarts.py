"""G9: PostgreSQL is restarted under work; what was acknowledged stays, and every error can be retried."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from workers import opened

from leadkit.errors import LeadkitError

if TYPE_CHECKING:
    from collections.abc import Callable

THREADS = 4


class Client(threading.Thread):
    """Somebody who creates leads and changes them, each command under a key, and tries again whenever told to."""

    def __init__(self, ws: Any, name: str, commands: int) -> None:
        super().__init__()
        self.ws = ws
        self.label = name
        self.commands = commands
        self.kept: list[tuple[str, int]] = []
        self.errors: Counter[str] = Counter()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            lead_id = ""
            for number in range(self.commands):
                key = f"{self.label}-{number}"
                if number % 5 == 0:
                    fields = {"external_id": key, "properties": {"by": self.label}}
                    lead = self.acknowledged(lambda ws, fields=fields: ws.leads.create(**fields), key)
                    lead_id = lead.id
                else:
                    change = {"properties": {"n": number}}
                    lead = self.acknowledged(
                        lambda ws, lead_id=lead_id, change=change: ws.leads.update(lead_id, **change), key
                    )
                self.kept.append((lead_id, lead.version))
        except BaseException as error:  # noqa: BLE001 - told by the test
            self.failure = error

    def acknowledged(self, command: Callable[[Any], Any], key: str) -> Any:
        end = time.monotonic() + 60
        while True:
            try:
                return command(self.ws.keyed(key))
            except LeadkitError as error:
                if not error.retryable or time.monotonic() > end:
                    raise
                self.errors[error.code] += 1
                time.sleep(0.05)


@pytest.mark.gate
def test_g9_restarts_lose_nothing_that_was_acknowledged(
    postgres_server: Any,
    fresh_postgres: Callable[[], str],
    gate_size: Callable[[int, int], int],
    say: Callable[[str], None],
):
    if not hasattr(postgres_server, "restart"):
        pytest.skip("the server that LEADKIT_TEST_POSTGRES names is not ours to restart")
    commands, restarts = gate_size(300, 5_000), gate_size(2, 20)
    kit, ws = opened(fresh_postgres())
    with kit:
        clients = [Client(ws, f"client-{number}", commands // THREADS) for number in range(THREADS)]
        for client in clients:
            client.start()
        done = 0
        for restart in range(1, restarts + 1):
            due = restart * commands // (restarts + 1)
            while done < due and any(client.is_alive() for client in clients):
                time.sleep(0.01)
                done = sum(len(client.kept) for client in clients)
            # By turns as an operator does it, and as a power cut does.
            postgres_server.restart("fast" if restart % 2 else "immediate")
        for client in clients:
            client.join(timeout=300)
        assert [client.failure for client in clients if client.failure is not None] == []
        kept = list(itertools.chain.from_iterable(client.kept for client in clients))
        assert len(kept) == commands // THREADS * THREADS
        versions = {lead.id: lead.version for lead in ws.leads.each()}
        last = dict(kept)
        assert versions == last
        for lead_id, version in last.items():
            assert [event.sequence for event in ws.leads.history(lead_id)] == list(range(1, version + 1))
    errors = sum((client.errors for client in clients), Counter())
    say(f"G9: {len(kept):,} commands through {restarts} restarts: 0 lost, retried {dict(errors)}")


def test_g9_a_command_that_is_repeated_without_its_key_would_be_done_twice(fresh_postgres: Callable[[], str]):
    """What the keys are for: a create that is simply sent again makes a second lead."""
    kit, ws = opened(fresh_postgres())
    with kit:
        first = ws.keyed("k").leads.create(external_id="crm-1")
        assert ws.keyed("k").leads.create(external_id="crm-1").id == first.id
        assert ws.leads.count() == 1
