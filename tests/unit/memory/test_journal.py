import json
from datetime import timedelta

import pytest

import leadkit as lk
from leadkit.memory import JournalFile
from leadkit.testing.builders import NOON


def opened(path):
    return lk.LeadKit.open(f"jsonl:///{path}")


def test_everything_is_there_again_after_a_restart(tmp_path):
    path = tmp_path / "leads.jsonl"
    with opened(path) as kit:
        ws = kit.workspace(org="acme", actor="user-7")
        ws.pipelines.create(id="inbound", name="Inbound", stages=[{"id": "new", "name": "New", "order": 0}])
        lead = ws.keyed("k").leads.create(email="a@example.com", pipeline_id="inbound")
        ws.leads.qualify(lead.id, notes="met")
        done = ws.leads.convert(lead.id, create_opportunity=True, opportunity={"amount": "12.5", "currency": "EUR"})
        timeline, history = ws.leads.timeline(lead.id), ws.leads.history(lead.id)
    with opened(path) as kit:
        ws = kit.workspace(org="acme", actor="user-7")
        assert ws.leads.get(lead.id) == done.lead
        assert ws.leads.timeline(lead.id) == timeline
        assert ws.leads.history(lead.id) == history
        assert ws.keyed("k").leads.create(email="a@example.com", pipeline_id="inbound").id == lead.id
        assert len(kit.store.outbox.pending(10)) == 3
        assert ws.leads.convert(lead.id).opportunity_id == done.opportunity_id


def test_each_unit_of_work_is_one_line(tmp_path):
    path = tmp_path / "leads.jsonl"
    with opened(path) as kit:
        ws = kit.workspace(org="acme", actor="user-7")
        with ws.unit_of_work() as work:
            lead = work.leads.create(email="a@example.com")
            work.leads.qualify(lead.id)
        ws.leads.get(lead.id)
        ws.leads.qualify(lead.id)

    (line,) = path.read_text().splitlines()
    assert {name for name, _, _ in json.loads(line)["rows"]} == {"leads", "events", "outbox"}


def test_a_line_that_a_crash_cut_short_is_dropped_and_the_next_one_is_whole(tmp_path):
    path = tmp_path / "leads.jsonl"
    with opened(path) as kit:
        first = kit.workspace(org="acme", actor="u").leads.create(email="a@example.com")
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    with opened(path) as kit:
        ws = kit.workspace(org="acme", actor="u")
        assert [lead.id for lead in ws.leads.each()] == [first.id]
        second = ws.leads.create(email="b@example.com")
    with opened(path) as kit:
        assert {lead.id for lead in kit.workspace(org="acme", actor="u").leads.each()} == {first.id, second.id}


@pytest.mark.parametrize(
    "line",
    [
        b"not json\n",
        b"[]\n",
        b"{}\n",
        b'{"org": "acme", "rows": [["leads", "x", {"id": "x"}]]}\n',
        b'{"org": "acme", "rows": [["nothing", "x", {}]]}\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_a_file_that_is_no_journal_is_refused_and_left_alone(tmp_path, line):
    path = tmp_path / "leads.jsonl"
    path.write_bytes(line)

    with pytest.raises(lk.UnreadableFile, match=r"leads\.jsonl"):
        opened(path)
    assert path.read_bytes() == line


def test_two_processes_cannot_have_it_open_at_once(tmp_path):
    with opened(tmp_path / "leads.jsonl"), pytest.raises(lk.StoreUnavailable, match="in use by another process"):
        opened(tmp_path / "leads.jsonl")


def test_a_folder_that_does_not_exist_is_told_as_such(tmp_path):
    with pytest.raises(lk.StoreUnavailable, match="No such file or directory"):
        opened(tmp_path / "nowhere" / "leads.jsonl")


def test_a_disk_that_is_full_loses_the_command_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "leads.jsonl"
    with opened(path) as kit:
        ws = kit.workspace(org="acme", actor="u")
        lead = ws.leads.create(email="a@example.com")
        size = path.stat().st_size

        def full(_):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("os.fsync", full)
            with pytest.raises(lk.StoreUnavailable, match="No space left"):
                ws.leads.qualify(lead.id)
        assert path.stat().st_size == size
        assert ws.leads.get(lead.id) == lead
        assert ws.leads.qualify(lead.id).version == 2
    with opened(path) as kit:
        assert kit.workspace(org="acme", actor="u").leads.get(lead.id).version == 2


def test_a_closed_journal_takes_no_more(tmp_path):
    store = JournalFile.open(tmp_path / "leads.jsonl")
    kit = lk.LeadKit(store)
    kit.close()

    with pytest.raises(lk.StoreUnavailable):
        kit.workspace(org="acme", actor="u").leads.create(email="a@example.com")


def test_attempts_and_dead_letters_are_kept_and_claims_are_not(tmp_path):
    path = tmp_path / "leads.jsonl"
    hour = timedelta(hours=1)
    with opened(path) as kit:
        ws = kit.workspace(org="acme", actor="u")
        for name in "abc":
            ws.leads.create(email=f"{name}@example.com")
        first, second, third = kit.store.outbox.claim(worker="one", limit=10, now=NOON, lease=hour)
        kit.store.outbox.failed(first, error="no connection", retry_at=NOON + hour)
        kit.store.outbox.failed(second, error="no connection", retry_at=None)
    with opened(path) as kit:
        outbox = kit.store.outbox
        assert [entry.event.id for entry in outbox.claim(worker="two", limit=10, now=NOON, lease=hour)] == [
            third.event.id
        ]
        due = outbox.claim(worker="two", limit=10, now=NOON + hour, lease=hour)
        assert {(entry.event.id, entry.attempts) for entry in due} == {(first.event.id, 1), (third.event.id, 0)}
        (letter,) = outbox.dead_letters(10)
        assert (letter.event.id, letter.attempts, letter.error) == (second.event.id, 1, "no connection")


def test_an_outbox_of_an_older_journal_is_read(tmp_path):
    path = tmp_path / "leads.jsonl"
    with opened(path) as kit:
        lead = kit.workspace(org="acme", actor="u").leads.create(email="a@example.com")
    (line,) = path.read_text().splitlines()
    assert ["outbox", [lead.id, 1], 1] in json.loads(line)["rows"]
    with opened(path) as kit:
        assert [entry.attempts for entry in kit.store.outbox.pending(10)] == [0]
