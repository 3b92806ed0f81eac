import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from receiver import Receiver

import leadkit as lk
from leadkit.sql import SqlStore
from leadkit.testing.builders import NOON

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the one of the standard's example


def events(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def with_a_dead_letter(folder):
    """Let the first event of the store be one that nobody took."""
    store = SqlStore.open(f"sqlite:///{folder / 'leads.db'}")
    first, *rest = store.outbox.claim(worker="one", limit=10, now=NOON, lease=timedelta(minutes=1))
    store.outbox.failed(first, error="it answered 500", retry_at=None)
    store.outbox.release(rest)
    store.close()
    return first.event.id


def test_what_waits_is_handed_on_to_a_file_once(filled, folder):
    done = filled("relay", "--to", "jsonl:events.jsonl", "--once", "--source", "https://crm.example.com")
    assert done.code == 0
    assert done.err == "3 published, 0 attempts failed, 0 waiting, 0 dead letters\n"
    assert [event["type"] for event in events(folder / "events.jsonl")] == ["lead.created"] * 3
    assert {event["source"] for event in events(folder / "events.jsonl")} == {"https://crm.example.com/default"}
    assert filled("relay", "--to", "jsonl:events.jsonl", "--once").err.startswith("0 published")


def test_what_waits_is_handed_on_to_a_webhook_signed(filled, folder):
    pytest.importorskip("httpcore2", reason="httpcore2 is an extra of leadkit: webhooks")
    (folder / "secrets").write_text(SECRET + "\n", encoding="utf-8")
    with Receiver() as receiver:
        options = ("--secret-file", "secrets", "--allow", "127.0.0.1", "--plain-http", "--once")
        done = filled("relay", "--to", receiver.url, *options)
    assert done.err.startswith("3 published")
    for _, headers, body in receiver.requests:
        assert lk.verify_webhook(headers, body, secrets=[SECRET], now=lk.SystemClock().now())


def test_a_webhook_that_is_gone_is_told_and_loses_nothing(filled, folder):
    pytest.importorskip("httpcore2", reason="httpcore2 is an extra of leadkit: webhooks")
    (folder / "secrets").write_text(SECRET, encoding="utf-8")
    with Receiver() as receiver:
        receiver.statuses = [410]
        options = ("--secret-file", "secrets", "--allow", "127.0.0.1", "--plain-http", "--every", "0.01")
        done = filled("relay", "--to", receiver.url, *options)
    assert done.code == 1
    assert "wants nothing any more" in done.err
    assert "s3cret" not in done.err
    assert filled("outbox", "--json").document["waiting"] == 3


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--to", "kafka://x"), 2, "expected `jsonl:` and the name of a file"),
        (("--to", "jsonl:"), 2, "expected `jsonl:` and the name of a file"),
        (("--to", "https://example.com/s3cret"), 2, "name the file with its secrets by --secret-file"),
        (("--to", "https://example.com/s3cret", "--secret-file", "nowhere"), 1, "No such file"),
        (("--to", "https://example.com/s3cret", "--secret-file", "rules.json"), 1, "expected `whsec_`"),
        (("--to", "jsonl:nowhere/events.jsonl"), 3, "No such file or directory"),
        ((), 2, "Missing option '--to'"),
    ],
)
def test_where_events_cannot_go_is_told_in_words(filled, arguments, code, told):
    pytest.importorskip("httpcore2", reason="httpcore2 is an extra of leadkit: webhooks")
    done = filled("relay", "--once", *arguments)
    assert done.code == code
    assert told in " ".join(done.err.replace("│", " ").split())
    assert "s3cret" not in done.err


def test_a_relay_that_follows_ends_in_order_when_it_is_asked_to(filled, folder):
    command = [sys.executable, "-m", "leadkit.cli", "relay", "--to", "jsonl:events.jsonl", "--every", "0.05"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        end = time.monotonic() + 60
        path = folder / "events.jsonl"
        while time.monotonic() < end and not (path.exists() and len(events(path)) == 3):
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGTERM)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert told == "3 published, 0 attempts failed, 0 waiting, 0 dead letters\n"


def test_the_outbox_tells_what_waits(filled):
    done = filled("outbox")
    assert (done.code, done.err) == (0, "")
    assert done.out == "3 waiting, the oldest since 2026-11-24T09:00:00Z; 0 dead letters\n"
    filled("relay", "--to", "jsonl:events.jsonl", "--once")
    assert filled("outbox").out == "0 waiting; 0 dead letters\n"


def test_a_dead_letter_is_shown_with_its_error(filled, folder):
    dead = with_a_dead_letter(folder)
    assert f"default {dead} lead.created 1 it answered 500" in filled("outbox").words
    assert filled("outbox", "--json").document == {
        "waiting": 2,
        "dead": 1,
        "oldest": "2026-11-24T09:00:00Z",
        "deadLetters": [
            {"org": "default", "id": dead, "type": "lead.created", "attempts": 1, "error": "it answered 500"}
        ],
    }


@pytest.mark.parametrize("name", ["all", None])
def test_a_dead_letter_that_is_revived_is_handed_on(filled, folder, name):
    dead = with_a_dead_letter(folder)
    assert filled("outbox", "--revive", name or dead).err == "1 revived\n"
    assert filled("relay", "--to", "jsonl:events.jsonl", "--once").err.startswith("3 published")


def test_a_dead_letter_that_is_dropped_is_never_handed_on(filled, folder):
    dead = with_a_dead_letter(folder)
    assert filled("outbox", "--drop", dead).err == "1 dropped\n"
    assert filled("relay", "--to", "jsonl:events.jsonl", "--once").err.startswith("2 published")
    assert dead not in {event["id"] for event in events(folder / "events.jsonl")}


def test_what_is_no_dead_letter_of_the_organisation_is_refused(filled, folder):
    dead = with_a_dead_letter(folder)
    done = filled("--org", "other", "outbox", "--drop", dead)
    assert done.code == 1
    assert f"there is no dead letter with id {dead!r}" in " ".join(done.err.split())
    assert filled("outbox", "--json").document["dead"] == 1
